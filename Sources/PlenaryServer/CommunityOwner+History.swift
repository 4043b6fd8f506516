// SPDX-License-Identifier: Apache-2.0

import PlenaryDomain
import PlenaryLog
import PlenaryTerms

extension CommunityOwner {
    /// Fetches once everything said before is on the disk, so that a session reads its own writes.
    func fetch(_ request: HistoryRequest, for id: SessionID) {
        let post = poster()
        if let thread = request.thread, case .channel(let channel) = request.conversation {
            return fetch(request, of: ThreadPlace(channel, thread), for: id)
        }
        if request.purpose == .namedForActs { return fetchNamed(request, for: id) }
        let isReplay = request.purpose == .replayOnJoin
        // What is said after the JOIN is shown as it is said, and not replayed as well.
        let selection = isReplay ? .before(.offset(nextOffset)) : resolved(request.selection)
        guard let selection, let session = community.sessions[id] else {
            afterCommit { post(.fetched(id, request, nil)) }
            return
        }
        let query = HistoryQuery(
            conversation: request.conversation, selection: selection, limit: request.limit,
            includesEvents: !isReplay && session.capabilities.contains(.eventPlayback))
        let history = self.history
        afterCommit {
            history.fetch(query) { result in
                switch result {
                case .success(let found): post(.fetched(id, request, found))
                case .failure: post(.fetched(id, request, nil))
                }
            }
        }
    }

    /// Fetches one message by its place, once it is on the disk.
    func fetch(_ offset: Offset, for id: SessionID) {
        let post = poster()
        let history = self.history
        afterCommit {
            history.event(at: offset) { result in
                // A copy of a message that cannot be read gets no echo; reading says so where it fails.
                switch result {
                case .success(let first): post(.fetchedFirst(id, first))
                case .failure: post(.fetchedFirst(id, nil))
                }
            }
        }
    }

    /// Bounds as the log knows them; nil when a message id is none of ours.
    private func resolved(_ selection: HistoryRequest.Selection) -> HistoryQuery.Selection? {
        func bound(_ bound: HistoryRequest.Bound) -> HistoryQuery.Bound? {
            switch bound {
            case .time(let time): .time(time)
            case .message(let id): identifiers.offset(of: id).map { .offset($0) }
            }
        }
        switch selection {
        case .latest(nil): return .latest(after: nil)
        case .latest(let after?): return bound(after).map { .latest(after: $0) }
        case .before(let place): return bound(place).map { .before($0) }
        case .after(let place): return bound(place).map { .after($0) }
        case .around(let place): return bound(place).map { .around($0) }
        case .between(let one, let other):
            guard let first = bound(one), let second = bound(other) else { return nil }
            return .between(first, second)
        }
    }

    func fetchTargets(
        _ joined: [(Conversation, Text)], _ from: Timestamp, _ to: Timestamp, _ limit: Int, for id: SessionID
    ) {
        let post = poster()
        let history = self.history
        let account = community.sessions[id]?.account
        let names = Dictionary(joined.map { ($0.0, $0.1) }, uniquingKeysWith: { first, _ in first })
        // Bounds are exclusive and in milliseconds, as they are shown; the log knows microseconds.
        let (after, before) = from < to ? (from.millisecondEnd, to) : (to.millisecondEnd, from)
        afterCommit {
            history.latestTimes(
                of: Array(names.keys), andDirectOf: account, after: after, before: before, limit: limit
            ) { rows in
                post(.fetchedTargets(id, rows, names: names))
            }
        }
    }
}
