// SPDX-License-Identifier: Apache-2.0

/// What a person wrote: UTF-8 bytes without NUL, CR or LF, compared byte for byte.
/// Bytes and not `String`, because nothing here may pay for (or be fooled by) Unicode equivalence.
public struct Text: Hashable, Sendable, ExpressibleByStringLiteral, CustomStringConvertible {
    /// UTF-8.
    public var bytes: [UInt8]

    /// Trusts the caller that the bytes are valid UTF-8 without NUL, CR or LF.
    public init(_ bytes: [UInt8]) { self.bytes = bytes }
    /// Trusts the caller as for an array.
    public init(_ bytes: ArraySlice<UInt8>) { self.bytes = Array(bytes) }
    /// Trusts the caller that there is no NUL, CR or LF.
    public init(_ text: String) { self.bytes = Array(text.utf8) }
    /// For texts of the program itself.
    public init(stringLiteral text: String) { self.init(text) }

    /// The same for those who show it.
    public var string: String { String(decoding: bytes, as: UTF8.self) }
    /// The text itself.
    public var description: String { string }
    /// Whether it has no byte.
    public var isEmpty: Bool { bytes.isEmpty }
    /// Bytes, which are what limits count.
    public var byteCount: Int { bytes.count }

    /// One behind the other.
    public static func + (left: Text, right: Text) -> Text { Text(left.bytes + right.bytes) }
}
