// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import PlenaryClient
import PlenaryTerminal

/// Rows in columns on a terminal, in tab-separated fields for programs.
struct TableText {
    /// Prints the rows.
    static func print(_ rows: [[String]], _ workplace: Workplace) {
        let rows = rows.map { $0.map(PlainText.oneLine) }
        guard workplace.surroundings.isOutputTerminal else {
            for row in rows { workplace.surroundings.print(row.joined(separator: "\t")) }
            return
        }
        let columnCount = rows.map(\.count).max() ?? 0
        let widths = (0..<columnCount).map { column in
            rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0
        }
        for row in rows {
            let cells = row.enumerated().map { index, cell in
                index == row.count - 1
                    ? cell : cell + String(repeating: " ", count: widths[index] - cell.count)
            }
            workplace.surroundings.print(cells.joined(separator: "  "))
        }
    }
}

/// `plenary channels`.
package struct ChannelsCommand: Verb {
    package static let configuration = CommandConfiguration(
        commandName: "channels", abstract: "List the channels.")

    @OptionGroup package var global: GlobalOptions

    /// For the argument library.
    package init() {}

    package func perform(_ surroundings: Surroundings) async throws(Failure) -> ExitCode {
        let workplace = try Workplace(global, surroundings)
        let what = "no list of channels"
        let profile = try workplace.profile()
        let connection = try await workplace.connect(what, profile: profile)
        let reply = try await workplace.ask(connection, what, "LIST")
        await connection.close()
        var rows: [[String]] = []
        for line in reply.lines where line.numeric == 322 {
            guard let name = line.parameter(1) else { continue }
            let topic = line.parameters.count > 3 ? line.parameters.last : nil
            if global.json {
                surroundings.print(
                    Records.channel(
                        name: name, topic: topic, memberCount: line.parameter(2).flatMap { Int($0) },
                        isJoined: profile.channels.contains(name), now: surroundings.now()
                    ).text)
            } else {
                rows.append([Records.name(name), line.parameter(2) ?? "", topic ?? ""])
            }
        }
        KnownChannels.remember(
            reply.lines.filter { $0.numeric == 322 }.compactMap { $0.parameter(1) }, workplace)
        TableText.print(rows.sorted { $0[0] < $1[0] }, workplace)
        return .done
    }
}

/// `plenary who`.
package struct WhoCommand: Verb {
    package static let configuration = CommandConfiguration(
        commandName: "who", abstract: "List who is in a channel.")

    @OptionGroup package var global: GlobalOptions
    @Argument(help: "The channel; the profile's first one without it.", completion: .channels) package
        var target: String?

    /// For the argument library.
    package init() {}

    package func perform(_ surroundings: Surroundings) async throws(Failure) -> ExitCode {
        let workplace = try Workplace(global, surroundings)
        let profile = try workplace.profile()
        guard let name = target ?? profile.channels.first else {
            throw Failure(.usage, "no channel was named", "", "Write: plenary who CHANNEL")
        }
        let target = try Target(name)
        let what = "no list of \(target.shown)"
        let connection = try await workplace.connect(what, profile: profile)
        try await workplace.join(target.conversation, connection, what)
        let reply = try await workplace.ask(connection, what, "WHO", [target.conversation])
        let session = await connection.session
        let people = await PersonFacts.everybody(
            in: target.conversation, own: session.nickname, connection)
        await connection.close()
        var rows: [[String]] = []
        for line in reply.lines where line.numeric == 352 {
            guard let nickname = line.parameter(5), let flags = line.parameter(6) else { continue }
            let prefixes = flags.filter { "~&@%+".contains($0) }
            var member = Member(nickname: nickname, prefixes: prefixes, isAway: flags.hasPrefix("G"))
            member.account =
                session.channels[session.features.fold(target.conversation)]?
                .members[session.features.fold(nickname)]?.account
            if global.json {
                surroundings.print(
                    Records.presence(
                        member, people[nickname], channel: target.conversation, now: surroundings.now()
                    ).text)
            } else {
                let realName = (line.parameters.last ?? "").split(separator: " ", maxSplits: 1).dropFirst()
                    .first
                rows.append(
                    [
                        nickname, Records.roleWord(member.prefixes), member.isAway ? "away" : "here",
                        realName.map(String.init) ?? "",
                    ] + (people[nickname]?.columns ?? ["", ""]))
            }
        }
        TableText.print(rows.sorted { $0[0] < $1[0] }, workplace)
        return .done
    }
}

/// `plenary topic`.
package struct TopicCommand: Verb {
    package static let configuration = CommandConfiguration(
        commandName: "topic", abstract: "Print or set a channel's topic.")

    @OptionGroup package var global: GlobalOptions
    @Argument(help: "The channel.", completion: .channels) package var target: String
    @Argument(help: "The new topic; without it, the topic is printed.") package var words: [String] = []

    /// For the argument library.
    package init() {}

    package func perform(_ surroundings: Surroundings) async throws(Failure) -> ExitCode {
        let workplace = try Workplace(global, surroundings)
        let target = try Target(target)
        let what = words.isEmpty ? "no topic of \(target.shown)" : "the topic of \(target.shown) was not set"
        let connection = try await workplace.connect(what, profile: try workplace.profile())
        try await workplace.join(target.conversation, connection, what)
        let parameters = [target.wire] + (words.isEmpty ? [] : [words.joined(separator: " ")])
        let reply = try await workplace.ask(connection, what, "TOPIC", parameters)
        await connection.close()
        guard words.isEmpty else { return .done }
        guard let line = reply.lines.first(where: { $0.numeric == 332 }) else {
            workplace.say("There is no topic.")
            return .nothing
        }
        surroundings.print(PlainText.oneLine(line.parameters.last ?? ""))
        return .done
    }
}

/// `plenary whoami`.
package struct WhoamiCommand: Verb {
    package static let configuration = CommandConfiguration(
        commandName: "whoami", abstract: "Print who you are on the server.")

    @OptionGroup package var global: GlobalOptions

    /// For the argument library.
    package init() {}

    package func perform(_ surroundings: Surroundings) async throws(Failure) -> ExitCode {
        let workplace = try Workplace(global, surroundings)
        let profile = try workplace.profile()
        let connection = try await workplace.connect("cannot tell who you are", profile: profile)
        let session = await connection.session
        await connection.close()
        if global.json {
            surroundings.print(
                Records.identity(
                    profile, account: session.account, nickname: session.nickname, now: surroundings.now()
                ).text)
        } else {
            surroundings.print(PlainText.oneLine(session.account ?? "guest \(session.nickname)"))
            workplace.say(
                "on \(profile.server) (\(session.features.networkName ?? session.serverName)), "
                    + "by \(profile.signIn.rawValue), profile \(profile.name)")
        }
        return .done
    }
}

/// `plenary devices`.
package struct DevicesCommand: Verb {
    package static let configuration = CommandConfiguration(
        commandName: "devices", abstract: "List, add or revoke the devices of your account.")

    @OptionGroup package var global: GlobalOptions
    @Argument(help: "list, add LABEL, or revoke FINGERPRINT.") package var words: [String] = ["list"]

    /// For the argument library.
    package init() {}

    package func perform(_ surroundings: Surroundings) async throws(Failure) -> ExitCode {
        let workplace = try Workplace(global, surroundings)
        let parameters: [String]
        switch (words.first, words.count) {
        case ("list", 1): parameters = ["LIST"]
        case ("add", 2...): parameters = ["ADD", words.dropFirst().joined(separator: " ")]
        case ("revoke", 2), ("remove", 2):
            parameters = ["REMOVE", words[1].lowercased().filter { $0 != ":" }]
        default: throw Failure(.usage, "devices takes list, add LABEL or revoke FINGERPRINT")
        }
        let what = "the devices are unchanged"
        let connection = try await workplace.connect(what, profile: try workplace.profile())
        let reply = try await workplace.ask(connection, what, "DEVICES", parameters)
        await connection.close()
        var rows: [[String]] = []
        for line in reply.lines where line.verb == "NOTE" && line.parameter(1) == "DEVICE" {
            let fingerprint = line.parameter(2) ?? ""
            let label = line.parameter(3) ?? ""
            if global.json {
                surroundings.print(
                    Records.device(fingerprint: fingerprint, label: label, now: surroundings.now()).text)
            } else {
                rows.append([fingerprint, label])
            }
        }
        TableText.print(rows, workplace)
        return .done
    }
}
