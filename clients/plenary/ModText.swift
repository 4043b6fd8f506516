// SPDX-License-Identifier: Apache-2.0

import PlenaryClient
import PlenaryScreens

/// Acts of moderation as people read them.
extension LineText {
    /// `hélène, moderator: hid one message, off topic. 14:36`.
    func sentence(_ act: ModerationAct, now: Timestamp) -> String {
        let who = self(.aModerator, [.text: safe(act.actor)])
        var words = self(.says, [.name: who, .text: deed(act)])
        if act.channel != "*" { words = self(.deedInPlace, [.text: words, .place: name(act.channel)]) }
        var parts = [words]
        if let until = act.until { parts.append(self(.untilTime, [.time: moment(until, now)])) }
        parts.append(reason(act))
        return timed(list(parts), act.time == Timestamp(seconds: 0) ? now : act.time, now)
    }

    /// `Report 3, open: bo reports amina in practices, spam: third time. 14:36`.
    func sentence(_ report: ModerationReport, now: Timestamp) -> String {
        var state =
            switch report.state {
            case "open": self(.reportOpen)
            case "claimed": self(.reportClaimed)
            case "resolved": self(.reportResolved)
            default: safe(report.state)
            }
        if let handler = report.handler {
            state = self(.stateBy, [.state: state, .name: safe(handler)])
        }
        let deed = self(
            .reportsPerson,
            [.name: safe(report.reporter), .person: safe(report.about), .place: name(report.channel)])
        let head = self(.reportNumber, [.number: String(report.number), .state: state])
        let words = list([deed, codeAndText(report.code, report.text)])
        return timed(self(.says, [.name: head, .text: words]), report.time, now)
    }

    private func reason(_ act: ModerationAct) -> String {
        guard let text = act.text, !text.isEmpty else {
            return act.code == "other" ? self(.noReason) : safe(catalogue.reasonWords(act.code))
        }
        return act.code == "other" ? safe(text) : codeAndText(act.code, text)
    }

    private func codeAndText(_ code: String, _ text: String) -> String {
        let words = safe(catalogue.reasonWords(code))
        return text.isEmpty ? words : self(.codeAndText, [.reason: words, .text: safe(text)])
    }

    private func deed(_ act: ModerationAct) -> String {
        let values: [Placeholder: String] = [
            .name: safe(act.target), .thread: safe(act.target), .number: safe(act.target),
            .seconds: safe(act.target), .act: safe(act.action),
        ]
        return self(act.sentence, values)
    }
}

/// Acts of moderation and reports as rows for programs.
enum ModText {
    /// An act in English, as commands print it.
    static func sentence(_ act: ModerationAct, _ time: TimeText, now: Timestamp) -> String {
        LineText(.english, time).sentence(act, now: now)
    }

    /// Time, act, who did it, to what, reason, until, text.
    static func row(_ act: ModerationAct) -> [String] {
        [
            act.time.iso8601, act.action, act.actor, act.target, act.code, act.until?.iso8601 ?? "",
            act.text ?? "",
        ]
    }

    /// Number, state, channel, reason, about whom, by whom, who looks into it, message, text.
    static func row(_ report: ModerationReport) -> [String] {
        [
            String(report.number), report.state, Records.name(report.channel), report.code, report.about,
            report.reporter, report.handler ?? "", report.messageID ?? "", report.text,
        ]
    }

    static func row(_ note: MemberNote) -> [String] { [note.time.iso8601, note.author, note.text] }
}

extension Records {
    /// `moderation`: an act.
    package static func moderation(_ act: ModerationAct, isDryRun: Bool = false) -> JSONValue {
        let thread =
            ["close", "reopen", "archive", "pin", "unpin", "move"].contains(act.action)
            ? Int(act.target) : nil
        var members: [(String, JSONValue)] = [
            ("time", .string(act.time.iso8601)), ("action", .string(act.action)),
            ("actor", .string(act.actor)), ("target", .string(act.target)),
            ("channel", .string(act.channel == "*" ? "*" : name(act.channel))), ("thread", .number(thread)),
            ("reason", .string(act.code)), ("text", .optional(act.text)),
            ("until", .optional(act.until?.iso8601)), ("undo_of", .null),
        ]
        if let id = act.logID { members.append(("id", .string(id))) }
        if isDryRun { members.append(("dry_run", .bool(true))) }
        return record("moderation", members)
    }

    /// `report`.
    package static func report(_ report: ModerationReport) -> JSONValue {
        record(
            "report",
            [
                ("time", .string(report.time.iso8601)), ("number", .number(report.number)),
                ("channel", .string(name(report.channel))), ("state", .string(report.state)),
                ("reason", .string(report.code)), ("text", .string(report.text)),
                ("message", .optional(report.messageID)), ("about", .string(report.about)),
                ("reporter", .string(report.reporter)), ("handler", .optional(report.handler)),
            ])
    }

    /// `note`.
    package static func note(_ note: MemberNote) -> JSONValue {
        record(
            "note",
            [
                ("time", .string(note.time.iso8601)), ("account", .string(note.account)),
                ("author", .string(note.author)), ("text", .string(note.text)),
            ])
    }
}
