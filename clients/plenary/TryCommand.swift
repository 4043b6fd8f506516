// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import PlenaryClient
import PlenaryScreens
import PlenaryTerminal

/// `plenary try`: a community to look at, on this machine and gone afterwards.
package struct TryCommand: Verb {
    package static let configuration = CommandConfiguration(
        commandName: "try", abstract: "Look at a community with visitors, on this machine.",
        discussion: """
            Examples:
              plenary try
              plenary try --language fr
              plenary try --post hello          posts, prints the message's id, and is done
            Starts a private server on loopback in a temporary folder, with the default channels and visitors in
            six languages who talk and answer, and opens the client on it. Leaving stops and deletes it. Your
            own settings and profiles are left alone.
            """)

    @OptionGroup package var global: GlobalOptions
    @Option(help: "Your name there.") package var name = "Guest"
    @Option(help: "Your language: ar, zh, en, fr, ru or es.") package var language: String?
    @Option(help: "Post this text without opening the client, and print the message's id.")
    package var post: String?

    /// For the argument library.
    package init() {}

    package func perform(_ surroundings: Surroundings) async throws(Failure) -> ExitCode {
        let own = try Workplace(global, surroundings)
        let language = try (language ?? global.lang).map { (word) throws(Failure) in
            try JoinCommand.language(word)
        }
        let script = TryScript.standard
        let account = try chosenAccount(script)
        own.say("A community for you alone, on this machine …")
        let server = try TryServer.start(
            language: (language ?? JoinCommand.language(of: own)).rawValue, channel: script.channels[0],
            surroundings.environment)
        defer { TryKeeper.release() }
        var workplace = try privateWorkplace(in: server.folder, language, own)
        var profile = Profile(
            name: "try", server: "\(server.invite.host):\(server.port)", account: account)
        profile.displayName = PlainText.oneLine(name)
        profile.pins = server.invite.pins
        profile.channels = script.channels.map { "#" + $0 }
        let visitors = TryVisitors(script, server: server, you: account, surroundings)
        let code = try await visitors.enter(code: server.invite.code ?? "")
        // Before anything is said, so that all of it is news.
        try await JoinCommand.enter(&profile, code: code, workplace)
        workplace.settings.profiles = [profile]
        try workplace.settings.write(workplace.locations)
        try await visitors.tellHistory()
        if let post { return try await leave(post, script, profile, workplace) }
        await visitors.live()
        own.say("Leave with /quit; everything is deleted then.")
        let target = try Target(script.channels[0])
        let ending = try await workplace.openClient(profile: profile, target: target)
        await visitors.stop()
        if !surroundings.isInputTerminal {
            own.say("Nobody could type here, for standard input is no terminal.")
            own.say("In a terminal: plenary try. Without one: plenary try --post TEXT")
        }
        return ending
    }

    private func chosenAccount(_ script: TryScript) throws(Failure) -> String {
        guard let account = global.account ?? JoinCommand.account(from: name) else {
            throw Failure(
                .usage, "a short name in Latin letters is needed", "", "Give it as well: --account amina.b")
        }
        guard !script.everybody.contains(where: { $0.account == account }) else {
            throw Failure(.usage, "\(account) is one of the visitors", "", "Take another name: --name NAME")
        }
        return account
    }

    /// A workplace whose settings and state are in the trial's folder. How the client looks is as the person
    /// has set it; servers and profiles are not theirs.
    private func privateWorkplace(
        in folder: String, _ language: Language?, _ own: Workplace
    ) throws(Failure) -> Workplace {
        var surroundings = own.surroundings
        for variable in ["PLENARY_PROFILE", "PLENARY_SERVER", "PLENARY_TOKEN_FILE"] {
            surroundings.environment[variable] = nil
        }
        surroundings.environment["PLENARY_CONFIG_DIR"] = folder + "/settings"
        surroundings.environment["XDG_STATE_HOME"] = folder + "/state"
        var options = global
        options.profile = nil
        options.server = nil
        options.pins = []
        options.account = nil
        options.guest = false
        options.plainText = false
        options.lang = language?.rawValue
        var workplace = try Workplace(options, surroundings)
        workplace.settings.values = own.settings.values
        workplace.settings.values["profile"] = "try"
        workplace.settings.values["lang"] = (language ?? JoinCommand.language(of: own)).rawValue
        return workplace
    }

    // MARK: Without a screen

    /// Posts one message, reads it back from the server and prints its id.
    private func leave(
        _ text: String, _ script: TryScript, _ profile: Profile, _ workplace: Workplace
    ) async throws(Failure) -> ExitCode {
        let channel = script.channels[0]
        let what = "not sent to \(channel)"
        let connection = try await workplace.connect(what, profile: profile)
        try await workplace.join("#" + channel, connection, what)
        do throws(ClientError) {
            let message = try await connection.post(text, to: "#" + channel)
            let reader = HistoryReader(connection: connection, conversation: "#" + channel)
            let stored = try await reader.backwards(until: nil, limit: 20)
            await connection.close()
            guard let id = message.id, stored.contains(where: { $0.id == id && $0.text == message.text })
            else {
                throw ClientError.protocolViolation("the message is not in the history")
            }
            if global.json {
                workplace.surroundings.print(Records.posted(message, token: message.token ?? "").text)
            } else {
                workplace.surroundings.print(PlainText.oneLine(id))
            }
            workplace.say(
                "Stored in \(channel), where \(script.everybody.count) visitors were, and read back. "
                    + "All of it is deleted now.")
            return .done
        } catch {
            throw Failure(error, doing: what)
        }
    }
}
