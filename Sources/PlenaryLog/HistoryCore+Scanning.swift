// SPDX-License-Identifier: Apache-2.0

import PlenaryDomain
import PlenaryTerms

/// Reads by offset and not by conversation. Both ways enter a segment at an entry of its sparse index, so
/// that at most `LogLimits.sparseIndexStride` records are passed before the first that is wanted.
extension HistoryCore {
    func events(from number: UInt64, limit: Int) throws(LogError) -> LogScan {
        var scan = LogScan(events: [], next: Offset(number), isAtEnd: true)
        guard limit > 0, slotCount > 0 else { return scan }
        var byteCount = 0
        var repeated = RepeatedTexts()
        for slot in slot(of: .offset(Offset(number)))..<slotCount {
            let view = try view(slot, key: nil)
            var position = view.block(of: number).lowerBound
            while position < view.end {
                let chunk = try chunk(of: view, from: position)
                for found in chunk.records where found.record.number >= number {
                    guard scan.events.count < limit, byteCount < LogLimits.scanByteLimit else {
                        scan.isAtEnd = false
                        return scan
                    }
                    byteCount += found.record.recordByteCount
                    scan.next = Offset(found.record.number).next
                    if found.record.type == MarkType.erased { continue }
                    scan.events.append(try decode(found, from: position, view, &repeated))
                }
                position = chunk.end
            }
        }
        return scan
    }

    func events(at numbers: [UInt64]) throws(LogError) -> [LoggedEvent] {
        guard slotCount > 0 else { return [] }
        let wanted = Set(numbers)
        let sorted = wanted.sorted()
        var found: [UInt64: LoggedEvent] = [:]
        var repeated = RepeatedTexts()
        var place = 0
        while place < sorted.count {
            let view = try view(slot(of: .offset(Offset(sorted[place]))), key: nil)
            let block = view.block(of: sorted[place])
            // The next ones may stand in the same block; what does not is looked up anew.
            var lastPassed = sorted[place]
            var position = block.lowerBound
            while position < block.upperBound {
                let chunk = try chunk(of: view, from: position)
                for entry in chunk.records {
                    lastPassed = max(lastPassed, entry.record.number)
                    guard wanted.contains(entry.record.number), entry.record.type != MarkType.erased
                    else { continue }
                    found[entry.record.number] = try decode(entry, from: position, view, &repeated)
                }
                position = chunk.end
            }
            while place < sorted.count, sorted[place] <= lastPassed { place += 1 }
        }
        return numbers.compactMap { found[$0] }
    }

    /// An event's record within bytes that were read.
    private struct FoundRecord {
        var record: RecordHeader
        /// Bytes from the segment's beginning.
        var position: Int
    }

    /// Whole records from a position on, with their bytes in `readBuffer`: those that a first read of
    /// `LogLimits.scanReadByteLimit` holds, and at least one. Marks are passed over.
    private func chunk(
        of view: SegmentView, from start: Int
    ) throws(LogError) -> (records: [FoundRecord], end: Int) {
        var wanted = min(LogLimits.scanReadByteLimit, view.end - start)
        while true {
            try fill(view, from: start, count: wanted)
            var records: [FoundRecord] = []
            var position = start
            var isDamaged = false
            let filled = readByteCount
            readBuffer.withUnsafeBytes { whole in
                // SAFETY: `fill` put `filled` bytes into the buffer and returned; nothing else writes it here.
                let bytes = UnsafeRawBufferPointer(rebasing: whole[..<filled])
                while position - start + RecordHeader.byteCount <= filled {
                    guard let record = RecordHeader(at: position - start, in: bytes, seed: view.seed) else {
                        isDamaged = true
                        return
                    }
                    guard position - start + record.recordByteCount <= filled else {
                        if position == start { wanted = record.recordByteCount }
                        return
                    }
                    if !MarkType.contains(record.type) {
                        records.append(FoundRecord(record: record, position: position))
                    }
                    position += record.recordByteCount
                }
            }
            if position > start, !isDamaged || !records.isEmpty { return (records, position) }
            guard !isDamaged, wanted > filled, start + wanted <= view.end else {
                throw .damaged(path: view.path, position: position, found: "no record begins here")
            }
        }
    }

    private func decode(
        _ found: FoundRecord, from start: Int, _ view: SegmentView, _ repeated: inout RepeatedTexts
    ) throws(LogError) -> LoggedEvent {
        let (record, place) = (found.record, found.position - start)
        let filled = readByteCount
        let result = readBuffer.withUnsafeBytes { whole -> Result<LoggedEvent, LogError> in
            Result { () throws(LogError) in
                // SAFETY: as in `chunk`, which found the whole record within these bytes.
                let bytes = UnsafeRawBufferPointer(rebasing: whole[..<filled])
                guard record.bodyHolds(at: place, in: bytes, seed: view.seed) else {
                    throw .damaged(
                        path: view.path, position: found.position,
                        found: "the body of event \(record.number) does not match its checksum")
                }
                return try OpenedLog.decode(
                    type: record.type, number: record.number, time: record.time,
                    body: UnsafeRawBufferPointer(rebasing: bytes[record.bodyRange(at: place)]),
                    path: view.path, position: found.position, sharing: &repeated)
            }
        }
        return try result.get()
    }
}

extension SegmentView {
    /// Positions from the sparse entry at or before an event to the next entry.
    fileprivate func block(of number: UInt64) -> Range<Int> {
        let after = sparse.partitionPoint { $0.number <= number }
        let start = after == 0 ? SegmentHeader.byteCount : sparse[after - 1].position
        return start..<max(start, after < sparse.count ? sparse[after].position : end)
    }
}
