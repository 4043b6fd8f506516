// SPDX-License-Identifier: Apache-2.0

import PlenaryTerms

/// A mark that stands.
package struct OutcomeMark: Hashable, Sendable {
    /// With the summary as it is now.
    package internal(set) var marked: OutcomeMarked
    package var time: Timestamp

    package init(_ marked: OutcomeMarked, time: Timestamp) {
        self.marked = marked
        self.time = time
    }
}

/// Marks of one channel. Durable.
package struct OutcomeMarks: Hashable, Sendable {
    package internal(set) var marks: [UInt32: OutcomeMark] = [:]
    /// The highest number ever given.
    package internal(set) var lastNumber: UInt32 = 0

    package init() {}

    /// By number, from the lowest.
    package var ordered: [OutcomeMark] { marks.sorted { $0.key < $1.key }.map(\.value) }
}

extension Community {
    mutating func apply(_ event: OutcomeEvent, time: Timestamp) {
        // Of a channel that is gone nothing is kept.
        guard channels[event.channel] != nil else { return }
        var own = outcomes[event.channel] ?? OutcomeMarks()
        own.lastNumber = max(own.lastNumber, event.number)
        switch event {
        case .marked(let event): own.marks[event.number] = OutcomeMark(event, time: time)
        case .edited(let event): own.marks[event.number]?.marked.summary = event.summary
        case .unmarked(let event): own.marks[event.number] = nil
        }
        outcomes[event.channel] = own
    }

    /// The events that rebuild them.
    func outcomeSnapshot() -> [LoggedEvent] {
        func logged(_ event: OutcomeEvent, _ time: Timestamp) -> LoggedEvent {
            LoggedEvent(offset: .none, time: time, event: .outcomes(event))
        }
        return outcomes.sorted { $0.key < $1.key }.flatMap { channel, own in
            var events = own.ordered.map { logged(.marked($0.marked), $0.time) }
            if own.lastNumber > 0, own.marks[own.lastNumber] == nil {
                let gone = OutcomeUnmarked(
                    channel: channel, channelName: "", number: own.lastNumber,
                    actor: Actor(source: "*", account: nil, accountName: nil))
                events.append(logged(.unmarked(gone), Timestamp(microseconds: 0)))
            }
            return events
        }
    }

    /// Takes a person's name out of the marks that the person made; what was summed up stays.
    mutating func forgetOutcomes(_ pass: ErasurePass) {
        outcomes = outcomes.mapValues { own in
            var changed = own
            for (number, mark) in own.marks {
                changed.marks[number]?.marked.actor = pass.scrubbed(mark.marked.actor)
            }
            return changed
        }
    }
}

extension ErasurePass {
    /// Marks are the rapporteurs' work on what others said; only the name of who made them goes.
    func form(of event: OutcomeEvent) -> ErasedForm {
        switch event {
        case .marked(let event):
            changing(event, { .outcomes(.marked($0)) }) { $0.actor = scrubbed(event.actor) }
        case .edited(let event):
            changing(event, { .outcomes(.edited($0)) }) { $0.actor = scrubbed(event.actor) }
        case .unmarked(let event):
            changing(event, { .outcomes(.unmarked($0)) }) { $0.actor = scrubbed(event.actor) }
        }
    }
}

extension OutcomeEvent {
    /// The record as whoever made it reads it.
    func record(of owner: RecordOwner) -> OwnRecord? {
        switch self {
        case .marked(let event) where owner.is(event.actor):
            OwnRecord(
                "outcome-marked",
                [
                    .init("channel", event.channelName), .init("number", number: event.number),
                    .init("kind", event.kind.word), .init("theme", event.theme),
                    .init("summary", event.summary),
                ])
        case .edited(let event) where owner.is(event.actor):
            OwnRecord(
                "outcome-edited",
                [
                    .init("channel", event.channelName), .init("number", number: event.number),
                    .init("summary", event.summary),
                ])
        case .unmarked(let event) where owner.is(event.actor):
            OwnRecord(
                "outcome-unmarked",
                [.init("channel", event.channelName), .init("number", number: event.number)])
        case .marked, .edited, .unmarked: nil
        }
    }
}
