// SPDX-License-Identifier: Apache-2.0

/// Columns that text takes on a terminal (UAX #11; ambiguous characters are narrow).
///
/// A cluster is as wide as its scalars together, at most two columns: marks and joiners take none, a vowel sign
/// that stands beside its letter takes one, and so do the two halves of a flag. Terminals that know no clusters
/// add up in the same way, so the two differ for emoji sequences only.
package enum DisplayWidth {
    /// Columns of one cluster: 0, 1 or 2. Control and format characters take none.
    package static func columns(_ character: Character) -> Int {
        if let byte = character.asciiValue { return columns(ofASCII: byte) }
        return columns(character.unicodeScalars)
    }

    /// Columns of all clusters of a text.
    package static func columns(_ text: some StringProtocol) -> Int {
        var sum = 0
        for byte in text.utf8 {
            guard byte < 0x80 else { return text.reduce(0) { $0 + columns($1) } }
            sum += columns(ofASCII: byte)
        }
        return sum
    }

    /// Columns of the scalars of one cluster.
    static func columns(_ scalars: some Sequence<Unicode.Scalar>) -> Int {
        var sum = 0
        var isWidened = false
        for scalar in scalars {
            if scalar.value == 0xFE0F, isWidened { sum += 1 }
            let properties = ScalarProperties(scalar)
            sum += properties.columns
            isWidened = properties.isWidenedBySelector
            if sum >= 2 { return 2 }
        }
        return sum
    }

    private static func columns(ofASCII byte: UInt8) -> Int { byte >= 0x20 && byte != 0x7F ? 1 : 0 }
}
