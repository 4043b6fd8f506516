// SPDX-License-Identifier: Apache-2.0

import PlenaryTerms

/// One thread of one channel.
package struct ThreadPlace: Hashable, Sendable {
    package var channel: ChannelID
    package var thread: ThreadID

    package init(_ channel: ChannelID, _ thread: ThreadID) {
        self.channel = channel
        self.thread = thread
    }
}

/// What a target that begins with `#` names (docs/extensions/threads.md, "Addressing").
package struct ChannelTarget: Sendable {
    package var channel: Channel
    /// The number behind the slash; nil for the channel as a whole.
    package var thread: ThreadID?
    /// The target as the server spells it.
    package var spelling: Text
}

/// Why a target with an existing channel is none.
enum ThreadTargetError: Error { case noSuchThread }

extension Community {
    /// The channel, or the thread, that a target names; nil when there is no such channel. Throws for a number
    /// that no thread of it has.
    func target(_ name: Text) throws(ThreadTargetError) -> ChannelTarget? {
        if let channel = channel(named: name) {
            return ChannelTarget(channel: channel, thread: nil, spelling: channel.name.text)
        }
        // No channel's name has a slash.
        guard let slash = name.bytes.lastIndex(of: 47),
            let channel = channel(named: name.bytes[..<slash])
        else { return nil }
        guard let thread = ThreadID(digits: name.bytes[(slash + 1)...]),
            thread == .mainLine || channel.threads[thread] != nil
        else { throw .noSuchThread }
        return ChannelTarget(channel: channel, thread: thread, spelling: channel.spelling(of: thread))
    }

    /// Whether a target names a thread, existing or not: then it is none of a channel's commands.
    func namesThread(_ name: Text) -> Bool { name.bytes.first == 35 && name.bytes.contains(47) }
}

extension Channel {
    /// `#channel/12`.
    package func spelling(of thread: ThreadID) -> Text { Text("\(name.spelling)/\(thread.value)") }
}

extension ThreadID {
    /// A number without sign or leading zeros, below 2^32.
    package init?(digits: some Collection<UInt8>) {
        guard let first = digits.first, digits.count <= 10, digits.allSatisfy({ $0 >= 48 && $0 <= 57 }),
            first != 48 || digits.count == 1
        else { return nil }
        let value = digits.reduce(UInt64(0)) { $0 * 10 + UInt64($1 - 48) }
        guard let small = UInt32(exactly: value) else { return nil }
        self.init(small)
    }
}
