// SPDX-License-Identifier: Apache-2.0

import PlenaryTerminal

/// Texts such as nobody writes: all scripts, marks, emoji and controls in any order.
enum RandomText {
    private static let ranges: [ClosedRange<UInt32>] = [
        0x20...0x7E, 0x20...0x7E, 0x00...0x1F, 0x7F...0x9F, 0xA0...0x17F, 0x300...0x36F, 0x370...0x52F,
        0x590...0x5FF, 0x600...0x6FF, 0x621...0x64A, 0x621...0x64A, 0x64B...0x65F, 0x660...0x669,
        0x700...0x8FF,
        0x900...0xD7F, 0xE00...0xEFF, 0x1100...0x11FF, 0x1700...0x18AF, 0x2000...0x206F, 0x2066...0x2069,
        0x202A...0x202E, 0x200B...0x200F, 0x20D0...0x20FF, 0x2190...0x27FF, 0x3000...0x30FF, 0x4E00...0x4EFF,
        0xAC00...0xACFF, 0xD7B0...0xD7FB, 0xFB50...0xFDFF, 0xFE00...0xFE0F, 0xFE70...0xFFEF, 0xFFF0...0xFFFF,
        0x10900...0x1091F, 0x13430...0x1343F, 0x1D165...0x1D17F, 0x1E900...0x1E95F, 0x1F1E6...0x1F1FF,
        0x1F3FB...0x1F3FF, 0x1F400...0x1F64F, 0x20000...0x200FF, 0xE0020...0xE007F, 0xE0100...0xE010F,
        0x00...0x10FFFF,
    ]
    private static let phrases = [
        "👩🏽‍❤️‍💋‍👩🏿", "❤️", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "لا", "\r\n", "\n", "हिन्दी", "#practices", "A/HRC/50/64", "。", "（", "\t", "e\u{301}",
        "الأمم المتحدة", "人权", " ", "  ",
    ]

    static func text(_ random: inout TestRandom, pieceCountLimit: Int = 40) -> String {
        var text = ""
        // Real texts stay with one script for a while.
        var range = ranges.randomElement(using: &random) ?? 0x20...0x7E
        for _ in 0..<Int.random(in: 0...pieceCountLimit, using: &random) {
            switch Int.random(in: 0..<10, using: &random) {
            case 0: text += phrases.randomElement(using: &random) ?? ""
            case 1: text += " "
            case 2, 3: range = ranges.randomElement(using: &random) ?? range
            default:
                text.unicodeScalars.append(Unicode.Scalar(UInt32.random(in: range, using: &random)) ?? "a")
            }
        }
        return text
    }

    static func styled(_ random: inout TestRandom) -> StyledText {
        var text = StyledText()
        for _ in 0..<Int.random(in: 1...4, using: &random) {
            let style = [Style.plain, .bold, .faint].randomElement(using: &random) ?? .plain
            text.spans.append(
                .init(self.text(&random), style, isIsolated: Bool.random(using: &random)))
        }
        return text
    }
}
