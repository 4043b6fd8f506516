// SPDX-License-Identifier: Apache-2.0

import Dispatch
import PlenaryDomain
import PlenaryLog
import PlenaryTerms

/// Whether erasures have to be begun or are under way.
struct ErasureWatch: Sendable {
    var isDue = false
    var isUnderWay = false
    /// Nothing is recorded any more; what is not done is found at the next start.
    var isStopped = false

    /// Seconds until an erasure that failed is tried again.
    static let retrySeconds = 60
}

/// What an operator wants to have erased.
package struct ErasureOrder: Hashable, Sendable {
    /// Message ids, at most as many as a request line has room for.
    package var messages: [Text]
    package var account: Text?
    /// A code, not a person's words: it stays in the log.
    package var reason: Text
    /// Only say what it would come to.
    package var isDryRun: Bool

    package init(messages: [Text], account: Text?, reason: Text, isDryRun: Bool) {
        self.messages = messages
        self.account = account
        self.reason = reason
        self.isDryRun = isDryRun
    }
}

/// Takes what requests name out of all files of the server: the log's segments and snapshots, then the search index.
/// Any request that is recorded, by whomever, is carried out from here, and at a start those that are open.
extension CommunityOwner {
    /// Begins with all requests that are open, once they are durable; one pass at a time.
    func beginErasuresIfDue() {
        guard erasing.isDue, !erasing.isUnderWay, !erasing.isStopped else { return }
        erasing.isDue = false
        guard !community.openErasures.isEmpty else { return }
        erasing.isUnderWay = true
        let requests = community.openErasures.keys.sorted()
        let jobs = requests.compactMap { request in
            community.openErasures[request].map {
                ErasureJob(plan: $0.request.plan, before: $0.time, request: request)
            }
        }
        let (events, upTo) = (community.snapshotEvents(), nextOffset)
        let (log, search, post) = (self.log, self.search, poster())
        afterCommit {
            // With a snapshot of the state since, the next start need not read the whole log when older ones go.
            log.snapshot(upTo: upTo, events: events) { _ in
                log.erase(jobs) { result in
                    guard case .failure(let error) = result else {
                        guard let search else { return post(.erased(requests, nil)) }
                        return search.forget { post(.erased(requests, nil)) }
                    }
                    post(.erased(requests, error))
                }
            }
        }
    }

    func endErasures(_ requests: [Offset], _ failure: LogError?) {
        erasing.isUnderWay = false
        guard !erasing.isStopped else { return }
        guard let failure else {
            for request in requests where community.openErasures[request] != nil {
                _ = record(.erasure(.done(ErasureDone(request: request))))
            }
            // More may have been asked for meanwhile.
            erasing.isDue = !community.openErasures.isEmpty
            return
        }
        logger.error(
            "erasure.failed",
            metadata: ["reason": "\(failure)", "retry_seconds": "\(ErasureWatch.retrySeconds)"])
        let post = poster()
        executor.queue.asyncAfter(deadline: .now() + .seconds(ErasureWatch.retrySeconds)) {
            post(.erasuresDue)
        }
    }

    // MARK: An operator's order

    /// Records a request, and answers when it is durable; what it names is hidden then and gone soon after.
    func erase(_ order: ErasureOrder, then: @escaping @Sendable (AdminReply) -> Void) {
        var plan = ErasurePlan()
        for text in order.messages {
            guard let id = MessageID(Array(text.bytes)), let offset = identifiers.offset(of: id),
                offset < nextOffset
            else { return then(.refused(.noSuchMessage(text))) }
            plan.messages.insert(offset)
        }
        if let name = order.account {
            guard let account = community.account(named: name) else {
                return then(.refused(.noSuchAccount(name)))
            }
            plan.accounts.insert(account.id)
        }
        // Translations say the same words.
        let translations =
            community.translationPlans(of: plan.messages.sorted())
            + plan.accounts.sorted().flatMap { community.translationPlans(ofMessagesBy: $0) }
        for plan in [plan] + translations {
            if let place = community.hold(against: plan) {
                return then(.refused(.held(community.name(of: place))))
            }
        }
        let named = translations.reduce(into: plan.messages) { $0.formUnion($1.messages) }
        let known = plan.accounts.reduce(into: named) { messages, account in
            for ledger in community.ledgers.values { messages.formUnion(ledger.messages(by: account)) }
        }
        var request = ""
        if !order.isDryRun {
            for account in plan.accounts { disconnect(account) }
            for plan in translations {
                let asked = ErasureRequested(plan: plan, actor: nil, reason: order.reason)
                _ = record(.erasure(.requested(asked)))
            }
            let asked = ErasureRequested(plan: plan, actor: nil, reason: order.reason)
            request = String(record(.erasure(.requested(asked))).offset.value)
        }
        let log = self.log
        let number = request
        afterCommit {
            log.pin { point in
                let segments = point.segmentCount(of: known)
                then(
                    .done([
                        AdminRow([
                            "request": number, "messages": String(known.count), "segments": String(segments),
                        ])
                    ]))
            }
        }
    }

    func erasureRows() -> [AdminRow] {
        community.openErasures.sorted { $0.key < $1.key }.map { offset, open in
            AdminRow([
                "request": String(offset.value), "time": open.time.iso8601,
                "reason": open.request.reason.string,
                "messages": String(open.request.plan.messages.count),
                "accounts": String(open.request.plan.accounts.count),
            ])
        }
    }

    // MARK: Backup

    /// Says how far the log is durable when all that was said before is.
    func giveBackupPoint(_ then: @escaping @Sendable (AdminReply) -> Void) {
        let log = self.log
        afterCommit {
            log.pin { point in
                then(
                    .done([
                        AdminRow([
                            "next": String(point.nextNumber), "open": String(point.openSegment),
                            "bytes": String(point.openByteCount),
                        ])
                    ]))
            }
        }
    }
}

extension BackupPoint {
    /// Segments in which these events stand.
    fileprivate func segmentCount(of events: Set<Offset>) -> Int {
        let starts = sealed.map(\.firstNumber) + [openSegment]
        return Set(events.map { event in starts.partitionPoint { $0 <= event.value } }).count
    }
}
