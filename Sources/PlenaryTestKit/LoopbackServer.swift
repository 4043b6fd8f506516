// SPDX-License-Identifier: Apache-2.0

import Foundation
import Logging
import PlenaryCrypto
import PlenaryDomain
import PlenaryServer
import PlenaryTerms

/// A real server on free ports of this machine, with its data in a folder of its own. Ends with `stop`,
/// which removes the folder unless it is to be started again.
package final class LoopbackServer: Sendable {
    /// The port without TLS.
    package let plainPort: UInt16
    /// The port with TLS.
    package let tlsPort: UInt16
    /// SHA-256 of the server's public key, 64 hexadecimal digits.
    package let publicKeyPin: String
    /// Where its log and key are.
    package let directory: String
    private let server: Server

    private init(_ server: Server, directory: String) {
        self.server = server
        self.directory = directory
        plainPort = server.listeners.first { !$0.configuration.isTLS }?.bound.address.port ?? 0
        tlsPort = server.listeners.first { $0.configuration.isTLS }?.bound.address.port ?? 0
        publicKeyPin = server.certificate.map { hexadecimal($0.publicKeyPin) } ?? ""
    }

    /// Starts a server of the open profile, without flood control, in a new folder or an old one; on ports
    /// of the kernel's choice, or the given plain one.
    package static func start(
        in directory: String? = nil, plainPort: UInt16 = 0,
        _ change: (inout ServerConfiguration) -> Void = { _ in }
    ) async throws -> LoopbackServer {
        let place =
            directory
            ?? FileManager.default.temporaryDirectory.appendingPathComponent("plenary-" + UUID().uuidString)
            .path
        try FileManager.default.createDirectory(
            atPath: place, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        var configuration = ServerConfiguration()
        configuration.serverName = "plenary.test"
        configuration.dataDirectory = place
        configuration.allowsAnyFileSystem = true
        configuration.policy.profile = .open
        // A channel of the configuration outlives its last member, and so does its history.
        configuration.channels = [ChannelConfiguration(name: "practices", titles: [])]
        configuration.limits.commandBurst = nil
        configuration.limits.loginFailureLimit = nil
        configuration.network = .unrestrictedAdmission
        configuration.listeners = [
            ListenerConfiguration(address: "127.0.0.1", port: plainPort, isTLS: false),
            ListenerConfiguration(address: "127.0.0.1", port: 0, isTLS: true),
        ]
        change(&configuration)
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        let server = try await Server.start(configuration, logger: logger) { error in
            preconditionFailure("the server's log failed: \(error)")
        }
        return LoopbackServer(server, directory: place)
    }

    /// Stops the server. Keeps the folder for another start when asked to.
    package func stop(keepingData: Bool = false) async throws {
        try await server.stop()
        if !keepingData { try FileManager.default.removeItem(atPath: directory) }
    }

    /// Makes an invite that can be used once, and returns its code.
    package func makeInvite(code: String, channel: String) async throws -> String {
        let invite = InviteCreated(
            codeHash: SHA256Digest.hash(Invite.normalized(Text(code))), handle: "invite", role: .member,
            channels: [Text(channel)], expires: nil, useLimit: 1)
        guard case .done = await administer(.inviteCreate(invite)) else { throw RequestRefused() }
        return code
    }

    /// The server did not do what an operator asked.
    private struct RequestRefused: Error {}

    /// Adds an account with a password, hashed cheaply.
    package func addAccount(_ name: String, password: String, role: ServerRole = .member) async throws {
        let hash = try Transcript.hash(Array(password.utf8))
        let request = AdminRequest.accountAdd(name: Text(name), role: role, isBot: false, password: hash)
        guard case .done = await administer(request) else { throw RequestRefused() }
    }

    /// Carries out an operator's request.
    package func administer(_ request: AdminRequest) async -> AdminReply {
        await withCheckedContinuation { continuation in
            server.administer(request) { continuation.resume(returning: $0) }
        }
    }
}

private func hexadecimal(_ bytes: [UInt8]) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
}
