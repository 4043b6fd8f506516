// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import PlenaryClient
import PlenaryTerminal

/// `plenary passwd`: a new password for one's own account.
package struct PasswdCommand: Verb {
    package static let configuration = CommandConfiguration(
        commandName: "passwd", abstract: "Change your password.",
        discussion: """
            Examples:
              plenary passwd
              plenary passwd --password-stdin < new
            On a device with a key the old password is not asked for. Other devices that come back by a
            password's token have to sign in again.
            """)

    @OptionGroup package var global: GlobalOptions
    @Flag(name: .customLong("password-stdin"), help: "Read the new password from standard input.")
    package var passwordStdin = false

    /// For the argument library.
    package init() {}

    package func perform(_ surroundings: Surroundings) async throws(Failure) -> ExitCode {
        let workplace = try Workplace(global, surroundings)
        let profile = try workplace.profile()
        let what = "the password is unchanged"
        var old = "*"
        if profile.signIn == .password {
            old = try workplace.password(of: profile)
            guard !old.contains(" "), !old.hasPrefix(":") else {
                throw Failure(
                    .badInput, what, "the old password holds a space, which PASSWORD cannot carry",
                    "Sign in with a key first: plenary login")
            }
        }
        let new = try NewPassword.read(profile.account, workplace, fromInput: passwordStdin)
        let connection = try await workplace.connect(what, profile: profile)
        _ = try await workplace.ask(connection, what, "PASSWORD", [old, new])
        await connection.close()
        if profile.signIn == .password { try workplace.keepPassword(new, of: profile) }
        workplace.say("The password of \(profile.account) is changed.")
        return .done
    }
}

/// A password that is to be set: from standard input, or asked for twice.
enum NewPassword {
    static func read(
        _ account: String, _ workplace: Workplace, fromInput: Bool
    ) throws(Failure) -> String {
        if fromInput {
            let bytes: [UInt8]
            do throws(FileError) { bytes = try workplace.surroundings.readInput() } catch {
                throw Failure(.badInput, "no password could be read", "\(error)")
            }
            return try PostCommand.checked(bytes, "standard input")
        }
        guard workplace.canAsk else {
            throw Failure(
                .notSignedIn, "a new password is needed", "nobody can be asked here", "Use --password-stdin.")
        }
        let ask = workplace.surroundings.ask
        let first = ask("New password of \(account): ", true) ?? ""
        guard !first.isEmpty, ask("Once more: ", true) == first else {
            throw Failure(.badInput, "the password is unchanged", "the two differ")
        }
        return first
    }
}

/// `plenary sessions`: where one is signed in.
package struct SessionsCommand: Verb {
    package static let configuration = CommandConfiguration(
        commandName: "sessions", abstract: "List where you are signed in, or close a session.",
        discussion: """
            Examples:
              plenary sessions
              plenary sessions close s1a
            No address is listed, for the server keeps none.
            """)

    @OptionGroup package var global: GlobalOptions
    @Argument(help: "list, or close ID.") package var words: [String] = ["list"]

    /// For the argument library.
    package init() {}

    package func perform(_ surroundings: Surroundings) async throws(Failure) -> ExitCode {
        let workplace = try Workplace(global, surroundings)
        let parameters: [String]
        switch (words.first, words.count) {
        case ("list", 1): parameters = ["LIST"]
        case ("close", 2): parameters = ["CLOSE", words[1]]
        default: throw Failure(.usage, "sessions takes list or close ID")
        }
        let what = parameters[0] == "LIST" ? "no list of sessions" : "the session is not closed"
        let connection = try await workplace.connect(what, profile: try workplace.profile())
        let reply = try await workplace.ask(connection, what, "SESSIONS", parameters)
        await connection.close()
        var rows: [[String]] = []
        for line in reply.lines where line.verb == "NOTE" && line.parameter(1) == "SESSION" {
            guard let row = Records.SessionRow(line) else { continue }
            if global.json {
                surroundings.print(Records.session(row, now: surroundings.now()).text)
            } else {
                rows.append([
                    row.id, workplace.show(row.since), row.signIn, row.state,
                    PlainText.oneLine(row.label),
                ])
            }
        }
        TableText.print(rows, workplace)
        if parameters[0] == "CLOSE" { workplace.say("The session \(words[1]) is closed.") }
        return .done
    }
}

/// `plenary invite`: codes with which people sign up.
package struct InviteCommand: Verb {
    package static let configuration = CommandConfiguration(
        commandName: "invite", abstract: "Make, list and revoke invites: moderators and secretariat.",
        discussion: """
            Examples:
              plenary invite create practices --uses 5 --expires 3d
              plenary invite create practices --seat board --role rapporteur
              plenary invite list
              plenary invite revoke 4f1c09aa
            """)

    @OptionGroup package var global: GlobalOptions
    @Argument(help: "create [CHANNEL], list, or revoke HANDLE.") package var words: [String] = ["list"]
    @Option(help: "A private channel it opens as well; may be repeated.") package var seat: [String] = []
    @Option(help: "How many people may use it.") package var uses: Int = 1
    @Option(help: "How long it holds: 30m, 12h, 7d; or never.") package var expires = "7d"
    @Option(help: "The role it gives.") package var role = "member"
    @Option(help: "The account name kept for who uses it.") package var name: String?

    /// For the argument library.
    package init() {}

    package func perform(_ surroundings: Surroundings) async throws(Failure) -> ExitCode {
        let workplace = try Workplace(global, surroundings)
        let profile = try workplace.profile()
        var parameters: [String]
        switch (words.first, words.count) {
        case ("create", 1...2):
            var wishes = ["role=\(role)", "uses=\(uses)", "expires=\(expires)"]
            let seats = seat.map { InviteLink.channelName($0) }.joined(separator: ",")
            if !seats.isEmpty { wishes.append("channels=\(seats)") }
            if let name { wishes.append("name=\(name)") }
            parameters = ["CREATE", wishes.joined(separator: ";")]
        case ("list", 1): parameters = ["LIST"]
        case ("revoke", 2): parameters = ["REVOKE", words[1]]
        default: throw Failure(.usage, "invite takes create [CHANNEL], list or revoke HANDLE")
        }
        let what = parameters[0] == "CREATE" ? "no invite was made" : "the invites are unchanged"
        let connection = try await workplace.connect(what, profile: profile)
        let reply = try await workplace.ask(connection, what, "INVITECODE", parameters)
        await connection.close()
        var rows: [[String]] = []
        for line in reply.lines where line.verb == "NOTE" {
            switch line.parameter(1) {
            case "CREATED":
                let link = InviteCommand.link(
                    profile, channel: words.count > 1 ? words[1] : nil, code: line.parameter(3) ?? "")
                if global.json {
                    surroundings.print(
                        Records.invite(
                            handle: line.parameter(2) ?? "", code: line.parameter(3), link: link,
                            attributes: parameters[1], now: surroundings.now()
                        ).text)
                } else {
                    surroundings.print(link)
                }
            case "CODE":
                let handle = line.parameter(2) ?? ""
                let attributes = line.parameter(3) ?? ""
                if global.json {
                    surroundings.print(
                        Records.invite(
                            handle: handle, code: nil, link: nil, attributes: attributes,
                            now: surroundings.now()
                        ).text)
                } else {
                    rows.append([handle] + attributes.split(separator: ";").map(String.init))
                }
            case "REVOKED": workplace.say("The invite \(words[1]) is revoked.")
            default: break
            }
        }
        TableText.print(rows, workplace)
        return .done
    }

    /// What somebody pastes into `plenary join`: the server as this profile knows it, with its keys.
    static func link(_ profile: Profile, channel: String?, code: String) -> String {
        let place = (channel ?? profile.channels.first ?? "").drop { $0 == "#" }
        var link = "plenary://\(profile.server)"
        if !place.isEmpty { link += "/\(place)" }
        link += "#\(code)"
        for pin in profile.pins { link += "&pin=\(pin)" }
        return link
    }
}
