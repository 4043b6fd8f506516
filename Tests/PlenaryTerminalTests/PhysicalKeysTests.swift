// SPDX-License-Identifier: Apache-2.0

import PlenaryTerminal
import Testing

@Suite struct PhysicalKeysTests {
    /// Key by key, as the layouts are printed on keyboards.
    private static let russian = """
        ё` йq цw уe кr еt нy гu шi щo зp х[ ъ] фa ыs вd аf пg рh оj лk дl ж; э' яz чx сc мv иb тn ьm б, ю.
        Ё~ ЙQ ЦW УE КR ЕT НY ГU ШI ЩO ЗP Х{ Ъ} ФA ЫS ВD АF ПG РH ОJ ЛK ДL Ж: Э" ЯZ ЧX СC МV ИB ТN ЬM Б< Ю>
        """
    private static let arabic = """
        ذ` ضq صw ثe قr فt غy عu هi خo حp ج[ د] شa سs يd بf لg اh تj نk مl ك; ط' ئz ءx ؤc رv ﻻb ىn ةm و, ز. ظ/
        ﻹT إY ÷I ×O ؛P ﻷG أH ـJ ،K ﻵB آN ؟?
        """
    private static let marks: [(Unicode.Scalar, Character)] = [
        ("\u{64E}", "Q"), ("\u{64B}", "W"), ("\u{64F}", "E"), ("\u{64C}", "R"), ("\u{650}", "A"),
        ("\u{64D}", "S"),
        ("\u{652}", "X"), ("\u{651}", "~"),
    ]

    @Test(arguments: [(russian, 66), (arabic, 46)])
    func everyKeyOfTheLayoutIsTheLatinOneAtItsPlace(layout: String, count: Int) {
        let pairs = layout.split { $0 == " " || $0 == "\n" }
        #expect(pairs.count == count)
        for pair in pairs {
            #expect(pair.count == 2)
            #expect(pair.first.flatMap(PhysicalKeys.latin) == pair.last, "\(pair)")
            #expect(PhysicalKeys.latin(of: String(pair.prefix(1))) == pair.last, "\(pair)")
        }
    }

    @Test func vowelMarksAreShiftedKeys() {
        for (mark, latin) in Self.marks { #expect(PhysicalKeys.latin(Character(mark)) == latin) }
    }

    @Test func theLamAlefKeyIsOneKeyHoweverItTypes() {
        for (text, latin) in [("لا", "b"), ("ﻻ", "b"), ("لآ", "B"), ("لأ", "G"), ("لإ", "T")]
            as [(String, Character)]
        {
            #expect(PhysicalKeys.latin(of: text) == latin)
        }
        #expect(PhysicalKeys.latin(of: "قق") == nil)
        #expect(PhysicalKeys.latin(of: "") == nil)
    }

    @Test func latinAndChineseTextMeansItself() {
        for character in "rR1/é们🙂" { #expect(PhysicalKeys.latin(character) == nil) }
    }

    @Test func punctuationOfInputMethodsIsOurs() {
        for (typed, ascii) in zip("／＃＠？：，；！（）％～＿　؟،؛٪٭", "/#@?:,;!()%~_ ?,;%*") {
            #expect(PhysicalKeys.asciiPunctuation(typed) == ascii, "\(typed)")
        }
        for character in "ａＺ０/?。、们ق" { #expect(PhysicalKeys.asciiPunctuation(character) == nil) }
    }
}
