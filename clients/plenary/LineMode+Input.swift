// SPDX-License-Identifier: Apache-2.0

import PlenaryClient

/// What a person types in the line mode.
extension LineMode {
    /// Commands with their names in the other languages, and what `/help` says of them.
    static let commands: [(name: String, aliases: [String], help: String)] = [
        ("help", ["aide", "ayuda", "помощь", "帮助", "مساعدة", "?"], "/help: this list"),
        ("join", ["entrer", "entrar", "войти", "加入", "انضم"], "/join NAME: enter a channel"),
        ("leave", ["part", "quitter-canal", "salir", "выйти", "离开", "غادر"], "/leave: leave this channel"),
        ("list", ["liste", "lista", "список", "列表", "قائمة"], "/list: the channels there are"),
        ("who", ["qui", "quien", "кто", "谁", "من"], "/who: the people here"),
        ("msg", ["message", "mensaje", "сообщение", "私聊", "رسالة"], "/msg NAME text: to one person"),
        ("me", ["moi", "yo", "я", "我", "أنا"], "/me text: say what you do"),
        (
            "reply", ["r", "repondre", "responder", "ответить", "回复", "رد"],
            "/reply text, /r text: answer the last message, in its thread"
        ),
        (
            "threads", ["fils", "hilos", "темы", "主题列表", "مواضيع"],
            "/threads [open, closed, unread …]: list them"
        ),
        (
            "thread", ["fil", "hilo", "тема-n", "主题串", "خيط"],
            "/thread 12: talk in thread 12; /thread new TITLE, title TEXT, close, reopen"
        ),
        (
            "channel", ["canal", "канал", "频道", "قناة"],
            "/channel: out of the thread again; /channel text: one text to the channel"
        ),
        ("search", ["chercher", "buscar", "искать", "搜索", "بحث"], "/search words: find messages here"),
        (
            "read", ["lire", "leer", "читать", "阅读", "اقرأ"],
            "/read 5: the last five again; /read all: mark as read"
        ),
        ("next", ["suivant", "siguiente", "дальше", "下一个", "التالي"], "/next: the next unread message"),
        ("history", ["historique", "historial", "история", "历史", "تاريخ"], "/history 20: older messages"),
        ("where", ["ou", "donde", "где", "哪里", "أين"], "/where: channel, queue, connection"),
        ("topic", ["sujet", "tema", "тема", "主题", "موضوع"], "/topic [text]: read or set the topic"),
        ("away", ["absent", "ausente", "отошел", "离开一下", "بعيد"], "/away [text] and /back"),
        ("back", ["retour", "volver", "вернулся", "回来", "عدت"], ""),
        ("reconnect", ["reconnecter", "reconectar", "переподключить", "重连", "اتصل"], "/reconnect: try now"),
        ("status", ["etat", "estado", "состояние", "状态", "حالة"], ""),
        ("plain", [], ""),
        ("quote", [], ""),
        (
            "report", ["signaler", "avisar", "жалоба", "举报", "بلاغ"],
            "/report NAME [REASON] text: tell the moderators only"
        ),
        (
            "mute", ["silence", "silenciar", "заглушить", "禁言", "كتم"],
            "/mute NAME 10m REASON, /unmute NAME: moderators"
        ),
        ("unmute", ["parole", "palabra", "вернуть-слово", "解除禁言", "إلغاء-الكتم"], ""),
        (
            "hide", ["masquer", "ocultar", "скрыть", "隐藏", "أخف"],
            "/hide MESSAGE REASON, /unhide MESSAGE: for moderators"
        ),
        ("unhide", ["montrer", "mostrar", "показать", "取消隐藏", "أظهر"], ""),
        (
            "remove", ["supprimer", "eliminar", "удалить", "删除", "احذف"],
            "/remove MESSAGE REASON: gone for good"
        ),
        (
            "kick", ["retirer", "retirar", "вывести", "移出", "أخرج"],
            "/kick NAME REASON, /ban NAME [7d] REASON, /unban NAME"
        ),
        ("ban", ["exclure", "excluir", "бан", "封禁", "احظر"], ""),
        ("unban", ["readmettre", "readmitir", "разбан", "解封", "ارفع-الحظر"], ""),
        (
            "slow", ["lent", "lento", "медленно", "慢速", "بطيء"],
            "/slow 30s, /slow off: one message in that time"
        ),
        (
            "lock", ["verrouiller", "bloquear", "запереть", "锁定", "أقفل"],
            "/lock REASON, /unlock: this thread, or the channel"
        ),
        ("unlock", ["deverrouiller", "desbloquear", "отпереть", "解锁", "افتح"], ""),
        ("modlog", ["journal", "registro", "журнал", "管理记录", "السجل"], "/modlog: what moderators did here"),
        ("quit", ["quitter", "adios", "выход", "退出", "خروج"], "/quit: end"),
    ]

    /// Takes a line as it was typed.
    package mutating func take(line: [UInt8], now: Timestamp) -> [Action] {
        if let place = InputText.invalidOffset(line) {
            return [.print("Not sent: the text is not UTF-8 at byte \(place).")]
        }
        let text = PlainText.clean(String(decoding: line, as: UTF8.self))
        if text.isEmpty { return isOnline ? [] : [.reconnect] }
        if ["?", "؟", "？"].contains(text) { return help() }
        if let refusal = LineMode.passwordRefusal(text) { return [.print(refusal)] }
        if text.hasPrefix("//") { return send(String(text.dropFirst())) }
        guard text.hasPrefix("/") || text.hasPrefix("／") else { return send(text) }
        let words = text.dropFirst().split(separator: " ", maxSplits: 1, omittingEmptySubsequences: false)
        let name = words.first.map { $0.lowercased() } ?? ""
        let rest = words.count > 1 ? String(words[1]) : ""
        if let number = Target.threadNumber(name) { return thread(number, rest) }
        guard let command = LineMode.commands.first(where: { $0.name == name || $0.aliases.contains(name) })
        else {
            let known = LineMode.commands.map(\.name)
            let hint = NearestWord.to(name, among: known).map { "Did you mean /\($0)?" } ?? "Type /help."
            return [.print("No command /\(PlainText.oneLine(name)). \(hint) Nothing was sent.")]
        }
        return perform(command.name, rest, now)
    }

    private mutating func perform(_ name: String, _ rest: String, _ now: Timestamp) -> [Action] {
        switch name {
        case "help": return help()
        case "join": return join(rest)
        case "leave":
            guard let target, !target.isPerson else { return [.print("You are in no channel.")] }
            self.target = nil
            return [.leave(target.conversation)]
        case "list": return [.command(verb: "LIST", parameters: [], title: "Channels")]
        case "who":
            guard let target, !target.isPerson else { return [.print("You are in no channel.")] }
            return [.listPeople(target.conversation)]
        case "msg":
            let words = rest.split(separator: " ", maxSplits: 1)
            guard words.count == 2 else { return [.print("Write: /msg NAME text")] }
            let person = words[0].hasPrefix("@") ? String(words[0].dropFirst()) : String(words[0])
            return [.send(text: String(words[1]), target: person, kind: .message, replyTo: nil)]
        case "me": return rest.isEmpty ? [.print("Write: /me text")] : send(rest, kind: .action)
        case "reply": return reply(rest)
        case "threads": return threads(rest)
        case "thread": return thread(rest)
        case "channel": return channel(rest)
        case "search":
            guard !rest.isEmpty else { return [.print("Write: /search words")] }
            return [.search(channel: target.flatMap { $0.isPerson ? nil : $0.conversation }, text: rest)]
        case "read":
            guard rest == "all" else { return read(Int(rest) ?? 5, now) }
            return target.map { [.markRead($0.wire)] } ?? [.print("You are in no channel.")]
        case "next": return next(now)
        case "history":
            guard let target else { return [.print("You are in no channel.")] }
            return [.history(target: target.wire, count: min(max(Int(rest) ?? 20, 1), 500))]
        case "where", "status": return whereAmI()
        case "topic":
            guard let target, !target.isPerson else { return [.print("You are in no channel.")] }
            let words = [target.conversation] + (rest.isEmpty ? [] : [rest])
            return [.command(verb: "TOPIC", parameters: words, title: "Topic")]
        case "away":
            return [.command(verb: "AWAY", parameters: [rest.isEmpty ? "away" : rest], title: "Away")]
        case "back": return [.command(verb: "AWAY", parameters: [], title: "Back")]
        case "reconnect": return [.reconnect]
        case "plain": return [.print("This is the plain mode.")]
        case "quote":
            guard isAdvanced else {
                return [.print("/quote is off. To allow it: plenary config set advanced true")]
            }
            let words = rest.split(separator: " ", maxSplits: 1).map(String.init)
            guard let verb = words.first else { return [.print("Write: /quote LINE")] }
            return [.command(verb: verb.uppercased(), parameters: LineMode.parameters(words), title: verb)]
        case "report", "mute", "unmute", "hide", "unhide", "remove", "kick", "ban", "unban", "slow", "lock",
            "unlock", "modlog":
            return moderate(name, rest)
        case "quit": return [.quit]
        default: return [.print("No command /\(name). Nothing was sent.")]
        }
    }

    private static func parameters(_ words: [String]) -> [String] {
        guard words.count == 2 else { return [] }
        let parts = words[1].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        let middle = parts[0].split(separator: " ").map(String.init)
        return parts.count == 2 ? middle + [String(parts[1])] : middle
    }

    private mutating func send(
        _ text: String, kind: Message.Kind = .message, replyTo: String? = nil
    ) -> [Action] {
        guard let target else { return [.print("Not sent: you are in no channel. Enter one: /join NAME")] }
        return [.send(text: text, target: target.wire, kind: kind, replyTo: replyTo)]
    }

    private mutating func reply(_ text: String) -> [Action] {
        guard !text.isEmpty else { return [.print("Write: /reply text")] }
        guard let last = recent.last(where: { !$0.isOwn && isCurrent($0.conversation) }), let id = last.id
        else {
            return [.print("There is nothing to answer yet. Nothing was sent.")]
        }
        // In the thread of what is answered, wherever texts go otherwise.
        guard let target, !target.isPerson else { return send(text, replyTo: id) }
        let place = target.with(thread: last.thread.flatMap { $0 > 0 ? $0 : nil })
        return [.send(text: text, target: place.wire, kind: .message, replyTo: id)]
    }

    private mutating func join(_ name: String) -> [Action] {
        do throws(Failure) {
            let entered = try Target(name)
            target = entered
            return entered.isPerson ? [.print("Talking to \(entered.shown).")] : [.join(entered.conversation)]
        } catch {
            return [.print("Not joined: \(error.lines.joined(separator: ", ")).")]
        }
    }

    private func read(_ count: Int, _ now: Timestamp) -> [Action] {
        let chosen = recent.filter { isCurrent($0.conversation) }.suffix(min(max(count, 1), 500))
        guard !chosen.isEmpty else { return [.print("There is nothing to read yet.")] }
        return chosen.flatMap { LineText.message($0, title: title(of: $0), time, now: now) }
            .map { .print($0) }
    }

    /// The oldest message from others that was printed and not asked for by `/next` since.
    private mutating func next(_ now: Timestamp) -> [Action] {
        let others = recent.filter { !$0.isOwn }
        guard unheardCount > 0, unheardCount <= others.count else { return [.print("Nothing unread.")] }
        let message = others[others.count - unheardCount]
        unheardCount -= 1
        let place =
            isCurrent(message.conversation) ? nil : PlainText.oneLine(Records.name(message.conversation))
        return LineText.message(message, title: title(of: message), place: place, time, now: now)
            .map { .print($0) }
    }

    func whereAmI() -> [Action] {
        let place = target.map(place(of:)) ?? "No channel"
        let connection =
            isOnline
            ? "Connected to \(server) as \(PlainText.oneLine(nickname))" : "Not connected to \(server)"
        let queue =
            pending.isEmpty
            ? "Nothing waits to be sent" : "\(LineText.count(pending.count, "message")) waiting to be sent"
        return [.print("\(place). \(connection). \(queue).")]
    }

    private func help() -> [Action] {
        [
            .print(
                "Type a text and press Enter to send it. A line that begins with // sends a line with one /.")
        ]
            + LineMode.commands.map(\.help).filter { !$0.isEmpty }.map { .print($0) }
    }

    /// Words that look like the password line of another chat service must never reach a channel.
    static func passwordRefusal(_ text: String) -> String? {
        var words = text.lowercased().split(separator: " ")[...]
        if let first = words.first, ["/msg", "/query", "/quote", "msg", "/ns", "ns"].contains(first) {
            words = words.dropFirst()
            if first.hasSuffix("ns") { words = ["nickserv"] + words }
        } else if let first = words.first, first.hasPrefix("/") {
            words[words.startIndex] = first.dropFirst()
        }
        guard words.first == "nickserv", words.count > 1 else {
            guard words.count == 2 || words.count == 3, let first = words.first,
                ["identify", "register"].contains(first), text.hasPrefix("/")
            else { return nil }
            return passwordAdvice
        }
        return passwordAdvice
    }

    private static let passwordAdvice =
        "Nothing was sent: that looks like a password. To sign in safely, end with /quit and use: plenary login"
}
