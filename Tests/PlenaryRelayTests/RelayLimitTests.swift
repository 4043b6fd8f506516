// SPDX-License-Identifier: Apache-2.0

import PlenaryRelay
import PlenaryTerms
import Testing
import plenary_relay

/// What the relay takes from the other side and keeps: at the limit, one above, and a hundred times above.
@Suite struct RelayLimitTests {
    private func refusal(origin: String = "zoom", id: String = "m-1") -> RelayRefusal.Code? {
        do throws(RelayRefusal) {
            _ = try RelayMessage(
                origin: origin, place: "u==", originID: id, originTime: nil, sender: "Bo", text: "hello")
            return nil
        } catch { return error.code }
    }

    @Test(arguments: [0, 1, 200, 201, 20_000]) func anIDHasAtMost200Bytes(byteCount: Int) throws {
        let id = String(repeating: "i", count: byteCount)
        let isTaken = (1...200).contains(byteCount)
        #expect(refusal(id: id) == (isTaken ? nil : .invalidID))
        // What it answers is left out instead: the message counts.
        let reply = try RelayMessage(
            origin: "zoom", place: "u==", originID: "m-1", originTime: nil, sender: "Bo", text: "hello",
            replyTo: id)
        #expect(reply.replyTo == (isTaken ? id : nil))
    }

    @Test(arguments: [0, 1, 16, 17, 1600]) func anOriginHasAtMost16Bytes(byteCount: Int) throws {
        let origin = String(repeating: "o", count: byteCount)
        let isTaken = (1...16).contains(byteCount)
        #expect(refusal(origin: origin) == (isTaken ? nil : .invalidOrigin))
        // Matterbridge names its protocols itself: a long one is cut, as nobody chose it here.
        let json =
            #"{"text":"hello","username":"bo","protocol":"\#(origin)","account":"x.y","channel":"c","id":"1","#
            + #""gateway":"g","timestamp":"2023-06-23T08:05:00Z"}"#
        guard case .message(let message) = MatterbridgeMessage(try JSONValue(parsing: Array(json.utf8)))
        else {
            Issue.record("no message: \(json)")
            return
        }
        #expect(message.origin.utf8.count == (byteCount == 0 ? 6 : min(16, byteCount)))
    }

    /// The oldest are given up: what is answered to them comes too late.
    @Test func atMost10000TranslationsAreOpen() async {
        let wishes = Wishes()
        for number in 0..<10_000 { #expect(await wishes.add("m\(number)", "fr")) }
        #expect(await !wishes.add("m0", "fr"), "it is asked once")
        #expect(await wishes.add("m10000", "fr"))
        #expect(await !wishes.take("m0", "fr"))
        #expect(await wishes.take("m1", "fr"))
        #expect(await wishes.take("m10000", "fr"))
    }

    @Test(arguments: [(Int64(0), false), (43_199, false), (43_200, true), (4_320_000, true)])
    func consentIsToldAgainAfter12Hours(seconds: Int64, isDue: Bool) {
        let last = Timestamp(seconds: 1_687_507_560)
        #expect(RunningRelay.isConsentDue(at: last.advanced(bySeconds: seconds), last: last) == isDue)
        #expect(RunningRelay.isConsentDue(at: last, last: nil))
    }

    // MARK: Deliveries

    private func delivery(_ number: Int) -> DeliveryRecord.Delivery {
        .init(messageID: "m\(number)", originID: "o\(number)", digest: "d\(number)", said: nil, channel: "#c")
    }

    /// After a restart 50,000 are known; while it runs twice as many, so that seldom many are forgotten at once.
    @Test func the50000NewestDeliveriesAreRemembered() throws {
        let path = try RelayStage.folder() + "/delivered"
        func lines(_ numbers: Range<Int>) -> [UInt8] {
            numbers.flatMap { Array("t\($0)\tm\($0)\t2023-06-23T08:05:00.000Z\td\($0)\to\($0)\t\t#c\n".utf8) }
        }
        try RelayFiles.writePrivate(lines(0..<50_001), to: path)
        var record = try DeliveryRecord(path: path, isAlone: true)
        #expect(record["t0"] == nil && record["t1"] == delivery(1) && record["t50000"] != nil)
        #expect(try RelayFiles.readPrivate(path) == lines(1..<50_001), "the file is shorter as well")
        for number in 50_001..<100_001 {
            try record.append(token: "t\(number)", delivery(number), at: Timestamp(seconds: 1))
        }
        #expect(record["t1"] == delivery(1) && record["t100000"] != nil)
        try record.append(token: "one more", delivery(100_001), at: Timestamp(seconds: 1))
        #expect(record["t50000"] == nil && !record.has(digest: "d50000"))
        #expect(record.originID(ofMessage: "m50000") == nil)
        #expect(record["t50001"] == delivery(50_001) && record["one more"] != nil)
    }

    @Test(arguments: [(Int64(59), 0), (60, 1), (6000, 1)])
    func aMessageIsLateAfterAMinute(seconds: Int64, lateCount: Int) async throws {
        let stage = try await RelayStage()
        let message = try RelayStage.message(1, time: 1_687_507_560 - seconds)
        #expect(await stage.link.deliver(message, to: "#c", withinMilliseconds: nil) == .stored(id: "m0"))
        #expect(await stage.link.counters.late == lateCount)
    }
}
