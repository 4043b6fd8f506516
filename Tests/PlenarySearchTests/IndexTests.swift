// SPDX-License-Identifier: Apache-2.0

import Foundation
import PlenaryDomain
import PlenarySearch
import PlenaryTerms
import Testing

/// What is found where, and what events change about it.
@Suite struct IndexTests {
    private let one = ChannelID(1)
    private let two = ChannelID(2)

    /// A channel, another, and two direct conversations, all with the same word.
    private func filledStage() throws -> SearchStage {
        let stage = try SearchStage()
        stage.post(SearchStage.message("word 0", in: .channel(one)))
        stage.post(SearchStage.message("word 1", in: .channel(two), by: 8))
        stage.post(SearchStage.message("word 2", in: .between(AccountID(7), AccountID(8))))
        stage.post(SearchStage.message("word 3", in: .between(AccountID(9), AccountID(8)), by: 9))
        stage.post(SearchStage.message("word 4", in: .channel(one), by: nil, thread: 12))
        stage.post(SearchStage.message("word 5", in: .channel(one), by: 8, kind: .notice))
        stage.post(SearchStage.message("word 6", in: .channel(one), kind: .tagOnly))
        stage.settle()
        return stage
    }

    @Test(arguments: [0, 2_000]) func onlyWhatTheScopeHasIsFound(otherCount: Int) throws {
        let stage = try filledStage()
        // With many other messages the scopes are narrow, and are searched in the other way.
        for _ in 0..<otherCount { stage.post(SearchStage.message("word", in: .channel(ChannelID(99)))) }
        stage.settle()
        func found(_ scope: SearchQuery.Scope) throws -> [UInt64] {
            try stage.find("word") { $0.scope = scope }
        }
        let cases: [(SearchQuery.Scope, [UInt64])] = [
            (.channel(one), [0, 4, 5]), (.channel(two), [1]), (.channel(ChannelID(3)), []),
            (.thread(one, ThreadID(12)), [4]), (.thread(one, .mainLine), [0, 5]),
            (.thread(two, ThreadID(12)), []),
            (.direct(AccountID(8), AccountID(7)), [2]), (.direct(AccountID(7), AccountID(9)), []),
            (.everywhere(channels: [one, two], directOf: AccountID(7)), [0, 1, 2, 4, 5]),
            (.everywhere(channels: [two], directOf: AccountID(8)), [1, 2, 3]),
            (.everywhere(channels: [], directOf: AccountID(9)), [3]),
            (.everywhere(channels: [], directOf: nil), []),
            (.everywhere(channels: [two], directOf: nil), [1]),
        ]
        for (scope, expected) in cases {
            let result = try found(scope)
            #expect(result == expected, "\(scope)")
        }
        stage.close()
    }

    @Test func filtersHoldTogether() throws {
        let stage = try SearchStage()
        let tags = "+plenary.chat/kind=lesson;+plenary.chat/lang=zh-hans;+plenary.chat/ref=sdg:16.a"
        stage.post(SearchStage.message("word one", tags: tags))
        stage.post(SearchStage.message("word two", by: 8, tags: "+plenary.chat/lang=zh;+x=y"))
        stage.post(SearchStage.message("word three", tags: "+plenary.chat/kind=question"))
        stage.post(SearchStage.message("word four", tags: "+plenary.chat/kind=nonsense"))
        stage.settle()
        func expect(_ offsets: [UInt64], _ change: (inout SearchQuery) -> Void) throws {
            let found = try stage.find("word", change)
            #expect(found == offsets)
        }
        try expect([0]) { $0.kind = .lesson }
        try expect([2]) { $0.kind = .question }
        try expect([0, 1]) { $0.language = LanguageTag("ZH") }
        try expect([0]) { $0.language = LanguageTag("zh-Hans") }
        try expect([]) { $0.language = LanguageTag("zh-Hans-CN") }
        try expect([0]) { $0.reference = DocumentReference("SDG:16.A") }
        try expect([1]) { $0.author = AccountID(8) }
        try expect([]) {
            $0.author = AccountID(8)
            $0.kind = .lesson
        }
        try expect([1, 2]) {
            $0.after = stage.events[0].time
            $0.before = stage.events[3].time
        }
        try expect([0, 2]) {
            $0.terms = nil
            $0.kind = nil
            $0.author = AccountID(7)
            $0.beforeOffset = Offset(3)
        }
        stage.close()
    }

    @Test func timesAreExclusiveToTheMillisecond() throws {
        let stage = try SearchStage()
        for _ in 0..<200 { stage.append(SearchStage.message("word")) }
        stage.post("word")
        stage.settle()
        for place in [0, 1, 77, 199, 200] {
            let time = stage.events[place].time
            for shift in [Int64(-1000), -1, 0, 1, 999, 1000] {
                let bound = Timestamp(microseconds: time.microseconds + shift)
                let later = try stage.find("word") { $0.after = bound }
                let earlier = try stage.find("word") { $0.before = bound }
                let wire = bound.microseconds / 1000
                #expect(
                    later == stage.events.filter { $0.time.microseconds / 1000 > wire }.map(\.offset.value))
                #expect(earlier == stage.events.filter { $0.time < bound }.map(\.offset.value))
            }
        }
        for far in [Int64.min, Int64.max] {
            let found = try stage.find("word") {
                $0.after = Timestamp(microseconds: far)
                $0.before = Timestamp(microseconds: far)
            }
            #expect(found == [])
        }
        stage.close()
    }

    @Test func pagesAreNewestFirstAndGoOnWhereTheLastEnded() throws {
        let stage = try SearchStage((0..<51).map { "word \($0)" })
        stage.settle()
        for (limit, expected) in [(0, 0), (1, 1), (49, 49), (50, 50), (51, 50), (-3, 0)] {
            let page = try stage.page(
                SearchQuery(
                    scope: .channel(one), terms: try SearchText.parse("word"), limit: limit))
            #expect(
                page.offsets.map(\.value) == Array((0..<51).reversed().prefix(expected)).map { UInt64($0) })
            #expect(page.isComplete == (limit <= 0))
        }
        let rest = try stage.page(
            SearchQuery(
                scope: .channel(one), terms: try SearchText.parse("word"), beforeOffset: Offset(1), limit: 1))
        #expect(rest == SearchPage(offsets: [Offset(0)], isComplete: true))
        stage.close()
    }

    @Test func aMovedMessageIsFoundInItsNewThread() throws {
        let stage = try filledStage()
        let move = MessagesMoved(
            channel: one, channelName: "#one", source: .mainLine, destination: ThreadID(3),
            messages: [Offset(0), Offset(1)], actor: SearchStage.actor())
        stage.post(.messagesMoved(move))
        stage.settle()
        let there = try stage.find("word") { $0.scope = .thread(one, ThreadID(3)) }
        let here = try stage.find("word") { $0.scope = .thread(one, .mainLine) }
        let other = try stage.find("word") { $0.scope = .thread(two, .mainLine) }
        #expect(there == [0])
        #expect(here == [5])
        #expect(other == [1])
        stage.close()
    }

    @Test func aRedactedMessageIsNotFoundAndOthersAre() throws {
        let stage = try filledStage()
        let redaction = MessageRedacted(
            conversation: .channel(one), target: "#one", message: Offset(4), reason: "",
            actor: SearchStage.actor())
        stage.post(.messageRedacted(redaction))
        stage.settle()
        let found = try stage.find("word")
        #expect(found == [0, 5])
        stage.close()
    }

    @Test func nothingOfADissolvedChannelIsFound() throws {
        let stage = try filledStage()
        stage.post(.channelDissolved(ChannelDissolved(channel: one)))
        stage.settle()
        let found = try stage.find("word") {
            $0.scope = .everywhere(channels: [one, two], directOf: AccountID(7))
        }
        #expect(found == [1, 2])
        stage.close()
    }

    @Test func aSymbolIsOneWordBesidesItsParts() throws {
        let stage = try SearchStage([
            "see A/HRC/50/64, please", "see (a/hrc/50/6).", "HRC 50 and 64", "CEDAW/C/XXX/CO/8-9 says",
            "A/HRC/50/15#133.45 it is", "https://undocs.org/en/A/HRC/50/64",
        ])
        stage.post(
            SearchStage.message("tagged", tags: "+plenary.chat/ref=doc:a/hrc/50/64,upr:A/HRC/50/15#1.2"))
        stage.settle()
        func expect(_ text: String, _ offsets: [UInt64]) throws {
            let found = try stage.find(text)
            #expect(found == offsets, "\(text)")
        }
        try expect("a/hrc/50/64 please", [0])
        try expect("A/HRC/50/64", [0, 5, 6])
        try expect("\"hrc 50 64\"", [0, 5])
        try expect("hrc 50", [0, 1, 2, 4, 5])
        try expect("A/HRC/50/6 see", [1])
        try expect("A/HRC/50/6", [0, 1, 5, 6])
        try expect("A/HRC/50/* see", [0, 1])
        try expect("cedaw/c/xxx/co/8-9", [3])
        try expect("A/HRC/50/15#133.45", [4])
        try expect("A/HRC/50/15 it", [4])
        func referring(_ text: String) throws -> [UInt64] {
            try stage.all(SearchQuery(scope: .channel(one), reference: DocumentReference(text), limit: 50))
        }
        let symbol = try referring("doc:A/HRC/50/64")
        let report = try referring("doc:A/HRC/50/15")
        let paragraph = try referring("upr:A/HRC/50/15#133.45")
        #expect(symbol == [0, 5, 6])
        #expect(report == [4, 6])
        #expect(paragraph == [4])
        stage.close()
    }

    @Test func searchesBeyondThoseThatMayWaitAreRefusedAndTheRestAreAnswered() throws {
        let stage = try SearchStage(["word"])
        stage.settle()
        let terms = try SearchText.parse("word")
        let group = DispatchGroup()
        let (isHeld, gate) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
        let refusals = LockedList<Int>()
        // An answer that is being taken holds the queue; its search is none of those that wait.
        stage.index.search(SearchQuery(scope: .channel(one), terms: terms)) { _ in
            isHeld.signal()
            gate.wait()
        }
        isHeld.wait()
        let places = SearchLimits.waitingLimit + 1
        for number in 0..<(places + 2) {
            group.enter()
            stage.index.search(SearchQuery(scope: .channel(one), terms: terms)) { result in
                if result == .failure(.busy) { refusals.add(number) }
                group.leave()
            }
        }
        #expect(refusals.all == [places, places + 1])
        gate.signal()
        group.wait()
        #expect(refusals.all.count == 2)
        stage.close()
    }

    @Test func aSearchThatTakesTooLongIsGivenUp() throws {
        let stage = try SearchStage(["word"])
        stage.settle()
        stage.close()
        try stage.open(searchMilliseconds: 0)
        #expect(throws: SearchError.timedOut) { try stage.find("word") }
        stage.close()
        #expect(throws: SearchError.closed) { try stage.find("word") }
    }
}
