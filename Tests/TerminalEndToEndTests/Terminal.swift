// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// A terminal of tmux with a program in it, as a person has one before them.
final class Terminal: Sendable {
    private let multiplexer: Multiplexer
    private let name: String
    /// The session of tmux, which no other terminal has.
    private let session: String

    /// A terminal in which a command of the shell runs.
    init(
        _ shell: String, of person: Resident, columns: Int = 80, rows: Int = 24, name: String = ""
    ) async throws {
        multiplexer = person.community.multiplexer
        self.name = person.account + name
        // Colons and full stops mean something to tmux.
        let plain = self.name.map { $0 == "." ? "-" : String($0) }.joined()
        session = "\(plain)-\(UInt32.random(in: 0...UInt32.max))"
        try await multiplexer.demand([
            "new-session", "-d", "-x", "\(columns)", "-y", "\(rows)", "-e", "HOME=\(person.home)", "-c",
            person.home,
            "-s", session, shell,
        ])
    }

    /// A terminal with the client of a person in it; when it has ended, that is said.
    static func client(
        of person: Resident, _ arguments: String = "", columns: Int = 80, rows: Int = 24, name: String = ""
    ) async throws -> Terminal {
        let program = try Command.path(of: "plenary")
        return try await Terminal(
            "\(program) chat \(arguments); echo \"ended with $?.\"; exec cat", of: person, columns: columns,
            rows: rows, name: name)
    }

    /// Ends it, with whatever runs in it.
    func close() async { _ = try? await tmux("kill-session") }

    /// Does a command of tmux to this terminal.
    @discardableResult
    func tmux(_ verb: String, _ words: String...) async throws -> String {
        try await multiplexer.demand(command(verb, words))[0].joined(separator: "\n")
    }

    private func command(_ verb: String, _ words: [String] = []) -> [String] {
        [verb, "-t", verb == "kill-session" ? "=\(session)" : "=\(session):"] + words
    }

    // MARK: Hands

    /// Strikes keys, by tmux's names of them: `F3`, `Enter`, `M-Enter`, `C-p`, `Escape`.
    func press(_ keys: String...) async throws { try await multiplexer.demand(command("send-keys", keys)) }

    /// Types a text as it is.
    func type(_ text: String) async throws { try await tmux("send-keys", "-l", "--", text) }

    /// Types a text and Enter.
    func say(_ text: String) async throws {
        try await multiplexer.demand(
            command("send-keys", ["-l", "--", text]), command("send-keys", ["Enter"]))
    }

    /// Pastes a text as terminals do, in brackets where the program asked for them.
    func paste(_ text: String) async throws {
        try await multiplexer.demand(
            ["set-buffer", "-b", session, "--", text], command("paste-buffer", ["-p", "-d", "-b", session]))
    }

    func resize(columns: Int, rows: Int) async throws {
        try await tmux("resize-window", "-x", "\(columns)", "-y", "\(rows)")
    }

    // MARK: Eyes

    var screen: Screen { get async throws { Screen(try await tmux("capture-pane", "-p")) } }

    /// A value of tmux's own: `alternate_on`.
    func value(_ name: String) async throws -> String {
        try await tmux("display-message", "-p", "#{\(name)}")
    }

    /// Returns the screen once it shows all of the words.
    @discardableResult
    func wait(for words: String..., within limit: Duration = Patience.limit) async throws -> Screen {
        try await wait("\(words)", within: limit) { screen in words.allSatisfy(screen.contains) }
    }

    /// Returns the screen once none of the words is on it.
    @discardableResult
    func wait(without words: String...) async throws -> Screen {
        try await wait("no \(words)") { screen in !words.contains(where: screen.contains) }
    }

    /// Returns the screen once it shows all of the words, nothing is being fetched, and it rests.
    func wait(settledWith words: String...) async throws -> Screen {
        try await wait(forRest: "\(words)") { screen in
            words.allSatisfy(screen.contains) && !screen.contains("loading…")
        }
    }

    /// Returns the screen once it is so and the same for some looks: of a frame that is on its way, tmux may show one
    /// half, and the other half of the frame before.
    func wait(forRest what: String, until isSo: (Screen) -> Bool) async throws -> Screen {
        var last = Screen("")
        var count = 0
        try await Patience.wait("\(name): \(what), at rest") {
            let next = try await screen
            count = next == last ? count + 1 : 0
            last = next
            return count >= 4 && isSo(next)
        } orElse: {
            last.text
        }
        return last
    }

    /// Returns once the screen is, but for times, as it was.
    func wait(until former: Screen) async throws {
        try await wait("this:\n\(former)\n") { $0.timeless == former }
    }

    /// Returns the screen once it shows the words and nothing on it waits for the server.
    @discardableResult
    func wait(stored words: String) async throws -> Screen {
        try await wait("\(words), stored") { screen in
            screen.contains(words) && !screen.contains("sending…") && !screen.contains("queued")
        }
    }

    /// Returns the screen once it is so.
    @discardableResult
    func wait(
        _ what: String, within limit: Duration = Patience.limit, until isSo: (Screen) -> Bool
    ) async throws -> Screen {
        var last = Screen("")
        var text: String?
        try await Patience.wait("\(name): \(what)", for: limit) {
            let next = try await tmux("capture-pane", "-p")
            // Nothing is asked again of a screen that is as it was.
            guard next != text else { return false }
            text = next
            last = Screen(next)
            return isSo(last)
        } orElse: {
            last.text
        }
        return last
    }

    /// Returns the code of the client once it has ended.
    func waitForEnd() async throws -> Int32 {
        let screen = try await wait(for: "ended with ")
        return screen.text.firstMatch(of: /ended with (\d+)\./).flatMap { Int32($0.output.1) } ?? -1
    }

    // MARK: Golden screens

    /// Waits until the screen is, but for times, as it was kept; fails with the difference. With
    /// `PLENARY_GOLDEN=write` it is kept, once it has stopped changing.
    func expectGolden(_ file: String, sourceLocation: SourceLocation = #_sourceLocation) async throws {
        let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("golden/terminal/\(file).txt").path
        if ProcessInfo.processInfo.environment["PLENARY_GOLDEN"] == "write" {
            try TextFile.write(timeless(try await restingScreen()) + "\n", to: path)
        }
        let kept = try TextFile.read(path)
        var last = ""
        var text: String?
        do {
            try await Patience.wait("the screen \(file)") {
                let next = try await painted()
                guard next != text else { return false }
                text = next
                last = timeless(next)
                return last + "\n" == kept
            } orElse: {
                "\(last)\n\nand should be\n\n\(kept)"
            }
        } catch let failure as Command.Failure {
            Issue.record("\(failure.description)", sourceLocation: sourceLocation)
        }
    }

    /// The screen and where the cursor is, if it is seen: a hidden one is wherever something was painted last.
    private func painted() async throws -> String {
        let cursor = "#{?cursor_flag,#{cursor_y}#,#{cursor_x},hidden}"
        let answers = try await multiplexer.demand(
            command("display-message", ["-p", cursor]), command("capture-pane", ["-p"]))
        return "\(answers[1].joined(separator: "\n"))\ncursor \(answers[0].joined())"
    }

    /// As `painted`, at any time of any day.
    private func timeless(_ painted: String) -> String {
        let lines = painted.split(separator: "\n", omittingEmptySubsequences: false)
        return "\(Screen(lines.dropLast().joined(separator: "\n")).timeless)\n\(lines.last ?? "")"
    }

    private func restingScreen() async throws -> String {
        var last = try await painted()
        var count = 0
        for _ in 0..<600 where count < 60 {
            try await Task.sleep(for: .milliseconds(10))
            let next = try await painted()
            count = next == last ? count + 1 : 0
            last = next
        }
        return last
    }
}

/// Lets few cases run at a time: each of them is several programs, and a machine has few cores.
struct FewAtATime: SuiteTrait, TestTrait, TestScoping {
    var isRecursive: Bool { true }

    func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
    ) async throws {
        guard testCase != nil else { return try await function() }
        await Gate.shared.enter()
        do {
            try await function()
            await Gate.shared.leave()
        } catch {
            await Gate.shared.leave()
            throw error
        }
    }
}

extension Trait where Self == FewAtATime {
    static var fewAtATime: Self { FewAtATime() }
}

private actor Gate {
    static let shared = Gate()
    private var free = 3
    private var waiting: [CheckedContinuation<Void, Never>] = []

    func enter() async {
        if free > 0 {
            free -= 1
        } else {
            await withCheckedContinuation { waiting.append($0) }
        }
    }

    func leave() {
        if waiting.isEmpty { free += 1 } else { waiting.removeFirst().resume() }
    }
}
