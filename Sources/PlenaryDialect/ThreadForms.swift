// SPDX-License-Identifier: Apache-2.0

import PlenaryDomain
import PlenaryTerms
import PlenaryWire

/// Where a message stands, as far as its lines show it (docs/extensions/threads.md, "How a message … is delivered").
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
    /// Where a stored message stands now. `isChange` is whether the one shown before it belonged elsewhere; nil asks
    /// the channel's own order.
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

    /// The message with the target and the lines that these sessions are shown.
    func shaped(
        _ message: MessagePosted, _ placement: Placement, _ capabilities: Capabilities, _ form: ThreadForm
    ) -> MessagePosted {
        guard placement.thread != .mainLine, !capabilities.contains(.threads), form != .plain else {
            return message
        }
        var shaped = message
        if form == .window {
            shaped.target = message.target + Text("/\(placement.thread.value)")
        } else if let first = message.lines.firstIndex(where: { !$0.text.isEmpty }) {
            let verbByteCount = message.kind == .notice ? 6 : 7
            let frame =
                1 + message.actor.source.byteCount + 1 + verbByteCount + 1 + message.target.byteCount + 4
            let cued = Dialect.cued(message.lines[first].text, placement, byteLimit: 512 - frame)
            shaped.lines.replaceSubrange(
                first...first,
                with: cued.enumerated().map { index, text in
                    MessageLine(text, isConcatenated: index > 0 || message.lines[first].isConcatenated)
                })
        }
        return shaped
    }

    /// A text with its cue, in two pieces when one would be too long.
    private static func cued(_ text: Text, _ placement: Placement, byteLimit: Int) -> [Text] {
        let number = "[\(placement.thread.value)"
        let cue = Text(
            placement.isChange ? "\(number) \(cut(placement.title.string, columns: 24))] " : "\(number)] ")
        let action = Array("\u{1}ACTION ".utf8)
        if text.bytes.first == 1 {
            guard text.bytes.starts(with: action), text.byteCount + cue.byteCount <= byteLimit else {
                return [text]
            }
            return [Text(action) + cue + Text(text.bytes.dropFirst(action.count))]
        }
        guard cue.byteCount + text.byteCount > byteLimit else { return [cue + text] }
        let first = utf8Prefix(text.bytes, byteLimit: byteLimit - cue.byteCount)
        return [cue + Text(first), Text(text.bytes[first.endIndex...])]
    }

    /// The beginning of a text that fits into so many terminal columns, with `…` where it was cut.
    static func cut(_ text: String, columns limit: Int) -> String {
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
        to tags: inout [LineTag]
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
            !tags.contains(where: { TagAliases.reply.contains($0.key) })
        {
            tags.append(LineTag(TagAliases.reply[0], Text(previous.text)))
        }
    }
}
