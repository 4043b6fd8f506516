// SPDX-License-Identifier: Apache-2.0

import Foundation
import PlenaryDomain
import PlenarySearch
import PlenaryTerms
import Testing

/// One word in the ways in which it is written and typed; none begins another.
struct WordForms: Sendable {
    var forms: [String]
    init(_ forms: String...) { self.forms = forms }
}

struct RecallLanguage: Sendable, CustomTestStringConvertible {
    var name: String
    /// What stands between two words.
    var separators: [String]
    var words: [WordForms]
    var testDescription: String { name }

    static let all = [
        RecallLanguage(
            name: "English", separators: [" ", ", ", "; ", " (", ") ", "/", "—"],
            words: [
                WordForms("treaty", "Treaty", "TREATY"), WordForms("reporting", "Reporting", "ｒｅｐｏｒｔｉｎｇ"),
                WordForms("follow", "FOLLOW"), WordForms("national", "National"), WordForms("mechanism"),
                WordForms("recommendation"), WordForms("practice", "Practice"), WordForms("database"),
                WordForms("file", "ﬁle", "File"), WordForms("2030", "２０３０"), WordForms("naive", "naïve"),
            ]),
        RecallLanguage(
            name: "French", separators: [" ", ", ", " « ", " » ", " – ", "-"],
            words: [
                WordForms("comité", "comite", "COMITÉ", "comite\u{0301}"), WordForms("État", "etat", "ETAT"),
                WordForms("élaboration", "elaboration", "Élaboration"), WordForms("œuvre", "ŒUVRE"),
                WordForms("français", "francais", "FRANÇAIS"), WordForms("droits", "Droits"),
                WordForms("conseil", "Conseil"), WordForms("rapport"), WordForms("suivi", "Suivi"),
                WordForms("où", "ou", "OÙ"),
            ]),
        RecallLanguage(
            name: "Spanish", separators: [" ", ", ", " ¿", "? ", " ¡", "! "],
            words: [
                WordForms("año", "ano", "AÑO"), WordForms("coordinación", "coordinacion", "COORDINACIÓN"),
                WordForms("público", "publico"), WordForms("güila", "guila"),
                WordForms("derechos", "Derechos"),
                WordForms("seguimiento"), WordForms("aplicación", "aplicacion"),
                WordForms("nación", "nacion"),
            ]),
        RecallLanguage(
            name: "Russian", separators: [" ", ", ", " «", "» ", " — "],
            words: [
                WordForms("отчёт", "отчет", "ОТЧЁТ", "Отчет"), WordForms("всё", "все", "ВСЁ"),
                WordForms("механизм", "Механизм"), WordForms("права", "Права", "ПРАВА"),
                WordForms("человека"),
                WordForms("национальный", "Национальный"), WordForms("совет", "Совет"),
                WordForms("рекомендация", "РЕКОМЕНДАЦИЯ"), WordForms("ещё", "еще"),
            ]),
        RecallLanguage(
            name: "Arabic", separators: [" ", "، ", "؛ ", " (", ") "],
            words: [
                WordForms("حقوق", "حُقُوق", "حقـوق", "ﺣﻘﻮﻕ"), WordForms("الإنسان", "الانسان", "الإِنْسَان"),
                WordForms("اللجنة", "اللجنه", "اللَّجْنَة"), WordForms("مستوى", "مستوي"),
                WordForms("آلية", "الية", "آليه"), WordForms("تقرير", "تَقرير", "تقـــرير"),
                WordForms("المتابعة", "المتابعه"), WordForms("وطنية", "وطنيّة", "وطنيه"),
                WordForms("تنفيذ", "تَنْفِيذ"), WordForms("أول", "اول", "ٱول"),
            ]),
        RecallLanguage(
            name: "Chinese", separators: ["，", "。", " ", "、", "（", "）"],
            words: [
                WordForms("人权"), WordForms("理事会"), WordForms("国家机制"), WordForms("执行情况"),
                WordForms("报告"), WordForms("后续行动"), WordForms("建议"), WordForms("数据库"),
                WordForms("条约机构"), WordForms("普遍定期审议"), WordForms("⼊口", "入口"),
            ]),
        RecallLanguage(
            name: "Japanese and Korean", separators: ["、", " ", "。"],
            words: [
                WordForms("ガイド", "ｶﾞｲﾄﾞ", "カ\u{3099}イト\u{3099}"), WordForms("報告書"), WordForms("ひらがな"),
                WordForms("人権"), WordForms("데이터베이스"),
                WordForms("권고", "\u{1100}\u{116F}\u{11AB}\u{1100}\u{1169}"),
                WordForms("이행"), WordForms("ヘルプデスク"),
            ]),
    ]
}

/// What is promised is found, all of it, and nothing else: against messages made of words known by their number.
@Suite struct RecallTests {
    private struct Made {
        /// Numbers of the words, in order.
        var words: [Int]
        var text: String
    }

    private func make(_ language: RecallLanguage, _ random: inout SeededRandom) -> Made {
        let words = (0..<Int.random(in: 1...7, using: &random)).map { _ in
            Int.random(in: 0..<language.words.count, using: &random)
        }
        var text = ""
        for (place, word) in words.enumerated() {
            if place > 0 { text += language.separators.randomElement(using: &random) ?? " " }
            text += language.words[word].forms.randomElement(using: &random) ?? ""
        }
        return Made(words: words, text: text)
    }

    @Test(arguments: RecallLanguage.all) func everyFormFindsEveryForm(language: RecallLanguage) throws {
        let seed = UInt64.random(in: .min ... .max)
        print("everyFormFindsEveryForm, \(language.name): seed \(seed)")
        var random = SeededRandom(seed: seed)
        let made = (0..<1_500).map { _ in make(language, &random) }
        let stage = try SearchStage(made.map(\.text))
        stage.settle()
        func expected(_ isWanted: ([Int]) -> Bool) -> [UInt64] {
            made.indices.filter { isWanted(made[$0].words) }.map { UInt64($0) }
        }
        for (number, word) in language.words.enumerated() {
            for form in word.forms {
                let found = try stage.find(form)
                #expect(found == expected { $0.contains(number) }, "\(form), seed \(seed)")
            }
            let other = Int.random(in: 0..<language.words.count, using: &random)
            let (first, second) = (word.forms[0], language.words[other].forms[0])
            let both = try stage.find(first + " " + second)
            #expect(
                both == expected { $0.contains(number) && $0.contains(other) }, "\(first) \(second), \(seed)")
            let phrase = try stage.find("\"\(first) \(second)\"")
            #expect(
                phrase
                    == expected { words in zip(words, words.dropFirst()).contains { $0 == (number, other) } },
                "\"\(first) \(second)\", seed \(seed)")
        }
        stage.close()
    }

    @Test(arguments: ["Chinese"]) func everyPieceOfARunOfTwoOrMoreIsFound(name: String) throws {
        let seed = UInt64.random(in: .min ... .max)
        print("everyPieceOfARunOfTwoOrMoreIsFound: seed \(seed)")
        var random = SeededRandom(seed: seed)
        let language = try #require(RecallLanguage.all.first { $0.name == name })
        // Without separators, so that what is looked for begins and ends anywhere.
        let texts = (0..<1_000).map { _ in
            (0..<Int.random(in: 1...6, using: &random)).map { _ in
                language.words.dropLast().randomElement(using: &random)?.forms[0] ?? ""
            }.joined()
        }
        let stage = try SearchStage(texts)
        stage.settle()
        for _ in 0..<300 {
            let text = Array(texts.randomElement(using: &random) ?? "")
            let length = Int.random(in: 1...min(6, text.count), using: &random)
            let start = Int.random(in: 0...(text.count - length), using: &random)
            let piece = String(text[start..<(start + length)])
            let found = try stage.find(piece)
            let expected = texts.indices.filter { texts[$0].contains(piece) }.map { UInt64($0) }
            #expect(found == expected, "\(piece), seed \(seed)")
        }
        stage.close()
    }

    /// The founding document, paragraph by paragraph: every word of it, and every beginning of a last word.
    @Test func everyWordOfTheFoundingDocumentIsFound() throws {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("seed/founding-document.txt")
        let document = try String(contentsOf: file, encoding: .utf8)
        let paragraphs = document.components(separatedBy: "\n").filter { !$0.isEmpty }
        #expect(paragraphs.count > 15)
        let stage = try SearchStage(paragraphs)
        stage.settle()
        let words = paragraphs.map { paragraph in
            paragraph.lowercased().components(separatedBy: CharacterSet.alphanumerics.inverted)
                .filter { !$0.isEmpty }
        }
        let distinct = Set(words.flatMap { $0 })
        #expect(distinct.count > 200)
        for word in distinct {
            let exact = try stage.find("\"\(word)\"")
            #expect(exact == words.indices.filter { words[$0].contains(word) }.map { UInt64($0) }, "\(word)")
            guard word.count >= 3 else { continue }
            let start = String(word.prefix(3))
            let beginning = try stage.find(start)
            let expected = words.indices.filter { words[$0].contains { $0.hasPrefix(start) } }
            #expect(beginning == expected.map { UInt64($0) }, "\(start)")
        }
        for symbol in ["A/HRC/50/64", "a/66/860"] {
            let found = try stage.find(symbol)
            let expected = paragraphs.indices.filter {
                paragraphs[$0].lowercased().contains(symbol.lowercased())
            }
            #expect(!expected.isEmpty)
            #expect(found == expected.map { UInt64($0) })
        }
        stage.close()
    }
}
