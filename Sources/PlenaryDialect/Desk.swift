// SPDX-License-Identifier: Apache-2.0

import PlenaryDomain
import PlenaryTerms
import PlenaryWire

/// Messages to the nickname `plenary`: command lines for people whose client knows no more than `/msg`
/// (docs/extensions/moderation.md, "The desk"). They become the same requests as lines do, and the answers
/// become notices.
extension Dialect {
    /// The request that a message to the desk is; nil for every other line.
    static func deskRequest(_ line: Line, label: Text?) -> Request? {
        guard line.verb == "PRIVMSG", line.parameters.count > 1,
            line.parameters[0].byteCount == Community.deskName.byteCount,
            asciiFolded(line.parameters[0].bytes) == Community.deskName.string
        else { return nil }
        var request: Request
        if asciiFolded(line.parameters[1].bytes.filter { $0 != 32 }) == "help" {
            request = Request(
                row: VerbTable.row(of: "HELP"), verb: "HELP", label: label,
                commands: [.moderation(.deskHelp)], refusal: nil)
            request.isDesk = true
            return request
        }
        do throws(Refusal) {
            request = interpret(try deskLine(line.parameters[1]))
        } catch {
            request = Request(
                row: VerbTable.row(of: "MOD"), verb: "MOD", label: nil, commands: [], refusal: error)
        }
        request.label = label
        request.isDesk = true
        return request
    }

    /// The line that a text at the desk stands for.
    private static func deskLine(_ text: Text) throws(Refusal) -> Line {
        var words = text.bytes.split(separator: 32).map { Text($0) }
        guard let first = words.first else { throw .moderation(.deskUnknown("")) }
        words.removeFirst()
        var verb = first.string.uppercased()
        if verb.hasPrefix("/") { verb.removeFirst() }
        if ModerationLine.acts.contains(verb) { return try actLine(verb, words) }
        guard let row = VerbTable.row(of: verb), row.isDeskVerb else {
            throw .moderation(.deskUnknown(word(first)))
        }
        // A colon begins a text to the end, as in every line.
        if let index = words.firstIndex(where: { $0.bytes.first == 58 }) {
            let rest = words[index...].map(\.string).joined(separator: " ").dropFirst()
            words = Array(words[..<index]) + [Text(String(rest))]
        }
        return Line(verb: verb, words)
    }

    /// An act with its channel first or second.
    private static func actLine(_ verb: String, _ words: [Text]) throws(Refusal) -> Line {
        var words = words
        let place = words.prefix(2).firstIndex { $0.bytes.first == 35 || $0 == "*" }
        if let place {
            return Line(verb: "MOD", [words.remove(at: place), Text(verb)] + words)
        }
        guard ModerationLine.actsOfServer.contains(verb) else {
            throw .moderation(.failed(verb: "MOD", .invalidParameters, [Text(verb), "#channel"]))
        }
        return Line(verb: "MOD", ["*", Text(verb)] + words)
    }

    // MARK: Answers

    /// A notice of the desk to one session.
    func deskNotice(_ text: Text, to session: Session) -> Line {
        Dialect.fitted(
            Line(
                source: Text("plenary!plenary@") + facts.name, verb: "NOTICE", [session.replyName, text],
                hasTrailing: true))
    }

    /// What a command at the desk is answered, as a person reads it: replies and rows become sentences,
    /// and what
    /// a client has to know as it is (MODE, KICK, …) stays.
    package func renderDesk(_ lines: [Line], to session: Session, in community: Community) -> [Line] {
        lines.map { line in
            guard line.source == facts.name || line.source == nil else { return line }
            switch line.verb {
            case "MODE", "KICK", "TOPIC", "JOIN", "PART", "REDACT", "NOTICE", "PRIVMSG", "BATCH", "PONG",
                "ERROR":
                return line
            default: return deskNotice(sentence(line, to: session), to: session)
            }
        }
    }

    /// Rows of an answer as sentences; nil for answers whose lines become notices one by one.
    package func renderAtDesk(
        _ answer: Answer, to session: Session, in community: Community, now: Timestamp
    ) -> [Line]? {
        if case .floor(let answer) = answer {
            return renderFloorAtDesk(answer, to: session, in: community, now: now)
        }
        if case .meeting(let answer) = answer {
            // Whoever types wants sentences, whatever the client can read.
            var plain = session
            plain.capabilities.remove(.sessions)
            return render(answer, to: plain, in: community, now: now)
        }
        if case .outcomes(let answer) = answer { return renderPlainly(answer, to: session, in: community) }
        if case .practices(let answer) = answer { return renderPlainly(answer, to: session, in: community) }
        if case .questionnaires(let answer) = answer {
            return renderPlainly(answer, to: session, in: community)
        }
        guard case .moderation(let answer) = answer else { return nil }
        switch answer {
        case .reports(_, let numbers):
            let rows = numbers.compactMap { community.moderation.reports[$0] }
            let end = PlenaryDialect.text(
                .rowCount, in: session.language, [.count: Text(number: rows.count)])
            return rows.map { renderReportNotice($0, to: session) } + [deskNotice(end, to: session)]
        case .log(let place, let acts, _):
            let channel = community.channels[place]
            let withText = channel.map { community.permits(.moderate, session, in: $0) } ?? true
            let name = channel.map { Text($0.name.spelling) } ?? "*"
            let rows = acts.reversed().map { act in
                let iso = Array(act.time.iso8601.utf8)
                let stamp = Text(iso[..<10] + [32] + iso[11..<16] + [32])
                let said = sentence(of: act, channel: name, in: session.language, withText: withText)
                return deskNotice(stamp + said, to: session)
            }
            let end = PlenaryDialect.text(
                .rowCount, in: session.language, [.count: Text(number: rows.count)])
            return rows + [deskNotice(end, to: session)]
        case .notes(let account):
            let notes = community.moderation.notes[account] ?? []
            return notes.map { kept in
                let day = Text(Array(kept.time.iso8601.utf8)[..<10])
                return deskNotice(
                    day + Text(" ") + kept.note.actor.name + Text(": ") + kept.note.text, to: session)
            } + [
                deskNotice(
                    PlenaryDialect.text(
                        .rowCount, in: session.language, [.count: Text(number: notes.count)]), to: session)
            ]
        case .noted, .reportReceived, .deskHelp: return nil
        }
    }

    private func sentence(_ line: Line, to session: Session) -> Text {
        var words = line.parameters
        guard let last = words.popLast() else { return Text(line.verb) }
        switch line.verb {
        case "FAIL", "NOTE", "WARN":
            let context = words.dropFirst(2)
            guard line.verb == "FAIL", !context.isEmpty else { return last }
            return last + Text(" (\(context.map(\.string).joined(separator: " ")))")
        default:
            let isNumeric = line.verb.utf8.allSatisfy { $0 >= 48 && $0 <= 57 }
            let context = isNumeric ? words.dropFirst() : words[...]
            return Text((context.map(\.string) + [last.string]).joined(separator: " "))
        }
    }

    /// What the desk can do, one act a line.
    func renderDeskHelp(to session: Session) -> [Line] {
        let usage = [
            "hide #channel <message> [reason]", "unhide #channel <message>",
            "redact #channel <message> [reason]", "mute #channel <who> [10m] [reason]",
            "unmute #channel <who>", "remove #channel <who> [reason]", "ban #channel <who> [7d] [reason]",
            "unban #channel <who>", "slow #channel <30s | off>", "moderated #channel <on | off>",
            "close | reopen | pin | unpin #channel/12", "move #channel <message> [one | rest | all] 12",
            "last #channel [5]", "log #channel", "report <message or who> #channel [reason] <text>",
            "reports [#channel]", "claim <report>", "resolve <report> <outcome> [text]", "note <who> <text>",
            "notes <who>",
        ]
        let others = VerbTable.rows.filter { $0.isDeskVerb && $0.verb != "MOD" && $0.verb != "REPORT" }
        let codes = ReasonCode.allCases.map(\.rawValue).joined(separator: ", ")
        let rows =
            usage.map { Text("/msg plenary \($0)") }
            + others.map { Text("/msg plenary \($0.verb.lowercased()) \($0.help)") }
            + [text(.deskHelp, in: session.language, [.commands: Text(codes)])]
        return rows.map { deskNotice($0, to: session) }
    }
}
