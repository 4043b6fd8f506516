// SPDX-License-Identifier: Apache-2.0

/// Why a text is no valid name. The server answers it with the numeric of the command.
public enum NameError: Error, Hashable, Sendable {
    case empty
    case tooLong(byteCount: Int, limit: Int)
    case forbiddenByte(UInt8, position: Int)
    case wrongPrefix
}

/// Lower-cases ASCII letters only: `CASEMAPPING=ascii` (modern.ircd.chat, "CASEMAPPING").
public func asciiFolded(_ bytes: some Sequence<UInt8>) -> String {
    // Arrays and their slices, in one allocation: every message looks its target up by it.
    let folded = bytes.withContiguousStorageIfAvailable { bytes in
        String(unsafeUninitializedCapacity: bytes.count) { buffer in
            // SAFETY: as many bytes are written as there is room for, and the count returned is theirs.
            for index in bytes.indices {
                let byte = bytes[index]
                buffer[index] = byte >= 65 && byte <= 90 ? byte | 0x20 : byte
            }
            return bytes.count
        }
    }
    return folded ?? String(decoding: bytes.map { $0 >= 65 && $0 <= 90 ? $0 | 0x20 : $0 }, as: UTF8.self)
}

/// A channel's name as it was spelled at creation, with its case-folded key. ASCII, begins with `#`.
public struct ChannelName: Hashable, Sendable, CustomStringConvertible {
    /// Bytes, counting the `#` (limits.md 16: 64).
    public static let byteLimit = 64
    /// As it was written first.
    public let spelling: String
    /// The spelling, as lines have it.
    public let text: Text
    /// ASCII letters in lower case: what names are looked up by.
    public let key: String

    /// Throws what makes it no valid name.
    public init(_ bytes: some Collection<UInt8>) throws(NameError) {
        guard bytes.first == UInt8(ascii: "#") else { throw bytes.isEmpty ? .empty : .wrongPrefix }
        guard bytes.count > 1 else { throw .empty }
        guard bytes.count <= ChannelName.byteLimit else {
            throw .tooLong(byteCount: bytes.count, limit: ChannelName.byteLimit)
        }
        for (position, byte) in bytes.enumerated() {
            // `/` is kept for thread targets (`#channel/12`).
            let forbidden =
                byte <= 32 || byte >= 127 || byte == 44 || byte == 47 || byte == 42 || byte == 63
                || byte == 58
            if forbidden { throw .forbiddenByte(byte, position: position) }
        }
        spelling = String(decoding: bytes, as: UTF8.self)
        text = Text(Array(bytes))
        key = asciiFolded(bytes)
    }

    /// The same of a text; throws alike.
    public init(_ text: String) throws(NameError) { try self.init(Array(text.utf8)) }

    /// Equal by key.
    public static func == (left: ChannelName, right: ChannelName) -> Bool { left.key == right.key }
    /// By key.
    public func hash(into hasher: inout Hasher) { hasher.combine(key) }
    /// The spelling.
    public var description: String { spelling }
}

/// A nickname or account name: ASCII letters, digits and `-._[]\`^{}|`, not beginning with a digit, `-` or `.`.
/// Two names are equal when they differ in ASCII case only.
public struct Nickname: Hashable, Sendable, CustomStringConvertible {
    /// Bytes (limits.md 16: 32).
    public static let byteLimit = 32
    /// As it was written first.
    public let spelling: String
    /// ASCII letters in lower case: what names are looked up by.
    public let key: String

    /// Throws what makes it no valid name.
    public init(_ bytes: some Collection<UInt8>) throws(NameError) {
        guard let first = bytes.first else { throw .empty }
        guard bytes.count <= Nickname.byteLimit else {
            throw .tooLong(byteCount: bytes.count, limit: Nickname.byteLimit)
        }
        if first == 45 || first == 46 || (first >= 48 && first <= 57) {
            throw .forbiddenByte(first, position: 0)
        }
        for (position, byte) in bytes.enumerated() where !Nickname.isAllowed(byte) {
            throw .forbiddenByte(byte, position: position)
        }
        spelling = String(decoding: bytes, as: UTF8.self)
        key = asciiFolded(bytes)
    }

    /// The same of a text; throws alike.
    public init(_ text: String) throws(NameError) { try self.init(Array(text.utf8)) }

    private static func isAllowed(_ byte: UInt8) -> Bool {
        switch byte {
        case 48...57, 65...90, 97...122: true
        case 45, 46, 91, 92, 93, 94, 95, 96, 123, 124, 125: true
        default: false
        }
    }

    /// Equal by key.
    public static func == (left: Nickname, right: Nickname) -> Bool { left.key == right.key }
    /// By key.
    public func hash(into hasher: inout Hasher) { hasher.combine(key) }
    /// The spelling.
    public var description: String { spelling }
}

/// An account's name; in the closed profile also its holder's nickname.
public typealias AccountName = Nickname
