// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import PlenaryClient
import PlenaryScreens
import PlenaryTerminal

/// `plenary chat`: talk. The line mode, which is also what a pipe and a screen reader get.
package struct ChatCommand: Verb {
    package static let configuration = CommandConfiguration(
        commandName: "chat", abstract: "Talk in a channel.",
        discussion: """
            Examples:
              plenary chat practices --plain
              plenary chat @amina.b
            Type /help inside for the commands.
            """)

    @OptionGroup package var global: GlobalOptions
    @Argument(help: "Channel, channel/thread, or @person.", completion: .channels) package var target: String?
    @Flag(help: "One line after the other; no cursor, no colour.") package var plain = false

    /// For the argument library.
    package init() {}

    /// As the argument library makes it of a command line with no option in it. Nine times in ten that is all there
    /// is to read, and the library, which looks at its types while the program runs, takes longer for it than the
    /// first screen does.
    package init(opening target: String?) {
        global = .none
        self.target = target
        plain = false
    }

    package func perform(_ surroundings: Surroundings) async throws(Failure) -> ExitCode {
        let workplace = try Workplace(global, surroundings)
        let profile = try workplace.profile()
        let chosen = try (target ?? profile.channels.first).map { (text) throws(Failure) in try Target(text) }
        return try await workplace.openClient(profile: profile, target: chosen, isPlain: plain)
    }
}

/// Carries out what the line mode asks for.
actor ChatRunner {
    let workplace: Workplace
    private let profile: Profile
    private let positions: PositionFile
    let connection: PlenaryConnection
    var mode: LineMode
    private var isEnding = false
    /// Whether the server was asked for another language than its own.
    private var speaksOtherLanguage = false
    /// Whether the first attempt has come to something. What is typed before is not looked at until then: a
    /// script's `/thread 12` is meant for a connection.
    private var hasBegun = false
    private var awaitingBeginning: CheckedContinuation<Void, Never>?
    /// How far this run has read, by conversation, where it began where the one before ended.
    private var readUpTo: [String: Timestamp] = [:]
    /// Conversations in which nothing was left out.
    private var complete: Set<String>
    /// Why the connection ended, when it was not the person's wish.
    private var ending: ClientError?

    init(_ workplace: Workplace, _ profile: Profile, _ target: Target?) throws(Failure) {
        self.workplace = workplace
        self.profile = profile
        positions = try PositionFile(directory: workplace.locations.state(of: profile.name))
        var configuration = try workplace.configuration(for: profile)
        configuration.session.prefersFacts = false
        configuration.backlogCount = min(max(Int(workplace.settings.value("ui.backlog")) ?? 20, 0), 500)
        var channels = profile.channels
        if let target, !target.isPerson, !channels.contains(target.conversation) {
            channels.append(target.conversation)
        }
        configuration.channels = channels
        configuration.positions = positions.read().filter { name, _ in channels.contains(name) }
        complete = Set(configuration.positions.keys)
        let (host, port) = try InviteLink.hostAndPort(profile.server)
        mode = LineMode(
            server: port == Endpoint.defaultPort ? host : "\(host):\(port)", nickname: profile.account,
            target: target, time: workplace.time,
            hasPosition: target.map { configuration.positions[$0.conversation] != nil } ?? false,
            isAdvanced: workplace.settings.value("advanced") == "true",
            language: Language(locale: ConfigCommand.origin(of: "lang", "en", workplace).value) ?? .english)
        connection = workplace.surroundings.connect(configuration, try workplace.queue(of: profile))
    }

    func run() async throws(Failure) -> ExitCode {
        do throws(ClientError) { try await connection.start() } catch {
            throw Failure(error, doing: "cannot begin")
        }
        let typing = Task { await self.readInput() }
        for await event in connection.events {
            if case .stateChanged(.offline(let error)) = event { ending = error }
            if case .gap(let gap) = event { complete.remove(gap.conversation) }
            if case .welcomed = event { await askForLanguage() }
            await perform(mode.take(event, now: workplace.surroundings.now()))
            if mode.greeted || ChatRunner.isSetback(event) { begin() }
        }
        begin()
        typing.cancel()
        if let ending, ending != .closed { throw Failure(ending, doing: "the connection ended") }
        return .done
    }

    /// Whether a beginning is no more to be waited for.
    private static func isSetback(_ event: ClientEvent) -> Bool {
        switch event {
        case .stateChanged(.retrying), .stateChanged(.offline): true
        case .remark(let remark): remark.level == .fail
        default: false
        }
    }

    private func begin() {
        hasBegun = true
        awaitingBeginning?.resume()
        awaitingBeginning = nil
    }

    private func readInput() async {
        // A server that leaves the entering unanswered must not make the keyboard dead.
        let limit = Task {
            if await workplace.surroundings.sleep(15_000) { begin() }
        }
        if !hasBegun { await withCheckedContinuation { awaitingBeginning = $0 } }
        limit.cancel()
        for await line in workplace.surroundings.inputLines() {
            if isEnding { return }
            await perform(mode.take(line: line, now: workplace.surroundings.now()))
        }
        await finish()
    }

    /// The end of input: what is under way gets a moment to be confirmed, the rest stays in the queue.
    private func finish() async {
        guard !isEnding else { return }
        isEnding = true
        for _ in 0..<50 where await connection.outgoingCount > 0 {
            guard await workplace.surroundings.sleep(100) else { break }
        }
        await tellMarkers()
        await connection.close()
    }

    /// What was printed has been read, on all devices of the account. Told once, at the end: a marker for each
    /// message would be a command for each message.
    private func tellMarkers() async {
        let session = await connection.session
        guard session.account != nil, session.capabilities.contains("draft/read-marker") else { return }
        for (conversation, time) in readUpTo.sorted(by: { $0.key < $1.key })
        where complete.contains(conversation) {
            // A marker that is not told leaves messages unread, which the next run tells again.
            _ = try? await connection.markRead(conversation, upTo: time)
        }
    }

    /// The server's own texts in the language of ours. A server that has no languages refuses, and speaks as it
    /// did; one that is asked for what it speaks anyway says nothing new.
    private func askForLanguage() async {
        let language = mode.words.catalogue.language
        guard language != .english || speaksOtherLanguage else { return }
        speaksOtherLanguage = language != .english
        _ = try? await connection.request("LANGUAGE", [language.rawValue])
    }

    func show(_ line: String) {
        let line = PlainText.oneLine(line)
        let isMirrored = mode.words.catalogue.language.isRightToLeft
        workplace.surroundings.print(isMirrored ? PlainText.isolatingCommands(line) : line)
    }

    /// Prints a sentence.
    func say(_ sentence: Sentence, _ values: [Placeholder: String] = [:]) {
        show(mode.words(sentence, values))
    }

    /// Prints why something did not happen.
    func say(_ sentence: Sentence, _ error: ClientError) {
        say(sentence, [.reason: mode.words.reason(error)])
    }

    func perform(_ actions: [LineMode.Action]) async {
        for action in actions { await perform(action) }
    }

    private func perform(_ action: LineMode.Action) async {
        switch action {
        case .print(let line): show(line)
        case .bell:
            let wantsBell = workplace.settings.value("ui.bell") == "true"
            if wantsBell, workplace.surroundings.isOutputTerminal { workplace.surroundings.writeOutput([7]) }
        case .send(let text, let target, let kind, let replyTo, var marks):
            marks.addSymbols(of: text)
            do throws(ClientError) {
                try await connection.enqueue(text, to: target, kind: kind, replyTo: replyTo, marks: marks)
            } catch {
                say(.wasNotSent, error)
            }
        case .join(let channel): await join(channel)
        case .leave(let channel): await connection.leave(channel)
        case .command(let verb, let parameters, let title): await ask(verb, parameters, title)
        case .listPeople(let channel): await listPeople(channel)
        case .history(let target, let count): await history(target, count)
        case .historyFrom(let target, let moment): await history(target, from: moment)
        case .redact(let target, let id): await redact(target, id)
        case .chooseLanguage: await askForLanguage()
        case .learnThreads(let channel):
            // Without titles, numbers are shown; a server without threads has none.
            if let page = try? await connection.threads(in: channel) { mode.learn(page.threads) }
        case .listThreads(let channel, let filter): await listThreads(channel, filter)
        case .enterThread(let target): await enterThread(target)
        case .createThread(let channel, let title): await createThread(channel, title)
        case .changeThread(let target, let deed): await changeThread(target, deed)
        case .markRead(let target): await markRead(target)
        case .search(let channel, let text): await search(channel, text)
        case .moderate(let target, let act, let words): await moderate(target, act, words)
        case .report(let about, let channel, let reason): await report(about, channel, reason)
        case .moderationLog(let channel): await moderationLog(channel)
        case .reconnect:
            // `start` fails only when the queue cannot be read, which it has been.
            try? await connection.start()
        case .read(let conversation, let position):
            readUpTo[conversation] = max(readUpTo[conversation] ?? position.time, position.time)
            do throws(Failure) { try positions.set(conversation, position) } catch {
                workplace.say(error.lines.joined(separator: ": "))
            }
        case .quit: await finish()
        }
    }

    private func join(_ channel: String) async {
        do throws(ClientError) {
            try await connection.join(channel)
            KnownChannels.remember([channel], workplace)
            let session = await connection.session
            let topic = session.channels[session.features.fold(channel)]?.topic
            let words = mode.words
            let place = words.ended(words(.channelPlace, [.place: words.name(channel)]))
            let rest = topic.map { words(.topicIs, [.text: words.safe($0)]) } ?? ""
            show(words.catalogue.joined([place, rest]))
        } catch {
            say(.notJoined, error)
        }
    }

    private func listPeople(_ channel: String) async {
        do throws(ClientError) {
            _ = try await connection.request("NAMES", [channel])
            let session = await connection.session
            let members = session.channels[session.features.fold(channel)]?.members.values.map { $0 } ?? []
            let words = mode.words
            let names = members.sorted { $0.nickname < $1.nickname }.map { member in
                let away = member.isAway ? [words.catalogue.text(.away)] : []
                return words.list([words.safe(member.nickname)] + role(member) + away)
            }
            say(
                .peopleAre,
                [
                    .people: words.catalogue.count(.peopleHere, names.count),
                    .names: names.joined(separator: words.catalogue.semicolon),
                ])
        } catch {
            say(.noList, error)
        }
    }

    /// The word for a role, or nothing for that of a plain member.
    private func role(_ member: Member) -> [String] {
        switch Records.roleWord(member.prefixes) {
        case "moderator": [mode.words.catalogue.text(.roleModerator)]
        case "speaker": [mode.words.catalogue.text(.roleSpeaker)]
        default: []
        }
    }

    private func history(_ target: String, _ count: Int) async {
        do throws(ClientError) {
            let reader = HistoryReader(connection: connection, conversation: target)
            for message in try await reader.backwards(until: nil, limit: count) where message.kind != .query {
                show(message)
            }
        } catch {
            say(.noHistory, error)
        }
    }

    private func history(_ target: String, from moment: Timestamp) async {
        do throws(ClientError) {
            let page = try await connection.history(of: target, .after(.time(moment)), count: 20)
            if page.messages.isEmpty { say(.nothingToRead) }
            for message in page.messages where message.kind != .query { show(message) }
        } catch {
            say(.noHistory, error)
        }
    }

    func show(_ message: Message, place: String? = nil) {
        let now = workplace.surroundings.now()
        let title = mode.newTitle(of: message)
        for line in mode.words.message(message, title: title, place: place, now: now) { show(line) }
    }

    private func ask(_ verb: String, _ parameters: [String], _ title: String) async {
        do throws(ClientError) {
            let reply = try await connection.request(verb, parameters)
            if let refusal = reply.refusal {
                return say(.titledText, [.title: title, .text: refusal.text])
            }
            let lines = reply.lines.compactMap { AnswerText(words: mode.words).line($0) }
            if lines.isEmpty { say(.titledDone, [.title: title]) }
            for line in lines { show(line) }
        } catch {
            say(.titledText, [.title: title, .text: mode.words.ended(mode.words.reason(error))])
        }
    }
}

/// Answers of the server as a person reads them.
struct AnswerText {
    let words: LineText

    /// Nil for lines that say nothing to a person.
    func line(_ line: ServerLine) -> String? {
        switch line.numeric {
        case 322:
            let people = words.catalogue.count(.here, line.parameter(2).flatMap { Int($0) } ?? 0)
            let row = words(.channelRow, [.place: words.name(line.parameter(1) ?? ""), .people: people])
            guard let topic = line.parameters.last, !topic.isEmpty else { return row }
            return words(.titledText, [.title: row, .text: words.safe(topic)])
        case 332: return topic(line)
        case 331: return words(.noTopic)
        case 305, 306: return line.parameters.last
        case 321, 323, 333, 366, 315, 318: return nil
        case nil where line.verb == "TOPIC": return topic(line)
        case nil where line.verb == "NOTE": return line.parameters.last
        // What has an event of its own is told by that.
        case nil where line.verb == "NICK": return nil
        default: return line.parameters.dropFirst(line.numeric == nil ? 0 : 1).joined(separator: " ")
        }
    }

    private func topic(_ line: ServerLine) -> String {
        words(.topicIs, [.text: words.safe(line.parameters.last ?? "")])
    }
}

/// Where reading stopped, by conversation, in a private file: `name TAB time TAB id` a line.
final class PositionFile {
    private let path: String
    private var positions: [String: HistoryPosition] = [:]

    init(directory: String) throws(Failure) {
        path = directory + "/positions"
        do throws(FileError) {
            try FileAccess.makePrivateDirectory(directory)
            let bytes = try FileAccess.readPrivate(path) ?? []
            for line in bytes.split(separator: 10) {
                let fields = String(decoding: line, as: UTF8.self)
                    .split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
                guard fields.count == 3, let time = Timestamp(iso8601: fields[1].utf8) else { continue }
                positions[fields[0]] = HistoryPosition(
                    messageID: fields[2].isEmpty ? nil : fields[2], time: time)
            }
        } catch {
            throw Failure(.configuration, "the read positions cannot be used", "\(error)")
        }
    }

    func read() -> [String: HistoryPosition] { positions }

    /// Keeps a position, if it is later than the one known.
    func set(_ conversation: String, _ position: HistoryPosition) throws(Failure) {
        guard !conversation.contains("\t"), positions[conversation].map({ position.time >= $0.time }) ?? true
        else {
            return
        }
        positions[conversation] = position
        var text = ""
        for (name, place) in positions.sorted(by: { $0.key < $1.key }) {
            text += "\(name)\t\(place.time.iso8601)\t\(place.messageID ?? "")\n"
        }
        do throws(FileError) { try FileAccess.writePrivate(Array(text.utf8), to: path) } catch {
            throw Failure(.cannotWrite, "the read positions cannot be kept", "\(error)")
        }
    }
}
