// SPDX-License-Identifier: Apache-2.0

import PlenaryScreens
import Testing

/// The plural rules against the sample numbers of CLDR (`plurals.xml`, `@integer`).
@Suite struct PluralTests {
    private static let samples: [(Language, PluralCategory, [Int])] = [
        (.arabic, .zero, [0]), (.arabic, .one, [1]), (.arabic, .two, [2]),
        (.arabic, .few, [3, 10, 103, 110, 1003, 10_003, 1_000_003]),
        (.arabic, .many, [11, 26, 99, 111, 1011, 100_011, 1_000_011]),
        (.arabic, .other, [100, 102, 200, 202, 300, 302, 1000, 10_000, 1_000_000]),
        (.chinese, .other, [0, 1, 2, 15, 100, 1_000_000]),
        (.english, .one, [1]), (.english, .other, [0, 2, 16, 100, 101, 1_000_000]),
        (.french, .one, [0, 1]), (.french, .many, [1_000_000, 2_000_000]),
        (.french, .other, [2, 17, 100, 1000, 10_000, 1_000_001]),
        (.russian, .one, [1, 21, 31, 81, 101, 1001]), (.russian, .few, [2, 4, 22, 24, 62, 102, 1002]),
        (.russian, .many, [0, 5, 11, 14, 19, 100, 111, 112, 1000, 1_000_000]),
        (.spanish, .one, [1]), (.spanish, .many, [1_000_000, 6_000_000]),
        (.spanish, .other, [0, 2, 16, 100, 1000, 1_000_001]),
    ]

    @Test func numbersTakeTheFormOfTheUnicodeRules() {
        for (language, category, numbers) in PluralTests.samples {
            for number in numbers {
                #expect(PluralCategory.of(number, in: language) == category, "\(language) \(number)")
            }
        }
    }

    @Test func theExtremesOfANumberTakeAForm() {
        for language in Language.allCases {
            for number in [Int.min, Int.max, -1] {
                #expect(!Catalogue(language).count(.messages, number).isEmpty)
            }
        }
    }

    @Test(arguments: Language.allCases)
    func everyFormOfTheLanguageIsWrittenOutAndNoOther(language: Language) {
        for noun in CountedPhrase.allCases {
            let wanted = Set(PluralCategory.used(in: language)).union([.other])
            #expect(noun.forms(in: language).categories == wanted, "\(language) \(noun)")
        }
    }

    /// Arabic says none, one and two by words.
    @Test(arguments: Language.allCases)
    func everyFormThatStandsForSeveralNumbersSaysWhich(language: Language) {
        for noun in CountedPhrase.allCases {
            for category in PluralCategory.used(in: language) {
                if language == .arabic, [.zero, .one, .two].contains(category) { continue }
                #expect(CatalogueTests.gaps(noun.forms(in: language)[category]) == ["count"], "\(noun)")
            }
        }
    }

    @Test func aNumberStandsWithItsNoun() {
        #expect(Catalogue(.english).count(.newMessages, 1) == "1 new message")
        #expect(Catalogue(.english).count(.messages, 1000, shown: "1000+") == "1000+ messages")
        #expect(Catalogue(.russian).count(.messages, 22) == "22 сообщения")
        #expect(Catalogue(.russian).count(.inSeconds, 1) == "через 1 секунду")
        #expect(Catalogue(.arabic).count(.threads, 2) == "موضوعان")
        #expect(Catalogue(.arabic).count(.threads, 12) == "12 موضوعًا")
        #expect(Catalogue(.french).count(.messages, 2_000_000) == "2000000 de messages")
        #expect(Catalogue(.chinese).count(.lines, 7) == "7 行")
    }
}
