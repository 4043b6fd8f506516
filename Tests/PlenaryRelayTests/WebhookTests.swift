// SPDX-License-Identifier: Apache-2.0

import PlenaryCrypto
import PlenaryRelay
import PlenaryTerms
import Testing

/// What the platform signs and sends (its own TypeScript types and "Using webhooks").
@Suite struct WebhookTests {
    static let secret = "whsec-test-0001"
    static let timestamp = "1687507500"
    static let body =
        #"{"event":"meeting.chat_message_sent","event_ts":1687507500000,"payload":{"account_id":"ACC","object":{"#
        + #""id":81234567890,"uuid":"u==","chat_message":{"date_time":"2023-06-23T08:05:00Z","#
        + #""sender_session_id":"s1","sender_name":"R. Participant","sender_type":"guest","#
        + #""recipient_type":"everyone","message_id":"m-1","message_content":"Bonjour à tous"}}}}"#
    static let signature = "v0=77932473d7b66c10425b494d69c4516fe6c6b78ca655f00447f7111f726a6099"

    private func event(_ change: (String) -> String = { $0 }) -> WebhookEvent {
        WebhookEvent(Array(change(WebhookTests.body).utf8))
    }

    @Test func theSignatureIsOverTheBytesAsTheyCame() throws {
        let secrets = try #require(WebhookSecrets([WebhookTests.secret]))
        let body = Array(WebhookTests.body.utf8)
        #expect(body.count == 347)
        func signer(_ signature: String, _ timestamp: String, _ body: [UInt8]) -> Int? {
            secrets.signer(signature: signature, timestamp: timestamp, body: body)
        }
        #expect(signer(WebhookTests.signature, WebhookTests.timestamp, body) == 0)
        // The same JSON with an escape is another text.
        let escaped = Array(WebhookTests.body.replacing("à", with: #"\u00e0"#).utf8)
        #expect(signer(WebhookTests.signature, WebhookTests.timestamp, escaped) == nil)
        let its = "v0=00a4987262899e867534c74d3d7e1e763660f484eff825d29d79a8cdf658239a"
        #expect(signer(its, WebhookTests.timestamp, escaped) == 0)
        #expect(signer(WebhookTests.signature, "1687507501", body) == nil)
        #expect(signer(String(WebhookTests.signature.dropLast()), WebhookTests.timestamp, body) == nil)
        #expect(signer("", WebhookTests.timestamp, body) == nil)
        #expect(signer(WebhookTests.signature, "x", body) == nil)
        #expect(signer(WebhookTests.signature.uppercased(), WebhookTests.timestamp, body) == nil)
    }

    @Test func severalSecretsHoldWhileOneReplacesTheOther() throws {
        let secrets = try #require(WebhookSecrets(["new", WebhookTests.secret]))
        let signer = secrets.signer(
            signature: WebhookTests.signature, timestamp: WebhookTests.timestamp,
            body: Array(WebhookTests.body.utf8))
        #expect(signer == 1)
        #expect(WebhookSecrets([]) == nil)
        #expect(WebhookSecrets([""]) == nil)
    }

    @Test func aChallengeIsAnsweredWithItsCode() throws {
        let secrets = try #require(WebhookSecrets([WebhookTests.secret]))
        let body = #"{"event":"endpoint.url_validation","payload":{"plainToken":"qgg8vlvZRS6UYooatFL8Aw"}}"#
        #expect(WebhookEvent(Array(body.utf8)) == .challenge(token: "qgg8vlvZRS6UYooatFL8Aw"))
        let code = "395deb8926abaff2fbc792ba0b107abf505f8d107f9d4562b95ab446599a42c3"
        #expect(
            secrets.answer(toChallenge: "qgg8vlvZRS6UYooatFL8Aw", signer: 0)?.encoded
                == #"{"plainToken":"qgg8vlvZRS6UYooatFL8Aw","encryptedToken":"\#(code)"}"#)
        #expect(secrets.answer(toChallenge: "x", signer: 1) == nil)
        for (count, isTaken) in [(255, true), (256, true), (257, false), (0, false)] {
            let token = String(repeating: "a", count: count)
            let long = #"{"event":"endpoint.url_validation","payload":{"plainToken":"\#(token)"}}"#
            let isChallenge = if case .challenge = WebhookEvent(Array(long.utf8)) { true } else { false }
            #expect(isChallenge == isTaken)
        }
    }

    @Test func aMessageToEverybodyIsRelayedWithItsOrigin() {
        guard case .message(let meeting, let message) = event() else {
            Issue.record("\(event())")
            return
        }
        #expect(meeting == "81234567890")
        #expect(message.nickname == "R--Participant/zoom")
        #expect(message.text == "Bonjour à tous")
        #expect(message.originID == "m-1")
        #expect(message.originTime?.iso8601 == "2023-06-23T08:05:00.000Z")
        #expect(message.token.utf8.count <= 64)
    }

    @Test func meetingIDsAreNumbersOrStringsAndWebinarsCountToo() {
        for body in [
            WebhookTests.body.replacing("81234567890", with: #""81234567890""#),
            WebhookTests.body.replacing("meeting.chat", with: "webinar.chat"),
        ] {
            guard case .message("81234567890", _) = WebhookEvent(Array(body.utf8)) else {
                Issue.record("\(body)")
                continue
            }
        }
    }

    @Test(arguments: [
        (#""recipient_type":"everyone""#, #""recipient_type":"individual""#),
        (#""recipient_type":"everyone""#, #""recipient_type":"Everyone""#),
        (#""recipient_type":"everyone""#, #""recipient_type":"everyone ""#),
        (#""recipient_type":"everyone""#, #""recipient_type":"host""#),
        (#""recipient_type":"everyone","#, ""),
        (#""recipient_type":"everyone""#, #""recipient_type":"everyone","recipient_session_id":"s2""#),
        (#""recipient_type":"everyone""#, #""recipient_type":"everyone","recipient_session_id":"""#),
        (#""recipient_type":"everyone""#, #""recipient_type":"everyone","recipient_type":"individual""#),
    ]) func everythingElseIsPrivate(old: String, new: String) {
        #expect(event { $0.replacing(old, with: new) } == .notPublic)
    }

    @Test func aFileIsToldOfAndItsAddressIsNot() {
        let body =
            #"{"event":"meeting.chat_message_file_sent","event_ts":1687507500000,"payload":{"object":{"meeting_id":"#
            + #""5","meeting_uuid":"a/b=","chat_message_file":{"sender_name":"Bo","recipient_type":"everyone","#
            + #""message_id":"f-1","file_id":"x","file_name":"notes\n.pdf","file_size":52400,"file_type":"pdf","#
            + #""download_url":"https://example.org/secret"}}}}"#
        guard case .message("5", let message) = WebhookEvent(Array(body.utf8)) else {
            Issue.record("\(WebhookEvent(Array(body.utf8)))")
            return
        }
        #expect(message.text == "[file offered: notes .pdf, 52 kB]")
        #expect(message.originTime?.iso8601 == "2023-06-23T08:05:00.000Z")
    }

    @Test func unknownAndBrokenBodiesAreToldApart() {
        #expect(
            WebhookEvent(Array(#"{"event":"meeting.reaction"}"#.utf8)) == .other(event: "meeting-reaction"))
        #expect(
            WebhookEvent(Array(#"{"event":"meeting.started","payload":{"object":{"id":"7"}}}"#.utf8))
                == .meeting(id: "7", isRunning: true))
        for body in ["", "{", "[]", "{}", #"{"event":7}"#, "\u{FEFF}{}"] {
            guard case .malformed = WebhookEvent(Array(body.utf8)) else {
                Issue.record("\(body)")
                continue
            }
        }
        guard case .unfit(let refusal) = event({ $0.replacing("Bonjour à tous", with: " \\n ") }) else {
            Issue.record("a blank text")
            return
        }
        #expect(refusal.code == .blank)
    }

    @Test func changedBodiesNeitherTrapNorBecomePublic() {
        let seed = UInt64.random(in: 0...UInt64.max)
        var generator = SeededGenerator(seed: seed)
        let hidden = Array(WebhookTests.body.replacing(#""everyone""#, with: #""individual""#).utf8)
        for _ in 0..<2000 {
            var body = hidden
            for _ in 0..<Int.random(in: 1...4, using: &generator) {
                let place = Int.random(in: 0..<body.count, using: &generator)
                switch Int.random(in: 0...2, using: &generator) {
                case 0: body[place] = UInt8.random(in: 0...255, using: &generator)
                case 1: body.remove(at: place)
                default: body.insert(UInt8.random(in: 0...255, using: &generator), at: place)
                }
            }
            if case .message = WebhookEvent(body) { Issue.record("seed \(seed)") }
        }
    }
}
