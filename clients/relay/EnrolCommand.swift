// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import PlenaryClient

/// `plenary-relay enrol`.
package struct EnrolCommand: RelayVerb {
    package static let configuration = CommandConfiguration(
        commandName: "enrol", abstract: "Make the relay's key and account, once.",
        discussion: """
            The account then needs the permission `relay` in its channels; whoever gives roles gives it.

            Examples:
              plenary-relay enrol --code K7QF-2M9D-TR4X --server chat.example.org --account zoom-relay
            """)

    @OptionGroup package var options: RelayOptions
    @Option(help: "The one-time code of the invite.")
    package var code: String?

    /// For the argument library.
    package init() {}

    package func perform() async throws(Failure) -> ExitCode {
        let station = try Station(options)
        try station.makeFolder()
        if try station.privateFile("key.pem") == nil { try makeKey(station) }
        let connection = try station.connection(
            channels: [], reconnects: false,
            registration: AccountRegistration(account: station.settings.account, inviteCode: code))
        do throws(ClientError) {
            try await connection.start()
            try await connection.waitUntilOnline()
        } catch { throw Failure(error, doing: "the account was not made") }
        await connection.close()
        Output.print("\(station.settings.account) can sign in with the key in \(station.folder)")
        return .done
    }

    private func makeKey(_ station: Station) throws(Failure) {
        do {
            let identity = try ClientIdentity.make(label: "plenary-relay")
            try RelayFiles.writePrivate(
                Array(identity.certificatePEM.utf8), to: "\(station.folder)/certificate.pem")
            try RelayFiles.writePrivate(Array(identity.privateKeyPEM.utf8), to: "\(station.folder)/key.pem")
        } catch { throw Failure(.cannotCreate, "the relay's key cannot be kept", "\(error)") }
    }
}
