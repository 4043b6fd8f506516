// SPDX-License-Identifier: Apache-2.0
//
// Bytes as text: hexadecimal, base64 (RFC 4648, 4), and Crockford's base32 for codes people type.

private let hexDigits = Array("0123456789abcdef".utf8)
private let base64Digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
private let base32Digits = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ".utf8)

/// Lower-case hexadecimal, two digits a byte.
package func hex(_ bytes: some Sequence<UInt8>) -> String {
    var digits: [UInt8] = []
    for byte in bytes {
        digits.append(hexDigits[Int(byte >> 4)])
        digits.append(hexDigits[Int(byte & 15)])
    }
    return String(decoding: digits, as: UTF8.self)
}

/// The bytes a hexadecimal text means, upper or lower case; nil for anything else.
package func bytes(hex text: String) -> [UInt8]? {
    var result: [UInt8] = []
    var half: UInt8?
    for digit in text.utf8 {
        let value: UInt8
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): value = digit - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): value = digit - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): value = digit - UInt8(ascii: "A") + 10
        default: return nil
        }
        if let high = half {
            result.append(high << 4 | value)
            half = nil
        } else {
            half = value
        }
    }
    return half == nil ? result : nil
}

/// Base64 with padding.
package func base64(_ bytes: some Collection<UInt8>) -> String {
    var digits: [UInt8] = []
    digits.reserveCapacity((bytes.count + 2) / 3 * 4)
    var group: UInt32 = 0
    var groupCount = 0
    for byte in bytes {
        group = group << 8 | UInt32(byte)
        groupCount += 1
        if groupCount == 3 {
            for shift in [18, 12, 6, 0] as [UInt32] { digits.append(base64Digits[Int(group >> shift & 63)]) }
            group = 0
            groupCount = 0
        }
    }
    if groupCount == 1 {
        digits.append(base64Digits[Int(group >> 2 & 63)])
        digits.append(base64Digits[Int(group << 4 & 63)])
        digits.append(contentsOf: "==".utf8)
    } else if groupCount == 2 {
        digits.append(base64Digits[Int(group >> 10 & 63)])
        digits.append(base64Digits[Int(group >> 4 & 63)])
        digits.append(base64Digits[Int(group << 2 & 63)])
        digits.append(UInt8(ascii: "="))
    }
    return String(decoding: digits, as: UTF8.self)
}

/// The bytes a base64 text means. Strict as SASL wants it: the padding is there, nothing follows
/// it, no other character appears and the unused bits are zero; nil for anything else.
package func bytes(base64 text: String) -> [UInt8]? { bytes(base64: Array(text.utf8)) }

/// The bytes that base64 in ASCII means; strict, see the form for text.
package func bytes(base64 digits: [UInt8]) -> [UInt8]? {
    guard digits.count % 4 == 0 else { return nil }
    let paddingCount = digits.suffix(2).reversed().prefix { $0 == UInt8(ascii: "=") }.count
    var result: [UInt8] = []
    result.reserveCapacity(digits.count / 4 * 3)
    var bits: UInt32 = 0
    var bitCount: UInt32 = 0
    for digit in digits.dropLast(paddingCount) {
        guard let value = base64Value(digit) else { return nil }
        bits = bits << 6 | value
        bitCount += 6
        if bitCount >= 8 {
            bitCount -= 8
            result.append(UInt8(truncatingIfNeeded: bits >> bitCount))
            bits &= (1 << bitCount) - 1
        }
    }
    return bits == 0 ? result : nil
}

private func base64Value(_ digit: UInt8) -> UInt32? {
    switch digit {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(digit - UInt8(ascii: "A"))
    case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(digit - UInt8(ascii: "a")) + 26
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(digit - UInt8(ascii: "0")) + 52
    case UInt8(ascii: "+"): 62
    case UInt8(ascii: "/"): 63
    default: nil
    }
}

/// Crockford's base32 in upper case without check digit: no I, L, O or U, so a code survives being
/// read aloud. The last digit is filled with zero bits.
package func base32(_ bytes: some Sequence<UInt8>) -> String {
    var digits: [UInt8] = []
    var bits: UInt32 = 0
    var bitCount: UInt32 = 0
    for byte in bytes {
        bits = bits << 8 | UInt32(byte)
        bitCount += 8
        while bitCount >= 5 {
            bitCount -= 5
            digits.append(base32Digits[Int(bits >> bitCount & 31)])
            bits &= (1 << bitCount) - 1
        }
    }
    if bitCount > 0 { digits.append(base32Digits[Int(bits << (5 - bitCount) & 31)]) }
    return String(decoding: digits, as: UTF8.self)
}

/// The bytes a base32 code means, as people type it: any case, hyphens and spaces ignored, O for 0,
/// I and L for 1. Nil for other characters, an impossible length, or filling bits that are not zero.
package func bytes(base32 text: String) -> [UInt8]? {
    var result: [UInt8] = []
    var bits: UInt32 = 0
    var bitCount: UInt32 = 0
    for digit in text.utf8 {
        let upper = digit >= 97 && digit <= 122 ? digit - 32 : digit
        let plain: UInt8
        switch upper {
        case UInt8(ascii: "-"), UInt8(ascii: " "): continue
        case UInt8(ascii: "O"): plain = UInt8(ascii: "0")
        case UInt8(ascii: "I"), UInt8(ascii: "L"): plain = UInt8(ascii: "1")
        default: plain = upper
        }
        guard let value = base32Digits.firstIndex(of: plain) else { return nil }
        bits = bits << 5 | UInt32(value)
        bitCount += 5
        if bitCount >= 8 {
            bitCount -= 8
            result.append(UInt8(truncatingIfNeeded: bits >> bitCount))
            bits &= (1 << bitCount) - 1
        }
    }
    return bitCount < 5 && bits == 0 ? result : nil
}
