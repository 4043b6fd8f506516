// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import PlenaryClient

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

    package func perform(_ surroundings: Surroundings) async throws(Failure) -> ExitCode {
        let workplace = try Workplace(global, surroundings)
        let profile = try workplace.profile()
        let chosen = try (target ?? profile.channels.first).map { (text) throws(Failure) in try Target(text) }
        guard chosen != nil else {
            throw Failure(
                .usage, "no channel was named", "the profile has none",
                "Write: plenary chat CHANNEL (plenary channels lists them)")
        }
        return try await workplace.openClient(profile: profile, target: chosen)
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
            isAdvanced: workplace.settings.value("advanced") == "true")
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

    func show(_ line: String) {
        workplace.surroundings.print(PlainText.oneLine(line))
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
        case .send(let text, let target, let kind, let replyTo):
            do throws(ClientError) {
                try await connection.enqueue(text, to: target, kind: kind, replyTo: replyTo)
            } catch {
                show("not sent: \(LineText.reason(error))")
            }
        case .join(let channel): await join(channel)
        case .leave(let channel): await connection.leave(channel)
        case .command(let verb, let parameters, let title): await ask(verb, parameters, title)
        case .listPeople(let channel): await listPeople(channel)
        case .history(let target, let count): await history(target, count)
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
            let name = Records.name(channel)
            show(
                "Channel \(name)."
                    + (topic.map { " Topic: \(PlainText.isolated(PlainText.oneLine($0)))" } ?? ""))
        } catch {
            show("Not joined: \(LineText.reason(error)).")
        }
    }

    private func listPeople(_ channel: String) async {
        do throws(ClientError) {
            _ = try await connection.request("NAMES", [channel])
            let session = await connection.session
            let members = session.channels[session.features.fold(channel)]?.members.values.map { $0 } ?? []
            let names = members.sorted { $0.nickname < $1.nickname }.map { member in
                let role = Records.roleWord(member.prefixes)
                return PlainText.oneLine(member.nickname) + (role == "member" ? "" : ", \(role)")
                    + (member.isAway ? ", away" : "")
            }
            show("\(LineText.count(names.count, "person")) here: \(names.joined(separator: "; "))")
        } catch {
            show("No list: \(LineText.reason(error)).")
        }
    }

    private func history(_ target: String, _ count: Int) async {
        do throws(ClientError) {
            let reader = HistoryReader(connection: connection, conversation: target)
            for message in try await reader.backwards(until: nil, limit: count) where message.kind != .query {
                show(message)
            }
        } catch {
            show("No history: \(LineText.reason(error)).")
        }
    }

    func show(_ message: Message, place: String? = nil) {
        let now = workplace.surroundings.now()
        let title = mode.newTitle(of: message)
        for line in LineText.message(message, title: title, place: place, workplace.time, now: now) {
            show(line)
        }
    }

    private func ask(_ verb: String, _ parameters: [String], _ title: String) async {
        do throws(ClientError) {
            let reply = try await connection.request(verb, parameters)
            if let refusal = reply.refusal { return show("\(title): \(refusal.text)") }
            let lines = reply.lines.compactMap(AnswerText.line)
            if lines.isEmpty { show("\(title): done.") }
            for line in lines { show(line) }
        } catch {
            show("\(title): \(LineText.reason(error)).")
        }
    }
}

/// Answers of the server as a person reads them.
enum AnswerText {
    /// Nil for lines that say nothing to a person.
    static func line(_ line: ServerLine) -> String? {
        switch line.numeric {
        case 322:
            let topic = line.parameters.last.map { $0.isEmpty ? "" : ": \($0)" } ?? ""
            return "\(Records.name(line.parameter(1) ?? "")), \(line.parameter(2) ?? "0") here\(topic)"
        case 332: return "Topic: \(line.parameters.last ?? "")"
        case 331: return "There is no topic."
        case 305, 306: return line.parameters.last
        case 321, 323, 333, 366, 315: return nil
        case nil where line.verb == "TOPIC": return "Topic: \(line.parameters.last ?? "")"
        case nil where line.verb == "NOTE": return line.parameters.last
        default: return line.parameters.dropFirst(line.numeric == nil ? 0 : 1).joined(separator: " ")
        }
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
