// SPDX-License-Identifier: Apache-2.0

import PlenaryDomain
import PlenaryQueues
import PlenaryServer
import PlenaryTestKit
import Testing

/// How often things may be done (limits.md 15, 23, 26), with a clock that only the test turns.
struct RateLimitsTranscripts {
    private func limited(_ configuration: inout ServerConfiguration) {
        configuration.policy.limits.rates = CommunityLimits().rates
        configuration.limits.newAccountsPerDay = 3
        configuration.limits.loginFailureLimit = 5
    }

    private func signIn(_ script: Transcript, _ name: String, _ password: String) async throws -> String {
        let client = try await script.open(name)
        client.send("CAP REQ sasl", "AUTHENTICATE PLAIN", "AUTHENTICATE \(client.plain(name, password))")
        try await client.expect(":srv CAP * ACK :sasl", "AUTHENTICATE +")
        let answer = try await client.next()
        client.disconnect()
        return String(answer.split(separator: " ")[1])
    }

    /// limits.md 15: three changes of nickname a minute. The choice before registration is not one.
    @Test(arguments: Transport.allCases)
    func nicknamesChangeThreeTimesAMinute(over transport: Transport) async throws {
        try await Transcript.run(transport, clock: ManualClock(), configure: limited) { script in
            let ann = try await script.register("ann")
            ann.send("NICK a", "NICK b", "NICK c", "NICK d")
            try await ann.expect(
                ":ann!* NICK :a", ":a!* NICK :b", ":b!* NICK :c", ":srv FAIL NICK RATE_LIMITED :*")
            try await script.turnClock(seconds: 59)
            ann.send("NICK e")
            try await ann.expect(":srv FAIL NICK RATE_LIMITED :That was too often; try again in 1 s")
            try await script.turnClock(seconds: 1)
            ann.send("NICK f")
            try await ann.expect(":c!* NICK :f")
        }
    }

    /// limits.md 26: three new accounts a day from one network.
    @Test(arguments: Transport.allCases)
    func aNetworkMakesThreeAccountsADay(over transport: Transport) async throws {
        try await Transcript.run(transport, clock: ManualClock(), configure: limited) { script in
            for name in ["ann", "bob", "eve"] {
                let client = try await script.register(name)
                client.send("REGISTER * * :correct horse")
                try await client.expect(":srv REGISTER SUCCESS \(name) :*")
            }
            let max = try await script.register("max")
            max.send("REGISTER * * :correct horse")
            try await max.expect(":srv FAIL REGISTER RATE_LIMITED :*")
            try await script.turnClock(seconds: 86_400)
            let later = try await script.register("later")
            later.send("REGISTER * * :correct horse")
            try await later.expect(":srv REGISTER SUCCESS later :*")
        }
    }

    /// limits.md 23: five failed logins in five minutes for an account and network, then 904 without trying —
    /// "never a full lock-out": other accounts, certificates and, later, the right password go on.
    @Test(arguments: Transport.allCases)
    func guessingIsSlowedDown(over transport: Transport) async throws {
        try await Transcript.run(transport, clock: ManualClock(), configure: limited) { script in
            try await script.addAccount("ann", password: "correct horse")
            try await script.addAccount("bob", password: "correct horse")
            let certificate = try TestCertificate("ann")
            let owner = try await script.register(
                "ann", password: "correct horse", Arrival(certificate: certificate))
            owner.send("DEVICES ADD x")
            try await owner.expect(":srv NOTE DEVICES ADDED *")
            for _ in 0..<4 { #expect(try await signIn(script, "ann", "wrong") == "904") }
            #expect(try await signIn(script, "ann", "correct horse") == "900")
            #expect(try await signIn(script, "ANN", "wrong") == "904")
            #expect(try await signIn(script, "ann", "correct horse") == "904")
            #expect(try await signIn(script, "bob", "correct horse") == "900")
            let device = try await script.open("device", Arrival(certificate: certificate))
            device.send("CAP REQ sasl", "AUTHENTICATE EXTERNAL", "AUTHENTICATE +")
            try await device.expect(":srv CAP *", "AUTHENTICATE +", ":srv 900 *", ":srv 903 *")
            let pass = try await script.open("pass")
            pass.send("PASS :ann:correct horse")
            try await pass.expect(":srv FAIL PASS RATE_LIMITED :*")
            try await script.turnClock(seconds: 301)
            #expect(try await signIn(script, "ann", "correct horse") == "900")
        }
    }
}
