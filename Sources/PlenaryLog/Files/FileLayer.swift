// SPDX-License-Identifier: Apache-2.0

import Glibc

/// A call to the operating system that failed, with its `errno`.
package struct FileFailure: Error, Hashable, Sendable {
    /// The call's name as in its manual page.
    package var call: String
    /// `errno` right after it.
    package var code: Int32

    package init(call: String, code: Int32) {
        self.call = call
        self.code = code
    }
}

/// What the log must know of a file system before it trusts it.
package struct FileSystemFacts: Sendable {
    /// Its name when it is one that keeps no promise; nil for a local disk.
    package var unsuitableKind: String?
    package var freeByteCount: Int
    package var totalByteCount: Int

    package init(unsuitableKind: String?, freeByteCount: Int, totalByteCount: Int) {
        self.unsuitableKind = unsuitableKind
        self.freeByteCount = freeByteCount
        self.totalByteCount = totalByteCount
    }
}

/// All the log does to files. Two forms exist beside the real one: a layer whose n-th call fails, and
/// a disk in memory that forgets what was not synced. Calls are single attempts: repeating after
/// EINTR and going on after a short count is the log's own duty, so that tests can make it prove it.
package protocol FileLayer: Sendable {
    /// `O_CLOEXEC | O_NOFOLLOW` are always added. New files get mode 0600.
    func open(_ path: String, flags: Int32) throws(FileFailure) -> Int32
    func close(_ file: Int32)
    func pread(
        _ file: Int32, into bytes: UnsafeMutableRawBufferPointer, at position: Int
    ) throws(FileFailure) -> Int
    func pwrite(_ file: Int32, _ bytes: UnsafeRawBufferPointer, at position: Int) throws(FileFailure) -> Int
    func fdatasync(_ file: Int32) throws(FileFailure)
    func fsync(_ file: Int32) throws(FileFailure)
    func fsyncDirectory(_ path: String) throws(FileFailure)
    func ftruncate(_ file: Int32, to byteCount: Int) throws(FileFailure)
    func fallocate(_ file: Int32, byteCount: Int) throws(FileFailure)
    func rename(_ path: String, to newPath: String) throws(FileFailure)
    func unlink(_ path: String) throws(FileFailure)
    /// True when it was made, false when it was there.
    func makeDirectory(_ path: String) throws(FileFailure) -> Bool
    /// The names in a directory, unordered, without `.` and `..`.
    func list(_ path: String) throws(FileFailure) -> [String]
    func byteCount(of file: Int32) throws(FileFailure) -> Int
    /// Forgets cached pages, so that what is read next is what the disk has.
    func dropCache(of file: Int32)
    /// Takes the open-file-description lock; false when another has it.
    func lock(_ file: Int32) throws(FileFailure) -> Bool
    /// Gives up a lock and closes its file.
    func closeLock(_ file: Int32)
    func facts(ofFileSystemAt path: String) throws(FileFailure) -> FileSystemFacts
}

/// A failed call with the file it was for, as the log's own error.
func logError(_ failure: FileFailure, _ path: String, position: Int = 0) -> LogError {
    switch failure.code {
    case EACCES, EPERM, EROFS: .permissionDenied(call: failure.call, path: path, code: failure.code)
    case ENOSPC, EDQUOT: .outOfSpace(path: path)
    default: .failedCall(call: failure.call, path: path, position: position, code: failure.code)
    }
}

/// A failed sync. Whatever its number says, also that the disk is full, what it kept is unknown.
func lostSync(_ failure: FileFailure, _ path: String, position: Int = 0) -> LogError {
    .failedCall(call: failure.call, path: path, position: position, code: failure.code)
}

extension FileLayer {
    /// Runs a call again as long as a signal interrupts it.
    func repeating<Value>(_ call: () throws(FileFailure) -> Value) throws(FileFailure) -> Value {
        while true {
            do {
                return try call()
            } catch  where error.code == EINTR {
                continue
            } catch {
                throw error
            }
        }
    }

    /// Writes all bytes; a short count goes on at the right place.
    func writeFully(_ file: Int32, _ bytes: UnsafeRawBufferPointer, at position: Int) throws(FileFailure) {
        var written = 0
        while written < bytes.count {
            let rest = UnsafeRawBufferPointer(rebasing: bytes[written...])
            let place = position + written
            let count = try repeating { () throws(FileFailure) in try pwrite(file, rest, at: place) }
            guard count > 0 else { throw FileFailure(call: "pwrite", code: EIO) }
            written += count
        }
    }

    func writeFully(_ file: Int32, _ bytes: [UInt8], at position: Int) throws(FileFailure) {
        var failure: FileFailure?
        bytes.withUnsafeBytes { buffer in
            do throws(FileFailure) { try writeFully(file, buffer, at: position) } catch { failure = error }
        }
        if let failure { throw failure }
    }

    /// Reads until the buffer is full or the file ends, and gives the count.
    func readFully(
        _ file: Int32, into bytes: UnsafeMutableRawBufferPointer, at position: Int
    ) throws(FileFailure) -> Int {
        var done = 0
        while done < bytes.count {
            let rest = UnsafeMutableRawBufferPointer(rebasing: bytes[done...])
            let place = position + done
            let count = try repeating { () throws(FileFailure) in try pread(file, into: rest, at: place) }
            if count == 0 { break }
            done += count
        }
        return done
    }

    /// At most `count` bytes from a position; fewer where the file ends.
    func read(_ file: Int32, count: Int, at position: Int) throws(FileFailure) -> [UInt8] {
        var failure: FileFailure?
        let bytes = [UInt8](unsafeUninitializedCapacity: max(count, 0)) { buffer, initialized in
            do throws(FileFailure) {
                initialized = try readFully(file, into: UnsafeMutableRawBufferPointer(buffer), at: position)
            } catch { failure = error }
        }
        if let failure { throw failure }
        return bytes
    }

    /// A whole file; nil when there is none.
    func readWhole(_ path: String) throws(LogError) -> [UInt8]? {
        do {
            let file = try repeating { () throws(FileFailure) in try open(path, flags: O_RDONLY) }
            defer { close(file) }
            let count = try byteCount(of: file)
            return try read(file, count: count, at: 0)
        } catch {
            if error.code == ENOENT { return nil }
            throw logError(error, path)
        }
    }

    /// Replaces a file so that after a crash either the old or the new content is there, whole:
    /// temporary file, sync, rename, sync of the directory.
    func replace(_ path: String, in directory: String, with bytes: [UInt8]) throws(LogError) {
        let temporary = path + ".tmp"
        do {
            let file = try repeating { () throws(FileFailure) in
                try open(temporary, flags: O_WRONLY | O_CREAT | O_TRUNC)
            }
            defer { close(file) }
            try writeFully(file, bytes, at: 0)
            try fsync(file)
            try rename(temporary, to: path)
            try fsyncDirectory(directory)
        } catch {
            throw logError(error, path)
        }
    }

    /// Removes a file if it is there.
    func removeIfPresent(_ path: String) throws(LogError) {
        do { try unlink(path) } catch {
            if error.code != ENOENT { throw logError(error, path) }
        }
    }
}
