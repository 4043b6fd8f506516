// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import PlenaryConfiguration
import PlenaryServer

/// Writes a configuration, makes the certificate, and prints the first invite.
struct SetupCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "setup",
        abstract: "Set up a new server: configuration, certificate, first administrator's invite.",
        discussion: """
            Writes plenaryd.yaml, community.yaml and roles.yaml into the directory; nothing that exists is replaced.
            The link on standard output lets one person in as administrator, within 7 days.
            """)

    @Argument(help: "The host name that people connect to.")
    var host: String
    @Option(help: "Where to write.")
    var directory = "."
    @Option(help: "The address to listen on; * is every address.")
    var address = "*"
    @Option(help: "The port; 6697 is the registered one for TLS.")
    var port: UInt16 = 6697
    @Option(help: "closed or open.")
    var profile = "closed"
    @Option(help: "The channel the invite opens.")
    var channel = "lobby"
    @Flag(help: "Allow tmpfs and network disks, which may lose what was confirmed. For trials.")
    var anyFileSystem = false

    func run() throws {
        try reporting {
            let serverPath = directory + "/plenaryd.yaml"
            let communityPath = directory + "/community.yaml"
            let rolesPath = directory + "/roles.yaml"
            for path in [serverPath, communityPath, rolesPath]
            where FileManager.default.fileExists(atPath: path) {
                throw Failure(ExitCodes.cannotCreate, "\(path) exists; setup replaces nothing")
            }
            try checkChannel()
            let text = filledIn()
            var findings = FindingList()
            let read = readServerConfiguration(Array(text.utf8), file: serverPath, findings: &findings)
            checkTogether(read, file: serverPath, findings: &findings)
            if let first = findings.sorted.first(where: { $0.severity == .error }) {
                throw Failure(ExitCodes.usage, first.message)
            }
            do {
                try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
            } catch {
                throw Failure(
                    ExitCodes.cannotCreate, "\(directory) cannot be created: \(error.localizedDescription)")
            }
            try PrivateFile.write(Array(ShippedFiles.community.utf8), to: communityPath, mode: 0o644)
            try PrivateFile.write(Array(ShippedFiles.roles.utf8), to: rolesPath, mode: 0o644)
            try PrivateFile.write(Array(text.utf8), to: serverPath, mode: 0o644)
            try makeFirstInvite(loadConfiguration(at: serverPath))
        }
    }

    /// An invite to a channel that is not there would lead nowhere.
    private func checkChannel() throws {
        var findings = FindingList()
        let names = readCommunity(
            Array(ShippedFiles.community.utf8), file: "community.yaml", findings: &findings
        ).map(\.name)
        guard !names.contains(channel) else { return }
        let near = nearestName(to: channel, in: names).map { "; did you mean \($0)?" }
        throw Failure(
            ExitCodes.usage,
            "community.yaml will have no channel \"\(channel)\"\(near ?? ", but \(names.joined(separator: ", "))")"
        )
    }

    /// The shipped file with the answers in place of its defaults.
    private func filledIn() -> String {
        var text = ShippedFiles.server
        let replacements = [
            ("  name: localhost  ", "  name: \(host)  "),
            ("  - address: \"*\"", "  - address: \"\(address)\""),
            ("    port: 6697  ", "    port: \(port)  "), ("  profile: closed  ", "  profile: \(profile)  "),
            ("  any_file_system: no ", "  any_file_system: \(anyFileSystem ? "yes" : "no") "),
        ]
        for (old, new) in replacements {
            guard let range = text.range(of: old) else {
                preconditionFailure("the shipped file has no \(old)")
            }
            text.replaceSubrange(range, with: new)
        }
        return text
    }

    private func makeFirstInvite(_ loaded: LoadedConfiguration) throws {
        let invite = try NewInvite(
            role: .secretariat, seats: [], secondsToLive: 7 * 86_400, useLimit: 1, accountName: nil)
        // Creates the data directory as well, before anything is put into it.
        _ = try AdminClient(server: loaded.server).send(.inviteCreate(invite.created))
        let identity = try Server.prepareIdentity(loaded.server)
        standardError(
            """
            Written: \(directory)/plenaryd.yaml, community.yaml, roles.yaml; \(loaded.server.dataDirectory)/
            Certificate: self-signed, key pin sha256:\(identity.publicKeyPin.map { byte in
                String(UInt16(byte) + 256, radix: 16).dropFirst() }.joined())
            Start it:    plenaryd run --config \(directory)/plenaryd.yaml
            Then paste:  plenary join '<the link below>'
            """)
        print(try invite.link(loaded.server, channel: channel))
    }
}
