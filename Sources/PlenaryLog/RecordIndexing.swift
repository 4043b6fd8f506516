// SPDX-License-Identifier: Apache-2.0

/// What the index keeps of a whole record at a position: the one place where segments and events meet.
@inline(__always)
func indexEntry(_ record: RecordHeader, at position: Int, in bytes: UnsafeRawBufferPointer) -> IndexEntry {
    let range = record.bodyRange(at: position)
    guard range.upperBound <= bytes.count else {
        return IndexEntry(
            number: record.number, time: record.time, position: position, key: nil, isMessage: false)
    }
    let key = EventCodec.conversationKey(
        type: record.type, body: UnsafeRawBufferPointer(rebasing: bytes[range]))
    return IndexEntry(
        number: record.number, time: record.time, position: position, key: key,
        isMessage: EventCodec.isMessage(type: record.type))
}

/// Every conversation's newest place, kept up to date event by event or segment by segment.
package struct ConversationTable: Sendable {
    private(set) var places: [UInt64: ConversationPlace] = [:]

    init(_ places: [UInt64: ConversationPlace] = [:]) { self.places = places }

    /// The segment a conversation last appeared in before `segment`. `predecessor`, the segment right
    /// before it, is always a right answer, and the one given when the table knows only of later ones.
    func previousSegment(of key: UInt64, before segment: UInt64, predecessor: UInt64) -> UInt64 {
        guard let place = places[key] else { return IndexAbsence.segment }
        return place.lastSegment < segment ? place.lastSegment : predecessor
    }

    @inline(__always)
    mutating func note(_ entry: IndexEntry, in segment: UInt64) {
        guard let key = entry.key else { return }
        let initial = ConversationPlace(
            lastSegment: segment, lastNumber: entry.number, lastMessageTime: IndexAbsence.time)
        places[key, default: initial].advance(entry, segment)
    }

    mutating func note(_ index: SealedIndex) {
        for slot in index.keys.indices {
            let lastNumber = index.lastNumbers[slot]
            let known = places[index.keys[slot]]
            if let known, known.lastNumber >= lastNumber { continue }
            places[index.keys[slot]] = ConversationPlace(
                lastSegment: index.firstNumber, lastNumber: lastNumber,
                lastMessageTime: max(
                    known?.lastMessageTime ?? IndexAbsence.time, index.lastMessageTimes[slot]))
        }
    }
}

extension ConversationPlace {
    @inline(__always)
    fileprivate mutating func advance(_ entry: IndexEntry, _ segment: UInt64) {
        guard entry.number >= lastNumber else { return }
        lastNumber = entry.number
        lastSegment = segment
        if entry.isMessage { lastMessageTime = entry.time }
    }
}
