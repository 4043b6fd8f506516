// SPDX-License-Identifier: Apache-2.0

import PlenaryTerms

/// Threads for plain clients: JOIN, PART, LIST and the classic answers of TOPIC and MODE
/// (docs/extensions/threads.md, "Windows" and "For plain clients").
extension Community {
    /// JOIN of a thread target.
    func decideWindow(_ name: Text, key: Text?, _ session: Session, _ moment: Moment) -> [Outcome] {
        let slash = name.bytes.lastIndex(of: 47) ?? name.bytes.endIndex
        let channelName = Text(name.bytes[..<slash])
        guard let channel = channel(named: channelName) else { return [.refused(.noSuchChannel(name))] }
        var outcomes: [Outcome] = []
        if !isMember(session.id, of: channel) {
            outcomes = decideJoin(channelName, key: key, session, moment)
            let isRefused = outcomes.contains { if case .refused = $0 { true } else { false } }
            if isRefused {
                // Whoever may not know the channel hears what he would hear if there were none.
                return isVisible(channel, to: session.id) ? outcomes : [.refused(.noSuchChannel(name))]
            }
            // One command has one replay, and the thread is what was asked for.
            outcomes.removeAll { if case .work = $0 { true } else { false } }
        }
        guard let thread = ThreadID(digits: name.bytes[min(slash + 1, name.bytes.endIndex)...]),
            channel.threads[thread] != nil
        else { return outcomes + [.refused(.noSuchChannel(name))] }
        if session.capabilities.contains(.threads) {
            return outcomes + [.answer(.threadInfo(channel.id, thread))]
        }
        guard !windows(of: session.id, in: channel).contains(thread) else { return outcomes }
        guard windowCount(of: session) < policy.limits.windowCountLimit else {
            return outcomes + [.refused(.tooManyChannels(channel.spelling(of: thread)))]
        }
        outcomes.append(.presence(.windowOpened(session.id, channel.id, thread)))
        if session.capabilities.contains(.readMarker) {
            let place = MarkerPlace(.channel(channel.id), thread)
            outcomes.append(markerOnJoin(place, channel.spelling(of: thread), session))
        }
        outcomes.append(.answer(.threadTopic(channel.id, thread)))
        if !session.capabilities.contains(.noImplicitNames) {
            outcomes.append(.answer(.threadNames(channel.id, thread)))
        }
        if let replay = replayOnJoin(of: channel, thread: thread, to: session) { outcomes.append(replay) }
        return outcomes
    }

    /// PART of a thread target.
    func decideWindowEnd(_ name: Text, _ reason: Text?, _ session: Session) -> [Outcome] {
        guard let target = try? target(name), let thread = target.thread,
            isVisible(target.channel, to: session.id)
        else { return [.refused(.noSuchChannel(name))] }
        guard windows(of: session.id, in: target.channel).contains(thread) else {
            return [.refused(.notOnChannel(target.spelling))]
        }
        return [.presence(.windowClosed(session.id, target.channel.id, thread, reason: reason))]
    }

    /// Windows end with the channel.
    func windowEnds(of id: SessionID, in channel: Channel) -> [Outcome] {
        windows(of: id, in: channel).map { .presence(.windowClosed(id, channel.id, $0, reason: nil)) }
    }

    /// `LIST #c/*` and `LIST #c/12`.
    func threadRows(_ filter: ListFilter, _ session: Session) -> [ThreadPlace] {
        var rows: [ThreadPlace] = []
        for name in filter.names + filter.masks where namesThread(name) {
            if let target = try? target(name), let thread = target.thread, thread != .mainLine,
                isMember(session.id, of: target.channel)
            {
                rows.append(ThreadPlace(target.channel.id, thread))
            } else if name.bytes.ends(with: "/*"),
                let page = try? page(
                    Text(name.bytes.dropLast(2)), ThreadFilter(), policy.limits.threadPageCountLimit,
                    after: nil, session)
            {
                rows += page.rows
            }
        }
        return rows
    }

    /// Who wrote in a thread, has a window on it, or asks, of those who are in the channel: one session each.
    package func participants(of thread: ThreadID, in channel: Channel, for asker: Session) -> [Session] {
        let wrote = Set(ledgers[channel.id]?.authors(of: thread, limit: 200) ?? [])
        let windows = channel.windows[thread] ?? []
        var byNickname: [String: Session] = [:]
        for id in channel.members.keys {
            guard let session = sessions[id], let key = session.nickname?.key else { continue }
            let takesPart =
                windows.contains(id) || key == asker.nickname?.key
                || session.account.map { wrote.contains($0) } ?? false
            if takesPart { byNickname[key] = session }
        }
        return byNickname.sorted { $0.key < $1.key }.map(\.value)
    }

    /// The same for a target; nil when it names no thread that the asker may read.
    package func participants(named name: Text, for asker: Session) -> [Session]? {
        guard namesThread(name), let target = try? target(name), let thread = target.thread,
            isMember(asker.id, of: target.channel)
        else { return nil }
        return participants(of: thread, in: target.channel, for: asker)
    }

    /// What a classic command asks of a thread, for members of its channel.
    func onThread(
        _ name: Text, _ session: Session, _ decide: (Channel, ThreadID) -> [Outcome]
    ) -> [Outcome] {
        guard let target = try? target(name), let thread = target.thread, thread != .mainLine,
            isVisible(target.channel, to: session.id)
        else { return [.refused(.noSuchChannel(name))] }
        guard isMember(session.id, of: target.channel) else {
            return [.refused(.notOnChannel(target.spelling))]
        }
        return decide(target.channel, thread)
    }

    /// A change of a thread by a classic command: its refusals are the classic numerics.
    func classic(
        _ command: ThreadCommand, verb: Text, _ channel: Channel, by id: SessionID, at moment: Moment
    ) -> [Outcome] {
        decide(command, by: id, at: moment).compactMap { outcome in
            switch outcome {
            case .refused(.thread(_, .privilegesNeeded, let context)):
                return .refused(.channelOperatorNeeded(context.first ?? channel.name.text))
            case .refused(.thread(_, .threadClosed, let context)):
                return .refused(.cannotSendToChannel(context.first ?? channel.name.text))
            case .refused(.thread(_, let code, let context)):
                return .refused(.thread(verb: verb, code: code, context: context))
            // Nothing had to be done, and MODE or TOPIC do not say so.
            case .answer: return nil
            default: return outcome
            }
        }
    }
}

extension [UInt8] {
    fileprivate func ends(with text: StaticString) -> Bool {
        text.withUTF8Buffer { count >= $0.count && self[(count - $0.count)...].elementsEqual($0) }
    }
}
