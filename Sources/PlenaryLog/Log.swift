// SPDX-License-Identifier: Apache-2.0

import Glibc
import PlenaryDomain
import PlenaryQueues
import PlenaryTerms

/// The append-only log: opens a data directory. What stands in its files is docs/LOG-FORMAT.md, what
/// it promises docs/DURABILITY.md.
package enum Log {
    /// Takes the lock, judges what the last run left, and begins a new segment.
    /// Throws without having changed anything but temporary files when stored data are damaged.
    package static func open(
        _ configuration: LogConfiguration, files: any FileLayer = RealFiles(), clock: Clock = .system
    ) throws(LogError) -> OpenedLog {
        var recovery = LogRecovery(configuration, files: files)
        var recovered = try recovery.run()
        do throws(LogError) {
            let segment = try beginSegment(configuration, recovered, files, clock)
            do throws(LogError) {
                var manifest = Manifest(logID: recovered.logID)
                manifest.sealed = recovered.sealed
                manifest.openSegment = segment.header.firstNumber
                try files.replace(
                    recovered.paths.manifest, in: configuration.directory, with: manifest.encoded())
                recovered.report.segmentCount = recovered.sealed.count
                return OpenedLog(configuration, files, clock, recovered, segment)
            } catch {
                files.close(segment.file)
                throw error
            }
        } catch {
            files.closeLock(recovered.lockFile)
            throw error
        }
    }

    private static func beginSegment(
        _ configuration: LogConfiguration, _ recovered: RecoveredLog, _ files: any FileLayer, _ clock: Clock
    ) throws(LogError) -> ActiveSegment {
        let paths = recovered.paths
        let header = SegmentHeader(
            logID: recovered.logID, firstNumber: recovered.nextNumber, salt: SegmentHeader.makeSalt(),
            created: clock.now())
        let prepared: PreparedSegment
        do {
            // Reserved and not filled: a start is quick, and the next segment is filled in the background.
            prepared = try PreparedSegment.make(
                paths.nextSegment, byteCount: configuration.segmentByteCount, isFilled: false, files)
        } catch { throw logError(error, paths.nextSegment) }
        do throws(LogError) {
            try prepared.begin(header, files, path: paths.nextSegment)
            return try prepared.publish(paths, header, files)
        } catch {
            files.close(prepared.file)
            throw error
        }
    }
}

/// An open log before it is written: first replay it, then start it. Used by one queue.
package final class OpenedLog {
    /// The number of the event that comes next.
    package var nextOffset: Offset { Offset(recovered.nextNumber) }
    /// The time of the newest event; the next one's must be later.
    package var lastTime: Timestamp { Timestamp(microseconds: recovered.lastTime) }
    /// The log's own identity, 16 bytes that stand in all its files; what is derived from it keeps them.
    package var logID: [UInt8] {
        let id = recovered.logID
        return [id.high, id.low].flatMap { word in
            (0..<8).map { UInt8(truncatingIfNeeded: word >> UInt64(56 - 8 * $0)) }
        }
    }
    /// What opening found and did.
    package var report: RecoveryReport { recovered.report }
    /// Reads history. Usable at once.
    package let history: HistoryReader

    private let configuration: LogConfiguration
    private let files: any FileLayer
    private let clock: Clock
    private let recovered: RecoveredLog
    private let segment: ActiveSegment
    private var isStarted = false

    init(
        _ configuration: LogConfiguration, _ files: any FileLayer, _ clock: Clock, _ recovered: RecoveredLog,
        _ segment: ActiveSegment
    ) {
        self.configuration = configuration
        self.files = files
        self.clock = clock
        self.recovered = recovered
        self.segment = segment
        history = HistoryReader(files: files, recovered: recovered, activeHeader: segment.header)
    }

    /// Hands out the snapshot's events, then every event after it, in order. Throws what `visit` throws,
    /// and a `LogError` when a segment does not hold or an event is of a later version.
    package func replay(_ visit: (LoggedEvent) throws -> Void) throws {
        var next: UInt64 = 0
        if let snapshot = recovered.snapshot {
            next = snapshot.upTo
            let path = recovered.paths.snapshot(snapshot.upTo)
            for record in snapshot.records {
                let event = try snapshot.bytes.withUnsafeBytes { buffer in
                    try OpenedLog.decode(
                        type: record.type, number: record.number, time: record.time,
                        body: UnsafeRawBufferPointer(rebasing: buffer[record.body]), path: path,
                        position: record.body.lowerBound)
                }
                try visit(event)
            }
        }
        for segment in recovered.sealed where segment.nextNumber > next {
            try replay(segment, from: next, visit)
        }
    }

    private func replay(
        _ segment: SealedSegment, from next: UInt64, _ visit: (LoggedEvent) throws -> Void
    ) throws {
        let path = recovered.paths.segment(segment.firstNumber)
        let bytes = try NewestSegment.read(path, files)
        let header = try decodeHeader(bytes, path)
        let walk = try bytes.withUnsafeBytes { buffer in
            try SegmentWalk(buffer, header: header) { record, position in
                guard record.number >= next, record.type != MarkType.erased else { return }
                try visit(
                    try OpenedLog.decode(
                        type: record.type, number: record.number, time: record.time,
                        body: UnsafeRawBufferPointer(rebasing: buffer[record.bodyRange(at: position)]),
                        path: path,
                        position: position))
            }
        }
        guard case .sealed = walk.ending, walk.nextNumber == segment.nextNumber else {
            throw LogError.damaged(
                path: path, position: walk.end, found: "a sealed segment does not hold any more")
        }
    }

    static func decode(
        type: UInt8, number: UInt64, time: Int64, body: UnsafeRawBufferPointer, path: String, position: Int
    ) throws(LogError) -> LoggedEvent {
        var repeated = RepeatedTexts()
        return try decode(
            type: type, number: number, time: time, body: body, path: path, position: position,
            sharing: &repeated)
    }

    static func decode(
        type: UInt8, number: UInt64, time: Int64, body: UnsafeRawBufferPointer, path: String, position: Int,
        sharing repeated: inout RepeatedTexts
    ) throws(LogError) -> LoggedEvent {
        do throws(EventCodecError) {
            return LoggedEvent(
                offset: Offset(number), time: Timestamp(microseconds: time),
                event: try EventCodec.decode(type: type, body: body, sharing: &repeated))
        } catch {
            // Its checksum held, so that a version which knows more wrote it.
            throw .unsupportedFormat(
                path: path, found: "at byte \(position) an event of which \(error.description)")
        }
    }

    /// Begins to take events. `onFailure` is called once, on the log's queue, when durability is lost;
    /// after it no `then` of any append is called any more, and the process must end with the error's code.
    package func start(onFailure: @escaping @Sendable (LogError) -> Void) -> LogWriter {
        precondition(!isStarted, "a log is started once")
        isStarted = true
        return LogWriter(
            configuration: configuration, files: files, clock: clock, recovered: recovered, segment: segment,
            history: history, onFailure: onFailure)
    }

    /// Gives the directory up without having started: for tools that only replay.
    package func abandon() {
        files.close(segment.file)
        files.closeLock(recovered.lockFile)
    }
}
