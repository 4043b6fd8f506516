// SPDX-License-Identifier: Apache-2.0

import PlenaryDomain
import PlenaryLog
import PlenaryTerms

// SAFETY: buffers are lent to parsers for the length of a call, and none keeps them.

extension FuzzTarget {
    /// Bodies of events, and the pages of a ledger in a snapshot.
    static let log = [
        FuzzTarget("event", byteLimit: 1024, checkEvent),
        FuzzTarget("ledger", byteLimit: 512, checkLedger),
    ]

    /// The input's first byte is the record's type. An event that is read is written and read again the same, and its
    /// conversation can be told without reading it.
    @Sendable private static func checkEvent(_ input: [UInt8]) throws(BrokenClaim) {
        let type = input.first ?? 0
        let body = Array(input.dropFirst())
        _ = body.withUnsafeBytes { EventCodec.conversationKey(type: type, body: $0) }
        guard let event = body.withUnsafeBytes({ try? EventCodec.decode(type: type, body: $0) }) else {
            return
        }
        var written: [UInt8] = []
        EventCodec.append(event, to: &written)
        let writtenType = EventCodec.type(of: event)
        let again = written.withUnsafeBytes { try? EventCodec.decode(type: writtenType, body: $0) }
        try claim(again == event, "an event of type \(type) is read again")
        let key = written.withUnsafeBytes { EventCodec.conversationKey(type: writtenType, body: $0) }
        try claim(key == event.conversation.map(EventCodec.key(of:)), "the key of type \(type)")
    }

    /// A page that is read comes to entries that are written as pages and read again the same.
    @Sendable private static func checkLedger(_ input: [UInt8]) throws(BrokenClaim) {
        var ledger = Ledger()
        guard ledger.append(page: input) else { return }
        var again = Ledger()
        for page in ledger.pages() {
            try claim(again.append(page: page), "a page that was written is read")
        }
        try claim(again.count == ledger.count, "no entry is lost")
        for ordinal in 0..<Ledger.Ordinal(ledger.count) {
            try claim(again[ordinal] == ledger[ordinal], "entry \(ordinal) is read again")
        }
        try claim(again.pages() == ledger.pages(), "pages are written again the same")
    }
}
