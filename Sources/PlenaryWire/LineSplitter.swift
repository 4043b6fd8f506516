// SPDX-License-Identifier: Apache-2.0

/// Cuts a byte stream into lines at LF, dropping one CR before it (modern.ircd.chat, "Message Format").
///
/// Holds at most one unfinished line. What is longer than any line may be is thrown away up to its LF and
/// reported once, so a stream without line breaks costs bounded memory.
package struct LineSplitter: Sendable {
    package enum Piece {
        /// A line without its line break; the bytes are valid during the call only.
        case line(UnsafeRawBufferPointer)
        /// A line that was longer than the limit and has been dropped.
        case overlong
    }

    private let byteLimit: Int
    private var rest: [UInt8] = []
    private var isSkipping = false

    package init(limits: WireLimits) { byteLimit = limits.lineByteLimit }

    /// Bytes of the line that has begun and not ended.
    package var unfinishedByteCount: Int { rest.count }
    package var hasUnfinishedLine: Bool { !rest.isEmpty || isSkipping }

    /// Calls `body` for each line that these bytes complete, in order.
    package mutating func split(_ bytes: UnsafeRawBufferPointer, _ body: (Piece) -> Void) {
        var start = 0
        while start < bytes.count {
            let remaining = UnsafeRawBufferPointer(rebasing: bytes[start...])
            guard let length = remaining.firstIndex(of: 10) else {
                keep(remaining, body)
                return
            }
            let part = UnsafeRawBufferPointer(rebasing: remaining[..<length])
            if isSkipping {
                isSkipping = false
            } else if rest.isEmpty {
                deliver(part, body)
            } else {
                rest.append(contentsOf: part)
                rest.withUnsafeBytes { deliver($0, body) }
                rest = []
            }
            start += length + 1
        }
    }

    private func deliver(_ line: UnsafeRawBufferPointer, _ body: (Piece) -> Void) {
        var line = line
        if line.last == 13 { line = UnsafeRawBufferPointer(rebasing: line.dropLast()) }
        body(line.count + 2 > byteLimit ? .overlong : .line(line))
    }

    private mutating func keep(_ bytes: UnsafeRawBufferPointer, _ body: (Piece) -> Void) {
        guard !isSkipping else { return }
        guard rest.count + bytes.count <= byteLimit else {
            rest = []
            isSkipping = true
            body(.overlong)
            return
        }
        rest.append(contentsOf: bytes)
    }
}
