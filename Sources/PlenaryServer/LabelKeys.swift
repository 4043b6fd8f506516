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
