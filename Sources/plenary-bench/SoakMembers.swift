// SPDX-License-Identifier: Apache-2.0

import Glibc
import PlenaryClient
import PlenaryTerms
import Synchronization

/// How fast a writer posts.
struct SoakPace {
    /// Seconds between two messages, on average.
    let pauseSeconds: Double
    let warmUpFactor: Double
    /// By `Child.now()`.
    let warmUpEnds: Double

    var meanPause: Double { Child.now() < warmUpEnds ? pauseSeconds / warmUpFactor : pauseSeconds }
}

/// The people of a soak, each with the client library over TLS.
final class SoakMembers: Sendable {
    private let bench: Bench
    private let seeded: SeededAccounts
    private let port: UInt16
    private let journal: SoakJournal
    private let pace: SoakPace
    private let seed: UInt64
    private let isEnding = Atomic(false)

    init(
        bench: Bench, seeded: SeededAccounts, port: UInt16, journal: SoakJournal, pace: SoakPace, seed: UInt64
    ) {
        self.bench = bench
        self.seeded = seeded
        self.port = port
        self.journal = journal
        self.pace = pace
        self.seed = seed
    }

    /// Everybody finishes what he does.
    func end() { isEnding.store(true, ordering: .relaxed) }

    private var hasEnded: Bool { isEnding.load(ordering: .relaxed) }

    private func channels(of index: Int) -> [String] {
        (0..<4).map { seeded.channels[(index + $0 * 3) % seeded.channels.count] }
    }

    private func connect(_ index: Int) -> (PlenaryConnection, Task<Void, Never>) {
        let connection = bench.connection(
            of: seeded.holders[index], .certificate, channels(of: index), port: port)
        return (connection, Task { for await _ in connection.events {} })
    }

    /// Posts, and does now and then what else members do.
    func write(_ index: Int) async {
        var random = BenchRandom(seed: seed &+ UInt64(index))
        let (connection, drain) = connect(index)
        defer { drain.cancel() }
        do { try await connection.start() } catch { return journal.refuse("w\(index) start", error) }
        let own = channels(of: index)
        var number = 0
        while !hasEnded {
            let pause = Double.random(in: 0...2 * pace.meanPause, using: &random)
            try? await Task.sleep(for: .milliseconds(Int(pause * 1000)))
            number += 1
            let channel = own[number % own.count]
            let key = SoakLog.Key(writer: index, number: number)
            let filler = String(repeating: "x", count: Int.random(in: 0...300, using: &random))
            journal.post(key)
            let began = Child.now()
            do {
                let message = try await connection.post("\(key) \(filler)", to: channel)
                journal.acknowledge(key, seconds: Child.now() - began)
                try await act(connection, number, message, index)
            } catch ClientError.disconnected {
                // A request does not come back after a kill, as a message does.
            } catch {
                journal.refuse("\(key)", error)
            }
        }
        await connection.close()
    }

    private func act(
        _ connection: PlenaryConnection, _ number: Int, _ message: Message, _ index: Int
    ) async throws {
        let channel = message.conversation
        switch number % 10 {
        case 1: _ = try await connection.history(of: channel, .latest, count: 100)
        case 3: try await connection.markRead(channel, upTo: message.time)
        case 5: _ = try await connection.search(SearchRequest(text: "w\(index)-\(number - 1)"))
        case 7 where number % 100 == 7:
            _ = try await connection.createThread(in: channel, title: "Thread \(number)", root: message.id)
        case 7: _ = try await connection.threads(in: channel)
        case 9 where number % 20 == 9:
            guard let id = message.id else { return }
            try await connection.redact(id, in: channel)
        default: return
        }
        journal.deed()
    }

    /// Comes, looks and leaves, again and again.
    func visit(_ index: Int) async {
        var random = BenchRandom(seed: seed &+ UInt64(index))
        while !hasEnded {
            let (connection, drain) = connect(index)
            do {
                try await connection.start()
                try await connection.waitUntilOnline()
                for channel in channels(of: index) {
                    _ = try await connection.history(of: channel, .latest, count: 100)
                }
                try await Task.sleep(for: .milliseconds(Int.random(in: 1000...10_000, using: &random)))
                journal.visit()
            } catch ClientError.disconnected {
                // Killed meanwhile: comes again.
            } catch {
                journal.refuse("visitor \(index)", error)
            }
            await connection.close()
            drain.cancel()
        }
    }
}

/// A connection that asks for far more than it reads.
struct SlowReader {
    let number: Int
    let channels: [String]
    private(set) var closedCount = 0
    private var descriptor: Int32 = -1
    private var buffer = [UInt8](repeating: 0, count: 512)

    init(number: Int, channels: [String]) {
        self.number = number
        self.channels = channels
    }

    /// Asks for a page, reads 512 bytes, and begins again when the server has closed the connection.
    mutating func tick(port: UInt16) {
        if descriptor < 0 { connect(port: port) }
        guard descriptor >= 0 else { return }
        var isOpen = send("CHATHISTORY LATEST \(channels[number % channels.count]) * 100\r\n")
        if isOpen {
            let count = recv(descriptor, &buffer, buffer.count, Int32(MSG_DONTWAIT))
            isOpen = count > 0 || count < 0 && (errno == EAGAIN || errno == EINTR)
        }
        guard !isOpen else { return }
        close(descriptor)
        descriptor = -1
        closedCount += 1
    }

    private mutating func connect(port: UInt16) {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return }
        var size: Int32 = 4096
        setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &size, socklen_t(MemoryLayout<Int32>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        let result = withUnsafePointer(to: &address) {
            // SAFETY: sockaddr_in begins as sockaddr does, and its size is given.
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        let greeting =
            "NICK slow\(number)\r\nUSER s 0 * :s\r\nJOIN \(channels[number % channels.count])\r\n"
        guard result == 0, send(greeting) else {
            close(descriptor)
            descriptor = -1
            return
        }
    }

    private func send(_ text: String) -> Bool {
        var bytes = Array(text.utf8)
        let flags = Int32(MSG_DONTWAIT | MSG_NOSIGNAL)
        let count = Glibc.send(descriptor, &bytes, bytes.count, flags)
        // What finds no room is not said: the server does not read on either.
        return count >= 0 || errno == EAGAIN
    }
}
