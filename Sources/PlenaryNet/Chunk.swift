// SPDX-License-Identifier: Apache-2.0

/// Bytes to send, encoded once and shared by all who receive them. Nothing changes them.
package struct Chunk: Sendable {
    /// Storage that may hold more than this chunk.
    package let bytes: [UInt8]
    /// The part of `bytes` that is meant.
    package let range: Range<Int>

    /// A whole array.
    package init(_ bytes: [UInt8]) {
        self.bytes = bytes
        range = 0..<bytes.count
    }

    /// A part of an array, which must lie within it.
    package init(_ bytes: [UInt8], range: Range<Int>) {
        precondition(range.lowerBound >= 0 && range.upperBound <= bytes.count, "A chunk lies in its bytes.")
        self.bytes = bytes
        self.range = range
    }

    /// Bytes that will be sent.
    package var count: Int { range.count }
}
