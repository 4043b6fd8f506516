// SPDX-License-Identifier: Apache-2.0

/// The marks and borders a screen is made of. Each is one column wide; where a terminal paints some of them
/// two
/// columns wide, or has no such letters, the ASCII ones are used.
package struct GlyphSet: Sendable, Hashable {
    package var vertical: Character
    package var horizontal: Character
    /// Where the vertical border meets the line below the panes.
    package var crossing: Character
    /// Beside the place one is in, on the side of the text's beginning and on the other one.
    package var current: Character
    package var currentMirrored: Character
    package var prompt: Character
    package var promptMirrored: Character
    /// Between a place and what is shown of it.
    package var arrow: Character
    package var arrowMirrored: Character
    package var here: Character
    package var away: Character
    package var moderator: Character
    package var relayed: Character
    package var mention: Character
    package var ellipsis: String
    package var up: Character
    package var down: Character
    package var separator: Character

    /// Box drawing, as every terminal with UTF-8 has it.
    package static let unicode = GlyphSet(
        vertical: "│", horizontal: "─", crossing: "┴", current: "▌", currentMirrored: "▐", prompt: ">",
        promptMirrored: "<", arrow: "▸", arrowMirrored: "◂", here: "●", away: "○", moderator: "*",
        relayed: "~", mention: "@", ellipsis: "…", up: "↑", down: "↓", separator: "·")

    /// ASCII only.
    package static let ascii = GlyphSet(
        vertical: "|", horizontal: "-", crossing: "+", current: ">", currentMirrored: "<", prompt: ">",
        promptMirrored: "<", arrow: ">", arrowMirrored: "<", here: "*", away: "-", moderator: "*",
        relayed: "~", mention: "@", ellipsis: "~", up: "^", down: "v", separator: "-")
}
