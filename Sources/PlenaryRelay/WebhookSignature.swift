// SPDX-License-Identifier: Apache-2.0

import PlenaryCrypto

/// The secrets with which the meeting platform signs what it sends. Several hold while one takes another's place.
package struct WebhookSecrets: Sendable {
    private let secrets: [[UInt8]]

    /// These secrets; nil when there is none, or one is empty.
    package init?(_ secrets: [String]) {
        guard !secrets.isEmpty, secrets.allSatisfy({ !$0.isEmpty }) else { return nil }
        self.secrets = secrets.map { Array($0.utf8) }
    }

    /// The place of the secret with which `v0:timestamp:body` is signed; nil for none. The body is the bytes as
    /// they came: written again, JSON may differ. The comparison takes the same time for every signature.
    package func signer(signature: String, timestamp: String, body: [UInt8]) -> Int? {
        let given = Array(signature.utf8)
        guard timestamp.utf8.count <= 20, timestamp.utf8.allSatisfy({ (48...57).contains($0) }) else {
            return nil
        }
        let message = Array("v0:\(timestamp):".utf8) + body
        var found: Int?
        for (index, secret) in secrets.enumerated() {
            let expected = "v0=" + hex(HMACSHA256.authenticate(message, key: secret))
            if constantTimeEquals(Array(expected.utf8), given) { found = found ?? index }
        }
        return found
    }

    /// The answer to a challenge: the token with its code under the secret that signed it.
    package func answer(toChallenge token: String, signer: Int) -> JSONValue? {
        guard secrets.indices.contains(signer) else { return nil }
        let code = hex(HMACSHA256.authenticate(Array(token.utf8), key: secrets[signer]))
        return .object(["plainToken": .string(token), "encryptedToken": .string(code)])
    }
}
