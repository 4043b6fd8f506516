// SPDX-License-Identifier: Apache-2.0

import PlenaryDomain
import PlenaryTerms
import PlenaryWire

/// A THREAD line's parameters on their way to a command.
struct ThreadLine {
    private let target: Text
    private let subcommand: Text
    private let rest: [Text]

    init(_ line: Line) {
        target = line.parameters[0]
        subcommand = Text(line.parameters[1].string.uppercased())
        rest = Array(line.parameters.dropFirst(2))
    }

    private func failure(_ code: ThreadFailure, _ context: Text...) -> Refusal {
        .thread(verb: "THREAD", code: code, context: context)
    }

    /// The parameter with this index behind the subcommand.
    private func parameter(_ index: Int) throws(Refusal) -> Text {
        guard let text = rest[parameter: index] else {
            throw failure(.invalidParameters, subcommand, "*")
        }
        return text
    }

    private func wrong(_ text: Text) -> Refusal { failure(.invalidParameters, subcommand, text) }

    private func message(_ text: Text) throws(Refusal) -> MessageID {
        guard let id = MessageID(text.bytes) else { throw failure(.unknownMessage, target, text) }
        return id
    }

    private func optionalMessage(_ index: Int) throws(Refusal) -> MessageID? {
        let text = try parameter(index)
        return text == "*" ? nil : try message(text)
    }

    func command() throws(Refusal) -> ThreadCommand {
        switch subcommand.string {
        case "CREATE":
            return .create(channel: target, root: try optionalMessage(0), title: try parameter(1))
        case "LIST": return try list()
        case "INFO": return .info(target: target)
        case "TITLE": return .change(target: target, .title(try parameter(0)))
        case "CLOSE": return .change(target: target, .state(.closed, reason: reason))
        case "REOPEN": return .change(target: target, .state(.open, reason: reason))
        case "ARCHIVE": return .change(target: target, .state(.archived, reason: reason))
        case "PIN":
            let rank = try rest.first.map { text throws(Refusal) in try number(text, in: 1...99) } ?? 1
            return .change(target: target, .pin(rank: UInt16(rank)))
        case "UNPIN": return .change(target: target, .pin(rank: 0))
        case "ANSWER": return .change(target: target, .answer(try optionalMessage(0)))
        case "MOVE": return try move()
        case "LEVEL":
            let word = try parameter(0)
            guard let level = ThreadLevel.allCases.first(where: { $0.word == lowered(word) }) else {
                throw wrong(word)
            }
            return .level(target: target, level)
        case "POLICY": return try policy()
        case "CUE":
            let word = lowered(try parameter(0))
            guard target == "*" else { throw wrong(target) }
            guard word == "prefix" || word == "plain" else { throw wrong(word) }
            return .cue(isPlain: word == "plain")
        default: throw failure(.subcommandInvalid, subcommand)
        }
    }

    private var reason: Text { Text(utf8Prefix(rest.first?.bytes ?? [], byteLimit: 100)) }

    private func lowered(_ text: Text) -> Text { Text(asciiFolded(text.bytes)) }

    private func number(_ text: Text, in range: ClosedRange<Int>) throws(Refusal) -> Int {
        guard let number = Int(text.string), range.contains(number) else { throw wrong(text) }
        return number
    }

    private func list() throws(Refusal) -> ThreadCommand {
        var filter = ThreadFilter()
        let words = try parameter(0)
        guard words.bytes.contains(where: { $0 != 44 }) else { throw wrong(words) }
        for word in words == "*" ? [] : lowered(words).bytes.split(separator: 44).map({ Text($0) }) {
            switch word.string {
            case "pinned": filter.isPinned = true
            case "unread": filter.isUnread = true
            case "followed": filter.isFollowed = true
            case "mine": filter.isMine = true
            default:
                guard let state = ThreadState.allCases.first(where: { $0.word == word }) else {
                    throw wrong(word)
                }
                filter.states.insert(state)
            }
        }
        let limit = try number(try parameter(1), in: 1...CommunityLimits.shipped.threadPageCountLimit)
        return .list(channel: target == "*" ? nil : target, filter, limit: limit, after: rest[parameter: 2])
    }

    private func move() throws(Refusal) -> ThreadCommand {
        let spelled = try parameter(0)
        let word = try parameter(1)
        guard let scope = ThreadMoveScope(rawValue: lowered(word).string) else { throw wrong(word) }
        let id = scope == .all ? nil : try message(spelled)
        let goal = try parameter(2)
        let destination = goal == "*" ? nil : ThreadID(digits: goal.bytes)
        guard goal == "*" || destination != nil else { throw wrong(goal) }
        return .move(target: target, message: id, scope, to: destination, title: rest[parameter: 3])
    }

    private func policy() throws(Refusal) -> ThreadCommand {
        var creation: ThreadCreationPolicy?
        var isMainLineClosed: Bool?
        for word in rest.map(lowered) {
            let parts = word.bytes.split(separator: 61, maxSplits: 1).map { Text($0) }
            guard parts.count == 2 else { throw wrong(word) }
            if parts[0] == "create",
                let policy = ThreadCreationPolicy.allCases.first(where: { $0.word == parts[1] })
            {
                creation = policy
            } else if parts[0] == "main", parts[1] == "open" || parts[1] == "closed" {
                isMainLineClosed = parts[1] == "closed"
            } else {
                throw wrong(word)
            }
        }
        return .policy(channel: target, creation: creation, isMainLineClosed: isMainLineClosed)
    }
}
