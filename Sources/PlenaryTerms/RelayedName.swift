// SPDX-License-Identifier: Apache-2.0

/// Who said a relayed message: `Name/zoom` (docs/extensions/relay.md, "Names"). It has a slash, which no nickname
/// and no account name may have, so that nobody is mistaken for a person of this community. Any script; equal when
/// they differ in ASCII case only.
public struct RelayedName: Hashable, Sendable, CustomStringConvertible {
    /// Bytes, counting what follows the slash.
    public static let byteLimit = 96
    /// As it was written first.
    public let spelling: String
    /// ASCII letters in lower case: what names are looked up by.
    public let key: String

    /// Throws for what is no such name. `wrongPrefix` is a beginning that stands for something else in IRC.
    public init(_ bytes: some Collection<UInt8>) throws(NameError) {
        guard let first = bytes.first else { throw .empty }
        guard bytes.count <= RelayedName.byteLimit else {
            throw .tooLong(byteCount: bytes.count, limit: RelayedName.byteLimit)
        }
        if RelayedName.prefixes.contains(first) { throw .wrongPrefix }
        for (position, byte) in bytes.enumerated() where RelayedName.isForbidden(byte) {
            throw .forbiddenByte(byte, position: position)
        }
        let parts = bytes.split(separator: 47, omittingEmptySubsequences: false)
        guard parts.count > 1, parts.allSatisfy({ !$0.isEmpty }) else { throw .empty }
        // Also refuses what is not seen, and signs that turn the text around.
        guard GivenName.isValid(bytes, byteLimit: RelayedName.byteLimit) else {
            throw .forbiddenByte(first, position: 0)
        }
        let text = String(decoding: bytes, as: UTF8.self)
        guard !text.unicodeScalars.contains(where: { $0.properties.isWhitespace }) else {
            throw .forbiddenByte(32, position: 0)
        }
        spelling = text
        key = asciiFolded(Array(bytes))
    }

    /// The same of a text; throws alike.
    public init(_ text: String) throws(NameError) { try self.init(Array(text.utf8)) }

    /// Marks of roles, channels and numbers of servers.
    private static let prefixes = Set("~&@%+-#.".utf8)

    /// What parts a source, a list, a mask or a line.
    private static func isForbidden(_ byte: UInt8) -> Bool {
        byte <= 32 || byte == 127 || "!@,*?:$;=".utf8.contains(byte)
    }

    /// Equal by key.
    public static func == (left: RelayedName, right: RelayedName) -> Bool { left.key == right.key }
    /// By key.
    public func hash(into hasher: inout Hasher) { hasher.combine(key) }
    /// The spelling.
    public var description: String { spelling }
}

/// Tags by which a relay says where a message comes from (docs/extensions/relay.md, "Provenance").
public enum RelayMark {
    /// Client-only tag: the name of who said it. On what somebody with the permission posts it means RELAYMSG.
    public static let nameTag = "+plenary.chat/relayed-as"
    /// Client-only tag: the platform.
    public static let originTag = "+plenary.chat/origin"
    /// Client-only tag: the message's id there.
    public static let originIDTag = "+plenary.chat/origin-id"
    /// Client-only tag: when it was said there, as in server-time.
    public static let originTimeTag = "+plenary.chat/origin-time"

    /// Bytes of a platform's name.
    public static let originByteLimit = 32
    /// Bytes of a message's id there.
    public static let originIDByteLimit = 200

    /// Whether it is the name of a platform: small ASCII letters, digits and hyphens.
    public static func isOrigin(_ bytes: some Collection<UInt8>) -> Bool {
        !bytes.isEmpty && bytes.count <= originByteLimit
            && bytes.allSatisfy { (97...122).contains($0) || (48...57).contains($0) || $0 == 45 }
    }
}
