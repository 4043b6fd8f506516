// SPDX-License-Identifier: Apache-2.0

import PlenaryTerms

/// The languages of the interface are those of the server.
package typealias Language = PlenaryTerms.Language

extension Language {
    /// Its own name for itself.
    package var ownName: String {
        switch self {
        case .arabic: "العربية"
        case .chinese: "中文"
        case .english: "English"
        case .french: "Français"
        case .russian: "Русский"
        case .spanish: "Español"
        }
    }

    /// Whether it is written from right to left, and the whole screen is mirrored.
    package var isRightToLeft: Bool { self == .arabic }

    /// The language a locale such as `fr_CH.UTF-8` or `zh-Hans` begins with; nil for another one.
    package init?(locale: String) {
        self.init(rawValue: locale.prefix { $0.isLetter }.lowercased())
    }
}
