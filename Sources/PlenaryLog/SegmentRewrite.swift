// SPDX-License-Identifier: Apache-2.0

import Glibc
import PlenaryCrypto
import PlenaryDomain
import PlenaryTerms

/// What is to be taken out of the log, and of which time.
package struct ErasureJob: Hashable, Sendable {
    package var plan: ErasurePlan
    /// The request's time. Only what was said before it is meant: after a restore from a backup the same numbers,
    /// of messages and of accounts, are given once more.
    package var before: Timestamp
    /// The request's own number; older snapshots go.
    package var request: Offset

    package init(plan: ErasurePlan, before: Timestamp, request: Offset) {
        self.plan = plan
        self.before = before
        self.request = request
    }
}

/// What an erasure did.
package struct ErasureReport: Hashable, Sendable {
    /// Segments that were written anew.
    package var segmentCount = 0
    /// Records that were changed.
    package var recordCount = 0

    package init() {}
}

/// A segment's successor, whole and synced under its temporary name.
struct RewrittenSegment: Sendable {
    var sealed: SealedSegment
    var header: SegmentHeader
    var temporaryPath: String
    var recordCount: Int
}

/// Copies a sealed segment without what is to be erased: same log id, numbers, times and bodies, one generation
/// more and a new salt, so that no record of the old file passes for one of the new. Watermarks are left
/// out: the seal says all that they said.
struct SegmentRewrite {
    let files: any FileLayer
    let paths: LogPaths
    let jobs: [ErasureJob]
    var names = ErasureNames()
    /// Takes segments without a seal too; only to count what is in them.
    var acceptsOpen = false

    init(_ jobs: [ErasureJob], files: any FileLayer, paths: LogPaths) {
        self.jobs = jobs
        self.files = files
        self.paths = paths
    }

    /// Whether a segment can hold anything that is meant, by its numbers and times alone.
    func mayTouch(_ segment: SealedSegment) -> Bool {
        jobs.contains { job in
            guard segment.firstTime < job.before.microseconds else { return false }
            return !job.plan.accounts.isEmpty
                || job.plan.messages.contains {
                    $0.value >= segment.firstNumber && $0.value < segment.nextNumber
                }
        }
    }

    /// Learns the names of the accounts and gives the segments in the order in which they are to be rewritten:
    /// those that name an account come last, so that after a crash its name can still be learnt.
    mutating func order(_ segments: [SealedSegment]) throws(LogError) -> [SealedSegment] {
        let touched = segments.filter { mayTouch($0) }
        let accounts = jobs.reduce(into: Set<AccountID>()) { $0.formUnion($1.plan.accounts) }
        guard !accounts.isEmpty else { return touched }
        let plan = ErasurePlan(accounts: accounts)
        var naming: Set<UInt64> = []
        for segment in touched {
            var names = self.names
            var isNaming = false
            try walk(segment) { record, body throws(LogError) in
                guard record.type == EventType.accountCreated.rawValue else { return }
                let event = try event(record, body, segment)
                if case .accountCreated(let created) = event, accounts.contains(created.account) {
                    isNaming = true
                    names.learn(from: event, plan)
                }
            }
            self.names = names
            if isNaming { naming.insert(segment.firstNumber) }
        }
        return touched.filter { !naming.contains($0.firstNumber) }
            + touched.filter { naming.contains($0.firstNumber) }
    }

    /// Writes the successor of a segment beside it; nil when nothing in it changes.
    func prepare(_ segment: SealedSegment) throws(LogError) -> RewrittenSegment? {
        let path = paths.segment(segment.firstNumber)
        var changes: [UInt64: ErasedRecord] = [:]
        let (bytes, old) = try walk(segment) { record, body throws(LogError) in
            if let change = try erased(record, body, segment) { changes[record.number] = change }
        }
        guard !changes.isEmpty else { return nil }
        let header = SegmentHeader(
            logID: old.logID, firstNumber: old.firstNumber, salt: SegmentHeader.makeSalt(),
            created: old.created, generation: old.generation + 1)
        var output = RewriteOutput(header, path: path, files)
        do throws(LogError) {
            try output.begin()
            try bytes.withUnsafeBytesThrowing { buffer throws(LogError) in
                try SegmentRewrite.walk(buffer, old, path) { record, body throws(LogError) in
                    try output.append(record, body, changes[record.number])
                }
            }
            let sealed = try output.finish()
            return RewrittenSegment(
                sealed: sealed, header: header, temporaryPath: output.temporaryPath,
                recordCount: changes.count)
        } catch {
            output.abandon()
            throw error
        }
    }

    /// How many records of a segment would change.
    func changeCount(in segment: SealedSegment) throws(LogError) -> Int {
        var count = 0
        try walk(segment) { record, body throws(LogError) in
            if try erased(record, body, segment) != nil { count += 1 }
        }
        return count
    }

    // MARK: Records

    /// What takes a record's place; nil when it stays as it is.
    private func erased(
        _ record: RecordHeader, _ body: UnsafeRawBufferPointer, _ segment: SealedSegment
    ) throws(LogError) -> ErasedRecord? {
        guard record.type != MarkType.erased else { return nil }
        let meant = jobs.filter { job in
            record.time < job.before.microseconds
                && (!job.plan.accounts.isEmpty || job.plan.messages.contains(Offset(record.number)))
        }
        guard !meant.isEmpty else { return nil }
        var event = try event(record, body, segment)
        var isChanged = false
        for job in meant {
            switch event.erased(by: job.plan, at: Offset(record.number), names) {
            case .unchanged: break
            case .removed: return .gone
            case .replaced(let other):
                event = other
                isChanged = true
            }
        }
        return isChanged ? .event(event) : nil
    }

    private func event(
        _ record: RecordHeader, _ body: UnsafeRawBufferPointer, _ segment: SealedSegment
    ) throws(LogError) -> Event {
        try OpenedLog.decode(
            type: record.type, number: record.number, time: record.time, body: body,
            path: paths.segment(segment.firstNumber), position: 0
        ).event
    }

    /// Reads a segment and visits its events; it must hold.
    @discardableResult
    private func walk(
        _ segment: SealedSegment,
        _ visit: (RecordHeader, UnsafeRawBufferPointer) throws(LogError) -> Void
    ) throws(LogError) -> (bytes: [UInt8], header: SegmentHeader) {
        let path = paths.segment(segment.firstNumber)
        let bytes = try NewestSegment.read(path, files)
        let header = try decodeHeader(bytes, path)
        try bytes.withUnsafeBytesThrowing { buffer throws(LogError) in
            try SegmentRewrite.walk(buffer, header, path, acceptsOpen: acceptsOpen, visit)
        }
        return (bytes, header)
    }

    private static func walk(
        _ buffer: UnsafeRawBufferPointer, _ header: SegmentHeader, _ path: String, acceptsOpen: Bool = false,
        _ visit: (RecordHeader, UnsafeRawBufferPointer) throws(LogError) -> Void
    ) throws(LogError) {
        var failure: LogError?
        // SAFETY: the walk visits only records that lie whole inside the buffer, and nothing keeps a body's bytes
        // beyond its visit.
        let walk = SegmentWalk(buffer, header: header) { record, position in
            guard failure == nil else { return }
            do throws(LogError) {
                try visit(record, UnsafeRawBufferPointer(rebasing: buffer[record.bodyRange(at: position)]))
            } catch { failure = error }
        }
        if let failure { throw failure }
        switch walk.ending {
        case .sealed: return
        case .whole where acceptsOpen: return
        case .whole, .torn, .damaged:
            throw .damaged(
                path: path, position: walk.end, found: "a sealed segment does not hold any more")
        }
    }
}

/// What takes a record's place.
enum ErasedRecord {
    case event(Event)
    case gone
}

extension [UInt8] {
    /// `withUnsafeBytes` for a body that throws an error of the log.
    fileprivate func withUnsafeBytesThrowing(
        _ body: (UnsafeRawBufferPointer) throws(LogError) -> Void
    ) throws(LogError) {
        var failure: LogError?
        withUnsafeBytes { buffer in
            do throws(LogError) { try body(buffer) } catch { failure = error }
        }
        if let failure { throw failure }
    }
}

/// The file a segment is rewritten into, written a piece at a time.
private struct RewriteOutput {
    let temporaryPath: String
    private let header: SegmentHeader
    private let path: String
    private let files: any FileLayer
    private var file: Int32?
    private var batch: RecordBatch
    private var position = SegmentHeader.byteCount
    private var dataChecksum: UInt32 = 0
    private var eventCount: UInt64 = 0
    private var times: (first: Int64, last: Int64) = (0, 0)
    private let hasher = SHA256Hasher()

    init(_ header: SegmentHeader, path: String, _ files: any FileLayer) {
        self.header = header
        self.path = path
        self.files = files
        temporaryPath = path + ".tmp"
        batch = RecordBatch(seed: RecordSeed(salt: header.salt), reservingByteCount: 2 << 20)
    }

    mutating func begin() throws(LogError) {
        do {
            let file = try files.repeating { () throws(FileFailure) in
                try files.open(temporaryPath, flags: O_RDWR | O_CREAT | O_TRUNC)
            }
            self.file = file
            let bytes = header.encoded()
            try files.writeFully(file, bytes, at: 0)
            bytes.withUnsafeBytes { hasher.update($0) }
        } catch { throw logError(error, temporaryPath) }
    }

    mutating func append(
        _ record: RecordHeader, _ body: UnsafeRawBufferPointer, _ change: ErasedRecord?
    ) throws(LogError) {
        var type = record.type
        var schema = record.schema
        switch change {
        case .event(let event): (type, schema) = (EventCodec.type(of: event), eventSchemaVersion)
        case .gone: type = MarkType.erased
        case nil: break
        }
        _ = try batch.append(
            type: type, number: record.number, durableBefore: record.durableBefore, time: record.time,
            schema: schema
        ) { bytes in
            switch change {
            case .event(let event): EventCodec.append(event, to: &bytes)
            case .gone: break
            case nil: bytes.append(contentsOf: body)
            }
        }
        if eventCount == 0 { times.first = record.time }
        times.last = record.time
        eventCount += 1
        if batch.bytes.count >= LogLimits.rewriteStepByteCount { try flush() }
    }

    private mutating func flush() throws(LogError) {
        guard let file, !batch.bytes.isEmpty else { return }
        do { try files.writeFully(file, batch.bytes, at: position) } catch {
            throw logError(error, temporaryPath, position: position)
        }
        batch.bytes.withUnsafeBytes { hasher.update($0) }
        position += batch.bytes.count
        dataChecksum = checksum(batch.bytes, seed: dataChecksum)
        batch.removeAll()
    }

    /// Seals and syncs it.
    mutating func finish() throws(LogError) -> SealedSegment {
        try flush()
        let seal = Seal(
            eventCount: eventCount, firstNumber: header.firstNumber, firstTime: times.first,
            lastTime: times.last, checksum: dataChecksum, markCount: 0,
            dataByteCount: UInt64(position - SegmentHeader.byteCount))
        _ = try batch.appendSeal(seal, nextNumber: header.firstNumber &+ eventCount, time: times.last)
        try flush()
        if let file {
            do { try files.fsync(file) } catch { throw logError(error, temporaryPath) }
            files.close(file)
        }
        file = nil
        return SealedSegment(
            firstNumber: header.firstNumber, generation: header.generation, byteCount: position,
            eventCount: eventCount, firstTime: times.first, lastTime: times.last,
            digest: hexadecimalDigest(hasher.finalize()))
    }

    /// Gives the file up. What cannot be removed now is removed at the next start.
    mutating func abandon() {
        if let file { files.close(file) }
        file = nil
        do throws(LogError) { try files.removeIfPresent(temporaryPath) } catch {}
    }
}

/// A digest in hexadecimal digits.
func hexadecimalDigest(_ digest: [UInt8]) -> String {
    digest.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
}
