// SPDX-License-Identifier: Apache-2.0

import PlenaryCrypto
import PlenaryQueues
import PlenaryServer
import PlenaryTestKit
import Testing

/// RESUME and SESSIONS (docs/extensions/resume.md, accounts.md), capability plenary.chat/resume.
struct ResumeTranscripts {
    private func token(
        _ client: TranscriptClient, _ script: Transcript, _ name: String
    ) async throws -> String {
        client.send("RESUME TOKEN :my phone")
        try await client.expect(":srv NOTE RESUME TOKEN <\(name)> * :")
        return script[name]
    }

    private func resume(
        _ script: Transcript, _ account: String, _ token: String, _ arrival: Arrival? = nil
    ) async throws -> (client: TranscriptClient, answer: String) {
        let client = try await script.open("resuming", arrival)
        let response = base64(Array("\(account)\u{0}\(token)".utf8))
        client.send("CAP REQ sasl", "AUTHENTICATE PLENARY-RESUME", "AUTHENTICATE \(response)")
        try await client.expect(":srv CAP *", "AUTHENTICATE +")
        let answer = try await client.next()
        return (client, String(answer.split(separator: " ")[1]))
    }

    /// "The token signs in as often as is needed, for 30 days, also after a restart", and no longer.
    @Test(arguments: Transport.allCases)
    func aTokenBringsBack(over transport: Transport) async throws {
        let clock = ManualClock()
        try await Transcript.run(transport, clock: clock) { script in
            try await script.addAccount("ann", password: "correct horse")
            let ann = try await script.register(
                "ann", capabilities: ["plenary.chat/resume"], password: "correct horse")
            let secret = try await token(ann, script, "token")
            #expect(secret.utf8.count == 64)
            #expect(try await resume(script, "ANN", secret).answer == "900")
            try await script.restart()
            #expect(try await resume(script, "ann", secret).answer == "900")
            #expect(try await resume(script, "ann", String(secret.dropLast()) + "z").answer == "904")
            #expect(try await resume(script, "bob", secret).answer == "904")
            #expect(try await resume(script, "", "").answer == "904")
            try await script.turnClock(seconds: 2_591_000)
            #expect(try await resume(script, "ann", secret).answer == "900")
            try await script.turnClock(seconds: 1001)
            #expect(try await resume(script, "ann", secret).answer == "904")
        }
    }

    /// "A token that was asked for under a certificate counts with that one only", and goes with the device.
    @Test(arguments: Transport.allCases)
    func aTokenIsBoundToItsCertificate(over transport: Transport) async throws {
        try await Transcript.run(transport) { script in
            try await script.addAccount("ann", password: "correct horse")
            let certificate = try TestCertificate("ann")
            let arrival = Arrival(certificate: certificate)
            let ann = try await script.register("ann", password: "correct horse", arrival)
            ann.send("DEVICES ADD x")
            try await ann.expect(":srv NOTE DEVICES ADDED *")
            let secret = try await token(ann, script, "token")
            #expect(try await resume(script, "ann", secret).answer == "904")
            #expect(try await resume(script, "ann", secret, arrival).answer == "900")
            ann.send("DEVICES REMOVE \(hex(certificate.fingerprint))")
            try await ann.expect(":srv NOTE DEVICES REMOVED *")
            #expect(try await resume(script, "ann", secret, arrival).answer == "904")
        }
    }

    /// "An account has at most ten": the oldest goes. A session that asks again gets another one for it.
    @Test(arguments: Transport.allCases)
    func theEleventhTokenEndsTheFirst(over transport: Transport) async throws {
        try await Transcript.run(transport) { script in
            try await script.addAccount("ann", password: "correct horse")
            var tokens: [String] = []
            for index in 0..<10 {
                let ann = try await script.register("ann", password: "correct horse")
                tokens.append(try await token(ann, script, "token\(index)"))
            }
            #expect(try await resume(script, "ann", tokens[0]).answer == "900")
            let last = try await script.register("ann", password: "correct horse")
            tokens.append(try await token(last, script, "eleventh"))
            #expect(try await resume(script, "ann", tokens[0]).answer == "904")
            #expect(try await resume(script, "ann", tokens[1]).answer == "900")
            tokens.append(try await token(last, script, "again"))
            #expect(try await resume(script, "ann", tokens[10]).answer == "904")
            #expect(try await resume(script, "ann", tokens[1]).answer == "900")
            last.send("RESUME DROP", "RESUME X", "RESUME")
            try await last.expect(
                ":srv NOTE RESUME DROPPED :", ":srv FAIL RESUME INVALID_PARAMS X :*", ":srv 461 ann RESUME :*"
            )
            #expect(try await resume(script, "ann", tokens[11]).answer == "904")
        }
    }

    /// "A new password makes all other tokens worthless"; so do an administrator's password and disabling.
    @Test(arguments: Transport.allCases)
    func aNewPasswordEndsOtherTokens(over transport: Transport) async throws {
        try await Transcript.run(
            transport,
            configure: {
                $0.limits.passwordCost.logN = 4
                $0.limits.passwordCost.p = 1
            }
        ) { script in
            try await script.addAccount("ann", password: "correct-horse")
            let ann = try await script.register("ann", password: "correct-horse")
            let other = try await script.register("ann", password: "correct-horse")
            let own = try await token(ann, script, "own")
            let others = try await token(other, script, "others")
            ann.send("PASSWORD correct-horse battery-staple")
            try await ann.expect(":srv NOTE PASSWORD CHANGED :*")
            #expect(try await resume(script, "ann", others).answer == "904")
            #expect(try await resume(script, "ann", own).answer == "900")
            let hash = try Transcript.hash(Array("third password".utf8))
            try await script.administer(.accountPassword(name: "ann", password: hash))
            #expect(try await resume(script, "ann", own).answer == "904")
        }
    }

    /// limits.md 23: tokens are exempt from the hold-up of passwords, and wrong ones have a limit of their own.
    @Test func guessingAtTokensAndPasswordsIsApart() async throws {
        try await Transcript.run(
            .memory, clock: ManualClock(),
            configure: {
                $0.policy.limits.rates = ServerConfiguration().policy.limits.rates
                $0.limits.loginFailureLimit = 5
            }
        ) { script in
            try await script.addAccount("ann", password: "correct horse")
            let ann = try await script.register("ann", password: "correct horse")
            let secret = try await token(ann, script, "token")
            for _ in 0..<6 {
                let eve = try await script.open("eve")
                eve.send("CAP REQ sasl", "AUTHENTICATE PLAIN", "AUTHENTICATE \(eve.plain("ann", "wrong"))")
                try await eve.skip(to: ":srv 904 *")
            }
            #expect(try await resume(script, "ann", secret).answer == "900")
            for _ in 0..<10 { #expect(try await resume(script, "ann", "wrong").answer == "904") }
            #expect(try await resume(script, "ann", secret).answer == "904")
            let elsewhere = Arrival(network: "another.guest")
            #expect(try await resume(script, "ann", secret, elsewhere).answer == "900")
            try await script.turnClock(seconds: 601)
            #expect(try await resume(script, "ann", secret).answer == "900")
        }
    }

    /// "SESSIONS LIST": the own ones, and what could come back; "CLOSE ends it, with its token". No address.
    @Test(arguments: Transport.allCases)
    func peopleSeeAndCloseTheirSessions(over transport: Transport) async throws {
        try await Transcript.run(transport) { script in
            try await script.addAccount("ann", password: "correct horse")
            try await script.addAccount("bob", password: "correct horse")
            let certificate = Arrival(certificate: try TestCertificate("ann"))
            let laptop = try await script.register("ann", password: "correct horse", certificate)
            laptop.send("DEVICES ADD :my laptop")
            try await laptop.expect(":srv NOTE DEVICES ADDED *")
            let phone = try await script.register("ann", password: "correct horse")
            let secret = try await token(phone, script, "token")
            let bob = try await script.register("bob", password: "correct horse")
            laptop.send("SESSIONS")
            try await laptop.expectInAnyOrder(
                ":srv NOTE SESSIONS SESSION <laptop> * password this :my laptop",
                ":srv NOTE SESSIONS SESSION <phone> * password here :my phone",
                ":srv NOTE SESSIONS END 2 :")
            bob.send("SESSIONS CLOSE \(script["phone"])", "SESSIONS X", "SESSIONS LIST")
            try await bob.expect(
                ":srv FAIL SESSIONS NO_SUCH_SESSION <phone> :*", ":srv FAIL SESSIONS INVALID_PARAMS X :*",
                ":srv NOTE SESSIONS SESSION * password this :", ":srv NOTE SESSIONS END 1 :")
            laptop.send("SESSIONS CLOSE \(script["phone"])")
            try await laptop.expect(":srv NOTE SESSIONS CLOSED <phone> :")
            try await phone.expect("ERROR :Closing link: You closed this session from another device")
            try await phone.expectClosed()
            #expect(try await resume(script, "ann", secret).answer == "904")
            let tablet = try await script.register("ann", password: "correct horse")
            let kept = try await token(tablet, script, "kept")
            tablet.send("QUIT")
            try await tablet.skip(to: "ERROR *")
            laptop.send("SESSIONS LIST")
            try await laptop.skip(to: ":srv NOTE SESSIONS SESSION <waiting> * token away :my phone")
            laptop.send("SESSIONS CLOSE \(script["waiting"])")
            try await laptop.skip(to: ":srv NOTE SESSIONS CLOSED <waiting> :")
            #expect(try await resume(script, "ann", kept).answer == "904")
            let guest = try await script.register("guest")
            guest.send("SESSIONS", "SESSIONS CLOSE x", "RESUME TOKEN", "RESUME DROP")
            try await guest.expect(
                ":srv FAIL SESSIONS ACCOUNT_REQUIRED * :*", ":srv FAIL SESSIONS ACCOUNT_REQUIRED x :*",
                ":srv FAIL RESUME ACCOUNT_REQUIRED TOKEN :*", ":srv FAIL RESUME ACCOUNT_REQUIRED DROP :*")
        }
    }

    /// A secret is neither given nor taken in plain text.
    @Test func plainTextGetsNoToken() async throws {
        try await Transcript.run(.plain) { script in
            let ann = try await script.register("ann")
            ann.send("CAP LS 302", "REGISTER * * :correct horse", "RESUME TOKEN")
            let lines = try await ann.skip(to: ":srv FAIL RESUME TLS_REQUIRED TOKEN :*")
            #expect(!lines.contains { $0.contains("plenary.chat/resume") })
        }
    }
}
