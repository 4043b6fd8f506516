// SPDX-License-Identifier: Apache-2.0

import PlenaryTerms

/// A discussion in a channel (docs/extensions/threads.md, "Model"). Durable; its messages are in the
/// channel's ledger.
package struct ChannelThread: Hashable, Sendable {
    package let id: ThreadID
    package var title: Text
    package var titleSetter: Text
    package var titleTime: Timestamp
    package internal(set) var creator: Actor
    package let created: Timestamp
    package var root: Offset?
    package var state = ThreadState.open
    /// Who set the state last; a creator cannot reopen what a moderator closed.
    package var stateSetter: AccountID?
    /// Place among the pinned ones, from 1; 0 without a pin.
    package var pinRank: UInt16 = 0
    /// The accepted answer.
    package var answer: Offset?

    package init(_ event: ThreadCreated, time: Timestamp) {
        id = event.thread
        title = event.title
        titleSetter = event.actor.source
        titleTime = time
        creator = event.actor
        created = time
        root = event.root
    }

    package var isOpen: Bool { state == .open }

    /// As lists name who began it.
    package var creatorName: Text {
        creator.accountName ?? Text(creator.source.bytes.prefix { $0 != 33 })
    }
}

/// A thread's title fit to be shown (docs/extensions/threads.md, "Model").
package enum ThreadTitle {
    /// Bytes (capability token `titlelen`).
    package static let byteLimit = 200

    package static func isValid(_ title: Text) -> Bool {
        guard title.byteCount <= byteLimit else { return false }
        let scalars = title.string.unicodeScalars
        return scalars.contains { !$0.properties.isWhitespace }
            && !scalars.contains { isForbidden($0.value) }
    }

    static func isForbidden(_ scalar: UInt32) -> Bool {
        switch scalar {
        case 0...0x1F, 0x7F...0x9F, 0x2028, 0x2029, 0x061C, 0x200E, 0x200F, 0x202A...0x202E,
            0x2066...0x2069:
            true
        default: false
        }
    }
}
