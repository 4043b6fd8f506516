// SPDX-License-Identifier: Apache-2.0

import PlenaryDialect
import PlenaryDomain
import PlenaryTerms
import PlenaryWire
import Testing

/// FLOOR lines, as they are read and written (docs/extensions/floor.md).
@Suite struct FloorLineTests {
    private func deed(_ line: String) -> FloorDeed? {
        guard case .floor(let command) = request(line)?.commands.first else { return nil }
        return command.deed
    }

    private func request(_ line: String) -> Request? {
        Array(line.utf8).withUnsafeBytes { Dialect.request(of: $0) }
    }

    @Test func attributesAreReadAsTags() {
        guard
            case .request(let wish) = deed(
                "FLOOR #s REQUEST item=2;behalf=Group\\sof\\sFriends;category=State;delegation=py;"
                    + "region=grulac;lang=ES;presence=room;name=R.\\sParticipant;after=r7")
        else {
            Issue.record("no request")
            return
        }
        #expect(wish.item == "2" && wish.behalf == "Group of Friends" && wish.name == "R. Participant")
        #expect(wish.category == .state && wish.delegation == CountryCode("PY"))
        #expect(wish.region == .latinAmericanAndCaribbean && wish.language == LanguageTag("es"))
        #expect(wish.attendance == .inPerson && wish.after == .request(7))
        // As people type at the desk.
        guard case .request(let typed) = deed("FLOOR #s request item=2; behalf=Group of Friends") else {
            Issue.record("no request")
            return
        }
        #expect(typed.behalf == "Group of Friends" && typed.item == "2")
    }

    @Test(arguments: [
        "FLOOR #s REQUEST item", "FLOOR #s REQUEST item=", "FLOOR #s REQUEST colour=red",
        "FLOOR #s REQUEST category=king", "FLOOR #s REQUEST delegation=XX", "FLOOR #s REQUEST lang=!",
        "FLOOR #s REQUEST after=x", "FLOOR #s REQUEST presence=here", "FLOOR #s GRANT 0", "FLOOR #s GRANT r",
        "FLOOR #s GRANT 99999999999", "FLOOR #s EXTEND 1", "FLOOR #s EXTEND x", "FLOOR #s DRAW -1",
        "FLOOR #s DRAW x", "FLOOR #s ORDER last", "FLOOR #s SWAP next", "FLOOR #s WITHDRAW me",
        "FLOOR #s POLICY limit.state", "FLOOR #s ORDER 1 x",
    ])
    func whatIsWrongIsNamed(line: String) {
        guard case .floor(let code, let context) = request(line)?.refusal else {
            Issue.record("\(line) is not refused")
            return
        }
        #expect(code == .invalidParameters && context.count == 2, "\(line)")
    }

    @Test func otherMistakes() {
        #expect(request("FLOOR")?.refusal == .needMoreParameters(verb: "FLOOR"))
        #expect(request("FLOOR #s SWAP")?.refusal == .needMoreParameters(verb: "FLOOR"))
        #expect(request("FLOOR #s ORDER 1")?.refusal == .needMoreParameters(verb: "FLOOR"))
        #expect(
            request("FLOOR #s DANCE")?.refusal == .floor(code: .subcommandInvalid, context: ["#s", "DANCE"]))
        if case .list = deed("FLOOR #s") {} else { Issue.record("FLOOR alone is LIST") }
        if case .grant(nil) = deed("FLOOR #s GRANT NEXT") {} else { Issue.record("next") }
        if case .reply(nil, _) = deed("FLOOR #s REPLY *") {} else { Issue.record("reply") }
        if case .place(.position(3), nil) = deed("FLOOR #s ORDER 3 *") {} else { Issue.record("order") }
        if case .withdraw(nil) = deed("FLOOR #s WITHDRAW") {} else { Issue.record("withdraw") }
    }

    // MARK: Written

    private let dialect = Dialect(facts: ServerFacts(name: "srv", network: "n", version: "v", started: start))
    {
        MessageID(high: $0.value, low: 7)
    }
    private static let start = Timestamp(seconds: 1_687_506_300)
    private static let channel = ChannelID(1)
    private static let chair = Actor(source: "chair!c@h", account: AccountID(1), accountName: "chair")

    private func written(
        _ event: FloorEvent, _ community: inout Community, at time: Timestamp = start
    ) -> [String] {
        let before = community.floors[Self.channel] ?? Floor(channel: Self.channel)
        community.apply(LoggedEvent(offset: Offset(9), time: time, event: .floor(event)))
        guard let floor = community.floors[Self.channel] else { return [] }
        return dialect.renderFloor(event, from: before, to: floor, channel: "#s", now: time).map { line in
            var bytes: [UInt8] = []
            line.encode(into: &bytes)
            #expect(bytes.count <= 512)
            return String(decoding: bytes.dropLast(2), as: UTF8.self)
        }
    }

    private func community() -> Community {
        var community = Community(policy: CommunityPolicy())
        let created = ChannelCreated(
            channel: Self.channel, name: "#s", founder: nil, isPermanent: true, replayCount: 0)
        community.apply(LoggedEvent(offset: Offset(0), time: Self.start, event: .channelCreated(created)))
        return community
    }

    private func requested(_ number: UInt32, _ change: (inout FloorRequest) -> Void = { _ in }) -> FloorEvent
    {
        var request = FloorRequest(
            number: number, kind: .statement, account: nil, name: Text("p \(number)"), category: .other)
        change(&request)
        return .requested(FloorRequested(channel: Self.channel, request: request, actor: Self.chair))
    }

    /// "One line for each change"; the order stands behind it only where it is not what the change leads to.
    @Test func eachChangeIsOneLine() {
        var community = community()
        #expect(
            written(.opened(FloorOpened(channel: Self.channel, isNew: true, actor: Self.chair)), &community)
                == [":srv FLOOR #s OPENED *"])
        #expect(
            written(
                requested(1) {
                    $0.behalf = "A; b"; $0.region = .african
                }, &community) == [
                    ":srv FLOOR #s REQUESTED 1 r1 statement 1 :name=p\\s1;category=other;behalf=A\\:\\sb"
                ])
        for number in UInt32(2)...5 { _ = written(requested(number), &community) }
        #expect(
            written(
                .withdrawn(FloorWithdrawn(channel: Self.channel, number: 3, actor: Self.chair)), &community)
                == [":srv FLOOR #s WITHDRAWN r3 4"])
        #expect(
            written(requested(6) { $0.kind = .pointOfOrder }, &community) == [
                ":srv FLOOR #s REQUESTED 1 r6 point 5 :name=p\\s6;category=other"
            ])
        let drawn = FloorOrdered(channel: Self.channel, change: .drawn(seed: 42), actor: Self.chair)
        #expect(
            written(.ordered(drawn), &community).first == ":srv FLOOR #s ORDERED lots 42")
        let ends = Self.start.advanced(bySeconds: 120)
        let granted = FloorGranted(
            channel: Self.channel, number: 1, ends: ends, isVoiced: false, actor: Self.chair)
        #expect(
            written(.granted(granted), &community) == [
                ":srv FLOOR #s GRANTED r1 statement 2023-06-23T07:45:00.000Z 2023-06-23T07:47:00.000Z "
                    + ":name=p\\s1;category=other;behalf=A\\:\\sb"
            ])
        let warned = FloorTimed(channel: Self.channel, number: 1, change: .warned, actor: nil)
        #expect(
            written(.timed(warned), &community, at: Self.start.advanced(bySeconds: 90)) == [
                ":srv FLOOR #s WARNING r1 30"
            ])
        let ended = FloorEnded(channel: Self.channel, number: 1, ending: .stopped, actor: Self.chair)
        #expect(
            written(.ended(ended), &community, at: ends) == [":srv FLOOR #s ENDED r1 stopped 120 * *"])
        #expect(
            written(.closed(FloorClosed(channel: Self.channel, isCut: true, actor: nil)), &community)
                == [":srv FLOOR #s CUT 1"])
    }

    /// A list of 500 is told in lines of 512 bytes.
    @Test func aLongOrderIsSeveralLines() {
        var community = community()
        for number in UInt32(1)...500 {
            let category: FloorCategory = number == 500 ? .state : .other
            _ = written(requested(number) { $0.category = category }, &community)
        }
        let event = FloorOrdered(channel: Self.channel, change: .policy(.statesFirst), actor: Self.chair)
        let lines = written(.ordered(event), &community)
        #expect(lines.count == 14)
        #expect(lines.dropFirst().first?.hasPrefix(":srv FLOOR #s ORDER 1 :r500 r1 r2 ") ?? false)
        #expect(lines.last?.hasPrefix(":srv FLOOR #s ORDER 481 :r480 ") ?? false)
    }

    /// The longest texts that are allowed fit into a line with their attributes whole.
    @Test func theLongestRequestFits() {
        var community = community()
        let lines = written(
            requested(4_000_000_000) {
                $0.name = Text([UInt8](repeating: 120, count: FloorLimits.nameByteLimit))
                $0.behalf = Text([UInt8](repeating: 121, count: ProfileLimits.onBehalfByteLimit))
                $0.item = Text([UInt8](repeating: 122, count: FloorLimits.itemByteLimit))
                $0.category = .intergovernmental
                $0.delegation = CountryCode("PY")
                $0.language = LanguageTag("zh-Hans-CN")
                $0.attendance = .inPerson
                $0.after = 3_999_999_999
                $0.answers = 3_999_999_998
            }, &community)
        #expect(
            lines.first?.hasSuffix("answers=r3999999998;item=" + String(repeating: "z", count: 40)) ?? false)
    }
}
