// SPDX-License-Identifier: Apache-2.0

/// A language of the interface: the six official ones of the United Nations.
package enum Language: String, Sendable, Hashable, CaseIterable {
    case arabic = "ar"
    case chinese = "zh"
    case english = "en"
    case french = "fr"
    case russian = "ru"
    case spanish = "es"

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
        let word = locale.prefix { $0.isLetter }.lowercased()
        self.init(rawValue: word)
    }
}
