// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import PlenaryConfiguration
import PlenaryServer
import PlenaryTerms

/// Participants from a registration system.
struct RosterCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "roster", abstract: "Bring participants in from a registration export.",
        subcommands: [Import.self])

    struct Import: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make accounts, or invites, with profiles from a CSV file.",
            discussion: """
                Columns are known by their names in English and French: First Name, Last Name, Affiliation, Country,
                Participation, Category, Languages, Account. Others are told with --map. Addresses are not stored.
                A line with a mistake stops all, unless --skip-bad. Look first: --dry-run.
                Exit codes: 0 done, 1 a line was refused, 65 the file cannot be read.
                """)

        @OptionGroup var configurationFile: ConfigurationOption
        @Argument(help: "The file.")
        var file: String
        @Flag(help: "Say what would be done, and do nothing.")
        var dryRun = false
        @Option(help: "What a column is: \"HEADER=FIELD\"; may be repeated.")
        var map: [String] = []
        @Flag(help: "Make invites, which keep the name, instead of accounts without a way to sign in.")
        var createInvites = false
        @Option(help: "How long the invites hold: 30m, 12h, 14d; or never.")
        var expires = "14d"
        @Option(help: "The channel the links open.")
        var channel = "lobby"
        @Option(help: "A private channel the invites open as well; may be repeated.")
        var seat: [String] = []
        @Flag(help: "The roster was checked: affiliation, country and organisation count as verified.")
        var verified = false
        @Flag(help: "Leave out lines with mistakes instead of doing nothing.")
        var skipBad = false
        @Flag(help: "One JSON object a line.")
        var json = false

        func run() throws {
            try reporting {
                let server = try configurationFile.load().server
                let roster = try read()
                var people = try planned(roster, server)
                // First all are asked for without effect, so that one mistake leaves everything as it was.
                let client = AdminClient(server: server)
                try ask(client, &people, isDryRun: true)
                let badCount = people.count { $0.problem != nil }
                let mayAct = badCount == 0 || skipBad
                if mayAct, !dryRun { try ask(client, &people, isDryRun: false) }
                report(people, isDone: mayAct && !dryRun)
                sum(people, roster, badCount: badCount, isDone: mayAct && !dryRun)
                if badCount > 0 { throw ExitCode(ExitCodes.refused) }
            }
        }

        private func read() throws -> Roster {
            let bytes: [UInt8]
            switch readWhole(file, byteLimit: SeparatedValues.fileByteLimit) {
            case .success(let contents): bytes = contents
            case .failure(let error): throw Failure(ExitCodes.notFound, "\(file): \(error.text)")
            }
            var fields: [String: RosterField] = [:]
            for word in map {
                let parts = word.split(separator: "=", maxSplits: 1).map(String.init)
                let names = RosterField.allCases.map(\.rawValue)
                guard parts.count == 2, let field = RosterField(rawValue: parts[1]) else {
                    let near = parts.count == 2 ? nearestName(to: parts[1], in: names) : nil
                    throw Failure(
                        ExitCodes.usage,
                        "--map \"\(word)\" is not HEADER=FIELD; fields are \(names.joined(separator: ", "))"
                            + (near.map { "; did you mean \"\($0)\"?" } ?? ""))
                }
                fields[parts[0]] = field
            }
            do throws(Roster.Mistake) { return try Roster(bytes, map: fields) } catch {
                throw Failure(ExitCodes.badInput, "\(file):\(error.line): \(error.text)")
            }
        }

        private func planned(_ roster: Roster, _ server: ServerConfiguration) throws -> [Planned] {
            guard let seconds = expires == "never" ? 0 : parseDuration(expires) else {
                throw Failure(ExitCodes.usage, "\"\(expires)\" is no time: 30m, 12h, 14d or never")
            }
            return try roster.rows.map { row in
                var person = Planned(row)
                person.entry?.isVerified = verified
                if createInvites, let account = row.entry?.account.string {
                    let invite = try NewInvite(
                        role: .member, seats: seat, secondsToLive: seconds, useLimit: 1, accountName: account)
                    person.entry?.invite = invite.created
                    person.link = try invite.link(server, channel: channel)
                }
                return person
            }
        }

        private func ask(_ client: AdminClient, _ people: inout [Planned], isDryRun: Bool) throws {
            let places = people.indices.filter { people[$0].problem == nil }
            let requests = places.compactMap { place in
                people[place].entry.map { AdminRequest.people(.rosterEntry($0, isDryRun: isDryRun)) }
            }
            for (place, reply) in zip(places, try client.send(all: requests)) {
                switch reply {
                case .done(let rows): people[place].row = rows.first
                case .refused(let refusal): people[place].problem = refusal.text
                }
            }
        }

        private func report(_ people: [Planned], isDone: Bool) {
            for person in people {
                let action = person.problem == nil ? person.row?["action"] ?? "" : "refused"
                // A link is shown once, for an invite that was made.
                let link = isDone && action == "invited" ? person.link : nil
                let account = person.row?["account"] ?? person.entry?.account.string ?? ""
                let name = person.row?["name"] ?? person.entry?.profile.displayName.string ?? ""
                if json {
                    print(
                        jsonObject([
                            ("type", "roster"), ("line", person.line), ("action", action),
                            ("account", account), ("name", name), ("affiliation", person.row?["affiliation"]),
                            ("country", person.row?["country"]), ("link", link), ("problem", person.problem),
                        ]))
                } else {
                    let details = [account, name, person.problem ?? link ?? ""].filter { !$0.isEmpty }
                    print((["\(person.line)", action] + details).joined(separator: "\t"))
                }
            }
        }

        private func sum(_ people: [Planned], _ roster: Roster, badCount: Int, isDone: Bool) {
            if !roster.ignoredColumns.isEmpty {
                standardError("Columns not used: \(roster.ignoredColumns.joined(separator: ", "))")
            }
            var counts: [String: Int] = [:]
            for person in people where person.problem == nil {
                counts[person.row?["action"] ?? "", default: 0] += 1
            }
            let words = counts.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }
            let verb = isDone ? "Done" : dryRun ? "A dry run; nothing was changed" : "Nothing was changed"
            standardError("\(verb): \((words + ["\(badCount) refused"]).joined(separator: ", ")).")
        }
    }
}

/// One line on its way.
private struct Planned {
    var line: Int
    var entry: RosterEntry?
    var problem: String?
    var row: AdminRow?
    var link: String?

    init(_ row: Roster.Row) {
        line = row.line
        entry = row.entry
        problem = row.problem
    }
}
