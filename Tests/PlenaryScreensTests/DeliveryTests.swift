// SPDX-License-Identifier: Apache-2.0

import PlenaryClient
import PlenaryScreens
import PlenaryTerminal
import Testing

/// A message on its way is never shown as one that is stored.
@Suite struct DeliveryTests {
    private func stage() -> Stage {
        var stage = Stage()
        stage.enter()
        stage.take(.historySynced(conversation: "#practices", messageCount: 0))
        stage.answer(.history(Stage.practices, .latest, .success(HistoryPage(messages: [], isEnd: true))))
        return stage
    }

    private func outgoing(_ token: String, _ text: String) -> OutgoingMessage {
        OutgoingMessage(token: token, target: "#practices", text: text, queuedAt: Stage.now)
    }

    private func echo(_ id: String, _ text: String, token: String?) -> Message {
        var message = Stage.message("14:37", "amadou.s", text, id, isHistory: false)
        message.token = token
        return message
    }

    /// Rows of the message pane that hold the text, each with the one below it: there stands a state that is
    /// long.
    private func rows(_ stage: Stage, _ text: String) -> [String] {
        let lines = stage.screen.text.split(separator: "\n").prefix(while: { !$0.contains("┴") })
        return lines.indices.filter { lines[$0].contains(text) }.map { index in
            let next = lines.dropFirst(index + 1).first ?? ""
            return String(lines[index]) + (next.contains(":37") ? "" : String(next))
        }
    }

    @Test func everyStateHasItsWord() {
        var stage = stage()
        stage.type("hello there")
        stage.press(.enter)
        #expect(
            stage.takeEffects().first { if case .send = $0 { true } else { false } }
                == .send(Outgoing("hello there", to: Stage.practices)))
        #expect(rows(stage, "hello there").isEmpty)
        let message = outgoing("k1", "hello there")
        stage.take(.delivery(token: "k1", message, .queued))
        #expect(rows(stage, "hello there").map { $0.contains("queued") } == [true])
        stage.take(.delivery(token: "k1", message, .sending))
        #expect(rows(stage, "hello there").map { $0.contains("sending…") } == [true])
        stage.take(.message(echo("e1", "hello there", token: "k1")))
        #expect(rows(stage, "hello there").map { $0.contains("sending…") } == [false])
        stage.take(.delivery(token: "k1", message, .delivered(echo("e1", "hello there", token: "k1"))))
        #expect(rows(stage, "hello there").count == 1)
        #expect(stage.model.outbox.isEmpty)
    }

    @Test func theDeliveryMayBeToldBeforeTheEcho() {
        var stage = stage()
        let message = outgoing("k1", "hello")
        stage.take(.delivery(token: "k1", message, .sending))
        stage.take(.delivery(token: "k1", message, .delivered(echo("e1", "hello", token: "k1"))))
        stage.take(.message(echo("e1", "hello", token: "k1")))
        #expect(rows(stage, "hello").count == 1)
        #expect(stage.model.outbox.isEmpty)
    }

    @Test func anEchoWithoutATokenIsFoundByItsText() {
        var stage = stage()
        stage.take(.delivery(token: "k1", outgoing("k1", "one"), .sending))
        stage.take(.delivery(token: "k2", outgoing("k2", "two"), .sending))
        stage.take(.message(echo("e2", "two", token: nil)))
        #expect(stage.model.outbox.map(\.token) == ["k1"])
    }

    /// The server's form of a text that was split has the text of its last part, and the id of its first.
    @Test func allPartsOfALongTextAreShown() {
        var stage = stage()
        let message = outgoing("k1", "first\nlast")
        stage.take(.delivery(token: "k1", message, .sending))
        stage.take(.delivery(token: "k1", message, .delivered(echo("e1", "last", token: nil))))
        stage.take(.message(echo("e1", "first", token: nil)))
        stage.take(.message(echo("e2", "last", token: nil)))
        #expect(stage.entries.compactMap(\.post?.text) == ["first", "last"])
    }

    @Test func whatFailedIsSentAgainUnderItsToken() {
        var stage = stage()
        stage.take(
            .delivery(
                token: "k1", outgoing("k1", "hello"),
                .failed(.refused(Refusal(command: "PRIVMSG", code: "MUTED", text: "You are muted here")))))
        #expect(rows(stage, "hello").count == 1)
        #expect(stage.screen.text.contains("not sent: You are muted here"))
        stage.effects = []
        stage.press(.function(12))
        var again = Outgoing("hello", to: Stage.practices)
        again.token = "k1"
        #expect(stage.takeEffects() == [.send(again)])
        #expect(rows(stage, "hello").map { $0.contains("queued") } == [true])
        stage.press(.function(12))
        #expect(stage.takeEffects().isEmpty)
    }

    @Test func whatTheQueueDidNotTakeIsNotLost() {
        var stage = stage()
        stage.type("precious")
        stage.press(.enter)
        let sent = Outgoing("precious", to: Stage.practices)
        stage.answer(.notSent(sent, .queueIsFull(limit: 10)))
        #expect(rows(stage, "precious").count == 1)
        #expect(stage.screen.text.contains("not sent"))
        stage.effects = []
        stage.press(.function(12))
        #expect(stage.takeEffects() == [.send(sent)])
        #expect(stage.model.outbox.isEmpty)
    }

    @Test func enterConnectsAtOnceWhileThereIsNoConnection() {
        var stage = stage()
        stage.take(.stateChanged(.retrying(inMilliseconds: 4000, because: .timedOut)))
        #expect(stage.screen.text.contains("again in 4 seconds"))
        stage.effects = []
        stage.press(.enter)
        #expect(stage.takeEffects() == [.connectNow])
    }

    // MARK: Anything

    /// Deliveries, echoes and breaks in any order: a text is never seen without its state before it is
    /// stored, never
    /// twice, and never lost.
    @Test(arguments: Array(1...16) as [UInt64]) func noOrderOfEventsShowsATextAsStored(seed: UInt64) {
        var numbers = SeededNumbers(seed)
        var stage = stage()
        enum Step { case queued, sending, echo, delivered, failed }
        // What happens to each message, in the order in which it may happen.
        var plans: [String: [Step]] = [:]
        for index in 0..<4 {
            var plan: [Step] = [.queued, .sending]
            if numbers.below(3) == 0 { plan += [.queued, .sending] }
            if numbers.below(5) == 0 { plan += [.failed, .queued, .sending] }
            plan += numbers.below(2) == 0 ? [.echo, .delivered] : [.delivered, .echo]
            plans["w\(index)x"] = plan
        }
        var stored: Set<String> = []
        while let text = plans.filter({ !$0.value.isEmpty }).keys.sorted().randomElement(using: &numbers) {
            let message = outgoing(text, text)
            let echo = echo("e" + text, text, token: text)
            switch plans[text]?.removeFirst() {
            case .queued: stage.take(.delivery(token: text, message, .queued))
            case .sending: stage.take(.delivery(token: text, message, .sending))
            case .failed: stage.take(.delivery(token: text, message, .failed(.timedOut)))
            case .delivered:
                stored.insert(text)
                stage.take(.delivery(token: text, message, .delivered(echo)))
            case .echo:
                stored.insert(text)
                stage.take(.message(echo))
            case nil: break
            }
            if numbers.below(6) == 0 {
                stage.take(.stateChanged(.retrying(inMilliseconds: 1000, because: .timedOut)))
                stage.take(.stateChanged(.online))
            }
            if numbers.below(6) == 0 { stage.press(numbers.pick([.pageUp, .pageDown, .function(12)])) }
            stage.press(.end, .control)
            for text in ["w0x", "w1x", "w2x", "w3x"] {
                let rows = rows(stage, text)
                let hasState = rows.first.map { row in
                    ["queued", "sending…", "not sent"].contains { row.contains($0) }
                }
                #expect(rows.count <= 1, "seed \(seed): \(text)")
                #expect(hasState == nil || hasState == !stored.contains(text), "seed \(seed): \(text)")
                if stored.contains(text) { #expect(rows.count == 1, "seed \(seed): \(text)") }
            }
        }
    }
}
