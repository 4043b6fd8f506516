// SPDX-License-Identifier: Apache-2.0

import PlenaryClient
import PlenaryTerminal

/// What is typed behind a slash.
extension ScreenModel {
    /// Does what a command says.
    mutating func perform(_ command: SlashCommand, _ arguments: String) -> [Effect] {
        guard command.isOffered else {
            notice = catalogue.styled(Sentence.notOffered, [.command: StyledText(command.word)])
            isRefused = true
            return []
        }
        if arguments.isEmpty, let action = action(of: command) { return perform(action) }
        switch command.group {
        case .places: return performPlace(command, arguments)
        case .messages: return performMessage(command, arguments)
        case .threads: return performThread(command, arguments)
        case .moderation: return performModeration(command, arguments)
        case .session: return performMeeting(command, arguments)
        case .languages where command != .say: return performMeeting(command, arguments)
        case .person, .languages: return performPerson(command, arguments)
        case .program, .raw: return performProgram(command, arguments)
        }
    }

    /// What the menu has for a command without anything behind it.
    private func action(of command: SlashCommand) -> MenuAction? {
        switch command {
        // `/list` is what is there to enter; F6 is where one is already.
        case .list: nil
        // They need a text.
        case .say, .quote: nil
        case .mute: place.thread == nil ? .muteChannel : .muteThread
        case .unmute: place.thread == nil ? .unmuteChannel : .unfollowThread
        case .read: .markRead
        default: MenuAction.allCases.first { $0.slash == command.word }
        }
    }

    /// Says how a command is written. Nothing was done.
    mutating func explain(_ command: SlashCommand) -> [Effect] {
        notice = catalogue.styled(Sentence.write, [.usage: StyledText(command.usage)])
        isRefused = true
        return []
    }

    // MARK: Words

    func channelName(_ word: String) -> String { Place.isChannel(word) ? word : "#" + word }

    /// Without the sign by which people are called, in the forms that input methods type.
    func personName(_ word: String) -> String {
        word.first == "@" || word.first == "＠" ? String(word.dropFirst()) : word
    }

    /// `12`, `/12`; 0 is the main line.
    func threadNumber(_ word: String) -> Int? {
        guard let number = Int(word.hasPrefix("/") ? String(word.dropFirst()) : word), number >= 0 else {
            return nil
        }
        return number
    }

    func firstWord(_ text: String) -> (word: String, rest: String) {
        let parts = text.split(maxSplits: 1, whereSeparator: \.isWhitespace)
        return (parts.first.map(String.init) ?? "", parts.count > 1 ? String(parts[1]) : "")
    }

    /// The beginning of a day as local calendars have it, of `2026-11-23`.
    func startOfDay(_ day: String) -> Timestamp? {
        let trimmed = day.filter { !$0.isWhitespace }
        guard let time = Timestamp(iso8601: Array((trimmed + "T00:00:00Z").utf8)) else { return nil }
        return time.advanced(bySeconds: -localOffset(time))
    }

    // MARK: Channels and people

    private mutating func performPlace(_ command: SlashCommand, _ arguments: String) -> [Effect] {
        let (word, rest) = firstWord(arguments)
        switch command {
        case .join:
            guard !word.isEmpty else { return explain(command) }
            let next = Place(target: channelName(word))
            return conversation(next.conversation) == nil ? [.join(next.conversation)] : open(next)
        case .list: return [.listChannels(mask: word.isEmpty ? nil : "*\(PlainText.oneLine(word))*")]
        case .whois:
            guard !word.isEmpty else { return explain(command) }
            return [.ask(verb: "WHOIS", parameters: [personName(word)], title: catalogue.text(.showPerson))]
        case .msg:
            let name = personName(word)
            guard !name.isEmpty, !Place.isChannel(name) else { return explain(command) }
            let next = Place(name)
            let effects = open(next)
            return rest.isEmpty ? effects : effects + deliver(Outgoing(rest, to: next))
        case .invite:
            guard !word.isEmpty, place.isChannel else { return explain(command) }
            let title = catalogue.text(.invitePerson)
            return [.ask(verb: "INVITE", parameters: [personName(word), place.conversation], title: title)]
        case .mute, .unmute: return performModeration(command, arguments)
        default: return explain(command)
        }
    }

    // MARK: Messages

    private mutating func performMessage(_ command: SlashCommand, _ arguments: String) -> [Effect] {
        switch command {
        case .me:
            guard !arguments.isEmpty else { return explain(command) }
            var outgoing = Outgoing(arguments, to: destination)
            outgoing.kind = .action
            return deliver(outgoing)
        case .reply:
            guard let post = selectedPost ?? timelines[place]?.lastPost, let id = post.id else {
                return refuse(.nothingToAnswer)
            }
            var outgoing = Outgoing(
                arguments, to: Place(place.conversation, thread: post.threadRoot ?? place.thread))
            outgoing.replyTo = id
            return deliver(outgoing)
        case .ask:
            var outgoing = Outgoing(arguments, to: destination)
            outgoing.marks.kind = .question
            return deliver(outgoing)
        case .edit:
            guard let post = selectedPost ?? lastOwnPost, mayCorrect(post) else {
                return refuse(.nothingToAnswer)
            }
            var outgoing = Outgoing(arguments, to: place)
            outgoing.replyTo = post.id
            outgoing.marks.kind = .correction
            return deliver(outgoing)
        case .channel: return deliver(Outgoing(arguments, to: place.mainLine))
        case .read: return perform(.markRead)
        case .goto:
            guard let start = startOfDay(arguments) else { return explain(command) }
            return load(place, .around(.time(start)))
        case .search:
            main = .search
            focus = .search
            search.input.setText(PlainText.oneLine(arguments))
            return look()
        case .report:
            let (word, rest) = firstWord(PlainText.oneLine(arguments))
            guard !word.isEmpty, !rest.isEmpty else { return explain(command) }
            var draft = ModerationDraft(
                .report, target: place.conversation, object: personName(word), shown: personName(word))
            draft.text = rest
            return propose(draft)
        default: return explain(command)
        }
    }

    // MARK: Threads

    private mutating func performThread(_ command: SlashCommand, _ arguments: String) -> [Effect] {
        let (word, rest) = firstWord(arguments)
        switch command {
        case .thread: break
        case .threads:
            guard let scope = ThreadScope(rawValue: word.lowercased()) else { return explain(command) }
            threadScope = scope
            return perform(.threads)
        default: return explain(command)
        }
        if let number = threadNumber(word) {
            guard place.isChannel else { return refuse(.inNoChannel) }
            let effects = open(Place(place.conversation, thread: number == 0 ? nil : number))
            // `/12 text` says it there.
            return rest.isEmpty ? effects : effects + deliver(Outgoing(rest, to: place))
        }
        switch word.lowercased() {
        case "new":
            guard place.isChannel else { return refuse(.inNoChannel) }
            guard !rest.isEmpty else { return perform(.newThread) }
            return [.createThread(channel: place.conversation, title: PlainText.oneLine(rest), root: nil)]
        case "title":
            guard place.thread != nil else { return refuse(.inNoThread) }
            return rest.isEmpty
                ? perform(.renameThread) : [.changeThread(place, .title(PlainText.oneLine(rest)))]
        case "close":
            guard place.thread != nil else { return refuse(.inNoThread) }
            return isModerator ? lock(true, rest) : perform(.closeThread)
        case "reopen": return perform(.reopenThread)
        default: return explain(command)
        }
    }

    // MARK: The person and the program

    private mutating func performPerson(_ command: SlashCommand, _ arguments: String) -> [Effect] {
        switch command {
        case .name:
            return [
                .ask(verb: "NICK", parameters: [firstWord(arguments).word], title: catalogue.text(.takeName))
            ]
        case .away:
            return [
                .ask(verb: "AWAY", parameters: [PlainText.oneLine(arguments)], title: catalogue.text(.goAway))
            ]
        case .lang:
            guard let language = Language(locale: arguments) else {
                let all = Language.allCases.map(\.rawValue).joined(separator: " ")
                return refuse(.noSuchLanguage, [.languages: all])
            }
            return speak(language)
        case .say:
            let (tag, text) = firstWord(arguments)
            guard !text.isEmpty else { return explain(command) }
            var outgoing = composed(text)
            outgoing.marks.language = tag
            return deliver(outgoing)
        default: return explain(command)
        }
    }

    private mutating func performProgram(_ command: SlashCommand, _ arguments: String) -> [Effect] {
        switch command {
        case .help:
            helpTopic = HelpTopic.named(arguments) ?? .commands
            helpScroll = 0
            main = .help
            focus = .help
            return []
        case .quote:
            guard isAdvanced else { return refuse(.quoteIsOff) }
            guard let (verb, parameters) = rawLine(PlainText.oneLine(arguments)) else {
                return explain(command)
            }
            return [.ask(verb: verb, parameters: parameters, title: verb)]
        default: return explain(command)
        }
    }

    /// A line of the protocol in its parts (RFC 1459, 2.3.1): what stands behind ` :` is one parameter.
    private func rawLine(_ line: String) -> (verb: String, parameters: [String])? {
        var words: [String] = []
        var rest = line[...]
        while !rest.isEmpty {
            rest = rest.drop { $0 == " " }
            if rest.first == ":", !words.isEmpty {
                words.append(String(rest.dropFirst()))
                break
            }
            let word = rest.prefix { $0 != " " }
            if !word.isEmpty { words.append(String(word)) }
            rest = rest[word.endIndex...]
        }
        guard let verb = words.first, verb.first?.isLetter == true else { return nil }
        return (verb.uppercased(), Array(words.dropFirst()))
    }
}
