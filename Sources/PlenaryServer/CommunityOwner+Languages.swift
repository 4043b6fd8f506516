// SPDX-License-Identifier: Apache-2.0

import PlenaryDialect
import PlenaryDomain
import PlenaryLog
import PlenaryTerms
import PlenaryWire

/// Translations, as each is shown them (docs/extensions/language.md, "Who is shown what").
extension CommunityOwner {
    /// A translation to whoever knows what it is, and as a notice to people who read its language. The translator
    /// gets the echo.
    func showTranslation(
        _ message: MessagePosted, _ translation: MessageTranslation, id messageID: MessageID,
        time: Timestamp, at placement: Placement, by id: SessionID, _ scope: inout ReplyScope
    ) {
        guard case .channel(let place) = message.conversation, let channel = community.channels[place] else {
            return
        }
        func lines(_ key: Audience.Key) -> [Line] {
            dialect.render(
                message, id: messageID, time: time, to: key.capabilities, in: placement, as: key.form)
        }
        let windows = channel.windows[placement.thread] ?? []
        var forms: [Audience.Key: [UInt8]] = [:]
        for member in channel.members.keys.sorted() where member != id {
            guard let session = community.sessions[member], Dialect.shows(translation, to: session) else {
                continue
            }
            let key = Audience.Key(session, windows: windows, in: community)
            if forms[key] == nil { forms[key] = encoded(lines(key)) }
            outbox.send(forms[key] ?? [], to: member)
        }
        guard let session = community.sessions[id], session.capabilities.contains(.echoMessage) else {
            return
        }
        scope.reply(lines(Audience.Key(session, windows: windows, in: community)))
    }

    // MARK: Reading

    /// Reads messages and goes on with the command that they lead to.
    func start(_ work: LanguagesWork, for id: SessionID) {
        let post = poster()
        let history = self.history
        switch work {
        case .fetchOriginal(let offset, let text, let lines):
            afterCommit {
                history.event(at: offset) { result in
                    // What cannot be read is unknown.
                    let found = (try? result.get()) ?? nil
                    post(.completed(id, [.languages(.originalFound(found, text, lines))]))
                }
            }
        case .fetchVersions(let channel, let offsets):
            afterCommit {
                history.events(at: offsets) { result in
                    let found = (try? result.get()) ?? []
                    post(.completed(id, [.languages(.versionsFound(channel, found))]))
                }
            }
        }
    }

    /// Reads the current translations of what a page of history has, for whoever knows what they are; false when
    /// there is nothing to read. The answer then goes on with them behind their originals.
    func fetchTranslations(
        of result: HistoryResult, _ request: HistoryRequest, for session: Session
    ) -> Bool {
        guard case .channel(let channel) = request.conversation,
            Dialect.knowsTranslations(session.capabilities), community.shelves[channel] != nil
        else { return false }
        let offsets = result.events.flatMap { event in
            community.currentTranslations(of: event.offset, in: channel).map(\.offset)
        }
        guard !offsets.isEmpty else { return false }
        let post = poster()
        let history = self.history
        let id = session.id
        afterCommit {
            history.events(at: offsets) { read in
                let found = (try? read.get()) ?? []
                post(.fetchedWithTranslations(id, request, result.joined(with: found)))
            }
        }
        return true
    }
}

extension HistoryResult {
    /// The same page with translations behind their originals.
    func joined(with translations: [LoggedEvent]) -> HistoryResult {
        let byOriginal = Dictionary(grouping: translations) { event -> Offset? in
            if case .messagePosted(let message) = event.event { message.translation?.original } else { nil }
        }
        var joined = self
        joined.events = events.flatMap { [$0] + (byOriginal[$0.offset] ?? []) }
        return joined
    }
}
