// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import PlenaryClient
import PlenaryTerminal
import Synchronization

/// `plenary post`: one message, done when it is durable on the server.
package struct PostCommand: Verb {
    package static let configuration = CommandConfiguration(
        commandName: "post", abstract: "Post a message.",
        discussion: """
            Examples:
              plenary post practices We use the same matrix.
              plenary post practices/12 --file report.txt
              plenary post practices -t 'Mandate models' --kind question --lang fr 'Qui a un modèle ?'
              uptime | plenary post operations
              generate | plenary post --lines operations
            Prints the message id once the message is stored on the server. --lang is the message's language.
            Document symbols in the text are added to its references, and named on standard error.
            """)

    @OptionGroup package var global: GlobalOptions
    @Argument(help: "Channel, channel/thread, or @person.", completion: .channels) package var target: String
    @Argument(help: "The text; without it, standard input.") package var words: [String] = []
    @Flag(help: "One message for each line of standard input.") package var lines = false
    @Option(help: "The text is in this file.") package var file: String?
    @Flag(help: "Keep the message and send it later if the server cannot be reached.") package var queue =
        false
    @Option(help: "A token of your own, 1 to 64 bytes, that makes it safe to repeat.") package var id: String?
    @Option(help: "Give up after this long, such as 10s.") package var timeout: String?
    @Option(
        name: [.customLong("reply-to"), .customLong("reply")], help: "The id of the message it answers.")
    package var replyTo: String?
    @Option(help: "The thread's number, instead of CHANNEL/NUMBER.") package var thread: String?
    @Option(name: [.short, .customLong("new-thread")], help: "Make a thread of this title for it.")
    package var title: String?
    @OptionGroup package var marks: MarkOptions
    @Flag(help: "Post as a notice, which programs never answer.") package var notice = false

    /// For the argument library.
    package init() {}

    package func perform(_ surroundings: Surroundings) async throws(Failure) -> ExitCode {
        var target = try chosenTarget()
        // Here `--lang` is the language of the message.
        var options = global
        options.lang = nil
        let workplace = try Workplace(options, surroundings)
        let texts = try texts(workplace)
        let marks = try texts.map { (text) throws(Failure) in try marked(text, workplace) }
        let profile = try workplace.profile()
        let limit = try timeout.map { (text) throws(Failure) in try milliseconds(text) }
        if let id, id.isEmpty || id.utf8.count > 64 {
            throw Failure(.usage, "--id has 1 to 64 bytes", "it has \(id.utf8.count)")
        }
        let what = "not sent to \(target.shown)"
        if queue { return try await postByQueue(texts, marks, target, workplace, profile, what, limit) }
        let alarm = Alarm(workplace, milliseconds: limit)
        let connection = try await workplace.connect(what, profile: profile, alarm: alarm)
        defer { alarm.cancel() }
        if !target.isPerson {
            do throws(Failure) { try await workplace.join(target.conversation, connection, what) } catch {
                await connection.close()
                throw alarm.translate(error, what)
            }
        }
        if let title {
            do throws(ClientError) {
                let made = try await connection.createThread(in: target.conversation, title: title)
                target = target.with(thread: made.number)
                if !global.json { workplace.say("made \(target.shown)") }
            } catch {
                await connection.close()
                throw alarm.translate(Failure(error, doing: what), what)
            }
        }
        for (index, text) in texts.enumerated() {
            let token = id.map { texts.count == 1 ? $0 : "\($0).\(index)" }
            do throws(ClientError) {
                let message = try await connection.post(
                    text, to: target.wire, kind: notice ? .notice : .message, replyTo: replyTo, token: token,
                    marks: marks[index])
                report(message, token: token, target, workplace)
            } catch {
                await connection.close()
                throw alarm.translate(Failure(error, doing: what), what)
            }
        }
        await connection.close()
        return .done
    }

    /// The target with `--thread`, which must not contradict it.
    private func chosenTarget() throws(Failure) -> Target {
        let target = try Target(target)
        guard thread != nil || title != nil else { return target }
        guard thread == nil || title == nil else {
            throw Failure(.usage, "--thread and --new-thread exclude each other")
        }
        guard !target.isPerson, target.thread == nil else {
            throw Failure(.usage, "\(target.shown) is no channel", "a thread is a part of a channel")
        }
        if title != nil, queue {
            throw Failure(.usage, "--new-thread does not wait in a queue", "", "Leave out --queue.")
        }
        if title != nil, replyTo != nil {
            throw Failure(.usage, "--new-thread and --reply-to exclude each other")
        }
        guard let thread else { return target }
        guard let number = Target.threadNumber(thread) else {
            throw Failure(.usage, "--thread \(thread) is no thread's number")
        }
        return target.with(thread: number)
    }

    /// The marks of a text; says which references were taken from it.
    private func marked(_ text: String, _ workplace: Workplace) throws(Failure) -> Marks {
        let (marks, found) = try marks.marks(of: text, language: global.lang)
        if !found.isEmpty {
            workplace.say(
                "references from the text: \(found.joined(separator: ", ")) (--no-auto-ref leaves them)")
        }
        return marks
    }

    private func milliseconds(_ text: String) throws(Failure) -> Int64 {
        guard let value = TimeText.milliseconds(text), value > 0 else {
            throw Failure(.usage, "--timeout \(text) is no duration", "", "Write 500ms, 10s or 2m.")
        }
        return value
    }

    private func report(_ message: Message, token: String?, _ target: Target, _ workplace: Workplace) {
        if global.json {
            workplace.surroundings.print(
                Records.posted(message, token: token ?? message.token ?? "").text)
        } else if workplace.surroundings.isOutputTerminal {
            if !global.quiet { workplace.surroundings.print("sent to \(target.shown)") }
        } else {
            workplace.surroundings.print(PlainText.oneLine(message.id ?? ""))
        }
    }

    // MARK: By the queue on disk

    private func postByQueue(
        _ texts: [String], _ marks: [Marks], _ target: Target, _ workplace: Workplace, _ profile: Profile,
        _ what: String, _ limit: Int64?
    ) async throws(Failure) -> ExitCode {
        let queue = try workplace.queue(of: profile)
        var tokens: [String] = []
        do {
            _ = try queue.load()
            for (index, text) in texts.enumerated() {
                let token: String
                if let id {
                    token = texts.count == 1 ? id : "\(id).\(index)"
                } else {
                    token = try PlenaryConnection.makeToken()
                }
                try queue.store(
                    OutgoingMessage(
                        token: token, target: target.wire, text: text, kind: notice ? .notice : .message,
                        replyTo: replyTo, marks: marks[index], queuedAt: workplace.surroundings.now()))
                tokens.append(token)
            }
        } catch {
            throw Failure(.cannotWrite, what, "\(error)", "Check the disk.")
        }
        let kept = Failure(
            .notYet, "kept for later: \(target.shown)", "",
            "It is sent by the next `plenary post --queue` or `plenary chat`.")
        var configuration = try workplace.configuration(for: profile)
        configuration.reconnects = false
        configuration.session.wantsMemberLists = false
        let connection = workplace.surroundings.connect(configuration, queue)
        let alarm = Alarm(workplace, milliseconds: limit ?? 30_000)
        defer { alarm.cancel() }
        alarm.watch(connection)
        do throws(ClientError) { try await connection.start() } catch { throw Failure(error, doing: what) }
        var waiting = Set(tokens)
        var failure: Failure?
        for await event in connection.events {
            switch event {
            case .delivery(let token, _, .delivered(let message)) where waiting.remove(token) != nil:
                report(message, token: token, target, workplace)
            case .delivery(let token, _, .failed(let error)):
                if waiting.remove(token) != nil { failure = failure ?? Failure(error, doing: what) }
            case .stateChanged(.offline(let error)):
                if let error, !isPassing(error) { failure = failure ?? Failure(error, doing: what) }
            default: break
            }
            if waiting.isEmpty { break }
        }
        await connection.close()
        if let failure { throw failure }
        if !waiting.isEmpty { throw kept }
        return .done
    }

    /// Whether the message is better kept than given up.
    private func isPassing(_ error: ClientError) -> Bool {
        switch error {
        case .cannotReach, .disconnected, .timedOut, .closed: true
        default: false
        }
    }

    // MARK: The text

    private func texts(_ workplace: Workplace) throws(Failure) -> [String] {
        if !words.isEmpty {
            guard file == nil, !lines else {
                throw Failure(.usage, "there are two texts", "one as an argument, one by --file or --lines")
            }
            return [try PostCommand.checked(Array(words.joined(separator: " ").utf8), "the text")]
        }
        let bytes: [UInt8]
        let source = file ?? "standard input"
        do throws(FileError) {
            if let file {
                bytes = try FileAccess.read(file)
            } else if workplace.surroundings.isInputTerminal {
                guard workplace.canAsk else {
                    throw FileError(path: source, reason: "there is no text", isMissing: true)
                }
                workplace.say("Type the text; end with Ctrl+D on a line of its own.")
                bytes = try workplace.surroundings.readInput()
            } else {
                bytes = try workplace.surroundings.readInput()
            }
        } catch {
            throw Failure(.badInput, "there is nothing to post", "\(error)", "Give the text as an argument.")
        }
        let text = try PostCommand.checked(bytes, source)
        if lines {
            return text.split(separator: "\n").map { String($0.last == "\r" ? $0.dropLast() : $0) }
                .filter { !$0.isEmpty }
        }
        guard !text.isEmpty else {
            throw Failure(.badInput, "there is nothing to post", "\(source) is empty")
        }
        return [text]
    }

    /// UTF-8 without NUL; one trailing newline is dropped.
    static func checked(_ bytes: [UInt8], _ source: String) throws(Failure) -> String {
        if let place = InputText.invalidOffset(bytes) {
            throw Failure(
                .badInput, "nothing was sent", "\(source) is not UTF-8 at byte \(place)",
                "Convert it, for example: iconv -t UTF-8")
        }
        var bytes = bytes[...]
        if bytes.last == 10 { bytes = bytes.dropLast() }
        if bytes.last == 13 { bytes = bytes.dropLast() }
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// Input from people and programs.
package enum InputText {
    /// Where the bytes stop being UTF-8 without NUL; nil when they are.
    package static func invalidOffset(_ bytes: [UInt8]) -> Int? {
        var decoder = Unicode.UTF8.ForwardParser()
        var iterator = bytes.makeIterator()
        var offset = 0
        while true {
            switch decoder.parseScalar(from: &iterator) {
            case .valid(let scalar):
                if scalar.count == 1, scalar.first == 0 { return offset }
                offset += scalar.count
            case .emptyInput: return nil
            case .error: return offset
            }
        }
    }
}
