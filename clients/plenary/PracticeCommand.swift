// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import PlenaryClient
import PlenaryScreens
import PlenaryTerminal

/// `plenary practice`: the register of practices.
package struct PracticeCommand: Verb {
    package static let configuration = CommandConfiguration(
        commandName: "practice", abstract: "Look into the register of practices, submit and review.",
        discussion: """
            Examples:
              plenary practice list                          plenary practice list published country=PY
              plenary practice info 7
              plenary practice submit ocrt637CRwJP8OMgUnHF4w title='A standing body' country=PY type=separate
              plenary practice change 7 since=2011           plenary practice withdraw 7
              plenary practice review 7 accept               plenary practice review 7 return 'Which budget?'
              plenary practice publish 7
            Acts: list info submit change review publish withdraw.
            """)

    @OptionGroup package var global: GlobalOptions
    @Argument(help: "What to do.") package var act = "list"
    @Argument(help: "A number, a message or a thread, then KEY=VALUE.") package var words: [String] = []

    /// For the argument library.
    package init() {}

    static let acts = ["list", "info", "submit", "change", "review", "publish", "withdraw"]

    package func perform(_ surroundings: Surroundings) async throws(Failure) -> ExitCode {
        let act = try Acts.known(act, among: PracticeCommand.acts, of: "practice")
        let workplace = try Workplace(global, surroundings)
        switch act {
        case "list": return try await list(workplace)
        case "info":
            guard let number = words.first.flatMap({ Int($0) }) else {
                throw Failure(.usage, "info needs a practice's number")
            }
            let practice = try await workplace.once("practice \(number) is not shown") {
                connection async throws(ClientError) in
                try await connection.practice(number)
            }
            show(practice, surroundings, isWhole: true)
            return .done
        default:
            let command = try command(act)
            let done = try await workplace.once("not done: practice \(act)") {
                connection async throws(ClientError) in
                try await connection.changePractice(command)
            }
            surroundings.print(done.citation ?? done.number)
            return .done
        }
    }

    private func list(_ workplace: Workplace) async throws(Failure) -> ExitCode {
        let state = words.first.flatMap { $0.contains("=") ? nil : $0 }
        let filters = try Acts.pairs(words.dropFirst(state == nil ? 0 : 1))
        let practices = try await workplace.once("no practices are listed") {
            connection async throws(ClientError) in
            try await connection.practices(in: state, filters: filters)
        }
        for practice in practices { show(practice, workplace.surroundings, isWhole: false) }
        return practices.isEmpty ? .nothing : .done
    }

    private func command(_ act: String) throws(Failure) -> [String] {
        guard let first = words.first else { throw Failure(.usage, "\(act) needs to know which practice") }
        switch act {
        case "submit", "change":
            let source = act == "submit" && first.contains("/") ? InviteLink.channelName(first) : first
            return [
                act.uppercased(), source, PlenaryConnection.practiceValues(try Acts.pairs(words.dropFirst())),
            ]
        case "review":
            guard words.count > 1 else { throw Failure(.usage, "review needs accept or return") }
            let text = words.dropFirst(2).joined(separator: " ")
            return ["REVIEW", first, words[1]] + (text.isEmpty ? [] : [text])
        default: return [act.uppercased(), first]
        }
    }

    private func show(_ practice: Practice, _ surroundings: Surroundings, isWhole: Bool) {
        if global.json { return surroundings.print(Records.practice(practice).text) }
        let facts = [practice.country, practice.mechanismType, practice.since, practice.language]
            .compactMap { $0 }.joined(separator: ", ")
        surroundings.print(
            PlainText.oneLine(
                "\(practice.number)  \(practice.state)  \(practice.citation ?? "–")  "
                    + "\(PlainText.isolated(practice.title))\(facts.isEmpty ? "" : "  (\(facts))")"))
        guard isWhole else { return }
        for line in [practice.summary, practice.link, practice.source, practice.review] {
            if let line { surroundings.print(PlainText.clean(line)) }
        }
    }
}

extension Records {
    /// `practice`.
    package static func practice(_ practice: Practice) -> JSONValue {
        record(
            "practice",
            [
                ("number", .integer(Int64(practice.number))), ("state", .string(practice.state)),
                ("citation", .optional(practice.citation)), ("title", .string(practice.title)),
                ("country", .optional(practice.country)), ("mechanism", .optional(practice.mechanismType)),
                ("since", .optional(practice.since)), ("link", .optional(practice.link)),
                ("lang", .optional(practice.language)), ("summary", .optional(practice.summary)),
                ("by", .optional(practice.by)), ("channel", .optional(practice.channel.map(name))),
                ("source", .optional(practice.source)), ("review", .optional(practice.review)),
            ])
    }
}
