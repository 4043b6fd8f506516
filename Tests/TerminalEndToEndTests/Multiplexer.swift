// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Glibc
import Synchronization

/// The tmux server of a community, and one connection to it in tmux's control mode: a command is a line of text and
/// its answer comes between `%begin` and `%end`. To look at a screen so costs a hundredth of starting a program
/// for it, and screens are looked at thousands of times.
final class Multiplexer: Sendable {
    // MARK: Fixed at creation

    private let process: pid_t
    /// Both ways to the control client.
    private let descriptor: Int32
    private let reading = DispatchQueue(label: "answers of tmux")

    // MARK: Guarded

    private struct Answer: Sendable {
        var isError: Bool
        var lines: [String] = []
    }

    /// Commands that were sent together, and who waits for all of their answers.
    private struct Exchange: Sendable {
        var left: Int
        var answers: [Answer] = []
        var continuation: CheckedContinuation<[Answer], Never>
    }

    private struct State {
        /// In the order of commands.
        var waiting: [Exchange] = []
        /// Whether tmux has greeted: the first block answers no command of ours.
        var hasBegun = false
        var hasEnded = false
        /// Time, number and flags of the block that is being read, which its end repeats; nil outside of one.
        var block: Substring?
        var lines: [String] = []
        /// Bytes of a line that is not whole yet.
        var rest: [UInt8] = []
    }

    private static let ended = Answer(isError: true, lines: ["it has ended"])

    private let state = Mutex(State())

    /// Whatever the machine's own settings say: no status line, and keys passed on at once.
    private static let settings = [
        "set -g status off", "set -g default-terminal screen-256color", "set -sg escape-time 0",
        "set -g focus-events off",
    ]

    /// A server in a folder, with nothing in it but a session that keeps it alive.
    init(folder: String) throws {
        let file = folder + "/tmux.conf"
        try TextFile.write(Multiplexer.settings.map { $0 + "\n" }.joined(), to: file)
        (process, descriptor) = try Command.startConversation(
            [
                "tmux", "-u", "-C", "-S", folder + "/terminals/tmux", "-f", file, "new-session", "-s",
                "keeper",
                "exec cat",
            ], home: folder)
        reading.async { [self] in read() }
    }

    /// Does commands, one right after the other, and returns the lines of each one's answer.
    @discardableResult
    func demand(_ commands: [String]...) async throws -> [[String]] {
        let text = commands.map { $0.map(Multiplexer.quoted).joined(separator: " ") + "\n" }.joined()
        let answers = await withCheckedContinuation { continuation in
            let exchange = Exchange(left: commands.count, continuation: continuation)
            // Under the lock, so that those who wait stand in the order of their commands.
            let isSent = state.withLock { state in
                guard !state.hasEnded, Loopback.send(text.utf8, to: descriptor) else { return false }
                state.waiting.append(exchange)
                return true
            }
            if !isSent { continuation.resume(returning: [Multiplexer.ended]) }
        }
        if let error = answers.first(where: \.isError) {
            throw Command.Failure(description: "tmux \(commands): \(error.lines.joined(separator: "\n"))")
        }
        return answers.map(\.lines)
    }

    /// A word as tmux's own parser reads it: all signs but a line's end stand for themselves in single quotes.
    private static func quoted(_ word: String) -> String {
        let parts = word.split(separator: "'", omittingEmptySubsequences: false).map { part in
            part.split(separator: "\n", omittingEmptySubsequences: false).map { "'\($0)'" }.joined(
                separator: #""\n""#)
        }
        return parts.joined(separator: #""'""#)
    }

    // MARK: On the reading queue

    private func read() {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            take(buffer[..<count])
        }
        let left = state.withLock { state in
            state.hasEnded = true
            defer { state.waiting = [] }
            return state.waiting
        }
        for exchange in left { exchange.continuation.resume(returning: [Multiplexer.ended]) }
        Command.wait(for: process)
    }

    private func take(_ bytes: ArraySlice<UInt8>) {
        let done = state.withLock { state in
            state.rest += bytes
            var done: [Exchange] = []
            while let end = state.rest.firstIndex(of: 10) {
                let line = String(decoding: state.rest[..<end], as: UTF8.self)
                state.rest.removeSubrange(...end)
                if let exchange = Multiplexer.take(line, &state) { done.append(exchange) }
            }
            return done
        }
        for exchange in done { exchange.continuation.resume(returning: exchange.answers) }
    }

    /// Takes a line and returns the exchange that it completes.
    private static func take(_ line: String, _ state: inout State) -> Exchange? {
        guard let block = state.block else {
            // What is told beside answers (`%output`, `%exit`) is not looked at.
            if line.hasPrefix("%begin ") { state.block = line.dropFirst(7) }
            return nil
        }
        guard line == "%end " + block || line == "%error " + block else {
            state.lines.append(line)
            return nil
        }
        let answer = Answer(isError: line.hasPrefix("%error"), lines: state.lines)
        state.block = nil
        state.lines = []
        guard state.hasBegun, !state.waiting.isEmpty else {
            state.hasBegun = true
            return nil
        }
        state.waiting[0].answers.append(answer)
        state.waiting[0].left -= 1
        return state.waiting[0].left == 0 ? state.waiting.removeFirst() : nil
    }
}
