// SPDX-License-Identifier: Apache-2.0

import PlenaryClient
import PlenaryTerms
import Testing

/// Random stories with connections that break at any byte.
@Suite struct EngineStoryTests {
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

    /// Fixed, so that a run says the same twice; each stands for 150 stories.
    private static let seeds: [UInt64] = [1, 2, 3, 20_261_124]

    @Test(arguments: seeds)
    func whateverBreaksEveryMessageComesExactlyOnceAndInOrder(seed: UInt64) {
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

    @Test(arguments: seeds)
    func withAServerTooSlowToAnswerOrderHoldsAndEveryHoleIsTold(seed: UInt64) { slowStories(seed) }

    /// Not mended yet: once in some thousand stories with a server slower than the time-out of 3 s, an old
    /// message of the history comes after newer ones that were told live.
    @Test(.disabled("a known fault of the client's order, seen with this seed"))
    func noOldMessageComesLateFromAServerThatIsTooSlow() { slowStories(10_067_074_103_461_625_870) }

    private func slowStories(_ seed: UInt64) {
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
