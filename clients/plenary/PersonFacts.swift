// SPDX-License-Identifier: Apache-2.0

import PlenaryClient
import PlenaryScreens
import PlenaryTerminal
import PlenaryTerms

/// Who somebody is, as the server tells it (docs/extensions/people.md).
package struct PersonFacts: Sendable, Hashable {
    /// The nickname, or the account's name.
    package var nickname: String
    private var values: [ProfileKey: String] = [:]

    /// Somebody of whom nothing is known yet.
    package init(nickname: String) { self.nickname = nickname }

    package subscript(key: ProfileKey) -> String? {
        get { values[key] }
        set { values[key] = newValue }
    }

    /// Words of the command line for the keys, in their order.
    package static let words: [(word: String, key: ProfileKey)] = [
        ("name", .displayName), ("affiliation", .affiliation), ("country", .country),
        ("organisation", .organisation), ("languages", .languages), ("presence", .attendance),
        ("verified", .verified),
    ]

    /// The facts in an answer to METADATA LIST (761).
    static func read(_ reply: Reply, of nickname: String) -> PersonFacts {
        var facts = PersonFacts(nickname: nickname)
        for line in reply.lines where line.numeric == 761 {
            if let name = line.parameter(1) { facts.nickname = name }
            guard let key = line.parameter(2).flatMap({ ProfileKey(rawValue: $0) }) else { continue }
            facts[key] = line.parameter(4)
        }
        return facts
    }

    /// Everybody in a channel, by nickname; empty where the server knows no profiles.
    static func everybody(
        in channel: String, own nickname: String, _ connection: PlenaryConnection
    ) async -> [String: PersonFacts] {
        let keys = words.map(\.key.rawValue)
        guard let followed = try? await connection.request("METADATA", ["*", "SUB"] + keys),
            followed.refusal == nil,
            let reply = try? await connection.request("METADATA", [channel, "SYNC"]),
            let own = try? await connection.request("METADATA", ["*", "LIST"])
        else { return [:] }
        var people = [nickname: PersonFacts.read(own, of: nickname)]
        for line in reply.lines where line.verb == "METADATA" {
            guard let name = line.parameter(0),
                let key = line.parameter(1).flatMap({ ProfileKey(rawValue: $0) })
            else { continue }
            people[name, default: PersonFacts(nickname: name)][key] = line.parameter(3)
        }
        return people
    }

    /// What a table shows: the affiliation, and the country.
    var columns: [String] { [self[.affiliation] ?? "", self[.country] ?? ""] }
}

extension Records {
    /// `person`: who somebody is.
    package static func person(_ facts: PersonFacts, now: Timestamp) -> JSONValue {
        let languages = (facts[.languages] ?? "").split(separator: ",").map { JSONValue.string(String($0)) }
        return record(
            "person",
            [
                ("time", .string(now.iso8601)), ("nickname", .string(facts.nickname)),
                ("name", .optional(facts[.displayName])), ("affiliation", .optional(facts[.affiliation])),
                ("country", .optional(facts[.country])), ("organisation", .optional(facts[.organisation])),
                ("languages", .array(languages)), ("presence", .optional(facts[.attendance])),
                ("verified", .optional(facts[.verified])),
            ])
    }
}

extension ProfileCommand {
    /// `profile show [NAME] [--set KEY=VALUE]…`
    func showPerson(_ name: String?, _ workplace: Workplace) async throws(Failure) -> ExitCode {
        let target = name ?? "*"
        let changes = try changes.map { (text) throws(Failure) in try ProfileCommand.change(text) }
        let what = changes.isEmpty ? "cannot tell who \(name ?? "you") is" : "the profile is unchanged"
        let connection = try await workplace.connect(what, profile: try workplace.profile())
        do throws(Failure) {
            for (key, value) in changes {
                let value = value.isEmpty ? [] : [value]
                _ = try await workplace.ask(
                    connection, what, "METADATA", [target, "SET", key.rawValue] + value)
            }
            let reply = try await workplace.ask(connection, what, "METADATA", [target, "LIST"])
            let own = await connection.session.nickname
            await connection.close()
            let facts = PersonFacts.read(reply, of: name ?? own)
            if global.json {
                workplace.surroundings.print(Records.person(facts, now: workplace.surroundings.now()).text)
                return .done
            }
            let rows = PersonFacts.words.compactMap { word, key in
                facts[key].map { [word, PlainText.oneLine($0)] }
            }
            if rows.isEmpty { workplace.say("\(facts.nickname) has said nothing yet") }
            TableText.print(rows, workplace)
            return .done
        } catch {
            await connection.close()
            throw error
        }
    }

    /// `country=KE`; nothing behind the sign takes the value away.
    private static func change(_ text: String) throws(Failure) -> (ProfileKey, String) {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(
            String.init)
        let words = PersonFacts.words.map(\.word)
        guard parts.count == 2, let known = PersonFacts.words.first(where: { $0.word == parts[0] }) else {
            let nearest = NearestWord.to(parts[0], among: words).map { "Did you mean: --set \($0)=…" } ?? ""
            throw Failure(
                .usage, "--set \(text) is not KEY=VALUE", "keys: \(words.joined(separator: ", "))", nearest)
        }
        return (known.key, parts[1])
    }
}
