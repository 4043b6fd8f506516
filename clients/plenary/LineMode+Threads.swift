// SPDX-License-Identifier: Apache-2.0

import PlenaryClient
import PlenaryScreens

/// Threads in the line mode: their titles, what happens to them, and being in one.
extension LineMode {
    // MARK: What happened

    /// Learns titles.
    package mutating func learn(_ threads: [ThreadInfo]) {
        for thread in threads where !thread.title.isEmpty {
            titles[thread.channel.lowercased(), default: [:]][thread.number] = thread.title
        }
    }

    mutating func take(_ event: ThreadEvent, _ now: Timestamp) -> [Action] {
        learn([event.thread])
        guard isCurrent(event.thread.channel) else { return [] }
        let isOwn = event.by.nickname.lowercased() == nickname.lowercased()
        return words.happened(event, isOwn: isOwn, now: now).map { [.print($0)] } ?? []
    }

    /// The thread was found: texts go there from now on.
    package mutating func entered(_ thread: ThreadInfo, now: Timestamp) -> [Action] {
        learn([thread])
        guard let target, !target.isPerson, isCurrent(thread.channel) else { return [] }
        self.target = target.with(thread: thread.number)
        var facts = thread
        facts.lastTime = nil
        return say(.nowInThread, [.thread: words.thread(facts, now: now)])
    }

    // MARK: What was typed

    /// `/threads [open closed archived all unread mine pinned followed]`.
    func threads(_ rest: String) -> [Action] {
        guard let target, !target.isPerson else { return say(.inNoChannel) }
        var filter = ThreadFilter()
        for word in rest.lowercased().split(whereSeparator: { $0 == " " || $0 == "," }) {
            switch word {
            case "all": filter.states = Set(ThreadState.allCases)
            case "unread": filter.isUnread = true
            case "mine": filter.isMine = true
            case "pinned": filter.isPinned = true
            case "followed": filter.isFollowed = true
            default:
                guard let state = ThreadState(rawValue: String(word)) else {
                    return say(.write, [.usage: "/threads [open, closed, archived, all, unread, mine]"])
                }
                filter.states.insert(state)
            }
        }
        return [.listThreads(channel: target.conversation, filter)]
    }

    /// `/thread N`, `/thread new TITLE`, `/thread title TEXT`, `/thread close [reason]`, `/thread reopen`.
    mutating func thread(_ rest: String) -> [Action] {
        guard let target, !target.isPerson else { return say(.inNoChannel) }
        let words = rest.split(separator: " ", maxSplits: 1).map(String.init)
        let text = words.count > 1 ? words[1] : ""
        guard let word = words.first?.lowercased() else { return whereAmI() }
        if let number = Target.threadNumber(word) { return thread(number, text) }
        if word == "new" {
            guard !text.isEmpty else { return say(.write, [.usage: "/thread new TITLE"]) }
            return [.createThread(channel: target.conversation, title: text)]
        }
        guard ["title", "close", "reopen"].contains(word) else {
            return say(.write, [.usage: SlashCommand.thread.usage])
        }
        guard let number = target.thread, number > 0 else {
            return say(.inNoThread)
        }
        switch word {
        case "title":
            guard !text.isEmpty else { return say(.write, [.usage: "/thread title TEXT"]) }
            return [.changeThread(target.wire, .title(text))]
        case "close": return [.changeThread(target.wire, .close(reason: text.isEmpty ? nil : text))]
        default: return [.changeThread(target.wire, .reopen)]
        }
    }

    /// `/follow`, `/mute`, `/unmute`, `/pin`, `/unpin`: of the thread in which texts go now.
    func change(_ deed: ThreadDeed) -> [Action] {
        guard let target, !target.isPerson, let number = target.thread, number > 0 else {
            return say(.inNoThread)
        }
        return [.changeThread(target.wire, deed)]
    }

    /// `/12`: enters thread 12; `/12 text`: one text to it. 0 is the main line.
    mutating func thread(_ number: Int, _ text: String) -> [Action] {
        guard let target, !target.isPerson else { return say(.inNoChannel) }
        let place = target.with(thread: number)
        if !text.isEmpty { return [.send(text: text, target: place.wire, kind: .message, replyTo: nil)] }
        return number == 0 ? channel("") : [.enterThread(place.wire)]
    }

    /// `/channel`: out of the thread; `/channel text`: one text to the channel.
    mutating func channel(_ text: String) -> [Action] {
        guard let target, !target.isPerson else { return say(.inNoChannel) }
        let place = target.with(thread: nil)
        if !text.isEmpty { return [.send(text: text, target: place.wire, kind: .message, replyTo: nil)] }
        self.target = place
        return say(.nowInChannel, [.place: words.safe(place.shown)])
    }

    // MARK: Names

    /// The title of a message's thread, as far as known.
    func title(of message: Message) -> String? {
        message.thread.flatMap { titles[message.conversation.lowercased()]?[$0] }
    }

    /// The same, but nil when the message printed before was in the same thread.
    mutating func newTitle(of message: Message) -> String? {
        let channel = message.conversation.lowercased()
        let number = message.thread ?? 0
        defer { lastThread = (channel, number) }
        if let lastThread, lastThread == (channel, number) { return nil }
        return title(of: message)
    }

    /// `Channel practices`, `Channel practices, thread 12 Follow-up tracking`, `Person @amina.b`.
    func place(of target: Target) -> String {
        if target.isPerson { return words(.personPlace, [.name: words.safe(target.shown)]) }
        let channel = words(.channelPlace, [.place: words.safe(target.with(thread: nil).shown)])
        guard let number = target.thread, number > 0 else { return channel }
        let title = titles[target.conversation.lowercased()]?[number]
        return words.list([channel, words(.threadOf, [.thread: words.threadName(number, title)])])
    }
}
