// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import PlenaryClient

/// `plenary join`: the first set-up of a server, from an invite or by its name.
package struct JoinCommand: Verb {
    package static let configuration = CommandConfiguration(
        commandName: "join", abstract: "Set up a server, from your invite.",
        discussion: """
            Examples:
              plenary join 'plenary://chat.example.org/practices#K7QF-2M9D-TR4X&pin=sha256:…'
              plenary join chat.example.org --guest
            Makes a key for this device; no password is needed afterwards.
            """)

    @OptionGroup package var global: GlobalOptions
    @Argument(help: "The invite, in single quotes, or HOST[:PORT].") package var link: String
    @Option(help: "Your name, as others will see it.") package var name: String?
    @Option(help: "The invite code, when it is not in the link.") package var code: String?

    /// For the argument library.
    package init() {}

    package func perform(_ surroundings: Surroundings) async throws(Failure) -> ExitCode {
        var workplace = try Workplace(global, surroundings)
        var invite: InviteLink
        if link.hasPrefix("plenary:") {
            invite = try InviteLink(link)
        } else {
            invite = try InviteLink("plenary://\(link)")
        }
        if let code { invite.code = code }
        invite.pins += try workplace.pins()
        let profileName = global.profile ?? invite.host
        var profile = Profile(
            name: profileName,
            server: invite.port == Endpoint.defaultPort ? invite.host : "\(invite.host):\(invite.port)",
            account: "")
        profile.pins = invite.pins
        profile.isPlainText = global.plainText
        profile.channels = invite.channel.map { [$0] } ?? []
        guard
            invite.code != nil || global.guest
                || !workplace.settings.profiles.contains(where: { $0.name == profileName })
        else {
            throw Failure(
                .usage, "the profile \(profileName) is there already", "",
                "Use it: plenary -p \(profileName), or remove it first: plenary profile remove \(profileName)"
            )
        }
        try chooseNames(&profile, invite, workplace)
        try await recogniseServer(&profile, workplace)
        workplace.say(
            profile.pins.isEmpty
                ? "Connecting to \(invite.host) …" : "Connecting to \(invite.host) … its identity is checked."
        )
        try await enter(&profile, invite, workplace)
        workplace.settings.profiles.removeAll { $0.name == profile.name }
        workplace.settings.profiles.append(profile)
        workplace.settings.values["profile"] = profile.name
        try workplace.settings.write(workplace.locations)
        if global.json {
            surroundings.print(
                Records.joined(profile, now: surroundings.now()).text)
        } else {
            workplace.say("You are \(profile.account) on \(profile.server). Back any time with: plenary")
        }
        return .done
    }

    // MARK: Who

    private func chooseNames(
        _ profile: inout Profile, _ invite: InviteLink, _ workplace: Workplace
    ) throws(Failure) {
        var display = name ?? invite.name
        if display == nil, let account = global.account { display = account }
        if display == nil || (name == nil && workplace.canAsk && invite.name != nil) {
            guard workplace.canAsk else {
                throw Failure(
                    .usage, "a name is needed", "nobody can be asked here", "Give it: --name 'Amina B.'")
            }
            let shown = display.map { " [\($0)]" } ?? ""
            let answer = workplace.surroundings.ask("Your name, as others will see it\(shown): ", false) ?? ""
            if !answer.isEmpty { display = answer }
        }
        guard let display, !display.isEmpty else { throw Failure(.usage, "a name is needed") }
        profile.displayName = PlainText.oneLine(display)
        if let account = global.account {
            profile.account = account
        } else if let suggested = JoinCommand.account(from: display) {
            profile.account = suggested
            if workplace.canAsk, name == nil {
                let answer =
                    workplace.surroundings.ask("Your short name, in Latin letters [\(suggested)]: ", false)
                    ?? ""
                if !answer.isEmpty { profile.account = answer }
            }
        } else {
            guard workplace.canAsk,
                let answer = workplace.surroundings.ask("Your short name, in Latin letters: ", false),
                !answer.isEmpty
            else {
                throw Failure(
                    .usage, "a short name in Latin letters is needed", "", "Give it: --account amina.b")
            }
            profile.account = answer
        }
    }

    /// `Amina B., Kenya` becomes `amina.b`: the ASCII letters and digits before a comma, words joined by dots.
    package static func account(from display: String) -> String? {
        let front = display.split(separator: ",").first ?? ""
        var result = ""
        for scalar in front.lowercased().unicodeScalars {
            switch scalar.value {
            case 48...57, 97...122: result.unicodeScalars.append(scalar)
            case 32, 45, 46: if !result.hasSuffix("."), !result.isEmpty { result += "." }
            case 0x80...: return nil
            default: continue
            }
        }
        while result.hasSuffix(".") { result.removeLast() }
        guard let first = result.utf8.first, first >= 97 else { return nil }
        return String(result.prefix(32))
    }

    // MARK: Where

    /// Without a pin: a known authority vouches for the server, or a person is shown its key, once.
    private func recogniseServer(_ profile: inout Profile, _ workplace: Workplace) async throws(Failure) {
        guard profile.pins.isEmpty, !profile.isPlainText else { return }
        var probe = profile
        probe.signIn = .guest
        var configuration = try workplace.configuration(for: probe)
        configuration.reconnects = false
        let connection = workplace.surroundings.connect(configuration, MemoryQueue())
        var failure: ClientError?
        do throws(ClientError) {
            try await connection.start()
            try await connection.waitUntilOnline()
        } catch {
            failure = error
        }
        await connection.close()
        guard case .identityUnverified(let found, let reason) = failure, let found else {
            if case .cannotReach = failure, let failure {
                throw Failure(failure, doing: "cannot join \(profile.server)")
            }
            // Any other end comes after the handshake: the authority vouched for it.
            return
        }
        guard workplace.canAsk else {
            throw Failure(
                .identity, "cannot join \(profile.server)",
                "no known authority vouches for it (\(reason)); it shows \(found.pin)",
                "Confirm that key with the secretariat, then add: --pin \(found.pin)")
        }
        workplace.surroundings.say("No known authority vouches for \(profile.server): \(reason).")
        workplace.surroundings.say("Its key is \(found.pin)")
        workplace.surroundings.say("In words: \(found.pin.words.joined(separator: " "))")
        let answer =
            workplace.surroundings.ask("Is that the key the secretariat told you? yes or no: ", false) ?? ""
        guard ["yes", "y", "oui", "si", "sí", "да", "是", "نعم"].contains(answer.lowercased()) else {
            throw Failure(.identity, "not joined", "the server's key was not confirmed")
        }
        profile.pins = [found.pin]
    }

    // MARK: In

    private func enter(
        _ profile: inout Profile, _ invite: InviteLink, _ workplace: Workplace
    ) async throws(Failure) {
        let what = "cannot join \(profile.server)"
        let directory = workplace.locations.state(of: profile.name)
        var identity: ClientIdentity?
        var registration: AccountRegistration?
        if global.guest {
            profile.signIn = .guest
        } else {
            do throws(ClientError) {
                identity = try ClientIdentity.make(label: "plenary \(profile.account)".prefixOfBytes(64))
            } catch {
                throw Failure(error, doing: what)
            }
            registration = AccountRegistration(account: profile.account, inviteCode: invite.code)
            profile.signIn = .key
        }
        var probe = profile
        probe.signIn = .guest
        let connection = try await workplace.connect(what, profile: probe) { configuration in
            configuration.clientIdentity = identity
            configuration.session.registration = registration
            configuration.session.acceptsOtherNickname = registration == nil
        }
        // The account is made: from here on its key must not be lost.
        if let identity { try DeviceKey.write(identity, directory) }
        let session = await connection.session
        profile.account = session.account ?? session.nickname
        for channel in profile.channels {
            do throws(ClientError) { try await connection.join(channel) } catch {
                workplace.say("not in \(Records.name(channel)): \(LineText.reason(error))")
            }
        }
        await connection.close()
    }
}

extension String {
    /// The longest beginning of at most this many UTF-8 bytes.
    func prefixOfBytes(_ limit: Int) -> String {
        var result = String.UnicodeScalarView()
        var count = 0
        for scalar in unicodeScalars {
            count += UTF8.width(scalar)
            if count > limit { break }
            result.append(scalar)
        }
        return String(result)
    }
}
