// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import PlenaryClient
import PlenaryScreens
import PlenaryTerminal

/// `plenary floor`: the speakers' list.
package struct FloorCommand: Verb {
    package static let configuration = CommandConfiguration(
        commandName: "floor", abstract: "Ask for the floor, and manage the speakers' list.",
        discussion: """
            Examples:
              plenary floor list seminar
              plenary floor request seminar --item 2 --behalf 'Group of Friends'
              plenary floor withdraw seminar
              plenary floor grant seminar next        plenary floor stop seminar
              plenary floor extend seminar 1m         plenary floor reply seminar r4
              plenary floor draw seminar 42           plenary floor policy seminar limit.state=3m
            Acts for everybody: list request withdraw yield reply point swap.
            Acts of the chair: grant stop extend open close reopen cut order draw policy.
            """)

    @OptionGroup package var global: GlobalOptions
    @Argument(help: "What to do.") package var act: String
    @Argument(help: "The channel, then what the act needs.", completion: .channels)
    package var words: [String] = []
    @Option(help: "The agenda item.") package var item: String?
    @Option(help: "The State or group for which it is said.") package var behalf: String?
    @Option(help: "room or remote.") package var presence: String?
    @Option(help: "The language it will be said in.") package var lang: String?
    @Option(help: "Somebody who has no account here; for the chair and relays.") package var name: String?
    @Option(help: "state, nhri, ngo …; by the profile without it.") package var category: String?
    @Option(help: "The delegation's two letters; by the profile without it.") package var delegation: String?

    /// For the argument library.
    package init() {}

    static let acts = [
        "list", "request", "withdraw", "yield", "reply", "point", "swap", "grant", "stop", "extend", "open",
        "close", "reopen", "cut", "order", "draw", "policy",
    ]

    package func perform(_ surroundings: Surroundings) async throws(Failure) -> ExitCode {
        let act = try Acts.known(act, among: FloorCommand.acts, of: "floor")
        guard let name = words.first else {
            throw Failure(.usage, "no channel was named", "", "Write: plenary floor \(act) CHANNEL")
        }
        let target = try Target.channel(name)
        let workplace = try Workplace(global, surroundings)
        let wire = try command(act)
        let channel = target.conversation
        let list = try await workplace.visit(target, "not done: floor \(act) \(target.shown)") {
            connection async throws(ClientError) in
            if act != "list" { try await connection.floor(channel, wire) }
            return try await connection.speakersList(of: channel)
        }
        FloorPrinter(workplace: workplace).print(list, now: surroundings.now())
        return .done
    }

    private func command(_ act: String) throws(Failure) -> [String] {
        var rest = Array(words.dropFirst())
        if act == "extend", let word = rest.first {
            guard let seconds = TimeText.seconds(word) else {
                throw Failure(.usage, "\(word) is no duration", "", "Write 30s or 1m.")
            }
            rest[0] = String(seconds)
        }
        if act == "policy" { return ["POLICY", rest.joined(separator: ";")] }
        let attributes = PlenaryConnection.floorAttributes([
            ("item", item), ("behalf", behalf), ("presence", presence), ("lang", lang), ("name", name),
            ("category", category), ("delegation", delegation),
        ])
        if attributes.isEmpty { return [act.uppercased()] + rest }
        guard ["request", "reply", "point"].contains(act) else {
            throw Failure(.usage, "\(act) takes no options about a speaker")
        }
        return [act.uppercased()] + rest + [attributes]
    }
}

/// Shows a speakers' list to people or programs.
struct FloorPrinter {
    let workplace: Workplace

    func print(_ list: SpeakersList, now: Timestamp) {
        let surroundings = workplace.surroundings
        if workplace.options.json {
            surroundings.print(Records.floor(list, now: now).text)
            return
        }
        if let speaker = list.speaker {
            let left = max(speaker.ends.seconds - now.seconds, 0)
            surroundings.print(
                PlainText.oneLine("speaking: \(FloorPrinter.line(speaker.request)), \(left) s left"))
        }
        for (index, entry) in list.entries.enumerated() {
            surroundings.print(PlainText.oneLine("\(index + 1)  \(FloorPrinter.line(entry))"))
        }
        workplace.say(
            "\(LineText.count(list.entries.count, "speaker")) on the list, \(list.state), \(list.policy)")
    }

    static func line(_ request: FloorRequest) -> String {
        var facts = [PlainText.isolated(request.name)]
        if let delegation = request.delegation { facts.append("(\(delegation))") }
        if let behalf = request.onBehalf { facts.append("on behalf of \(PlainText.isolated(behalf))") }
        if request.kind != "statement" {
            facts.append(request.kind == "reply" ? "right of reply" : "point of order")
        }
        facts.append("r\(request.number)")
        return facts.joined(separator: " ")
    }
}
