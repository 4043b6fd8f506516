// SPDX-License-Identifier: Apache-2.0

import PlenaryClient
import PlenaryTerminal

/// What the keyboard says.
extension ScreenModel {
    /// Takes what came from the terminal and returns what is to be done.
    package mutating func take(_ input: InputEvent) -> [Effect] {
        switch input {
        case .focus(let isFocused):
            self.isFocused = isFocused
            if isReading(place) { markRead(place) }
            return []
        case .cursorReport: return []
        case .key, .text, .paste: break
        }
        if !isCopyOfQuit(input) {
            notice = nil
            quitAskedAt = nil
        }
        if !dialogs.isEmpty { return takeInDialog(input) }
        if case .key(let key, let modifiers) = input, let effects = takeEverywhere(key, modifiers) {
            return effects
        }
        switch focus {
        case .composer: return takeInComposer(input)
        case .messages: return takeInMessages(input)
        case .threads, .people, .channels: return takeInList(input)
        case .search: return takeInSearch(input)
        case .help: return takeInHelp(input)
        }
    }

    /// The second Ctrl+C is to find the question of the first.
    private func isCopyOfQuit(_ input: InputEvent) -> Bool {
        input == .key(.character("c"), .control) && quitAskedAt != nil
    }

    // MARK: Everywhere

    /// Nil when the key means nothing everywhere.
    private mutating func takeEverywhere(_ key: Key, _ modifiers: Modifiers) -> [Effect]? {
        switch (key, modifiers) {
        case (.function(let number), _): return takeFunction(number)
        case (.character("p"), .control): return perform(.menu)
        case (.character("f"), .control) where focus != .composer: return perform(.search)
        case (.character("a"), .alt): return openNextUnread()
        case (.character(let letter), .alt) where PhysicalKeys.latin(letter) == "a": return openNextUnread()
        case (.character("u"), .alt): return undoAct()
        case (.character(let letter), .alt) where PhysicalKeys.latin(letter) == "u": return undoAct()
        case (.up, .alt), (.pageUp, .control): return openNeighbour(-1)
        case (.down, .alt), (.pageDown, .control): return openNeighbour(1)
        case (.pageUp, _): return page(1)
        case (.pageDown, _): return page(-1)
        case (.home, .control): return scrollToUnread()
        case (.end, .control): return scrollToEnd()
        case (.character("k"), .control) where focus != .composer || composer.text.isEmpty:
            return perform(.jump)
        case (.character("l"), .control): return [.redraw]
        case (.character("z"), .control): return [.suspend]
        case (.character("c"), .control): return cancelOrQuit()
        case (.tab, []): return completeOrMove(1)
        case (.backTab, _): return movePane(-1)
        case (.escape, _): return goBack()
        default: return nil
        }
    }

    /// Keys that GNOME's terminal takes for itself (F1, F10, F11) have nothing of their own.
    private mutating func takeFunction(_ number: Int) -> [Effect]? {
        guard let action = MenuAction.allCases.first(where: { $0.key == "F\(number)" }) else { return nil }
        return perform(action)
    }

    /// A page of what fills the main pane: of the messages from wherever the keys go, where they are seen.
    private mutating func page(_ direction: Int) -> [Effect] {
        let layout = layout
        let rows = max(layout.main.rows - 2, 1)
        switch main {
        case .help: scrollHelp(-direction * rows)
        case .search:
            search.selected = min(
                max(search.selected - direction * rows / 2, 0), max(search.found.count - 1, 0))
        case .threads where layout.side == nil, .people where layout.side == nil,
            .channels where layout.list == nil:
            moveInList(-direction * rows)
        case .messages, .threads, .people, .channels: return scroll(direction * pageRows)
        }
        return []
    }

    /// Ctrl+C clears or cancels; twice within two seconds with nothing to clear, it quits.
    private mutating func cancelOrQuit() -> [Effect] {
        guard focus == .composer, composer.text.isEmpty, main == .messages else {
            quitAskedAt = nil
            if focus == .composer, !composer.text.isEmpty {
                composer = LineEditor()
                forgetReply()
                return [.keepDraft(place, "")]
            }
            return goBack()
        }
        if let asked = quitAskedAt,
            now.microseconds &- asked.microseconds <= ScreenLimits.quitMilliseconds * 1000
        {
            return [.quit]
        }
        quitAskedAt = now
        notice = StyledText(catalogue.text(.pressAgainToQuit, [.key: "Ctrl+C"]))
        return []
    }

    // MARK: Going back, and round

    /// Esc: one step back; in the end the composer.
    mutating func goBack() -> [Effect] {
        if main != .messages || (focus != .composer && focus != .messages) {
            main = .messages
            focus = .composer
            threadList.filter = ""
            threadScope = .current
            peopleList.filter = ""
            channelList.filter = ""
            return []
        }
        if selectedKey != nil || focus == .messages {
            focus = .composer
            selectedKey = nil
            return []
        }
        if answering[place] != nil || marking[place] != nil {
            forgetReply()
            return []
        }
        if anchor != nil { return scrollToEnd() }
        guard place.thread != nil, composer.text.isEmpty else { return [] }
        return open(place.mainLine)
    }

    /// The panes that can be gone to with Tab, in their order on the screen.
    var panes: [Focus] {
        let layout = layout
        var result: [Focus] = []
        if layout.list != nil { result.append(.channels) }
        switch main {
        case .search: result.append(.search)
        case .help: result.append(.help)
        case .threads where layout.side == nil: result.append(.threads)
        case .people where layout.side == nil: result.append(.people)
        case .channels where layout.list == nil: result.append(.channels)
        case .messages, .threads, .people, .channels: result.append(.messages)
        }
        if layout.side != nil { result += [.threads, .people] }
        return result + [.composer]
    }

    private mutating func movePane(_ step: Int) -> [Effect] {
        let panes = panes
        let index = panes.firstIndex(of: focus) ?? panes.count - 1
        return enter(panes[(index + step + panes.count) % panes.count])
    }

    /// Gives a pane the keys.
    mutating func enter(_ pane: Focus) -> [Effect] {
        focus = pane
        switch pane {
        case .messages:
            if selectedKey == nil { return moveSelection(0) }
        case .channels:
            channelList.selected =
                conversationsInOrder.firstIndex { Place.areSame($0.name, place.conversation) } ?? 0
        case .threads:
            threadList.selected = threadsShown.firstIndex { $0.number == place.thread } ?? 0
        case .people: peopleList.selected = 0
        // What is selected stays so, for what is typed behind a slash.
        case .composer, .search, .help: break
        }
        return []
    }

    private mutating func completeOrMove(_ step: Int) -> [Effect] {
        if focus == .composer, complete() { return [] }
        return movePane(step)
    }

    /// Opens a pane, or goes back where it is open.
    mutating func toggle(_ pane: MainPane, _ focus: Focus) -> [Effect] {
        if self.focus == focus { return goBack() }
        let layout = layout
        let isBeside =
            switch pane {
            case .threads, .people: layout.side != nil
            case .channels: layout.list != nil
            case .messages, .search, .help: false
            }
        if !isBeside { main = pane }
        let effects = enter(focus)
        guard pane == .threads, conversation(place.conversation)?.isChannel == true else { return effects }
        return effects + [.learnThreads(channel: place.conversation)]
    }

    // MARK: Lists

    private mutating func takeInList(_ input: InputEvent) -> [Effect] {
        switch input {
        case .key(.up, _): moveInList(-1)
        case .key(.down, _): moveInList(1)
        case .key(.home, _): moveInList(-10_000)
        case .key(.end, _): moveInList(10_000)
        case .key(.enter, _): return chooseInList()
        case .key(.backspace, _):
            guard !filter.isEmpty else { return goBack() }
            filter = String(filter.dropLast())
        case .key(.left, _): return movePane(language.isRightToLeft ? 1 : -1)
        case .key(.right, _): return movePane(language.isRightToLeft ? -1 : 1)
        case .text(let text):
            if filter.isEmpty, let effects = takeQuestionMark(text) { return effects }
            filter += PlainText.oneLine(text)
        case .paste(let text): filter += PlainText.oneLine(text)
        case .key, .cursorReport, .focus: break
        }
        return previewSelected()
    }

    /// The filter of the list that has the keys.
    package var filter: String {
        get {
            switch focus {
            case .threads: threadList.filter
            case .people: peopleList.filter
            case .channels: channelList.filter
            case .search: search.input.text
            case .composer, .messages, .help: ""
            }
        }
        set {
            let short = String(newValue.prefix(100))
            switch focus {
            case .threads: threadList.narrow(to: short)
            case .people: peopleList.narrow(to: short)
            case .channels: channelList.narrow(to: short)
            case .composer, .messages, .help, .search: break
            }
        }
    }

    private mutating func moveInList(_ step: Int) {
        switch focus {
        case .threads: threadList.move(step, count: threadsShown.count)
        case .people: peopleList.move(step, count: peopleShown.count)
        case .channels: channelList.move(step, count: conversationsInOrder.count)
        case .composer, .messages, .search, .help: break
        }
    }

    private mutating func chooseInList() -> [Effect] {
        switch focus {
        case .threads:
            guard let thread = selectedThread else { return [] }
            threadList.filter = ""
            return open(Place(thread.channel, thread: thread.number))
        case .people:
            guard let person = selectedPerson, !isOwn(person.nickname) else { return [] }
            peopleList.filter = ""
            return open(Place(person.nickname))
        case .channels:
            let all = conversationsInOrder
            guard all.indices.contains(channelList.selected) else { return [] }
            let chosen = all[channelList.selected].place
            channelList.filter = ""
            return open(chosen)
        case .composer, .messages, .search, .help: return []
        }
    }

    /// The messages of the selected thread, for the preview.
    private mutating func previewSelected() -> [Effect] {
        guard main == .threads, focus == .threads, layout.side == nil, let thread = selectedThread else {
            return []
        }
        let place = Place(thread.channel, thread: thread.number)
        guard timelines[place] == nil else { return [] }
        return load(place, .latest)
    }

    /// `?` in its three forms where nothing is written yet.
    mutating func takeQuestionMark(_ text: String) -> [Effect]? {
        guard text.count == 1, let only = text.first, (PhysicalKeys.asciiPunctuation(only) ?? only) == "?"
        else {
            return nil
        }
        return perform(.help)
    }

    private mutating func takeInHelp(_ input: InputEvent) -> [Effect] {
        switch input {
        case .key(.up, _): scrollHelp(-1)
        case .key(.down, _): scrollHelp(1)
        case .key(.home, _): helpScroll = 0
        case .key(.end, _): scrollHelp(10_000)
        case .key(.left, _): turnHelp(language.isRightToLeft ? 1 : -1)
        case .key(.right, _): turnHelp(language.isRightToLeft ? -1 : 1)
        case .key, .text, .paste, .cursorReport, .focus: break
        }
        return []
    }

    private mutating func scrollHelp(_ rows: Int) {
        let layout = layout
        let lines = helpLines(
            columns: layout.main.columns - 3, language.isRightToLeft ? .rightToLeft : .leftToRight)
        helpScroll = min(max(helpScroll + rows, 0), max(lines.count - layout.main.rows, 0))
    }

    private mutating func turnHelp(_ step: Int) {
        let all = HelpTopic.allCases
        let index = all.firstIndex(of: helpTopic) ?? 0
        helpTopic = all[(index + step + all.count) % all.count]
        helpScroll = 0
    }

    // MARK: Search

    private mutating func takeInSearch(_ input: InputEvent) -> [Effect] {
        switch input {
        case .key(.up, _): search.selected = max(search.selected - 1, 0)
        case .key(.down, _): search.selected = min(search.selected + 1, max(search.found.count - 1, 0))
        case .key(.enter, _):
            guard search.input.text == search.asked, search.found.indices.contains(search.selected) else {
                return look()
            }
            let found = search.found[search.selected]
            return found.post.id.map { open(found.place, at: $0) } ?? []
        case .key(let key, let modifiers): _ = search.input.handle(key, modifiers)
        case .text(let text), .paste(let text): search.input.insert(PlainText.oneLine(text))
        case .cursorReport, .focus: break
        }
        return []
    }

    /// Looks for the words in the line. What is looked for already is not asked for twice.
    mutating func look() -> [Effect] {
        let words = search.input.text
        guard words.contains(where: { !$0.isWhitespace }), !search.isWaiting || words != search.asked else {
            return []
        }
        search.asked = words
        search.isWaiting = true
        search.found = []
        search.failure = nil
        return [.search(words)]
    }
}
