// SPDX-License-Identifier: Apache-2.0

/// Whether the bytes are well-formed UTF-8 (Unicode, table 3-7: no overlong form, no surrogate, ≤ U+10FFFF).
package func isValidUTF8(_ bytes: Slice<UnsafeRawBufferPointer>) -> Bool {
    isValidUTF8(UnsafeRawBufferPointer(rebasing: bytes))
}

/// The same over a whole buffer; runs of ASCII are passed over eight bytes at a time.
package func isValidUTF8(_ bytes: UnsafeRawBufferPointer) -> Bool {
    var index = 0
    let count = bytes.count
    while index < count {
        while index + 8 <= count,
            bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self) & 0x8080_8080_8080_8080 == 0
        {
            index += 8
        }
        guard index < count else { return true }
        let lead = bytes[index]
        if lead < 0x80 {
            index += 1
            continue
        }
        let length: Int
        var low: UInt8 = 0x80
        var high: UInt8 = 0xBF
        switch lead {
        case 0xC2...0xDF: length = 2
        case 0xE0: (length, low) = (3, 0xA0)
        case 0xED: (length, high) = (3, 0x9F)
        case 0xE1...0xEF: length = 3
        case 0xF0: (length, low) = (4, 0x90)
        case 0xF4: (length, high) = (4, 0x8F)
        case 0xF1...0xF3: length = 4
        default: return false
        }
        guard index + length <= count, bytes[index + 1] >= low, bytes[index + 1] <= high else { return false }
        for offset in 2..<max(length, 2) where bytes[index + offset] & 0xC0 != 0x80 { return false }
        index += length
    }
    return true
}

/// The longest prefix of at most `byteLimit` bytes that ends between code points of valid UTF-8.
package func utf8Prefix(_ bytes: [UInt8], byteLimit: Int) -> ArraySlice<UInt8> {
    guard bytes.count > byteLimit else { return bytes[...] }
    var end = max(byteLimit, 0)
    while end > 0, bytes[end] & 0xC0 == 0x80 { end -= 1 }
    return bytes[..<end]
}
