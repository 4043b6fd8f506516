// SPDX-License-Identifier: Apache-2.0

/// What a person wrote: UTF-8 bytes without NUL, CR or LF, compared byte for byte.
/// Bytes and not `String`, because nothing here may pay for (or be fooled by) Unicode equivalence.
public struct Text: Hashable, Sendable, ExpressibleByStringLiteral, CustomStringConvertible {
    public var bytes: [UInt8]

    /// Trusts the caller that the bytes are valid UTF-8 without NUL, CR or LF.
    public init(_ bytes: [UInt8]) { self.bytes = bytes }
    public init(_ bytes: ArraySlice<UInt8>) { self.bytes = Array(bytes) }
    public init(_ text: String) { self.bytes = Array(text.utf8) }
    public init(stringLiteral text: String) { self.init(text) }

    public var string: String { String(decoding: bytes, as: UTF8.self) }
    public var description: String { string }
    public var isEmpty: Bool { bytes.isEmpty }
    public var byteCount: Int { bytes.count }

    public static func + (left: Text, right: Text) -> Text { Text(left.bytes + right.bytes) }
}
