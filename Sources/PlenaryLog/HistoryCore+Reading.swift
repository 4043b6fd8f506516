// SPDX-License-Identifier: Apache-2.0

import PlenaryDomain
import PlenaryTerms

/// Reads chosen records: neighbours with one read, each checked before it is decoded.
extension HistoryCore {
    func read(_ selections: [SegmentSelection]) throws(LogError) -> [LoggedEvent] {
        var events: [LoggedEvent] = []
        var repeated = RepeatedTexts()
        events.reserveCapacity(selections.reduce(0) { $0 + $1.postings.count })
        for selection in selections where !selection.postings.isEmpty {
            let view = try view(selection.slot, key: nil)
            var first = 0
            while first < selection.postings.count {
                let last = spanEnd(selection.postings, from: first)
                try read(selection.postings[first..<last], view, into: &events, &repeated)
                first = last
            }
        }
        return events
    }

    /// Where a run of records ends that one read should fetch.
    private func spanEnd(_ postings: [Posting], from first: Int) -> Int {
        let start = postings[first].position
        var next = first + 1
        while next < postings.count,
            postings[next].position - postings[next - 1].position <= LogLimits.readThroughByteLimit,
            postings[next].position - start <= LogLimits.historyReadByteLimit
        {
            next += 1
        }
        return next
    }

    private func read(
        _ postings: ArraySlice<Posting>, _ view: SegmentView, into events: inout [LoggedEvent],
        _ repeated: inout RepeatedTexts
    ) throws(LogError) {
        guard let start = postings.first?.position, let last = postings.last?.position else { return }
        // Most records are far shorter; the rest of a longer one is fetched when it shows.
        let guess = last - start + 2_048
        try fill(view, from: start, count: guess)
        for posting in postings {
            let place = posting.position - start
            var outcome = try decode(posting, at: place, view, &repeated)
            if case .needs(let byteCount) = outcome {
                try fill(view, from: start, count: place + byteCount)
                outcome = try decode(posting, at: place, view, &repeated)
            }
            guard case .event(let event) = outcome else {
                throw .damaged(
                    path: view.path, position: posting.position, found: "a record ends beyond the file")
            }
            events.append(event)
        }
    }

    private enum Outcome {
        case event(LoggedEvent)
        case needs(Int)
    }

    private func decode(
        _ posting: Posting, at place: Int, _ view: SegmentView, _ repeated: inout RepeatedTexts
    ) throws(LogError) -> Outcome {
        var result = Result<Outcome, LogError>.success(.needs(0))
        let readByteCount = readByteCount
        readBuffer.withUnsafeBytes { wholeBuffer in
            let buffer = UnsafeRawBufferPointer(rebasing: wholeBuffer[..<readByteCount])
            do throws(LogError) {
                guard place + RecordHeader.byteCount <= buffer.count else {
                    result = .success(.needs(RecordHeader.byteCount + 2_048))
                    return
                }
                guard let record = RecordHeader(at: place, in: buffer, seed: view.seed) else {
                    throw .damaged(
                        path: view.path, position: posting.position, found: "no record begins here")
                }
                guard place + record.recordByteCount <= buffer.count else {
                    result = .success(.needs(record.recordByteCount))
                    return
                }
                guard record.bodyHolds(at: place, in: buffer, seed: view.seed) else {
                    throw .damaged(
                        path: view.path, position: posting.position,
                        found: "the body of event \(record.number) does not match its checksum")
                }
                let body = UnsafeRawBufferPointer(rebasing: buffer[record.bodyRange(at: place)])
                result = .success(
                    .event(
                        try OpenedLog.decode(
                            type: record.type, number: record.number, time: record.time, body: body,
                            path: view.path,
                            position: posting.position, sharing: &repeated)))
            } catch { result = .failure(error) }
        }
        return try result.get()
    }

    /// Puts bytes of a segment into the buffer, at most to the end of what is durable.
    func fill(_ view: SegmentView, from start: Int, count: Int) throws(LogError) {
        let count = min(count, view.end - start)
        guard count > 0 else {
            throw .damaged(path: view.path, position: start, found: "the index names a place beyond the end")
        }
        if readBuffer.count < count { readBuffer = [UInt8](repeating: 0, count: count + count / 2) }
        var outcome = Result<Int, FileFailure>.success(0)
        readBuffer.withUnsafeMutableBytes { buffer in
            let part = UnsafeMutableRawBufferPointer(rebasing: buffer[..<count])
            do throws(FileFailure) {
                outcome = .success(try files.readFully(view.file, into: part, at: start))
            } catch { outcome = .failure(error) }
        }
        switch outcome {
        case .success(let done) where done == count: readByteCount = count
        case .success(let done):
            throw .damaged(
                path: view.path, position: start + done, found: "the file ends before its records do")
        case .failure(let failure): throw logError(failure, view.path, position: start)
        }
    }

    /// The position of the first event from a record on that satisfies a predicate; nil at the end.
    func firstRecord(
        in view: SegmentView, from start: Int, where isReached: (RecordHeader) -> Bool
    ) throws(LogError) -> Int? {
        var position = start
        while position < view.end {
            let chunk = min(32 << 10, view.end - position)
            try fill(view, from: position, count: chunk)
            var next = position
            var found: Int?
            var damage: Int?
            readBuffer.withUnsafeBytes { buffer in
                while next < view.end, next - position + RecordHeader.byteCount <= chunk {
                    guard let record = RecordHeader(at: next - position, in: buffer, seed: view.seed) else {
                        damage = next
                        return
                    }
                    if !MarkType.contains(record.type), isReached(record) {
                        found = next
                        return
                    }
                    next += record.recordByteCount
                }
            }
            if let found { return found }
            guard damage == nil, next > position else {
                throw .damaged(path: view.path, position: next, found: "no record begins here")
            }
            position = next
        }
        return nil
    }
}
