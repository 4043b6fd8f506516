// SPDX-License-Identifier: Apache-2.0

import Glibc
import PlenaryLog
import Synchronization

/// A disk in memory that forgets: what was not synced may be there after a crash or not, by sectors of
/// 512 bytes for contents, by entries for directories. Files keep what they had at their last sync;
/// directories what they had at theirs.
final class ModelDisk: FileLayer {
    /// What a crash leaves, and what had been promised by then.
    struct Image: Sendable {
        fileprivate var files: [String: [UInt8]]

        func names(ending suffix: String) -> [String] { files.keys.filter { $0.hasSuffix(suffix) } }

        /// Whether any file whatever has these bytes.
        func contains(_ pattern: [UInt8]) -> Bool {
            files.values.contains { bytes in
                bytes.withUnsafeBytes { whole in
                    guard let base = whole.baseAddress, let first = pattern.first else { return false }
                    var position = 0
                    while position <= whole.count - pattern.count,
                        let hit = memchr(
                            base + position, Int32(first), whole.count - pattern.count - position + 1)
                    {
                        if memcmp(hit, pattern, pattern.count) == 0 { return true }
                        position = UnsafeRawPointer(hit) - base + 1
                    }
                    return false
                }
            }
        }

        /// Writes the files into a real directory in the place of `/model`.
        func write(below directory: String) throws {
            for path in ["", "/log", "/snap"] { mkdir(directory + path, 0o700) }
            for (path, bytes) in files {
                try writeFile(directory + path.dropFirst("/model".utf8.count), bytes)
            }
        }
    }

    private struct Inode {
        var bytes: [UInt8] = []
        var syncedBytes: [UInt8] = []
    }

    private struct State {
        var inodes: [Inode] = []
        var entries: [String: Int] = [:]
        var syncedEntries: [String: Int] = [:]
        var opened: [Int32: Int] = [:]
        var nextFile: Int32 = 1_000
        var random: SeededRandom
        var operationCount = 0
    }

    private let state: Mutex<State>
    /// Called after each changing call, without the lock, to look at what a crash would leave.
    private let afterOperation: @Sendable (_ ordinal: Int, _ disk: ModelDisk) -> Void

    init(
        _ image: Image? = nil, seed: UInt64,
        afterOperation: @escaping @Sendable (_ ordinal: Int, _ disk: ModelDisk) -> Void = { _, _ in }
    ) {
        var state = State(random: SeededRandom(seed: seed))
        for (path, bytes) in image?.files ?? [:] {
            state.entries[path] = state.inodes.count
            state.inodes.append(Inode(bytes: bytes, syncedBytes: bytes))
        }
        state.syncedEntries = state.entries
        self.state = Mutex(state)
        self.afterOperation = afterOperation
    }

    var operationCount: Int { state.withLock { $0.operationCount } }

    /// What is there after the process alone was killed now: everything.
    func kill() -> Image {
        state.withLock { state in Image(files: state.entries.mapValues { state.inodes[$0].bytes }) }
    }

    /// What is there after a crash now, drawn at random from all that could be.
    func crash() -> Image {
        state.withLock { state in
            var entries = state.syncedEntries
            for path in Set(state.entries.keys).union(state.syncedEntries.keys)
            where Bool.random(using: &state.random) {
                entries[path] = state.entries[path]
            }
            var files: [String: [UInt8]] = [:]
            for (path, inode) in entries {
                files[path] = ModelDisk.contents(state.inodes[inode], &state.random)
            }
            return Image(files: files)
        }
    }

    private static func contents(_ inode: Inode, _ random: inout SeededRandom) -> [UInt8] {
        if inode.bytes == inode.syncedBytes { return inode.bytes }
        var bytes = inode.syncedBytes
        let isResized = inode.bytes.count != inode.syncedBytes.count && Bool.random(using: &random)
        let byteCount = isResized ? inode.bytes.count : inode.syncedBytes.count
        if bytes.count < byteCount { bytes += [UInt8](repeating: 0, count: byteCount - bytes.count) }
        bytes.removeLast(bytes.count - byteCount)
        let keepsAll = Int.random(in: 0..<4, using: &random) == 0
        for start in stride(from: 0, to: min(byteCount, inode.bytes.count), by: 512) {
            let end = min(start + 512, byteCount, inode.bytes.count)
            if inode.bytes[start..<end] == bytes[start..<end] { continue }
            if keepsAll || Bool.random(using: &random) {
                bytes.replaceSubrange(start..<end, with: inode.bytes[start..<end])
            }
        }
        return bytes
    }

    private func changing<Value>(
        _ call: String, _ body: (inout sending State) throws(FileFailure) -> Value
    )
        throws(FileFailure) -> Value
    {
        var failure: FileFailure?
        let (value, ordinal) = state.withLock { state -> (Value?, Int) in
            state.operationCount += 1
            do throws(FileFailure) { return (try body(&state), state.operationCount) } catch {
                failure = error
                return (nil, state.operationCount)
            }
        }
        guard let value else { throw failure ?? FileFailure(call: call, code: EIO) }
        afterOperation(ordinal, self)
        return value
    }

    private static func inode(_ file: Int32, _ state: borrowing State) throws(FileFailure) -> Int {
        guard let inode = state.opened[file] else { throw FileFailure(call: "file", code: EBADF) }
        return inode
    }

    func open(_ path: String, flags: Int32) throws(FileFailure) -> Int32 {
        let isChange = flags & (O_CREAT | O_TRUNC) != 0
        func open(_ state: inout State) throws(FileFailure) -> Int32 {
            if state.entries[path] == nil {
                guard flags & O_CREAT != 0 else { throw FileFailure(call: "open", code: ENOENT) }
                state.entries[path] = state.inodes.count
                state.inodes.append(Inode())
            }
            guard let inode = state.entries[path] else { throw FileFailure(call: "open", code: ENOENT) }
            if flags & O_TRUNC != 0 { state.inodes[inode].bytes = [] }
            state.nextFile += 1
            state.opened[state.nextFile] = inode
            return state.nextFile
        }
        if isChange { return try changing("open") { state throws(FileFailure) in try open(&state) } }
        var failure: FileFailure?
        let file = state.withLock { state -> Int32 in
            do throws(FileFailure) { return try open(&state) } catch {
                failure = error
                return -1
            }
        }
        if let failure { throw failure }
        return file
    }

    func close(_ file: Int32) { state.withLock { $0.opened[file] = nil } }
    func closeLock(_ file: Int32) { close(file) }

    func pread(
        _ file: Int32, into bytes: UnsafeMutableRawBufferPointer, at position: Int
    ) throws(FileFailure) -> Int {
        let part: [UInt8] = state.withLock { state in
            guard let inode = state.opened[file] else { return [] }
            let content = state.inodes[inode].bytes
            guard position < content.count else { return [] }
            return Array(content[position..<min(content.count, position + bytes.count)])
        }
        bytes.copyBytes(from: part)
        return part.count
    }

    func pwrite(_ file: Int32, _ bytes: UnsafeRawBufferPointer, at position: Int) throws(FileFailure) -> Int {
        let part = Array(bytes)
        return try changing("pwrite") { state throws(FileFailure) in
            let inode = try ModelDisk.inode(file, state)
            let end = position + part.count
            if state.inodes[inode].bytes.count < end {
                state.inodes[inode].bytes += [UInt8](
                    repeating: 0, count: end - state.inodes[inode].bytes.count)
            }
            state.inodes[inode].bytes.replaceSubrange(position..<end, with: part)
            return part.count
        }
    }

    func fdatasync(_ file: Int32) throws(FileFailure) { try fsync(file) }

    func fsync(_ file: Int32) throws(FileFailure) {
        try changing("fsync") { state throws(FileFailure) in
            let inode = try ModelDisk.inode(file, state)
            state.inodes[inode].syncedBytes = state.inodes[inode].bytes
        }
    }

    func fsyncDirectory(_ path: String) throws(FileFailure) {
        try changing("fsync") { state throws(FileFailure) in
            func isInside(_ name: String) -> Bool {
                name.hasPrefix(path + "/") && !name.dropFirst(path.count + 1).contains("/")
            }
            for name in state.syncedEntries.keys where isInside(name) { state.syncedEntries[name] = nil }
            for (name, inode) in state.entries where isInside(name) { state.syncedEntries[name] = inode }
        }
    }

    func ftruncate(_ file: Int32, to byteCount: Int) throws(FileFailure) {
        try changing("ftruncate") { state throws(FileFailure) in
            let inode = try ModelDisk.inode(file, state)
            let present = state.inodes[inode].bytes.count
            if present > byteCount { state.inodes[inode].bytes.removeLast(present - byteCount) }
        }
    }

    func fallocate(_ file: Int32, byteCount: Int) throws(FileFailure) {
        try changing("fallocate") { state throws(FileFailure) in
            let inode = try ModelDisk.inode(file, state)
            let missing = byteCount - state.inodes[inode].bytes.count
            if missing > 0 { state.inodes[inode].bytes += [UInt8](repeating: 0, count: missing) }
        }
    }

    func rename(_ path: String, to newPath: String) throws(FileFailure) {
        try changing("rename") { state throws(FileFailure) in
            guard let inode = state.entries[path] else { throw FileFailure(call: "rename", code: ENOENT) }
            state.entries[path] = nil
            state.entries[newPath] = inode
        }
    }

    func unlink(_ path: String) throws(FileFailure) {
        try changing("unlink") { state throws(FileFailure) in
            guard state.entries[path] != nil else { throw FileFailure(call: "unlink", code: ENOENT) }
            state.entries[path] = nil
        }
    }

    /// Directories are there from the beginning and outlive everything.
    func makeDirectory(_ path: String) throws(FileFailure) -> Bool { false }

    func list(_ path: String) throws(FileFailure) -> [String] {
        state.withLock { state in
            state.entries.keys.filter { $0.hasPrefix(path + "/") }.map {
                String($0.dropFirst(path.count + 1))
            }
            .filter { !$0.contains("/") }
        }
    }

    func byteCount(of file: Int32) throws(FileFailure) -> Int {
        state.withLock { state in state.opened[file].map { state.inodes[$0].bytes.count } ?? 0 }
    }

    func dropCache(of file: Int32) {}
    func lock(_ file: Int32) throws(FileFailure) -> Bool { true }

    func facts(ofFileSystemAt path: String) throws(FileFailure) -> FileSystemFacts {
        FileSystemFacts(unsuitableKind: nil, freeByteCount: 1 << 40, totalByteCount: 1 << 40)
    }
}
