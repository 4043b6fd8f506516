// SPDX-License-Identifier: Apache-2.0

import PlenaryDialect
import PlenaryDomain
import PlenaryLog
import PlenarySearch
import PlenaryTerms
import PlenaryWire

/// What a search found, as the index and the log know it.
package struct SearchFindings: Sendable {
    var events: [LoggedEvent]
    var isComplete: Bool
    /// What the translations among them translate; nil before it was looked for.
    var originals: [Offset: LoggedEvent]?
}

extension CommunityOwner {
    /// Searches once everything said before is on the disk; false, with a refusal, when the words are none.
    func search(_ plan: SearchPlan, for id: SessionID, _ scope: inout ReplyScope) -> Bool {
        var query = SearchQuery(
            scope: plan.scope, author: plan.author, after: plan.request.after, before: plan.request.before,
            language: plan.request.language, kind: plan.request.kind, reference: plan.request.reference,
            beforeOffset: plan.beforeOffset, limit: plan.request.limit)
        query.relayedAuthor = plan.relayedAuthor
        do throws(SearchTextError) {
            query.terms = try plan.request.text.map { text throws(SearchTextError) in
                try SearchText.parse(text)
            }
        } catch {
            refuseSearch(Refusal(error), id, &scope)
            return false
        }
        guard let desk = search else {
            refuseSearch(.search(code: .unavailable, context: ["0"]), id, &scope)
            return false
        }
        let post = poster()
        let history = self.history
        let end = nextOffset
        let prepared = query
        afterCommit {
            desk.search(prepared, end: end) { result in
                switch result {
                case .failure(let refusal): post(.refused(id, Refusal(refusal)))
                case .success(let page):
                    history.events(at: page.offsets) { read in
                        guard let events = try? read.get() else {
                            return post(.refused(id, .search(code: .unavailable, context: ["0"])))
                        }
                        post(.found(id, SearchFindings(events: events, isComplete: page.isComplete)))
                    }
                }
            }
        }
        return true
    }

    private func refuseSearch(_ refusal: Refusal, _ id: SessionID, _ scope: inout ReplyScope) {
        guard let session = community.sessions[id] else { return }
        scope.reply(dialect.render(refusal, to: session, in: community))
    }

    /// What was found and may still be read: somebody may have left a channel meanwhile.
    func resume(_ id: SessionID, _ findings: SearchFindings) {
        guard let session = community.sessions[id] else { return }
        guard let originals = findings.originals else { return fetchOriginals(findings, for: id) }
        let readable = findings.joined(with: originals).filter { event in
            event.event.home.map { conversation in
                community.mayRead(conversation, session) && !community.isGone(event)
                    && (community.hiding(of: event.offset, in: conversation) == nil
                        || community.mayReadHidden(conversation, session))
            }
                ?? false
        }
        let lines = dialect.renderSearch(
            readable.map { ($0, identifiers.id(of: $0.offset)) }, reference: batchReference(),
            isComplete: findings.isComplete, to: session, in: community)
        resume(id) { $0.scope.reply(lines) }
    }
}

extension CommunityOwner {
    /// Reads what found translations translate, and goes on.
    private func fetchOriginals(_ findings: SearchFindings, for id: SessionID) {
        var findings = findings
        let found = Set(findings.events.map(\.offset))
        let offsets = findings.events.compactMap(\.original).filter { !found.contains($0) }
        guard !offsets.isEmpty else {
            findings.originals = [:]
            return resume(id, findings)
        }
        let post = poster()
        let known = findings
        history.events(at: Set(offsets).sorted()) { read in
            var findings = known
            // What cannot be read is left out; the translation says whose it is.
            findings.originals = Dictionary(
                ((try? read.get()) ?? []).map { ($0.offset, $0) }, uniquingKeysWith: { first, _ in first })
            post(.found(id, findings))
        }
    }
}

extension SearchFindings {
    /// What was found, each translation behind its original, which stands once.
    fileprivate func joined(with originals: [Offset: LoggedEvent]) -> [LoggedEvent] {
        var rest = originals
        return events.flatMap { event -> [LoggedEvent] in
            guard let place = event.original, let original = rest.removeValue(forKey: place) else {
                return [event]
            }
            return [original, event]
        }
    }
}

extension LoggedEvent {
    /// The place of what it translates.
    fileprivate var original: Offset? {
        if case .messagePosted(let message) = event { message.translation?.original } else { nil }
    }
}

extension Refusal {
    fileprivate init(_ error: SearchTextError) {
        switch error {
        case .tooManyTerms(let limit): self = .search(code: .tooManyWords, context: [Text(number: limit)])
        case .tooLong, .noWords: self = .search(code: .invalidParameters, context: ["text"])
        }
    }

    fileprivate init(_ refusal: SearchRefusal) {
        switch refusal {
        case .timedOut: self = .search(code: .timedOut, context: [])
        case .unavailable(let percent): self = .search(code: .unavailable, context: [Text(number: percent)])
        }
    }
}
