// SPDX-License-Identifier: Apache-2.0

import PlenaryClient
import PlenaryTerminal

/// Writing and sending.
extension ScreenModel {
    mutating func takeInComposer(_ input: InputEvent) -> [Effect] {
        defer {
            if input != .key(.character("x"), .control) { isChordBegun = false }
            // What was recalled and then changed is a text of its own.
            if let index = recallIndex, !recalled.indices.contains(index) || composer.text != recalled[index]
            {
                recallIndex = nil
            }
        }
        switch input {
        case .text(let text):
            if composer.isEmpty, let effects = takeQuestionMark(text) { return effects }
            if !composer.insert(text) { refuseLength() }
        case .paste(let text): return paste(text)
        case .key(.enter, let modifiers) where modifiers.contains(.alt): _ = composer.insert("\n")
        case .key(.character("j"), .control): _ = composer.insert("\n")
        case .key(.enter, _): return send()
        case .key(.up, []): return moveUp()
        case .key(.down, []): return moveDown()
        case .key(.left, let modifiers) where modifiers.isEmpty: moveVisually(isRight: false)
        case .key(.right, let modifiers) where modifiers.isEmpty: moveVisually(isRight: true)
        case .key(.character("x"), .control):
            isChordBegun = true
            return []
        case .key(.character("e"), .control) where isChordBegun:
            isChordBegun = false
            return [.editOutside(composer.text)]
        case .key(let key, let modifiers): _ = composer.handle(key, modifiers)
        case .cursorReport, .focus: break
        }
        return []
    }

    private mutating func refuseLength() {
        let limit = composer.byteLimit
        notice = StyledText(
            catalogue.text(.textTooLong, [.count: "> \(limit)", .limit: String(limit)]), .bold)
    }

    /// Arrows move as the eye sees it, to the nearest place on that side; from the end of a row to the next
    /// one in the
    /// direction of the text's beginning, so that among rows of both directions one comes through all of
    /// them.
    private mutating func moveVisually(isRight: Bool) {
        let text = StyledText(composer.text)
        let lines = typesetter.lines(text, columns: composerColumns)
        let (row, column) = typesetter.caret(before: composer.caret, in: lines, of: text)
        func places(_ row: Int) -> [(index: Int, column: Int)] {
            let source = lines[row].source
            // The place behind the last cluster is on this row only where no other row follows.
            let last = row == lines.count - 1 ? source.upperBound : source.upperBound - 1
            return (source.lowerBound...max(last, source.lowerBound)).compactMap { index in
                let place = typesetter.caret(before: index, in: lines, of: text)
                return place.line == row ? (index, place.column) : nil
            }
        }
        guard lines.indices.contains(row) else { return }
        let beside = places(row).filter { isRight ? $0.column > column : $0.column < column }
        if let next = isRight
            ? beside.min(by: { $0.column < $1.column }) : beside.max(by: { $0.column < $1.column })
        {
            return composer.moveCaret(to: next.index)
        }
        let other = isRight == lines[0].isRightToLeft ? row - 1 : row + 1
        guard lines.indices.contains(other) else { return }
        let all = places(other)
        let edge = isRight ? all.min(by: { $0.column < $1.column }) : all.max(by: { $0.column < $1.column })
        if let edge { composer.moveCaret(to: edge.index) }
    }

    /// Columns that the text being written has.
    var composerColumns: Int {
        let margin = columns < Layout.middleColumns && !language.isRightToLeft ? 0 : 1
        return max(columns - margin - 3, 1)
    }

    private mutating func moveUp() -> [Effect] {
        if composer.handle(.up, []) { return [] }
        guard composer.isEmpty || recallIndex != nil, !recalled.isEmpty else {
            guard composer.isEmpty else { return [] }
            return lastOwnPost.map { correct($0) } ?? enter(.messages)
        }
        let index = max((recallIndex ?? recalled.count) - 1, 0)
        recallIndex = index
        composer.setText(recalled[index])
        return []
    }

    private mutating func moveDown() -> [Effect] {
        if composer.handle(.down, []) { return [] }
        guard let index = recallIndex else { return [] }
        if index + 1 < recalled.count {
            recallIndex = index + 1
            composer.setText(recalled[index + 1])
        } else {
            recallIndex = nil
            composer.clear()
        }
        return []
    }

    /// A pasted text never sends itself; a long one is asked about.
    private mutating func paste(_ text: String) -> [Effect] {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).count
        guard lines > ScreenLimits.pasteLineLimit else {
            if !composer.paste(text) { refuseLength() }
            return []
        }
        let yes = catalogue.text(.pasteAsOne, [.lines: catalogue.count(.lines, lines)])
        dialogs.append(
            .list(
                StyledText(catalogue.text(.pasteQuestion), .bold),
                [
                    .init(StyledText(yes), .pasteAsOneMessage(text)),
                    .init(StyledText(catalogue.text(.cancel)), .cancel),
                ]))
        return []
    }

    // MARK: Sending

    /// Enter: sends the text, or does what it commands.
    mutating func send() -> [Effect] {
        let text = composer.text
        guard text.contains(where: { !$0.isWhitespace }) else {
            if case .retrying = link { return [.connectNow] }
            return []
        }
        switch SlashCommand.parse(text, language: language) {
        case .text(let words): return post(words)
        case .command(let command, let arguments):
            let written = place
            let draft = composer
            composer.clear()
            isRefused = false
            let effects = perform(command, arguments)
            // What was not understood stays to be mended.
            guard !isRefused else {
                composer = draft
                return []
            }
            remember(text)
            return effects + [.keepDraft(written, "")]
        case .unknown(let word, let nearest):
            let words: [Placeholder: StyledText] = [
                .command: StyledText("/" + PlainText.oneLine(word)),
                .nearest: StyledText(nearest.map { "/\($0)" }.joined(separator: catalogue.comma)),
            ]
            notice = catalogue.styled(
                nearest.isEmpty ? Sentence.unknownCommand : .unknownCommandNearest, words)
        case .refusedSecret: notice = StyledText(catalogue.text(.looksLikePassword), .bold)
        }
        return []
    }

    private mutating func post(_ text: String) -> [Effect] {
        let written = composer.text
        let effects = deliver(composed(text))
        guard !effects.isEmpty else { return [] }
        composer.clear()
        remember(written)
        return effects + [.keepDraft(place, "")]
    }

    /// A text as what is being written here: an answer, a question, a correction, or none of them.
    func composed(_ text: String) -> Outgoing {
        let mark = marking[place]
        // A correction stands where what it corrects does.
        var outgoing = Outgoing(text, to: mark == .correction ? place : destination)
        outgoing.marks.kind = mark
        // An answer to a message of a thread would be filed there, although the channel is meant.
        if outgoing.place == place { outgoing.replyTo = answering[place]?.id }
        return outgoing
    }

    /// The next message answers nothing and is nothing in particular.
    mutating func forgetReply() {
        answering[place] = nil
        marking[place] = nil
    }

    /// Brings one's own message back to be written again. What is sent then is a correction of it: the log keeps both
    /// (docs/decisions/0171). What was being written comes back with Up.
    mutating func correct(_ post: Post) -> [Effect] {
        if !composer.isEmpty { remember(composer.text) }
        answering[place] = post
        marking[place] = .correction
        composer.setText(post.text)
        main = .messages
        focus = .composer
        selectedKey = nil
        return []
    }

    /// The newest message here that is one's own and still there.
    var lastOwnPost: Post? {
        timelines[place]?.entries.reversed().lazy.compactMap(\.post).first(where: mayCorrect)
    }

    func mayCorrect(_ post: Post) -> Bool { post.isOwn && post.id != nil && post.removal == nil }

    /// Sends a text, and shows where it will stand. Nothing where there is no place to send it to.
    mutating func deliver(_ outgoing: Outgoing) -> [Effect] {
        guard !outgoing.place.conversation.isEmpty else { return refuse(.notSentNoChannel) }
        var outgoing = outgoing
        outgoing.text = PlainText.clean(outgoing.text)
        forgetReply()
        // Whoever writes has read.
        let effects = main == .messages && outgoing.place == place ? scrollToEnd() : []
        return [.send(outgoing)] + effects
    }

    /// Keeps what was typed, for Up.
    private mutating func remember(_ text: String) {
        recalled.removeAll { $0 == text }
        recalled.append(text)
        if recalled.count > ScreenLimits.recallCountLimit { recalled.removeFirst() }
        recallIndex = nil
    }

    /// Sends again what was refused or given up.
    mutating func retryUnsent() -> [Effect] {
        var effects: [Effect] = []
        for (index, pending) in outbox.enumerated() {
            guard case .failed = pending.state else { continue }
            var outgoing = Outgoing(pending.text, to: pending.place)
            outgoing.kind = pending.kind
            outgoing.replyTo = pending.replyTo
            outgoing.marks = pending.marks
            // The same token: should it have arrived after all, it is stored once.
            outgoing.token = pending.token
            outbox[index].state = .queued
            effects.append(.send(outgoing))
        }
        // What had no token gets one in the queue, and is told of under it.
        outbox.removeAll { $0.token == nil && $0.state == .queued }
        guard effects.isEmpty else { return effects }
        if case .retrying = link { return [.connectNow] }
        notice = StyledText(catalogue.text(.nothingToRetry))
        return []
    }

    /// The queue did not take a text: it stays on the screen, with the reason.
    mutating func take(notSent outgoing: Outgoing, _ error: ClientError) {
        let state = Pending.State.failed(reason: catalogue.reason(error))
        if let token = outgoing.token, let index = outbox.firstIndex(where: { $0.token == token }) {
            outbox[index].state = state
            return
        }
        outbox.append(
            Pending(
                token: outgoing.token, place: outgoing.place, text: outgoing.text, kind: outgoing.kind,
                replyTo: outgoing.replyTo, marks: outgoing.marks, queuedAt: now, state: state))
    }

    /// The text being written in a place, to be kept when one leaves it.
    mutating func keepDraft(of place: Place) -> [Effect] {
        guard let text = drafts[place]?.text else { return [] }
        if text.isEmpty { drafts[place] = nil }
        return [.keepDraft(place, text)]
    }

    /// All texts being written, to be kept when the program ends.
    package mutating func keepDrafts() -> [Effect] {
        drafts.keys.sorted { $0.target < $1.target }.flatMap { keepDraft(of: $0) }
    }

    // MARK: Completing

    /// Completes `@name`, `#channel`, `/command` and `:sign:` before the caret; false when there is nothing
    /// to complete.
    mutating func complete() -> Bool {
        let (word, range) = composer.wordBeforeCaret
        guard let sign = word.first, range.upperBound == composer.caret else { return false }
        let rest = String(word.dropFirst())
        let candidates: [String]
        switch PhysicalKeys.asciiPunctuation(sign) ?? sign {
        case "@":
            let members = conversation(place.conversation)?.membersInOrder ?? []
            candidates = members.map { "@" + PlainText.oneLine($0.nickname) }.filter {
                !isOwn(String($0.dropFirst()))
            }
        case "#": candidates = conversations.filter(\.isChannel).map { PlainText.oneLine($0.name) }
        case "/" where range.lowerBound == 0:
            candidates = SlashCommand.allCases.filter(\.isOffered).map(\.word)
        case ":": candidates = Emoji.names.map { ":\($0):" }
        default: return false
        }
        let matching = candidates.filter { $0.dropFirst().lowercased().hasPrefix(rest.lowercased()) }.sorted()
        guard let first = matching.first else { return false }
        if matching.count == 1 {
            let whole = Emoji.sign(named: first) ?? first
            composer.replace(
                range, with: whole + (whole.hasPrefix("@") && range.lowerBound == 0 ? ": " : " "))
        } else {
            let common = matching.dropFirst().reduce(first) { String($0.commonPrefix(with: $1)) }
            if common.count > word.count { composer.replace(range, with: common) }
            notice = StyledText(isolated: matching.prefix(20).joined(separator: "  "), .faint)
        }
        return true
    }
}

extension String {
    /// What both begin with, in any case; spelled as here.
    fileprivate func commonPrefix(with other: String) -> Substring {
        var index = startIndex
        for character in other {
            guard index < endIndex, self[index].lowercased() == character.lowercased() else { break }
            index = self.index(after: index)
        }
        return self[..<index]
    }
}

/// Signs that people have no key for, by a short name between colons.
package enum Emoji {
    private static let signs: [(name: String, sign: String)] = [
        ("+1", "👍"), ("-1", "👎"), ("check", "✅"), ("clap", "👏"), ("eyes", "👀"), ("heart", "❤️"),
        ("idea", "💡"), ("ok", "👌"), ("pray", "🙏"), ("question", "❓"), ("smile", "🙂"), ("star", "⭐"),
        ("tada", "🎉"), ("thinking", "🤔"), ("warning", "⚠️"), ("wave", "👋"),
    ]
    package static var names: [String] { signs.map(\.name) }
    package static func sign(named name: String) -> String? {
        signs.first { ":\($0.name):" == name }?.sign
    }
}
