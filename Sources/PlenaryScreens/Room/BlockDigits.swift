// SPDX-License-Identifier: Apache-2.0

/// Figures that are read from the back of a room.
enum BlockDigits {
    /// Rows of a figure.
    static let rows = 5

    private static let figures: [Character: [String]] = [
        "0": ["####", "#  #", "#  #", "#  #", "####"], "1": ["  # ", " ## ", "  # ", "  # ", " ###"],
        "2": ["####", "   #", "####", "#   ", "####"], "3": ["####", "   #", " ###", "   #", "####"],
        "4": ["#  #", "#  #", "####", "   #", "   #"], "5": ["####", "#   ", "####", "   #", "####"],
        "6": ["####", "#   ", "####", "#  #", "####"], "7": ["####", "   #", "  # ", " #  ", " #  "],
        "8": ["####", "#  #", "####", "#  #", "####"], "9": ["####", "#  #", "####", "   #", "####"],
        ":": [" ", "#", " ", "#", " "], "-": ["   ", "   ", "###", "   ", "   "],
    ]

    /// Rows from top to bottom, all of one width. A character without a figure is left out.
    static func picture(of text: String, glyphs: GlyphSet) -> [String] {
        let block: Character = glyphs == .ascii ? "#" : "█"
        let parts = text.compactMap { figures[$0] }
        return (0..<rows).map { row in
            parts.map { $0[row] }.joined(separator: "  ").replacing("#", with: String(block))
        }
    }
}
