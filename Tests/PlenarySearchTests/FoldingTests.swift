// SPDX-License-Identifier: Apache-2.0

import PlenaryDomain
import PlenarySearch
import PlenaryTerms
import Testing

/// What a word is (docs/extensions/search.md), language by language: what is written one way is found by another.
@Suite struct FoldingTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var text: String
        var query: String
        var isFound = true
        var testDescription: String { "\(query) \(isFound ? "finds" : "does not find") \(text)" }
    }

    static let cases: [Case] = [
        // Case, marks, compatibility forms
        Case(text: "The COMMITTEE decides", query: "committee decides"),
        Case(text: "Le comité décide", query: "COMITE decide"),
        Case(text: "Le comite decide", query: "comité décidé"),
        Case(text: "De\u{0301}cide\u{0301}", query: "Décidé"),
        Case(text: "œuvre commune", query: "ŒUVRE"),
        Case(text: "La coordinación en el año", query: "coordinacion ano"),
        Case(text: "¿Qué opción?", query: "que opcion"),
        Case(text: "Straße", query: "STRASSE"),
        Case(text: "ＦＵＬＬ width ﬁle ①", query: "full file 1"),
        Case(text: "x² ½", query: "x2 1"),
        Case(text: "İstanbul ılık", query: "istanbul ilik"),
        Case(text: "ὈΔΥΣΣΕΎΣ", query: "οδυσσευς"),
        Case(text: "zero\u{200B}width soft\u{AD}hyphen", query: "zero width softhyphen"),
        // Words
        Case(text: "l’homme d'État", query: "homme etat"),
        Case(text: "co-operation", query: "co operation"),
        Case(text: "co-operation", query: "co-operation"),
        Case(text: "operation co", query: "co-operation", isFound: false),
        Case(text: "snake_case", query: "case"),
        Case(text: "reporting", query: "report"),
        Case(text: "reporting", query: "report follow", isFound: false),
        Case(text: "reporting follow", query: "report follow", isFound: false),
        Case(text: "reporting follow", query: "report* follow"),
        Case(text: "reporting", query: "re", isFound: false),
        Case(text: "reporting", query: "rep"),
        Case(text: "reporting", query: "re*"),
        Case(text: "reporting", query: "\"report\"", isFound: false),
        Case(text: "the human rights council", query: "\"human rights\""),
        Case(text: "rights of the human", query: "\"human rights\"", isFound: false),
        Case(text: "rights of the human", query: "human rights"),
        Case(text: "human, rights", query: "\"human rights\""),
        // Formatting of IRC
        Case(
            text: "a \u{02}bo\u{02}ld \u{03}04,12red\u{03} \u{04}ff0000hex\u{0F} word", query: "bold red hex"),
        Case(text: "\u{03}", query: "x", isFound: false),
        // Russian
        Case(text: "Отчёт о Её работе", query: "отчет ее"),
        Case(text: "ОТЧЕТ", query: "отчёт"),
        Case(text: "механизм", query: "механизмы", isFound: false),
        Case(text: "механизмы", query: "механизм"),
        // Arabic: vowel signs, letter forms, tatweel, presentation forms
        Case(text: "حُقُوقُ الإِنْسَانِ", query: "حقوق الانسان"),
        Case(text: "حقوق الإنسان", query: "حُقُوق الأنسان"),
        Case(text: "اللجنة", query: "اللجنه"),
        Case(text: "على مستوى", query: "علي مستوي"),
        Case(text: "تقـــرير", query: "تقرير"),
        Case(text: "ٱلتنفيذ آلية", query: "التنفيذ الية"),
        Case(text: "ﺣﻘﻮﻕ", query: "حقوق"),
        // Chinese, Japanese, Korean
        Case(text: "人权理事会通过决议", query: "人权"),
        Case(text: "人权理事会通过决议", query: "理事会通过"),
        Case(text: "人权理事会通过决议", query: "理事通过", isFound: false),
        Case(text: "人权理事会通过决议", query: "决议"),
        Case(text: "人权理事会通过决议", query: "议"),
        Case(text: "人权理事会通过决议", query: "人权 决议"),
        Case(text: "人权理事会　通过", query: "会通", isFound: false),
        Case(text: "第51届会议HRC报告", query: "51 hrc 会议"),
        Case(text: "第51届会议", query: "第51届"),
        Case(text: "第51届会议", query: "\"届会议\""),
        Case(text: "カタカナとひらがな", query: "タカナとひ"),
        Case(text: "ｶﾞｲﾄﾞ", query: "ガイド"),
        Case(text: "か\u{3099}いと\u{3099}", query: "がいど"),
        Case(text: "がいど", query: "かいと", isFound: false),
        Case(text: "데이터베이스", query: "이터베"),
        Case(text: "\u{1103}\u{1166}\u{110B}\u{1175}\u{1110}\u{1165}", query: "데이터"),
        Case(text: "한국어를", query: "한국어"),
        // Others
        Case(text: "मानव अधिकार", query: "अधिकार"),
        Case(text: "סִפּוּר", query: "ספור"),
        Case(text: "👩‍👩‍👧 family", query: "family"),
    ]

    @Test(arguments: cases) func aTextIsFoundByItsOtherForms(_ example: Case) throws {
        let stage = try SearchStage([example.text])
        stage.settle()
        let found = try stage.find(example.query)
        #expect(found == (example.isFound ? [0] : []))
        stage.close()
    }

    @Test func linesAreSeparatedUnlessTheyGoOn() throws {
        let stage = try SearchStage()
        stage.post(SearchStage.message("first half\nsecond part"))
        stage.settle()
        let whole = try stage.find("\"half second\"")
        let joined = try stage.find("halfsecond")
        #expect(whole == [0])
        #expect(joined == [])
        stage.close()
    }

    @Test func wordsUpToTheLimitAreWholeAndLongerOnesAreFoundByTheirBeginning() throws {
        let limit = SearchLimits.tokenByteLimit
        for count in [limit - 1, limit, limit + 1] {
            let word = String(repeating: "w", count: count)
            let stage = try SearchStage([word])
            stage.settle()
            let found = try stage.find("\"\(word)\"")
            #expect(found == [0], "\(count)")
            stage.close()
        }
    }

    @Test func bytesThatAreNoTextSeparateWords() throws {
        let stage = try SearchStage()
        var text = Array("alpha".utf8) + [0xFF, 0xC3]
        text += Array("beta".utf8) + [0xE4, 0xBA]
        let posted = MessagePosted(
            conversation: .channel(SearchStage.channel), target: "#lobby", kind: .privateMessage,
            actor: SearchStage.actor(), lines: [MessageLine(Text(text))])
        stage.post(.messagePosted(posted))
        stage.settle()
        let found = try stage.find("alpha beta")
        #expect(found == [0])
        stage.close()
    }
}
