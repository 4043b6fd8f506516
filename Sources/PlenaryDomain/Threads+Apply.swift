// SPDX-License-Identifier: Apache-2.0

import PlenaryTerms

extension Community {
    /// Applies what happens to threads, readers and redacted messages.
    mutating func applyThreadEvent(_ logged: LoggedEvent) {
        switch logged.event {
        case .threadCreated(let event):
            let thread = ChannelThread(event, time: logged.time)
            channels[event.channel]?.threads[event.thread] = thread
            if let root = event.root { channels[event.channel]?.threadsByRoot[root] = event.thread }
            noteInLedger(logged, event.channel, event.thread, by: event.actor)
        case .threadChanged(let event):
            applyChange(event, time: logged.time)
            noteInLedger(logged, event.channel, event.thread, by: event.actor)
        case .messagesMoved(let event):
            // Translations stay with what they translate.
            let translations = event.messages.flatMap { translationOffsets(of: $0, in: event.channel) }
            ledgers[event.channel]?.move(event.messages + translations, to: event.destination)
            if let answer = channels[event.channel]?.threads[event.source]?.answer,
                event.messages.contains(answer)
            {
                channels[event.channel]?.threads[event.source]?.answer = nil
            }
            noteInLedger(logged, event.channel, event.source, by: event.actor)
        case .threadPolicySet(let event):
            channels[event.channel]?.threadCreation = event.creation
            channels[event.channel]?.isMainLineClosed = event.isMainLineClosed
        case .threadLevelSet(let event):
            let place = ThreadPlace(event.channel, event.thread)
            readings[event.account, default: Reading()].levels[place] =
                event.level == .all ? nil : event.level
        case .threadCueSet(let event):
            readings[event.account, default: Reading()].usesPlainCue = event.isPlain
            for (id, session) in sessions where session.account == event.account { touchAudiences(of: id) }
        case .markerSet(let event): applyMarker(event)
        case .ledgerPage(let event):
            guard ledgers[event.channel, default: Ledger()].append(page: event.bytes) else {
                // It passed its checksum: our own mistake, not the disk's.
                preconditionFailure("a snapshot's ledger page cannot be read")
            }
        case .messageRedacted(let event):
            if case .channel(let channel) = event.conversation {
                let thread = ledgers[channel]?.entry(of: event.message)?.thread ?? .mainLine
                for message in [event.message] + translationOffsets(of: event.message, in: channel) {
                    ledgers[channel]?.redact(message)
                    moderation.hidden[channel]?[message] = nil
                }
                if channels[channel]?.threads[thread]?.answer == event.message {
                    channels[channel]?.threads[thread]?.answer = nil
                }
                noteInLedger(logged, channel, thread, by: event.actor)
            } else {
                redactedTalk.insert(event.message)
            }
        default: preconditionFailure("not an event of threads")
        }
    }

    /// Where something was done to a thread, for histories with event-playback. A snapshot's events have
    /// no place;
    /// its ledger pages do.
    private mutating func noteInLedger(
        _ logged: LoggedEvent, _ channel: ChannelID, _ thread: ThreadID, by actor: Actor
    ) {
        guard logged.offset != .none else { return }
        let entry = Ledger.Entry(
            offset: logged.offset, time: logged.time, thread: thread, author: actor.account, flags: .event)
        ledgers[channel, default: Ledger()].append(entry, mentions: [])
    }

    private mutating func applyChange(_ event: ThreadChanged, time: Timestamp) {
        guard var thread = channels[event.channel]?.threads[event.thread] else { return }
        switch event.change {
        case .titled(let title):
            thread.title = title
            thread.titleSetter = event.actor.source
            thread.titleTime = time
        case .stateSet(let state, _):
            thread.state = state
            thread.stateSetter = event.actor.account
        case .pinned(let rank): thread.pinRank = rank
        case .answered(let message): thread.answer = message
        }
        channels[event.channel]?.threads[event.thread] = thread
    }

    /// A message of a channel enters its ledger.
    mutating func noteMessage(_ message: MessagePosted, offset: Offset, time: Timestamp) {
        guard case .channel(let channel) = message.conversation else { return }
        let entry = Ledger.Entry(
            offset: offset, time: time, thread: message.thread, author: message.actor.account,
            flags: message.translation != nil ? .translation : message.kind == .tagOnly ? [] : .message)
        ledgers[channel, default: Ledger()].append(entry, mentions: message.mentions)
    }

    // MARK: Windows

    mutating func applyWindow(_ id: SessionID, _ channel: ChannelID, _ thread: ThreadID, isOpen: Bool) {
        if isOpen {
            channels[channel]?.windows[thread, default: []].insert(id)
        } else {
            channels[channel]?.windows[thread]?.remove(id)
            if channels[channel]?.windows[thread]?.isEmpty ?? false {
                channels[channel]?.windows[thread] = nil
            }
        }
        channels[channel]?.audienceVersion += 1
    }

    /// The threads of a channel that a session has windows on, by number.
    package func windows(of id: SessionID, in channel: Channel) -> [ThreadID] {
        channel.windows.filter { $0.value.contains(id) }.keys.sorted()
    }

    /// How many windows a session has.
    func windowCount(of session: Session) -> Int {
        session.channels.reduce(0) { count, id in
            count + (channels[id].map { windows(of: session.id, in: $0).count } ?? 0)
        }
    }
}

// MARK: Snapshots

extension Channel {
    /// Threads as the shortest list of events.
    func threadSnapshot() -> [LoggedEvent] {
        var events: [LoggedEvent] = []
        func add(_ event: Event, _ time: Timestamp) {
            events.append(LoggedEvent(offset: .none, time: time, event: event))
        }
        let spelling = Text(name.spelling)
        for thread in threads.values.sorted(by: { $0.id < $1.id }) {
            func change(_ change: ThreadChange, by source: Text, _ account: AccountID?, _ time: Timestamp) {
                let actor = Actor(source: source, account: account, accountName: nil)
                add(
                    .threadChanged(
                        ThreadChanged(
                            channel: id, channelName: spelling, thread: thread.id, change: change,
                            actor: actor)), time)
            }
            let created = ThreadCreated(
                channel: id, channelName: spelling, thread: thread.id, title: thread.title,
                root: thread.root, actor: thread.creator)
            add(.threadCreated(created), thread.created)
            if thread.titleSetter != thread.creator.source || thread.titleTime != thread.created {
                change(.titled(thread.title), by: thread.titleSetter, nil, thread.titleTime)
            }
            if thread.state != .open || thread.stateSetter != nil {
                change(.stateSet(thread.state, reason: ""), by: "*", thread.stateSetter, thread.created)
            }
            if thread.pinRank > 0 { change(.pinned(rank: thread.pinRank), by: "*", nil, thread.created) }
            if thread.answer != nil { change(.answered(thread.answer), by: "*", nil, thread.created) }
        }
        if threadCreation != .all || isMainLineClosed {
            let policy = ThreadPolicySet(
                channel: id, creation: threadCreation, isMainLineClosed: isMainLineClosed)
            add(.threadPolicySet(policy), created)
        }
        return events
    }
}

extension Community {
    /// Ledgers, markers and redactions as the shortest list of events.
    func readingSnapshot() -> [LoggedEvent] {
        var events: [LoggedEvent] = []
        func add(_ event: Event, _ time: Timestamp = Timestamp(microseconds: 0)) {
            events.append(LoggedEvent(offset: .none, time: time, event: event))
        }
        for (channel, ledger) in ledgers.sorted(by: { $0.key < $1.key }) {
            let time = ledger.newestTime ?? Timestamp(microseconds: 0)
            for page in ledger.pages() { add(.ledgerPage(LedgerPage(channel: channel, bytes: page)), time) }
        }
        for (account, reading) in readings.sorted(by: { $0.key < $1.key }) {
            for (place, time) in reading.markers.sorted(by: { $0.key < $1.key }) {
                add(
                    .markerSet(
                        MarkerSet(
                            account: account, conversation: place.conversation, thread: place.thread,
                            time: time)), time)
            }
            for (place, level) in reading.levels.sorted(by: { $0.key < $1.key }) {
                add(
                    .threadLevelSet(
                        ThreadLevelSet(
                            account: account, channel: place.channel, thread: place.thread, level: level)))
            }
            if reading.usesPlainCue { add(.threadCueSet(ThreadCueSet(account: account, isPlain: true))) }
        }
        let nobody = Actor(source: "*", account: nil, accountName: nil)
        for message in redactedTalk.sorted() {
            add(
                .messageRedacted(
                    MessageRedacted(
                        conversation: .ofGuests, target: "*", message: message, reason: "", actor: nobody)))
        }
        return events
    }
}

extension ThreadPlace: Comparable {
    package static func < (left: ThreadPlace, right: ThreadPlace) -> Bool {
        left.channel != right.channel ? left.channel < right.channel : left.thread < right.thread
    }
}

extension MarkerPlace: Comparable {
    package static func < (left: MarkerPlace, right: MarkerPlace) -> Bool { left.sortKey < right.sortKey }

    private var sortKey: (UInt64, UInt64) {
        let line = UInt64(thread.map { UInt64($0.value) + 1 } ?? 0)
        switch conversation {
        case .channel(let channel): return (UInt64(channel.value), line)
        case .direct(let one, let other):
            return (1 << 63 | UInt64(one.value) << 31 | UInt64(other.value), line)
        }
    }
}
