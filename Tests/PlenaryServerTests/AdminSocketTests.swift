// SPDX-License-Identifier: Apache-2.0

import Foundation
import PlenaryServer
import PlenaryTestKit
import Synchronization
import Testing

/// Claims about the admin socket, each over a real Unix socket.
@Suite struct AdminSocketTests {
    private func serve<Result>(
        in folder: URL? = nil, _ body: (_ path: String) throws -> Result
    ) throws -> Result {
        let folder =
            folder ?? FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let socket = try AdminSocket.listen(in: folder.path) { request, then in
            then(request == .status ? .done([AdminRow(["state": "well"])]) : .refused(.failed("no")))
        }
        defer { socket.close() }
        return try body(folder.path + "/" + AdminSocketLimits.name)
    }

    private func connect(_ path: String) throws -> Int32 {
        try #require(try UnixSocket.connect(to: path, timeoutSeconds: 20))
    }

    /// What comes until the other side closes.
    private func answer(_ descriptor: Int32) -> [UInt8] {
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1024)
        while true {
            let count = read(descriptor, &buffer, buffer.count)
            guard count > 0 else { return bytes }
            bytes += buffer[..<count]
        }
    }

    private func ask(_ path: String, _ bytes: [UInt8]) throws -> AdminReply? {
        let descriptor = try connect(path)
        UnixSocket.write(bytes, to: descriptor)
        return AdminCodec.reply(answer(descriptor))
    }

    @Test func aRequestIsAnsweredAndTheSocketIsItsOwnersOnly() throws {
        try serve { (path: String) throws in
            #expect(try ask(path, AdminCodec.encode(.status)) == .done([AdminRow(["state": "well"])]))
            #expect(try ask(path, AdminCodec.encode(.reload)) == .refused(.failed("no")))
            let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
            #expect(mode == 0o600)
        }
    }

    @Test func aRequestIsTakenUpToItsLimitAndNotAbove() throws {
        try serve { (path: String) throws in
            func padded(_ byteCount: Int) -> [UInt8] {
                let start = Array("status pad=".utf8)
                return start + Array(repeating: UInt8(ascii: "x"), count: byteCount - start.count - 1) + [10]
            }
            let limit = AdminCodec.requestByteLimit
            #expect(try ask(path, padded(limit)) == .done([AdminRow(["state": "well"])]))
            #expect(try ask(path, padded(limit + 1)) == .refused(.malformed))
            #expect(
                try ask(path, Array(repeating: UInt8(ascii: "x"), count: limit * 3)) == .refused(.malformed))
            #expect(try ask(path, Array("nonsense\n".utf8)) == .refused(.malformed))
        }
    }

    @Test func oneConnectionTooManyIsClosedAndTheOthersAreServed() throws {
        try serve { (path: String) throws in
            var open: [Int32] = []
            for _ in 0..<AdminSocketLimits.connectionLimit { open.append(try connect(path)) }
            // Accepted in order: the fifth is closed unanswered.
            let fifth = try connect(path)
            #expect(answer(fifth) == [])
            for descriptor in open { UnixSocket.write(AdminCodec.encode(.status), to: descriptor) }
            for descriptor in open { #expect(AdminCodec.reply(answer(descriptor)) != nil) }
        }
    }

    /// "EMFILE The per-process limit on the number of open file descriptors has been reached" (accept(2)): the
    /// connection goes on waiting, so a socket that is asked again at once burns a core.
    @Test func acceptingRestsWhenDescriptorsRanOutAndGoesOn() async throws {
        for pause in [1, 60_000] {
            let directory = try TemporaryDirectory()
            let calls = Mutex(0)
            let socket = try AdminSocket.listen(
                in: directory.path,
                accept: { listening in
                    let ordinal = calls.withLock { calls in
                        calls += 1
                        return calls
                    }
                    return ordinal <= 3 || pause > 1 ? -EMFILE : UnixSocket.accept(listening)
                },
                acceptPauseMilliseconds: pause
            ) { _, then in then(.done([])) }
            let path = directory.path + "/" + AdminSocketLimits.name
            if pause == 1 {
                #expect(try ask(path, AdminCodec.encode(.status)) == .done([]), "once there are some again")
                socket.close()
            } else {
                let waiting = try connect(path)
                while calls.withLock({ $0 }) == 0 { #expect(await socket.openCount == 0) }
                for _ in 0..<10_000 { #expect(await socket.openCount == 0) }
                #expect(calls.withLock { $0 } == 1, "it asked again at once")
                close(waiting)
            }
        }
    }

    /// Whoever asks nothing is let go after its time, and so is one whose answer takes longer; not before.
    @Test(arguments: [1, 60_000]) func aConnectionIsClosedAfterItsTime(milliseconds: Int) async throws {
        let directory = try TemporaryDirectory()
        let asked = Mutex(0)
        let socket = try AdminSocket.listen(in: directory.path, timeoutMilliseconds: milliseconds) { _, _ in
            asked.withLock { $0 += 1 }
        }
        let path = directory.path + "/" + AdminSocketLimits.name
        let silent = try connect(path)
        let waiting = try connect(path)
        UnixSocket.write(AdminCodec.encode(.status), to: waiting)
        if milliseconds == 1 {
            #expect(answer(silent) == [] && answer(waiting) == [])
            #expect(await socket.openCount == 0)
        } else {
            while asked.withLock({ $0 }) == 0 { await Task.yield() }
            for _ in 0..<10_000 { #expect(await socket.openCount == 2) }
            close(silent)
            close(waiting)
        }
        socket.close()
    }

    @Test func aPathLongerThanASocketNameWorks() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
            UUID().uuidString + String(repeating: "/" + String(repeating: "d", count: 60), count: 3))
        try serve(in: folder) { (path: String) throws in
            #expect(path.utf8.count > 108)
            #expect(try ask(path, AdminCodec.encode(.status)) != nil)
        }
    }

    @Test func nobodyListeningIsNoError() throws {
        #expect(try UnixSocket.connect(to: "/nonexistent/admin.socket", timeoutSeconds: 1) == nil)
    }
}
