// SPDX-License-Identifier: Apache-2.0

/// The forms that a noun takes behind a number (Unicode CLDR, "Language Plural Rules", cardinal, whole
/// numbers).
package enum PluralCategory: String, Sendable, Hashable, CaseIterable {
    case zero, one, two, few, many, other

    /// The form for a number. A negative number, which nothing here has, takes that of its magnitude.
    package static func of(_ number: Int, in language: Language) -> PluralCategory {
        let count = number.magnitude
        switch language {
        case .arabic: return arabic(count)
        case .chinese: return .other
        case .english: return count == 1 ? .one : .other
        case .french: return count <= 1 ? .one : isMillions(count) ? .many : .other
        case .russian: return russian(count)
        case .spanish: return count == 1 ? .one : isMillions(count) ? .many : .other
        }
    }

    /// The forms that whole numbers take in a language. Russian `other` is for fractions alone.
    package static func used(in language: Language) -> [PluralCategory] {
        switch language {
        case .arabic: allCases
        case .chinese: [.other]
        case .english: [.one, .other]
        case .french, .spanish: [.one, .many, .other]
        case .russian: [.one, .few, .many, .other]
        }
    }

    /// 1 000 000, 2 000 000 …: `de` stands between such a number and its noun.
    private static func isMillions(_ count: UInt) -> Bool { count != 0 && count % 1_000_000 == 0 }

    private static func arabic(_ count: UInt) -> PluralCategory {
        switch (count, count % 100) {
        case (0, _): .zero
        case (1, _): .one
        case (2, _): .two
        case (_, 3...10): .few
        case (_, 11...99): .many
        default: .other
        }
    }

    private static func russian(_ count: UInt) -> PluralCategory {
        switch (count % 10, count % 100) {
        case (_, 11...14): .many
        case (1, _): .one
        case (2...4, _): .few
        default: .many
        }
    }
}

/// A noun in its forms; `{count}` is the number. A form that the language has not is read as `other`.
package struct PluralForms: Sendable, Hashable {
    private let forms: [PluralCategory: String]
    private let other: String

    init(
        zero: String? = nil, one: String? = nil, two: String? = nil, few: String? = nil, many: String? = nil,
        other: String
    ) {
        var forms: [PluralCategory: String] = [:]
        forms[.zero] = zero
        forms[.one] = one
        forms[.two] = two
        forms[.few] = few
        forms[.many] = many
        self.forms = forms
        self.other = other
    }

    /// The form of a category.
    package subscript(category: PluralCategory) -> String { forms[category] ?? other }
    /// The forms that are written out.
    package var categories: Set<PluralCategory> { Set(forms.keys).union([.other]) }
}
