// SPDX-License-Identifier: Apache-2.0

import COpenSSL

/// The keys of SCRAM-SHA-256 (RFC 5802, 3; RFC 7677).
package enum Scram {
    /// `Hi`: PBKDF2 with HMAC-SHA-256, 32 bytes. Throws when the parameters are outside of what is sensible.
    package static func saltedPassword(
        _ password: [UInt8], salt: [UInt8], iterationCount: Int
    ) throws(CryptoError) -> [UInt8] {
        guard iterationCount >= 1, iterationCount <= 1_000_000, !salt.isEmpty, salt.count <= 1024 else {
            throw .invalidParameter("PBKDF2 with \(iterationCount) iterations, \(salt.count) bytes of salt")
        }
        var derived = [UInt8](repeating: 0, count: 32)
        // SAFETY: the library reads `password` and `salt` and writes 32 bytes of `derived` during the call, all of
        // which outlive it; it keeps none of them.
        let result = password.withUnsafeBytes { password in
            PKCS5_PBKDF2_HMAC(
                password.baseAddress?.assumingMemoryBound(to: CChar.self), Int32(clamping: password.count),
                salt, Int32(clamping: salt.count), Int32(clamping: iterationCount), EVP_sha256(), 32,
                &derived)
        }
        guard result == 1 else { throw .library("PBKDF2") }
        return derived
    }

    /// What a server stores for a password.
    package static func serverKeys(
        saltedPassword: [UInt8]
    ) -> (storedKey: [UInt8], serverKey: [UInt8]) {
        let clientKey = HMACSHA256.authenticate(Array("Client Key".utf8), key: saltedPassword)
        let serverKey = HMACSHA256.authenticate(Array("Server Key".utf8), key: saltedPassword)
        return (SHA256Digest.hash(clientKey), serverKey)
    }

    /// The client's proof over the auth message.
    package static func clientProof(saltedPassword: [UInt8], authMessage: [UInt8]) -> [UInt8] {
        let clientKey = HMACSHA256.authenticate(Array("Client Key".utf8), key: saltedPassword)
        let signature = HMACSHA256.authenticate(authMessage, key: SHA256Digest.hash(clientKey))
        return zip(clientKey, signature).map { $0 ^ $1 }
    }

    /// Whether the proof is one of whoever knows the password of the stored key.
    package static func isProof(_ proof: [UInt8], storedKey: [UInt8], authMessage: [UInt8]) -> Bool {
        let signature = HMACSHA256.authenticate(authMessage, key: storedKey)
        guard proof.count == signature.count else { return false }
        let clientKey = zip(proof, signature).map { $0 ^ $1 }
        return constantTimeEquals(SHA256Digest.hash(clientKey), storedKey)
    }

    /// With which the server shows that it knows the verifier.
    package static func serverSignature(serverKey: [UInt8], authMessage: [UInt8]) -> [UInt8] {
        HMACSHA256.authenticate(authMessage, key: serverKey)
    }
}
