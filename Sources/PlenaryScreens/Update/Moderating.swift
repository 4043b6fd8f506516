// SPDX-License-Identifier: Apache-2.0

import PlenaryClient
import PlenaryTerminal

/// Acts of moderation: from the menu and from behind a slash, each with its reason, and a preview before it
/// is done.
extension ScreenModel {
    // MARK: From the menu

    mutating func performModeration(_ action: MenuAction) -> [Effect] {
        switch action {
        case .remove: proposeOnSelected(.redact)
        case .hide: proposeOnSelected(.hide)
        case .unhide: proposeOnSelected(.unhide)
        case .move: proposeOnSelected(.move)
        case .mutePerson: proposeOnPerson(.mute)
        case .unmutePerson: proposeOnPerson(.unmute)
        case .ban: proposeOnPerson(.ban)
        case .unban: proposeOnPerson(.unban)
        case .kick: proposeOnPerson(.remove)
        case .slow: askSlowness()
        case .topic: askTopic()
        case .pin, .unpin: performOnThread(action)
        case .lock: lock(true, "")
        case .unlock: lock(false, "")
        case .moderationLog: [.learnModerationLog(channel: place.conversation)]
        case .undo: undoAct()
        default: refuse(.notAllowedHere)
        }
    }

    private mutating func proposeOnSelected(_ kind: ModerationDraft.Kind) -> [Effect] {
        guard let post = selectedPost, let draft = draft(kind, on: post) else { return askToSelect() }
        return propose(draft)
    }

    private mutating func proposeOnPerson(_ kind: ModerationDraft.Kind) -> [Effect] {
        guard let name = personAtHand, !isOwn(name) else { return askToSelect() }
        return propose(ModerationDraft(kind, target: place.conversation, object: name, shown: name))
    }

    private mutating func askSlowness() -> [Effect] {
        let options = ["10s", "30s", "60s", "300s", "off"].map { words in
            let draft = ModerationDraft(.slow, target: place.conversation, object: words)
            let label = words == "off" ? catalogue.text(.settingOff) : draft.durationInWords(catalogue)
            return Dialog.Option(StyledText(label), .propose(draft))
        }
        dialogs.append(.list(StyledText(catalogue.text(.promptSlow), .bold), options))
        return []
    }

    private mutating func askTopic() -> [Effect] {
        let topic = PlainText.oneLine(conversation(place.conversation)?.topic ?? "")
        let title = StyledText(catalogue.text(.promptTopic), .bold)
        dialogs.append(.ask(title, .topic(place.conversation), filled: topic))
        return []
    }

    /// A thread is closed, a channel takes texts of moderators only; and the other way round.
    mutating func lock(_ isLocked: Bool, _ reason: String) -> [Effect] {
        guard place.thread != nil else {
            return propose(
                ModerationDraft(.moderated, target: place.conversation, object: isLocked ? "on" : "off"))
        }
        var draft = ModerationDraft(
            isLocked ? .close : .reopen, target: place.target, shown: currentThread?.title ?? place.target)
        draft.text = reasonable(reason)
        return propose(draft)
    }

    /// On one line, without blanks at its end.
    private func reasonable(_ text: String) -> String {
        var text = PlainText.oneLine(text)[...]
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }

    /// Nil for a message without an id, on which nothing can be done.
    func draft(_ kind: ModerationDraft.Kind, on post: Post) -> ModerationDraft? {
        guard let id = post.id, post.removal == nil else { return nil }
        var draft = ModerationDraft(kind, target: place.conversation, object: id, shown: post.nickname)
        draft.quote = PlainText.oneLine(post.text)
        return draft
    }

    // MARK: Behind a slash

    mutating func performModeration(_ command: SlashCommand, _ arguments: String) -> [Effect] {
        let words = reasonable(arguments)
        let (word, rest) = firstWord(words)
        switch command {
        case .topic:
            return [
                .ask(verb: "TOPIC", parameters: [place.target, words], title: catalogue.text(.setTopic))
            ]
        case .mute: return proposeOnNamed(.mute, word, rest, command)
        case .unmute: return proposeOnNamed(.unmute, word, rest, command)
        case .ban: return proposeOnNamed(.ban, word, rest, command)
        case .unban: return proposeOnNamed(.unban, word, rest, command)
        case .kick: return proposeOnNamed(.remove, word, rest, command)
        case .slow: return propose(ModerationDraft(.slow, target: place.conversation, object: word))
        case .hide: return proposeOnMessage(.hide, words)
        case .remove: return proposeOnMessage(.redact, words)
        case .unhide: return proposeOnMessage(.unhide, words)
        case .lock: return lock(true, words)
        case .unlock: return lock(false, words)
        case .move:
            guard let post = selectedPost, var draft = draft(.move, on: post) else {
                return refuse(.selectMessageFirst, [.key: "\(glyphs.up) \(glyphs.down)"])
            }
            guard let number = threadNumber(word) else { return explain(command) }
            draft.destination = String(number)
            return propose(draft)
        default: return explain(command)
        }
    }

    /// `NAME [10m] [reason]`; without a time it holds until it is undone.
    private mutating func proposeOnNamed(
        _ kind: ModerationDraft.Kind, _ word: String, _ rest: String, _ command: SlashCommand
    ) -> [Effect] {
        let name = personName(word)
        guard !name.isEmpty else { return explain(command) }
        var draft = ModerationDraft(kind, target: place.conversation, object: name, shown: name)
        draft.text = rest
        if draft.takesDuration {
            let (second, reason) = firstWord(rest)
            let isTime = second.first?.isNumber == true
            draft.text = isTime ? reason : rest
            draft.duration = isTime ? second : rest.isEmpty ? nil : ""
        }
        if !draft.takesReason { draft.text = "" }
        return propose(draft)
    }

    /// `REASON` for the message that is selected; `NAME REASON` for the last one of somebody, `=k3x9 REASON`
    /// for
    /// one by the label that moderators of plain clients use.
    private mutating func proposeOnMessage(_ kind: ModerationDraft.Kind, _ words: String) -> [Effect] {
        let named: ModerationDraft?
        var reason = words
        if let post = selectedPost {
            named = draft(kind, on: post)
        } else {
            let (word, rest) = firstWord(words)
            reason = rest
            named =
                word.hasPrefix("=")
                ? ModerationDraft(kind, target: place.conversation, object: word, shown: word)
                : lastPost(of: personName(word)).flatMap { draft(kind, on: $0) }
        }
        guard var draft = named else {
            return refuse(.selectMessageFirst, [.key: "\(glyphs.up) \(glyphs.down)"])
        }
        if draft.takesReason { draft.text = reason }
        return propose(draft)
    }

    private func lastPost(of name: String) -> Post? {
        timelines[place]?.entries.reversed().lazy.compactMap(\.post).first {
            Place.areSame($0.nickname, name) && $0.removal == nil && $0.id != nil
        }
    }

    // MARK: Step by step

    /// Asks for what an act still needs; shows what will be done when nothing is missing.
    mutating func propose(_ draft: ModerationDraft) -> [Effect] {
        if draft.kind == .move, draft.destination == nil {
            dialogs.append(.ask(StyledText(catalogue.text(.promptThread), .bold), .threadNumber(draft)))
        } else if draft.takesDuration, draft.duration == nil {
            askDuration(of: draft)
        } else if draft.takesReason, !draft.hasReason {
            askReason(of: draft)
        } else {
            confirm(draft)
        }
        return []
    }

    /// For how long.
    private mutating func askDuration(of draft: ModerationDraft) {
        let choices = [
            ("10m", catalogue.count(.forMinutes, 10)), ("1h", catalogue.count(.forHours, 1)),
            ("24h", catalogue.count(.forHours, 24)), ("7d", catalogue.count(.forDays, 7)),
            ("", catalogue.text(.untilUndone)),
        ]
        let options = choices.map { duration, words in
            var next = draft
            next.duration = duration
            return Dialog.Option(StyledText(words), .propose(next))
        }
        dialogs.append(.list(StyledText(catalogue.text(.promptDuration), .bold), options))
    }

    /// Why.
    private mutating func askReason(of draft: ModerationDraft) {
        let codes = ["off-topic", "personal-data", "wrong-channel", "abusive", "spam", "safety"]
        var options = codes.map { code in
            var next = draft
            next.code = code
            return Dialog.Option(StyledText(catalogue.reasonWords(code)), .propose(next))
        }
        options.append(.init(StyledText(catalogue.text(.reasonOwnWords)), .ownReason(draft)))
        dialogs.append(.list(StyledText(catalogue.text(.promptReason), .bold), options))
    }

    /// What will be done, before it is done.
    private mutating func confirm(_ draft: ModerationDraft) {
        var lines = [preview(of: draft)]
        if !draft.quote.isEmpty {
            lines.append(StyledText(isolated: String(draft.quote.prefix(200)), .faint))
        }
        if draft.hasReason {
            let reason = draft.text.isEmpty ? catalogue.reasonWords(draft.code) : draft.text
            lines.append(catalogue.styled(.reasonGiven, [.reason: StyledText(PlainText.oneLine(reason))]))
        }
        if draft.kind != .report { lines.append(StyledText(catalogue.text(.isLogged), .faint)) }
        if draft.kind == .redact { lines.append(StyledText(catalogue.text(.cannotBeUndone), .bold)) }
        dialogs.append(
            .list(
                StyledText(catalogue.text(draft.name), .bold), lines: lines,
                [
                    .init(StyledText(catalogue.text(.yes)), .moderate(draft)),
                    .init(StyledText(catalogue.text(.cancel)), .cancel),
                ]))
    }

    private func preview(of draft: ModerationDraft) -> StyledText {
        let name = StyledText(String(PlainText.oneLine(draft.shown).prefix(100)), .bold)
        let phrase: Phrase =
            switch draft.kind {
            case .redact: .willRemove
            case .hide: .willHide
            case .unhide: .willUnhide
            case .mute: .willMute
            case .unmute: .willUnmute
            case .ban: .willBan
            case .unban: .willUnban
            case .remove: .willKick
            case .slow: draft.object == "off" ? .willSlowOff : .willSlow
            case .moderated: draft.object == "on" ? .willLock : .willUnlock
            case .close: .willClose
            case .reopen: .willReopen
            case .move: .willMove
            case .report: .willReport
            }
        return catalogue.styled(
            phrase,
            [
                .name: name, .place: StyledText(PlainText.oneLine(draft.target), .bold), .title: name,
                .duration: StyledText(draft.durationInWords(catalogue)),
                .number: StyledText(draft.destination ?? ""),
            ])
    }

    /// It was agreed to.
    mutating func carryOut(_ draft: ModerationDraft) -> [Effect] {
        guard draft.kind != .report else {
            let reason = [draft.code, draft.text].filter { !$0.isEmpty }.joined(separator: " ")
            return [.report(about: draft.object, channel: draft.target, reason: reason)]
        }
        var draft = draft
        if draft.kind == .slow { draft.before = conversation(draft.target)?.slowSeconds }
        return [.moderate(draft)]
    }

    // MARK: Taking it back

    /// The server has done it.
    mutating func take(done draft: ModerationDraft) {
        if draft.isUndoing { notice = StyledText(catalogue.text(.undone)) }
        guard let undoing = draft.undoing else { return }
        undoable = Undoable(draft: undoing, until: now.advanced(bySeconds: ScreenLimits.undoSeconds))
    }

    /// What can be taken back now.
    package var undoableNow: Undoable? { undoable.flatMap { now < $0.until ? $0 : nil } }

    /// Whether something on the screen counts seconds, and is to be painted anew though nothing happens.
    package var isCounting: Bool {
        if case .retrying = link { return true }
        // Once more when the offer has ended, so that it goes.
        return undoable.map { now < $0.until.advanced(bySeconds: 2) } ?? false
    }

    /// Takes the last act back. Nothing is asked: the key is offered only for as long as one knows what one
    /// did.
    mutating func undoAct() -> [Effect] {
        guard let undoable = undoableNow else { return [] }
        self.undoable = nil
        return [.moderate(undoable.draft)]
    }
}

extension ModerationDraft {
    /// What the act is called.
    fileprivate var name: ActionPhrase {
        switch kind {
        case .redact: .removeMessage
        case .hide: .hideMessage
        case .unhide: .unhideMessage
        case .mute: .mutePerson
        case .unmute: .unmutePerson
        case .ban: .banPerson
        case .unban: .unbanPerson
        case .remove: .removePerson
        case .slow: .slowDown
        case .moderated: object == "on" ? .lockPlace : .unlockPlace
        case .close: .closeThread
        case .reopen: .reopenThread
        case .move: .moveMessage
        case .report: .reportToModerators
        }
    }

    /// `for 10 minutes`, or as written where it is no time that we know.
    fileprivate func durationInWords(_ catalogue: Catalogue) -> String {
        let written = kind == .slow ? object : duration ?? ""
        if written.isEmpty { return catalogue.text(.untilUndone) }
        let isBare = written.last?.isNumber == true
        guard let number = Int(isBare ? written : String(written.dropLast())) else {
            return PlainText.oneLine(written)
        }
        switch isBare ? "s" : written.last {
        case "s": return catalogue.count(.seconds, number)
        case "m": return catalogue.count(.forMinutes, number)
        case "h": return catalogue.count(.forHours, number)
        case "d": return catalogue.count(.forDays, number)
        default: return PlainText.oneLine(written)
        }
    }
}
