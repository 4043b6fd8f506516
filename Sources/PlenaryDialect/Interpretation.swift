// SPDX-License-Identifier: Apache-2.0

import PlenaryDomain
import PlenaryTerms
import PlenaryWire

/// What a line asks for, before anybody looked at the state.
package struct Request: Sendable {
    /// nil for a verb that does not exist.
    package var row: VerbRow?
    package var verb: Text
    /// The label of IRCv3 labeled-response; counts only for sessions that negotiated it.
    package var label: Text?
    package var commands: [Command]
    /// Why there is no command.
    package var refusal: Refusal?
    /// Whether it came as a message to the desk and is answered by notices.
    package var isDesk = false

    /// Tokens of the command bucket (limits.md 14). A line of an open batch costs its bytes alone: 128 lines
    /// at 2 a second would never be read within the batch's 10 seconds.
    package var cost: Int {
        if case .messaging(.batchLine) = commands.first { return 0 }
        return row?.cost ?? 1
    }

    package init(row: VerbRow?, verb: Text, label: Text?, commands: [Command], refusal: Refusal?) {
        self.row = row
        self.verb = verb
        self.label = label
        self.commands = commands
        self.refusal = refusal
    }
}

extension Dialect {
    /// `Line` → commands. Pure: the same line always means the same request.
    package static func interpret(_ line: Line) -> Request {
        let label = line.tagValue("label").flatMap {
            $0.isEmpty || $0.byteCount > TokenLimits.labelByteLimit ? nil : $0
        }
        if let request = deskRequest(line, label: label) { return request }
        guard let row = VerbTable.row(of: line.verb) else {
            let verb = Text(line.verb)
            return Request(row: nil, verb: verb, label: label, commands: [], refusal: .unknownCommand(verb))
        }
        var request = Request(row: row, verb: row.name, label: label, commands: [], refusal: nil)
        guard line.parameters.count >= row.minimumParameterCount else {
            request.refusal = .needMoreParameters(verb: row.name)
            return request
        }
        do throws(Refusal) {
            request.commands =
                switch row.family {
                case .registration: try interpretRegistration(line)
                case .membership: try interpretMembership(line)
                case .messaging: try interpretMessaging(line, row.name)
                case .topics: try interpretTopics(line)
                case .modes: try interpretModes(line)
                case .presence: try interpretPresence(line)
                case .accounts: try interpretAccounts(line)
                case .history: try interpretHistory(line)
                case .threads: try interpretThreads(line)
                case .reading: try interpretReading(line)
                case .moderation: [try interpretModeration(line)]
                case .search: try interpretSearch(line)
                case .retention: try interpretRetention(line)
                case .people: try interpretPeople(line)
                case .meetings: try interpretMeetings(line)
                case .floor: try interpretFloor(line)
                case .relaying: try interpretRelaying(line)
                case .languages: interpretLanguages(line)
                case .outcomes: try interpretOutcomes(line)
                case .practices: try interpretPractices(line)
                case .questionnaires: try interpretQuestionnaires(line)
                }
        } catch {
            request.refusal = error
        }
        return request
    }

    /// One line's bytes without CR LF, parsed and interpreted; nil for an empty line.
    package static func request(of bytes: UnsafeRawBufferPointer) -> Request? {
        do throws(LineError) {
            return try Line.parse(bytes, limits: .fromClient).map { interpret($0) }
        } catch {
            return interpret(error)
        }
    }

    /// What is wrong with bytes that are no line, as a request with nothing to do.
    package static func interpret(_ error: LineError) -> Request {
        let refusal: Refusal
        var verb: Text = "*"
        switch error {
        case .tagsTooLong, .tooManyTags, .bodyTooLong: refusal = .inputTooLong
        case .invalidUTF8(let name), .forbiddenByte(_, let name):
            verb = Text(name)
            refusal = .invalidUTF8(verb: verb)
        case .missingVerb: refusal = .unknownCommand("*")
        }
        return Request(row: nil, verb: verb, label: nil, commands: [], refusal: refusal)
    }

    /// Comma-separated targets, empty ones left out.
    static func targets(_ text: Text) -> [Text] {
        guard text.bytes.contains(44) else { return text.isEmpty ? [] : [text] }
        return text.bytes.split(separator: 44).map { Text($0) }
    }
}

extension Array where Element == Text {
    /// The parameter with this index, nil beyond the end.
    subscript(parameter index: Int) -> Text? { index < count ? self[index] : nil }
}
