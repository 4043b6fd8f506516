// SPDX-License-Identifier: Apache-2.0

import PlenaryTerms

/// What a member is in a channel. Several may hold at once (`@+nick` under multi-prefix).
package struct ChannelRoles: OptionSet, Hashable, Sendable {
    package var rawValue: UInt8
    package init(rawValue: UInt8) { self.rawValue = rawValue }

    package static let voice = ChannelRoles(rawValue: 1)
    package static let channelOperator = ChannelRoles(rawValue: 2)
    package static let founder = ChannelRoles(rawValue: 4)

    package var isOperator: Bool { !isDisjoint(with: [.channelOperator, .founder]) }

    /// The role that a mode letter grants: `q`, `o` or `v`.
    package init?(modeLetter: UInt8) {
        switch modeLetter {
        case UInt8(ascii: "q"): self = .founder
        case UInt8(ascii: "o"): self = .channelOperator
        case UInt8(ascii: "v"): self = .voice
        default: return nil
        }
    }
}

/// Channel modes without a list (modern.ircd.chat, "Channel Modes").
package struct ChannelFlags: OptionSet, Hashable, Sendable {
    package var rawValue: UInt8
    package init(rawValue: UInt8) { self.rawValue = rawValue }

    package static let inviteOnly = ChannelFlags(rawValue: 1)
    package static let moderated = ChannelFlags(rawValue: 2)
    package static let noExternalMessages = ChannelFlags(rawValue: 4)
    package static let secret = ChannelFlags(rawValue: 8)
    package static let protectedTopic = ChannelFlags(rawValue: 16)

    /// Letter and flag, in the order in which 324 shows them.
    package static let letters: [(letter: UInt8, flag: ChannelFlags)] = [
        (UInt8(ascii: "i"), .inviteOnly), (UInt8(ascii: "m"), .moderated),
        (UInt8(ascii: "n"), .noExternalMessages), (UInt8(ascii: "s"), .secret),
        (UInt8(ascii: "t"), .protectedTopic),
    ]

    package init?(letter: UInt8) {
        guard let row = ChannelFlags.letters.first(where: { $0.letter == letter }) else { return nil }
        self = row.flag
    }
}

/// The three mask lists of a channel.
package enum MaskList: UInt8, CaseIterable, Hashable, Sendable {
    case bans = 98
    case exceptions = 101
    case invitations = 73
}

package struct MaskEntry: Hashable, Sendable {
    package var mask: Text
    package var setter: Text
    package var time: Timestamp
    /// From then on the entry counts as gone.
    package var until: Timestamp?
    package var reason: Text = ""
}

package struct Topic: Hashable, Sendable {
    package var text: Text
    package var setter: Text
    package var time: Timestamp
}

/// A named place that members share. The first part is durable and rebuilt from the log; who is here
/// now is presence.
package struct Channel: Sendable {
    package let id: ChannelID
    package let created: Timestamp
    /// Boxed: a channel is copied wherever it is looked at (docs/decisions/0182).
    @Boxed var annex: ChannelAnnex
    package var founder: AccountID?
    package var isPermanent: Bool
    package var replayCount: Int
    package var flags: ChannelFlags = [.noExternalMessages, .protectedTopic]
    package var memberLimit: Int?
    /// At most one message in so many seconds from each person without voice.
    package var slowSeconds: Int?
    package var threads: [ThreadID: ChannelThread] = [:]
    package var threadCreation = ThreadCreationPolicy.all
    /// Whether the main line takes messages of moderators only.
    package var isMainLineClosed = false
    /// Whether messages may be brought here from other platforms.
    package var takesRelays = false

    // MARK: Presence
    /// Sessions without the capability that joined a thread target.
    package var windows: [ThreadID: Set<SessionID>] = [:]
    package var members: [SessionID: ChannelRoles] = [:]
    /// Rises with every change of who is here, of names, roles and what was negotiated; fan-out and NAMES cache by it.
    package var audienceVersion: UInt64 = 0

    init(
        id: ChannelID, name: ChannelName, created: Timestamp, founder: AccountID?, isPermanent: Bool,
        replayCount: Int, titles: [ChannelTitle]
    ) {
        self.id = id
        self.created = created
        self.founder = founder
        self.isPermanent = isPermanent
        self.replayCount = replayCount
        annex = ChannelAnnex(name: name, titles: titles)
    }

    package func title(in language: Language) -> Text? {
        titles.first { $0.language == language }?.title ?? titles.first { $0.language == .english }?.title
    }
}

/// What a channel has besides what most messages ask for; and its name, which is several references.
struct ChannelAnnex: Sendable {
    let name: ChannelName
    var titles: [ChannelTitle]
    var topic: Topic?
    var key: Text?
    var masks: [MaskList: [MaskEntry]] = [:]
    var standingRoles: [AccountID: ChannelRoles] = [:]
    var threadsByRoot: [Offset: ThreadID] = [:]
}

extension Channel {
    package var name: ChannelName { _read { yield annex.name } }
    package var titles: [ChannelTitle] {
        _read { yield annex.titles }
        _modify { yield &annex.titles }
    }
    package var topic: Topic? {
        _read { yield annex.topic }
        _modify { yield &annex.topic }
    }
    package var key: Text? {
        _read { yield annex.key }
        _modify { yield &annex.key }
    }
    package var masks: [MaskList: [MaskEntry]] {
        _read { yield annex.masks }
        _modify { yield &annex.masks }
    }
    /// Standing roles of accounts, held also while they are away.
    package var standingRoles: [AccountID: ChannelRoles] {
        _read { yield annex.standingRoles }
        _modify { yield &annex.standingRoles }
    }
    /// The thread that grew from a message.
    package var threadsByRoot: [Offset: ThreadID] {
        _read { yield annex.threadsByRoot }
        _modify { yield &annex.threadsByRoot }
    }
}
