// SPDX-License-Identifier: Apache-2.0

import PlenaryCrypto
import Testing

/// SCRAM-SHA-256 with the example of RFC 7677, 3.
struct ScramTests {
    private let salt = bytes(base64: "W22ZaJ0SNY7soEsUEjb6gQ==") ?? []
    private let auth = Array(
        ("n=user,r=rOprNGfwEbeRWgbNEkqO,"
            + "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096,"
            + "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0").utf8)

    @Test func theExampleOfTheRFCComesOut() throws {
        let salted = try Scram.saltedPassword(Array("pencil".utf8), salt: salt, iterationCount: 4096)
        let proof = Scram.clientProof(saltedPassword: salted, authMessage: auth)
        #expect(base64(proof) == "dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=")
        let keys = Scram.serverKeys(saltedPassword: salted)
        let signature = Scram.serverSignature(serverKey: keys.serverKey, authMessage: auth)
        #expect(base64(signature) == "6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=")
        #expect(Scram.isProof(proof, storedKey: keys.storedKey, authMessage: auth))
    }

    @Test func anotherProofIsNone() throws {
        let salted = try Scram.saltedPassword(Array("pencil".utf8), salt: salt, iterationCount: 4096)
        let other = try Scram.saltedPassword(Array("Pencil".utf8), salt: salt, iterationCount: 4096)
        let stored = Scram.serverKeys(saltedPassword: salted).storedKey
        let wrong = Scram.clientProof(saltedPassword: other, authMessage: auth)
        #expect(!Scram.isProof(wrong, storedKey: stored, authMessage: auth))
        #expect(!Scram.isProof(Array(wrong.dropLast()), storedKey: stored, authMessage: auth))
        #expect(!Scram.isProof([], storedKey: [], authMessage: auth))
    }

    @Test func absurdParametersAreRefused() {
        #expect(throws: CryptoError.self) {
            try Scram.saltedPassword([1], salt: [], iterationCount: 4096)
        }
        #expect(throws: CryptoError.self) {
            try Scram.saltedPassword([1], salt: [1], iterationCount: 0)
        }
        #expect(throws: CryptoError.self) {
            try Scram.saltedPassword([1], salt: [1], iterationCount: 1_000_001)
        }
    }
}
