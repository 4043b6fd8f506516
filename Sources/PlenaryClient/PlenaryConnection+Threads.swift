// SPDX-License-Identifier: Apache-2.0

import PlenaryWire

/// Threads (docs/extensions/threads.md). Every call throws `unsupported` on a server without them and
/// `refused` with the server's code when it says no. A thread is addressed as `#practices/12`.
extension PlenaryConnection {
    // MARK: Looking

    /// A page of a channel's threads, or of those of all channels this session is in: at most `limit`, and
    /// at most what the server gives at once. The next page follows `after` the last one's last thread.
    public func threads(
        in channel: String?, filter: ThreadFilter = .current, limit: Int = 100, after: ThreadInfo? = nil
    ) async throws(ClientError) -> ThreadPage {
        let support = try threadSupport()
        let count = min(max(limit, 1), support.pageLimit)
        var words = [channel ?? "*", "LIST", filter.word, String(count)]
        if let after { words.append(channel == nil ? after.target : String(after.number)) }
        let reply = try await answer("THREAD", words)
        let threads = reply.lines.compactMap(event).filter { $0.kind == .info }.map(\.thread)
        return ThreadPage(threads: threads, isComplete: reply.isLastPage || threads.isEmpty)
    }

    /// One thread as it stands.
    public func thread(_ target: String) async throws(ClientError) -> ThreadInfo {
        try await changed(target, .info, ["INFO"])
    }

    // MARK: Making and changing

    /// Makes a thread, from a main-line message or from nothing.
    public func createThread(
        in channel: String, title: String, root: String? = nil
    ) async throws(ClientError) -> ThreadInfo {
        try check(title: title)
        return try await changed(channel, .new, ["CREATE", root ?? "*", title])
    }

    /// Gives a thread another title.
    public func renameThread(_ target: String, to title: String) async throws(ClientError) -> ThreadInfo {
        try check(title: title)
        return try await changed(target, .title, ["TITLE", title])
    }

    /// Closes a thread: only moderators can post to it.
    public func closeThread(
        _ target: String, reason: String? = nil
    ) async throws(ClientError) -> ThreadInfo {
        try await changed(target, .state, ["CLOSE"] + (reason.map { [$0] } ?? []))
    }

    /// Opens a closed thread again.
    public func reopenThread(_ target: String) async throws(ClientError) -> ThreadInfo {
        try await changed(target, .state, ["REOPEN"])
    }

    /// Closes a thread and takes it out of the usual lists.
    public func archiveThread(_ target: String) async throws(ClientError) -> ThreadInfo {
        try await changed(target, .state, ["ARCHIVE"])
    }

    /// Puts a thread at the top of lists; rank 1 is the first, 99 the last.
    public func pinThread(_ target: String, rank: Int = 1) async throws(ClientError) -> ThreadInfo {
        guard (1...99).contains(rank) else { throw .invalidArgument("a pin's rank is 1 to 99, not \(rank)") }
        return try await changed(target, .pin, ["PIN", String(rank)])
    }

    /// Takes a thread from the top of lists.
    public func unpinThread(_ target: String) async throws(ClientError) -> ThreadInfo {
        try await changed(target, .pin, ["UNPIN"])
    }

    /// Marks a message as the accepted answer of its thread; nil takes the mark away.
    public func acceptAnswer(
        _ messageID: String?, in target: String
    ) async throws(ClientError) -> ThreadInfo {
        try await changed(target, .answer, ["ANSWER", messageID ?? "*"])
    }

    /// Moves messages of a thread (`#c/0`: of the main line) elsewhere in its channel. `messageID` is the
    /// message, or the first one of `rest`; `all` needs none. Returns what was moved and where.
    public func moveMessages(
        _ messageID: String?, _ scope: MoveScope, from target: String, to destination: MoveDestination
    ) async throws(ClientError) -> ThreadEvent {
        if messageID == nil, scope != .all {
            throw .invalidArgument("to move \(scope.rawValue) of a thread needs a message")
        }
        var words = ["MOVE", messageID ?? "*", scope.rawValue]
        switch destination {
        case .thread(let number): words.append(String(number))
        case .mainLine: words.append("0")
        case .newThread(let title):
            if let title { try check(title: title) }
            words += ["*"] + (title.map { [$0] } ?? [])
        }
        return try await told(target, .move, words)
    }

    // MARK: For oneself, and for a channel

    /// Says how loudly to hear of a thread. Needs an account.
    public func setLevel(
        _ level: ThreadLevel, of target: String
    ) async throws(ClientError) -> ThreadInfo {
        try await changed(target, .level, ["LEVEL", level.rawValue])
    }

    /// Says how plain clients of this account are shown messages of threads. Needs an account.
    public func setCue(_ cue: ThreadCue) async throws(ClientError) {
        _ = try threadSupport()
        _ = try await answer("THREAD", ["*", "CUE", cue.rawValue])
    }

    /// A channel's policy.
    public func policy(of channel: String) async throws(ClientError) -> ChannelPolicy {
        try await policy(["POLICY"], channel)
    }

    /// Sets a channel's policy and returns the one that holds.
    public func setPolicy(
        _ policy: ChannelPolicy, of channel: String
    ) async throws(ClientError) -> ChannelPolicy {
        let main = policy.isMainLineOpen ? "open" : "closed"
        return try await self.policy(
            ["POLICY", "create=\(policy.creators.rawValue)", "main=\(main)"], channel)
    }

    private func policy(_ words: [String], _ channel: String) async throws(ClientError) -> ChannelPolicy {
        _ = try threadSupport()
        let reply = try await answer("THREAD", [channel] + words)
        for line in reply.lines
        where line.verb == "NOTE" && line.parameter(0) == "THREAD" && line.parameter(1) == "POLICY" {
            let values = Attributes.read(line.parameter(3) ?? "")
            guard let creators = values["create"].flatMap({ ChannelPolicy.Creators(rawValue: $0) }) else {
                break
            }
            return ChannelPolicy(creators: creators, isMainLineOpen: values["main"] != "closed")
        }
        throw .protocolViolation("the server did not tell the policy of \(channel)")
    }

    // MARK: Asking

    /// What the server says of its threads; throws where it has none, or is not there.
    private func threadSupport() throws(ClientError) -> ThreadSupport {
        try require(session.threadSupport != nil, "this server has no threads (plenary.chat/threads)")
        return session.threadSupport ?? ThreadSupport(capabilityValue: "")
    }

    /// Throws unless the connection is online and the server has what is needed.
    func require(_ isThere: Bool, _ otherwise: String) throws(ClientError) {
        guard isOnline else { throw .disconnected("not connected") }
        guard isThere else { throw .unsupported(otherwise) }
    }

    /// Sends a command and throws its refusal.
    func answer(_ verb: String, _ parameters: [String]) async throws(ClientError) -> Reply {
        let reply = try await request(verb, parameters)
        if let refusal = reply.refusal { throw .refused(refusal) }
        return reply
    }

    private func changed(
        _ target: String, _ kind: ThreadEvent.Kind, _ words: [String]
    ) async throws(ClientError) -> ThreadInfo {
        try await told(target, kind, words).thread
    }

    /// Sends a THREAD command and returns the event of this kind in its answer, or the INFO line by which the
    /// server says that it is so already.
    private func told(
        _ target: String, _ kind: ThreadEvent.Kind, _ words: [String]
    ) async throws(ClientError) -> ThreadEvent {
        _ = try threadSupport()
        let (channel, number) = session.divided(target)
        let reply = try await answer("THREAD", [target] + words)
        // Without labels, what others did meanwhile may stand among the lines.
        let events = reply.lines.compactMap(event).filter {
            session.isSameName($0.thread.channel, channel) && (number == nil || number == $0.thread.number)
        }
        if let event = events.last(where: { $0.kind == kind }) { return event }
        if number != nil, kind != .move, let event = events.last(where: { $0.kind == .info }) { return event }
        throw .protocolViolation("the server did not tell what became of \(target)")
    }

    private func event(_ line: ServerLine) -> ThreadEvent? {
        ThreadEvent(line, by: session.person(of: line), now: Timestamp(seconds: 0))
    }

    private func check(title: String) throws(ClientError) {
        let support = try threadSupport()
        let byteCount = title.utf8.count
        guard byteCount <= support.titleByteLimit else {
            throw .textTooLong(byteCount: byteCount, limit: support.titleByteLimit)
        }
        guard title.unicodeScalars.contains(where: { !$0.properties.isWhitespace }) else {
            throw .invalidArgument("the title is empty")
        }
    }
}
