// SPDX-License-Identifier: Apache-2.0

import Glibc
import PlenaryCrypto
import PlenaryTerms

/// Keys of sessions in which nobody is named, each in a file of its own, `<data>/sessions/<channel>.key`, which no
/// backup takes (docs/extensions/attribution.md, "Labels"). With a key an account's label can be told again; without,
/// nobody can tell it any more.
final class LabelKeys {
    private let directory: String
    /// nil for a channel whose file is not there.
    private var known: [ChannelID: [UInt8]?] = [:]

    static let keyByteCount = 32

    init(dataDirectory: String) { directory = dataDirectory + "/sessions" }

    private func path(_ channel: ChannelID) -> String { "\(directory)/\(channel.value).key" }

    /// HMAC-SHA256 under the channel's key; nil when there is none. A file that cannot be read counts as none, so that
    /// nobody speaks under a second label.
    func digest(of bytes: [UInt8], in channel: ChannelID) -> [UInt8]? {
        let key: [UInt8]?
        if let remembered = known[channel] {
            key = remembered
        } else {
            let read = (try? PrivateFile.read(path(channel), byteLimit: 64)) ?? nil
            key = read?.count == LabelKeys.keyByteCount ? read : nil
            known[channel] = .some(key)
        }
        return key.map { HMACSHA256.authenticate(bytes, key: $0) }
    }

    /// Makes the key of a session that has none yet.
    func make(for channel: ChannelID) throws {
        guard digest(of: [], in: channel) == nil else { return }
        let key = try SecureRandom.bytes(LabelKeys.keyByteCount)
        try PrivateFile.makeDirectory(directory)
        try PrivateFile.write(key, to: path(channel))
        known[channel] = .some(key)
    }

    /// Overwrites the key's file and deletes it; after this returned that is on the disk.
    func destroy(_ channel: ChannelID) throws {
        known[channel] = .some(nil)
        try PrivateFile.destroy(path(channel))
    }

    /// The channels that have a key.
    func channels() -> [ChannelID] {
        guard let folder = opendir(directory) else { return [] }
        defer { closedir(folder) }
        var found: [ChannelID] = []
        while let entry = readdir(folder) {
            // SAFETY: readdir's entry lives until the next call on this folder, and its name ends in a zero byte
            // within the array that is read.
            let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            guard name.hasSuffix(".key"), let number = UInt32(name.dropLast(4)) else { continue }
            found.append(ChannelID(number))
        }
        return found.sorted()
    }
}

extension PrivateFile {
    /// Overwrites a file with random bytes, syncs it, deletes it, and syncs its folder. One that is not there is gone.
    package static func destroy(_ path: String) throws {
        func failure(_ verb: String) -> StartError {
            let reason = String(cString: strerror(errno))
            return StartError(exitCode: 74, "cannot \(verb) \(path): \(reason)")
        }
        let descriptor = open(path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else {
            if errno == ENOENT { return }
            throw failure("open")
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw failure("look at") }
        let bytes = try SecureRandom.bytes(min(max(Int(status.st_size), 1), 4096))
        guard pwrite(descriptor, bytes, bytes.count, 0) == bytes.count, fsync(descriptor) == 0 else {
            throw failure("overwrite")
        }
        guard unlink(path) == 0 else { throw failure("delete") }
        let end = path.lastIndex(of: "/") ?? path.startIndex
        let folder = open(
            path[..<end].isEmpty ? "." : String(path[..<end]), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { throw failure("sync the folder of") }
        defer { close(folder) }
        guard fsync(folder) == 0 else { throw failure("sync the folder of") }
    }
}
