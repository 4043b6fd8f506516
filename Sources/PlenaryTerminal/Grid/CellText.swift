// SPDX-License-Identifier: Apache-2.0

/// What a cell may hold. Text is stripped long before it is painted; this is the last door, so that a mistake
/// elsewhere lets nobody write escape codes to somebody's terminal or turn the text around on it.
enum CellText {
    /// The text without control characters (C0, DEL, C1), line and paragraph separators and direction
    /// controls.
    static func cleaned(_ text: String) -> String {
        // Nearly every cell is one byte of ASCII, or begins with a byte that nothing forbidden begins with.
        var isSuspicious = false
        for byte in text.utf8 where byte < 0x20 || byte == 0x7F || isLead(byte) {
            isSuspicious = true
            break
        }
        guard isSuspicious, text.unicodeScalars.contains(where: isForbidden) else { return text }
        var kept = String.UnicodeScalarView()
        for scalar in text.unicodeScalars where !isForbidden(scalar) { kept.append(scalar) }
        return String(kept)
    }

    /// C2 leads C1, D8 leads U+061C, E2 leads U+200E to U+2069.
    private static func isLead(_ byte: UInt8) -> Bool { byte == 0xC2 || byte == 0xD8 || byte == 0xE2 }

    private static func isForbidden(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7F...0x9F: true
        case 0x061C, 0x200E, 0x200F: true
        case 0x2028...0x202E, 0x2066...0x2069: true
        default: false
        }
    }
}
