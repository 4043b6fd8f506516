// SPDX-License-Identifier: Apache-2.0

/// What is sent outside frames.
extension FrameEncoder {
    /// Bytes of text that the clipboard takes: larger ones are cut or refused by terminals, so `clipboard`
    /// gives nil and the caller says so.
    package static let clipboardByteLimit = 74_994

    /// Takes the screen: the alternate one, cleared, with bracketed paste; without automatic wrapping
    /// (DECAWM), so that a cluster wider than we think cannot reach the next row; with `ordersRuns` also
    /// bidi's explicit mode (`CSI 8 l`, ECMA-48 BDSM). The title is not touched.
    package var enter: [UInt8] {
        let explicit = ordersRuns ? "\u{1B}[8l" + mlterm(orders: false) : ""
        return Array("\u{1B}[?1049h\u{1B}[?2004h\u{1B}[?7l\(explicit)\u{1B}[m\u{1B}[2J\u{1B}[H".utf8)
    }

    /// Gives it back as it was, out of any state, a frame cut in the middle included.
    package var leave: [UInt8] {
        let implicit = ordersRuns ? "\u{1B}[8h" + mlterm(orders: true) : ""
        return Array("\u{1B}[?2026l\u{1B}[m\(implicit)\u{1B}[?2004l\u{1B}[?7h\u{1B}[?25h\u{1B}[?1049l".utf8)
    }

    /// mlterm's own way to say who orders lines (its doc/en/CONTROL SEQUENCES, OSC 5379); nothing for others.
    private func mlterm(orders: Bool) -> String {
        isMlterm ? "\u{1B}]5379;use_ctl=\(orders)\u{07}" : ""
    }

    /// Asks how wide the terminal paints an ambiguous character: `●` at the top left, where the cursor is now
    /// (answered as `InputEvent.cursorReport`: column 2 when it took one, 3 when it took two), and away with
    /// it. A full frame is to follow.
    package static let widthProbe = Array("\u{1B}[H●\u{1B}[6n\u{1B}[H  ".utf8)

    /// Puts a text on the clipboard of the terminal (xterm, OSC 52), in logical order; nil when it is too
    /// long.
    package static func clipboard(_ text: String) -> [UInt8]? {
        let plain = Array(text.utf8)
        guard plain.count <= clipboardByteLimit else { return nil }
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        var bytes = Array("\u{1B}]52;c;".utf8)
        for start in stride(from: 0, to: plain.count, by: 3) {
            let group = plain[start..<min(start + 3, plain.count)]
            var bits = 0
            for offset in 0..<3 {
                bits = bits << 8 | (start + offset < plain.count ? Int(plain[start + offset]) : 0)
            }
            for digit in 0..<4 {
                bytes.append(digit <= group.count ? alphabet[bits >> (18 - 6 * digit) & 63] : 0x3D)
            }
        }
        return bytes + [0x07]
    }
}
