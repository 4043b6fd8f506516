// SPDX-License-Identifier: Apache-2.0

import PlenaryCrypto
import PlenaryDomain
import PlenaryServer
import PlenaryTerms

extension Transcript {
    /// Adds an account with a password, hashed cheaply: tests do not measure scrypt.
    package func addAccount(
        _ name: String, password: String, role: ServerRole = .member, isBot: Bool = false
    ) async throws {
        try await administer(
            .accountAdd(
                name: Text(name), role: role, isBot: isBot,
                password: try Transcript.hash(Array(password.utf8))))
    }

    /// Makes an invite code that can be used so often.
    package func addInvite(
        _ code: String, useLimit: UInt32 = 1, channels: [String] = [], role: ServerRole = .member,
        expires: Timestamp? = nil, accountName: String? = nil
    ) async throws {
        let created = InviteCreated(
            codeHash: SHA256Digest.hash(Invite.normalized(Text(code))), handle: Text("handle-\(code)"),
            role: role, channels: channels.map { Text($0) }, expires: expires, useLimit: useLimit,
            accountName: accountName.map { Text($0) })
        try await administer(.inviteCreate(created))
    }

    /// Carries out an operator's request; throws when it was refused.
    package func administer(_ request: AdminRequest) async throws {
        let reply = await server.administer(request)
        if case .refused(let refusal) = reply { throw TranscriptFailure("refused: \(refusal.text)") }
    }

    /// A password's hash with the smallest parameters.
    package static func hash(_ password: [UInt8]) throws -> PasswordHash {
        let salt = [UInt8](repeating: 1, count: 16)
        let key = try Scrypt.derive(password: password, salt: salt, logN: 4, r: 1, p: 1, byteCount: 32)
        return PasswordHash(logN: 4, r: 1, p: 1, salt: salt, key: key)
    }
}
