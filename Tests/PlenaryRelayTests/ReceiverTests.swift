// SPDX-License-Identifier: Apache-2.0

import Foundation
import FoundationNetworking
import PlenaryCrypto
import PlenaryRelay
import PlenaryTerms
import Synchronization
import Testing
import plenary_relay

/// What a webhook is answered (docs/RELAY.md, "The webhook").
@Suite struct ReceiverTests {
    final class FakeLink: Delivering {
        let delivered = Mutex<[RelayMessage]>([])
        let limits = Mutex<[Int64?]>([])
        let counters = Mutex(RelayCounters())
        let meetings = Mutex<[String: Bool]>([:])
        let outcome: DeliveryOutcome

        init(_ outcome: DeliveryOutcome = .stored(id: "m0")) { self.outcome = outcome }

        func deliver(
            _ message: RelayMessage, to channel: String, withinMilliseconds limit: Int64?
        ) async -> DeliveryOutcome {
            delivered.withLock { $0.append(message) }
            limits.withLock { $0.append(limit) }
            return outcome
        }
        func count(_ change: @Sendable (inout RelayCounters) -> Void) async {
            counters.withLock { change(&$0) }
        }
        func note(meeting: String, isRunning: Bool) async { meetings.withLock { $0[meeting] = isRunning } }
    }

    private func receiver(_ link: FakeLink) throws -> WebhookReceiver {
        WebhookReceiver(
            secrets: try #require(WebhookSecrets([WebhookTests.secret])), path: "/zoom",
            meetings: ["81234567890": "#c"], link: link, now: { Timestamp(seconds: 1_687_507_501) },
            log: { _ in })
    }

    private func request(_ body: String, isSigned: Bool = true) -> WebhookRequest {
        let message = Array("v0:\(WebhookTests.timestamp):\(body)".utf8)
        let code = hex(HMACSHA256.authenticate(message, key: Array(WebhookTests.secret.utf8)))
        return WebhookRequest(
            method: "POST", path: "/zoom",
            signature: isSigned ? "v0=" + code : "v0=" + String(code.reversed()),
            timestamp: WebhookTests.timestamp, body: Array(body.utf8))
    }

    @Test func aMessageIsAnsweredWith200OnlyWhenItIsStored() async throws {
        for (outcome, status) in [
            (DeliveryOutcome.stored(id: "m0"), 200), (.duplicate(id: "m0"), 200),
            (.refused(code: "NOT_ENABLED", reason: "off"), 200), (.unavailable(reason: "away"), 503),
        ] {
            let link = FakeLink(outcome)
            let answer = await (try receiver(link)).answer(request(WebhookTests.body))
            #expect(answer.status == status)
            #expect(link.delivered.withLock { $0.map(\.originID) } == ["m-1"])
        }
    }

    /// Zoom waits for 3 seconds; what a link does when its time is over is
    /// `whatComesAgainWhileItIsUnderWayWaitsForTheSameEcho`.
    @Test func anAnswerIsDueWithin2500Milliseconds() async throws {
        let link = FakeLink(.unavailable(reason: "not confirmed in time"))
        #expect(await (try receiver(link)).answer(request(WebhookTests.body)).status == 503)
        #expect(link.limits.withLock { $0 } == [2500])
    }

    @Test func aWrongSignatureIs401AndNothingIsDelivered() async throws {
        let link = FakeLink()
        let receiver = try receiver(link)
        var unsigned = request(WebhookTests.body)
        unsigned.signature = nil
        for wrong in [request(WebhookTests.body, isSigned: false), unsigned] {
            #expect(await receiver.answer(wrong).status == 401)
        }
        #expect(link.delivered.withLock { $0.isEmpty })
        #expect(link.counters.withLock { $0.badSignature } == 2)
    }

    @Test func whatIsPrivateOrUnknownIs200AndNothingIsDelivered() async throws {
        let link = FakeLink()
        let receiver = try receiver(link)
        for (body, status) in [
            (WebhookTests.body.replacing("everyone", with: "individual"), 200),
            (WebhookTests.body.replacing("81234567890", with: "99"), 200),
            (#"{"event":"meeting.something_new"}"#, 200), ("not json", 400),
            (#"{"event":"meeting.ended","payload":{"object":{"id":81234567890}}}"#, 200),
        ] {
            #expect(await receiver.answer(request(body)).status == status)
        }
        #expect(link.delivered.withLock { $0.isEmpty })
        let counters = link.counters.withLock { $0 }
        #expect(counters.privateDropped == 1 && counters.refused == 1 && counters.ignored == 2)
        #expect(link.meetings.withLock { $0 } == ["81234567890": false])
    }

    @Test func otherPathsMethodsAndSizesAreTurnedAway() async throws {
        let receiver = try receiver(FakeLink())
        var wrong = request(WebhookTests.body)
        wrong.path = "/"
        #expect(await receiver.answer(wrong).status == 404)
        wrong = request(WebhookTests.body)
        wrong.method = "GET"
        #expect(await receiver.answer(wrong).status == 405)
        wrong.method = "POST"
        wrong.body = nil
        #expect(await receiver.answer(wrong).status == 413)
    }

    @Test func itListensOnThisMachineOnly() {
        for text in ["8766", "127.0.0.1:8766", "127.1.2.3:80", "[::1]:8766", "/run/relay.sock"] {
            #expect(WebhookAddress(text) != nil, "\(text)")
        }
        for text in [
            "0.0.0.0:80", "[::]:80", "192.0.2.1:80", "example.org:80", "", "99999", "127.0.0.1:",
            "127.x.0.1:1",
        ] {
            #expect(WebhookAddress(text) == nil, "\(text)")
        }
    }

    @Test func overHTTPTheBytesArriveAsTheyWereSigned() async throws {
        let link = FakeLink()
        let server = try WebhookServer(try #require(WebhookAddress("127.0.0.1:0")), try receiver(link))
        let running = Task { try await server.run() }
        let port = try #require(try await server.port())
        func status(_ request: WebhookRequest, _ body: [UInt8]) async throws -> Int {
            var http = URLRequest(url: try #require(URL(string: "http://127.0.0.1:\(port)/zoom")))
            http.httpMethod = "POST"
            http.setValue(request.signature, forHTTPHeaderField: "x-zm-signature")
            http.setValue(request.timestamp, forHTTPHeaderField: "X-Zm-Request-Timestamp")
            http.httpBody = Data(body)
            let (_, response) = try await URLSession.shared.data(for: http)
            return (response as? HTTPURLResponse)?.statusCode ?? 0
        }
        let right = request(WebhookTests.body)
        #expect(try await status(right, right.body ?? []) == 200)
        #expect(try await status(request(WebhookTests.body, isSigned: false), right.body ?? []) == 401)
        let head = WebhookTests.body.dropLast(4)
        for extra in [-1, 0, 1] {
            let filling = RelayLimits.webhookByteLimit - head.utf8.count - 4 - 8 + extra
            let body = head + #","x":""# + String(repeating: " ", count: filling) + #""}}}}"#
            let long = request(String(body).replacing("m-1", with: "m\(extra + 2)x"))
            #expect(long.body?.count == RelayLimits.webhookByteLimit + extra - 1)
            let answer = try await status(long, (long.body ?? []) + [32])
            // One byte behind the signed ones spoils the signature, and is counted for the size.
            #expect(answer == (extra > 0 ? 413 : 401))
        }
        #expect(link.delivered.withLock { $0.map(\.text) } == ["Bonjour à tous"])
        await server.stop()
        running.cancel()
        _ = await running.result
    }
}
