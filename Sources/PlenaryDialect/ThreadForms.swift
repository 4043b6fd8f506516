// SPDX-License-Identifier: Apache-2.0

import PlenaryDomain
import PlenaryTerms
import PlenaryWire

/// Where a message stands, as far as its lines show it (docs/extensions/threads.md, "How a message … is
/// delivered").
package struct Placement: Sendable {
    package var thread: ThreadID
    package var title: Text
    /// Whether the message before it in the channel belonged elsewhere.
    package var isChange: Bool
    /// The message before it in the thread.
    package var previous: MessageID?
    /// The thread that grew from it.
    package var rootOf: ThreadID?

    package init(
        thread: ThreadID, title: Text = "", isChange: Bool = false, previous: MessageID? = nil,
        rootOf: ThreadID? = nil
    ) {
        self.thread = thread
        self.title = title
        self.isChange = isChange
        self.previous = previous
        self.rootOf = rootOf
    }

    package static let mainLine = Placement(thread: .mainLine)
}

/// How a session without the capability is shown a message of a thread.
package enum ThreadForm: UInt8, Hashable, Sendable {
    /// `[12] text`
    case cue
    /// As any other message.
    case plain
    /// With the thread as its target.
    case window
}

extension Dialect {
    /// Where a stored message stands now. `isChange` is whether the one shown before it belonged
    /// elsewhere; nil asks the channel's own order.
    package func placement(
        of offset: Offset, in channel: ChannelID, _ community: Community, isChange: Bool? = nil
    ) -> Placement {
        guard let channel = community.channels[channel], !channel.threads.isEmpty,
            let ledger = community.ledgers[channel.id], let ordinal = ledger.ordinal(of: offset)
        else { return .mainLine }
        let thread = ledger[ordinal].thread
        let rootOf = channel.threadsByRoot[offset]
        guard thread != .mainLine else { return Placement(thread: .mainLine, rootOf: rootOf) }
        return Placement(
            thread: thread, title: channel.threads[thread]?.title ?? "",
            isChange: isChange ?? (ledger.message(before: ordinal)?.thread != thread),
            previous: ledger.visible(before: ordinal, of: thread).map { identify($0.offset) }, rootOf: rootOf)
    }

    /// How a session without the capability is shown messages of threads.
    package static func form(for session: Session, in community: Community) -> ThreadForm {
        let isPlain = session.account.map { community.readings[$0]?.usesPlainCue ?? false } ?? false
        return isPlain ? .plain : .cue
    }

    /// The message with the target, the lines and the verb that these sessions are shown; nil when they are its own.
    func shaped(
        _ message: MessagePosted, _ placement: Placement, _ capabilities: Capabilities, _ form: ThreadForm
    ) -> MessagePosted? {
        let preface = capabilities.contains(.threads) ? nil : Dialect.preface(message)
        let showsThread =
            placement.thread != .mainLine && !capabilities.contains(.threads) && form != .plain
        let translation = Dialect.translationCue(message, capabilities)
        guard showsThread || preface != nil || translation != nil else { return nil }
        var shaped = message
        // A translation is a notice for those who would take it for something that was said.
        if translation != nil { shaped.kind = .notice }
        if form == .window, showsThread {
            shaped.target = message.target + Text("/\(placement.thread.value)")
        }
        let verbByteCount = shaped.kind == .notice ? 6 : 7
        let frame = message.actor.source.byteCount + verbByteCount + shaped.target.byteCount + 7
        let isCued = form == .cue || preface != nil || translation != nil
        let cued = isCued ? message.lines.firstIndex { !$0.text.isEmpty } : nil
        shaped.lines = message.lines.enumerated().flatMap { index, line in
            var cue: Text = ""
            if index == cued {
                if showsThread, form == .cue { cue = Dialect.cue(of: placement) }
                if let preface { cue = cue + preface }
                if let translation { cue = cue + translation }
            }
            return Dialect.split(line.text, cue: cue, byteLimit: 512 - frame).enumerated().map {
                piece, text in
                MessageLine(text, isConcatenated: piece > 0 || line.isConcatenated)
            }
        }
        return shaped
    }

    /// What of a message's marks is part of what is said, for clients that know no tag: that it corrects another
    /// one, as symbols of documents have it, and for whom somebody speaks. The tags were checked when it was posted.
    private static func preface(_ message: MessagePosted) -> Text? {
        guard message.kind != .tagOnly, !message.clientTags.isEmpty,
            let marks = try? MessageMarks(clientTags: message.clientTags)
        else { return nil }
        let correction: Text? = marks.kind == .correction ? "(Corr.) " : nil
        let name = marks.onBehalf.map { "(" + $0 + ") " }
        return correction.map { $0 + (name ?? "") } ?? name
    }

    /// `[12] `, with the title where the thread changes.
    private static func cue(of placement: Placement) -> Text {
        let number = "[\(placement.thread.value)"
        return Text(
            placement.isChange ? "\(number) \(cut(placement.title.string, columns: 24))] " : "\(number)] ")
    }

    /// A text behind its cue, in two pieces when one would be too long. What was posted fits without a
    /// cue into a line to the longest target it had then; after a move its target may be longer.
    private static func split(_ text: Text, cue: Text, byteLimit: Int) -> [Text] {
        let action = Array("\u{1}ACTION ".utf8)
        let isAction = text.bytes.starts(with: action)
        let cue: Text = text.bytes.first == 1 && !isAction ? "" : cue
        guard cue.byteCount + text.byteCount > byteLimit else {
            return isAction && !cue.isEmpty
                ? [Text(action) + cue + Text(text.bytes.dropFirst(action.count))] : [cue + text]
        }
        guard isAction else {
            let first = utf8Prefix(text.bytes, byteLimit: byteLimit - cue.byteCount)
            return [cue + Text(first), Text(text.bytes[first.endIndex...])]
        }
        // Both pieces are actions.
        var words = Array(text.bytes.dropFirst(action.count))
        if words.last == 1 { words.removeLast() }
        let first = utf8Prefix(words, byteLimit: byteLimit - cue.byteCount - action.count - 1)
        let end: Text = "\u{1}"
        return [
            Text(action) + cue + Text(first) + end, Text(action) + Text(words[first.endIndex...]) + end,
        ]
    }

    /// The beginning of a text that fits into so many terminal columns, with `…` where it was cut.
    package static func cut(_ text: String, columns limit: Int) -> String {
        var width = 0
        var kept = ""
        for character in text {
            let columns = character.unicodeScalars.map(columnCount).max() ?? 0
            if width + columns > limit {
                // The last one gives way to the mark.
                return String(kept.dropLast(width == limit ? 1 : 0)) + "…"
            }
            width += columns
            kept.append(character)
        }
        return text
    }

    private static func columnCount(_ scalar: Unicode.Scalar) -> Int {
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format, .control: return 0
        default: break
        }
        // East Asian wide and full-width letters, and pictures (UAX #11), by their blocks.
        switch scalar.value {
        case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF,
            0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1FAFF, 0x20000...0x3FFFD:
            return 2
        default: return 1
        }
    }

    /// Tags that say where a message stands.
    func addThreadTags(
        _ placement: Placement, _ capabilities: Capabilities, _ form: ThreadForm,
        to tags: inout LineTags
    ) {
        if capabilities.contains(.threads) {
            if let root = placement.rootOf {
                tags.append(LineTag(Vendor.threadRootTag, Text(number: root.value)))
            }
            if placement.thread != .mainLine {
                tags.append(LineTag(Vendor.threadTag, Text(number: placement.thread.value)))
            }
        } else if placement.thread != .mainLine, form != .window, let previous = placement.previous,
            capabilities.contains(.messageTags),
            !TagAliases.reply.contains(where: { tags.contains($0) })
        {
            tags.append(LineTag(TagAliases.reply[0], Text(previous.text)))
        }
    }
}
