// SPDX-License-Identifier: Apache-2.0

import PlenaryClient

/// The visitors of a trial community, each on a connection of its own, doing what the script says and
/// answering the person who tries. They are there for company: one whose connection is lost is silent from
/// then on, and nobody is told.
actor TryVisitors {
    private let script: TryScript
    private let endpoint: Endpoint
    private let surroundings: Surroundings
    /// The account of the person who tries.
    private let you: String

    private var connections: [String: PlenaryConnection] = [:]
    /// Threads on the wire by the script's word for them.
    private var threads: [String: String] = [:]
    private var tasks: [Task<Void, Never>] = []
    private var away: Set<String> = []
    /// How many answers each visitor has given.
    private var answerCounts: [String: Int] = [:]
    /// Whose turn it is to answer.
    private var turn = 0
    /// Conversations and threads in which an answer is on its way: there is one at a time.
    private var answering: Set<String> = []

    init(_ script: TryScript, server: TryServer, you: String, _ surroundings: Surroundings) {
        self.script = script
        self.surroundings = surroundings
        self.you = you
        endpoint = Endpoint(
            host: server.invite.host, port: server.port, security: .tls(.pinned(server.invite.pins)))
    }

    // MARK: Entering

    /// Brings everybody in and returns a code with which the person can follow.
    func enter(code: String) async throws(Failure) -> String {
        let what = "no community was set up"
        let host = try await connect(script.host, code: code)
        connections[script.host.account] = host
        let count = script.visitors.count + 1
        let reply: Reply
        do throws(ClientError) {
            reply = try await host.request("INVITECODE", ["CREATE", "uses=\(count);expires=1d"])
        } catch {
            throw Failure(error, doing: what)
        }
        let made = reply.lines.first { $0.verb == "NOTE" && $0.parameter(1) == "CREATED" }
        guard let code = made?.parameter(3) else {
            throw Failure(.protocolBroken, what, reply.refusal?.text ?? "the server made no invite code")
        }
        try await enterVisitors(code: code)
        for visitor in script.visitors {
            await host.send("METADATA", [visitor.account, "SET", "plenary.chat/verified", "yes"])
        }
        return code
    }

    private func enterVisitors(code: String) async throws(Failure) {
        let entered = await withTaskGroup(of: Result<(String, PlenaryConnection), Failure>.self) { group in
            for visitor in script.visitors {
                group.addTask {
                    do throws(Failure) {
                        return .success((visitor.account, try await self.connect(visitor, code: code)))
                    } catch {
                        return .failure(error)
                    }
                }
            }
            var results: [Result<(String, PlenaryConnection), Failure>] = []
            for await result in group { results.append(result) }
            return results
        }
        for result in entered {
            let (account, connection) = try result.get()
            connections[account] = connection
        }
    }

    /// Signs one visitor up with a key that nobody keeps, says who it is, and enters the channels.
    private func connect(
        _ visitor: TryScript.Visitor, code: String
    ) async throws(Failure) -> PlenaryConnection {
        do throws(ClientError) {
            var session = SessionConfiguration(nickname: visitor.account, realName: visitor.name)
            session.registration = AccountRegistration(account: visitor.account, inviteCode: code)
            session.wantsMemberLists = false
            var configuration = ConnectionConfiguration(endpoint: endpoint, session: session)
            configuration.clientIdentity = try ClientIdentity.make(label: "plenary try")
            configuration.reconnects = false
            let connection = surroundings.connect(configuration, MemoryQueue())
            try await connection.start()
            try await connection.waitUntilOnline()
            for (key, value) in [
                ("plenary.chat/country", visitor.country), ("plenary.chat/affiliation", visitor.affiliation),
                ("plenary.chat/languages", visitor.language),
            ] {
                await connection.send("METADATA", ["*", "SET", key, value])
            }
            for channel in script.channels { try await connection.join("#" + channel) }
            return connection
        } catch {
            throw Failure(error, doing: "\(visitor.account) did not come")
        }
    }

    // MARK: Before the person comes

    /// Posts the script's history, in its order, and returns when all of it is stored.
    func tellHistory() async throws(Failure) {
        for line in script.history {
            do throws(ClientError) { try await say(line) } catch {
                throw Failure(error, doing: "no community was set up")
            }
        }
    }

    private func say(_ line: TryScript.Line) async throws(ClientError) {
        guard let connection = connections[line.by] else { return }
        let message = try await connection.post(
            withName(line.text), to: target(line.place), marks: line.marks)
        if let begins = line.begins {
            let thread = try await connection.createThread(
                in: message.conversation, title: begins.title, root: message.id)
            threads["\(line.place)/\(begins.word)"] = thread.target
        }
    }

    private func target(_ place: String) -> String { threads[place] ?? "#" + place }

    private func withName(_ text: String) -> String { text.replacing("{you}", with: you) }

    // MARK: While the person is there

    /// Begins to live by the script and to answer.
    func live() {
        for (account, connection) in connections {
            tasks.append(Task { await self.listen(as: account, connection) })
        }
        tasks.append(Task { await self.followScript() })
    }

    /// Ends it. The connections end with the server.
    func stop() {
        for task in tasks { task.cancel() }
        tasks = []
    }

    private func followScript() async {
        for moment in script.life {
            guard await surroundings.sleep(moment.seconds * 1000) else { return }
            await perform(moment.deed)
        }
    }

    private func perform(_ deed: TryScript.Deed) async {
        switch deed {
        case .say(let line):
            // A visitor that cannot speak any more is silent.
            try? await say(line)
        case .leave(let account, let channel): await connections[account]?.leave("#" + channel)
        case .enter(let account, let channel):
            // The same: a visitor that cannot come back stays away.
            try? await connections[account]?.join("#" + channel)
        case .away(let account, let text):
            away.insert(account)
            await connections[account]?.send("AWAY", [text])
        case .back(let account):
            away.remove(account)
            await connections[account]?.send("AWAY")
        }
    }

    // MARK: Answering

    /// The host hears the channels for all; each hears what is said to nobody else.
    private func listen(as account: String, _ connection: PlenaryConnection) async {
        for await event in connection.events {
            guard case .message(let message) = event, !message.isHistory, message.sender.nickname == you,
                message.kind != .query
            else { continue }
            let isDirect = !message.conversation.hasPrefix("#")
            guard isDirect || account == script.host.account else { continue }
            answer(message, by: isDirect ? account : answerer(of: message))
        }
    }

    /// Who is spoken to, or else the next one who is here.
    private func answerer(of message: Message) -> String {
        if let named = script.everybody.first(where: { message.text.contains("@\($0.account)") }) {
            return named.account
        }
        for _ in script.visitors {
            let visitor = script.visitors[turn % script.visitors.count]
            turn += 1
            if !away.contains(visitor.account) { return visitor.account }
        }
        return script.host.account
    }

    private func answer(_ message: Message, by account: String) {
        let target =
            message.thread.map { "\(message.conversation)/\($0)" } ?? message.conversation
        let place = message.conversation.hasPrefix("#") ? target : account
        guard answering.insert(place).inserted else { return }
        Task {
            if await surroundings.sleep(script.answerSeconds * 1000) {
                await answerNow(message, by: account, to: target)
            }
            answering.remove(place)
        }
    }

    private func answerNow(_ message: Message, by account: String, to target: String) async {
        guard let visitor = script.everybody.first(where: { $0.account == account }),
            !visitor.answers.isEmpty
        else { return }
        let count = answerCounts[account, default: 0]
        answerCounts[account] = count + 1
        // A visitor that cannot speak any more is silent.
        _ = try? await connections[account]?.post(
            withName(visitor.answers[count % visitor.answers.count]), to: target, replyTo: message.id,
            marks: Marks(language: visitor.language))
    }
}
