// SPDX-License-Identifier: Apache-2.0

import PlenaryCrypto
import PlenaryServer
import PlenaryTestKit
import Testing

/// SCRAM-SHA-256 (RFC 5802, RFC 7677), which is switched on by the configuration.
struct ScramTranscripts {
    private func scram(_ configuration: inout ServerConfiguration) {
        configuration.policy.offersScram = true
        configuration.policy.limits.scramIterationCount = 4096
        configuration.limits.passwordCost.logN = 4
        configuration.limits.passwordCost.p = 1
    }

    private func encoded(_ text: String) -> String { base64(Array(text.utf8)) }

    /// The server's first message to a name, with a nonce of the client.
    private func begin(
        _ script: Transcript, _ name: String, nonce: String = "abc"
    ) async throws -> (client: TranscriptClient, first: String) {
        let client = try await script.open(name)
        client.send("CAP REQ sasl", "AUTHENTICATE SCRAM-SHA-256")
        try await client.expect(":srv CAP *", "AUTHENTICATE +")
        client.send("AUTHENTICATE " + encoded("n,,n=\(name),r=\(nonce)"))
        let line = try await client.next()
        let message = try #require(bytes(base64: String(line.split(separator: " ")[1])), "\(line)")
        return (client, String(decoding: message, as: UTF8.self))
    }

    private func proof(
        _ name: String, _ password: String, nonce: String = "abc", first: String
    ) throws -> (message: String, signature: String) {
        let fields = first.split(separator: ",").map(String.init)
        let salt = try #require(bytes(base64: String(fields[1].dropFirst(2))))
        let count = try #require(Int(fields[2].dropFirst(2)))
        let salted = try Scram.saltedPassword(Array(password.utf8), salt: salt, iterationCount: count)
        let bare = "c=biws,\(fields[0])"
        let auth = Array("n=\(name),r=\(nonce),\(first),\(bare)".utf8)
        let keys = Scram.serverKeys(saltedPassword: salted)
        let signature = Scram.serverSignature(serverKey: keys.serverKey, authMessage: auth)
        let proof = Scram.clientProof(saltedPassword: salted, authMessage: auth)
        return ("\(bare),p=\(base64(proof))", "v=\(base64(signature))")
    }

    /// RFC 5802, 3: the server shows its signature; sasl-3.1: 900 and 903 follow the client's last, empty answer.
    @Test(arguments: Transport.allCases)
    func theWelcomeFollowsTheLastPlus(over transport: Transport) async throws {
        try await Transcript.run(transport, configure: scram) { script in
            let guest = try await script.register("ann")
            guest.send("REGISTER * * :correct horse")
            try await guest.expect(":srv REGISTER SUCCESS ann :*", ":srv 900 *")
            let (ann, first) = try await begin(script, "ann")
            #expect(first.hasPrefix("r=abc") && first.hasSuffix(",i=4096"))
            let (message, signature) = try proof("ann", "correct horse", first: first)
            ann.send("AUTHENTICATE " + encoded(message))
            try await ann.expect("AUTHENTICATE " + encoded(signature))
            try await ann.expectNothing()
            ann.send("AUTHENTICATE +")
            try await ann.expect(":srv 900 * * ann :*", ":srv 903 * :*")
        }
    }

    /// A wrong proof, a foreign nonce, `p=` for channel binding, another's authzid, and broken messages: 904.
    @Test(arguments: Transport.allCases)
    func wrongMessagesFail(over transport: Transport) async throws {
        try await Transcript.run(transport, configure: scram) { script in
            let guest = try await script.register("ann")
            guest.send("REGISTER * * :correct horse")
            try await guest.expect(":srv REGISTER SUCCESS ann :*", ":srv 900 *")
            for bad in [
                "p=tls-exporter,,n=ann,r=abc", "n,a=bob,n=ann,r=abc", "n,,n=ann", "n,,r=abc,n=ann", "",
                "n,,n=,r=abc",
                "n,,n=ann,r=", "n,,n=ann,r=" + String(repeating: "a", count: 129),
            ] {
                let client = try await script.open("bad")
                client.send(
                    "CAP REQ sasl", "AUTHENTICATE SCRAM-SHA-256",
                    "AUTHENTICATE " + (bad.isEmpty ? "+" : encoded(bad)))
                try await client.expect(":srv CAP *", "AUTHENTICATE +", ":srv 904 *")
            }
            let (eve, first) = try await begin(script, "ann")
            let wrong = try proof("ann", "battery staple", first: first)
            eve.send("AUTHENTICATE " + encoded(wrong.message))
            try await eve.expect(":srv 904 *")
            let (max, second) = try await begin(script, "ann")
            let right = try proof("ann", "correct horse", first: second).message
            max.send("AUTHENTICATE " + encoded(right.replacing("r=abc", with: "r=abd")))
            try await max.expect(":srv 904 *")
            let (bob, third) = try await begin(script, "ann")
            bob.send("AUTHENTICATE *")
            try await bob.expect(":srv 906 *")
            #expect(third != second)
        }
    }

    /// RFC 5802, 9: an unknown account is asked with a salt that stays, also after a restart, and fails the same way.
    @Test(arguments: Transport.allCases)
    func unknownAccountsLookAlike(over transport: Transport) async throws {
        try await Transcript.run(transport, configure: scram) { script in
            func salt(_ name: String) async throws -> String {
                let (client, first) = try await begin(script, name)
                let fields = first.split(separator: ",")
                let (message, _) = try proof(name, "whatever it is", first: first)
                client.send("AUTHENTICATE " + encoded(message))
                try await client.expect(":srv 904 * :SASL authentication failed")
                #expect(fields[2] == "i=4096")
                return String(fields[1])
            }
            let salts = [try await salt("nobody"), try await salt("NOBODY"), try await salt("noone")]
            try await script.restart()
            #expect(try await salt("nobody") == salts[0])
            #expect(salts[0] == salts[1] && salts[0] != salts[2])
            #expect(salts[0].utf8.count == base64([UInt8](repeating: 0, count: 16)).utf8.count + 2)
        }
    }

    /// An account from before the option gets its verifier at its next sign-in with PLAIN.
    @Test(arguments: Transport.allCases)
    func aPlainSignInMakesTheVerifier(over transport: Transport) async throws {
        try await Transcript.run(transport, configure: scram) { script in
            try await script.addAccount("ann", password: "correct horse")
            let (early, first) = try await begin(script, "ann")
            early.send("AUTHENTICATE " + encoded(try proof("ann", "correct horse", first: first).message))
            try await early.expect(":srv 904 *")
            let plain = try await script.register("ann", password: "correct horse")
            plain.send("QUIT")
            let (late, second) = try await begin(script, "ann")
            let (message, signature) = try proof("ann", "correct horse", first: second)
            late.send("AUTHENTICATE " + encoded(message), "AUTHENTICATE +")
            try await late.expect("AUTHENTICATE " + encoded(signature), ":srv 900 *", ":srv 903 *")
        }
    }

    /// Off by default, and then not among the mechanisms.
    @Test func withoutTheOptionThereIsNoScram() async throws {
        try await Transcript.run(.memory) { script in
            let ann = try await script.open("ann")
            ann.send("CAP REQ sasl", "AUTHENTICATE SCRAM-SHA-256")
            try await ann.expect(
                ":srv CAP *", ":srv 908 * PLAIN,EXTERNAL,PLENARY-RESUME :*", ":srv 904 *")
        }
    }
}
