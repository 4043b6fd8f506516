// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Why a file could not be used.
package struct FileError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The path.
    package var path: String
    /// What is wrong, in words.
    package var reason: String
    /// Whether the file is merely not there.
    package var isMissing: Bool
    /// `PATH: reason`.
    package var description: String { "\(path): \(reason)" }
}

/// Files and directories by the C library: private ones (0700, 0600), written so that a crash leaves the
/// old content or the new one.
package enum FileAccess {
    /// Bytes of one file that are read at most.
    package static let byteLimit = 64 << 20

    private static func error(_ path: String) -> FileError {
        let number = errno
        var buffer = [CChar](repeating: 0, count: 256)
        let text =
            strerror_r(number, &buffer, buffer.count) == 0
            ? String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            : "error \(number)"
        return FileError(path: path, reason: text, isMissing: number == ENOENT)
    }

    /// The whole file. Throws when it has more than `byteLimit` bytes.
    package static func read(_ path: String) throws(FileError) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw error(path) }
        defer { close(descriptor) }
        return try readAll(descriptor, path: path)
    }

    /// Everything up to the end of a descriptor.
    package static func readAll(_ descriptor: Int32, path: String) throws(FileError) -> [UInt8] {
        var result: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            if count == 0 { return result }
            guard count > 0 else {
                if errno == EINTR { continue }
                throw error(path)
            }
            guard result.count + count <= byteLimit else {
                throw FileError(path: path, reason: "more than \(byteLimit) bytes", isMissing: false)
            }
            result += buffer[..<count]
        }
    }

    /// The content of a private file; nil when it is not there. Throws when others may read or write it.
    package static func readPrivate(_ path: String) throws(FileError) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT { return nil }
            throw error(path)
        }
        defer { close(descriptor) }
        try checkPrivacy(descriptor, path: path, permitted: 0o600)
        return try readAll(descriptor, path: path)
    }

    /// Writes a private file whole: to a neighbour first, synced, then renamed over the old one, and the
    /// directory synced. When this returns, a power cut does not lose it.
    package static func writePrivate(_ bytes: [UInt8], to path: String) throws(FileError) {
        let neighbour = path + ".new"
        let descriptor = open(neighbour, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw error(neighbour) }
        do throws(FileError) {
            guard fchmod(descriptor, 0o600) == 0 else { throw error(neighbour) }
            try write(bytes, to: descriptor, path: neighbour)
            guard fsync(descriptor) == 0 else { throw error(neighbour) }
        } catch {
            close(descriptor)
            unlink(neighbour)
            throw error
        }
        guard close(descriptor) == 0, rename(neighbour, path) == 0 else { throw error(path) }
        try syncDirectory(of: path)
    }

    /// Appends to a private file, made if need be, and syncs it.
    package static func appendPrivate(_ bytes: [UInt8], to path: String) throws(FileError) {
        let isNew = access(path, F_OK) != 0
        let descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw error(path) }
        defer { close(descriptor) }
        try checkPrivacy(descriptor, path: path, permitted: 0o600)
        try write(bytes, to: descriptor, path: path)
        guard fdatasync(descriptor) == 0 else { throw error(path) }
        if isNew { try syncDirectory(of: path) }
    }

    /// Writes all bytes.
    package static func write(_ bytes: [UInt8], to descriptor: Int32, path: String) throws(FileError) {
        var start = 0
        while start < bytes.count {
            let count = bytes.withUnsafeBytes { buffer in
                Glibc.write(
                    descriptor, UnsafeRawBufferPointer(rebasing: buffer[start...]).baseAddress,
                    buffer.count - start)
            }
            guard count >= 0 else {
                if errno == EINTR { continue }
                if errno == EAGAIN {
                    var waiting = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                    _ = poll(&waiting, 1, -1)
                    continue
                }
                throw error(path)
            }
            start += count
        }
    }

    /// Makes a private directory with those above it, or checks that it is private.
    package static func makePrivateDirectory(_ path: String) throws(FileError) {
        var parts: [Substring] = []
        for part in path.split(separator: "/") {
            parts.append(part)
            let place = "/" + parts.joined(separator: "/")
            if mkdir(place, 0o700) != 0, errno != EEXIST { throw error(place) }
        }
        let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw error(path) }
        defer { close(descriptor) }
        try checkPrivacy(descriptor, path: path, permitted: 0o700)
    }

    /// Takes the lock that this file stands for, waiting for who holds it. Give it back with `unlock`.
    package static func lock(_ path: String) throws(FileError) -> Int32 {
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw error(path) }
        while flock(descriptor, LOCK_EX) != 0 {
            guard errno == EINTR else {
                close(descriptor)
                throw error(path)
            }
        }
        return descriptor
    }

    /// Gives a lock back.
    package static func unlock(_ descriptor: Int32) { close(descriptor) }

    /// Removes a file; no error when it is not there.
    package static func remove(_ path: String) throws(FileError) {
        guard unlink(path) == 0 || errno == ENOENT else { throw error(path) }
    }

    /// Names in a directory, sorted; empty when it is not there.
    package static func names(in path: String) -> [String] {
        guard let directory = opendir(path) else { return [] }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    private static func checkPrivacy(
        _ descriptor: Int32, path: String, permitted: mode_t
    ) throws(FileError) {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw error(path) }
        let mode = status.st_mode & 0o777
        guard mode & ~permitted == 0 else {
            let shown = String(mode, radix: 8)
            throw FileError(
                path: path,
                reason: "others may use it (mode \(shown)); chmod \(String(permitted, radix: 8)) it",
                isMissing: false)
        }
        guard status.st_uid == geteuid() else {
            throw FileError(path: path, reason: "it belongs to somebody else", isMissing: false)
        }
    }

    private static func syncDirectory(of path: String) throws(FileError) {
        let end = path.lastIndex(of: "/") ?? path.startIndex
        let directory = end == path.startIndex ? "." : String(path[..<end])
        let descriptor = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw error(directory) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw error(directory) }
    }
}
