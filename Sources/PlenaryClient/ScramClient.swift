// SPDX-License-Identifier: Apache-2.0

import PlenaryCrypto
import PlenaryTerms

/// The client's side of SCRAM-SHA-256 (RFC 5802, 5; RFC 7677), without channel binding.
package struct ScramClient: Sendable, Hashable {
    static let mechanism = "SCRAM-SHA-256"
    /// Iterations that are computed at most, so that a hostile server cannot keep the client busy.
    static let iterationLimit = 1_000_000

    private let password: [UInt8]
    private let nonce: String
    private let firstBare: [UInt8]
    private var serverSignature: [UInt8]?
    /// Whether the server has shown that it knows the password's verifier.
    package private(set) var isServerProven = false

    package init(account: String, password: String, nonce: String) {
        let bytes = Array(password.utf8)
        self.password = OpaqueString.prepared(bytes) ?? bytes
        self.nonce = nonce
        let name = account.flatMap { character -> String in
            switch character {
            case "=": "=3D"
            case ",": "=2C"
            default: String(character)
            }
        }
        firstBare = Array("n=\(String(name)),r=\(nonce)".utf8)
    }

    /// `n,,n=name,r=nonce`.
    package var firstMessage: [UInt8] { Array("n,,".utf8) + firstBare }

    /// What to say to the server's next message; empty at the end; nil when the message is wrong.
    package mutating func answer(to message: [UInt8]) -> [UInt8]? {
        if let serverSignature {
            let wanted = Array("v=\(base64(serverSignature))".utf8)
            guard constantTimeEquals(message, wanted) else { return nil }
            isServerProven = true
            return []
        }
        let fields = String(decoding: message, as: UTF8.self).split(separator: ",").map(String.init)
        guard fields.count >= 3, fields[0].hasPrefix("r=" + nonce),
            fields[0].utf8.count > nonce.utf8.count + 2,
            fields[1].hasPrefix("s="), let salt = bytes(base64: String(fields[1].dropFirst(2))),
            fields[2].hasPrefix("i="), let count = Int(fields[2].dropFirst(2)), count >= 4096,
            count <= ScramClient.iterationLimit,
            let salted = try? Scram.saltedPassword(password, salt: salt, iterationCount: count)
        else { return nil }
        let withoutProof = Array("c=biws,\(fields[0])".utf8)
        let auth = firstBare + [44] + message + [44] + withoutProof
        let keys = Scram.serverKeys(saltedPassword: salted)
        serverSignature = Scram.serverSignature(serverKey: keys.serverKey, authMessage: auth)
        let proof = Scram.clientProof(saltedPassword: salted, authMessage: auth)
        return withoutProof + Array(",p=\(base64(proof))".utf8)
    }
}
