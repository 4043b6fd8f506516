// SPDX-License-Identifier: Apache-2.0

import PlenaryClient

/// Acts of moderation as people read them, and as records.
enum ModText {
    /// `hélène, moderator: hid one message, off topic. 14:36`.
    static func sentence(_ act: ModerationAct, _ time: TimeText, now: Timestamp) -> String {
        let who = PlainText.oneLine(act.actor)
        let place = act.channel == "*" ? "" : " in \(PlainText.oneLine(Records.name(act.channel)))"
        var words = "\(who), moderator: \(deed(act))\(place)"
        if let until = act.until { words += ", until \(time.short(until, now: now))" }
        words += ", \(reason(act))"
        return "\(words). \(time.short(act.time == Timestamp(seconds: 0) ? now : act.time, now: now))"
    }

    /// Whether it has no line of its own: KICK, REDACT and THREAD are told as such.
    static func isTold(_ act: ModerationAct) -> Bool {
        !["remove", "redact", "close", "reopen", "archive", "pin", "unpin", "move", "mode"].contains(
            act.action)
    }

    /// A reason that is a code, as words.
    static func words(ofReason reason: String) -> String {
        ModCommand.codes.contains(reason) ? reason.replacing("-", with: " ") : reason
    }

    /// `Report 3: bo reports amina in practices, spam: third time. open. 14:36`.
    static func sentence(_ report: ModerationReport, _ time: TimeText, now: Timestamp) -> String {
        let place = PlainText.oneLine(Records.name(report.channel))
        let code = PlainText.oneLine(words(ofReason: report.code))
        let text = report.text.isEmpty ? "" : ": " + PlainText.isolated(PlainText.oneLine(report.text))
        let state = report.handler.map { "\(report.state) by \(PlainText.oneLine($0))" } ?? report.state
        return "Report \(report.number), \(state): \(PlainText.oneLine(report.reporter)) reports "
            + "\(PlainText.oneLine(report.about)) in \(place), \(code)\(text). \(time.short(report.time, now: now))"
    }

    private static func reason(_ act: ModerationAct) -> String {
        let code = act.code.replacing("-", with: " ")
        guard let text = act.text, !text.isEmpty else {
            return act.code == "other" ? "no reason given" : PlainText.oneLine(code)
        }
        return PlainText.isolated(PlainText.oneLine(act.code == "other" ? text : "\(code): \(text)"))
    }

    private static func deed(_ act: ModerationAct) -> String {
        let target = PlainText.oneLine(act.target)
        switch act.action {
        case "mute": return "muted \(target)"
        case "unmute": return "let \(target) speak again"
        case "remove": return "removed \(target)"
        case "ban": return "banned \(target)"
        case "unban": return "ended the ban of \(target)"
        case "slow":
            return target == "off" ? "ended slow mode" : "set slow mode, one message every \(target) s,"
        case "moderated": return target == "on" ? "locked the channel" : "unlocked the channel"
        case "close": return "closed thread \(target)"
        case "reopen": return "opened thread \(target)"
        case "archive": return "archived thread \(target)"
        case "pin": return "pinned thread \(target)"
        case "unpin": return "unpinned thread \(target)"
        case "move":
            return target == "0" ? "moved messages to the main line" : "moved messages to thread \(target)"
        case "hide": return "hid one message"
        case "unhide": return "showed one message again"
        case "redact": return "removed one message"
        case "suspend": return "suspended the account \(target)"
        case "restore": return "restored the account \(target)"
        default: return "\(PlainText.oneLine(act.action)) \(target)"
        }
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
