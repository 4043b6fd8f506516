// SPDX-License-Identifier: Apache-2.0

import PlenaryClient
import PlenaryScreens
import PlenaryTerminal

/// A community on a Monday in November, as docs/TERMINAL.md shows it: every screen of the tests is of it.
struct Stage {
    var model: ScreenModel
    /// What was asked for, in order.
    var effects: [Effect] = []

    /// 23 November 2026, 14:37 in Geneva.
    static let now = Stage.time("2026-11-23T13:37:00.000Z")

    static func time(_ text: String) -> Timestamp { Timestamp(iso8601: text.utf8) ?? Timestamp(seconds: 0) }

    /// A clock time of that day in Geneva.
    static func today(_ clock: String) -> Timestamp {
        time("2026-11-23T\(clock):00.000Z").advanced(bySeconds: -3600)
    }

    init(columns: Int = 80, rows: Int = 24, _ language: Language = .english, isAdvanced: Bool = false) {
        model = ScreenModel(
            columns: columns, rows: rows, now: Stage.now, language: language, nickname: "amadou.s",
            serverName: "chat.example.org", place: Place("#practices"), isAdvanced: isAdvanced,
            localOffset: { _ in 3600 })
    }

    // MARK: What happens

    mutating func take(_ event: ClientEvent) { effects += model.take(event) }
    mutating func answer(_ answer: Answer) { effects += model.take(answer) }
    mutating func press(_ key: Key, _ modifiers: Modifiers = []) {
        effects += model.take(.key(key, modifiers))
    }
    mutating func type(_ text: String) { effects += model.take(.text(text)) }

    /// Signed in and in the channels of the default community.
    mutating func enter() {
        arrive()
        for name in Stage.channels { answer(.marker(Place(name), nil)) }
    }

    /// The same, before the server has told how far anything was read.
    mutating func arrive() {
        take(.stateChanged(.online))
        take(
            .welcomed(
                Welcome(
                    nickname: "amadou.s", account: "amadou.s", serverName: "chat.example.org",
                    capabilities: ["draft/read-marker", "draft/chathistory"])))
        for name in Stage.channels {
            take(
                .membership(
                    MembershipChange(
                        kind: .joined, person: Person(nickname: "amadou.s"), channel: name, isOwn: true,
                        time: Stage.now)))
        }
        let members = Stage.people.map { Member(nickname: $0.name, prefixes: $0.name == "hélène" ? "@" : "") }
        for name in Stage.channels { answer(.members(channel: name, members)) }
        let cards = Dictionary(
            uniqueKeysWithValues: Stage.people.filter { !$0.country.isEmpty }.map {
                ($0.name, PersonCard(affiliation: $0.country))
            })
        answer(.people(channel: "#practices", cards))
        take(.topic(channel: "#practices", text: "Asking for and sharing practices", by: nil))
        model.with("#practices") { $0.topicSetter = "hélène" }
    }

    static let channels = [
        "#lobby", "#practices", "#t1-institutional-setup", "#t2-coordination-consultation",
        "#t3-national-linkages", "#cap-information", "#session-am",
    ]

    static let people: [(name: String, country: String)] = [
        ("hélène", ""), ("amina.b", "KE"), ("fatou.d", "SN"), ("li.wei", "CN"), ("lucia.m", "PY"),
        ("olga.k", "KG"), ("samir.h", "TN"),
    ]

    static let talk: [(clock: String, name: String, text: String)] = [
        ("13:58", "fatou.d", "How do you follow recommendations from one UPR cycle to the next?"),
        ("14:02", "olga.k", "Мы ведём сводную таблицу, обновляем раз в квартал."),
        ("14:05", "li.wei", "我们每季度更新共享矩阵。"),
        ("14:31", "samir.h", "نستخدم قاعدة بيانات وطنية (NRTD) منذ 2019"),
        ("14:33", "amina.b", "@amadou.s could you share the template from your committee?"),
        ("14:34", "lucia.m", "Sí, la subo hoy. Está en el anexo 1 de A/HRC/50/64."),
    ]

    static func message(
        _ clock: String, _ name: String, _ text: String, _ id: String, in channel: String = "#practices",
        thread: Int? = nil, isHistory: Bool = true
    ) -> Message {
        var message = Message(
            id: id, time: today(clock), conversation: channel,
            sender: Person(nickname: name, account: name), text: text, isOwn: name == "amadou.s",
            isHistory: isHistory)
        message.thread = thread
        return message
    }

    /// The talk of the afternoon, read up to 14:05.
    mutating func talk() {
        take(.marker(target: "#practices/0", time: Stage.today("14:05")))
        for (index, line) in Stage.talk.enumerated() {
            take(.message(Stage.message(line.clock, line.name, line.text, "m\(index)")))
        }
        take(.historySynced(conversation: "#practices", messageCount: Stage.talk.count))
        let before = HistoryQuery.older(before: .message(id: "m0"))
        answer(.history(Place("#practices"), before, .success(HistoryPage(messages: [], isEnd: true))))
        answer(.threads(channel: "#practices", Stage.threads))
        take(
            .redacted(
                Redaction(
                    conversation: "#practices", messageID: "gone", by: Person(nickname: "hélène"),
                    reason: "off-topic",
                    time: Stage.today("14:36"))))
    }

    static func thread(
        _ number: Int, _ title: String, _ count: Int, last: Timestamp, by: String, unread: Int = 0,
        state: ThreadState = .open, root: String? = nil
    ) -> ThreadInfo {
        var thread = ThreadInfo(
            channel: "#practices", number: number, title: title, state: state, messageCount: count)
        thread.unreadCount = unread
        thread.lastTime = last
        thread.creator = by
        thread.rootMessageID = root
        return thread
    }

    static let threads: [ThreadInfo] = [
        thread(14, "Annex templates", 3, last: today("14:34"), by: "lucia.m", unread: 2),
        thread(12, "Follow-up tracking", 5, last: today("14:31"), by: "fatou.d", root: "m0"),
        thread(11, "Who signs the report?", 9, last: time("2026-11-22T10:00:00.000Z"), by: "olga.k"),
        thread(10, "国家机制与议会的协调", 4, last: time("2026-11-20T10:00:00.000Z"), by: "li.wei"),
        thread(
            9, "Interpretation of art. 4", 12, last: time("2026-11-20T09:00:00.000Z"), by: "hélène",
            state: .closed),
        thread(
            8, "Coordination avec la société civile", 7, last: time("2026-11-18T09:00:00.000Z"), by: "fatou.d"
        ),
    ]

    var screen: Grid { model.draw() }
}
