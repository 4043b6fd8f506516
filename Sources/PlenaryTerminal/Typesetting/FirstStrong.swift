// SPDX-License-Identifier: Apache-2.0

extension BaseDirection {
    /// The direction of a text by its first strong letter outside of isolates (UAX #9, P2 and P3); automatic if it
    /// has none. For a piece that is isolated in its line but is to align by itself, as the body of a message.
    package static func byFirstStrong(in text: some StringProtocol) -> BaseDirection {
        let table = ScalarTrie.shared
        var depth = 0
        for scalar in text.unicodeScalars {
            switch table[scalar].bidiClass {
            case .lri, .rli, .fsi: depth += 1
            case .pdi: depth = max(0, depth - 1)
            // What a paragraph leaves open ends with it.
            case .b: depth = 0
            case .l where depth == 0: return .leftToRight
            case .r where depth == 0, .al where depth == 0: return .rightToLeft
            default: break
            }
        }
        return .automatic
    }
}
