// SPDX-License-Identifier: Apache-2.0

/// A password as it is hashed and compared: the profile OpaqueString of RFC 8265, 4.2, as far as it goes
/// without tables of Unicode. Other spaces become U+0020; control characters are refused; case stays.
/// What is left out: normalization to NFC and the check for unassigned code points (docs/decisions/0104).
public enum OpaqueString {
    /// The prepared bytes; nil for what is empty, no UTF-8, or holds a control character.
    public static func prepared(_ bytes: some Collection<UInt8>) -> [UInt8]? {
        guard !bytes.isEmpty, let text = String(validating: bytes, as: UTF8.self) else { return nil }
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0x00...0x1F, 0x7F...0x9F: return nil
            case 0xA0, 0x1680, 0x2000...0x200A, 0x202F, 0x205F, 0x3000: result.append(0x20)
            default: result += Array(String(scalar).utf8)
            }
        }
        return result
    }
}
