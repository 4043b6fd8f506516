// SPDX-License-Identifier: Apache-2.0

import PlenaryDomain
import PlenaryTerms
import PlenaryWire

/// A MOD or REPORT line's parameters on their way to a command. Reasons may stand in one parameter or in
/// several:
/// who types at the desk puts no colon before them.
struct ModerationLine {
    private let verb: Text
    private let target: Text
    private let act: Text
    private let rest: [Text]

    init(_ line: Line) {
        verb = Text(line.verb)
        target = line.parameters[0]
        act = Text(line.parameters[1].string.uppercased())
        rest = Array(line.parameters.dropFirst(2))
    }

    private func failure(_ code: ModerationFailure, _ context: Text...) -> Refusal {
        .moderation(.failed(verb: verb, code, context))
    }

    private func wrong(_ text: Text) -> Refusal { failure(.invalidParameters, act, text) }

    private func parameter(_ index: Int) throws(Refusal) -> Text {
        guard let text = rest[parameter: index], !text.isEmpty else { throw wrong("*") }
        return text
    }

    /// The parameters from one on, as one text.
    private func text(from index: Int) -> Text {
        var bytes: [UInt8] = []
        for part in rest.dropFirst(index) {
            if !bytes.isEmpty { bytes.append(32) }
            bytes += part.bytes
        }
        return Text(bytes)
    }

    private func lowered(_ text: Text) -> Text { Text(asciiFolded(text.bytes)) }

    // MARK: REPORT

    /// `REPORT <message or nickname> <#channel> [code] :<text>`
    static func report(_ line: Line) -> ModerationCommand {
        var parts = Array(line.parameters.dropFirst(2))
        if parts.isEmpty { parts = [""] }
        return .report(
            about: line.parameters[0], channel: line.parameters[1],
            reason: Text(parts.map(\.string).joined(separator: " ")))
    }

    // MARK: MOD

    /// The acts in the order in which help shows them.
    static let acts = [
        "HIDE", "UNHIDE", "REDACT", "MUTE", "UNMUTE", "REMOVE", "BAN", "UNBAN", "SLOW", "MODERATED", "CLOSE",
        "REOPEN", "PIN", "UNPIN", "MOVE", "NOTE", "NOTES", "REPORTS", "CLAIM", "RESOLVE", "LOG", "LAST",
    ]
    /// Those that need no channel.
    static let actsOfServer: Set<String> = ["NOTE", "NOTES", "REPORTS", "CLAIM", "RESOLVE"]

    func command() throws(Refusal) -> ModerationCommand { .act(target: target, try requestedAct()) }

    private func requestedAct() throws(Refusal) -> RequestedAct {
        switch act.string {
        case "MUTE":
            let (seconds, reason) = try span(from: 1)
            return .mute(who: try parameter(0), seconds: seconds, reason: reason)
        case "UNMUTE": return .unmute(who: try parameter(0))
        case "REMOVE": return .remove(who: try parameter(0), reason: text(from: 1))
        case "BAN":
            let (seconds, reason) = try span(from: 1)
            return .ban(who: try parameter(0), seconds: seconds, reason: reason)
        case "UNBAN": return .unban(who: try parameter(0))
        case "SLOW": return .slow(seconds: try slowSeconds(), reason: text(from: 1))
        case "MODERATED":
            let word = lowered(try parameter(0))
            guard word == "on" || word == "off" else { throw wrong(word) }
            return .moderated(word == "on", reason: text(from: 1))
        case "CLOSE", "REOPEN": return thread(act == "CLOSE" ? .closed : .open)
        case "PIN": return try pin()
        case "UNPIN": return .thread(.pin(rank: 0), reason: text(from: 0))
        case "MOVE": return try move()
        case "HIDE": return .hide(message: try parameter(0), reason: text(from: 1))
        case "UNHIDE": return .unhide(message: try parameter(0))
        case "REDACT": return .redact(message: try parameter(0), reason: text(from: 1))
        case "NOTE":
            _ = try parameter(1)
            return .note(who: try parameter(0), text: text(from: 1))
        case "NOTES": return .notes(who: try parameter(0))
        default: return try query()
        }
    }

    /// What is asked and answered.
    private func query() throws(Refusal) -> RequestedAct {
        switch act.string {
        case "REPORTS": return .reports(try states())
        case "CLAIM": return .claim(try number())
        case "RESOLVE":
            let word = lowered(try parameter(1))
            guard let outcome = ReportOutcome.allCases.first(where: { $0.word == word }) else {
                throw wrong(word)
            }
            return .resolve(try number(), outcome, text: text(from: 2))
        case "LOG":
            return .log(limit: try count(or: 20), after: rest[parameter: 1].flatMap { $0 == "*" ? nil : $0 })
        case "LAST": return .last(count: try count(or: 10))
        default: throw failure(.subcommandInvalid, act)
        }
    }

    // MARK: Parameters

    /// A duration, if there is one, and the reason behind it.
    private func span(from index: Int) throws(Refusal) -> (seconds: Int?, reason: Text) {
        guard let word = rest[parameter: index], let seconds = ModerationLine.seconds(word) else {
            // A time without a unit, or a longer one than can be read, is more likely a slip than a reason.
            if let word = rest[parameter: index], ModerationLine.looksLikeTime(word) { throw wrong(word) }
            return (nil, text(from: index))
        }
        guard CommunityLimits.shipped.sanctionSecondsLimits.contains(seconds) else { throw wrong(word) }
        return (seconds, text(from: index + 1))
    }

    /// Digits, with a letter of a unit behind them or without.
    private static func looksLikeTime(_ word: Text) -> Bool {
        guard let last = word.bytes.last else { return false }
        func isDigit(_ byte: UInt8) -> Bool { byte >= 48 && byte <= 57 }
        let hasUnit = word.byteCount > 1 && Array("smhdw".utf8).contains(last)
        return (isDigit(last) || hasUnit) && word.bytes.dropLast().allSatisfy(isDigit)
    }

    /// `30s`, `10m`, `2h`, `7d`, `1w`; nil for what is none.
    static func seconds(_ text: Text) -> Int? {
        guard let unit = text.bytes.last, text.byteCount > 1, text.byteCount <= 9 else { return nil }
        let digits = text.bytes.dropLast()
        guard digits.allSatisfy({ $0 >= 48 && $0 <= 57 }), let number = Int(Text(digits).string) else {
            return nil
        }
        switch unit {
        case UInt8(ascii: "s"): return number
        case UInt8(ascii: "m"): return number * 60
        case UInt8(ascii: "h"): return number * 3600
        case UInt8(ascii: "d"): return number * 86_400
        case UInt8(ascii: "w"): return number * 604_800
        default: return nil
        }
    }

    private func slowSeconds() throws(Refusal) -> Int? {
        let word = lowered(try parameter(0))
        if word == "off" || word == "0" { return nil }
        guard let seconds = Int(word.string) ?? ModerationLine.seconds(word) else { throw wrong(word) }
        return seconds
    }

    /// Everybody reads a thread's closing reason, so that it is the code alone; the rest goes beside it.
    private func thread(_ state: ThreadState) -> RequestedAct {
        let reason = text(from: 0)
        return .thread(
            .state(state, reason: reason.isEmpty ? "" : ActReason(reason).code.word), reason: reason)
    }

    private func pin() throws(Refusal) -> RequestedAct {
        guard let word = rest.first, let rank = UInt16(word.string) else {
            return .thread(.pin(rank: 1), reason: text(from: 0))
        }
        guard (1...99).contains(rank) else { throw wrong(word) }
        return .thread(.pin(rank: rank), reason: text(from: 1))
    }

    /// `<message> [one, rest or all] <thread or *> [title or reason]`; a thread may be spelled `/12` or
    /// with its channel.
    private func move() throws(Refusal) -> RequestedAct {
        let message = try parameter(0)
        var scope = ThreadMoveScope.one
        var index = 1
        if let word = ThreadMoveScope(rawValue: lowered(try parameter(1)).string) {
            scope = word
            index = 2
        }
        let goal = try parameter(index)
        let remainder = text(from: index + 1)
        if goal == "*" {
            return .move(
                message: message, scope, to: nil, title: remainder.isEmpty ? nil : remainder, reason: "")
        }
        let digits = goal.bytes.lastIndex(of: 47).map { goal.bytes[($0 + 1)...] } ?? goal.bytes[...]
        guard let thread = ThreadID(digits: digits) else { throw wrong(goal) }
        return .move(message: message, scope, to: thread, title: nil, reason: remainder)
    }

    private func states() throws(Refusal) -> Set<ReportState> {
        guard let word = rest.first.map(lowered) else { return [.open, .claimed] }
        if word == "all" { return Set(ReportState.allCases) }
        guard let state = ReportState.allCases.first(where: { $0.word == word }) else { throw wrong(word) }
        return [state]
    }

    private func number() throws(Refusal) -> UInt32 {
        let word = try parameter(0)
        guard let number = UInt32(word.string), number > 0 else { throw wrong(word) }
        return number
    }

    private func count(or usual: Int) throws(Refusal) -> Int {
        guard let word = rest.first, word != "*" else { return usual }
        guard let count = Int(word.string), count > 0 else { throw wrong(word) }
        return count
    }
}
