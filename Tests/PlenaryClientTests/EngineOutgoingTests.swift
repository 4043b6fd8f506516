// SPDX-License-Identifier: Apache-2.0

import PlenaryClient
import PlenaryTerms
import Testing

/// The queue of outgoing messages.
@Suite struct EngineOutgoingTests {
    @Test func aMessageIsDeliveredByItsEchoOnly() {
        var stage = EngineStage()
        stage.goOnline()
        stage.send("hello", token: "t1")
        #expect(stage.states(of: "t1") == [.queued, .sending])
        stage.move(toClient: 0)
        #expect(stage.server.log.count == 1)
        #expect(stage.states(of: "t1").count == 2)
        #expect(stage.forgotten.isEmpty)
        stage.settle()
        guard case .delivered(let message) = stage.states(of: "t1").last else {
            Issue.record("\(stage.states(of: "t1"))")
            return
        }
        #expect(message.id == "m0")
        #expect(stage.forgotten == ["t1"])
        #expect(stage.messages.count == 1)
    }

    @Test func whatWasStoredAndNotEchoedIsSentAgainAndStoredOnce() {
        var stage = EngineStage()
        stage.goOnline()
        stage.send("hello", token: "t1")
        stage.move(toClient: 0)
        stage.breakConnection()
        #expect(stage.states(of: "t1").last == .queued)
        stage.wait(seconds: 1)
        stage.connect()
        stage.settle()
        #expect(stage.server.log.map(\.text) == ["hello"])
        #expect(stage.messages.map(\.text) == ["hello"])
        #expect(stage.forgotten == ["t1"])
    }

    @Test func aRefusalIsToldWithItsReasonAndNotRepeated() {
        var stage = EngineStage()
        stage.server.mutedChannels = ["#c"]
        stage.goOnline()
        stage.send("hello", token: "t1")
        stage.send("again", token: "t2")
        stage.settle()
        guard case .failed(.refused(let refusal)) = stage.states(of: "t1").last else {
            Issue.record("\(stage.states(of: "t1"))")
            return
        }
        #expect(refusal.code == "404")
        #expect(refusal.text == "You are muted until 15:00")
        #expect(stage.forgotten == ["t1", "t2"])
        #expect(stage.engine.outgoingCount == 0)
    }

    @Test(arguments: [199, 200, 201]) func theQueueHolds200Messages(count: Int) {
        var stage = EngineStage()
        for number in 1...count { stage.send("x\(number)", token: "t\(number)") }
        #expect(stage.engine.outgoingCount == min(count, 200))
        if count > 200 { #expect(stage.states(of: "t201") == [.failed(.queueIsFull(limit: 200))]) }
        stage.goOnline()
        #expect(stage.server.log.map(\.text) == (1...min(count, 200)).map { "x\($0)" })
    }

    @Test func withoutTokensTheHistoryTellsWhetherAMessageArrived() {
        for arrives in [true, false] {
            var stage = EngineStage()
            stage.server.offers.removeAll { $0.hasSuffix("idempotency") }
            stage.goOnline()
            stage.send("hello", token: "t1")
            if arrives { stage.move(toClient: 0) }
            stage.breakConnection()
            stage.wait(seconds: 1)
            stage.connect()
            stage.settle()
            #expect(stage.server.log.map(\.text) == ["hello"], "arrives: \(arrives)")
            guard case .delivered = stage.states(of: "t1").last else {
                Issue.record("\(stage.states(of: "t1"))")
                return
            }
        }
    }

    @Test func withoutTokensAndHistoryAnUncertainMessageIsNotSentAgain() {
        var stage = EngineStage()
        stage.server.offers.removeAll { $0.hasSuffix("idempotency") || $0 == "draft/chathistory" }
        stage.goOnline()
        stage.send("hello", token: "t1")
        stage.move(toClient: 0)
        stage.breakConnection()
        stage.wait(seconds: 1)
        stage.connect()
        stage.settle()
        #expect(stage.states(of: "t1").last == .failed(.deliveryUnknown))
        #expect(stage.server.log.count == 1)
    }

    @Test func aServerThatConfirmsNothingIsNotTrusted() {
        var stage = EngineStage()
        stage.server.offers.removeAll { $0 == "echo-message" }
        stage.goOnline()
        stage.send("hello", token: "t1")
        stage.settle()
        guard case .failed(.unsupported) = stage.states(of: "t1").last else {
            Issue.record("\(stage.states(of: "t1"))")
            return
        }
        #expect(stage.server.log.isEmpty)
    }

    @Test func withoutLabelsAPingEndsEachAnswer() {
        var stage = EngineStage()
        stage.server.offers.removeAll { $0 == "labeled-response" }
        stage.goOnline()
        stage.send("one", token: "t1")
        stage.send("two", token: "t2")
        stage.perform(stage.engine.request(7, "NONSENSE", [], tags: [:], stage.now))
        stage.settle()
        #expect(stage.server.log.map(\.text) == ["one", "two"])
        #expect(stage.forgotten == ["t1", "t2"])
        guard case .success(let reply) = stage.completed[7] else {
            Issue.record("\(String(describing: stage.completed[7]))")
            return
        }
        #expect(reply.refusal?.code == "421")
    }

    @Test func aRequestWithoutAnswerTimesOut() {
        var stage = EngineStage()
        stage.goOnline()
        stage.perform(stage.engine.request(1, "PRIVMSG", ["#c", "x"], tags: [:], stage.now))
        stage.dropBytes()
        stage.wait(seconds: 29.9)
        #expect(stage.completed[1] == nil)
        stage.wait(seconds: 0.1)
        #expect(stage.completed[1] == .failure(.timedOut))
    }

    @Test func stoppingKeepsWhatWasNotConfirmed() {
        var stage = EngineStage()
        stage.goOnline()
        stage.send("hello", token: "t1")
        stage.perform(stage.engine.stop(stage.now))
        #expect(stage.states.last == .offline(nil))
        #expect(stage.forgotten.isEmpty)
    }
}
