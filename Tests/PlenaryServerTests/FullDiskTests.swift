// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Glibc
import PlenaryDomain
import PlenaryLog
import PlenaryServer
import PlenaryTerms
import PlenaryTestKit
import Synchronization
import Testing

/// The whole server on a disk that gets full and then has room again (docs/DURABILITY.md, "How a message becomes
/// durable"): "new messages are refused with FAIL before they are decided. Connections, history and search go on. It
/// is looked at again every 2 s".
struct FullDiskTests {
    @Test func aFullDiskRefusesEachMessageAndNothingElse() async throws {
        let directory = try TemporaryDirectory()
        var configuration = ServerConfiguration.unthrottled(dataDirectory: directory.path + "/data")
        configuration.segmentByteCount = 32 << 10
        let disk = CrowdedFiles()
        let server = try await MemoryServer.start(configuration, clock: .system, files: disk)
        let ann = CrowdedGuest(try await server.connect(Arrival()))
        let before = try await ann.say(20)
        #expect(before.acknowledged.count == 20)

        disk.isFull.withLock { $0 = true }
        var told = before.acknowledged
        var refusedCount = 0
        // What is taken already is used up first: the open segment and the next one.
        for _ in 0..<40 where refusedCount == 0 {
            let answers = try await ann.say(20)
            told += answers.acknowledged
            refusedCount += answers.refused.count
            #expect(answers.acknowledged.count + answers.refused.count == 20)
        }
        #expect(refusedCount > 0)
        let full = try await ann.say(100)
        #expect(full.refused.count == 100 && full.acknowledged.isEmpty)
        // Others come, and what was said is read.
        let bob = CrowdedGuest(try await server.connect(Arrival()), name: "bob")
        let history = try await bob.ask("CHATHISTORY LATEST #tea * 5")
        #expect(history.count { $0.contains(" PRIVMSG #tea :") } == 5)

        disk.isFull.withLock { $0 = false }
        let deadline = ContinuousClock.now + .seconds(10)
        var after = try await ann.say(1)
        while after.acknowledged.isEmpty, ContinuousClock.now < deadline {
            try await Task.sleep(for: .milliseconds(20))
            after = try await ann.say(1)
        }
        told += after.acknowledged
        let rest = try await ann.say(200)
        #expect(after.acknowledged.count == 1 && rest.refused.isEmpty)
        told += rest.acknowledged
        try await server.stop()
        #expect(try stored(configuration) == told)
    }

    /// A file system that does not keep the room it promised: what was decided waits for room and is not told, what
    /// comes after it is refused at once, and nothing of either is lost or doubled.
    @Test func whatFindsNoRoomWaitsAndKeepsNobodyFromAnAnswer() async throws {
        let directory = try TemporaryDirectory()
        let configuration = ServerConfiguration.unthrottled(dataDirectory: directory.path + "/data")
        let disk = CrowdedFiles()
        let server = try await MemoryServer.start(configuration, clock: .system, files: disk)
        let ann = CrowdedGuest(try await server.connect(Arrival()))
        let bob = CrowdedGuest(try await server.connect(Arrival()), name: "bob")
        var told = try await ann.say(1).acknowledged + bob.say(1).acknowledged
        #expect(told.count == 2)

        disk.keepsPromises.withLock { $0 = false }
        disk.isFull.withLock { $0 = true }
        ann.send("PRIVMSG #tea :decided")
        try await server.waitUntilStalled(true)
        let full = try await bob.say(5)
        #expect(full.refused.count == 5 && full.acknowledged.isEmpty)
        let other = try await bob.ask("@label=t TOPIC #tea :full\r\n@label=h CHATHISTORY LATEST #tea * 5")
        #expect(other.count { $0.contains(" FAIL TOPIC STORAGE_FULL ") && $0.contains("label=t") } == 1)
        #expect(other.count { $0.contains(" FAIL CHATHISTORY STORAGE_FULL ") && $0.contains("label=h") } == 1)
        #expect(!other.contains { $0.contains("decided") })
        // Who comes meanwhile has to wait for the welcome.
        let carol = CrowdedGuest(try await server.connect(Arrival()), name: "carol")

        disk.isFull.withLock { $0 = false }
        try await server.waitUntilStalled(false)
        let heard = try await ann.ask("PING now")
        #expect(heard.count { $0.contains(" PRIVMSG #tea :decided") } == 1)
        told.append("decided")
        #expect(try await carol.ask("PING now").contains { $0.contains(" 001 carol ") })
        let deadline = ContinuousClock.now + .seconds(10)
        var after = try await bob.say(1)
        while after.acknowledged.isEmpty, ContinuousClock.now < deadline {
            try await Task.sleep(for: .milliseconds(20))
            after = try await bob.say(1)
        }
        told += after.acknowledged
        #expect(after.acknowledged.count == 1)
        try await server.stop()
        #expect(try stored(configuration) == told)
    }

    /// A stop waits for no room. It says why it was not clean, and what was told is there.
    @Test func aServerThatWaitsForRoomCanBeStopped() async throws {
        let directory = try TemporaryDirectory()
        let configuration = ServerConfiguration.unthrottled(dataDirectory: directory.path + "/data")
        let disk = CrowdedFiles()
        let server = try await MemoryServer.start(configuration, clock: .system, files: disk)
        let ann = CrowdedGuest(try await server.connect(Arrival()))
        let told = try await ann.say(1).acknowledged
        disk.keepsPromises.withLock { $0 = false }
        disk.isFull.withLock { $0 = true }
        ann.send("PRIVMSG #tea :decided")
        try await server.waitUntilStalled(true)
        await #expect(throws: LogError.self) { try await server.stop() }
        disk.isFull.withLock { $0 = false }
        #expect(try stored(configuration) == told)
    }

    private func stored(_ configuration: ServerConfiguration) throws -> [String] {
        var stored: [String] = []
        try dump(directory: configuration.dataDirectory) { logged in
            if case .messagePosted(let message) = logged.event {
                stored.append(message.lines.map(\.text.string).joined())
            }
        }
        return stored
    }
}

extension MemoryServer {
    fileprivate func waitUntilStalled(_ isStalled: Bool) async throws {
        while isLogStalled != isStalled { try await Task.sleep(for: .milliseconds(5)) }
    }
}

/// A guest in `#tea` with numbered messages.
private final class CrowdedGuest {
    private let connection: any TestConnection
    private var count = 0

    init(_ connection: any TestConnection, name: String = "ann") {
        self.connection = connection
        let greeting =
            "CAP REQ :message-tags echo-message labeled-response batch draft/chathistory\r\nNICK \(name)\r\n"
            + "USER \(name) 0 * :\(name)\r\nCAP END\r\nJOIN #tea\r\n"
        connection.send(Array(greeting.utf8))
    }

    /// Posts so many, and gives the texts that were acknowledged and those that were refused.
    func say(_ number: Int) async throws -> (acknowledged: [String], refused: [String]) {
        let texts = (count..<count + number).map { "\($0) " + String(repeating: "x", count: 300) }
        count += number
        let lines = texts.enumerated().map { "@label=\($0.offset) PRIVMSG #tea :\($0.element)\r\n" }
        let heard = try await ask(lines.joined())
        func labelled(_ mark: (Int) -> String) -> [String] {
            texts.indices.filter { place in
                heard.count {
                    ($0.hasPrefix("@label=\(place) ") || $0.hasPrefix("@label=\(place);"))
                        && $0.contains(mark(place))
                } == 1
            }.map { texts[$0] }
        }
        return (
            labelled { " PRIVMSG #tea :\(texts[$0])" }, labelled { _ in " FAIL PRIVMSG STORAGE_FULL " }
        )
    }

    func send(_ line: String) { connection.send(Array((line + "\r\n").utf8)) }

    /// Says something, and gives all that was heard until a PING after it is answered.
    func ask(_ text: String) async throws -> [String] {
        connection.send(Array((text + "\r\nPING over\r\n").utf8))
        var heard: [String] = []
        while !heard.contains(where: { $0.contains(" PONG ") && $0.hasSuffix("over") }) {
            let lines = try #require(await connection.mailbox.takeLines(until: .now() + .seconds(30)))
            try #require(!lines.isEmpty, "30 seconds without an answer")
            heard += lines
        }
        return heard
    }
}

/// The real files, on a disk that others may fill to the last block.
final class CrowdedFiles: FileLayer {
    let isFull = Mutex(false)
    /// Whether what has its blocks can be written on a full disk.
    let keepsPromises = Mutex(true)
    /// While somebody holds it, what is to be synced waits.
    let sync = DispatchSemaphore(value: 1)
    private let real = RealFiles()

    private func checkSpace(_ call: String) throws(FileFailure) {
        if isFull.withLock({ $0 }) { throw FileFailure(call: call, code: ENOSPC) }
    }

    func fallocate(_ file: Int32, byteCount: Int) throws(FileFailure) {
        try checkSpace("fallocate")
        try real.fallocate(file, byteCount: byteCount)
    }

    /// Segments have their blocks; every other file needs new ones.
    func pwrite(_ file: Int32, _ bytes: UnsafeRawBufferPointer, at position: Int) throws(FileFailure) -> Int {
        let isPromised = keepsPromises.withLock { $0 }
        let byteCount = try real.byteCount(of: file)
        if !isPromised || position + bytes.count > byteCount { try checkSpace("pwrite") }
        return try real.pwrite(file, bytes, at: position)
    }

    func facts(ofFileSystemAt path: String) throws(FileFailure) -> FileSystemFacts {
        var facts = try real.facts(ofFileSystemAt: path)
        if isFull.withLock({ $0 }) { facts.freeByteCount = 0 }
        return facts
    }

    func open(_ path: String, flags: Int32) throws(FileFailure) -> Int32 { try real.open(path, flags: flags) }
    func close(_ file: Int32) { real.close(file) }
    func closeLock(_ file: Int32) { real.closeLock(file) }
    func pread(
        _ file: Int32, into bytes: UnsafeMutableRawBufferPointer, at position: Int
    ) throws(FileFailure) -> Int { try real.pread(file, into: bytes, at: position) }
    func fdatasync(_ file: Int32) throws(FileFailure) {
        sync.wait()
        defer { sync.signal() }
        try real.fdatasync(file)
    }
    func fsync(_ file: Int32) throws(FileFailure) { try real.fsync(file) }
    func fsyncDirectory(_ path: String) throws(FileFailure) { try real.fsyncDirectory(path) }
    func ftruncate(_ file: Int32, to byteCount: Int) throws(FileFailure) {
        try real.ftruncate(file, to: byteCount)
    }
    func rename(_ path: String, to newPath: String) throws(FileFailure) { try real.rename(path, to: newPath) }
    func unlink(_ path: String) throws(FileFailure) { try real.unlink(path) }
    func makeDirectory(_ path: String) throws(FileFailure) -> Bool { try real.makeDirectory(path) }
    func list(_ path: String) throws(FileFailure) -> [String] { try real.list(path) }
    func byteCount(of file: Int32) throws(FileFailure) -> Int { try real.byteCount(of: file) }
    func dropCache(of file: Int32) { real.dropCache(of: file) }
    func lock(_ file: Int32) throws(FileFailure) -> Bool { try real.lock(file) }
}
