// SPDX-License-Identifier: Apache-2.0

import PlenaryClient
import PlenaryScreens
import PlenaryTerminal

/// What a person types in the line mode.
extension LineMode {
    /// Takes a line as it was typed.
    package mutating func take(line: [UInt8], now: Timestamp) -> [Action] {
        if let place = InputText.invalidOffset(line) { return say(.notSentNotUTF8, [.number: "\(place)"]) }
        let text = PlainText.clean(String(decoding: line, as: UTF8.self))
        if text.isEmpty { return isOnline ? [] : [.reconnect] }
        switch SlashCommand.parse(text, language: words.catalogue.language) {
        case .text(let text): return send(text)
        case .refusedSecret: return say(.looksLikePassword)
        case .unknown(let word, let nearest):
            let command = words.safe("/" + word)
            guard let meant = nearest.first else { return say(.unknownCommand, [.command: command]) }
            return say(.unknownCommandNearest, [.command: command, .nearest: "/" + meant])
        case .command(let command, let arguments):
            guard command.isOffered else { return say(.notOffered, [.command: command.word]) }
            return perform(command, arguments, now)
        }
    }

    /// Each command once; those of one place in the list share a function.
    private mutating func perform(_ command: SlashCommand, _ rest: String, _ now: Timestamp) -> [Action] {
        switch command {
        case .me, .ask, .edit, .reply, .channel, .say, .msg, .retry, .delete: return write(command, rest)
        case .read, .next, .history, .goto, .search: return read(command, PlainText.undirected(rest), now)
        case .join, .leave, .list, .who, .whois, .invite, .topic:
            return visit(command, command == .topic ? rest : PlainText.undirected(rest))
        case .threads: return threads(rest)
        case .thread: return thread(rest)
        case .follow: return change(.level(.follow))
        case .pin: return change(.pin)
        case .unpin: return change(.unpin)
        case .mute where rest.isEmpty: return change(.level(.mute))
        case .unmute where rest.isEmpty: return change(.level(.all))
        case .report: return report(rest)
        case .mute, .unmute, .remove, .hide, .unhide, .ban, .unban, .kick, .slow, .move, .lock, .unlock,
            .modlog:
            return moderate(command, PlainText.undirected(rest))
        case .away:
            let text = rest.isEmpty ? words.catalogue.text(.away) : rest
            return ask("AWAY", [text], .titleAway)
        case .back: return ask("AWAY", [], .titleBack)
        case .name:
            return rest.isEmpty ? usage(command) : ask("NICK", [PlainText.undirected(rest)], .titleName)
        case .lang: return choose(PlainText.undirected(rest))
        case .help: return help(rest)
        case .where, .status: return whereAmI()
        case .reconnect: return [.reconnect]
        case .plain: return say(.thisIsPlain)
        case .export: return say(.useInstead, [.command: "plenary export \(target?.shown ?? "CHANNEL")"])
        case .settings: return say(.useInstead, [.command: "plenary config list"])
        case .copy, .open, .menu: return say(.onlyFullScreen, [.command: command.word])
        case .quote: return quote(rest)
        case .quit: return [.quit]
        case .session, .agenda, .floor, .docs, .relay, .translate, .original:
            return meet(command, PlainText.undirected(rest))
        case .notify: return say(.notOffered, [.command: command.word])
        }
    }

    /// Sessions, the floor, relays and translations: the desk answers in sentences.
    private func meet(_ command: SlashCommand, _ rest: String) -> [Action] {
        guard let target, !target.isPerson else { return say(.inNoChannel) }
        let channel = target.conversation
        let words: String?
        switch command {
        case .translate, .original:
            guard let id = recent.last(where: { isCurrent($0.conversation) && $0.id != nil })?.id else {
                return say(.nothingToAnswer)
            }
            words =
                command == .original
                ? DeskWords.original(of: id, channel: channel)
                : DeskWords.translation(rest, of: id, channel: channel)
        default: words = DeskWords.of(command, rest, channel: channel)
        }
        guard let words else { return usage(command) }
        return [
            .command(
                verb: "PRIVMSG", parameters: [DeskWords.desk, words],
                title: self.words.catalogue.text(command.summary))
        ]
    }

    private func usage(_ command: SlashCommand) -> [Action] { say(.write, [.usage: command.usage]) }

    private func ask(_ verb: String, _ parameters: [String], _ title: Sentence) -> [Action] {
        [.command(verb: verb, parameters: parameters, title: words(title))]
    }

    private func quote(_ rest: String) -> [Action] {
        guard isAdvanced else { return say(.quoteIsOff) }
        let parts = rest.split(separator: " ", maxSplits: 1).map(String.init)
        guard let verb = parts.first else { return usage(.quote) }
        return [.command(verb: verb.uppercased(), parameters: LineMode.parameters(parts), title: verb)]
    }

    private static func parameters(_ words: [String]) -> [String] {
        guard words.count == 2 else { return [] }
        let parts = words[1].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        let middle = parts[0].split(separator: " ").map(String.init)
        return parts.count == 2 ? middle + [String(parts[1])] : middle
    }

    // MARK: Writing

    private mutating func write(_ command: SlashCommand, _ rest: String) -> [Action] {
        switch command {
        case .channel: return channel(rest)
        case .retry: return retry()
        case .delete:
            guard let (last, id) = lastOwn else { return say(.nothingToDelete) }
            return [.redact(target: last.conversation, messageID: id)]
        case .edit where !rest.isEmpty:
            guard let (last, id) = lastOwn else { return say(.nothingToAnswer) }
            // It stands where what it corrects does, wherever texts go otherwise.
            let target = target.map { $0.with(thread: last.thread.flatMap { $0 > 0 ? $0 : nil }).wire }
            return [
                .send(
                    text: rest, target: target ?? last.conversation, kind: .message, replyTo: id,
                    marks: Marks(kind: .correction))
            ]
        case .ask where !rest.isEmpty: return send(rest, marks: Marks(kind: .question))
        case .me where !rest.isEmpty: return send(rest, kind: .action)
        case .reply where !rest.isEmpty: return reply(rest)
        case .say, .msg:
            let parts = rest.split(maxSplits: 1, whereSeparator: \.isWhitespace).map(String.init)
            guard parts.count == 2 else { return usage(command) }
            if command == .say { return send(parts[1], marks: Marks(language: parts[0])) }
            let name = PlainText.undirected(parts[0])
            let person = name.hasPrefix("@") ? String(name.dropFirst()) : name
            return [.send(text: parts[1], target: person, kind: .message, replyTo: nil)]
        default: return usage(command)
        }
    }

    /// The newest message here that is one's own, with its id.
    private var lastOwn: (Message, id: String)? {
        guard let last = recent.last(where: { $0.isOwn && isCurrent($0.conversation) }), let id = last.id
        else { return nil }
        return (last, id)
    }

    private func send(
        _ text: String, kind: Message.Kind = .message, replyTo: String? = nil, marks: Marks = Marks()
    ) -> [Action] {
        guard let target else { return say(.notSentNoChannel) }
        return [.send(text: text, target: target.wire, kind: kind, replyTo: replyTo, marks: marks)]
    }

    private func reply(_ text: String) -> [Action] {
        guard let last = recent.last(where: { !$0.isOwn && isCurrent($0.conversation) }), let id = last.id
        else {
            return say(.nothingToAnswer)
        }
        // In the thread of what is answered, wherever texts go otherwise.
        guard let target, !target.isPerson else { return send(text, replyTo: id) }
        let place = target.with(thread: last.thread.flatMap { $0 > 0 ? $0 : nil })
        return [.send(text: text, target: place.wire, kind: .message, replyTo: id)]
    }

    /// What the server refused, once more.
    private mutating func retry() -> [Action] {
        let texts = unsent
        unsent = []
        guard !texts.isEmpty else { return say(.notRetried) }
        return texts.map {
            .send(text: $0.text, target: $0.target, kind: $0.kind, replyTo: $0.replyTo, marks: $0.marks)
        }
    }

    // MARK: Places

    private mutating func visit(_ command: SlashCommand, _ rest: String) -> [Action] {
        switch command {
        case .join: return join(rest)
        case .list:
            let filter = rest.isEmpty ? [] : [rest.contains("*") ? rest : "*\(rest)*"]
            return ask("LIST", filter, .titleChannels)
        case .whois: return rest.isEmpty ? usage(command) : ask("WHOIS", [LineMode.bare(rest)], .titlePerson)
        case .invite where rest.isEmpty: return say(.useInstead, [.command: "plenary invite create"])
        default: break
        }
        guard let target, !target.isPerson else { return say(.inNoChannel) }
        let channel = target.conversation
        switch command {
        case .leave:
            self.target = nil
            return [.leave(channel)]
        case .who: return [.listPeople(channel)]
        case .topic: return ask("TOPIC", [channel] + (rest.isEmpty ? [] : [rest]), .titleTopic)
        default: return ask("INVITE", [LineMode.bare(rest), channel], .titleInvite)
        }
    }

    private static func bare(_ name: String) -> String { String(name.drop { $0 == "@" }) }

    private mutating func join(_ name: String) -> [Action] {
        do throws(Failure) {
            let entered = try Target(name)
            target = entered
            return entered.isPerson
                ? say(.talkingTo, [.name: words.safe(entered.shown)]) : [.join(entered.conversation)]
        } catch {
            // What is wrong with the name is plain from the form; the reasons are those of the shell, in English.
            return usage(.join)
        }
    }

    func whereAmI() -> [Action] {
        let place = target.map(place(of:)) ?? words(.noChannel)
        let connection = words(
            isOnline ? .connectedAs : .notConnected, [.server: server, .name: words.safe(nickname)])
        let queue =
            pending.isEmpty ? words(.nothingWaits) : words.catalogue.count(.messagesWaiting, pending.count)
        return [.print(words.catalogue.joined([place, connection, queue].map(words.ended)))]
    }

    // MARK: Reading

    private mutating func read(_ command: SlashCommand, _ rest: String, _ now: Timestamp) -> [Action] {
        switch command {
        case .next: return next(now)
        case .search:
            guard !rest.isEmpty else { return usage(command) }
            return [.search(channel: target.flatMap { $0.isPerson ? nil : $0.conversation }, text: rest)]
        case .read where rest != "all": return again(Int(rest) ?? 5, now)
        default: break
        }
        guard let target else { return say(.inNoChannel) }
        switch command {
        case .read: return [.markRead(target.wire)]
        case .goto:
            guard let moment = words.time.moment(rest, now: now) else { return usage(command) }
            return [.historyFrom(target: target.wire, moment)]
        default: return [.history(target: target.wire, count: min(max(Int(rest) ?? 20, 1), 500))]
        }
    }

    private func again(_ count: Int, _ now: Timestamp) -> [Action] {
        let chosen = recent.filter { isCurrent($0.conversation) }.suffix(min(max(count, 1), 500))
        guard !chosen.isEmpty else { return say(.nothingToReadYet) }
        return chosen.flatMap { words.message($0, title: title(of: $0), now: now) }.map { .print($0) }
    }

    /// The oldest message from others that was printed and not asked for by `/next` since.
    private mutating func next(_ now: Timestamp) -> [Action] {
        let others = recent.filter { !$0.isOwn }
        guard unheardCount > 0, unheardCount <= others.count else {
            return [.print(words.catalogue.text(.nothingUnread))]
        }
        let message = others[others.count - unheardCount]
        unheardCount -= 1
        let place = isCurrent(message.conversation) ? nil : words.name(message.conversation)
        return words.message(message, title: title(of: message), place: place, now: now).map { .print($0) }
    }

    // MARK: Language and help

    /// `/lang fr`, `/lang Français`; alone, the languages there are.
    private mutating func choose(_ rest: String) -> [Action] {
        let wanted = rest.lowercased()
        let chosen = Language.allCases.first { $0.rawValue == wanted || $0.ownName.lowercased() == wanted }
        guard let chosen else {
            let names = Language.allCases.map { "\($0.rawValue) \(PlainText.isolated($0.ownName))" }
            return say(.noSuchLanguage, [.languages: words.list(names)])
        }
        speak(chosen)
        return [.chooseLanguage(chosen)] + say(.languageIsNow, [.language: chosen.ownName])
    }

    /// Alone: how to write, the commands and the topics; with a topic, that.
    private func help(_ rest: String) -> [Action] {
        if let topic = HelpTopic.named(rest) {
            return words.catalogue.paragraphs(topic).map { .print($0) }
        }
        let topics = HelpTopic.allCases.filter { $0 != .commands }.map { "/help \($0)" }
        return say(.howToType) + words.catalogue.commandList().map { .print($0) } + say(.whatAMessageIs)
            + [.print(words.ended(words.list(topics)))]
    }
}
