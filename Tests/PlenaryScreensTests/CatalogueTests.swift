// SPDX-License-Identifier: Apache-2.0

import PlenaryScreens
import PlenaryTerminal
import Testing

/// Claims about the words of the interface in six languages.
@Suite struct CatalogueTests {
    /// Every text with its key, and its columns where it has a place of its own.
    static func texts(_ language: Language) -> [(key: String, text: String, slot: Int?)] {
        Phrase.allCases.map { ("Phrase.\($0)", $0.template(in: language), $0.slot) }
            + ActionPhrase.allCases.map {
                ("ActionPhrase.\($0)", $0.template(in: language), ActionPhrase.slot)
            }
            + Sentence.allCases.map { ("Sentence.\($0)", $0.template(in: language), nil) }
            + CountedPhrase.allCases.flatMap { noun in
                PluralCategory.used(in: language).map {
                    ("CountedPhrase.\(noun).\($0)", noun.forms(in: language)[$0], nil)
                }
            }
    }

    /// Names in braces, in order.
    static func gaps(_ text: String) -> [String] {
        text.split(separator: "{", omittingEmptySubsequences: false).dropFirst()
            .map { String($0.prefix { $0 != "}" }) }
    }

    /// Columns of a text without its gaps: wide East Asian letters take two, combining marks none.
    static func columns(_ text: String) -> Int {
        var columns = 0
        var isGap = false
        for scalar in text.unicodeScalars {
            if scalar == "{" { isGap = true }
            if !isGap {
                switch scalar.properties.generalCategory {
                case .nonspacingMark, .enclosingMark, .format: columns += 0
                default:
                    let isWide =
                        (0x2E80...0xA4CF).contains(scalar.value) || (0xAC00...0xD7A3).contains(scalar.value)
                        || (0xF900...0xFAFF).contains(scalar.value)
                        || (0xFF01...0xFF60).contains(scalar.value)
                    columns += isWide ? 2 : 1
                }
            }
            if scalar == "}" { isGap = false }
        }
        return columns
    }

    @Test(arguments: Language.allCases)
    func noTextIsEmptyOrHoldsACharacterThatCouldMoveOthers(language: Language) {
        for (key, text, _) in CatalogueTests.texts(language) {
            #expect(!text.isEmpty, "\(language) \(key)")
            let forbidden = text.unicodeScalars.contains { scalar in
                scalar.value < 32 || (0x7F..<0xA0).contains(scalar.value)
                    || scalar.properties.generalCategory == .format
            }
            #expect(!forbidden, "\(language) \(key)")
            #expect(text.first != " " && text.last != " ", "\(language) \(key)")
        }
    }

    @Test(arguments: Language.allCases)
    func everyTextHasTheSameGapsAsInEnglish(language: Language) {
        func table(_ language: Language) -> [(String, String)] {
            CatalogueTests.texts(language).filter { !$0.key.hasPrefix("CountedPhrase") }.map { ($0.0, $0.1) }
        }
        for ((key, wanted), (_, text)) in zip(table(.english), table(language)) {
            #expect(
                Set(CatalogueTests.gaps(text)) == Set(CatalogueTests.gaps(wanted)),
                "\(language) \(key): \(text)")
        }
    }

    @Test(arguments: Language.allCases)
    func everyGapHasAName(language: Language) {
        for (key, text, _) in CatalogueTests.texts(language) {
            for name in CatalogueTests.gaps(text) {
                #expect(Placeholder(rawValue: name) != nil, "\(language) \(key): \(name)")
            }
        }
    }

    @Test(arguments: Language.allCases)
    func noTextIsWiderThanItsPlace(language: Language) {
        for (key, text, slot) in CatalogueTests.texts(language) {
            guard let slot else { continue }
            let columns = CatalogueTests.columns(text)
            #expect(columns <= slot, "\(language) \(key) takes \(columns) of \(slot): \(text)")
        }
    }

    /// Names, punctuation and words that these languages share.
    private static let shared: Set<String> = [
        "Phrase.threadMark", "Phrase.withKey", "Phrase.hintMenu", "Phrase.hintActions",
        "Phrase.columnMessages",
        "Phrase.groupMessages", "Sentence.didOther",
        "Sentence.kindQuestion",
        "Sentence.channelRow", "Sentence.channelPlace", "Sentence.reportNumber", "Phrase.gapLoad",
        "Sentence.titledText", "Sentence.says", "Phrase.direct", "Sentence.kindAction",
        "Sentence.codeAndText", "Sentence.peopleAre",
    ]

    @Test(arguments: Language.allCases.filter { $0 != .english })
    func noTextWasLeftInEnglish(language: Language) {
        for ((key, english, _), (_, text, _)) in zip(
            CatalogueTests.texts(.english), CatalogueTests.texts(language))
        where !CatalogueTests.shared.contains(key) && !key.hasPrefix("CountedPhrase") {
            #expect(text != english, "\(language) \(key)")
        }
    }

    @Test func noKeyStandsInTwoTables() {
        let keys =
            Phrase.allCases.map(\.rawValue) + ActionPhrase.allCases.map(\.rawValue)
            + Sentence.allCases.map(\.rawValue)
        #expect(Set(keys).count == keys.count)
    }

    @Test func onlyEnglishIsReviewed() {
        #expect(Language.allCases.filter { Catalogue($0).isReviewed } == [.english])
    }

    // MARK: Filling

    @Test func aGapTakesItsValueAsItIsAndWithoutOneKeepsItsName() {
        let catalogue = Catalogue(.english)
        #expect(catalogue.text(.notSent, [.reason: "{name} is {reason}"]) == "not sent: {name} is {reason}")
        #expect(catalogue.text(.wasRemoved, [.name: "bo"]) == "bo was put out by {actor}")
        #expect(catalogue.text(.invitesYou, [.name: "ann", .place: "lobby"]).hasSuffix("/join lobby"))
    }

    @Test func whatSomebodyIsCalledIsIsolatedAndKeepsItsLook() {
        let text = Catalogue(.arabic).styled(
            .toPlace, [.place: StyledText("#practices", .bold)], style: .faint)
        #expect(
            text.spans == [.init("إلى ", .faint), .init("#practices", .bold, isIsolated: true)])
        let unfilled = Catalogue(.english).styled(.toPlace)
        #expect(unfilled.spans.map(\.text).joined() == "To {place}")
    }

    @Test func frenchBreaksNoLineBeforeItsPunctuation() {
        #expect(Catalogue(.french).text(.notSent, [.reason: "a : b"]) == "non envoyé\u{A0}: a : b")
        #expect(Catalogue(.french).text(.leaveQuestion, [.place: "lobby"]).hasSuffix("lobby\u{A0}?"))
    }

    @Test func sentencesFollowEachOtherAsTheLanguageSetsThem() {
        #expect(Catalogue(.english).joined(["One.", "", "Two."]) == "One. Two.")
        #expect(Catalogue(.chinese).joined(["一。", "二。"]) == "一。二。")
    }
}
