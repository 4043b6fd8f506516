// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import PlenaryClient
import PlenaryRelay

/// `plenary-relay translate`.
package struct TranslateCommand: RelayVerb {
    package static let configuration = CommandConfiguration(
        commandName: "translate",
        abstract: "Have a program translate what is said; its work is marked as a machine's.",
        discussion: """
            Starts the program, writes it one JSON object a line for each new message and language, reads its answers, \
            and attaches them as translations by a machine. The account needs the permission `translate-all`.

            Examples:
              plenary-relay translate session-am --to en --to fr --config relay.conf -- ./engine --model small
            """)

    @OptionGroup package var options: RelayOptions
    @Argument(help: "The channel.")
    package var channel: String
    @Option(help: "A language it is translated into; may be repeated.")
    package var to: [String]
    @Argument(parsing: .postTerminator, help: "The program and its arguments, behind --.")
    package var program: [String] = []

    /// For the argument library.
    package init() {}

    package func perform() async throws(Failure) -> ExitCode {
        guard let path = program.first, !to.isEmpty else {
            throw Failure(
                .usage, "no program or no language was named", "", "See plenary-relay translate --help.")
        }
        let station = try Station(options)
        let channel = try station.allowed(channel)
        let connection = try station.connection(channels: [channel], reconnects: true)
        let engine = try TranslationEngine(path, Array(program.dropFirst()))
        do throws(ClientError) { try await connection.start() } catch {
            engine.stop()
            throw Failure(error, doing: "nothing is translated")
        }
        let wishes = Wishes()
        let answering = Task {
            for await line in engine.lines { await attach(line, wishes, channel, connection) }
            // Without its engine this program has nothing to do.
            await connection.close()
        }
        for await event in connection.events {
            switch event {
            case .message(let message): await ask(engine, message, wishes)
            case .stateChanged(.offline(let error)):
                answering.cancel()
                engine.stop()
                guard let error, error != .closed else { return .done }
                throw Failure(error, doing: "nothing is translated any more")
            default: continue
            }
        }
        engine.stop()
        return .done
    }

    /// Only what is said from now on: the history has been translated, or is not wanted.
    private func ask(_ engine: TranslationEngine, _ message: Message, _ wishes: Wishes) async {
        guard !message.isHistory, message.kind == .message, message.translationOf == nil, let id = message.id,
            message.hiddenCode == nil, !message.text.isEmpty
        else { return }
        for language in to where TranslationRecord.isWanted(from: message.marks.language, to: language) {
            guard await wishes.add(id, language) else { continue }
            let wish = TranslationRecord.wish(
                id: id, text: message.text, from: message.marks.language, to: language)
            engine.write(wish.encoded)
        }
    }

    private func attach(
        _ line: [UInt8]?, _ wishes: Wishes, _ channel: String, _ connection: PlenaryConnection
    ) async {
        guard let line else { return Station.log("the engine wrote a line that is too long") }
        do throws(RelayRefusal) {
            let answer = try TranslationRecord.answer(line)
            guard await wishes.take(answer.id, answer.to) else {
                return Station.log("the engine answered what was not asked: \(answer.to)")
            }
            guard let text = answer.text, !text.isEmpty, text.utf8.count <= RelayLimits.pieceByteLimit else {
                return
            }
            var marks = Marks(language: answer.to)
            marks.translation = Marks.Translation(
                of: answer.id, provenance: "machine", engine: answer.engine)
            do throws(ClientError) { _ = try await connection.post(text, to: channel, marks: marks) } catch {
                Station.log("a translation was not taken: \(error)")
            }
        } catch {
            Station.log("the engine's line is not understood: \(error.reason)")
        }
    }
}

/// The engine's process.
private final class TranslationEngine: Sendable {
    /// What it writes, line by line; nil stands for a line that was too long.
    let lines: AsyncStream<[UInt8]?>
    private let process: Process
    private let input: FileHandle

    init(_ path: String, _ arguments: [String]) throws(Failure) {
        process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [path] + arguments
        let toEngine = Pipe()
        let fromEngine = Pipe()
        process.standardInput = toEngine
        process.standardOutput = fromEngine
        input = toEngine.fileHandleForWriting
        let output = fromEngine.fileHandleForReading
        lines = AsyncStream { continuation in
            BlockingQueue.input.async {
                var splitter = RecordSplitter()
                while true {
                    let data = output.availableData
                    for line in data.isEmpty ? splitter.finish() : splitter.take(Array(data)) {
                        continuation.yield(line)
                    }
                    if data.isEmpty { return continuation.finish() }
                }
            }
        }
        do { try process.run() } catch {
            throw Failure(.usage, "the engine cannot be started", "\(error)")
        }
    }

    /// Writes a line. An engine that has ended is known by the end of its lines.
    func write(_ line: String) {
        try? input.write(contentsOf: Data((line + "\n").utf8))
    }

    func stop() {
        if process.isRunning { process.terminate() }
    }
}
