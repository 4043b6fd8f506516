// SPDX-License-Identifier: Apache-2.0

import PlenaryDomain
import PlenaryLog
import PlenaryTerms
import Testing

/// The bodies of events (Sources/PlenaryLog/Events/EventCodec.swift defines the form).
struct EventCodecTests {
    private func encoded(_ event: Event) -> [UInt8] {
        var bytes: [UInt8] = []
        EventCodec.append(event, to: &bytes)
        return bytes
    }

    private func decoded(_ type: UInt8, _ bytes: [UInt8]) throws -> Event {
        try bytes.withUnsafeBytes { try EventCodec.decode(type: type, body: $0) }
    }

    @Test func everyEventComesBackAsItWas() throws {
        for event in Sample.everyEvent {
            #expect(try decoded(EventCodec.type(of: event), encoded(event)) == event)
        }
    }

    /// Golden bytes: they change only with a decision note.
    @Test func messageHasTheseBytes() {
        let event = Event.messagePosted(
            MessagePosted(
                conversation: .channel(ChannelID(258)), target: "#a", kind: .notice,
                actor: Actor(source: "x", account: AccountID(7), accountName: "X", isBot: true),
                clientTags: "+t",
                lines: [MessageLine("hi"), MessageLine("!", isConcatenated: true)], clientToken: "k",
                thread: ThreadID(3)))
        let golden: [UInt8] = [
            1, 4, 0, 0, 2, 1, 0, 0,
            4, 2, 0, 0, 35, 97,
            5, 1, 0, 0, 1,
            6, 1, 0, 0, 120,
            7, 4, 0, 0, 7, 0, 0, 0,
            8, 1, 0, 0, 88,
            9, 0, 0, 0,
            10, 2, 0, 0, 43, 116,
            11, 2, 0, 0, 104, 105,
            12, 1, 0, 0, 33,
            13, 1, 0, 0, 107,
            14, 4, 0, 0, 3, 0, 0, 0,
        ]
        #expect(EventCodec.type(of: event) == 1)
        #expect(encoded(event) == golden)
    }

    @Test func credentialsHaveTheseBytes() {
        let issued = ResumeTokenIssued(
            account: AccountID(7), tokenHash: [1, 2], certificate: [3], label: "p",
            expires: Timestamp(microseconds: 258))
        #expect(
            encoded(.account(.resumeTokenIssued(issued))) == [
                15, 4, 0, 0, 7, 0, 0, 0,
                21, 2, 0, 0, 1, 2,
                44, 1, 0, 0, 3,
                22, 1, 0, 0, 112,
                19, 8, 0, 0, 2, 1, 0, 0, 0, 0, 0, 0,
            ])
        let verifier = ScramVerifier(iterationCount: 4096, salt: [1], storedKey: [2], serverKey: [3])
        #expect(
            encoded(.account(.scramVerifierSet(ScramVerifierSet(account: AccountID(7), verifier: verifier))))
                == [
                    15, 4, 0, 0, 7, 0, 0, 0,
                    41, 23, 0, 0,
                    18, 4, 0, 0, 0, 16, 0, 0,
                    30, 1, 0, 0, 1,
                    42, 1, 0, 0, 2,
                    43, 1, 0, 0, 3,
                ])
    }

    @Test func typesKeepTheirNumbers() {
        let types = Sample.everyEvent.map { EventCodec.type(of: $0) }
        #expect(
            types == [
                1, 1, 2, 3, 3, 4, 5, 5, 6, 7, 7, 8, 9, 9, 10, 10, 11, 12, 13, 13, 14, 14, 15, 16, 17, 17,
                18, 18, 19, 19, 19, 19, 19, 19, 19, 20, 20, 21, 21, 22, 23, 23, 24, 24, 24, 25, 26, 26,
                60, 60, 61, 62, 63, 64, 64, 65, 66, 66, 67, 67,
                40, 40, 41,
                30, 30, 31, 31, 32, 33, 33, 34, 34, 14,
                50, 50, 51, 51, 52, 52, 53, 54, 54, 8, 6, 26, 19, 20, 13,
                70, 70, 71, 71, 71, 72, 72, 73, 73, 74, 74, 75, 75, 76, 76, 77, 77, 78, 79, 79,
                80, 80, 81, 81, 82, 82, 83, 83, 83, 83, 84, 85, 85, 86, 86, 86, 86, 86, 87, 87, 88, 88, 89,
                89, 89,
                90, 90, 1, 2, 91, 92, 91, 92,
                100, 100, 101, 102, 103, 104, 105, 105, 106, 107,
                108, 108, 109, 109, 110, 111, 111, 111,
            ])
    }

    /// "no record in the store links the answer to the account": the body has no field for an account or an actor.
    @Test func anAnonymousAnswerHasNoFieldOfAnAccount() throws {
        let event = Event.questionnaires(
            .answered(
                QuestionnaireAnswered(
                    name: "f", answerer: .digest([1, 2, 3]),
                    answers: [QuestionAnswer(question: "q", values: ["4"])])))
        #expect(
            encoded(event) == [
                3, 1, 0, 0, 102,
                21, 3, 0, 0, 1, 2, 3,
                122, 10, 0, 0, 3, 1, 0, 0, 113, 16, 1, 0, 0, 52,
            ])
    }

    @Test func unknownFieldsAreSkipped() throws {
        let event = Sample.message("hello")
        let later = encoded(event) + [200, 3, 0, 0, 1, 2, 3]
        #expect(try decoded(1, later) == event)
    }

    @Test func unknownTypesAndValuesAreRefused() {
        #expect(throws: EventCodecError.unknownType(99)) { try decoded(99, []) }
        #expect(throws: EventCodecError.unknownValue(tag: 5, value: 9)) {
            try decoded(1, [1, 4, 0, 0, 1, 0, 0, 0, 5, 1, 0, 0, 9])
        }
        #expect(throws: EventCodecError.missingField(tag: 1)) { try decoded(1, []) }
        #expect(throws: EventCodecError.wrongByteCount(tag: 1, byteCount: 3)) {
            try decoded(4, [1, 3, 0, 0, 1, 1, 1])
        }
        #expect(throws: EventCodecError.fieldBeyondEnd(position: 0)) {
            try decoded(4, [1, 5, 0, 0, 1, 1, 1, 1])
        }
        #expect(throws: EventCodecError.fieldBeyondEnd(position: 0)) { try decoded(4, [1, 4, 0]) }
    }

    /// Whether some body may be of a type.
    private func isKnown(_ type: UInt8) -> Bool {
        do {
            _ = try decoded(type, [])
            return true
        } catch { return error as? EventCodecError != .unknownType(type) }
    }

    /// Whatever the bytes, decoding gives an event or an error, and an event encodes again.
    @Test func noBytesMakeDecodingTrap() throws {
        let seed = UInt64.random(in: .min ... .max)
        print("noBytesMakeDecodingTrap: seed \(seed)")
        var random = SeededRandom(seed: seed)
        let types = (UInt8.min...UInt8.max).filter { isKnown($0) }
        #expect(types.count == Set(Sample.everyEvent.map { EventCodec.type(of: $0) }).count)
        var eventCount = 0
        for round in 0..<20_000 {
            let event = Sample.everyEvent[round % Sample.everyEvent.count]
            var bytes = encoded(event)
            for _ in 0..<Int.random(in: 1...4, using: &random) where !bytes.isEmpty {
                let place = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<4, using: &random) {
                case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
                case 1: bytes.remove(at: place)
                case 2: bytes.insert(UInt8.random(in: 0...255, using: &random), at: place)
                default: bytes.removeLast(bytes.count - place)
                }
            }
            let type = try #require(types.randomElement(using: &random))
            if let changed = try? decoded(round % 2 == 0 ? type : EventCodec.type(of: event), bytes) {
                eventCount += 1
                #expect(
                    (try? decoded(EventCodec.type(of: changed), encoded(changed))) == changed, "seed \(seed)")
            }
        }
        #expect(eventCount > 0)
    }

    @Test func conversationKeyIsReadWithoutDecoding() {
        for event in Sample.everyEvent {
            let bytes = encoded(event)
            let key = bytes.withUnsafeBytes {
                EventCodec.conversationKey(type: EventCodec.type(of: event), body: $0)
            }
            #expect(key == event.conversation.map(EventCodec.key(of:)))
            if let conversation = event.conversation, let key {
                #expect(EventCodec.conversation(ofKey: key) == conversation)
            }
        }
    }
}
