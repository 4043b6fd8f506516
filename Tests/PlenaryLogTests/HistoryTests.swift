// SPDX-License-Identifier: Apache-2.0

import Glibc
import PlenaryDomain
import PlenaryLog
import PlenaryTerms
import Testing

/// History pages against a model that holds everything in memory (conformance.md, "History").
struct HistoryTests {
    private static let conversations: [Conversation] = [
        .channel(ChannelID(1)), .channel(ChannelID(2)), .direct(AccountID(3), AccountID(9)),
        .direct(AccountID(3), AccountID(10)), .channel(ChannelID(77)),
    ]

    /// What the answer must be, from all events in order.
    private func model(_ all: [LoggedEvent], _ query: HistoryQuery) -> [LoggedEvent] {
        let shown = all.filter {
            $0.event.conversation == query.conversation && (query.includesEvents || $0.event.isMessage)
        }
        func isBefore(_ event: LoggedEvent, _ bound: HistoryQuery.Bound) -> Bool {
            switch bound {
            case .offset(let offset): event.offset < offset
            case .time(let time): event.time < time
            }
        }
        func isAfter(_ event: LoggedEvent, _ bound: HistoryQuery.Bound) -> Bool {
            switch bound {
            case .offset(let offset): event.offset > offset
            // A time bound stands for its whole millisecond, which is what the wire shows of it.
            case .time(let time): event.time.microseconds / 1000 > time.microseconds / 1000
            }
        }
        let limit = query.limit
        switch query.selection {
        case .latest(nil): return Array(shown.suffix(limit))
        case .latest(let bound?): return Array(shown.filter { isAfter($0, bound) }.suffix(limit))
        case .before(let bound): return Array(shown.filter { isBefore($0, bound) }.suffix(limit))
        case .after(let bound): return Array(shown.filter { isAfter($0, bound) }.prefix(limit))
        case .around(let bound):
            return Array(shown.filter { isBefore($0, bound) }.suffix(limit / 2))
                + Array(shown.filter { !isBefore($0, bound) }.prefix(limit - limit / 2))
        case .between(let first, let second):
            // Which comes first is judged over the whole log, not over one conversation.
            let isSwapped =
                all.filter { isBefore($0, first) }.count > all.filter { isBefore($0, second) }.count
            if isSwapped {
                return Array(shown.filter { isBefore($0, first) && isAfter($0, second) }.suffix(limit))
            }
            return Array(shown.filter { isAfter($0, first) && isBefore($0, second) }.prefix(limit))
        }
    }

    private func randomBound(_ count: Int, _ random: inout SeededRandom) -> HistoryQuery.Bound {
        let number = UInt64.random(in: 0...UInt64(count + 3), using: &random)
        if Bool.random(using: &random) { return .offset(Offset(number)) }
        let exact = Sample.logged(number, Sample.message("")).time.microseconds
        return .time(Timestamp(microseconds: exact + Int64.random(in: -1...1, using: &random) * 500))
    }

    private func randomSelection(_ count: Int, _ random: inout SeededRandom) -> HistoryQuery.Selection {
        switch Int.random(in: 0..<6, using: &random) {
        case 0: .latest(after: nil)
        case 1: .latest(after: randomBound(count, &random))
        case 2: .before(randomBound(count, &random))
        case 3: .after(randomBound(count, &random))
        case 4: .around(randomBound(count, &random))
        default: .between(randomBound(count, &random), randomBound(count, &random))
        }
    }

    private func randomEvent(_ number: Int, _ random: inout SeededRandom) -> Event {
        // The last conversation appears rarely, so that whole segments lie between its events.
        let isRare = Int.random(in: 0..<200, using: &random) == 0
        let conversation = HistoryTests.conversations[isRare ? 4 : Int.random(in: 0..<4, using: &random)]
        if case .channel(let channel) = conversation, Int.random(in: 0..<8, using: &random) == 0 {
            return Sample.topic("topic \(number)", channel: channel.value)
        }
        if Int.random(in: 0..<10, using: &random) == 0 {
            return .accountCreated(
                AccountCreated(account: AccountID(UInt32(number)), name: "n", role: .member))
        }
        let kinds: [MessageKind] = [.privateMessage, .privateMessage, .notice, .tagOnly]
        let length = Int.random(in: 0..<60, using: &random)
        return Sample.message(
            "\(number) " + String(repeating: "z", count: length * length / 4), in: conversation,
            kind: kinds[Int.random(in: 0..<4, using: &random)])
    }

    @Test(arguments: [true, false])
    func everySelectionGivesWhatTheModelGives(deletesIndexes: Bool) throws {
        let seed = UInt64.random(in: .min ... .max)
        print("everySelectionGivesWhatTheModelGives: seed \(seed)")
        var random = SeededRandom(seed: seed)
        let scratch = ScratchDirectory()
        var log = try RunningLog(scratch.configuration())
        var all: [LoggedEvent] = []
        for round in 0..<6 {
            for _ in 0..<40 {
                let events = (0..<Int.random(in: 1...6, using: &random)).map {
                    randomEvent(all.count + $0, &random)
                }
                let first = log.next
                #expect(log.append(events))
                for (place, event) in events.enumerated() {
                    all.append(Sample.logged(first + UInt64(place), event))
                }
                if Int.random(in: 0..<9, using: &random) == 0 { log.writeWatermark() }
            }
            for _ in 0..<120 {
                let query = HistoryQuery(
                    conversation: HistoryTests.conversations[Int.random(in: 0..<5, using: &random)],
                    selection: randomSelection(all.count, &random),
                    limit: Int.random(in: 0...30, using: &random),
                    includesEvents: Bool.random(using: &random))
                let found = try log.fetch(
                    query.selection, query.limit, in: query.conversation, includesEvents: query.includesEvents
                )
                let expected = model(all, query)
                #expect(found.events == expected, "seed \(seed) \(query)")
                var more = query
                more.limit += 2
                if query.limit > 0 {
                    #expect(found.isComplete == (model(all, more) == expected), "seed \(seed) \(query)")
                }
            }
            // Half of the rounds end in a clean restart with a snapshot, half without one.
            let next = Offset(log.next)
            #expect(
                log.close(snapshot: round % 2 == 0 ? SnapshotRequest(upTo: next, events: []) : nil) == nil)
            if deletesIndexes { deleteIndexes(scratch.paths, &random) }
            log = try RunningLog(scratch.configuration())
        }
        #expect(log.opened.report.segmentCount > 6)
        #expect(log.close() == nil)
    }

    /// Deletes some indexes and damages others.
    private func deleteIndexes(_ paths: LogPaths, _ random: inout SeededRandom) {
        for name in (try? RealFiles().list(paths.segments)) ?? [] where name.hasSuffix(".idx") {
            let path = paths.segments + "/" + name
            switch Int.random(in: 0..<3, using: &random) {
            case 0: unlink(path)
            case 1: truncate(path, off_t(Int.random(in: 0..<200, using: &random)))
            default: break
            }
        }
    }

    @Test func aroundOneIsTheMessageItselfAndAroundThreeHasOneOnEachSide() throws {
        let scratch = ScratchDirectory()
        let log = try RunningLog(scratch.configuration())
        #expect(log.append((0..<10).map { Sample.message("m\($0)") }))
        #expect(try log.fetch(.around(.offset(Offset(4))), 1).events.map(\.offset.value) == [4])
        #expect(try log.fetch(.around(.offset(Offset(4))), 3).events.map(\.offset.value) == [3, 4, 5])
        #expect(try log.fetch(.around(.offset(Offset(0))), 3).events.map(\.offset.value) == [0, 1])
        #expect(log.close() == nil)
    }

    @Test func whatIsAcknowledgedIsInTheHistoryAtOnce() throws {
        let scratch = ScratchDirectory()
        let log = try RunningLog(scratch.configuration())
        for number in 0..<50 {
            #expect(log.append([Sample.message("m\(number)")]))
            #expect(try log.fetch(.latest(after: nil), 1).events.map(\.offset.value) == [UInt64(number)])
        }
        #expect(log.close() == nil)
    }

    @Test func anEventIsFoundByItsOffset() throws {
        let scratch = ScratchDirectory()
        let log = try RunningLog(scratch.configuration())
        let events = (0..<200).map { Sample.message("m\($0) " + String(repeating: "q", count: $0)) }
        #expect(log.append(events))
        for number in [0, 1, 63, 64, 65, 127, 199] {
            let done = Handover<Result<LoggedEvent?, LogError>>()
            log.opened.history.event(at: Offset(UInt64(number))) { done.put($0) }
            #expect(try done.take()?.get()?.event == events[number])
        }
        let done = Handover<Result<LoggedEvent?, LogError>>()
        log.opened.history.event(at: Offset(200)) { done.put($0) }
        #expect(try done.take()?.get() == .some(nil))
        #expect(log.close() == nil)
    }

    @Test func targetsAreOrderedByTheirNewestMessage() throws {
        let scratch = ScratchDirectory()
        var log = try RunningLog(scratch.configuration())
        let (one, two) = (Conversation.channel(ChannelID(1)), Conversation.channel(ChannelID(2)))
        let talk = Conversation.direct(AccountID(3), AccountID(9))
        #expect(
            log.append([
                Sample.message("a", in: two), Sample.message("b", in: talk), Sample.message("c", in: one),
                Sample.topic("no message", channel: 2),
            ]))
        func targets(after: Int64, before: Int64) -> [Conversation] {
            let done = Handover<[ConversationTime]>()
            let base = Sample.logged(0, Sample.message("")).time.microseconds
            log.opened.history.latestTimes(
                of: [one, two, .channel(ChannelID(5))], andDirectOf: AccountID(9),
                after: Timestamp(microseconds: base + after * 1_000),
                before: Timestamp(microseconds: base + before * 1_000), limit: 10
            ) { done.put($0) }
            return (done.take() ?? []).map(\.conversation)
        }
        #expect(targets(after: -1, before: 9) == [two, talk, one])
        #expect(targets(after: 0, before: 9) == [talk, one])
        #expect(targets(after: -1, before: 2) == [two, talk])
        #expect(log.close(snapshot: SnapshotRequest(upTo: Offset(4), events: [])) == nil)
        log = try RunningLog(scratch.configuration())
        #expect(targets(after: -1, before: 9) == [two, talk, one])
        #expect(log.close() == nil)
    }
}
