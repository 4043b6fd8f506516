// SPDX-License-Identifier: Apache-2.0

/// Divides a stream of bytes into JSON objects that follow each other with or without white space between them.
package struct JSONDivider: Sendable {
    private var object: [UInt8] = []
    private var depth = 0
    private var isInString = false
    private var isEscaped = false
    private var isTooLong = false

    /// A stream of which nothing has come.
    package init() {}

    /// Takes bytes as they come and returns the objects that are complete. One that is too long is left out, and
    /// counted.
    package mutating func take(_ bytes: [UInt8]) -> (objects: [[UInt8]], tooLongCount: Int) {
        var objects: [[UInt8]] = []
        var tooLongCount = 0
        for byte in bytes {
            if depth == 0 {
                // What stands between objects, such as a list's brackets and commas, is passed over.
                guard byte == UInt8(ascii: "{") else { continue }
                depth = 1
                object = [byte]
                isTooLong = false
                continue
            }
            if object.count < RelayLimits.adapterRecordByteLimit {
                object.append(byte)
            } else {
                isTooLong = true
            }
            follow(byte)
            if depth == 0 {
                if isTooLong { tooLongCount += 1 } else { objects.append(object) }
                object = []
            }
        }
        return (objects, tooLongCount)
    }

    private mutating func follow(_ byte: UInt8) {
        if isEscaped {
            isEscaped = false
        } else if isInString {
            if byte == UInt8(ascii: "\\") { isEscaped = true }
            if byte == UInt8(ascii: "\"") { isInString = false }
        } else {
            switch byte {
            case UInt8(ascii: "\""): isInString = true
            case UInt8(ascii: "{"): depth += 1
            case UInt8(ascii: "}"): depth -= 1
            default: break
            }
        }
    }
}
