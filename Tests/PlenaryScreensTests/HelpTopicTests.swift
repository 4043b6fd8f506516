// SPDX-License-Identifier: Apache-2.0

import PlenaryScreens
import Testing

@Suite struct HelpTopicTests {
    @Test(arguments: Language.allCases)
    func everyTopicHasATitleAndAsManyParagraphsAsInEnglish(language: Language) {
        for topic in HelpTopic.allCases {
            let lines = topic.source(in: language).split(separator: "\n", omittingEmptySubsequences: false)
            #expect(lines.count == topic.source(in: .english).split(separator: "\n").count, "\(topic)")
            #expect((6...15).contains(lines.count), "\(language) \(topic) has \(lines.count) lines")
            for line in lines {
                #expect(
                    !line.isEmpty && line.first != " " && line.last != " ", "\(language) \(topic): \(line)")
                let forbidden = line.unicodeScalars.contains { scalar in
                    scalar.value < 32 || scalar.properties.generalCategory == .format
                }
                #expect(!forbidden, "\(language) \(topic): \(line)")
            }
        }
    }

    /// Commands and keys are the same in every language, so a help text that names others is wrong.
    @Test(arguments: Language.allCases)
    func everyTopicNamesTheSameCommandsAsInEnglish(language: Language) {
        func words(_ text: String) -> Set<String> {
            let pattern = /(^|[^a-zA-Z0-9A-Z\/])(\/[a-z]{2,}|F[0-9]{1,2}|Ctrl\+[A-Z_]\w*|Alt\+\w+)/
            return Set(text.matches(of: pattern).map { String($0.output.2) })
        }
        for topic in HelpTopic.allCases {
            let wanted = words(topic.source(in: .english))
            let found = words(topic.source(in: language))
            #expect(found == wanted, "\(language) \(topic): \(found.symmetricDifference(wanted))")
        }
    }

    @Test func everyCommandThatIsNamedExists() {
        for topic in HelpTopic.allCases {
            for match in topic.source(in: .english).matches(of: /(^|\s)\/([a-z]{2,})/) {
                let word = String(match.output.2)
                #expect(SlashCommand.named(word) != nil || word == "text", "\(topic): /\(word)")
            }
        }
    }

    @Test func aTopicIsFoundByNameAndByTitle() {
        #expect(HelpTopic.named("THREADS") == .threads)
        #expect(HelpTopic.named("обсуждения") == .threads)
        #expect(HelpTopic.named("语言") == .languages)
        #expect(HelpTopic.named("nothing") == nil)
    }

    @Test func theTopicOnCommandsListsEachOfferedOneOnce() {
        let list = Catalogue(.english).commandList()
        #expect(list.count == SlashCommand.allCases.count { $0.isOffered })
        #expect(list.contains("/join NAME: Enter a channel"))
        #expect(Catalogue(.french).commandList().contains("/join NAME, /entrer\u{A0}: Rejoindre un canal"))
        #expect(Catalogue(.english).paragraphs(.commands).suffix(list.count) == list[...])
    }
}
