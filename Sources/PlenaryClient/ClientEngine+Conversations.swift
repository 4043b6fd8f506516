// SPDX-License-Identifier: Apache-2.0

import PlenaryTerms

/// Channels to be in, and messages exactly once and in order across reconnects.
extension ClientEngine {
    // MARK: Joining

    /// Joins a channel and stays in it over reconnects.
    package mutating func join(_ number: UInt64?, _ channel: String, _ now: Moment) -> [EngineOutput] {
        let key = session.features.fold(channel)
        if !wanted.contains(where: { session.features.fold($0) == key }) { wanted.append(channel) }
        if isOnline {
            if session.channels[key] != nil {
                if let number { outputs.append(.completed(number, .success(Reply()))) }
            } else {
                sendJoin(channel, number, now)
            }
        } else if let number {
            outputs.append(.completed(number, .failure(.disconnected("not connected"))))
        }
        return takeOutputs()
    }

    /// Leaves a channel for good.
    package mutating func leave(_ channel: String, _ now: Moment) -> [EngineOutput] {
        let key = session.features.fold(channel)
        wanted.removeAll { session.features.fold($0) == key }
        return send("PART", [channel], now)
    }

    mutating func enterChannels(_ now: Moment) {
        for channel in wanted where session.channels[session.features.fold(channel)] == nil {
            sendJoin(channel, nil, now)
        }
        askForTargets(now)
        lastOnline = now.wall
        pump(now)
    }

    private mutating func sendJoin(_ channel: String, _ number: UInt64?, _ now: Moment) {
        let key = session.features.fold(channel)
        openJoins.insert(key)
        let (id, steps) = session.request("JOIN", [channel])
        note(id, .join(key: key, application: number), now)
        carryOut(steps, now)
    }

    mutating func finishJoin(
        _ key: String, _ number: UInt64?, _ result: Result<Reply, ClientError>, _ now: Moment
    ) {
        openJoins.remove(key)
        var result = result
        if case .success(let reply) = result, session.channels[key] == nil {
            refusedJoins.insert(key)
            // Not tried again by itself: the answer would be the same.
            wanted.removeAll { session.features.fold($0) == key }
            let refusal =
                reply.refusal ?? Refusal(command: "JOIN", code: "UNKNOWN_ERROR", text: "not joined")
            result = .failure(.refused(refusal))
            if number == nil { emit(.remark(Remark(level: .fail, content: refusal))) }
        }
        if let number { outputs.append(.completed(number, result)) }
        pump(now)
    }

    // MARK: Live messages

    mutating func deliverLive(_ message: Message) {
        let key = session.features.fold(message.conversation)
        guard trackers[key]?.sync != nil else {
            deliver(message, key)
            return
        }
        trackers[key]?.held.append(message)
        guard let tracker = trackers[key], tracker.held.count >= ClientLimits.heldMessageLimit else { return }
        emit(
            .gap(Gap(conversation: tracker.name, from: tracker.position?.time, to: tracker.held.first?.time)))
        releaseHeld(key)
    }

    /// Tells the application, unless it knows the message already.
    @discardableResult
    private mutating func deliver(_ message: Message, _ key: String) -> Bool {
        if trackers[key] == nil {
            guard trackers.count < ClientLimits.conversationLimit else {
                emit(.message(message))
                return true
            }
            trackers[key] = ConversationTracker(name: message.conversation, position: nil)
        }
        guard trackers[key]?.take(message) == true else { return false }
        emit(.message(message))
        if message.isOwn { settle(with: message) }
        return true
    }

    private mutating func releaseHeld(_ key: String) {
        let held = trackers[key]?.held ?? []
        trackers[key]?.held = []
        trackers[key]?.sync = nil
        for message in held { deliver(message, key) }
    }

    // MARK: Bringing a conversation up to date

    mutating func beginSync(_ name: String, since entered: Timestamp, _ now: Moment) {
        let key = session.features.fold(name)
        if trackers[key] == nil { trackers[key] = ConversationTracker(name: name, position: nil) }
        guard let tracker = trackers[key], tracker.sync == nil else { return }
        trackers[key]?.entered = entered
        guard session.capabilities.contains("draft/chathistory") else {
            if let position = tracker.position {
                emit(.gap(Gap(conversation: tracker.name, from: position.time, to: now.wall)))
            }
            trackers[key]?.settlePosition()
            emit(.historySynced(conversation: tracker.name, messageCount: 0))
            return
        }
        if let position = tracker.position {
            if let id = position.messageID, session.features.acceptsMessageIDReferences {
                askForPage(key, SyncProgress(step: .afterID(id)), now)
            } else {
                askForPage(key, SyncProgress(step: .afterTime(justBefore(position.time))), now)
            }
        } else if configuration.backlogCount > 0 {
            askForPage(key, SyncProgress(step: .latest), now)
        } else {
            trackers[key]?.settlePosition()
            emit(.historySynced(conversation: tracker.name, messageCount: 0))
        }
    }

    private mutating func askForPage(_ key: String, _ progress: SyncProgress, _ now: Moment) {
        guard let name = trackers[key]?.name else { return }
        trackers[key]?.sync = progress
        var count = session.features.historyPageLimit
        let words: [String]
        switch progress.step {
        case .afterID(let id): words = ["AFTER", name, "msgid=" + id]
        case .afterTime(let time): words = ["AFTER", name, "timestamp=" + time.iso8601]
        case .latest:
            words = ["LATEST", name, "*"]
            if trackers[key]?.position == nil { count = min(count, max(configuration.backlogCount, 1)) }
        }
        let (id, steps) = session.request("CHATHISTORY", words + [String(count)])
        note(id, .sync(key: key), now)
        carryOut(steps, now)
    }

    mutating func finishSync(_ key: String, _ result: Result<Reply, ClientError>, _ now: Moment) {
        guard var progress = trackers[key]?.sync else { return }
        guard case .success(let reply) = result, reply.refusal == nil else {
            return retrySync(key, progress, now)
        }
        progress.pageCount += 1
        let page = reply.messages
        var fresh = page[...]
        if progress.step == .latest {
            // What is held goes back without a hole to when this session entered. From where the page meets
            // it, it is the better one: the page may begin in its middle.
            let held = Set(trackers[key]?.held.compactMap(\.id) ?? [])
            fresh = page.prefix { message in message.id.map { !held.contains($0) } ?? true }
            reportHole(key, before: fresh)
        }
        for message in fresh where deliver(message, key) { progress.messageCount += 1 }
        let isFull = page.count >= session.features.historyPageLimit
        guard let last = page.last, isFull, !reply.isLastPage, progress.step != .latest else {
            return endSync(key, progress, now)
        }
        if progress.pageCount >= ClientLimits.syncPageLimit {
            progress.step = .latest
        } else if let id = last.id, session.features.acceptsMessageIDReferences,
            case .afterID = progress.step
        {
            progress.step = .afterID(id)
        } else {
            // One millisecond earlier, because two messages may share one; the known ones are dropped.
            let next = SyncProgress.Step.afterTime(justBefore(last.time))
            progress.step = next == progress.step ? .afterTime(last.time) : next
        }
        askForPage(key, progress, now)
    }

    private mutating func retrySync(_ key: String, _ progress: SyncProgress, _ now: Moment) {
        var progress = progress
        switch progress.step {
        case .afterID:
            if let time = trackers[key]?.position?.time {
                progress.step = .afterTime(justBefore(time))
            } else {
                progress.step = .latest
            }
            askForPage(key, progress, now)
        case .afterTime:
            progress.step = .latest
            askForPage(key, progress, now)
        case .latest:
            if let tracker = trackers[key], let position = tracker.position {
                emit(
                    .gap(
                        Gap(
                            conversation: tracker.name, from: position.time,
                            to: tracker.held.first?.time ?? now.wall)))
            }
            endSync(key, progress, now)
        }
    }

    /// After a failed bridge the newest page is fetched. Unless it reaches back to a known message,
    /// something lies between.
    private mutating func reportHole(_ key: String, before page: ArraySlice<Message>) {
        guard let tracker = trackers[key], let position = tracker.position else { return }
        guard let next = page.first ?? tracker.held.first, !page.contains(where: { $0.time <= position.time })
        else { return }
        emit(.gap(Gap(conversation: tracker.name, from: position.time, to: next.time)))
    }

    private mutating func endSync(_ key: String, _ progress: SyncProgress, _ now: Moment) {
        let name = trackers[key]?.name ?? key
        trackers[key]?.settlePosition()
        releaseHeld(key)
        emit(.historySynced(conversation: name, messageCount: progress.messageCount))
        pump(now)
    }

    private func justBefore(_ time: Timestamp) -> Timestamp {
        Timestamp(microseconds: time.microseconds - 1000)
    }

    // MARK: Direct conversations that went on during an absence

    private mutating func askForTargets(_ now: Moment) {
        guard session.capabilities.contains("draft/chathistory"), let lastOnline else { return }
        let (id, steps) = session.request(
            "CHATHISTORY",
            [
                "TARGETS", "timestamp=" + justBefore(lastOnline).iso8601,
                "timestamp=" + now.wall.advanced(bySeconds: 60).iso8601, "50",
            ])
        note(id, .targets, now)
        carryOut(steps, now)
    }

    mutating func finishTargets(_ result: Result<Reply, ClientError>, _ now: Moment) {
        guard case .success(let reply) = result else { return }
        for line in reply.lines where line.verb == "CHATHISTORY" && line.parameter(0) == "TARGETS" {
            guard let name = line.parameter(1), !session.features.isChannel(name) else { continue }
            let key = session.features.fold(name)
            if trackers[key]?.position == nil, let lastOnline {
                trackers[key] = ConversationTracker(
                    name: name, position: HistoryPosition(messageID: nil, time: lastOnline))
            }
            beginSync(name, since: lastOnline ?? now.wall, now)
        }
    }
}
