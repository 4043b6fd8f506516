// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import PlenaryClient
import PlenaryTerminal

/// `plenary login`: a second device of an account that has a password.
package struct LoginCommand: Verb {
    package static let configuration = CommandConfiguration(
        commandName: "login", abstract: "Sign in on this device with a password, once.",
        discussion: """
            Examples:
              plenary login chat.example.org --account amina.b
              plenary login --account bot1 --password-stdin < secret
              plenary login chat.example.org --account amina.b --reset
            The password is used once, to add this device's key to the account.
            """)

    @OptionGroup package var global: GlobalOptions
    @Argument(help: "HOST[:PORT]; the profile's server without it.") package var host: String?
    @Flag(name: .customLong("password-stdin"), help: "Read the password from standard input.")
    package var passwordStdin = false
    @Option(help: "A name for this device.") package var label: String?
    @Flag(name: .customLong("store-password"), help: "Keep the password in a private file instead of a key.")
    package var storePassword = false

    @Flag(help: "Use a reset code of the administrators, and set a new password.")
    package var reset = false

    /// For the argument library.
    package init() {}

    package func perform(_ surroundings: Surroundings) async throws(Failure) -> ExitCode {
        var workplace = try Workplace(global, surroundings)
        var profile = try chosenProfile(workplace)
        if profile.displayName.isEmpty { profile.displayName = profile.account }
        let code = reset ? try resetCode(profile, workplace) : nil
        let password =
            reset
            ? try NewPassword.read(profile.account, workplace, fromInput: passwordStdin)
            : try password(profile, workplace)
        let what = "not signed in to \(profile.server)"
        let identity: ClientIdentity
        do throws(ClientError) {
            identity = try ClientIdentity.make(label: "plenary \(profile.account)".prefixOfBytes(64))
        } catch {
            throw Failure(error, doing: what)
        }
        var probe = profile
        probe.signIn = .guest
        let connection = try await workplace.connect(what, profile: probe) { configuration in
            configuration.clientIdentity = identity
            if let code {
                var registration = AccountRegistration(account: probe.account, inviteCode: code)
                registration.isReset = true
                configuration.session.registration = registration
            } else {
                configuration.session.credentials = .password(account: probe.account, password: password)
            }
            configuration.session.acceptsOtherNickname = false
        }
        if reset {
            _ = try await workplace.ask(connection, what, "PASSWORD", ["*", password])
            workplace.say("The new password of \(profile.account) is set.")
        }
        let directory = workplace.locations.state(of: profile.name)
        if storePassword {
            do throws(FileError) {
                try FileAccess.makePrivateDirectory(directory)
                try FileAccess.writePrivate(Array(password.utf8), to: directory + "/password")
            } catch {
                throw Failure(.cannotCreate, what, "\(error)")
            }
            profile.signIn = .password
            workplace.say("The password is kept in \(directory)/password, readable by you only.")
        } else {
            try DeviceKey.write(identity, directory)
            _ = try await workplace.ask(connection, what, "DEVICES", ["ADD", label ?? "plenary"])
            profile.signIn = .key
            workplace.say("This device is known to \(profile.account) now; no password is needed any more.")
        }
        await connection.close()
        workplace.settings.profiles.removeAll { $0.name == profile.name }
        workplace.settings.profiles.append(profile)
        workplace.settings.values["profile"] = profile.name
        try workplace.settings.write(workplace.locations)
        return .done
    }

    /// The profile of the host that was named, or the one in use, with an account.
    private func chosenProfile(_ workplace: Workplace) throws(Failure) -> Profile {
        var profile: Profile
        if let host {
            let link = try InviteLink("plenary://\(host)")
            profile =
                workplace.settings.profiles.first { $0.name == global.profile ?? link.host }
                ?? Profile(name: global.profile ?? link.host, server: host, account: "")
            profile.server = host
            if !global.pins.isEmpty { profile.pins = try workplace.pins() }
            if global.plainText { profile.isPlainText = true }
        } else {
            profile = try workplace.profile()
        }
        if let account = global.account { profile.account = account }
        if profile.account.isEmpty, workplace.canAsk {
            profile.account = workplace.surroundings.ask("Account: ", false) ?? ""
        }
        guard !profile.account.isEmpty else {
            throw Failure(.usage, "an account is needed", "", "Give it: --account NAME")
        }
        return profile
    }

    /// The code is asked for where somebody can be asked; else it stands in a private file.
    private func resetCode(_ profile: Profile, _ workplace: Workplace) throws(Failure) -> String {
        if let path = workplace.surroundings.environment["PLENARY_TOKEN_FILE"] {
            do throws(FileError) {
                if let bytes = try FileAccess.readPrivate(path) {
                    return String(decoding: bytes.filter { $0 > 32 }, as: UTF8.self)
                }
            } catch {
                throw Failure(.configuration, "the file with the code cannot be read", "\(error)")
            }
        }
        guard workplace.canAsk,
            let text = workplace.surroundings.ask("Reset code of \(profile.account): ", false),
            !text.isEmpty
        else {
            throw Failure(
                .notSignedIn, "a reset code is needed", "nobody can be asked here",
                "Set PLENARY_TOKEN_FILE to a private file that holds it.")
        }
        return String(text.filter { $0 != " " })
    }

    private func password(_ profile: Profile, _ workplace: Workplace) throws(Failure) -> String {
        if passwordStdin {
            let bytes: [UInt8]
            do throws(FileError) { bytes = try workplace.surroundings.readInput() } catch {
                throw Failure(.badInput, "no password could be read", "\(error)")
            }
            return try PostCommand.checked(bytes, "standard input")
        }
        guard workplace.canAsk,
            let text = workplace.surroundings.ask("Password of \(profile.account): ", true),
            !text.isEmpty
        else {
            throw Failure(
                .notSignedIn, "a password is needed", "nobody can be asked here", "Use --password-stdin.")
        }
        return text
    }
}

/// `plenary logout`: forget this device's key or password.
package struct LogoutCommand: Verb {
    package static let configuration = CommandConfiguration(
        commandName: "logout", abstract: "Forget the key or password kept on this device.")

    @OptionGroup package var global: GlobalOptions
    @Flag(help: "Do not ask.") package var yes = false

    /// For the argument library.
    package init() {}

    package func perform(_ surroundings: Surroundings) async throws(Failure) -> ExitCode {
        let workplace = try Workplace(global, surroundings)
        let profile = try workplace.profile()
        try workplace.confirm(
            yes, "nothing was removed", "To forget the key of \(profile.account), type \(profile.account): ",
            profile.account)
        let directory = workplace.locations.state(of: profile.name)
        do throws(FileError) {
            for name in ["key.pem", "certificate.pem", "password"] {
                try FileAccess.remove("\(directory)/\(name)")
            }
        } catch {
            throw Failure(.cannotWrite, "not all was removed", "\(error)")
        }
        workplace.say(
            "This device no longer signs in as \(profile.account). Others still do: plenary devices")
        return .done
    }
}
