// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import PlenaryClient
import PlenaryScreens
import PlenaryTerminal

/// `plenary join`: the first set-up of a server, from an invite or by its name.
package struct JoinCommand: Verb {
    package static let configuration = CommandConfiguration(
        commandName: "join", abstract: "Set up a server, from your invite.",
        discussion: """
            Examples:
              plenary join 'plenary://chat.example.org/practices#K7QF-2M9D-TR4X&pin=sha256:…'
              plenary join 'plenary://…' --name 'Amina B.' --account amina.b --language fr --no-open
              plenary join chat.example.org --guest
            Makes a key for this device; no password is needed afterwards.
            """)

    @OptionGroup package var global: GlobalOptions
    @Argument(help: "The invite, in single quotes, or HOST[:PORT].") package var link: String
    @Option(help: "Your name, as others will see it; --account is the short one.") package var name: String?
    @Option(help: "The invite code, when it is not in the link.") package var code: String?
    @Option(help: "Your language: ar, zh, en, fr, ru or es.") package var language: String?
    @Flag(help: "Do not ask to agree with the privacy notice.") package var yes = false
    @Flag(name: .customLong("no-open"), help: "Do not open the client afterwards.")
    package var noOpen = false

    /// For the argument library.
    package init() {}

    package func perform(_ surroundings: Surroundings) async throws(Failure) -> ExitCode {
        var workplace = try Workplace(global, surroundings)
        var invite = try InviteLink(link.hasPrefix("plenary:") ? link : "plenary://\(link)")
        if let code { invite.code = code }
        invite.pins += try workplace.pins()
        var profile = try newProfile(invite, workplace)
        let wanted = try (language ?? global.lang).map { (word) throws(Failure) in
            try JoinCommand.language(word)
        }
        // Before anything is asked: who cannot be reached, or is somebody else, needs no name.
        if workplace.canAsk { try await recogniseServer(&profile, workplace) }
        let texts = JoinTexts(language: wanted ?? chooseLanguage(workplace))
        try chooseNames(&profile, invite, texts, workplace)
        if !workplace.canAsk, profile.pins.isEmpty { try await recogniseServer(&profile, workplace) }
        try showNotice(texts, workplace)
        workplace.say(texts.connecting(to: invite.host, isPinned: !profile.pins.isEmpty))
        if global.guest { profile.signIn = .guest }
        try await JoinCommand.enter(&profile, code: invite.code, workplace)
        workplace.settings.profiles.removeAll { $0.name == profile.name }
        workplace.settings.profiles.append(profile)
        workplace.settings.values["profile"] = profile.name
        if workplace.canAsk || wanted != nil {
            workplace.settings.values["lang"] = texts.language.rawValue
        }
        try workplace.settings.write(workplace.locations)
        if global.json {
            surroundings.print(
                Records.joined(profile, now: surroundings.now()).text)
        } else {
            workplace.say(texts.joined(as: profile.account, on: profile.server))
        }
        guard !noOpen, !global.json, workplace.canAsk, surroundings.isOutputTerminal,
            let channel = profile.channels.first
        else { return .done }
        return try await workplace.openClient(profile: profile, target: try Target(channel))
    }

    private func newProfile(_ invite: InviteLink, _ workplace: Workplace) throws(Failure) -> Profile {
        let name = global.profile ?? invite.host
        guard
            invite.code != nil || global.guest
                || !workplace.settings.profiles.contains(where: { $0.name == name })
        else {
            throw Failure(
                .usage, "the profile \(name) is there already", "",
                "Use it: plenary -p \(name), or remove it first: plenary profile remove \(name)")
        }
        var profile = Profile(
            name: name,
            server: invite.port == Endpoint.defaultPort ? invite.host : "\(invite.host):\(invite.port)",
            account: "")
        profile.pins = invite.pins
        profile.isPlainText = global.plainText
        profile.channels = invite.channel.map { [$0] } ?? []
        return profile
    }

    // MARK: Language and notice

    /// The settings', or that of the locale, which a person confirms by Enter.
    private func chooseLanguage(_ workplace: Workplace) -> Language {
        var language = JoinCommand.language(of: workplace)
        guard workplace.canAsk, workplace.settings.values["lang"] == nil else { return language }
        while true {
            let question = JoinTexts(language: language).languageQuestion
            let answer = workplace.surroundings.ask(question, false) ?? ""
            guard !answer.isEmpty else { return language }
            // Another one is confirmed in its own words; what is none is asked again.
            if let other = Language(locale: answer) { language = other }
        }
    }

    /// A language by its code; throws for another word.
    static func language(_ word: String) throws(Failure) -> Language {
        guard let language = Language(rawValue: word) else {
            let known = Language.allCases.map(\.rawValue).joined(separator: ", ")
            throw Failure(.usage, "--language is one of \(known), not \(word)")
        }
        return language
    }

    /// The language as set, else that of the locale, else English.
    static func language(of workplace: Workplace) -> Language {
        let environment = workplace.surroundings.environment
        let set = ConfigCommand.origin(of: "lang", "", workplace).value
        let locale = ["LC_ALL", "LC_MESSAGES", "LANG"].compactMap { environment[$0] }.first { !$0.isEmpty }
        return Language(rawValue: set) ?? locale.flatMap { Language(locale: $0) } ?? .english
    }

    private func showNotice(_ texts: JoinTexts, _ workplace: Workplace) throws(Failure) {
        for line in texts.privacyNotice { workplace.say(line) }
        guard workplace.canAsk, !yes else { return }
        guard workplace.surroundings.ask(texts.noticeQuestion, false) != nil else {
            throw Failure(.usage, "not joined", "the privacy notice was not agreed with")
        }
    }

    // MARK: Who

    private func chooseNames(
        _ profile: inout Profile, _ invite: InviteLink, _ texts: JoinTexts, _ workplace: Workplace
    ) throws(Failure) {
        var display = name ?? invite.name ?? global.account
        if name == nil, workplace.canAsk {
            let answer = workplace.surroundings.ask(texts.nameQuestion(display), false) ?? ""
            if !answer.isEmpty { display = answer }
        }
        guard let display, !display.isEmpty else {
            throw Failure(
                .usage, "a name is needed", "nobody can be asked here", "Give it: --name 'Amina B.'")
        }
        profile.displayName = PlainText.oneLine(display)
        let suggested = JoinCommand.account(from: display)
        if let account = global.account ?? (workplace.canAsk && name == nil ? nil : suggested) {
            profile.account = account
            return
        }
        var answer = ""
        if workplace.canAsk {
            answer = workplace.surroundings.ask(texts.accountQuestion(suggested), false) ?? ""
        }
        if answer.isEmpty { answer = suggested ?? "" }
        guard !answer.isEmpty else {
            throw Failure(
                .usage, "a short name in Latin letters is needed", "", "Give it: --account amina.b")
        }
        profile.account = answer
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

    /// With a pin: it is the server's. Without one: a known authority vouches for the server, or a person is
    /// shown its key, once.
    private func recogniseServer(_ profile: inout Profile, _ workplace: Workplace) async throws(Failure) {
        guard !profile.isPlainText else { return }
        var probe = profile
        probe.signIn = .guest
        probe.account = "newcomer"
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
            switch failure {
            case .cannotReach(_, _, _)?, .identityMismatch(_, _)?:
                guard let failure else { return }
                throw Failure(failure, doing: "cannot join \(profile.server)")
            // Any other end comes after the handshake: the authority, or the pin, vouched for it.
            default: return
            }
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

    /// Makes a key for this device and an account that it signs in to, unless the profile is a guest's, and
    /// enters the profile's channels once, so that they remember.
    static func enter(
        _ profile: inout Profile, code: String?, _ workplace: Workplace
    ) async throws(Failure) {
        let what = "cannot join \(profile.server)"
        var identity: ClientIdentity?
        var registration: AccountRegistration?
        if profile.signIn != .guest {
            do throws(ClientError) {
                identity = try ClientIdentity.make(label: "plenary \(profile.account)".prefixOfBytes(64))
            } catch {
                throw Failure(error, doing: what)
            }
            registration = AccountRegistration(account: profile.account, inviteCode: code)
        }
        var probe = profile
        probe.signIn = .guest
        let connection = try await workplace.connect(what, profile: probe) { configuration in
            configuration.clientIdentity = identity
            configuration.session.registration = registration
            configuration.session.acceptsOtherNickname = registration == nil
        }
        // The account is made: from here on its key must not be lost.
        if let identity { try DeviceKey.write(identity, workplace.locations.state(of: profile.name)) }
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
