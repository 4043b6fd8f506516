// SPDX-License-Identifier: Apache-2.0

import PlenaryCrypto
import PlenaryDomain
import PlenaryQueues
import PlenaryServer
import PlenaryTestKit
import Testing

/// Guessing at passwords (limits.md 22 to 24), on a community in memory whose clock only the test turns. scrypt is as
/// cheap as it can be configured, for 10,000 real ones would take most of an hour; how often it runs is counted.
struct BruteForceTests {
    private func limited(_ configuration: inout ServerConfiguration) {
        configuration.policy.limits.rates = CommunityLimits().rates
        configuration.policy.limits.loginDelaySecondsLimit = 32
        configuration.limits.loginFailureLimit = 5
        configuration.limits.hashQueueLimit = 1000
        configuration.limits.passwordCost.logN = 4
        configuration.limits.passwordCost.r = 1
        configuration.limits.passwordCost.p = 1
    }

    private func attempt(_ client: TranscriptClient, _ name: String, _ password: String) {
        client.send("AUTHENTICATE PLAIN", "AUTHENTICATE \(client.plain(name, password))")
    }

    private func open(_ script: Transcript, _ network: String) async throws -> TranscriptClient {
        let client = try await script.open(network, Arrival(network: network))
        client.send("CAP REQ sasl")
        try await client.expect(":srv CAP *")
        return client
    }

    private func derivationCount(_ script: Transcript) throws -> Int {
        try #require(script.server as? MemoryServer).passwords.derivationCount
    }

    /// limits.md 23: the answer to a wrong password comes after 1, 2, 4 … 32 seconds, counted by network; nobody else
    /// waits for it.
    @Test func theAnswerIsHeldBackLongerEachTime() async throws {
        try await Transcript.run(.memory, clock: ManualClock(), configure: limited) { script in
            try await script.addAccount("ann", password: "correct horse")
            try await script.addAccount("barrier", password: "correct horse")
            for (index, seconds) in ([1, 2, 4, 8] as [Int64]).enumerated() {
                let eve = try await open(script, "eve.guest")
                attempt(eve, index % 2 == 0 ? "ann" : "nobody", "wrong password")
                try await eve.expect("AUTHENTICATE +")
                try await settleHashes(script)
                try await script.turnClock(seconds: seconds - 1)
                let ann = try await open(script, "home.guest")
                attempt(ann, "ann", "correct horse")
                try await ann.expect("AUTHENTICATE +", ":srv 900 *", ":srv 903 *")
                #expect(eve.untakenLines == [])
                try await script.turnClock(seconds: 1)
                try await eve.expect(":srv 904 * :SASL authentication failed")
            }
        }
    }

    /// The issue: 10,000 wrong logins from 50 networks, accepted 0. Meanwhile the owner signs in from elsewhere with
    /// the password, and with a certificate from one of the guessing networks.
    @Test func tenThousandGuessesFromFiftyNetworksAreInVain() async throws {
        try await Transcript.run(.memory, clock: ManualClock(), configure: limited) { script in
            try await script.addAccount("ann", password: "correct horse")
            try await script.addAccount("barrier", password: "correct horse")
            let certificate = try TestCertificate("ann")
            let owner = try await script.register(
                "ann", password: "correct horse", Arrival(certificate: certificate, network: "home.guest"))
            owner.send("DEVICES ADD x")
            try await owner.expect(":srv NOTE DEVICES ADDED *")
            let before = try derivationCount(script)
            var refused = 0
            var accepted = 0
            for step in 0..<200 {
                var guessers: [TranscriptClient] = []
                for network in 0..<50 {
                    let client = try await open(script, "n\(network).guest")
                    attempt(client, step % 2 == 0 ? "ann" : "nobody\(step)", "guess number \(step)")
                    guessers.append(client)
                }
                for client in guessers { try await client.expect("AUTHENTICATE +") }
                if step % 50 == 25 {
                    let device = try await script.open(
                        "device", Arrival(certificate: certificate, network: "n1.guest"))
                    device.send("CAP REQ sasl", "AUTHENTICATE EXTERNAL", "AUTHENTICATE +")
                    try await device.expect(":srv CAP *", "AUTHENTICATE +", ":srv 900 *", ":srv 903 *")
                    let home = try await open(script, "home.guest")
                    attempt(home, "ann", "correct horse")
                    try await home.expect("AUTHENTICATE +", ":srv 900 *", ":srv 903 *")
                }
                // Results of the hashes arrive, and with them the delays begin; then time passes.
                try await settleHashes(script)
                try await script.turnClock(seconds: 33)
                for client in guessers {
                    let answer = try await client.next()
                    if answer.contains(" 904 ") { refused += 1 } else { accepted += 1 }
                    client.disconnect()
                }
            }
            #expect(accepted == 0)
            #expect(refused == 10_000)
            let computed = try derivationCount(script) - before - 200
            print("10,000 guesses: \(computed) password hashes were computed")
            // Ten of a network in ten minutes, over 110 minutes, and the owner's four.
            #expect(computed <= 50 * 10 * 12 + 4)
        }
    }

    /// Words and work are the same whether an account exists or not.
    @Test func knownAndUnknownAccountsAnswerAlike() async throws {
        try await Transcript.run(.memory, clock: ManualClock(), configure: limited) { script in
            try await script.addAccount("ann", password: "correct horse")
            try await script.addAccount("barrier", password: "correct horse")
            try await script.administer(.accountAdd(name: "cert", role: .member, isBot: false, password: nil))
            try await script.addAccount("gone", password: "correct horse")
            try await script.administer(.accountState(name: "gone", isDisabled: true))
            var stories: [[String]] = []
            var works: [[Int]] = []
            for name in ["ann", "nobody", "cert", "gone"] {
                var story: [String] = []
                var work: [Int] = []
                for _ in 0..<12 {
                    let before = try derivationCount(script)
                    let client = try await open(script, "\(name).guest")
                    attempt(client, name, "wrong password")
                    try await client.expect("AUTHENTICATE +")
                    try await settleHashes(script)
                    try await script.turnClock(seconds: 32)
                    story.append(try await client.next())
                    work.append(try derivationCount(script) - before - 1)
                    client.disconnect()
                }
                stories.append(story)
                works.append(work)
            }
            #expect(Set(stories).count == 1)
            #expect(Set(works).count == 1)
            #expect(works[0].reduce(0, +) >= 5)
        }
    }

    /// A hash's result reaches the community through its queue: a sign-in after it is answered after it.
    private func settleHashes(_ script: Transcript) async throws {
        let last = try await open(script, "barrier.guest")
        attempt(last, "barrier", "correct horse")
        try await last.expect("AUTHENTICATE +", ":srv 900 *", ":srv 903 *")
        last.disconnect()
    }
}
