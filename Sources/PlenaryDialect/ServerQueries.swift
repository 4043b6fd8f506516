// SPDX-License-Identifier: Apache-2.0

import PlenaryDomain
import PlenaryTerms
import PlenaryWire

/// LUSERS, VERSION, TIME, INFO, ADMIN, HELP (modern.ircd.chat, "Server Queries and Commands").
extension Dialect {
    func renderUserCounts(to session: Session, in community: Community) -> [Line] {
        let people = community.sessionsByNickname.count
        let invisible = min(community.invisibleSessions.count, people)
        let operators = min(community.operatorSessions.count, people)
        let unknown = community.sessions.count - community.registeredCount
        let current = Text(number: people)
        let maximum = Text(number: max(community.registeredCountMaximum, people))
        var lines = [
            numeric(
                .luserClient, session, say: .userCounts,
                [
                    .count: Text(number: people - invisible), .invisible: Text(number: invisible),
                    .servers: "1",
                ]),
            numeric(.luserOp, session, [Text(number: operators)], say: .operatorCount),
        ]
        if unknown > 0 {
            lines.append(numeric(.luserUnknown, session, [Text(number: unknown)], say: .unknownCount))
        }
        return lines + [
            numeric(
                .luserChannels, session, [Text(number: community.visibleChannelCount(to: session.id))],
                say: .channelCount),
            numeric(.luserMe, session, say: .clientCounts, [.count: current, .servers: "1"]),
            numeric(
                .localUsers, session, [current, maximum], say: .localCounts,
                [.count: current, .maximum: maximum]),
            numeric(
                .globalUsers, session, [current, maximum], say: .globalCounts,
                [.count: current, .maximum: maximum]),
        ]
    }

    func renderInfo(to session: Session) -> [Line] {
        [
            numeric(.info, session, say: .infoAbout, [.version: facts.version]),
            numeric(.info, session, say: .infoLicence), numeric(.endOfInfo, session, say: .endOfInfo),
        ]
    }

    func renderAdmin(to session: Session) -> [Line] {
        [
            numeric(.adminMe, session, [facts.name], say: .administrationOf, [.server: facts.name]),
            numeric(.adminLocation1, session, [], facts.adminName),
            numeric(.adminLocation2, session, [], facts.adminOrganisation),
            numeric(.adminEmail, session, [], facts.adminEmail),
        ]
    }

    /// 704, 705…, 706, each with the subject as its second parameter.
    func renderHelp(_ subject: Text, to session: Session) -> [Line] {
        let verb = subject.string.uppercased()
        let name: Text = subject.isEmpty ? "*" : Dialect.word(subject)
        func line(_ kind: Numeric, _ text: Text) -> Line { numeric(kind, session, [name], text) }
        if subject.isEmpty {
            let verbs = VerbTable.rows.map { Text($0.verb) }.sorted { $0.string < $1.string }
            return [line(.helpStart, text(.helpIntroduction, in: session.language, [.server: facts.name]))]
                + Dialect.packed(verbs, byteLimit: 300).map { line(.helpText, $0) }
                + [
                    line(.helpText, text(.helpMore, in: session.language)),
                    line(.endOfHelp, text(.endOfHelp, in: session.language)),
                ]
        }
        guard let row = VerbTable.row(of: verb) else {
            return [numeric(.helpNotFound, session, [name], say: .helpNotFound)]
        }
        return [
            line(.helpStart, Text(row.verb)), line(.helpText, Text("\(row.verb) \(row.help)")),
            line(.endOfHelp, text(.endOfHelp, in: session.language)),
        ]
    }
}
