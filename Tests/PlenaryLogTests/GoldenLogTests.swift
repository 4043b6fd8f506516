// SPDX-License-Identifier: Apache-2.0

import Foundation
import PlenaryDomain
import PlenaryLog
import PlenaryTerms
import Testing

/// Data directories that earlier versions wrote, in `Tests/golden/log/<number>`: what is in them is read to the same
/// events for ever (docs/LOG-FORMAT.md, "Every released format stays readable").
///
/// `PLENARY_WRITE_GOLDENS=1` writes a further folder when there is none, or when the codec has events that are in
/// none; it never writes over one. It also writes each folder's `events.txt` anew, which is what today's reader finds:
/// read the difference. A line that says something else than before is a broken promise.
@Suite(.serialized) struct GoldenLogTests {
    /// One folder: `closed` is a log after a clean stop, `killed` one whose segment was still open, with its space
    /// cut off.
    struct Golden: Sendable, CustomTestStringConvertible {
        let path: String
        var testDescription: String { (path as NSString).lastPathComponent }
        var closed: String { path + "/closed" }
        var killed: String { path + "/killed" }

        static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("golden/log").path

        /// All folders there are.
        static let all: [Golden] = {
            let names = (try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []
            return names.compactMap { Int($0) }.sorted().map { Golden(path: "\(root)/\($0)") }
        }()
    }

    private static var isWriting: Bool {
        ProcessInfo.processInfo.environment["PLENARY_WRITE_GOLDENS"] != nil
    }

    /// Opening a log changes it: a copy, with no more rights than a server gives.
    private func copy(_ folder: String) throws -> ScratchDirectory {
        let scratch = ScratchDirectory()
        let files = RealFiles()
        for directory in ["", "/log", "/snap"] {
            _ = try files.makeDirectory(scratch.path + "/data" + directory)
            for name in (try? files.list(folder + directory)) ?? [] {
                if let bytes = fileContents("\(folder)\(directory)/\(name)"), !bytes.isEmpty {
                    try writeFile("\(scratch.path)/data\(directory)/\(name)", bytes)
                }
            }
        }
        return scratch
    }

    private func text(_ events: [LoggedEvent]) -> String {
        events.map {
            "\($0.offset.value)\t\($0.time.microseconds)\t\(EventCodec.type(of: $0.event))\t\($0.event)\n"
        }
        .joined()
    }

    /// The words of a line, sorted: sets and dictionaries show their elements in another order in each process. That
    /// each is where it belongs is for the comparison with the samples.
    private func words(_ line: Substring) -> [Substring] {
        line.split { !$0.isLetter && !$0.isNumber }.sorted()
    }

    private func dumped(_ directory: String) throws -> [LoggedEvent] {
        var found: [LoggedEvent] = []
        try PlenaryLog.dump(directory: directory) { found.append($0) }
        return found
    }

    private func segment(of directory: String) throws -> String {
        let names = try RealFiles().list(directory + "/log").filter { $0.hasSuffix(".seg") }.sorted()
        return directory + "/log/" + (try #require(names.first))
    }

    // MARK: Reading

    /// Every event of the codec is in some folder. A new one wants a new folder: `PLENARY_WRITE_GOLDENS=1`.
    @Test func everyEventIsInAGoldenFile() throws {
        var types = Set(
            try Golden.all.flatMap { try dumped($0.closed) }.map { EventCodec.type(of: $0.event) })
        let wanted = Set(Sample.everyEvent.map { EventCodec.type(of: $0) })
        if Self.isWriting, !types.isSuperset(of: wanted) {
            let number = (Golden.all.compactMap { Int($0.testDescription) }.max() ?? 0) + 1
            let folder = Golden(path: "\(Golden.root)/\(number)")
            try write(folder)
            types.formUnion(try dumped(folder.closed).map { EventCodec.type(of: $0.event) })
        }
        #expect(wanted.subtracting(types) == [], "write a folder that has them")
        #expect(!Golden.all.isEmpty || Self.isWriting)
    }

    /// The records, the snapshot's records, and those of a segment that nobody sealed: as the text says, and each
    /// event one of the samples.
    @Test(arguments: Golden.all) func whatWasWrittenIsRead(golden: Golden) throws {
        let records = try dumped(golden.closed)
        let (closedCopy, killedCopy) = (try copy(golden.closed), try copy(golden.killed))
        let snapshot = try RunningLog(closedCopy.configuration(segmentByteCount: 65_536))
        #expect(snapshot.opened.report.snapshotNumber == UInt64(records.count))
        #expect(snapshot.opened.report.rebuiltIndexCount == 0)
        #expect(!snapshot.opened.report.rebuiltManifest && snapshot.opened.report.wasClosedCleanly)
        let killed = try RunningLog(killedCopy.configuration(segmentByteCount: 65_536))
        #expect(!killed.opened.report.wasClosedCleanly && killed.opened.report.tornByteCount == 0)
        let list = try ErasureList.load(from: golden.closed + "/erasures")
        let found =
            "closed\n" + text(records) + "snapshot\n" + text(snapshot.replayed) + "killed\n"
            + text(killed.replayed) + "erasures\n"
            + list.entries.map { "\($0.number)\t\($0.time.microseconds)\t\($0.request)\n" }.joined()
        let path = golden.path + "/events.txt"
        if Self.isWriting { try found.write(toFile: path, atomically: true, encoding: .utf8) }
        let wanted = try String(contentsOfFile: path, encoding: .utf8)
        // Line by line, so that a failure shows the one that differs.
        for (line, other) in zip(found.split(separator: "\n"), wanted.split(separator: "\n"))
        where words(line) != words(other) {
            Issue.record("read as\n\(line)\nand was\n\(other)")
        }
        #expect(found.utf8.count == wanted.utf8.count)
        let samples = Set(Sample.everyEvent)
        for logged in records + snapshot.replayed + killed.replayed {
            #expect(samples.contains(logged.event), "no sample: \(logged)")
        }
        for log in [snapshot, killed] { #expect(log.close() == nil) }
        #expect(verify(directory: golden.closed).outcome == .clean)
        #expect(verify(directory: golden.killed).outcome == .clean)
    }

    /// Without what is derived, the records alone give the same events and the same history.
    @Test(arguments: Golden.all) func recordsAloneAreEnough(golden: Golden) throws {
        let records = try dumped(golden.closed)
        let scratch = try copy(golden.closed)
        let whole = try RunningLog(scratch.configuration(segmentByteCount: 65_536))
        let history = try whole.fetch(.latest(after: nil), 1000)
        #expect(whole.close() == nil)
        let bare = try copy(golden.closed)
        for directory in [bare.paths.segments, bare.paths.snapshots] {
            for name in try RealFiles().list(directory) where !name.hasSuffix(".seg") {
                unlink(directory + "/" + name)
            }
        }
        unlink(bare.paths.manifest)
        let again = try RunningLog(bare.configuration(segmentByteCount: 65_536))
        #expect(again.replayed == records)
        #expect(again.opened.report.rebuiltManifest && again.opened.report.rebuiltIndexCount > 0)
        #expect(try again.fetch(.latest(after: nil), 1000).events == history.events)
        #expect(!history.events.isEmpty)
        #expect(again.close() == nil)
    }

    // MARK: What this version does not know

    /// "What an older program must not touch has an incompatible feature bit or a higher major number, and makes it
    /// exit 3 without a change"; a compatible bit is nobody's business.
    @Test(arguments: Golden.all, [true, false])
    func unknownFormatsAreLeftAlone(golden: Golden, isClosed: Bool) throws {
        func outcome(_ change: (inout [UInt8]) -> Void) throws -> Int32? {
            let scratch = try copy(isClosed ? golden.closed : golden.killed)
            let path = try segment(of: scratch.paths.directory)
            var bytes = try #require(fileContents(path))
            change(&bytes)
            seal(&bytes)
            try writeFile(path, bytes)
            let before = try contents(scratch.paths.directory)
            do throws(LogError) {
                let opened = try Log.open(scratch.configuration(segmentByteCount: 65_536))
                opened.abandon()
                return nil
            } catch {
                #expect(try contents(scratch.paths.directory) == before)
                if error.exitCode == 3 {
                    #expect(verify(directory: scratch.paths.directory).outcome == .unknownVersion)
                    #expect(error.description.contains("which this version does not know"))
                }
                return error.exitCode
            }
        }
        #expect(try outcome { _ in } == nil)
        for major in [UInt8(0), 2, 255] { #expect(try outcome { $0[8] = major } == 3, "major \(major)") }
        for bit in 0..<32 {
            #expect(try outcome { $0[24 + bit / 8] |= 1 << UInt8(bit % 8) } == 3, "incompatible bit \(bit)")
            #expect(try outcome { $0[16 + bit / 8] |= 1 << UInt8(bit % 8) } == nil, "compatible bit \(bit)")
        }
        #expect(try outcome { $0[10] = 9 } == nil, "a higher minor number")
    }

    /// The texts beside the segments say their version in their first line.
    @Test(arguments: Golden.all) func unknownTextsAreLeftAlone(golden: Golden) throws {
        let scratch = try copy(golden.closed)
        for (name, title) in [("MANIFEST", "plenary-log 1\n"), ("erasures", "plenary-erasures 1\n")] {
            let path = scratch.paths.directory + "/" + name
            let bytes = try #require(fileContents(path))
            #expect(bytes.starts(with: Array(title.utf8)))
            var later = Array(bytes.dropLast(13))
            later[title.utf8.count - 2] = 50
            var sum = String(testChecksum(later), radix: 16)
            sum = String(repeating: "0", count: 8 - sum.count) + sum
            try writeFile(path, later + Array("end \(sum)\n".utf8))
            let error = #expect(throws: LogError.self) {
                if name == "erasures" {
                    _ = try ErasureList.load(from: path)
                } else {
                    try Log.open(scratch.configuration()).abandon()
                }
            }
            #expect(error?.exitCode == 3)
            try writeFile(path, bytes)
        }
    }

    /// An event of a type that is not known, with sums that hold: a later version wrote it.
    @Test func unknownEventsAreNotPassedOver() throws {
        for type in [UInt8(112), 200, 239] {
            let scratch = ScratchDirectory()
            var image = SegmentImage()
            try image.appendBatch([Sample.message("known")])
            var batch = RecordBatch(seed: RecordSeed(salt: image.header.salt))
            _ = try batch.append(
                type: type, number: 1, durableBefore: 1, time: 1_800_000_000_000_000, schema: 1
            ) { $0 += [1, 4, 0, 0, 1, 0, 0, 0] }
            _ = try RealFiles().makeDirectory(scratch.paths.directory)
            _ = try RealFiles().makeDirectory(scratch.paths.segments)
            try writeFile(scratch.paths.segment(0), image.bytes + batch.bytes)
            let opened = try Log.open(scratch.configuration())
            let error = #expect(throws: LogError.self) { try opened.replay { _ in } }
            opened.abandon()
            #expect(error?.exitCode == 3, "type \(type)")
        }
    }

    private func seal(_ bytes: inout [UInt8]) {
        let sum = testChecksum(Array(bytes[..<4_092]))
        for index in 0..<4 { bytes[4_092 + index] = UInt8(truncatingIfNeeded: sum >> (8 * UInt32(index))) }
    }

    /// Every file but the lock, whose bytes mean nothing.
    private func contents(_ directory: String) throws -> [String: [UInt8]] {
        var found: [String: [UInt8]] = [:]
        for part in ["", "log/", "snap/"] {
            for name in try RealFiles().list("\(directory)/\(part)") where name != "LOCK" {
                found[part + name] = fileContents("\(directory)/\(part)\(name)")
            }
        }
        return found
    }

    // MARK: Writing

    private func write(_ golden: Golden) throws {
        let closed = ScratchDirectory()
        let log = try RunningLog(closed.configuration(segmentByteCount: 65_536))
        for start in stride(from: 0, to: Sample.everyEvent.count, by: 16) {
            #expect(log.append(Array(Sample.everyEvent.dropFirst(start).prefix(16))))
        }
        log.writeWatermark()
        let all = Sample.everyEvent.enumerated().map { Sample.logged(UInt64($0.offset), $0.element) }
        let end = Offset(UInt64(all.count))
        #expect(log.close(snapshot: SnapshotRequest(upTo: end, events: all)) == nil)
        let id = log.opened.logID
        func half(_ bytes: ArraySlice<UInt8>) -> UInt64 { bytes.reduce(0) { $0 << 8 | UInt64($1) } }
        var list = ErasureList(logID: LogID(high: half(id[..<8]), low: half(id[8...])))
        for (number, event) in erasureEvents.enumerated() {
            guard case .erasure(.requested(let request)) = event else { continue }
            list.add(
                ErasureList.Entry(
                    number: UInt64(number), time: Timestamp(microseconds: 1_700_000_000_000_000),
                    request: request))
        }
        try writeFile(closed.paths.directory + "/erasures", list.encoded())
        let killed = ScratchDirectory()
        let open = try RunningLog(
            killed.configuration(segmentByteCount: 65_536), files: FailingFiles())
        #expect(open.append(Array(Sample.everyEvent.prefix(40))))
        #expect(open.append(Array(Sample.everyEvent.suffix(40))))
        open.writeWatermark()
        open.waitForBackground()
        for (source, target) in [(closed, golden.closed), (killed, golden.killed)] {
            for folder in ["/log", "/snap"] {
                try FileManager.default.createDirectory(
                    atPath: target + folder, withIntermediateDirectories: true)
            }
            for (name, bytes) in try contents(source.paths.directory) where !name.hasSuffix(".tmp") {
                // The space made ready is zeros; some of it stays, as the file of a running server has it.
                let content = (bytes.lastIndex { $0 != 0 } ?? -1) + 1
                let kept = name.hasSuffix(".seg") ? min(bytes.count, (content + 71) / 8 * 8) : bytes.count
                try writeFile("\(target)/\(name)", Array(bytes.prefix(kept)))
            }
        }
    }
}
