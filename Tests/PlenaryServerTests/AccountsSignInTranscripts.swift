// SPDX-License-Identifier: Apache-2.0

import PlenaryCrypto
import PlenaryTestKit
import Testing

/// AUTHENTICATE and PASS (IRCv3 sasl-3.1 and 3.2).
struct AccountsSignInTranscripts {
    private func signIn(_ client: TranscriptClient, _ response: String) {
        client.send("AUTHENTICATE PLAIN", "AUTHENTICATE \(response)")
    }

    private func open(_ script: Transcript, _ arrival: Arrival? = nil) async throws -> TranscriptClient {
        let client = try await script.open("client", arrival)
        client.send("CAP REQ sasl")
        try await client.expect(":srv CAP * ACK :sasl")
        return client
    }

    /// "If authentication is successful, a 900 and 903 numeric will be sent"; conformance.md: "As long as no
    /// nick is set, all SASL numerics name `*`". Afterwards "the server MUST reject it with a 907".
    @Test(arguments: Transport.allCases)
    func aPasswordSignsIn(over transport: Transport) async throws {
        try await Transcript.run(transport) { script in
            try await script.addAccount("ann", password: "correct horse")
            let ann = try await open(script)
            signIn(ann, ann.plain("ANN", "correct horse"))
            try await ann.expect(
                "AUTHENTICATE +", ":srv 900 * \\*!\\*@<host> ann :You are now logged in as ann",
                ":srv 903 * :SASL authentication successful")
            ann.send("AUTHENTICATE PLAIN")
            try await ann.expect(":srv 907 * :You have already authenticated using SASL")
            ann.send("NICK ann", "USER ann 0 * :Ann", "CAP END")
            try await ann.skip(to: ":srv 422 *")
            ann.send("WHOIS ann")
            let lines = try await ann.skip(to: ":srv 318 *")
            #expect(lines.contains(":plenary.test 330 ann ann ann :is logged in as"))
            #expect(lines[0].hasPrefix(":plenary.test 311 ann ann ~ann \(script["host"]) * :Ann"))
        }
    }

    /// conformance.md: "Bad base64, an empty name or password … all give 904, and a new try must work."
    @Test(
        arguments: Transport.allCases,
        ["!!!!", "YW5u", "=", "+", "AGFubgA=", "AABzZWNyZXQ=", "Ym9iAGFubgB4", "a", "AA=="])
    func badResponsesFailAndMayBeRepeated(over transport: Transport, response: String) async throws {
        try await Transcript.run(transport) { script in
            try await script.addAccount("ann", password: "correct horse")
            let ann = try await open(script)
            signIn(ann, response)
            try await ann.expect("AUTHENTICATE +", ":srv 904 * :SASL authentication failed")
            signIn(ann, ann.plain("ann", "wrong"))
            try await ann.expect("AUTHENTICATE +", ":srv 904 * :SASL authentication failed")
            signIn(ann, ann.plain("ann", "correct horse"))
            try await ann.expect("AUTHENTICATE +", ":srv 900 * * ann :*", ":srv 903 * :*")
            try await ann.expectNothing()
        }
    }

    /// limits.md 22: three tries a connection, then it is closed — "but MUST provide the reason for the
    /// authentication failure prior to disconnection". An unknown account looks like a wrong password.
    @Test(arguments: Transport.allCases)
    func theThirdFailureCloses(over transport: Transport) async throws {
        try await Transcript.run(transport) { script in
            try await script.addAccount("ann", password: "correct horse")
            let ann = try await open(script)
            signIn(ann, ann.plain("ann", "wrong"))
            signIn(ann, ann.plain("nobody", "wrong"))
            signIn(ann, ann.plain("ann", ""))
            for _ in 0..<3 {
                try await ann.expect("AUTHENTICATE +", ":srv 904 * :SASL authentication failed")
            }
            try await ann.expect("ERROR :Closing link: Too many failed sign-ins")
            try await ann.expectClosed()
        }
    }

    /// "The client can abort an authentication by sending an asterisk as the data. The server will send a 906";
    /// 908 "contains a comma-separated list of mechanisms"; without the capability nothing begins.
    @Test(arguments: Transport.allCases)
    func mechanismsAndAborts(over transport: Transport) async throws {
        try await Transcript.run(transport) { script in
            try await script.addAccount("ann", password: "correct horse")
            let ann = try await open(script)
            ann.send("AUTHENTICATE FOO", "AUTHENTICATE SCRAM-SHA-256", "AUTHENTICATE", "AUTHENTICATE *")
            try await ann.expect(
                ":srv 908 * PLAIN,EXTERNAL,PLENARY-RESUME :are available SASL mechanisms", ":srv 904 * :*",
                ":srv 908 *",
                ":srv 904 *", ":srv 461 * AUTHENTICATE :*", ":srv 906 * :SASL authentication aborted")
            ann.send("AUTHENTICATE PLAIN", "AUTHENTICATE *", "AUTHENTICATE plain", "AUTHENTICATE *")
            try await ann.expect("AUTHENTICATE +", ":srv 906 *", "AUTHENTICATE +", ":srv 906 *")
            ann.send("AUTHENTICATE EXTERNAL")
            try await ann.expect(":srv 904 * :SASL authentication failed")
            signIn(ann, ann.plain("ann", "correct horse"))
            try await ann.expect("AUTHENTICATE +", ":srv 900 *", ":srv 903 *")
            let bob = try await script.open("bob")
            bob.send("AUTHENTICATE PLAIN")
            try await bob.expect(":srv 904 * :*")
        }
    }

    /// "If the client completes registration … while the SASL authentication is still in progress, the server
    /// SHOULD abort it and send a 906 numeric, then register the client without authentication."
    @Test(arguments: Transport.allCases)
    func anUnfinishedSignInEndsWithTheNegotiation(over transport: Transport) async throws {
        try await Transcript.run(transport) { script in
            let ann = try await open(script)
            ann.send("NICK ann", "USER ann 0 * :Ann", "AUTHENTICATE PLAIN", "CAP END")
            try await ann.expect(
                "AUTHENTICATE +", ":srv 906 ann :SASL authentication aborted", ":srv 001 ann :*")
        }
    }

    /// "split to 400-byte chunks … If the last chunk was exactly 400 bytes long, it must also be followed by
    /// AUTHENTICATE +". conformance.md: 100 letters é, 300 bytes in pieces, exactly 400 characters; 500 bytes at
    /// once give 905.
    @Test(arguments: Transport.allCases, [100, 280, 293, 294, 295, 300])
    func longPasswordsTravelInPieces(over transport: Transport, byteCount: Int) async throws {
        try await Transcript.run(transport) { script in
            let password =
                byteCount == 100
                ? String(repeating: "é", count: 100) : String(repeating: "p", count: byteCount)
            try await script.addAccount("ann", password: password)
            let ann = try await open(script)
            var rest = Array(ann.plain("ann", password).utf8)[...]
            ann.send("AUTHENTICATE PLAIN")
            while rest.count >= 400 {
                ann.send("AUTHENTICATE " + String(decoding: rest.prefix(400), as: UTF8.self))
                rest = rest.dropFirst(400)
            }
            ann.send("AUTHENTICATE " + (rest.isEmpty ? "+" : String(decoding: rest, as: UTF8.self)))
            try await ann.expect("AUTHENTICATE +", ":srv 900 *", ":srv 903 *")
            try await ann.expectNothing()
        }
    }

    /// 905: "the parameter longer than 400 bytes"; limits.md 22: all of it at most 4,096 bytes.
    @Test(arguments: Transport.allCases)
    func tooLongResponsesAreRefused(over transport: Transport) async throws {
        try await Transcript.run(transport) { script in
            try await script.addAccount("ann", password: "correct horse")
            let ann = try await open(script)
            signIn(ann, String(repeating: "A", count: 401))
            try await ann.expect("AUTHENTICATE +", ":srv 905 * :SASL message too long")
            signIn(ann, String(repeating: "A", count: 495))
            try await ann.expect("AUTHENTICATE +", ":srv 905 * :*")
            let chunk = "AUTHENTICATE " + String(repeating: "A", count: 400)
            ann.send("AUTHENTICATE PLAIN")
            for _ in 0..<11 { ann.send(chunk) }
            try await ann.expect("AUTHENTICATE +", ":srv 905 * :*")
            signIn(ann, ann.plain("ann", "correct horse"))
            try await ann.expect("AUTHENTICATE +", ":srv 900 *", ":srv 903 *")
        }
    }

    /// EXTERNAL (RFC 4422): the certificate of the connection signs in, with an empty name or the account's.
    /// DEVICES ADD binds it; a removed one signs in no more.
    @Test(arguments: Transport.allCases)
    func aCertificateSignsIn(over transport: Transport) async throws {
        try await Transcript.run(transport) { script in
            try await script.addAccount("ann", password: "correct horse")
            let certificate = try TestCertificate("ann-laptop")
            let arrival = Arrival(certificate: certificate)
            let ann = try await script.register("ann", password: "correct horse", arrival)
            ann.send("DEVICES ADD :my laptop", "DEVICES ADD again", "DEVICES")
            let print = hex(certificate.fingerprint)
            try await ann.expect(
                ":srv NOTE DEVICES ADDED \(print) :my laptop",
                ":srv FAIL DEVICES CERTIFICATE_IN_USE ADD :*",
                ":srv NOTE DEVICES DEVICE \(print) :my laptop", ":srv NOTE DEVICES END 1 :")
            for name in ["+", base64(Array("Ann".utf8))] {
                let second = try await open(script, arrival)
                second.send("AUTHENTICATE EXTERNAL", "AUTHENTICATE \(name)")
                try await second.expect("AUTHENTICATE +", ":srv 900 * * ann :*", ":srv 903 *")
                second.disconnect()
            }
            let other = try await open(script, arrival)
            other.send("AUTHENTICATE EXTERNAL", "AUTHENTICATE " + base64(Array("bob".utf8)))
            try await other.expect("AUTHENTICATE +", ":srv 904 *")
            ann.send(
                "DEVICES REMOVE \(print.uppercased())", "DEVICES REMOVE \(print)", "DEVICES REMOVE xyz",
                "DEVICES X")
            try await ann.expect(
                ":srv NOTE DEVICES REMOVED \(print) :", ":srv FAIL DEVICES NO_SUCH_DEVICE REMOVE :*",
                ":srv FAIL DEVICES INVALID_PARAMS REMOVE :*", ":srv FAIL DEVICES INVALID_PARAMS X :*")
            let third = try await open(script, arrival)
            third.send("AUTHENTICATE EXTERNAL", "AUTHENTICATE +")
            try await third.expect("AUTHENTICATE +", ":srv 904 *")
            let guest = try await script.register("guest")
            guest.send("DEVICES", "DEVICES ADD x")
            try await guest.expect(
                ":srv FAIL DEVICES ACCOUNT_REQUIRED LIST :*", ":srv FAIL DEVICES ACCOUNT_REQUIRED ADD :*")
        }
    }

    /// PASS account:password signs a plain client in. A wrong one is 464 (modern.ircd.chat, "PASS message").
    @Test(arguments: Transport.allCases)
    func passSignsPlainClientsIn(over transport: Transport) async throws {
        try await Transcript.run(transport, configure: { $0.policy.profile = .closed }) { script in
            try await script.addAccount("ann", password: "correct: horse")
            let ann = try await script.open("ann")
            ann.send("PASS :ann:correct: horse", "NICK whatever", "USER ann 0 * :Ann")
            try await ann.expect(
                ":srv 900 * * ann :You are now logged in as ann",
                ":srv 001 ann :Welcome to the Plenary network, ann")
            for pass in ["PASS ann:wrong", "PASS ann:", "PASS :"] {
                let eve = try await script.open("eve")
                eve.send(pass, "NICK ann", "USER ann 0 * :Ann")
                if pass != "PASS :" { try await eve.expect(":srv 464 * :Password incorrect") }
                try await eve.expect(":srv FAIL * ACCOUNT_REQUIRED :*", "ERROR :Closing link: *")
                try await eve.expectClosed()
            }
        }
    }

    /// sasl-3.2: "Servers SHOULD allow a client, authenticated or otherwise, to reauthenticate … at any time":
    /// a guest may sign in after registration; neighbours see CHGHOST and ACCOUNT as they negotiated.
    @Test(arguments: Transport.allCases)
    func guestsMaySignInLater(over transport: Transport) async throws {
        try await Transcript.run(transport) { script in
            try await script.addAccount("ann", password: "correct horse")
            let ann = try await script.register("guest", capabilities: ["sasl", "chghost", "account-notify"])
            let bob = try await script.register(
                "bob", capabilities: ["chghost", "account-notify", "account-tag"])
            let eve = try await script.register("eve")
            for client in [ann, bob, eve] { client.send("JOIN #c") }
            for client in [ann, bob, eve] { await client.drain() }
            signIn(ann, ann.plain("ann", "correct horse"))
            try await ann.expect("AUTHENTICATE +")
            try await ann.expectInAnyOrder(
                ":guest!~guest@<guest> CHGHOST ~guest <member>", ":guest!~guest@<member> ACCOUNT ann",
                ":srv 900 guest guest!~guest@<member> ann :*", ":srv 903 guest :*")
            try await bob.expect(
                "@account=ann :guest!~guest@<guest> CHGHOST ~guest <member>",
                "@account=ann :guest!~guest@<member> ACCOUNT ann")
            try await eve.expectNothing()
            #expect(script["guest"].hasSuffix(".guest") && script["member"].hasSuffix(".member"))
        }
    }

    /// A disabled account signs in nowhere, and its sessions end.
    @Test(arguments: Transport.allCases)
    func disabledAccountsStayOutside(over transport: Transport) async throws {
        try await Transcript.run(transport) { script in
            try await script.addAccount("ann", password: "correct horse")
            let ann = try await script.register("ann", password: "correct horse")
            try await script.administer(.accountState(name: "ann", isDisabled: true))
            try await ann.expect("ERROR :Closing link: Your account was disabled*")
            try await ann.expectClosed()
            let again = try await open(script)
            signIn(again, again.plain("ann", "correct horse"))
            try await again.expect("AUTHENTICATE +", ":srv 904 *")
        }
    }
}
