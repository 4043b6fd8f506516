// SPDX-License-Identifier: Apache-2.0

import PlenaryClient
import PlenaryScreens
import PlenaryTerminal
import Testing

/// Counts of what is unread, the line before it, and what the server is told.
@Suite struct UnreadTests {
    private static let lobby = Place("#lobby")

    /// In `#lobby`, with nothing unread; `#practices` has been read up to 14:00.
    private func stage() -> Stage {
        var stage = Stage()
        stage.enter()
        stage.take(.marker(target: "#practices/0", time: Stage.today("14:00")))
        for name in Stage.channels { stage.take(.historySynced(conversation: name, messageCount: 0)) }
        stage.answer(.threads(channel: "#practices", Stage.threads))
        stage.effects += stage.model.open(UnreadTests.lobby)
        _ = stage.takeEffects()
        return stage
    }

    private func say(
        _ stage: inout Stage, _ id: String, _ text: String = "x", at clock: String = "14:30",
        thread: Int? = nil,
        in channel: String = "#practices", by name: String = "olga.k"
    ) {
        stage.take(
            .message(Stage.message(clock, name, text, id, in: channel, thread: thread, isHistory: false)))
    }

    @Test func messagesElsewhereAreCounted() {
        var stage = stage()
        say(&stage, "a")
        say(&stage, "b", "@amadou.s, have you seen it?")
        say(&stage, "c", by: "amadou.s")
        #expect(stage.model.conversation("#practices")?.mainUnreadCount == 2)
        #expect(stage.model.conversation("#practices")?.mainMentionCount == 1)
        #expect(stage.takeEffects() == [.bell])
        #expect(stage.screen.text.contains("practices     @1"))
    }

    @Test func aNameInPassingIsNoMention() {
        var stage = stage()
        say(&stage, "a", "amadou.s said so yesterday")
        #expect(stage.model.conversation("#practices")?.mainMentionCount == 0)
        say(&stage, "b", "amadou.s: please look")
        #expect(stage.model.conversation("#practices")?.mainMentionCount == 1)
    }

    @Test func theSameMessageCountsOnce() {
        var stage = stage()
        for _ in 0..<3 { say(&stage, "a") }
        #expect(stage.model.unreadCount(of: Stage.practices) == 1)
    }

    @Test func whatIsReadAtTheBottomIsToldOnce() {
        var stage = stage()
        say(&stage, "a", in: "#lobby")
        say(&stage, "b", at: "14:31", in: "#lobby")
        #expect(stage.model.unreadCount(of: UnreadTests.lobby) == 0)
        #expect(stage.model.tellRead() == [.markRead(UnreadTests.lobby, Stage.today("14:31"))])
        #expect(stage.model.tellRead().isEmpty)
    }

    @Test(arguments: [
        "scrolled", "in another place", "without the window's focus", "in the list of threads", "offline",
    ])
    func whatIsNotSeenIsNotRead(how: String) {
        let history = FakeHistory(messages: (0..<200).map { FakeHistory.message($0) })
        var stage = Stage(history: history)
        _ = stage.model.tellRead()
        switch how {
        case "scrolled": stage.press(.pageUp)
        case "in another place": _ = stage.model.open(UnreadTests.lobby)
        case "without the window's focus": _ = stage.model.take(.focus(false))
        case "in the list of threads": stage.press(.function(3))
        default: stage.take(.stateChanged(.retrying(inMilliseconds: 1000, because: .timedOut)))
        }
        stage.take(.message(FakeHistory.message(200, isHistory: false)))
        #expect(stage.model.unreadCount(of: Stage.practices) == 1, "\(how)")
        #expect(stage.model.tellRead().isEmpty, "\(how)")
    }

    @Test func theBottomReachedAgainIsRead() {
        let history = FakeHistory(messages: (0..<200).map { FakeHistory.message($0) })
        var stage = Stage(history: history)
        _ = stage.model.tellRead()
        stage.press(.pageUp)
        stage.take(.message(FakeHistory.message(200, isHistory: false)))
        stage.press([.pageDown, .pageDown])
        #expect(stage.model.unreadCount(of: Stage.practices) == 0)
        #expect(
            stage.model.tellRead() == [
                .markRead(Stage.practices, history.messages[199].time.advanced(bySeconds: 1))
            ])
    }

    @Test func anotherDeviceLowersTheCounts() {
        var stage = stage()
        stage.answer(.history(Stage.practices, .latest, .success(HistoryPage(messages: [], isEnd: true))))
        say(&stage, "a", at: "14:30")
        say(&stage, "b", "@amadou.s?", at: "14:31")
        say(&stage, "c", at: "14:32")
        stage.take(.marker(target: "#practices/0", time: Stage.today("14:32")))
        #expect(stage.model.unreadCount(of: Stage.practices) == 0)
        #expect(stage.model.conversation("#practices")?.mainMentionCount == 0)
        // The channel's marker covers its threads.
        #expect(stage.model.unreadCount(of: Place("#practices", thread: 14)) == 2)
        stage.take(.marker(target: "#practices", time: Stage.today("14:35")))
        #expect(stage.model.unreadCount(of: Place("#practices", thread: 14)) == 0)
    }

    @Test func aMarkerOfAPlaceThatIsHeldCountsAnew() {
        let history = FakeHistory(messages: (0..<20).map { FakeHistory.message($0) })
        var stage = Stage(history: history)
        _ = stage.model.open(UnreadTests.lobby)
        for index in 20..<30 { stage.take(.message(FakeHistory.message(index, isHistory: false))) }
        #expect(stage.model.unreadCount(of: Stage.practices) == 10)
        stage.take(.marker(target: "#practices/0", time: FakeHistory.message(24).time))
        #expect(stage.model.unreadCount(of: Stage.practices) == 5)
    }

    @Test func aMessageTakenOutOrHiddenCountsNoMore() {
        let history = FakeHistory(messages: (0..<20).map { FakeHistory.message($0) })
        var stage = Stage(history: history)
        _ = stage.model.open(UnreadTests.lobby)
        for index in 20..<23 { stage.take(.message(FakeHistory.message(index, isHistory: false))) }
        stage.take(
            .redacted(
                Redaction(
                    conversation: "#practices", messageID: "i21", by: Person(nickname: "olga.k"), reason: nil,
                    time: Stage.now)))
        #expect(stage.model.unreadCount(of: Stage.practices) == 2)
        let hide = ModerationAct(
            action: "hide", actor: "hélène", channel: "#practices", target: "i22", code: "spam",
            time: Stage.now)
        stage.take(.moderation(hide))
        stage.take(.moderation(hide))
        #expect(stage.model.unreadCount(of: Stage.practices) == 1)
    }

    // MARK: Threads

    @Test func threadsHaveCountsOfTheirOwn() {
        var stage = stage()
        say(&stage, "a", thread: 12)
        say(&stage, "b", "@amadou.s?", thread: 12)
        #expect(stage.model.unreadCount(of: Place("#practices", thread: 12)) == 2)
        #expect(stage.model.unreadCount(of: Stage.practices) == 0)
        #expect(stage.model.conversation("#practices")?.unreadCount == 4)
        #expect(stage.model.conversation("#practices")?.mentionCount == 1)
        stage.answer(.threadChanged(.success(Stage.threads[1])))
        #expect(stage.model.unreadCount(of: Place("#practices", thread: 12)) == 2)
    }

    @Test func aMutedThreadCountsForNothing() {
        var stage = stage()
        var muted = ThreadInfo(
            channel: "#practices", number: 12, title: "Follow-up tracking", messageCount: 5)
        muted.level = .mute
        stage.take(
            .thread(ThreadEvent(kind: .level, thread: muted, by: Person(nickname: "x"), time: Stage.now)))
        say(&stage, "a", "@amadou.s?", thread: 12)
        #expect(stage.model.unreadCount(of: Place("#practices", thread: 12)) == 0)
        #expect(stage.takeEffects().isEmpty)
        // What an event does not tell is kept.
        #expect(stage.model.conversation("#practices")?.threads[12]?.creator == "fatou.d")
    }

    @Test func aMutedChannelCountsForNothing() {
        var stage = stage()
        stage.model.with("#practices") { $0.isMuted = true }
        say(&stage, "a", "@amadou.s?")
        #expect(stage.takeEffects().isEmpty)
        #expect(!stage.screen.text.contains("@1"))
        stage.press(.function(8))
        #expect(stage.model.place == UnreadTests.lobby)
    }

    @Test func theNextUnreadIsWhereOneIsNamedThenAThreadThenAChannel() {
        var stage = stage()
        say(&stage, "a", at: "14:40", in: "#session-am")
        say(&stage, "b", "@amadou.s?", in: "#cap-information")
        say(&stage, "c", in: "li.wei", by: "li.wei")
        var places: [String] = []
        for _ in 0..<2 {
            stage.press(.function(8))
            places.append(stage.model.place.target)
            stage.effects += stage.model.take(.key(.character("ф"), .alt))
            places.append(stage.model.place.target)
        }
        #expect(places == ["li.wei", "#cap-information", "#practices/14", "#session-am"])
    }

    // MARK: The line

    /// At the first connecting reading goes on where it had stopped.
    @Test func theLineStandsWhereReadingHadStopped() {
        var stage = Stage()
        stage.enter()
        stage.talk()
        #expect(stage.model.unreadLines[Stage.practices] == Stage.today("14:05"))
        #expect(stage.screen.text.contains("new since 14:05"))
        #expect(stage.model.unreadCount(of: Stage.practices) == 0)
    }

    /// What is said on entering a channel, in the orders in which a slow machine may hear of it.
    /// The server's answer about the marker is told twice: as an answer and as what happened.
    enum Entry: Sendable { case first, second, third, live, marker, echo, synced }

    private func enter(_ order: [Entry], readUpTo marker: Timestamp?) -> Stage {
        var stage = Stage()
        stage.arrive()
        for entry in order {
            switch entry {
            case .first: stage.take(.message(Stage.message("14:00", "olga.k", "one", "m1")))
            case .second: stage.take(.message(Stage.message("14:01", "olga.k", "two", "m2")))
            case .third: stage.take(.message(Stage.message("14:02", "olga.k", "three", "m3")))
            case .live: say(&stage, "m4", at: "14:03")
            case .marker: stage.answer(.marker(Stage.practices, marker))
            case .echo: stage.take(.marker(target: "#practices/0", time: marker))
            case .synced: stage.take(.historySynced(conversation: "#practices", messageCount: 3))
            }
            // The clock may strike at any moment.
            stage.effects += stage.model.tellRead()
        }
        return stage
    }

    private static let orders: [[Entry]] = [
        [.marker, .first, .second, .third, .synced], [.first, .marker, .second, .third, .synced],
        [.first, .second, .third, .synced, .marker], [.first, .second, .third, .live, .synced, .marker],
        [.first, .second, .marker, .third, .live, .synced],
        [.first, .second, .third, .synced, .marker, .echo],
        [.echo, .first, .second, .third, .synced, .marker],
        [.first, .second, .third, .marker, .synced, .echo],
    ]

    @Test(arguments: orders) func aPlaceThatWasNeverReadHasNoLineWheneverTheMarkerComes(order: [Entry]) {
        let stage = enter(order, readUpTo: nil)
        #expect(stage.model.unreadLines[Stage.practices] == nil)
        #expect(stage.model.unreadCount(of: Stage.practices) == 0)
        let last = Stage.today(order.contains(.live) ? "14:03" : "14:02")
        #expect(stage.effects.filter(\.isMarkRead) == [.markRead(Stage.practices, last)])
    }

    @Test(arguments: orders, ["13:00", "14:00"])
    func theLineStandsAtTheMarkerWheneverItComes(order: [Entry], clock: String) {
        let stage = enter(order, readUpTo: Stage.today(clock))
        #expect(stage.model.unreadLines[Stage.practices] == Stage.today(clock))
        #expect(stage.model.unreadCount(of: Stage.practices) == 0)
        let last = Stage.today(order.contains(.live) ? "14:03" : "14:02")
        #expect(stage.effects.filter(\.isMarkRead) == [.markRead(Stage.practices, last)])
    }

    @Test func theLineDoesNotMoveOnReconnect() {
        var stage = Stage()
        stage.enter()
        stage.talk()
        stage.take(.stateChanged(.retrying(inMilliseconds: 1000, because: .timedOut)))
        stage.take(.stateChanged(.online))
        stage.take(.marker(target: "#practices/0", time: Stage.today("14:34")))
        stage.take(.message(Stage.message("14:36", "li.wei", "missed", "n1")))
        stage.take(.historySynced(conversation: "#practices", messageCount: 1))
        #expect(stage.model.unreadLines[Stage.practices] == Stage.today("14:05"))
        #expect(stage.model.unreadCount(of: Stage.practices) == 0)
    }

    @Test func theLineIsGoneWhenOneComesBack() {
        var stage = Stage()
        stage.enter()
        stage.talk()
        _ = stage.model.open(UnreadTests.lobby)
        _ = stage.model.open(Stage.practices)
        #expect(stage.model.unreadLines[Stage.practices] == nil)
    }

    @Test func theLineOfAThreadIsCountedFromItsNewestMessage() {
        var stage = stage()
        stage.effects += stage.model.open(Place("#practices", thread: 14))
        let messages = (0..<5).map { Stage.message("14:3\($0)", "li.wei", "t\($0)", "t\($0)", thread: 14) }
        stage.answer(
            .history(stage.model.place, .latest, .success(HistoryPage(messages: messages, isEnd: true))))
        #expect(stage.model.unreadLines[stage.model.place] == Stage.today("14:32"))
        #expect(stage.model.unreadCount(of: stage.model.place) == 0)
    }

    @Test func whatWasReadAMomentAgoIsNotCountedAgain() {
        var stage = stage()
        stage.effects += stage.model.open(Place("#practices", thread: 14))
        let messages = [Stage.message("14:34", "lucia.m", "t", "t", thread: 14)]
        stage.answer(
            .history(stage.model.place, .latest, .success(HistoryPage(messages: messages, isEnd: true))))
        // The server had not been told when it made this list.
        stage.answer(.threads(channel: "#practices", Stage.threads))
        #expect(stage.model.unreadCount(of: stage.model.place) == 0)
    }
}

extension Effect {
    fileprivate var isMarkRead: Bool { if case .markRead = self { true } else { false } }
}
