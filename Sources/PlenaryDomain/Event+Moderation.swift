// SPDX-License-Identifier: Apache-2.0

import PlenaryTerms

/// What moderators do that no other family has an event for, and what people tell them
/// (docs/extensions/moderation.md).
package enum ModerationEvent: Hashable, Sendable {
    case messageHidden(MessageHidden)
    case reportFiled(ReportFiled)
    case reportHandled(ReportHandled)
    case noteAdded(NoteAdded)
    /// Past acts of a channel; written by snapshots only.
    case actsRemembered(ActsRemembered)
}

/// A message's text is for moderators only, or for everybody again.
package struct MessageHidden: Hashable, Sendable {
    package var channel: ChannelID
    package var channelName: Text
    package var message: Offset
    package var isHidden: Bool
    package var reason: Text
    package var actor: Actor

    package init(
        channel: ChannelID, channelName: Text, message: Offset, isHidden: Bool, reason: Text, actor: Actor
    ) {
        self.channel = channel
        self.channelName = channelName
        self.message = message
        self.isHidden = isHidden
        self.reason = reason
        self.actor = actor
    }
}

/// Somebody told the moderators of a channel of a message or a person in it.
package struct ReportFiled: Hashable, Sendable {
    /// From 1; unique among the reports that are kept.
    package var number: UInt32
    package var channel: ChannelID
    package var channelName: Text
    package var message: Offset?
    /// Whom it is about, by name.
    package var about: Text
    package var reason: Text
    package var actor: Actor

    package init(
        number: UInt32, channel: ChannelID, channelName: Text, message: Offset?, about: Text, reason: Text,
        actor: Actor
    ) {
        self.number = number
        self.channel = channel
        self.channelName = channelName
        self.message = message
        self.about = about
        self.reason = reason
        self.actor = actor
    }
}

/// What came of a report.
package enum ReportOutcome: UInt8, CaseIterable, Hashable, Sendable {
    case none = 1, duplicate, warned, hidden, redacted, muted, removed, banned

    /// As `MOD RESOLVE` spells it.
    package var word: Text {
        switch self {
        case .none: "none"
        case .duplicate: "duplicate"
        case .warned: "warned"
        case .hidden: "hidden"
        case .redacted: "redacted"
        case .muted: "muted"
        case .removed: "removed"
        case .banned: "banned"
        }
    }
}

/// A report was claimed, or with an outcome resolved.
package struct ReportHandled: Hashable, Sendable {
    package var channel: ChannelID
    package var number: UInt32
    /// nil for a claim.
    package var outcome: ReportOutcome?
    package var text: Text
    package var actor: Actor

    package init(channel: ChannelID, number: UInt32, outcome: ReportOutcome?, text: Text, actor: Actor) {
        self.channel = channel
        self.number = number
        self.outcome = outcome
        self.text = text
        self.actor = actor
    }
}

/// A moderator's note on a member.
package struct NoteAdded: Hashable, Sendable {
    package var account: AccountID
    package var text: Text
    package var actor: Actor

    package init(account: AccountID, text: Text, actor: Actor) {
        self.account = account
        self.text = text
        self.actor = actor
    }
}

package struct ActsRemembered: Hashable, Sendable {
    package var channel: ChannelID
    package var acts: [ModerationAct]

    package init(channel: ChannelID, acts: [ModerationAct]) {
        self.channel = channel
        self.acts = acts
    }
}

/// What a moderator did, as the log of a channel names it. The raw value is stored in snapshots.
package enum ActKind: UInt8, CaseIterable, Hashable, Sendable {
    case mute = 1, unmute, remove, ban, unban, slow, moderated, mode, close, reopen, archive, pin, unpin
    case move, hide, unhide, redact, suspend, restore
    // Sittings
    case sessionSchedule, sessionDoors, sessionOpen, sessionSuspend, sessionResume, sessionExtend
    case sessionClose, sessionEnd, sessionItem, sessionCancel, sessionAttribution

    /// As MODACT and MODLOG spell it.
    package var word: Text {
        switch self {
        case .mute: "mute"
        case .unmute: "unmute"
        case .remove: "remove"
        case .ban: "ban"
        case .unban: "unban"
        case .slow: "slow"
        case .moderated: "moderated"
        case .mode: "mode"
        case .close: "close"
        case .reopen: "reopen"
        case .archive: "archive"
        case .pin: "pin"
        case .unpin: "unpin"
        case .move: "move"
        case .hide: "hide"
        case .unhide: "unhide"
        case .redact: "redact"
        case .suspend: "suspend"
        case .restore: "restore"
        case .sessionSchedule: "session-schedule"
        case .sessionDoors: "session-doors"
        case .sessionOpen: "session-open"
        case .sessionSuspend: "session-suspend"
        case .sessionResume: "session-resume"
        case .sessionExtend: "session-extend"
        case .sessionClose: "session-close"
        case .sessionEnd: "session-end"
        case .sessionItem: "session-item"
        case .sessionCancel: "session-cancel"
        case .sessionAttribution: "session-attribution"
        }
    }
}

/// One row of a channel's moderation log; it follows from the event at its offset.
package struct ModerationAct: Hashable, Sendable {
    package var offset: Offset
    package var time: Timestamp
    package var kind: ActKind
    /// The name of who did it.
    package var actor: Text
    /// A person, a thread's number, seconds, a mode; empty when it is about a message.
    package var target: Text
    package var message: Offset?
    package var reason: Text
    package var until: Timestamp?

    package init(
        offset: Offset, time: Timestamp, kind: ActKind, actor: Text, target: Text, message: Offset? = nil,
        reason: Text = "", until: Timestamp? = nil
    ) {
        self.offset = offset
        self.time = time
        self.kind = kind
        self.actor = actor
        self.target = target
        self.message = message
        self.reason = reason
        self.until = until
    }
}

/// Why something was done, in one word that everybody may see.
package enum ReasonCode: String, CaseIterable, Hashable, Sendable {
    case offTopic = "off-topic"
    case personalData = "personal-data"
    case wrongChannel = "wrong-channel"
    case abusive
    case spam
    case safety
    case other

    package var word: Text { Text(rawValue) }
}

/// A reason as it was typed: its first word is the code if it is one, the rest is for moderators.
package struct ActReason: Hashable, Sendable {
    package var code: ReasonCode
    package var text: Text

    package init(_ typed: Text) {
        let bytes = typed.bytes
        let end = bytes.firstIndex(of: 32) ?? bytes.endIndex
        var word = bytes[..<end]
        while word.last == 58 || word.last == 44 { word.removeLast() }
        guard let code = ReasonCode(rawValue: asciiFolded(word)) else {
            self.code = .other
            text = typed
            return
        }
        self.code = code
        text = Text(bytes[end...].drop { $0 == 32 })
    }
}

extension Actor {
    /// The account, or the nickname in front of `!`; of a server its name.
    package var name: Text { accountName ?? Text(source.bytes.prefix { $0 != 33 }) }
}
