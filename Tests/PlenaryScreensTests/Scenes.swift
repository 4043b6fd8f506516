// SPDX-License-Identifier: Apache-2.0

import PlenaryClient
import PlenaryScreens
import PlenaryTerminal

/// The twelve screens that are kept as golden grids. Each is reached by what happens and by keys, as a person
/// would.
enum Scene: String, CaseIterable, Sendable {
    case channel, thread, threads, people, channels, search, help, menu, moderation, offline, jump, history

    /// The screen at a size, in a language.
    func stage(_ columns: Int, _ rows: Int, _ language: Language) -> Stage {
        var stage = Stage(columns: columns, rows: rows, language)
        stage.enter()
        stage.talk()
        play(on: &stage)
        return stage
    }

    private func play(on stage: inout Stage) {
        switch self {
        case .channel: stage.type("We use the same matrix; our template is four pages long.")
        case .thread: openThread(&stage)
        case .threads: stage.press(.function(3))
        case .people:
            stage.take(.away(nickname: "li.wei", text: "back at three"))
            stage.press(.function(4))
            stage.press(.down)
        case .channels:
            stage.model.with("#t1-institutional-setup") { $0.mainUnreadCount = 12 }
            stage.model.with("#lobby") { $0.isMuted = true }
            stage.take(
                .message(Stage.message("14:20", "li.wei", "您好！", "d1", in: "li.wei", isHistory: false)))
            stage.press(.function(6))
        case .search: search(&stage)
        case .help: stage.type("?")
        case .menu: stage.press(.function(2))
        case .moderation: moderate(&stage)
        case .offline: goOffline(&stage)
        case .jump:
            stage.press(.character("k"), .control)
            stage.type("t1")
        case .history: showHistory(&stage)
        }
    }

    private func openThread(_ stage: inout Stage) {
        _ = stage.model.open(Place("#practices", thread: 12))
        let page = HistoryPage(
            messages: [
                Stage.message("14:05", "li.wei", "我们每季度更新共享矩阵。", "t0", thread: 12),
                Stage.message(
                    "14:31", "samir.h", "نستخدم قاعدة بيانات وطنية (NRTD) منذ 2019", "t1", thread: 12),
                Stage.message("14:33", "amina.b", "@lucia.m could you share the template?", "t2", thread: 12),
            ], isEnd: true)
        stage.answer(.history(Place("#practices", thread: 12), .latest, .success(page)))
        let message = OutgoingMessage(
            token: "k1", target: "#practices/12", text: "We have the same problem.", queuedAt: Stage.now)
        stage.take(.delivery(token: "k1", message, .sending))
        stage.type("Our template is four pages long. ")
    }

    private func search(_ stage: inout Stage) {
        stage.press(.function(5))
        stage.type("A/HRC/50/64")
        stage.press(.enter)
        let found = [
            Stage.message("14:34", "lucia.m", "Sí, la subo hoy. Está en el anexo 1 de A/HRC/50/64.", "m5"),
            Stage.message("13:20", "samir.h", "انظر الفقرة 12 من A/HRC/50/64", "s1", thread: 12),
        ]
        stage.answer(.found("A/HRC/50/64", .success(SearchPage(messages: found, next: nil))))
    }

    private func moderate(_ stage: inout Stage) {
        stage.answer(
            .members(
                channel: "#practices",
                Stage.people.map { Member(nickname: $0.name) } + [Member(nickname: "amadou.s", prefixes: "@")]
            ))
        for _ in 0..<2 { stage.press(.up) }
        stage.type("d")
        for _ in 0..<3 { stage.press(.down) }
        stage.press(.enter)
    }

    private func goOffline(_ stage: inout Stage) {
        stage.take(.stateChanged(.retrying(inMilliseconds: 4000, because: .disconnected("end of stream"))))
        for (index, text) in ["We have the same problem.", "هل من نموذج؟"].enumerated() {
            let message = OutgoingMessage(
                token: "k\(index)", target: "#practices", text: text, queuedAt: Stage.now)
            stage.take(.delivery(token: "k\(index)", message, .queued))
        }
        let refused = OutgoingMessage(
            token: "k9", target: "#practices", text: "One more", queuedAt: Stage.now)
        stage.take(
            .delivery(
                token: "k9", refused,
                .failed(
                    .refused(
                        Refusal(command: "PRIVMSG", code: "MUTED", text: "You are muted here until 15:00")))))
    }

    private func showHistory(_ stage: inout Stage) {
        stage.take(
            .gap(Gap(conversation: "#practices", from: Stage.today("14:05"), to: Stage.today("14:20"))))
        var practice = Stage.message("14:35", "fatou.d", "Une équipe par ministère.", "h1")
        practice.marks.kind = .practice
        practice.marks.onBehalf = "Groupe des États d’Afrique"
        stage.take(.message(practice))
        var action = Stage.message("14:35", "olga.k", "открывает таблицу", "h2")
        action.kind = .action
        stage.take(.message(action))
        stage.take(
            .redacted(
                Redaction(
                    conversation: "#practices", messageID: "m4", by: Person(nickname: "hélène"),
                    reason: "personal-data", time: Stage.today("14:36"))))
        stage.take(
            .moderation(
                ModerationAct(
                    action: "mute", actor: "hélène", channel: "#practices", target: "troll", code: "spam",
                    time: Stage.today("14:36"))))
    }
}
