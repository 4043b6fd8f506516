// SPDX-License-Identifier: Apache-2.0

import PlenaryClient

/// An act of moderation, or a report, while it is put together (docs/extensions/moderation.md, "MOD").
package struct ModerationDraft: Sendable, Hashable {
    /// What is done; the raw value is MOD's word for it, or the verb of a report.
    package enum Kind: String, CaseIterable, Sendable {
        case redact = "REDACT"
        case hide = "HIDE"
        case unhide = "UNHIDE"
        case mute = "MUTE"
        case unmute = "UNMUTE"
        case ban = "BAN"
        case unban = "UNBAN"
        case remove = "REMOVE"
        case slow = "SLOW"
        case moderated = "MODERATED"
        case close = "CLOSE"
        case reopen = "REOPEN"
        case move = "MOVE"
        case report = "REPORT"
    }

    /// What is done.
    package var kind: Kind
    /// The channel or thread.
    package var target: String
    /// A person, a message's id, or what a channel's mode becomes: `30s`, `off`; empty for a thread.
    package var object: String
    /// What the person sees in its place: a name, or a title.
    package var shown: String
    /// The beginning of the message that it is about.
    package var quote = ""
    /// How long it holds, as written: `10m`; empty: until it is undone; nil: not said yet.
    package var duration: String?
    /// The thread to which a message goes.
    package var destination: String?
    /// Why, in one word.
    package var code = ""
    /// Why, in words.
    package var text = ""
    /// What a channel's mode was before, to be undone to.
    package var before: String?
    /// Whether it takes an act back.
    package var isUndoing = false

    /// An act without a reason yet.
    package init(_ kind: Kind, target: String, object: String = "", shown: String = "") {
        self.kind = kind
        self.target = target
        self.object = object
        self.shown = shown
    }

    /// MOD's word for it.
    package var act: String { kind.rawValue }

    /// What MOD takes behind the act.
    package var words: [String] {
        let words =
            switch kind {
            case .redact, .hide, .remove: [object, code, text]
            case .mute, .ban: [object, duration ?? "", code, text]
            case .unhide, .unmute, .unban, .slow, .moderated: [object]
            case .move: [object, "one", destination ?? ""]
            case .close: [code, text]
            case .reopen, .report: [String]()
            }
        return words.filter { !$0.isEmpty }
    }

    /// Whether it holds for a time.
    package var takesDuration: Bool { kind == .mute || kind == .ban }

    /// Whether it is to have a reason. What takes an act back has none.
    package var takesReason: Bool {
        switch kind {
        case .redact, .hide, .mute, .ban, .remove, .close, .report: true
        case .unhide, .unmute, .unban, .slow, .moderated, .reopen, .move: false
        }
    }

    /// Whether somebody has said why.
    package var hasReason: Bool { !code.isEmpty || !text.isEmpty }

    /// The act that takes it back; nil where the protocol knows none, or where it takes one back itself.
    package var undoing: ModerationDraft? {
        var undoing = self
        switch kind {
        case .hide: undoing.kind = .unhide
        case .mute: undoing.kind = .unmute
        case .close: undoing.kind = .reopen
        case .slow: undoing.object = before ?? "off"
        case .moderated: undoing.object = object == "on" ? "off" : "on"
        case .redact, .unhide, .unmute, .ban, .unban, .remove, .reopen, .move, .report: return nil
        }
        guard !isUndoing else { return nil }
        undoing.isUndoing = true
        return undoing
    }
}

/// What the moderator may still take back by one key.
package struct Undoable: Sendable, Hashable {
    /// The act that takes it back.
    package var draft: ModerationDraft
    /// Until when it is offered.
    package var until: Timestamp
}
