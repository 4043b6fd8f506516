// SPDX-License-Identifier: Apache-2.0

import Glibc
import PlenaryLog
import Synchronization

/// The real files, but that calls fail as a test wants, with a record of what was called.
final class FailingFiles: FileLayer {
    /// Decides about one call: its name, its path (empty when the call has a descriptor that was not
    /// seen opened), and its ordinal among all calls from 0. An `errno` makes it fail.
    typealias Plan = @Sendable (_ call: String, _ path: String, _ ordinal: Int) -> Int32?

    struct Call: Hashable, Sendable {
        var name: String
        var path: String
        var hasFailed: Bool
    }

    private struct State {
        var calls: [Call] = []
        var paths: [Int32: String] = [:]
        var readByteCount = 0
        var syncedPaths: [String] = []
        var plan: Plan = { _, _, _ in nil }
    }

    private let real = RealFiles()
    private let state = Mutex(State())
    /// Bytes that one write or read moves at most; then it returns a short count.
    private let transferByteLimit: Int

    init(transferByteLimit: Int = .max, plan: @escaping Plan = { _, _, _ in nil }) {
        self.transferByteLimit = transferByteLimit
        state.withLock { $0.plan = plan }
    }

    var calls: [Call] { state.withLock { $0.calls } }
    var readByteCount: Int { state.withLock { $0.readByteCount } }
    /// Files whose fdatasync has returned, one for each time.
    var syncedPaths: [String] { state.withLock { $0.syncedPaths } }

    func resetCounts() {
        state.withLock { state in
            state.readByteCount = 0
            state.calls = []
            state.syncedPaths = []
        }
    }

    func setPlan(_ plan: @escaping Plan) { state.withLock { $0.plan = plan } }

    private func check(_ name: String, _ path: String) throws(FileFailure) {
        let code = state.withLock { state in
            let code = state.plan(name, path, state.calls.count)
            state.calls.append(Call(name: name, path: path, hasFailed: code != nil))
            return code
        }
        if let code { throw FileFailure(call: name, code: code) }
    }

    private func path(of file: Int32) -> String { state.withLock { $0.paths[file] ?? "" } }

    func open(_ path: String, flags: Int32) throws(FileFailure) -> Int32 {
        try check("open", path)
        let file = try real.open(path, flags: flags)
        state.withLock { $0.paths[file] = path }
        return file
    }

    func close(_ file: Int32) { real.close(file) }
    func closeLock(_ file: Int32) { real.closeLock(file) }

    func pread(
        _ file: Int32, into bytes: UnsafeMutableRawBufferPointer, at position: Int
    ) throws(FileFailure) -> Int {
        try check("pread", path(of: file))
        let part = UnsafeMutableRawBufferPointer(rebasing: bytes[..<min(bytes.count, transferByteLimit)])
        let count = try real.pread(file, into: part, at: position)
        state.withLock { $0.readByteCount += count }
        return count
    }

    func pwrite(_ file: Int32, _ bytes: UnsafeRawBufferPointer, at position: Int) throws(FileFailure) -> Int {
        try check("pwrite", path(of: file))
        let part = UnsafeRawBufferPointer(rebasing: bytes[..<min(bytes.count, transferByteLimit)])
        return try real.pwrite(file, part, at: position)
    }

    func fdatasync(_ file: Int32) throws(FileFailure) {
        let path = path(of: file)
        try check("fdatasync", path)
        try real.fdatasync(file)
        state.withLock { $0.syncedPaths.append(path) }
    }

    func fsync(_ file: Int32) throws(FileFailure) {
        try check("fsync", path(of: file))
        try real.fsync(file)
    }

    func fsyncDirectory(_ path: String) throws(FileFailure) {
        try check("fsyncDirectory", path)
        try real.fsyncDirectory(path)
    }

    func ftruncate(_ file: Int32, to byteCount: Int) throws(FileFailure) {
        try check("ftruncate", path(of: file))
        try real.ftruncate(file, to: byteCount)
    }

    func fallocate(_ file: Int32, byteCount: Int) throws(FileFailure) {
        try check("fallocate", path(of: file))
        try real.fallocate(file, byteCount: byteCount)
    }

    func rename(_ path: String, to newPath: String) throws(FileFailure) {
        try check("rename", newPath)
        try real.rename(path, to: newPath)
        state.withLock { state in
            for (file, known) in state.paths where known == path { state.paths[file] = newPath }
        }
    }

    func unlink(_ path: String) throws(FileFailure) {
        try check("unlink", path)
        try real.unlink(path)
    }

    func makeDirectory(_ path: String) throws(FileFailure) -> Bool { try real.makeDirectory(path) }
    func list(_ path: String) throws(FileFailure) -> [String] { try real.list(path) }
    func byteCount(of file: Int32) throws(FileFailure) -> Int { try real.byteCount(of: file) }
    func dropCache(of file: Int32) { real.dropCache(of: file) }

    /// Always granted: a failed log keeps its lock until its process ends, which a test's does not.
    func lock(_ file: Int32) throws(FileFailure) -> Bool { true }

    func facts(ofFileSystemAt path: String) throws(FileFailure) -> FileSystemFacts {
        try check("statfs", path)
        return try real.facts(ofFileSystemAt: path)
    }
}
