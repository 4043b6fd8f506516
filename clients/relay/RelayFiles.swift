// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Why a file could not be used.
package struct FileError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The path.
    package var path: String
    /// What is wrong, in words.
    package var reason: String
    /// Whether the file is merely not there.
    package var isMissing = false
    /// `PATH: reason`.
    package var description: String { "\(path): \(reason)" }

    /// What the C library said last.
    init(system path: String) {
        let number = errno
        var buffer = [CChar](repeating: 0, count: 256)
        let isKnown = strerror_r(number, &buffer, buffer.count) == 0
        let text = String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        self.init(path, isKnown ? text : "error \(number)")
        isMissing = number == ENOENT
    }

    init(_ path: String, _ reason: String) {
        self.path = path
        self.reason = reason
    }
}

/// The relay's files: private (0700, 0600), and read up to a limit.
package enum RelayFiles {
    /// Bytes of a file read at most.
    package static let byteLimit = 32 << 20

    /// The whole file, or standard input for `-`.
    package static func read(_ path: String) throws(FileError) -> [UInt8] {
        if path == "-" { return try readAll(0, path: "standard input") }
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileError(system: path) }
        defer { close(descriptor) }
        return try readAll(descriptor, path: path)
    }

    /// The content of a private file, from this byte on; nil when it is not there. Throws when others may use it.
    package static func readPrivate(_ path: String, from start: Int = 0) throws(FileError) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            let error = FileError(system: path)
            if error.isMissing { return nil }
            throw error
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw FileError(system: path) }
        guard status.st_mode & 0o077 == 0 else {
            throw FileError(path, "others may use it; chmod 600 it")
        }
        guard start == 0 || lseek(descriptor, off_t(start), SEEK_SET) >= 0 else {
            throw FileError(system: path)
        }
        return try readAll(descriptor, path: path)
    }

    private static func readAll(_ descriptor: Int32, path: String) throws(FileError) -> [UInt8] {
        var result: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            if count == 0 { return result }
            guard count > 0 else {
                if errno == EINTR { continue }
                throw FileError(system: path)
            }
            guard result.count + count <= byteLimit else {
                throw FileError(path, "more than \(byteLimit) bytes")
            }
            result += buffer[..<count]
        }
    }

    /// Writes a private file whole: to a neighbour first, then renamed over the old one. Synced unless told
    /// otherwise.
    package static func writePrivate(
        _ bytes: [UInt8], to path: String, isSynced: Bool = true
    ) throws(FileError) {
        let neighbour = path + ".new"
        let descriptor = open(neighbour, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw FileError(system: neighbour) }
        do throws(FileError) {
            try write(bytes, to: descriptor, path: neighbour)
            guard !isSynced || fsync(descriptor) == 0 else { throw FileError(system: neighbour) }
        } catch {
            close(descriptor)
            unlink(neighbour)
            throw error
        }
        guard close(descriptor) == 0, rename(neighbour, path) == 0 else { throw FileError(system: path) }
        if isSynced { try syncDirectory(of: path) }
    }

    /// Opens a private file to be appended to, and made if need be.
    package static func openAppending(_ path: String) throws(FileError) -> Int32 {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw FileError(system: path) }
        return descriptor
    }

    /// Writes all bytes.
    package static func write(_ bytes: [UInt8], to descriptor: Int32, path: String) throws(FileError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            // At most this many at once, so that no pointer into a part is needed.
            let part = Array(rest.prefix(65_536))
            let count = Glibc.write(descriptor, part, part.count)
            if count < 0 {
                if errno == EINTR { continue }
                if errno == EAGAIN {
                    var waiting = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                    _ = poll(&waiting, 1, -1)
                    continue
                }
                throw FileError(system: path)
            }
            rest = rest.dropFirst(count)
        }
    }

    /// Makes a private directory with those above it.
    package static func makePrivateDirectory(_ path: String) throws(FileError) {
        var place = path.hasPrefix("/") ? "" : "."
        for part in path.split(separator: "/") {
            place += "/" + part
            if mkdir(place, 0o700) != 0, errno != EEXIST { throw FileError(system: place) }
        }
    }

    /// Takes a file as this process's alone until it ends; false when another one has it.
    package static func claim(_ path: String) throws(FileError) -> Bool {
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw FileError(system: path) }
        if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return true }
        close(descriptor)
        return false
    }

    /// Removes a file; no error when it is not there.
    package static func remove(_ path: String) throws(FileError) {
        guard unlink(path) == 0 || errno == ENOENT else { throw FileError(system: path) }
    }

    private static func syncDirectory(of path: String) throws(FileError) {
        let end = path.lastIndex(of: "/") ?? path.startIndex
        let directory = end == path.startIndex ? "." : String(path[..<end])
        let descriptor = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileError(system: directory) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw FileError(system: directory) }
    }
}

/// Lines for a person, and for programs.
package enum Output {
    /// Writes a line to standard output. When nobody reads any more, the process ends quietly.
    package static func print(_ line: String) {
        do { try RelayFiles.write(Array((line + "\n").utf8), to: 1, path: "standard output") } catch {
            exit(errno == EPIPE ? ExitCode.done.rawValue : ExitCode.cannotWrite.rawValue)
        }
    }

    /// Writes a line of talk to standard error.
    package static func say(_ line: String) {
        // Nowhere to tell that it cannot be told.
        try? RelayFiles.write(Array((line + "\n").utf8), to: 2, path: "standard error")
    }
}
