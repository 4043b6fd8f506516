// SPDX-License-Identifier: Apache-2.0

/// What a text may hold that somebody types or pastes.
enum InputText {
    /// The text with every kind of line end as LF, without other control characters but TAB (C0, DEL, C1),
    /// and without U+FFFD, which stands for bytes that were no text.
    static func cleaned(_ text: String) -> String {
        var kept = String.UnicodeScalarView()
        var followsReturn = false
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0x0D, 0x2028, 0x2029: kept.append("\n")
            case 0x0A where followsReturn: break
            case 0x0A, 0x09: kept.append(scalar)
            case 0..<0x20, 0x7F...0x9F, 0xFFFD: break
            default: kept.append(scalar)
            }
            followsReturn = scalar == "\r"
        }
        return String(kept)
    }
}
