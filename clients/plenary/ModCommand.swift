// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import PlenaryClient
import PlenaryScreens
import PlenaryTerminal

/// `plenary mod`: acts of moderation.
package struct ModCommand: Verb {
    package static let configuration = CommandConfiguration(
        commandName: "mod", abstract: "Moderate a channel.",
        discussion: """
            Examples:
              plenary mod mute practices bo --for 10m --reason abusive:'second time'
              plenary mod hide practices bo~2 --reason off-topic
              plenary mod close practices/12 --reason wrong-channel
              plenary mod slow practices 30s
              plenary mod log practices
            Acts: mute unmute remove ban unban (who), hide unhide redact (message), move (message, thread),
            slow moderated close reopen pin unpin, reports claim resolve, note notes (who), log.
            A message is its id, its label =k3x9 (how an id begins), or, except for redact, a name (that person's
            last one), name~2 (the one before) or ~1 (the last).
            Reasons: off-topic personal-data wrong-channel abusive spam safety other; members see the word,
            moderators what stands behind the colon. The target * means the whole server.
            """)

    @OptionGroup package var global: GlobalOptions
    @Argument(help: "What to do.") package var act: String
    @Argument(
        help: "Channel or channel/thread; then who, which message, or what the act needs.",
        completion: .channels)
    package var words: [String] = []
    @Option(help: "CODE or CODE:text.") package var reason: String?
    @Option(name: .customLong("for"), help: "How long, such as 10m, 2h, 7d; without it, until undone.")
    package var duration: String?
    @Flag(name: .customLong("dry-run"), help: "Say what would be done, and do nothing.")
    package var dryRun = false
    @Flag(help: "Do not ask.") package var yes = false

    /// For the argument library.
    package init() {}

    static let acts = [
        "mute", "unmute", "remove", "ban", "unban", "slow", "moderated", "close", "reopen", "pin", "unpin",
        "move",
        "hide", "unhide", "redact", "note", "notes", "reports", "claim", "resolve", "log",
    ]
    /// Those that people feel: they need a reason.
    static let needingReason: Set<String> = ["mute", "remove", "ban", "hide", "redact"]
    /// Those that take something away: they are asked for once more.
    static let removing: Set<String> = ["remove", "ban", "redact"]
    static let codes = ["off-topic", "personal-data", "wrong-channel", "abusive", "spam", "safety", "other"]

    package func perform(_ surroundings: Surroundings) async throws(Failure) -> ExitCode {
        let act = try Acts.known(act, among: ModCommand.acts, of: "mod")
        if let duration {
            guard act == "mute" || act == "ban" else {
                throw Failure(.usage, "--for goes with mute and ban, not with \(act)")
            }
            guard let seconds = TimeText.seconds(duration), (1...31_536_000).contains(seconds) else {
                throw Failure(.usage, "--for is 1s to 365d, not \(duration)", "", "Write --for 10m")
            }
        }
        let reader = ModReader(command: self, surroundings: surroundings)
        switch act {
        case "reports", "log", "notes", "note", "claim", "resolve":
            return try await reader.ask(act)
        default: return try await reader.act(act)
        }
    }
}

/// Carries out one act, or asks one question.
struct ModReader {
    let command: ModCommand
    let surroundings: Surroundings

    private func word(_ index: Int, _ what: String) throws(Failure) -> String {
        guard command.words.count > index else {
            throw Failure(.usage, "\(command.act) needs \(what)", "", "See plenary mod --help.")
        }
        return command.words[index]
    }

    // MARK: Acts

    func act(_ act: String) async throws(Failure) -> ExitCode {
        let place = try word(0, "a channel")
        let target = place == "*" ? nil : try Target(place)
        if target?.isPerson ?? false { throw Failure(.usage, "\(place) is no channel") }
        let isOfThread = ["close", "reopen", "pin", "unpin"].contains(act)
        if isOfThread, target?.thread == nil {
            throw Failure(.usage, "\(act) needs a thread", "", "Write: plenary mod \(act) practices/12")
        }
        var words = Array(command.words.dropFirst())
        if !isOfThread, words.isEmpty { throw Failure(.usage, "\(act) needs to know whom or what") }
        // People write names with @.
        if ["mute", "unmute", "remove", "ban", "unban"].contains(act), words[0].hasPrefix("@") {
            words[0].removeFirst()
        }
        let reason = try reason(for: act)
        if let duration = command.duration, let seconds = TimeText.seconds(duration) {
            words.append("\(seconds)s")
        }
        if !reason.isEmpty { words.append(reason) }
        let what = ([act] + command.words).joined(separator: " ")
        if command.dryRun {
            tellDryRun(act, target?.conversation ?? "*", words, reason)
            return .done
        }
        try confirm(act, command.words.count > 1 ? command.words[1] : place)
        let failing = "not done: \(what)"
        let channel = target?.wire ?? "*"
        let acts = try await visit(target, failing) { connection async throws(ClientError) in
            try await connection.moderate(channel, act.uppercased(), words)
        }
        let workplace = try Workplace(command.global, surroundings)
        for done in acts {
            if command.global.json {
                surroundings.print(Records.moderation(done).text)
            } else {
                workplace.say(ModText.sentence(done, workplace.time, now: surroundings.now()))
            }
        }
        if acts.isEmpty { workplace.say("done: \(what)") }
        return .done
    }

    /// `CODE[:text]` as the server reads it, `CODE text`.
    private func reason(for act: String) throws(Failure) -> String {
        var given = command.reason
        if given == nil, ModCommand.needingReason.contains(act), !command.dryRun, surroundings.canAsk {
            let list = ModCommand.codes.joined(separator: ", ")
            given = surroundings.ask("Reason (\(list); text behind a colon): ", false)
        }
        guard let given, !given.isEmpty else {
            guard !ModCommand.needingReason.contains(act) else {
                throw Failure(
                    .usage, "\(act) needs a reason", "members see why something was done",
                    "Write --reason CODE or CODE:text; codes: \(ModCommand.codes.joined(separator: " "))")
            }
            return ""
        }
        let parts = given.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(
            String.init)
        let code = parts[0].lowercased().replacing(" ", with: "-")
        guard ModCommand.codes.contains(code) else {
            let hint = NearestWord.to(code, among: ModCommand.codes).map { "Did you mean \($0)?" } ?? ""
            throw Failure(
                .usage, "\(PlainText.oneLine(parts[0])) is no reason", hint,
                "Codes: \(ModCommand.codes.joined(separator: " "))")
        }
        let text = parts.count > 1 ? String(parts[1].drop { $0 == " " }) : ""
        return text.isEmpty ? code : "\(code) \(text)"
    }

    private func confirm(_ act: String, _ name: String) throws(Failure) {
        guard ModCommand.removing.contains(act), !command.yes else { return }
        guard surroundings.canAsk else {
            throw Failure(.usage, "\(act) asks first", "nobody can be asked here", "Add --yes")
        }
        let answer = surroundings.ask("To \(act) \(PlainText.oneLine(name)), type that name: ", false)
        guard answer == name else { throw Failure(.nothing, "nothing was done", "the name was not typed") }
    }

    private func tellDryRun(_ act: String, _ channel: String, _ words: [String], _ reason: String) {
        let parts = reason.split(separator: " ", maxSplits: 1).map(String.init)
        var planned = ModerationAct(
            action: act, actor: "you", channel: channel, target: words.first ?? "",
            code: parts.first ?? "other",
            text: parts.count > 1 ? parts[1] : nil, time: surroundings.now())
        if let duration = command.duration, let seconds = TimeText.seconds(duration) {
            planned.until = surroundings.now().advanced(bySeconds: seconds)
        }
        if command.global.json {
            surroundings.print(Records.moderation(planned, isDryRun: true).text)
        } else {
            surroundings.say(
                "would be done: "
                    + ModText.sentence(planned, TimeText(usesUTC: true), now: surroundings.now()))
        }
    }

    private func visit<Value: Sendable>(
        _ target: Target?, _ what: String,
        _ body: (PlenaryConnection) async throws(ClientError) -> Value
    ) async throws(Failure) -> Value {
        let workplace = try Workplace(command.global, surroundings)
        if let target { return try await workplace.visit(target, what, body) }
        let connection = try await workplace.connect(what, profile: try workplace.profile())
        do throws(ClientError) {
            let value = try await body(connection)
            await connection.close()
            return value
        } catch {
            await connection.close()
            throw Failure(error, doing: what)
        }
    }

    // MARK: Questions

    func ask(_ act: String) async throws(Failure) -> ExitCode {
        switch act {
        case "log": return try await log()
        case "reports": return try await reports()
        case "claim": return try await handle(nil)
        case "resolve": return try await handle(try word(1, "an outcome"))
        case "notes":
            let account = try word(0, "a person")
            let notes = try await visit(nil, "no notes") { connection async throws(ClientError) in
                try await connection.notes(on: account)
            }
            for note in notes { show(Records.note(note), ModText.row(note)) }
            return notes.isEmpty ? .nothing : .done
        default:
            let account = try word(0, "a person")
            let text = command.words.dropFirst().joined(separator: " ")
            guard !text.isEmpty else { throw Failure(.usage, "note needs a text") }
            try await visit(nil, "the note is not kept") { connection async throws(ClientError) in
                try await connection.addNote(text, on: account)
            }
            surroundings.say("The note on \(PlainText.oneLine(account)) is kept, for moderators only.")
            return .done
        }
    }

    private func show(_ record: JSONValue, _ fields: [String]) {
        if command.global.json {
            surroundings.print(record.text)
        } else {
            surroundings.print(fields.map { PlainText.oneLine($0) }.joined(separator: "\t"))
        }
    }

    private func log() async throws(Failure) -> ExitCode {
        let place = try word(0, "a channel")
        let target = place == "*" ? nil : try Target.channel(place)
        let channel = target?.conversation ?? "*"
        let acts = try await visit(target, "no log of \(place)") { connection async throws(ClientError) in
            var acts: [ModerationAct] = []
            var after: String?
            repeat {
                let page = try await connection.moderationLog(of: channel, after: after)
                acts += page.acts
                after = page.next
            } while after != nil
            return acts
        }
        for act in acts.reversed() { show(Records.moderation(act), ModText.row(act)) }
        if acts.isEmpty { surroundings.say("Nothing was done there.") }
        return .done
    }

    private func reports() async throws(Failure) -> ExitCode {
        let target = try command.words.first.flatMap { (text) throws(Failure) in
            text == "*" ? nil : try Target.channel(text)
        }
        let state = command.words.count > 1 ? command.words[1] : nil
        let reports = try await visit(target, "no reports") { connection async throws(ClientError) in
            try await connection.reports(of: target?.conversation, state: state)
        }
        for report in reports { show(Records.report(report), ModText.row(report)) }
        if reports.isEmpty { surroundings.say("There are no such reports.") }
        return .done
    }

    private func handle(_ outcome: String?) async throws(Failure) -> ExitCode {
        let spelled = try word(0, "a report's number")
        guard let number = Int(spelled), number > 0 else {
            throw Failure(.usage, "\(PlainText.oneLine(spelled)) is no number of a report")
        }
        let text = command.words.dropFirst(2).joined(separator: " ")
        let report = try await visit(nil, "report \(number) is as it was") {
            connection async throws(ClientError) in
            try await connection.handleReport(number, outcome: outcome, text: text)
        }
        if let report { show(Records.report(report), ModText.row(report)) }
        return .done
    }
}

/// `plenary report`: tell the moderators.
package struct ReportCommand: Verb {
    package static let configuration = CommandConfiguration(
        commandName: "report", abstract: "Tell the moderators of a channel, and nobody else.",
        discussion: """
            Examples:
              plenary report practices @bo --reason abusive he does not stop
              plenary report practices ocrt637CRwJP8OMgUnHF4w --reason personal-data a phone number
            """)

    @OptionGroup package var global: GlobalOptions
    @Argument(help: "The channel.", completion: .channels) package var target: String
    @Argument(help: "A message's id or name (bo, bo~2, ~1 with --message), or @person.") package var about:
        String
    @Argument(help: "What is wrong.") package var text: [String] = []
    @Option(help: "off-topic personal-data wrong-channel abusive spam safety other.") package var reason:
        String?

    /// For the argument library.
    package init() {}

    package func perform(_ surroundings: Surroundings) async throws(Failure) -> ExitCode {
        let target = try Target.channel(target)
        if let reason, !ModCommand.codes.contains(reason) {
            throw Failure(
                .usage, "\(PlainText.oneLine(reason)) is no reason", "",
                "Codes: \(ModCommand.codes.joined(separator: " "))")
        }
        let words = (reason.map { [$0] } ?? []) + text
        guard !words.isEmpty else {
            throw Failure(.usage, "say what is wrong", "", "Add --reason CODE or a text")
        }
        let about = about.hasPrefix("@") ? String(about.dropFirst()) : about
        let workplace = try Workplace(global, surroundings)
        let number = try await workplace.visit(target, "not reported") {
            connection async throws(ClientError) in
            try await connection.report(about, in: target.conversation, reason: words.joined(separator: " "))
        }
        if global.json {
            let members: [(String, JSONValue)] = [
                ("time", .string(surroundings.now().iso8601)), ("number", .number(number)),
                ("channel", .string(Records.name(target.conversation))), ("state", .string("open")),
            ]
            surroundings.print(Records.record("report", members).text)
        } else {
            workplace.say(
                "The moderators of \(target.shown) have your report, number \(number). Nobody else sees it.")
        }
        return .done
    }
}
