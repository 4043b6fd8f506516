// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import PlenaryConfiguration
import PlenaryCrypto
import PlenaryDomain
import PlenaryServer
import PlenaryTerms

/// Invites: one pasted link brings a person in.
struct InviteCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "invite", abstract: "Create, list and revoke invites.",
        subcommands: [Create.self, List.self, Revoke.self])

    struct Create: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Create an invite and print its link. The code is shown once and stored nowhere.")

        @OptionGroup var file: ConfigurationOption
        @Option(help: "The channel the link opens.")
        var channel = "lobby"
        @Option(help: "A private channel the invite opens as well; may be repeated.")
        var seat: [String] = []
        @Option(help: "How many people may use it.")
        var uses: UInt32 = 1
        @Option(help: "How long it holds: 30m, 12h, 7d; or never.")
        var expires = "7d"
        @Option(help: "member, observer, language-desk, rapporteur, technician, moderator or secretariat.")
        var role = "member"
        @Option(help: "The account name kept for who uses it.")
        var account: String?
        @Flag(help: "One JSON object.")
        var json = false

        func run() throws {
            try reporting {
                guard let role = ServerRole(word: role) else {
                    let words = ServerRole.allCases.map(\.word).joined(separator: ", ")
                    throw Failure(ExitCodes.usage, "\"\(role)\" is no role: \(words)")
                }
                guard uses > 0 else { throw Failure(ExitCodes.usage, "--uses must be at least 1") }
                guard let seconds = expires == "never" ? 0 : parseDuration(expires) else {
                    throw Failure(ExitCodes.usage, "\"\(expires)\" is no time: 30m, 12h, 7d or never")
                }
                let server = try file.load().server
                let invite = try NewInvite(
                    role: role, seats: seat, secondsToLive: seconds, useLimit: uses, accountName: account)
                let link = try invite.link(server, channel: channel)
                _ = try AdminClient(server: server).send(.inviteCreate(invite.created))
                if json {
                    print(
                        jsonObject([
                            ("type", "invite"), ("link", link), ("code", invite.code),
                            ("invite", invite.created.handle.string),
                        ]))
                } else {
                    print(link)
                }
            }
        }
    }

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List invites that are not revoked.")

        @OptionGroup var file: ConfigurationOption
        @Flag(help: "One JSON object a line.")
        var json = false

        func run() throws {
            try reporting {
                let rows = try AdminClient(server: try file.load().server).send(.inviteList)
                printRows(rows, type: "invite", json: json, isTerminal: Terminal.isOutputTerminal)
            }
        }
    }

    struct Revoke: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Revoke an invite by its handle.")

        @OptionGroup var file: ConfigurationOption
        @Argument(help: "The handle, as listed.")
        var handle: String

        func run() throws {
            try reporting {
                let client = AdminClient(server: try file.load().server)
                _ = try client.send(.inviteRevoke(handle: Text(handle)))
                standardError("The invite \(handle) is revoked.")
            }
        }
    }
}

/// An invite with its code, which only its maker sees.
struct NewInvite {
    /// 80 random bits as four groups of base32.
    let code: String
    let created: InviteCreated

    /// `secondsToLive` 0 is for ever.
    init(role: ServerRole, seats: [String], secondsToLive: Int, useLimit: UInt32, accountName: String?) throws
    {
        let random: [UInt8]
        do { random = try SecureRandom.bytes(14) } catch {
            throw Failure(ExitCodes.inputOutput, "the system gave no random bytes")
        }
        let letters = Array(base32(random.prefix(10)))
        code = stride(from: 0, to: letters.count, by: 4)
            .map { String(letters[$0..<min($0 + 4, letters.count)]) }.joined(separator: "-")
        let now = Timestamp(microseconds: Int64(Date().timeIntervalSince1970 * 1_000_000))
        created = InviteCreated(
            codeHash: SHA256Digest.hash(Invite.normalized(Text(code))),
            handle: Text(base32(random.suffix(4)).lowercased()), role: role,
            channels: seats.map { Text($0.hasPrefix("#") ? $0 : "#" + $0) },
            expires: secondsToLive == 0 ? nil : now.advanced(bySeconds: Int64(secondsToLive)),
            useLimit: useLimit,
            accountName: accountName.map { Text($0) })
    }

    /// `plenary://HOST[:PORT]/CHANNEL#CODE&pin=sha256:HEX`, for the first TLS listener. The pin is left out
    /// when there is no certificate yet, which only is so before a server's first start.
    func link(_ server: ServerConfiguration, channel: String) throws -> String {
        guard let port = server.listeners.first(where: \.isTLS)?.port else {
            throw Failure(ExitCodes.configuration, "no listener has tls: yes; an invite link needs one")
        }
        let place = port == 6697 ? server.serverName : "\(server.serverName):\(port)"
        let name = channel.hasPrefix("#") ? String(channel.dropFirst()) : channel
        var link = "plenary://\(place)/\(name)#\(code)"
        let path = server.certificateFile ?? server.dataDirectory + "/keys/certificate.pem"
        switch readWhole(path, byteLimit: 1 << 20) {
        case .success(let pem):
            guard let pin = try? Certificate.publicKeyPin(ofPEM: pem) else {
                throw Failure(ExitCodes.badInput, "\(path) is not a PEM certificate")
            }
            link += "&pin=sha256:\(hex(pin))"
        case .failure(let error):
            if error.code != ENOENT || server.certificateFile != nil {
                throw Failure(ExitCodes.inputOutput, "\(path): \(error.text)")
            }
            standardError("The link holds no pin: the server makes its certificate at its first start.")
        }
        return link
    }
}
