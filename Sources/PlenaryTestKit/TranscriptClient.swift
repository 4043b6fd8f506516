// SPDX-License-Identifier: Apache-2.0

import PlenaryCrypto
import Synchronization

/// One client of a transcript. Its name is how failures call it.
package final class TranscriptClient: Sendable {
    package let name: String
    package let connection: any TestConnection
    private let transcript: Transcript
    private let isUnsettled = Mutex(false)

    init(name: String, connection: any TestConnection, transcript: Transcript) {
        self.name = name
        self.connection = connection
        self.transcript = transcript
    }

    var hasUnsettledInput: Bool { isUnsettled.withLock { $0 } }

    // MARK: Saying

    /// Sends lines, each with its CR LF, in one piece.
    package func send(_ lines: String...) { send(bytes: Array(lines.map { $0 + "\r\n" }.joined().utf8)) }

    /// Sends bytes as they are.
    package func send(bytes: [UInt8]) {
        isUnsettled.withLock { $0 = true }
        connection.send(bytes)
    }

    /// Ends the connection without QUIT.
    package func disconnect() { connection.close() }

    // MARK: Hearing

    /// The next lines are these, in this order, with nothing between them.
    package func expect(_ patterns: String..., file: StaticString = #fileID, line: Int = #line) async throws {
        for pattern in patterns {
            let received = try await next("`\(pattern)`", file, line)
            guard transcript.match(pattern, received) else {
                throw failure("expected `\(pattern)` and got `\(received)`", file, line)
            }
        }
    }

    /// The next lines are these, in any order.
    package func expectInAnyOrder(
        _ patterns: String..., file: StaticString = #fileID, line: Int = #line
    ) async throws {
        var rest = patterns
        for _ in patterns {
            let received = try await next("one of \(rest)", file, line)
            guard let index = rest.firstIndex(where: { transcript.match($0, received) }) else {
                throw failure("expected one of \(rest) and got `\(received)`", file, line)
            }
            rest.remove(at: index)
        }
    }

    /// Passes over lines up to one that matches; gives them, the matching one last.
    @discardableResult
    package func skip(
        to pattern: String, file: StaticString = #fileID, line: Int = #line
    ) async throws
        -> [String]
    {
        var passed: [String] = []
        while true {
            let received = try await next("`\(pattern)` after \(passed)", file, line)
            passed.append(received)
            if transcript.match(pattern, received) { return passed }
        }
    }

    /// What has come and was not taken yet, without waiting for anything.
    package var untakenLines: [String] { connection.mailbox.read { $0.lines } }

    /// Whether the server has closed the connection.
    package var isClosed: Bool { connection.mailbox.read { $0.isClosed } }

    /// Nothing more has come, when everything that anybody said has had its effect.
    package func expectNothing(file: StaticString = #fileID, line: Int = #line) async throws {
        let lines = await drain()
        guard lines.isEmpty else { throw failure("expected nothing and got \(lines)", file, line) }
    }

    /// Takes and gives all that has come once everything that anybody said has had its effect.
    @discardableResult
    package func drain() async -> [String] {
        isUnsettled.withLock { $0 = true }
        await transcript.settle()
        return connection.mailbox.read { state in
            defer { state.lines = [] }
            return state.lines
        }
    }

    /// The server closed the connection, and said nothing more before.
    package func expectClosed(file: StaticString = #fileID, line: Int = #line) async throws {
        let isClosed = await connection.mailbox.wait(until: Transcript.deadline()) { $0.isClosed }
        guard isClosed else { throw failure("expected the connection to be closed", file, line) }
        let lines = connection.mailbox.read { $0.lines }
        guard lines.isEmpty else { throw failure("expected only the end and got \(lines)", file, line) }
    }

    /// The next line, whatever it is.
    package func next(
        _ wanted: String = "a line", _ file: StaticString = #fileID, _ line: Int = #line
    ) async throws -> String {
        let mailbox = connection.mailbox
        _ = await mailbox.wait(until: Transcript.deadline()) { !$0.lines.isEmpty || $0.isClosed }
        let received = mailbox.read { state in state.lines.isEmpty ? nil : state.lines.removeFirst() }
        guard let received else {
            let why = mailbox.read { $0.isClosed } ? "the end of the connection" : "nothing"
            throw failure("expected \(wanted) and got \(why)", file, line)
        }
        return received
    }

    /// Waits until all that this client said has had its effect, or its connection is closed.
    func barrier() async {
        let token = transcript.nextBarrier()
        isUnsettled.withLock { $0 = false }
        connection.send(Array("PING \(token)\r\n".utf8))
        _ = await connection.mailbox.wait(until: Transcript.deadline()) {
            $0.barriers.contains(token) || $0.isClosed
        }
    }

    private func failure(_ text: String, _ file: StaticString, _ line: Int) -> TranscriptFailure {
        TranscriptFailure("\(file):\(line): \(name) \(text)")
    }

    // MARK: Registration

    func register(
        capabilities: [String], account: String?, password: String?, file: StaticString, line: Int
    ) async throws {
        let wanted = capabilities + (password == nil || capabilities.contains("sasl") ? [] : ["sasl"])
        if !wanted.isEmpty {
            send("CAP REQ :" + wanted.joined(separator: " "))
            try await expect(
                ":srv CAP * ACK :" + wanted.joined(separator: " "), file: file, line: line)
        }
        if let password {
            try await authenticate(account ?? name, password: password, file: file, line: line)
        }
        send("NICK \(name)", "USER \(name) 0 * :\(name)")
        if !wanted.isEmpty { send("CAP END") }
        while true {
            let received = try await next("the welcome", file, line)
            let words = ReceivedLine(received).words
            if words.count > 1, words[1] == "422" || words[1] == "376" { break }
            let isWelcome =
                words.count > 1 && words[1].hasPrefix("0") || words.count > 1 && words[1].hasPrefix("2")
                || words.count > 1
                    && ["372", "375", "900", "903", "BATCH", "METADATA"].contains(words[1])
            guard isWelcome else { throw failure("expected the welcome and got `\(received)`", file, line) }
        }
        await drain()
    }

    /// Signs in by SASL PLAIN; the capability is on already.
    package func authenticate(
        _ account: String, password: String, file: StaticString = #fileID, line: Int = #line
    ) async throws {
        send("AUTHENTICATE PLAIN")
        try await expect("AUTHENTICATE +", file: file, line: line)
        send("AUTHENTICATE " + plain(account, password))
        try await expect(
            ":srv 900 * * \(account) :*", ":srv 903 * :*", file: file, line: line)
    }

    /// The base64 of `account NUL account NUL password` (RFC 4616, 2).
    package func plain(_ account: String, _ password: String) -> String {
        base64(Array("\(account)\0\(account)\0\(password)".utf8))
    }
}
