// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import CPlenaryBench
import Glibc
import PlenaryClient
import PlenaryTerms
import Synchronization

/// Sign-in by certificate while passwords are guessed at, and how long wrong passwords of known and unknown accounts
/// take. The limits by network are off, so that every guess costs a real hash: harder than what a guesser is let do.
struct LoginsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "logins", abstract: "Certificate sign-ins under guessing; known beside unknown accounts."
    )
    @OptionGroup var options: BenchOptions
    @Option(help: "Guessers at one time.") var guessers = 50
    @Option(help: "Certificate sign-ins that are measured in a round.") var logins = 200
    @Option(help: "Wrong passwords of each kind that are timed; 0 leaves that out.") var timed = 200

    func run() async throws {
        var bench = try Bench(options)
        defer { bench.end() }
        try await bench.logins(guesserCount: guessers, loginCount: logins)
        if timed > 0 { try await bench.timing(count: timed) }
    }
}

extension Bench {
    mutating func logins(guesserCount: Int, loginCount: Int) async throws {
        var measurement = Measurement(
            "logins", [("guessers", "\(guesserCount)"), ("logins", "\(loginCount)")])
        for _ in 0..<options.rounds {
            let place = directory + "/logins"
            defer { Bench.remove(place) }
            let seed = try SeededAccounts(at: place, count: 10, channelCount: 1, .certificate)
            let child = try serve(place, ports: (0, 0))
            let port = child.tlsPort
            let quiet = await measured(loginCount, seed, port)
            let tally = Tally()
            var guessers: [Task<Void, Never>] = []
            for index in 0..<guesserCount {
                guessers.append(
                    Task {
                        while !Task.isCancelled {
                            let name = index % 2 == 0 ? "member\(index % 10)" : "nobody\(index)"
                            tally.note(await Bench.isAccepted(name, "guess \(tally.count)", port: port))
                        }
                    })
            }
            // The queue of hashes is full before anything is measured.
            try await Task.sleep(nanoseconds: 2_000_000_000)
            let loaded = await measured(loginCount, seed, port)
            for guesser in guessers { guesser.cancel() }
            for guesser in guessers { await guesser.value }
            measurement.ours.append([
                ("p50_ms", loaded[loaded.count / 2]), ("p95_ms", loaded[loaded.count * 95 / 100]),
                ("max_ms", loaded[loaded.count - 1]), ("quiet_p95_ms", quiet[quiet.count * 95 / 100]),
                ("guesses", Double(tally.count)), ("accepted", Double(tally.acceptedCount)),
            ])
            try child.stop()
        }
        report(measurement)
    }

    /// Milliseconds from the first packet to the welcome, sorted; a failed one takes for ever.
    private func measured(_ count: Int, _ seed: SeededAccounts, _ port: UInt16) async -> [Double] {
        var times: [Double] = []
        for index in 0..<count {
            let holder = seed.holders[index % seed.holders.count]
            let connection = connection(of: holder, .certificate, [], port: port)
            let began = Child.now()
            do {
                try await connection.start()
                try await connection.waitUntilOnline()
                times.append((Child.now() - began) * 1e3)
            } catch {
                times.append(.infinity)
            }
            await connection.close()
        }
        return times.sorted()
    }

    /// One sign-in with a password on a connection of its own.
    static func isAccepted(_ account: String, _ password: String, port: UInt16) async -> Bool {
        var session = SessionConfiguration(nickname: account)
        session.credentials = .password(account: account, password: password)
        let endpoint = Endpoint(host: "127.0.0.1", port: port, security: .tls(.decided { _ in true }))
        var configuration = ConnectionConfiguration(endpoint: endpoint, session: session)
        configuration.reconnects = false
        let connection = PlenaryConnection(configuration)
        do {
            try await connection.start()
            try await connection.waitUntilOnline()
            await connection.close()
            return true
        } catch {
            await connection.close()
            return false
        }
    }

    mutating func timing(count: Int) async throws {
        var measurement = Measurement("wrong-passwords", [("count", "\(count)")])
        let place = directory + "/timing"
        defer { Bench.remove(place) }
        let seed = try SeededAccounts(at: place, count: 10, channelCount: 1, .token)
        let child = try serve(place, ports: (0, 0))
        var known: [Double] = []
        var unknown: [Double] = []
        for index in 0..<count {
            // One after the other, the first one changing, so that a slow minute of the machine meets both.
            for isKnown in index % 2 == 0 ? [true, false] : [false, true] {
                let name = isKnown ? seed.holders[index % 10].name : "nobody\(index % 10)"
                let began = Child.now()
                _ = await Bench.isAccepted(name, "wrong password \(index)", port: child.tlsPort)
                let time = (Child.now() - began) * 1e3
                if isKnown { known.append(time) } else { unknown.append(time) }
            }
        }
        try child.stop()
        known.sort()
        unknown.sort()
        measurement.ours.append([
            ("known_p50_ms", known[known.count / 2]), ("unknown_p50_ms", unknown[unknown.count / 2]),
            ("known_p95_ms", known[known.count * 95 / 100]),
            ("unknown_p95_ms", unknown[unknown.count * 95 / 100]),
        ])
        report(measurement)
    }
}

/// Guesses made, and those that were let in.
private final class Tally: Sendable {
    private let counts = Mutex((all: 0, accepted: 0))
    var count: Int { counts.withLock { $0.all } }
    var acceptedCount: Int { counts.withLock { $0.accepted } }

    func note(_ isAccepted: Bool) {
        counts.withLock {
            $0.all += 1
            if isAccepted { $0.accepted += 1 }
        }
    }
}
