// SPDX-License-Identifier: Apache-2.0

import PlenaryDomain
import PlenaryTerms
import PlenaryWire

/// A past event with its public name.
package typealias HistoryEntry = (event: LoggedEvent, id: MessageID)

extension Dialect {
    /// CHATHISTORY (IRCv3 chathistory, "Subcommands").
    static func interpretHistory(_ line: Line) throws(Refusal) -> [Command] {
        let parameters = line.parameters
        guard let first = parameters.first else { throw .historyInvalidParameters(subcommand: "*", []) }
        let subcommand = Text(first.string.uppercased())
        func parameter(_ index: Int) throws(Refusal) -> Text {
            guard let text = parameters[parameter: index] else {
                throw .historyInvalidParameters(subcommand: subcommand, [])
            }
            return text
        }
        func limit(_ index: Int) throws(Refusal) -> Int {
            let text = try parameter(index)
            guard let count = Int(text.string), count > 0 else {
                throw .historyInvalidParameters(subcommand: subcommand, [text])
            }
            return count
        }
        func bound(_ index: Int) throws(Refusal) -> HistoryRequest.Bound {
            try historyBound(try parameter(index), subcommand, target: try parameter(1))
        }
        func fetch(_ selection: HistoryRequest.Selection, limit: Int) throws(Refusal) -> [Command] {
            [
                .history(
                    .fetch(
                        subcommand: subcommand, target: try parameter(1), selection: selection, limit: limit))
            ]
        }
        switch subcommand.string {
        case "LATEST":
            let after = try parameter(2).bytes == [42] ? nil : bound(2)
            return try fetch(.latest(after: after), limit: limit(3))
        case "BEFORE": return try fetch(.before(bound(2)), limit: limit(3))
        case "AFTER": return try fetch(.after(bound(2)), limit: limit(3))
        case "AROUND": return try fetch(.around(bound(2)), limit: limit(3))
        case "BETWEEN": return try fetch(.between(bound(2), bound(3)), limit: limit(4))
        case "TARGETS":
            guard case .time(let from) = try bound(1), case .time(let to) = try bound(2) else {
                throw .historyInvalidReference(subcommand: subcommand, try parameter(1))
            }
            return [.history(.targets(from: from, to: to, limit: try limit(3)))]
        default: throw .historyUnknownCommand(first)
        }
    }

    private static func historyBound(
        _ text: Text, _ subcommand: Text, target: Text
    ) throws(Refusal) -> HistoryRequest.Bound {
        let parts = text.bytes.split(separator: 61, maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2 else { throw .historyInvalidReference(subcommand: subcommand, text) }
        switch Text(parts[0]) {
        case "timestamp":
            if let time = Timestamp(iso8601: parts[1]) { return .time(time) }
            throw .historyInvalidParameters(subcommand: subcommand, [text])
        case "msgid":
            // What was never a message id is as unknown as one that nobody was given.
            if let id = MessageID(parts[1]) { return .message(id) }
            throw .historyUnavailable(subcommand: subcommand, target: target)
        default: throw .historyInvalidReference(subcommand: subcommand, text)
        }
    }

    /// Past events as this session reads them, each where it stands now; redacted messages are left out.
    func shown(
        _ entries: [HistoryEntry], thread: ThreadID?, to session: Session, in community: Community,
        showsAllTranslations: Bool = false
    ) -> [(lines: [Line], time: Timestamp)] {
        let isThread = thread != nil && thread != .mainLine
        let form = isThread ? ThreadForm.window : Dialect.form(for: session, in: community)
        var last: ThreadID?
        return entries.compactMap { entry in
            guard let conversation = entry.event.event.home, !community.isGone(entry.event) else {
                return nil
            }
            var placement = Placement.mainLine
            if case .channel(let channel) = conversation {
                placement = self.placement(of: entry.event.offset, in: channel, community, isChange: false)
                placement.isChange = placement.thread != last
                if entry.event.event.isMessage { last = placement.thread }
            }
            // In a thread's own history its root reads as what it is: the beginning.
            if isThread, let thread, placement.thread == .mainLine, !session.capabilities.contains(.threads) {
                placement.thread = thread
            }
            if case .messagePosted(let message) = entry.event.event, let translation = message.translation,
                !showsAllTranslations, !Dialect.shows(translation, to: session)
            {
                return nil
            }
            let (event, code) = veiled(entry.event, to: session, in: community)
            let lines = render(
                event, id: entry.id, to: session.capabilities, in: community, at: placement, as: form)
            return (marked(lines, hidden: code, to: session), entry.event.time)
        }
    }

    /// A whole answer: one batch `chathistory`, its target as the client spelled it.
    package func renderHistory(
        _ entries: [HistoryEntry], target: Text, thread: ThreadID? = nil, reference: Text,
        isComplete: Bool = false, to session: Session, in community: Community
    ) -> [Line] {
        let hasBatch = session.capabilities.contains(.batch)
        // Nothing more follows in the direction that was asked for (IRCv3 chathistory,
        // `draft/chathistory-end`).
        let isEndSaid = isComplete && session.capabilities.contains(.messageTags)
        var lines = shown(entries, thread: thread, to: session, in: community).flatMap(\.lines)
        guard hasBatch else { return lines }
        lines.putIntoBatch(reference)
        let opening = Line(
            tags: isEndSaid ? [LineTag("draft/chathistory-end")] : [], source: facts.name, verb: "BATCH",
            ["+" + reference, "chathistory", Dialect.word(target)])
        return [opening] + lines + [Line(source: facts.name, verb: "BATCH", ["-" + reference])]
    }

    /// Earlier messages for a plain client, between two frame lines, with a text stamp where it reads no tags.
    package func renderReplay(
        _ entries: [HistoryEntry], channel: Text, thread: ThreadID? = nil, to session: Session,
        in community: Community
    ) -> [Line] {
        guard !entries.isEmpty else { return [] }
        let channel = thread.map { channel + Text("/\($0.value)") } ?? channel
        func frame(_ key: ServerText) -> Line {
            Line(
                source: facts.name, verb: "NOTICE",
                [channel, text(key, in: session.language, [.channel: channel])],
                hasTrailing: true)
        }
        // irssi negotiates server-time and does not show it, so tags are what tells (ux.md 1).
        let needsStamp = !session.capabilities.contains(.messageTags)
        var lines = [frame(.replayStart)]
        for shown in shown(entries, thread: thread, to: session, in: community) {
            for var line in shown.lines {
                if needsStamp, let body = line.parameters.last {
                    line.parameters[line.parameters.count - 1] = Dialect.stamped(body, shown.time)
                    line = Dialect.fitted(line)
                }
                lines.append(line)
            }
        }
        return lines + [frame(.replayEnd)]
    }

    /// `20 Nov 09:15`, UTC, as a person reads it.
    private static func stamp(_ time: Timestamp) -> String {
        let iso = Array(time.iso8601.utf8)
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        let month = Int(iso[5] - 48) * 10 + Int(iso[6] - 48)
        let day = Int(iso[8] - 48) * 10 + Int(iso[9] - 48)
        return "\(day) \(months[(month - 1) % 12]) \(String(decoding: iso[11..<16], as: UTF8.self))"
    }

    /// A text with its stamp; in an ACTION the stamp stands inside, so that it stays one.
    private static func stamped(_ text: Text, _ time: Timestamp) -> Text {
        let stamp = Text("[\(stamp(time))] ")
        let action = Array("\u{1}ACTION ".utf8)
        guard text.bytes.starts(with: action) else { return stamp + text }
        return Text(action) + stamp + Text(text.bytes.dropFirst(action.count))
    }

    /// CHATHISTORY TARGETS: one row a conversation, by the time of its newest message.
    package func renderTargets(
        _ rows: [(name: Text, time: Timestamp)], reference: Text, to session: Session
    ) -> [Line] {
        let hasBatch = session.capabilities.contains(.batch)
        var lines: [Line] = []
        if hasBatch {
            lines.append(
                Line(source: facts.name, verb: "BATCH", ["+" + reference, "draft/chathistory-targets"]))
        }
        for row in rows {
            lines.append(
                Line(
                    tags: hasBatch ? [LineTag("batch", reference)] : [], source: facts.name,
                    verb: "CHATHISTORY",
                    ["TARGETS", row.name, Text(row.time.iso8601)]))
        }
        if hasBatch { lines.append(Line(source: facts.name, verb: "BATCH", ["-" + reference])) }
        return lines
    }
}
