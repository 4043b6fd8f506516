// SPDX-License-Identifier: Apache-2.0

import PlenaryDomain
import PlenaryTerms
import Testing

/// Marks out of a message's client-only tags (docs/extensions/marks.md).
@Suite struct MarkTests {
    @Test func allThreeAreReadBetweenOtherTags() throws {
        let references = "+plenary.chat/ref=doc:a/hrc/50/64,SDG:16.6,sdg:16.6"
        let marks = try MessageMarks(
            clientTags: Text(
                "+a=b;+plenary.chat/kind=outcome;+plenary.chat/lang=ZH-hans;+c;" + references))
        #expect(marks.kind == .outcome)
        #expect(marks.language?.description == "zh-Hans")
        #expect(marks.references.map(\.description) == ["doc:A/HRC/50/64", "sdg:16.6"])
    }

    @Test(arguments: [
        "", "+a=b", "+plenary.chat/kind", "+plenary.chat/kind=", "+plenary.chat/ref=;+plenary.chat/lang=",
        "+other.example/kind=nonsense", "plenary.chat/kind=nonsense", "+plenary.chat/kinds=nonsense", ";;;=;",
    ])
    func otherTagsAndEmptyOnesMarkNothing(tags: String) throws {
        let marks = try MessageMarks(clientTags: Text(tags))
        #expect(marks == MessageMarks())
    }

    @Test func everyKindIsKnown() throws {
        let kinds = [
            "question", "answer", "practice", "lesson", "outcome", "action", "announcement", "correction",
        ]
        for kind in kinds {
            let marks = try MessageMarks(clientTags: Text("+plenary.chat/kind=" + kind))
            #expect(marks.kind?.rawValue == kind)
        }
        #expect(MessageMark.Kind.allCases.count == kinds.count)
    }

    @Test func aWrongValueIsNamedAsItWasSent() {
        func error(_ tags: String) -> MarkError? {
            do throws(MarkError) {
                _ = try MessageMarks(clientTags: Text(tags))
                return nil
            } catch { return error }
        }
        #expect(error("+plenary.chat/kind=Question") == .kind("Question"))
        #expect(error("+plenary.chat/kind=a\\sb\\r\\n") == .kind("a\\sb\\r\\n"))
        #expect(error("+plenary.chat/lang=en_US") == .language("en_US"))
        #expect(error("+plenary.chat/ref=sdg:16,doc:x") == .reference("doc:x"))
        #expect(error("+plenary.chat/ref=sdg:16,") == .reference(""))
        #expect(error("+plenary.chat/kind=x;+plenary.chat/kind=lesson") == nil)
    }

    @Test(arguments: [7, 8, 9]) func aMessageHasAtMostEightReferences(count: Int) throws {
        let value = Text((1...count).map { "sdg:\($0)" }.joined(separator: ","))
        let tags = "+plenary.chat/ref=" + value
        if count <= 8 {
            let marks = try MessageMarks(clientTags: tags)
            #expect(marks.references.count == count)
        } else {
            #expect(throws: MarkError.reference(value)) { try MessageMarks(clientTags: tags) }
        }
    }

    @Test(arguments: [299, 300, 301]) func theReferencesHaveAtMost300Bytes(byteCount: Int) throws {
        let value = Text("sdg:16,uhri:" + String(repeating: "x", count: byteCount - 12))
        let tags = "+plenary.chat/ref=" + value
        if byteCount <= 300 {
            let marks = try MessageMarks(clientTags: tags)
            #expect(marks.references.count == 2)
        } else {
            #expect(throws: MarkError.reference(value)) { try MessageMarks(clientTags: tags) }
        }
    }

    @Test func escapesAreTakenOut() throws {
        let marks = try MessageMarks(clientTags: "+plenary.chat/kind=\\lesson\\")
        #expect(marks.kind == .lesson)
    }
}
