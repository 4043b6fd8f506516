// SPDX-License-Identifier: Apache-2.0

import PlenaryClient
import PlenaryTerms
import Testing

/// Reconnecting, keeping alive, history without loss or repetition, and the queue of outgoing messages.
@Suite struct EngineTests {
    @Test func itSignsInJoinsAndIsOnline() {
        var stage = EngineStage()
        stage.goOnline()
        #expect(stage.states == [.connecting, .online])
        #expect(stage.engine.isOnline)
        #expect(stage.server.received.contains("CAP LS 302"))
        #expect(stage.server.received.contains { $0.hasSuffix("JOIN #c") })
        #expect(!stage.server.received.contains { $0.contains("secret123") })
    }

    @Test func aWrongPasswordEndsItForGood() {
        var stage = EngineStage(credentials: .password(account: "ann", password: "wrong"))
        stage.goOnline()
        guard case .offline(.authenticationFailed(let refusal)) = stage.states.last else {
            Issue.record("\(stage.states)")
            return
        }
        #expect(refusal.code == "904")
        stage.wait(seconds: 1000)
        #expect(!stage.wantsConnection)
    }

    @Test func withoutSASLItNeverEntersUnauthenticated() {
        var stage = EngineStage()
        stage.server.offers = ["message-tags", "echo-message"]
        stage.goOnline()
        guard case .offline(.authenticationUnavailable) = stage.states.last else {
            Issue.record("\(stage.states)")
            return
        }
    }

    // MARK: Reconnecting

    @Test func pausesDoubleUpTo60Seconds() {
        var stage = EngineStage()
        stage.start()
        var pauses: [Int64] = []
        for _ in 0..<9 {
            stage.perform(stage.engine.closed(.cannotReach(host: "h", port: 1, reason: "no"), stage.now))
            guard case .retrying(let pause, _) = stage.states.last else { break }
            pauses.append(pause / 1000)
            stage.wait(seconds: Double(pause) / 1000)
            #expect(stage.states.last == .connecting)
        }
        #expect(pauses == [1, 2, 4, 8, 16, 32, 60, 60, 60])
    }

    @Test func jitterShortensAPauseByAtMostAFifth() {
        for bits in [UInt64(0), 1, 12_345, .max] {
            var engine = ClientEngine(
                ConnectionConfiguration(
                    endpoint: Endpoint(host: "h"), session: SessionConfiguration(nickname: "a")),
                random: { bits })
            let now = Moment(wall: Timestamp(seconds: 0), monotonic: 0)
            _ = engine.start(now)
            let outputs = engine.closed(.cannotReach(host: "h", port: 1, reason: "no"), now)
            guard case .event(.stateChanged(.retrying(let pause, _))) = outputs.last else {
                Issue.record("\(outputs)")
                return
            }
            #expect((800...1000).contains(pause))
        }
    }

    @Test func aPauseBeginsAnewAfterBeingOnline() {
        var stage = EngineStage()
        stage.start()
        for _ in 0..<5 {
            stage.perform(stage.engine.closed(.timedOut, stage.now))
            stage.wait(seconds: 61)
        }
        stage.connect()
        stage.settle()
        stage.breakConnection()
        #expect(stage.states.last == .retrying(inMilliseconds: 1000, because: .disconnected("reset")))
    }

    @Test func aWrongIdentityIsNotTriedAgain() throws {
        var stage = EngineStage()
        stage.start()
        let pin = try #require(Pin(bytes: [UInt8](repeating: 1, count: 32)))
        let identity = PeerIdentity(pin: pin, certificateFingerprint: "", subject: "")
        stage.perform(stage.engine.closed(.identityMismatch(expected: [], found: identity), stage.now))
        stage.wait(seconds: 1000)
        #expect(stage.states.last == .offline(.identityMismatch(expected: [], found: identity)))
    }

    @Test func connectingAndRegisteringHaveTheirDeadlines() {
        var stage = EngineStage()
        stage.start()
        stage.wait(seconds: 14.9)
        #expect(stage.states == [.connecting])
        stage.wait(seconds: 0.1)
        #expect(stage.states.count == 2)
        stage.wait(seconds: 1)
        stage.connect()
        stage.wait(seconds: 29.9)
        #expect(stage.isConnected)
        stage.wait(seconds: 0.1)
        #expect(!stage.isConnected)
    }

    // MARK: Keeping alive

    @Test func aSilentServerIsAskedAfter30SecondsAndDeadAfter45() {
        var stage = EngineStage()
        stage.goOnline()
        let before = stage.server.received.count
        stage.wait(seconds: 29.9)
        stage.settle()
        #expect(stage.server.received.count == before)
        stage.wait(seconds: 0.1)
        stage.settle()
        #expect(stage.server.received.last?.hasPrefix("PING ") == true)
        stage.wait(seconds: 29)
        #expect(stage.engine.isOnline)
        // This time the PING is lost.
        stage.wait(seconds: 1)
        stage.wait(seconds: 14.9)
        #expect(stage.engine.isOnline)
        stage.wait(seconds: 0.1)
        #expect(stage.states.last == .retrying(inMilliseconds: 1000, because: .timedOut))
        #expect(!stage.isConnected)
    }

    @Test func theAlarmIsSetToTheNextThingThatHappens() {
        var stage = EngineStage()
        #expect(stage.engine.nextDeadline == nil)
        stage.start()
        #expect(stage.engine.nextDeadline == 15_000_000)
        stage.connect()
        stage.settle()
        #expect(stage.engine.nextDeadline == 30_000_000)
    }

    // MARK: History

    @Test func whatWasMissedComesOnceAndInOrderOverSeveralPages() {
        var stage = EngineStage()
        stage.goOnline()
        stage.say("1")
        stage.settle()
        stage.breakConnection()
        for number in 2...9 { stage.say("\(number)") }
        stage.wait(seconds: 1)
        stage.connect()
        stage.settle()
        stage.say("10")
        stage.settle()
        #expect(stage.messages.map(\.text) == (1...10).map(String.init))
        #expect(stage.gaps.isEmpty)
        #expect(stage.events.contains(.historySynced(conversation: "#c", messageCount: 8)))
    }

    @Test func aFirstAbsenceBeforeAnyMessageIsBridgedToo() {
        var stage = EngineStage()
        stage.goOnline()
        stage.breakConnection()
        for number in 1...4 { stage.say("\(number)") }
        stage.wait(seconds: 1)
        stage.connect()
        stage.settle()
        #expect(stage.messages.map(\.text) == ["1", "2", "3", "4"])
    }

    @Test func liveMessagesWaitUntilTheHistoryBeforeThemIsThere() {
        var stage = EngineStage()
        stage.goOnline()
        stage.say("1")
        stage.settle()
        stage.breakConnection()
        for number in 2...7 { stage.say("\(number)") }
        stage.wait(seconds: 1)
        stage.connect()
        // Step by step, with somebody speaking between any two bytes' worth of steps.
        var number = 8
        while !stage.events.contains(where: {
            if case .historySynced(_, let count) = $0 { count > 0 } else { false }
        }) {
            stage.move(toServer: 40, toClient: 60)
            if stage.server.received.count > 3, number < 12 {
                stage.say("\(number)")
                number += 1
            }
        }
        stage.settle()
        #expect(stage.messages.map(\.text) == (1..<number).map(String.init))
    }

    @Test func aServerWithoutMessageReferencesIsAskedByTime() {
        var stage = EngineStage()
        stage.server.acceptsIDs = false
        stage.goOnline()
        stage.say("1")
        stage.settle()
        stage.breakConnection()
        for number in 2...9 { stage.say("\(number)") }
        stage.wait(seconds: 1)
        stage.connect()
        stage.settle()
        #expect(stage.messages.map(\.text) == (1...9).map(String.init))
        #expect(!stage.server.received.contains { $0.contains("msgid=") })
    }

    @Test func whatCannotBeBridgedIsAGapAndTheNewestFollows() {
        var stage = EngineStage()
        stage.goOnline()
        stage.say("1")
        stage.settle()
        stage.breakConnection()
        for number in 2...9 { stage.say("\(number)") }
        stage.server.bridges = false
        stage.wait(seconds: 1)
        stage.connect()
        stage.settle()
        #expect(stage.messages.map(\.text) == ["1", "7", "8", "9"])
        #expect(stage.gaps.count == 1)
        #expect(stage.gaps.first?.from == stage.messages[0].time)
        #expect(stage.gaps.first?.to == stage.messages[1].time)
    }

    @Test func aShortAbsenceIsNoGapEvenWhenOnlyTheNewestCanBeHad() {
        var stage = EngineStage()
        stage.goOnline()
        stage.say("1")
        stage.settle()
        stage.breakConnection()
        stage.say("2")
        stage.server.bridges = false
        stage.wait(seconds: 1)
        stage.connect()
        stage.settle()
        #expect(stage.messages.map(\.text) == ["1", "2"])
        #expect(stage.gaps.isEmpty)
    }

    @Test func aServerWithoutHistoryLeavesAGap() {
        var stage = EngineStage()
        stage.server.offers.removeAll { $0 == "draft/chathistory" }
        stage.goOnline()
        stage.say("1")
        stage.settle()
        #expect(stage.gaps.isEmpty)
        stage.breakConnection()
        stage.wait(seconds: 1)
        stage.connect()
        stage.settle()
        #expect(stage.gaps.map(\.conversation) == ["#c"])
    }

    @Test func theBacklogOfAFirstJoiningHasTheWantedLength() {
        var stage = EngineStage { $0.backlogCount = 2 }
        for number in 1...5 { stage.say("\(number)") }
        stage.goOnline()
        #expect(stage.messages.map(\.text) == ["4", "5"])
        #expect(stage.messages.allSatisfy { $0.isHistory })
    }

    // MARK: Outgoing messages

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

    // MARK: The whole of it

    /// Breaks connections at any byte while both sides speak, then lets everything come to rest.
    private func story(_ random: (Int) -> Int, timeoutSeconds: Int64) -> (stage: EngineStage, sent: [String])
    {
        var stage = EngineStage { $0.timeouts.requestSeconds = timeoutSeconds }
        stage.goOnline()
        var sent: [String] = []
        for step in 0..<60 {
            switch random(10) {
            case 0: stage.breakConnection()
            case 1, 2: stage.say("other \(step)" + (random(4) == 0 ? "\nsecond line" : ""))
            case 3, 4:
                let text = "own \(step)" + (random(4) == 0 ? "\nsecond line" : "")
                sent.append(text)
                stage.send(text, token: "t\(step)")
            case 5: stage.wait(seconds: 2)
            case 6: stage.connect()
            default: stage.move(toServer: random(200), toClient: random(300))
            }
        }
        for _ in 0..<20 where stage.engine.outgoingCount > 0 || !stage.engine.isOnline {
            stage.wait(seconds: 61)
            stage.connect()
            stage.settle()
        }
        stage.settle()
        return (stage, sent)
    }

    private func generator(_ seed: UInt64) -> (Int) -> Int {
        var state = seed
        return { bound in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((state >> 33) % UInt64(bound))
        }
    }

    @Test func whateverBreaksEveryMessageComesExactlyOnceAndInOrder() {
        let seed = UInt64.random(in: .min ... .max)
        let random = generator(seed)
        for _ in 0..<150 {
            let (stage, sent) = story(random, timeoutSeconds: 100_000)
            #expect(stage.messages.map(\.id) == stage.server.log.map { $0.id }, "seed \(seed)")
            #expect(stage.messages.map(\.text) == stage.server.log.map(\.text), "seed \(seed)")
            #expect(stage.server.log.map(\.text).filter { $0.hasPrefix("own") } == sent, "seed \(seed)")
            #expect(stage.forgotten.count == sent.count, "seed \(seed)")
            #expect(stage.gaps.isEmpty, "seed \(seed)")
        }
    }

    @Test func withAServerTooSlowToAnswerOrderHoldsAndEveryHoleIsTold() {
        let seed = UInt64.random(in: .min ... .max)
        let random = generator(seed)
        for _ in 0..<150 {
            let (stage, sent) = story(random, timeoutSeconds: 3)
            let order = stage.server.log.map(\.id)
            let places = stage.messages.compactMap { message in
                message.id.flatMap { order.firstIndex(of: $0) }
            }
            #expect(places == Array(Set(places)).sorted(), "seed \(seed)")
            #expect(stage.server.log.map(\.text).filter { $0.hasPrefix("own") } == sent, "seed \(seed)")
            let missing = stage.server.log.filter { stored in !stage.messages.contains { $0.id == stored.id }
            }
            for stored in missing {
                let isTold = stage.gaps.contains { gap in
                    (gap.from.map { $0 < stored.time } ?? true) && (gap.to.map { stored.time < $0 } ?? true)
                }
                #expect(isTold, "seed \(seed): \(stored)")
            }
        }
    }
}
