// SPDX-License-Identifier: Apache-2.0

import PlenaryDomain
import PlenaryLog
import PlenaryTerms
import Testing

/// A log with messages that are to go among messages that are to stay.
struct ErasureStage {
    /// All events before the request, in order.
    let events: [Event]
    /// 32 random bytes in hexadecimal letters; one in each message that is to go.
    let markers: [[UInt8]]
    let targets: Set<Offset>

    /// Every other message is to go until there are enough.
    init(messageCount: Int, markerCount: Int, textByteCount: Int, seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var events: [Event] = []
        var markers: [[UInt8]] = []
        var targets: Set<Offset> = []
        for number in 0..<messageCount {
            let filler = String(repeating: "f", count: textByteCount)
            guard number % 2 == 1, markers.count < markerCount else {
                events.append(Sample.message("message \(number) \(filler)"))
                continue
            }
            let marker = (0..<32).map { _ in UInt8.random(in: 97...122, using: &random) }
            markers.append(marker)
            targets.insert(Offset(UInt64(number)))
            events.append(Sample.message("\(String(decoding: marker, as: UTF8.self)) \(filler)"))
        }
        (self.events, self.markers, self.targets) = (events, markers, targets)
    }

    var plan: ErasurePlan { ErasurePlan(messages: targets) }

    var request: Event {
        .erasure(.requested(ErasureRequested(plan: plan, actor: nil, reason: "personal-data")))
    }

    func stub(_ event: Event) -> Event {
        guard case .messagePosted(let message) = event else { return event }
        return .erasure(
            .messageErased(
                MessageErased(
                    conversation: message.conversation, thread: message.thread,
                    wasMessage: message.kind != .tagOnly)))
    }

    /// The events as they are when all targets are gone.
    var erasedEvents: [Event] {
        events.enumerated().map {
            targets.contains(Offset(UInt64($0.offset))) ? stub($0.element) : $0.element
        }
    }

    /// Writes the events and the request.
    func fill(_ log: RunningLog) {
        for start in stride(from: 0, to: events.count, by: 16) {
            #expect(log.append(Array(events[start..<min(start + 16, events.count)])))
            // The next segment is ready whenever one is wanted, so that there are as many in every run.
            log.waitForBackground()
        }
        #expect(log.append([request]))
    }

    /// What is wrong with what is there: another event, another number, half an erasure.
    func faults(_ replayed: [LoggedEvent], mayBeThere: Bool) -> [String] {
        var faults: [String] = []
        for (place, logged) in replayed.enumerated() where logged.offset.value != UInt64(place) {
            faults.append("number \(logged.offset.value) at place \(place)")
        }
        if replayed.count < events.count { faults.append("only \(replayed.count) events") }
        for (place, event) in events.enumerated() where place < replayed.count {
            let found = replayed[place].event
            let isTarget = targets.contains(Offset(UInt64(place)))
            let isRight = isTarget ? found == stub(event) || mayBeThere && found == event : found == event
            if !isRight { faults.append("event \(place) is another one") }
            if replayed[place].time != Sample.logged(UInt64(place), event).time {
                faults.append("event \(place) has another time")
            }
        }
        return faults
    }
}

extension RunningLog {
    /// Requests that were replayed and have no done record.
    var openJobs: [ErasureJob] {
        var open: [Offset: ErasureJob] = [:]
        for logged in replayed {
            switch logged.event {
            case .erasure(.requested(let request)):
                open[logged.offset] = ErasureJob(
                    plan: request.plan, before: logged.time, request: logged.offset)
            case .erasure(.done(let done)): open[done.request] = nil
            default: break
            }
        }
        return open.values.sorted { $0.request < $1.request }
    }

    /// Erases and waits; nil when the log ended before.
    func erase(_ jobs: [ErasureJob]) -> Result<ErasureReport, LogError>? {
        let done = Handover<Result<ErasureReport, LogError>?>()
        failures.watch { done.put(nil) }
        writer.erase(jobs) { done.put($0) }
        return done.take() ?? nil
    }
}
