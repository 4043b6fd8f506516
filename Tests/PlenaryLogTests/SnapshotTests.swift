// SPDX-License-Identifier: Apache-2.0

import Glibc
import PlenaryDomain
import PlenaryLog
import PlenaryTerms
import Testing

/// Snapshots and indexes are derived: damaged or deleted, they cost time and nothing else.
struct SnapshotTests {
    private let state: [LoggedEvent] = [
        Sample.logged(3, .accountCreated(AccountCreated(account: AccountID(1), name: "ann", role: .member))),
        Sample.logged(
            3,
            .tokensRemembered(
                TokensRemembered(
                    account: AccountID(1),
                    tokens: (0..<4_000).map {
                        RememberedToken(
                            token: Text("token \($0)"), offset: Offset(UInt64($0)),
                            time: Timestamp(seconds: 1))
                    }))),
    ]

    @Test func replayIsTheSnapshotAndWhatCameAfterIt() throws {
        let scratch = ScratchDirectory()
        let log = try RunningLog(scratch.configuration())
        #expect(log.append((0..<100).map { Sample.message("old \($0)") }))
        #expect(log.snapshot(state) == nil)
        #expect(log.append([Sample.message("new")]))
        #expect(log.close() == nil)
        let again = try RunningLog(scratch.configuration())
        #expect(again.opened.report.snapshotNumber == 100)
        #expect(again.replayed == state + [Sample.logged(100, Sample.message("new"))])
        #expect(again.opened.nextOffset == Offset(101))
        #expect(again.close() == nil)
    }

    @Test func twoSnapshotsAreKeptAndADamagedOneMeansALongerReplay() throws {
        let scratch = ScratchDirectory()
        let log = try RunningLog(scratch.configuration())
        for round in 0..<4 {
            #expect(log.append([Sample.message("m\(round)")]))
            #expect(log.snapshot([state[0]]) == nil)
        }
        #expect(log.append([Sample.message("last")]))
        #expect(log.close() == nil)
        var names = try RealFiles().list(scratch.paths.snapshots).sorted()
        #expect(names == [segmentFileName(3, "snap"), segmentFileName(4, "snap")])

        try flip(scratch.paths.snapshot(4), at: 100)
        var again = try RunningLog(scratch.configuration())
        #expect(again.opened.report.snapshotNumber == 3)
        #expect(again.opened.report.refusedSnapshots.count == 1)
        #expect(again.replayed.map(\.offset.value) == [3, 3, 4])
        #expect(again.close() == nil)

        try flip(scratch.paths.snapshot(3), at: 100)
        again = try RunningLog(scratch.configuration())
        #expect(again.opened.report.snapshotNumber == nil)
        #expect(again.replayed.map(\.offset.value) == [0, 1, 2, 3, 4])
        #expect(again.close() == nil)
        names = try RealFiles().list(scratch.paths.snapshots)
        #expect(names.count == 2)
    }

    @Test func everyByteOfASnapshotIsCovered() throws {
        let scratch = ScratchDirectory()
        let log = try RunningLog(scratch.configuration())
        #expect(log.append([Sample.message("m")]))
        #expect(log.snapshot([state[0]]) == nil)
        #expect(log.close() == nil)
        let path = scratch.paths.snapshot(1)
        let bytes = try #require(contents(path))
        for place in 0..<(bytes.count - 4) {
            try flip(path, at: place)
            #expect(verify(directory: scratch.paths.directory).outcome == .damaged, "byte \(place)")
            try flip(path, at: place)
        }
        #expect(verify(directory: scratch.paths.directory).outcome == .clean)
    }

    /// Ten times the old messages, the same bytes read at the start (but for MANIFEST's own lines).
    @Test func startReadsNoMoreWhenThereAreMoreOldMessages() throws {
        func bytesRead(segmentCount: Int) throws -> Int {
            let scratch = ScratchDirectory()
            var log = try RunningLog(scratch.configuration())
            while try RealFiles().list(scratch.paths.segments).filter({ $0.hasSuffix(".seg") }).count
                < segmentCount
            {
                #expect(log.append((0..<10).map { _ in Sample.message(String(repeating: "o", count: 300)) }))
            }
            #expect(log.close(snapshot: SnapshotRequest(upTo: Offset(log.next), events: [state[0]])) == nil)
            let files = FailingFiles()
            log = try RunningLog(scratch.configuration(), files: files)
            let count = files.readByteCount
            #expect(log.replayed.count == 1)
            #expect(log.close() == nil)
            return count
        }
        let few = try bytesRead(segmentCount: 3)
        let many = try bytesRead(segmentCount: 30)
        #expect(many - few < 27 * 160)
    }

    @Test(arguments: [-1, 0, 1, 99 * (8 << 20)]) func aRecordOfASnapshotHasItsLimit(excess: Int) throws {
        let limit = 8 << 20
        var builder = SnapshotBuilder(logID: LogID(high: 1, low: 2), upTo: 3, lastTime: 4)
        var wasTaken = true
        do throws(LogError) {
            try builder.append(type: 1, schema: 1, number: 0, time: 0) {
                $0 += [UInt8](repeating: 7, count: limit + excess)
            }
        } catch {
            #expect(error == .tooLarge(byteCount: limit + excess, limit: limit))
            wasTaken = false
        }
        #expect(wasTaken == (excess <= 0))
        guard wasTaken else { return }
        #expect(try SnapshotFile(decoding: builder.finish(conversations: [:])).records.count == 1)
    }

    private func flip(_ path: String, at place: Int) throws {
        var bytes = try #require(contents(path))
        bytes[place] ^= 0x10
        let file = try RealFiles().open(path, flags: O_WRONLY)
        _ = try bytes.withUnsafeBytes { try RealFiles().pwrite(file, $0, at: 0) }
        RealFiles().close(file)
    }

    private func contents(_ path: String) -> [UInt8]? { fileContents(path) }
}
