// SPDX-License-Identifier: Apache-2.0

import PlenaryDialect
import PlenaryTerms
import Testing

/// Claims about the server's texts in six languages.
@Suite struct CatalogueTests {
    @Test(arguments: Language.allCases)
    func everyTextHasTheSameGapsAsInEnglish(language: Language) {
        for key in ServerText.allCases {
            let wanted = Set(Catalogue.placeholders(of: key, in: .english))
            #expect(Set(Catalogue.placeholders(of: key, in: language)) == wanted, "\(language) \(key)")
        }
    }

    @Test(arguments: Language.allCases)
    func noTextIsEmptyOrHoldsAByteThatALineMayNotHold(language: Language) {
        for key in ServerText.allCases {
            let source = Catalogue.source(of: key, in: language)
            #expect(!source.isEmpty, "\(language) \(key)")
            let forbidden = source.unicodeScalars.contains { scalar in
                // Controls, and the bidi controls that could re-order what follows on a screen.
                scalar.value < 32 || scalar.value == 127 || (0x202A...0x202E).contains(scalar.value)
                    || (0x2066...0x2069).contains(scalar.value)
            }
            #expect(!forbidden, "\(language) \(key)")
        }
    }

    /// A text stands behind a source, a numeric and two names in a line of 512 bytes.
    @Test(arguments: Language.allCases)
    func everyTextLeavesRoomInALine(language: Language) {
        for key in ServerText.allCases {
            #expect(Catalogue.source(of: key, in: language).utf8.count <= 200, "\(language) \(key)")
        }
    }

    @Test(arguments: Language.allCases)
    func everyBraceInATextIsAKnownGap(language: Language) {
        for key in ServerText.allCases {
            let braces = Catalogue.source(of: key, in: language).utf8.count { $0 == UInt8(ascii: "{") }
            #expect(braces == Catalogue.placeholders(of: key, in: language).count, "\(language) \(key)")
        }
    }

    /// Only the list of commands, which is names, may read the same in two languages.
    @Test(arguments: Language.allCases.filter { $0 != .english })
    func noTextWasLeftInEnglish(language: Language) {
        for key in ServerText.allCases where key != .helpCommandList {
            let isSame = Catalogue.source(of: key, in: language) == Catalogue.source(of: key, in: .english)
            #expect(!isSame, "\(language) \(key)")
        }
    }

    @Test func gapsAreFilledWithTheValuesAsTheyAre() {
        let line = text(.welcome, in: .english, [.network: "Plenary", .nick: "{server}"])
        #expect(line == "Welcome to the Plenary network, {server}")
    }

    @Test func aGapWithoutAValueKeepsItsName() {
        #expect(text(.loggedIn, in: .english) == "You are now logged in as {account}")
        #expect(text(.pingTimedOut, in: .russian, [.seconds: Text(number: 90)]) == "Нет ответа 90 секунд")
    }

    @Test func rawValuesCountFromZeroInOrder() {
        #expect(ServerText.allCases.map(\.rawValue) == Array(0..<ServerText.allCases.count))
    }
}
