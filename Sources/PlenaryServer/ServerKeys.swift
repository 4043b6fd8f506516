// SPDX-License-Identifier: Apache-2.0

import Glibc
import PlenaryCrypto

/// Why the server cannot start; each with the exit code that operators know (docs/OPERATING.md).
package struct StartError: Error, Sendable, CustomStringConvertible {
    package var exitCode: Int32
    package var description: String

    package init(exitCode: Int32, _ description: String) {
        self.exitCode = exitCode
        self.description = description
    }
}

/// Secrets that the server makes once and keeps: without them old message ids do not resolve and
/// cloaks change. 32 bytes in `keys/identity`, readable by the owner only.
package struct ServerKeys: Sendable {
    /// For message ids.
    let identifierKey: [UInt8]
    /// For cloaks.
    let cloakKey: [UInt8]
    /// For salts of accounts that have none.
    private let saltKey: [UInt8]
    /// Where keys of questionnaires are while these are open.
    let questionnaireDirectory: String

    private init(_ secret: [UInt8], dataDirectory: String) {
        questionnaireDirectory = dataDirectory + "/questionnaires"
        identifierKey = Array(HMACSHA256.authenticate(Array("message ids".utf8), key: secret).prefix(16))
        cloakKey = HMACSHA256.authenticate(Array("cloaks".utf8), key: secret)
        saltKey = HMACSHA256.authenticate(Array("decoy salts".utf8), key: secret)
    }

    /// The salt that an unknown account seems to have; as long as a real one, and the same after a restart.
    func decoySalt(of name: [UInt8]) -> [UInt8] {
        Array(HMACSHA256.authenticate(name, key: saltKey).prefix(ScryptLimits.saltByteCount))
    }

    package static func load(dataDirectory: String) throws -> ServerKeys {
        let directory = dataDirectory + "/keys"
        let path = directory + "/identity"
        if let secret = try PrivateFile.read(path, byteLimit: 64) {
            guard secret.count == 32 else {
                throw StartError(
                    exitCode: 65, "\(path) holds \(secret.count) bytes and not 32; restore it from a backup")
            }
            return ServerKeys(secret, dataDirectory: dataDirectory)
        }
        let secret = try SecureRandom.bytes(32)
        try PrivateFile.makeDirectory(directory)
        try PrivateFile.write(secret, to: path)
        return ServerKeys(secret, dataDirectory: dataDirectory)
    }
}

/// Small files that only the server's user may read: written to a temporary name, synced, renamed.
package enum PrivateFile {
    /// The whole file, or nil when there is none.
    package static func read(_ path: String, byteLimit: Int) throws -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else {
            if errno == ENOENT { return nil }
            throw failure("read", path)
        }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: byteLimit)
        let count = Glibc.read(descriptor, &bytes, byteLimit)
        guard count >= 0 else { throw failure("read", path) }
        return Array(bytes.prefix(count))
    }

    package static func makeDirectory(_ path: String) throws {
        guard mkdir(path, 0o700) == 0 || errno == EEXIST else { throw failure("create", path) }
    }

    /// Replaces the file; after this returned it is on the disk, under its name.
    package static func write(_ bytes: [UInt8], to path: String, mode: mode_t = 0o600) throws {
        let temporary = path + ".tmp"
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, mode)
        guard descriptor >= 0 else { throw failure("create", temporary) }
        defer { close(descriptor) }
        try writeWhole(bytes, descriptor, path: temporary)
        guard fsync(descriptor) == 0, rename(temporary, path) == 0 else { throw failure("write", path) }
        try syncFolder(of: path)
    }

    /// Overwrites the file with random bytes and takes it away; after this returned both are on the disk. A file that
    /// is not there is no error. Disks that write elsewhere than they are told may keep the old bytes.
    package static func destroy(_ path: String) throws {
        let descriptor = open(path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else {
            if errno == ENOENT { return }
            throw failure("open", path)
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw failure("look at", path) }
        // A secret is small; the bound is for a file that somebody else has put there.
        let noise = try SecureRandom.bytes(min(max(Int(status.st_size), 1), 4096))
        try writeWhole(noise, descriptor, path: path)
        guard fsync(descriptor) == 0, unlink(path) == 0 else { throw failure("remove", path) }
        try syncFolder(of: path)
    }

    private static func writeWhole(_ bytes: [UInt8], _ descriptor: Int32, path: String) throws {
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes { buffer in
                Glibc.write(descriptor, buffer.baseAddress?.advanced(by: written), bytes.count - written)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw failure("write", path) }
            written += count
        }
    }

    private static func syncFolder(of path: String) throws {
        let end = path.lastIndex(of: "/") ?? path.startIndex
        let folder = open(
            path[..<end].isEmpty ? "." : String(path[..<end]), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { throw failure("sync the folder of", path) }
        defer { close(folder) }
        guard fsync(folder) == 0 else { throw failure("sync the folder of", path) }
    }

    private static func failure(_ verb: String, _ path: String) -> StartError {
        let reason = String(cString: strerror(errno))
        return StartError(
            exitCode: errno == EACCES || errno == EPERM ? 77 : 74, "cannot \(verb) \(path): \(reason)")
    }
}
