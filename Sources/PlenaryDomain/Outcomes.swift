// SPDX-License-Identifier: Apache-2.0

import PlenaryTerms

/// OUTCOME and STATS (docs/extensions/outcomes.md). Targets and sources are as they were typed.
package enum OutcomeCommand: Sendable {
    case mark(channel: Text, sources: [Text], OutcomeKind, theme: Text?, summary: Text)
    case edit(channel: Text, number: UInt32, summary: Text)
    case unmark(channel: Text, number: UInt32)
    case list(channel: Text, after: UInt32)
    case statistics(channel: Text, from: Timestamp?, to: Timestamp?)
}

package enum OutcomeAnswer: Sendable {
    /// What was done to a mark.
    case done(OutcomeDeed, channel: ChannelID, number: UInt32)
    case page(ChannelID, [UInt32], next: UInt32?)
    case statistics(ChannelStatistics)
}

package enum OutcomeDeed: String, Sendable {
    case marked = "MARKED"
    case edited = "EDITED"
    case unmarked = "UNMARKED"
}

extension Community {
    func decide(_ command: OutcomeCommand, by id: SessionID, at moment: Moment) -> [Outcome] {
        guard let session = sessions[id] else { return [] }
        do throws(Refusal) {
            switch command {
            case .mark(let name, let sources, let kind, let theme, let summary):
                return try decideMark(name, sources, kind, theme, summary, session, moment)
            case .edit(let name, let number, let summary):
                let channel = try marking(name, session, moment)
                try requireSummary(summary)
                let mark = try mark(number, in: channel)
                guard mark.marked.summary != summary else { return [done(.edited, channel, number)] }
                let edited = OutcomeEdited(
                    channel: channel.id, channelName: channel.name.text, number: number,
                    summary: summary, actor: session.actor)
                return [.event(.outcomes(.edited(edited))), done(.edited, channel, number)]
            case .unmark(let name, let number):
                let channel = try marking(name, session, moment)
                _ = try mark(number, in: channel)
                let unmarked = OutcomeUnmarked(
                    channel: channel.id, channelName: channel.name.text, number: number,
                    actor: session.actor)
                return [.event(.outcomes(.unmarked(unmarked))), done(.unmarked, channel, number)]
            case .list(let name, let after):
                let channel = try gathered(name, session, verb: "OUTCOME")
                let limit = policy.limits.gatheredPageCountLimit
                let later = (outcomes[channel.id]?.marks.keys.filter { $0 > after } ?? []).sorted()
                let page = Array(later.prefix(limit))
                let next = later.count > limit ? page.last : nil
                return [.answer(.outcomes(.page(channel.id, page, next: next)))]
            case .statistics(let name, let from, let to):
                return try decideStatistics(name, from, to, session, moment)
            }
        } catch {
            return [.refused(error)]
        }
    }

    private func done(_ deed: OutcomeDeed, _ channel: Channel, _ number: UInt32) -> Outcome {
        .answer(.outcomes(.done(deed, channel: channel.id, number: number)))
    }

    private func outcomeFailure(_ code: GatheringFailure, _ context: Text...) -> Refusal {
        .gathering(verb: "OUTCOME", code: code, context: context)
    }

    private func marking(_ name: Text, _ session: Session, _ moment: Moment) throws(Refusal) -> Channel {
        let channel = try gathered(name, session, with: .markOutcomes, verb: "OUTCOME")
        guard moment.hasSpace else { throw outcomeFailure(.storageFull) }
        return channel
    }

    private func mark(_ number: UInt32, in channel: Channel) throws(Refusal) -> OutcomeMark {
        guard let mark = outcomes[channel.id]?.marks[number] else {
            throw outcomeFailure(.noSuchOutcome, Text(String(number)))
        }
        return mark
    }

    private func requireSummary(_ summary: Text) throws(Refusal) {
        let limit = policy.limits.outcomeSummaryByteLimit
        guard summary.byteCount <= limit else { throw outcomeFailure(.textTooLong, Text(String(limit))) }
        guard GatheredText.isValid(summary, byteLimit: limit) else {
            throw outcomeFailure(.invalidParameters, summary)
        }
    }

    private func decideMark(
        _ name: Text, _ names: [Text], _ kind: OutcomeKind, _ theme: Text?, _ summary: Text,
        _ session: Session, _ moment: Moment
    ) throws(Refusal) -> [Outcome] {
        let channel = try marking(name, session, moment)
        try requireSummary(summary)
        let limits = policy.limits
        guard names.count <= limits.outcomeSourceCountLimit else {
            throw outcomeFailure(.limitReached, Text(String(limits.outcomeSourceCountLimit)))
        }
        var sources: [GatheredSource] = []
        for name in names {
            let source = try source(named: name, in: channel, verb: "OUTCOME", moment)
            if !sources.contains(source) { sources.append(source) }
        }
        guard !sources.isEmpty else { throw outcomeFailure(.unknownMessage, "*") }
        let own = outcomes[channel.id] ?? OutcomeMarks()
        let (number, isBeyond) = own.lastNumber.addingReportingOverflow(1)
        guard own.marks.count < limits.outcomeCountLimit, !isBeyond else {
            throw outcomeFailure(.limitReached, Text(String(limits.outcomeCountLimit)))
        }
        let marked = OutcomeMarked(
            channel: channel.id, channelName: channel.name.text, number: number, kind: kind,
            summary: summary, sources: sources, theme: try themeNamed(theme), actor: session.actor)
        return [.event(.outcomes(.marked(marked))), done(.marked, channel, number)]
    }

    /// A public channel's name, as the server spells it and without its `#`: a private one is named to nobody.
    private func themeNamed(_ name: Text?) throws(Refusal) -> Text {
        guard let name else { return "" }
        let spelled = name.bytes.first == 35 ? name : "#" + name
        guard let channel = channel(named: spelled), !channel.isPrivate else {
            throw outcomeFailure(.noSuchTheme, name)
        }
        return Text(channel.name.spelling.utf8.dropFirst().map { $0 })
    }
}
