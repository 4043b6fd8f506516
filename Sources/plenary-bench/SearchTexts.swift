// SPDX-License-Identifier: Apache-2.0

import PlenaryDomain
import PlenaryTerms

/// A repeatable stream of random numbers (SplitMix64).
struct BenchRandom: RandomNumberGenerator {
    private var state: UInt64
    init(seed: UInt64) { state = seed }
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }
}

/// The words of one language: some of its own, the most frequent ones, and then ones made of its syllables.
struct BenchLanguage: Sendable {
    let tag: String
    /// What stands between two words.
    let separator: String
    let words: [String]

    private init(_ tag: String, separator: String = " ", _ frequent: String, syllables: String) {
        self.tag = tag
        self.separator = separator
        var words = frequent.split(separator: " ").map(String.init)
        let syllables = syllables.split(separator: " ").map(String.init)
        var number = syllables.count
        while words.count < BenchLanguage.wordCount {
            var (word, rest) = ("", number)
            while rest > 0 {
                word += syllables[rest % syllables.count]
                rest /= syllables.count
            }
            words.append(word)
            number += 1
        }
        self.words = words
    }

    /// Words of each language. The n-th is about n times as rare as the first, as in real texts.
    static let wordCount = 20_000

    static let all: [BenchLanguage] = [
        BenchLanguage(
            "en",
            """
            the of and to in for on with by from report treaty body human rights council national mechanism \
            implementation reporting follow up recommendation review practice State database question committee
            """, syllables: "re con ter men pol sta vi der nor tal mar sen pra lin for ges tu cer ban dop"),
        BenchLanguage(
            "fr",
            """
            de la le les et des en du un une rapport comité droits homme conseil État suivi mise œuvre élaboration \
            mécanisme national recommandation examen périodique universel français pratique données où
            """, syllables: "ré con té men pô sta vi dé nor tal mer cin pra lin fé ges tu çer ban œu"),
        BenchLanguage(
            "es",
            """
            de la que el en y los del las un informe comité derechos humanos consejo Estado seguimiento aplicación \
            mecanismo nacional recomendación examen periódico universal año coordinación práctica base datos
            """, syllables: "ra con ción men pe sta vi de ñor tal mar sen pra lin fo gue tú cer ban llo"),
        BenchLanguage(
            "ru",
            """
            и в на о по для с от к при отчёт доклад комитет права человека совет государство выполнение механизм \
            национальный рекомендация обзор периодический универсальный практика вопрос данных её
            """, syllables: "ре кон тер мен пол ста ви дер нор таль мар сен пра лин фор жес ту цер бан ёж"),
        BenchLanguage(
            "ar",
            """
            في من على إلى عن مع هذا أن التي تقرير لجنة حقوق الإنسان مجلس الدولة متابعة تنفيذ آلية وطنية توصية \
            استعراض دوري شامل ممارسة بيانات سؤال
            """, syllables: "را كو تي من بو ست في در نو تل مر سن بر لي فو جس تو سر بن دى"),
        BenchLanguage(
            "zh-Hans", separator: "",
            """
            的 和 在 报告 条约 机构 人权 理事会 国家 机制 执行 后续 行动 建议 普遍 定期 审议 实践 数据库 问题 委员会 缔约国
            """, syllables: "法 律 政 府 社 会 经 济 文 化 教 育 卫 生 安 全 发 展 合 作"),
    ]

    /// A word, frequent ones more often: the logarithm of its rank is even.
    func word(_ random: inout BenchRandom) -> String {
        words[rank(Double.random(in: 0..<1, using: &random))]
    }

    /// 1, 2, 4 … of the number of words, by the share of the logarithm.
    private func rank(_ share: Double) -> Int {
        var (low, high) = (1.0, Double(words.count))
        var share = share
        // Halving in logarithms, without a call of `pow`.
        for _ in 0..<20 {
            let middle = (low * high).squareRoot()
            if share < 0.5 { high = middle } else { low = middle }
            share = share < 0.5 ? share * 2 : share * 2 - 1
        }
        return min(words.count - 1, max(0, Int(low) - 1))
    }
}

/// Messages by their offset, the same in every run.
struct BenchMessages: Sendable {
    static let channelCount = 100
    static let authorCount = 1_000
    /// Paragraphs of a real text, each of which is said now and then.
    var paragraphs: [String]

    func event(at offset: UInt64) -> LoggedEvent {
        var random = BenchRandom(seed: offset)
        let language = BenchLanguage.all[Int.random(in: 0..<BenchLanguage.all.count, using: &random)]
        let text: String
        if offset % 50 == 7, let paragraph = paragraphs.randomElement(using: &random) {
            text = paragraph
        } else {
            var words: [String] = []
            for _ in 0..<Int.random(in: 4...30, using: &random) { words.append(language.word(&random)) }
            if offset % 40 == 3 { words.append(" A/HRC/\(offset % 60)/\(offset % 97). ") }
            text = words.joined(separator: language.separator)
        }
        let account = AccountID(UInt32.random(in: 0..<UInt32(BenchMessages.authorCount), using: &random))
        let channel = ChannelID(UInt32.random(in: 0..<UInt32(BenchMessages.channelCount), using: &random))
        let posted = MessagePosted(
            conversation: .channel(channel), target: "#channel", kind: .privateMessage,
            actor: Actor(source: "a!u@localhost", account: account, accountName: "a"),
            clientTags: Text("+plenary.chat/lang=" + language.tag), lines: [MessageLine(Text(text))])
        return LoggedEvent(
            offset: Offset(offset),
            time: Timestamp(microseconds: 1_700_000_000_000_000 + Int64(offset) * 1_000),
            event: .messagePosted(posted))
    }
}
