// SPDX-License-Identifier: Apache-2.0

import PlenaryScreens
import Testing

@Suite struct LanguageTests {
    @Test func aLocaleNamesItsLanguageByTheLettersItBeginsWith() {
        #expect(Language(locale: "fr_CH.UTF-8") == .french)
        #expect(Language(locale: "zh-Hans") == .chinese)
        #expect(Language(locale: "AR") == .arabic)
        #expect(Language(locale: "C.UTF-8") == nil)
        #expect(Language(locale: "") == nil)
    }
}
