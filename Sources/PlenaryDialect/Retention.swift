// SPDX-License-Identifier: Apache-2.0

import PlenaryDomain
import PlenaryTerms
import PlenaryWire

/// ERASE, HOLD, RETAIN and MYDATA (docs/extensions/erasure.md).
extension Dialect {
    static func interpretRetention(_ line: Line) throws(Refusal) -> [Command] {
        let parameters = line.parameters
        return switch line.verb {
        case "ERASE": [.retention(try interpretErase(parameters))]
        case "HOLD": [.retention(try interpretHold(parameters))]
        case "RETAIN": [.retention(try interpretRetain(parameters))]
        default: [.retention(try interpretOwnRecords(parameters))]
        }
    }

    private static func interpretErase(_ parameters: [Text]) throws(Refusal) -> RetentionCommand {
        let subcommand = parameters[0].string.uppercased()
        func parameter(_ index: Int) throws(Refusal) -> Text {
            guard let text = parameters[parameter: index] else { throw .needMoreParameters(verb: "ERASE") }
            return text
        }
        switch subcommand {
        case "MESSAGE":
            let id = try parameter(2)
            return .eraseMessage(
                target: try parameter(1), message: MessageID(id.bytes), spelledMessage: id,
                reason: parameters[parameter: 3] ?? "")
        case "ACCOUNT": return .eraseAccount(try parameter(1), reason: parameters[parameter: 2] ?? "")
        case "CANCEL": return .eraseCancel(account: try parameter(1))
        case "LIST": return .eraseList
        default:
            throw .retention(verb: "ERASE", code: .invalidParameters, context: [parameters[0]])
        }
    }

    private static func interpretHold(_ parameters: [Text]) throws(Refusal) -> RetentionCommand {
        if parameters.count == 1, parameters[0].string.uppercased() == "LIST" { return .holdList }
        guard let word = parameters[parameter: 1] else { throw .needMoreParameters(verb: "HOLD") }
        let reason = parameters[parameter: 2] ?? ""
        switch word.string.uppercased() {
        case "ON": return .hold(what: parameters[0], isHeld: true, reason: reason)
        case "OFF": return .hold(what: parameters[0], isHeld: false, reason: reason)
        default: throw .retention(verb: "HOLD", code: .invalidParameters, context: [word])
        }
    }

    private static func interpretRetain(_ parameters: [Text]) throws(Refusal) -> RetentionCommand {
        guard let word = parameters[parameter: 1] else { return .showRetention(channel: parameters[0]) }
        if word.string.lowercased() == "forever" {
            return .setRetention(channel: parameters[0], days: nil)
        }
        guard let days = UInt32(word.string) else {
            throw .retention(verb: "RETAIN", code: .invalidParameters, context: [word])
        }
        return .setRetention(channel: parameters[0], days: days)
    }

    private static func interpretOwnRecords(_ parameters: [Text]) throws(Refusal) -> RetentionCommand {
        guard let word = parameters.first else { return .ownRecords(after: nil) }
        guard let id = MessageID(word.bytes) else {
            throw .retention(verb: "MYDATA", code: .invalidParameters, context: [word])
        }
        return .ownRecords(after: id)
    }

    // MARK: Answers

    func renderRetention(
        _ answer: RetentionAnswer, to session: Session, in community: Community
    ) -> [Line] {
        func say(
            _ verb: Text, _ code: Text, _ context: [Text], _ key: ServerText,
            _ values: KeyValuePairs<Placeholder, Text> = [:]
        ) -> [Line] {
            [note(verb, code, context, text(key, in: session.language, values))]
        }
        switch answer {
        case .messageErased(let target, let id):
            return say("ERASE", "REQUESTED", [target, Text(id.text)], .erasureRequested)
        case .forgetProposed(let id):
            let proposal = community.keeping.proposals[id]
            return say(
                "ERASE", "PROPOSED",
                [name(of: id, community), Text(proposal?.time.iso8601 ?? "*")], .forgettingProposed)
        case .forgetting(let name):
            return say("ERASE", "REQUESTED", [name], .forgettingBegun, [.account: name])
        case .forgetCancelled(let name):
            return say("ERASE", "CANCELLED", [name], .forgettingCancelled, [.account: name])
        case .erasures: return renderErasures(community)
        case .holdSet(let name, let isHeld):
            return say(
                "HOLD", isHeld ? "ON" : "OFF", [name], isHeld ? .holdBegun : .holdEnded, [.target: name])
        case .holds: return renderHolds(community)
        case .retention(let id):
            let name = community.channels[id].map { Text($0.name.spelling) } ?? "*"
            let days = community.keeping.retentionDays[id].map { Text(String($0)) } ?? "forever"
            return say("RETAIN", "DAYS", [name, days], .retentionShown, [.channel: name])
        }
    }

    private func renderErasures(_ community: Community) -> [Line] {
        let proposals = community.keeping.proposals.values.sorted { $0.time < $1.time }.map { proposal in
            note(
                "ERASE", "PROPOSAL",
                [
                    name(of: proposal.proposed.account, community),
                    name(of: proposal.proposed.actor, community), Text(proposal.time.iso8601),
                ], proposal.proposed.reason)
        }
        let running = community.openErasures.sorted { $0.key < $1.key }.map { _, open in
            let plan = open.request.plan
            return note(
                "ERASE", "RUNNING",
                [Text(String(plan.messages.count + plan.accounts.count)), Text(open.time.iso8601)],
                open.request.reason)
        }
        return proposals + running + [
            note("ERASE", "END", [Text(String(proposals.count + running.count))], "")
        ]
    }

    private func renderHolds(_ community: Community) -> [Line] {
        let holds = community.keeping.holds.sorted { $0.value.time < $1.value.time }.map { place, hold in
            note("HOLD", "HELD", [community.name(of: place), Text(hold.time.iso8601)], hold.reason)
        }
        return holds + [note("HOLD", "END", [Text(String(holds.count))], "")]
    }

    private func name(of id: AccountID, _ community: Community) -> Text {
        community.accounts[id].map { Text($0.name.spelling) } ?? "*"
    }

    /// IRCv3 standard-replies: `NOTE <command> <code> [context…] :text`.
    private func note(_ verb: Text, _ code: Text, _ context: [Text], _ text: Text) -> Line {
        Dialect.fitted(
            Line(
                source: facts.name, verb: "NOTE", [verb, code] + context.map(Dialect.word) + [text],
                hasTrailing: true))
    }

    func renderRetention(
        _ verb: Text, _ code: RetentionFailure, _ context: [Text], _ session: Session
    ) -> Line {
        let key: ServerText =
            switch code {
            case .accountRequired: .signInRequired
            case .privilegesNeeded: .noPrivileges
            case .invalidTarget: .threadTargetInvalid
            case .unknownMessage: .unknownMessageID
            case .noSuchAccount: .noSuchAccount
            case .secondPersonNeeded: .secondPersonNeeded
            case .held: .isHeldBack
            case .invalidParameters: .parameterInvalid
            case .rateLimited: .rateLimited
            case .unavailable: .historyUnavailable
            }
        return fail(verb, Text(code.rawValue), context, session, say: key, [.seconds: context.last ?? ""])
    }

    // MARK: MYDATA

    /// Bytes of attributes in one line; the rest of a record goes on in the next.
    private static let ownRecordByteLimit = 360

    /// One page of an account's records; `next` is where to go on, nil at the end.
    package func renderOwnRecords(
        _ records: [(id: MessageID, time: Timestamp, record: OwnRecord)], next: MessageID?
    ) -> [Line] {
        var lines: [Line] = []
        for (id, time, record) in records {
            var rest = Dialect.attributes(record)[...]
            repeat {
                let part = rest.prefix(Dialect.cut(rest, byteLimit: Dialect.ownRecordByteLimit))
                rest = rest.dropFirst(part.count)
                lines.append(
                    Line(
                        source: facts.name, verb: "MYDATA",
                        [
                            Text(id.text), Text(time.iso8601), record.kind, rest.isEmpty ? "." : "+",
                            Text(Array(part)),
                        ], hasTrailing: true))
            } while !rest.isEmpty
        }
        let end =
            next.map { note("MYDATA", "NEXT", [Text($0.text)], "") }
            ?? note("MYDATA", "END", [Text(String(records.count))], "")
        return lines + [end]
    }

    /// Between code points: escapes are ASCII and may be parted, as the pieces are put together again.
    static func cut(_ bytes: ArraySlice<UInt8>, byteLimit: Int) -> Int {
        guard bytes.count > byteLimit else { return bytes.count }
        var end = bytes.startIndex + byteLimit
        while end > bytes.startIndex, bytes[end] & 0xC0 == 0x80 { end -= 1 }
        return end - bytes.startIndex
    }

    private static func attributes(_ record: OwnRecord) -> [UInt8] {
        Array(
            record.fields.map { Array($0.name.utf8) + [61] + LineTag.escaped($0.value.bytes) }
                .joined(separator: [59]))
    }
}
