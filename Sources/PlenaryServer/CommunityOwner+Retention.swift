// SPDX-License-Identifier: Apache-2.0

import PlenaryDialect
import PlenaryDomain
import PlenaryLog
import PlenaryTerms

/// One page of an account's records.
package struct OwnRecordPage: Sendable {
    var records: [OwnRecordEntry] = []
    /// Where the next page begins; nil at the end of the log.
    var next: Offset?
}

struct OwnRecordEntry: Sendable {
    var offset: Offset
    var time: Timestamp
    var record: OwnRecord
}

extension CommunityOwner {
    /// Records of one page, and of the log's records that are looked at for it.
    private static let ownRecordLimit = 200
    private static let scannedRecordLimit = 20_000
    /// Records read in one go, so that others' history waits little.
    private static let scanStep = 1000

    /// Reads a page of what the log holds of an account, once all that was said is on the disk.
    func fetchOwnRecords(_ account: AccountID, after: Offset?, for id: SessionID) {
        let post = poster()
        let history = self.history
        let name = community.accounts[account].map { Text($0.name.spelling) } ?? "*"
        let owner = RecordOwner(account: account, name: name)
        let start = after ?? Offset(0)
        afterCommit {
            CommunityOwner.scan(history, from: start, owner, OwnRecordPage(), scanned: 0) { page in
                post(.foundOwnRecords(id, page))
            }
        }
    }

    private static func scan(
        _ history: HistoryReader, from offset: Offset, _ owner: RecordOwner, _ page: OwnRecordPage,
        scanned: Int, then: @escaping @Sendable (OwnRecordPage?) -> Void
    ) {
        history.events(from: offset, limit: scanStep) { result in
            guard let scan = try? result.get() else { return then(nil) }
            var page = page
            for logged in scan.events {
                guard page.records.count < ownRecordLimit else {
                    page.next = logged.offset
                    return then(page)
                }
                if let record = logged.event.record(of: owner) {
                    page.records.append(
                        OwnRecordEntry(offset: logged.offset, time: logged.time, record: record))
                }
            }
            guard !scan.isAtEnd else { return then(page) }
            let scanned = scanned + scan.events.count
            guard scanned < scannedRecordLimit else {
                page.next = scan.next
                return then(page)
            }
            self.scan(history, from: scan.next, owner, page, scanned: scanned, then: then)
        }
    }

    func resume(_ id: SessionID, _ page: OwnRecordPage?) {
        guard let page else {
            return resume(id, saying: .retention(verb: "MYDATA", code: .unavailable, context: []))
        }
        let records = page.records.map { entry in
            (id: identifiers.id(of: entry.offset), time: entry.time, record: entry.record)
        }
        let lines = dialect.renderOwnRecords(records, next: page.next.map { identifiers.id(of: $0) })
        resume(id) { $0.scope.reply(lines) }
    }

    /// Seconds between two looks at what has run out.
    private static let sweepSeconds: Int64 = 3600

    /// Does what is due by the clock: delayed answers, ends of mutes and bans, times of
    /// speakers' lists, sittings that open and close, and what no channel keeps any longer.
    func passTime() {
        endDelays()
        endSanctions()
        passMeetings()
        passFloorTime()
        turnQuestionnaires()
        let now = self.now()
        guard now >= nextSweep else { return }
        nextSweep = now.advanced(bySeconds: CommunityOwner.sweepSeconds)
        destroyLabelKeys()
        for request in community.retentionDue(at: now) { _ = record(.erasure(.requested(request))) }
    }
}
