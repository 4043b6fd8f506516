// SPDX-License-Identifier: Apache-2.0

import PlenaryClient
import PlenaryTerminal

/// What the menu, the function keys and the letters do.
extension ScreenModel {
    /// Does one thing of the menu.
    mutating func perform(_ action: MenuAction) -> [Effect] {
        if action == .session || action == .relay { return performMeeting(action) }
        return switch action.group {
        case .messages: performMessage(action)
        case .threads: performThread(action)
        case .places: performPlace(action)
        case .moderation: performModeration(action)
        case .session: performMeeting(action)
        case .languages where action != .sayLanguage: performMeeting(action)
        case .person, .program, .languages, .raw: performProgram(action)
        }
    }

    // MARK: Messages

    private mutating func performMessage(_ action: MenuAction) -> [Effect] {
        switch action {
        case .search:
            main = .search
            return enter(.search)
        case .nextUnread: return openNextUnread()
        case .retry: return retryUnsent()
        case .history: return scroll(layout.main.rows)
        case .switchTarget:
            guard place.thread != nil else { return refuse(.notAllowedHere) }
            isToChannel.toggle()
        case .markRead:
            markRead(place, upTo: selectedPost?.time)
            notice = StyledText(catalogue.text(.markedRead))
            return tellRead()
        case .goToDate: dialogs.append(.ask(StyledText(catalogue.text(.promptDate), .bold), .date(place)))
        case .ask:
            if marking[place] == .correction { composer.clear() }
            forgetReply()
            marking[place] = .question
            main = .messages
            return enter(.composer)
        case .edit:
            guard let post = selectedPost ?? lastOwnPost else { return askToSelect() }
            return perform(action, on: post)
        case .reply, .delete, .copy, .openLink, .report:
            guard let post = selectedPost else { return askToSelect() }
            return perform(action, on: post)
        default: return refuse(.notAllowedHere)
        }
        return []
    }

    /// A message is to be chosen first; the newest one is offered.
    mutating func askToSelect() -> [Effect] {
        main = .messages
        let effects = enter(.messages)
        notice = StyledText(catalogue.text(.selectMessageFirst, [.key: "\(glyphs.up) \(glyphs.down)"]))
        return effects
    }

    private mutating func perform(_ action: MenuAction, on post: Post) -> [Effect] {
        switch action {
        case .reply: return answer(post)
        case .edit:
            guard mayCorrect(post) else { return refuse(.notAllowedHere) }
            return correct(post)
        case .copy:
            notice = StyledText(catalogue.text(.copied))
            return [.copy(post.text)]
        case .openLink:
            guard let link = link(in: post) else {
                notice = StyledText(catalogue.text(.noLink))
                return []
            }
            return [.openLink(link)]
        case .delete:
            guard post.isOwn, let id = post.id else { return refuse(.notAllowedHere) }
            dialogs.append(
                .list(
                    StyledText(catalogue.text(.deleteQuestion), .bold),
                    lines: [StyledText(isolated: PlainText.oneLine(post.text))],
                    [
                        .init(StyledText(catalogue.text(.yes)), .deleteOwn(id: id, place)),
                        .init(StyledText(catalogue.text(.cancel)), .cancel),
                    ]))
        case .report:
            var draft = ModerationDraft(
                .report, target: place.conversation, object: post.id ?? post.nickname, shown: post.nickname)
            draft.quote = PlainText.oneLine(post.text)
            return propose(draft)
        default: return refuse(.notAllowedHere)
        }
        return []
    }

    /// Says why something cannot be done. A command that was typed stays in the composer.
    mutating func refuse(_ phrase: Phrase, _ values: [Placeholder: String] = [:]) -> [Effect] {
        notice = StyledText(catalogue.text(phrase, values))
        isRefused = true
        return []
    }

    /// The same with a sentence.
    mutating func refuse(_ sentence: Sentence, _ values: [Placeholder: String] = [:]) -> [Effect] {
        notice = StyledText(catalogue.text(sentence, values), .bold)
        isRefused = true
        return []
    }

    // MARK: Threads

    private mutating func performThread(_ action: MenuAction) -> [Effect] {
        switch action {
        case .threads: return toggle(.threads, .threads)
        case .newThread:
            guard place.isChannel else { return refuse(.notAllowedHere) }
            let root = place.thread == nil ? selectedPost : nil
            let title = StyledText(catalogue.text(.promptNewThread), .bold)
            dialogs.append(
                .ask(
                    title,
                    .threadTitle(channel: place.conversation, root: root?.threadRoot == nil ? root?.id : nil))
            )
        case .renameThread, .closeThread, .reopenThread, .followThread, .muteThread, .unfollowThread:
            return performOnThread(action)
        default: return refuse(.notAllowedHere)
        }
        return []
    }

    /// The thread that is selected in the list, open, or grown from the selected message.
    private var threadAtHand: ThreadInfo? {
        if focus == .threads { return selectedThread }
        let root = selectedPost?.threadRoot.flatMap { conversation(place.conversation)?.threads[$0] }
        return currentThread ?? root
    }

    mutating func performOnThread(_ action: MenuAction) -> [Effect] {
        guard let thread = threadAtHand else { return refuse(.inNoThread) }
        return perform(action, on: thread)
    }

    private mutating func perform(_ action: MenuAction, on thread: ThreadInfo) -> [Effect] {
        let target = Place(thread.channel, thread: thread.number)
        switch action {
        case .renameThread:
            dialogs.append(
                .ask(StyledText(catalogue.text(.promptTitle), .bold), .newTitle(target), filled: thread.title)
            )
            return []
        case .closeThread where isModerator:
            return propose(ModerationDraft(.close, target: target.target, shown: thread.title))
        case .closeThread: return [.changeThread(target, .close)]
        case .reopenThread: return [.changeThread(target, .reopen)]
        case .followThread: return [.changeThread(target, .level(.follow))]
        case .muteThread: return [.changeThread(target, .level(.mute))]
        case .unfollowThread: return [.changeThread(target, .level(.all))]
        case .pin: return [.changeThread(target, .pin)]
        case .unpin: return [.changeThread(target, .unpin)]
        default: return refuse(.notAllowedHere)
        }
    }

    // MARK: Channels and people

    private mutating func performPlace(_ action: MenuAction) -> [Effect] {
        switch action {
        case .channels: return toggle(.channels, .channels)
        case .people: return toggle(.people, .people)
        case .jump: askWhere()
        case .join: return [.listChannels(mask: nil)]
        case .leave:
            guard place.isChannel else { return refuse(.notAllowedHere) }
            let name = StyledText(Place.shortName(place.conversation), .bold)
            dialogs.append(
                .list(
                    catalogue.styled(.leaveQuestion, [.place: name], style: .bold),
                    [
                        .init(StyledText(catalogue.text(.yes)), .leave(place.conversation)),
                        .init(StyledText(catalogue.text(.cancel)), .cancel),
                    ]))
        case .message: dialogs.append(.ask(StyledText(catalogue.text(.promptPerson), .bold), .personName))
        case .person:
            guard let name = personAtHand else { return askToSelect() }
            return [.ask(verb: "WHOIS", parameters: [name], title: catalogue.text(.showPerson))]
        case .muteChannel, .unmuteChannel:
            guard conversation(place.conversation) != nil else { return refuse(.inNoChannel) }
            let isMuted = action == .muteChannel
            with(place.conversation) { $0.isMuted = isMuted }
            return [.keepMuted(place.conversation, isMuted)]
        case .invite:
            guard place.isChannel else { return refuse(.inNoChannel) }
            let title = StyledText(catalogue.text(.promptPerson), .bold)
            dialogs.append(.ask(title, .inviteName(channel: place.conversation)))
        default: return refuse(.notAllowedHere)
        }
        return []
    }

    /// The person who is selected, or who wrote the selected message.
    var personAtHand: String? { focus == .people ? selectedPerson?.nickname : selectedPost?.nickname }

    /// Every place by name.
    private mutating func askWhere() {
        var options: [Dialog.Option] = []
        for conversation in conversationsInOrder {
            let topic = PlainText.oneLine(conversation.topic ?? "")
            let name = PlainText.oneLine(conversation.name)
            options.append(
                .init(
                    StyledText(isolated: name, .bold) + StyledText("  ")
                        + StyledText(isolated: topic, .faint),
                    words: "\(name) \(topic)", .open(conversation.place)))
            for thread in conversation.threadsInOrder where thread.state != .archived {
                let target = Place(conversation.name, thread: thread.number)
                let title = PlainText.oneLine(thread.title)
                options.append(
                    .init(
                        StyledText("  ") + StyledText(isolated: target.target) + StyledText("  ")
                            + StyledText(isolated: title), words: "\(target.target) \(title)", .open(target)))
            }
        }
        let known = conversation(place.conversation)?.membersInOrder ?? []
        for member in known where !isOwn(member.nickname) {
            let name = PlainText.oneLine(member.nickname)
            options.append(
                .init(StyledText(isolated: "@" + name), words: "@" + name, .open(Place(member.nickname))))
        }
        dialogs.append(.list(StyledText(catalogue.text(.goWhere), .bold), options, isFilterable: true))
    }

    // MARK: The person and the program

    private mutating func performProgram(_ action: MenuAction) -> [Effect] {
        switch action {
        case .menu: openMenu()
        case .help:
            if focus == .help { return goBack() }
            helpTopic = focus == .threads ? .threads : focus == .search ? .search : .start
            helpScroll = 0
            main = .help
            return enter(.help)
        case .language:
            let options = Language.allCases.map {
                Dialog.Option(
                    StyledText(isolated: $0.ownName), words: "\($0.ownName) \($0.rawValue)", .language($0))
            }
            dialogs.append(.list(StyledText(catalogue.text(.languageTitle), .bold), options))
        case .name:
            dialogs.append(.ask(StyledText(catalogue.text(.promptName), .bold), .nickname, filled: nickname))
        case .away: dialogs.append(.ask(StyledText(catalogue.text(.promptAway), .bold), .awayText))
        case .back: return [.ask(verb: "AWAY", parameters: [], title: catalogue.text(.comeBack))]
        case .export: return [.export(place)]
        case .status: showStatus()
        case .reconnect: return [.connectNow]
        case .plain: return [.changeToPlain]
        case .settings: askSettings()
        case .quit:
            return [.quit]
        case .whereAmI: showStatus()
        default: return refuse(.notAllowedHere)
        }
        return []
    }

    /// Everything that can be done here, what belongs to the selection first, moderation last.
    private mutating func openMenu() {
        let actions = MenuAction.allCases.filter(isPossible)
        let ordered = actions.enumerated().sorted { one, other in
            let ranks = (rank(of: one.element), rank(of: other.element))
            return ranks.0 == ranks.1 ? one.offset < other.offset : ranks.0 < ranks.1
        }
        let options = ordered.map(\.element).map { action in
            let name = catalogue.text(action.name)
            let slash = action.slash ?? ""
            let hint = [action.key ?? "", slash].filter { !$0.isEmpty }
                .map { StyledText(isolated: $0, .faint) }.joined(by: StyledText("  "))
            let english = Catalogue(.english).text(action.name)
            return Dialog.Option(
                StyledText(name), words: "\(name) \(slash) \(english)", hint: hint, .menu(action))
        }
        dialogs.append(.list(StyledText(catalogue.text(.menuTitle), .bold), options, isFilterable: true))
    }

    private func rank(of action: MenuAction) -> Int {
        if action == .undo { return -1 }
        if action.group == .moderation { return 9 }
        let isMessage = MessageActions.all.contains(action)
        if focus == .messages, isMessage { return 0 }
        return isMessage ? 5 : 1
    }

    private func isPossible(_ action: MenuAction) -> Bool {
        guard action.isOffered else { return false }
        return switch action {
        case .menu: false
        case .undo: undoableNow != nil
        case .unmuteChannel: conversation(place.conversation)?.isMuted == true
        case .muteChannel: conversation(place.conversation)?.isMuted == false
        case .switchTarget: place.thread != nil
        case .renameThread, .closeThread, .reopenThread, .followThread, .muteThread, .unfollowThread:
            threadAtHand != nil
        case .pin, .unpin: isModerator && threadAtHand != nil
        case .report: !isModerator
        case _ where action.group == .moderation: isModerator
        // They need a text behind them.
        case .sayLanguage, .quote: false
        default: true
        }
    }

    private mutating func showStatus() {
        let version = StyledText(serverName)
        func row(_ phrase: Phrase, _ value: StyledText) -> Dialog.Option {
            .init(StyledText(catalogue.text(phrase) + ": ") + value, .cancel)
        }
        let connection: String =
            switch link {
            case .connecting: catalogue.text(.connecting)
            case .online: catalogue.text(.online)
            case .retrying(_, let reason): reason
            case .ended(let reason): reason ?? catalogue.text(.offline)
            }
        dialogs.append(
            .list(
                StyledText(catalogue.text(.status), .bold),
                [
                    row(.statusServer, version),
                    row(.statusAccount, StyledText(isolated: account ?? nickname)),
                    row(.statusConnection, StyledText(isolated: PlainText.oneLine(connection))),
                    row(.statusQueue, StyledText(String(outbox.count))),
                ]))
    }

    private mutating func askSettings() {
        var options: [Dialog.Option] = []
        func add(_ phrase: Phrase, _ value: Phrase, _ key: String, _ raw: String) {
            let words = "\(catalogue.text(phrase)): \(catalogue.text(value))"
            options.append(.init(StyledText(words), words: words, .setting(key: key, value: raw)))
        }
        add(.settingBell, .settingOn, "ui.bell", "true")
        add(.settingBell, .settingOff, "ui.bell", "false")
        add(.settingDirection, .settingByApp, "ui.bidi", "app")
        add(.settingDirection, .settingByTerminal, "ui.bidi", "terminal")
        add(.settingDirection, .settingOff, "ui.bidi", "off")
        add(.settingTheme, .settingAutomatic, "ui.theme", "auto")
        add(.settingTheme, .settingMono, "ui.theme", "mono")
        add(.settingTheme, .settingHighContrast, "ui.theme", "high-contrast")
        dialogs.append(.list(StyledText(catalogue.text(.settings), .bold), options, isFilterable: true))
    }

    /// Asks whether messages that have waited for long are to be sent; false when none has.
    package mutating func askAboutWaiting(_ waiting: [OutgoingMessage]) -> Bool {
        guard let time = waiting.map(\.queuedAt).min(),
            now.seconds - time.seconds > ScreenLimits.staleQueueHours * 3600
        else { return false }
        let words: [Placeholder: StyledText] = [
            .time: StyledText(catalogue.moment(local(time), now: local(now))),
            .messages: StyledText(catalogue.count(.messages, waiting.count)),
        ]
        dialogs.append(
            .list(
                catalogue.styled(.oldQueueQuestion, words, style: .bold),
                [
                    .init(StyledText(catalogue.text(.sendNow)), .sendWaiting),
                    .init(StyledText(catalogue.text(.discard)), .discardWaiting),
                ]))
        return true
    }
}

/// What is done to one message.
private enum MessageActions {
    static let all: Set<MenuAction> = [
        .reply, .edit, .delete, .copy, .openLink, .report, .remove, .hide, .unhide, .move,
    ]
}
