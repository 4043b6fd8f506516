// SPDX-License-Identifier: Apache-2.0

import PlenaryTerms
import PlenaryWire

/// The meaning of a single line.
extension ClientSession {
    /// Applies a line and tells the application. `isAnswer` lines belong to a request, whose owner is told
    /// by its completion; they are not repeated as remarks.
    mutating func process(_ line: ServerLine, now: Timestamp, isAnswer: Bool = false) {
        if let numeric = line.numeric { return processNumeric(numeric, line, isAnswer: isAnswer) }
        switch line.verb {
        case "PING": write("PONG", [line.parameters.last ?? ""], trailing: true)
        case "PONG": handlePong(line, now: now)
        case "CAP": handleCapability(line)
        case "AUTHENTICATE": handleAuthenticate(line)
        case "ERROR": end(closingError(line))
        case "PRIVMSG", "NOTICE":
            if let message = message(from: line, isHistory: false, now: now) { emit(.message(message)) }
        case "TAGMSG":
            if let message = message(from: line, isHistory: false, now: now) { emit(.tagMessage(message)) }
        case "REDACT": handleRedaction(line, now: now)
        case "THREAD": handleThread(line, now: now, isAnswer: isAnswer)
        case "MODACT", "REPORT": handleModeration(line, now: now, isAnswer: isAnswer)
        case "MARKREAD": handleMarker(line)
        case "SESSION": handleMeeting(line, now: now, isAnswer: isAnswer)
        case "FLOOR": handleFloor(line, isAnswer: isAnswer)
        case "RELAY":
            if !isAnswer { emit(RelayStatus(line).map { .relay($0) } ?? .line(line)) }
        case "JOIN", "PART", "QUIT", "KICK", "NICK", "TOPIC", "MODE", "AWAY", "ACCOUNT", "CHGHOST", "SETNAME",
            "INVITE":
            processMembership(line, now: now)
        case "REGISTER", "VERIFY":
            if !handleAccountRegistration(line), !isAnswer { emit(.line(line)) }
        case "FAIL", "WARN", "NOTE":
            if line.verb == "FAIL", handleAccountRegistration(line) { return }
            if line.verb == "FAIL", phase != .ready, line.parameter(1) == "ACCOUNT_REQUIRED",
                let refusal = line.refusal
            {
                return end(.authenticationFailed(refusal))
            }
            if !isAnswer { emit(remark(from: line)) }
        default:
            if !isAnswer { emit(.line(line)) }
        }
    }

    private func closingError(_ line: ServerLine) -> ClientError {
        .disconnected(line.parameters.last ?? "the server closed the connection")
    }

    private func remark(from line: ServerLine) -> ClientEvent {
        let level = Remark.Level(rawValue: line.verb) ?? .note
        return .remark(
            Remark(
                level: level,
                content: Refusal(
                    command: line.parameter(0) ?? "*", code: line.parameter(1) ?? "",
                    context: Array(line.parameters.dropFirst(2).dropLast()),
                    text: line.parameters.last ?? "")))
    }

    private mutating func processNumeric(_ numeric: Int, _ line: ServerLine, isAnswer: Bool) {
        switch numeric {
        case 1: handleWelcome(line)
        case 5:
            for token in line.parameters.dropFirst().dropLast() { features.add(token) }
        case 376, 422: handleEndOfWelcome()
        case 331, 332: noteTopic(line, text: numeric == 332 ? line.parameters.last : nil)
        case 353: noteNames(line)
        case 366: noteEndOfNames(line)
        case 396:
            if let host = line.parameter(1), let at = ownMask.firstIndex(of: "@") {
                ownMask = ownMask[..<at] + "@" + host
            }
        case 421 where line.parameter(1)?.uppercased() == "CAP":
            // A server without capability negotiation.
            isCapabilityListComplete = true
            continueRegistration()
        case 431, 432, 433, 436, 437:
            if handleNicknameRefusal(line) { return }
            if !isAnswer { emit(numericEvent(line)) }
        case 464, 465:
            if phase != .ready, let refusal = line.refusal { return end(.authenticationFailed(refusal)) }
            if !isAnswer { emit(numericEvent(line)) }
        case 900...908:
            if !handleSignInNumeric(numeric, line), !isAnswer { emit(numericEvent(line)) }
        default:
            if !isAnswer { emit(numericEvent(line)) }
        }
    }

    /// An error outside any request is a remark. Inside a request without labels it is already collected.
    private func numericEvent(_ line: ServerLine) -> ClientEvent {
        guard barriers.isEmpty, let refusal = line.refusal else { return .line(line) }
        return .remark(Remark(level: .fail, content: refusal))
    }

    // MARK: Messages

    /// The message in a PRIVMSG, NOTICE or TAGMSG; nil for any other line.
    func message(from line: ServerLine, isHistory: Bool, now: Timestamp) -> Message? {
        guard line.verb == "PRIVMSG" || line.verb == "NOTICE" || line.verb == "TAGMSG",
            let target = line.parameter(0)
        else { return nil }
        let text = line.verb == "TAGMSG" ? "" : line.parameter(1) ?? ""
        return message(
            tags: line.tags, source: line.source ?? serverName, target: target, verb: line.verb, text: text,
            isHistory: isHistory, now: now)
    }

    /// The message that a multiline batch carries (IRCv3 multiline): tags of the opening line, texts of the
    /// lines joined by LF, or by nothing where a line continues the one before.
    func multilineMessage(from batch: OpenBatch, isHistory: Bool, now: Timestamp) -> Message? {
        guard let target = batch.parameters.first else { return nil }
        var text = ""
        var verb = "PRIVMSG"
        var isFirst = true
        for case .line(let line) in batch.items where line.verb == "PRIVMSG" || line.verb == "NOTICE" {
            if isFirst {
                verb = line.verb
            } else if line.tags["draft/multiline-concat"] == nil {
                text += "\n"
            }
            text += line.parameter(1) ?? ""
            isFirst = false
        }
        guard !isFirst else { return nil }
        return message(
            tags: batch.opening.tags, source: batch.opening.source ?? serverName, target: target, verb: verb,
            text: text, isHistory: isHistory, now: now)
    }

    private func message(
        tags: [String: String], source: String, target: String, verb: String, text: String, isHistory: Bool,
        now: Timestamp
    ) -> Message {
        let sender = PlenaryClient.nickname(ofSource: source)
        let isOwn = isOwnNickname(sender)
        // `@#channel` speaks to the operators of a channel; it belongs to the channel all the same.
        let bare = target.drop { character in features.statusModes.contains { $0.prefix == character } }
        var conversation = features.isChannel(String(bare)) ? String(bare) : target
        if !features.isChannel(conversation), !isOwn { conversation = sender }
        let place = divided(conversation)
        var kind = verb == "NOTICE" ? Message.Kind.notice : .message
        var text = text
        if text.hasPrefix("\u{1}") {
            var inner = text.dropFirst()
            if inner.hasSuffix("\u{1}") { inner = inner.dropLast() }
            if inner.hasPrefix("ACTION ") {
                kind = .action
                text = String(inner.dropFirst(7))
            } else {
                kind = .query
            }
        }
        let time = tags["time"].flatMap { Timestamp(iso8601: $0.utf8) } ?? now
        var message = Message(
            id: tags["msgid"], time: time, conversation: place.channel, kind: kind,
            sender: Person(
                nickname: sender, account: tags["account"], isBot: tags["bot"] != nil),
            text: text, isOwn: isOwn, isHistory: isHistory)
        message.thread = thread(of: tags) ?? place.thread
        message.threadRoot = tags[Vendor.name + "/thread-root"].flatMap { Decimal.threadNumber($0) }
        message.marks = Marks(tags: tags)
        message.replyTo = TagAliases.reply.lazy.compactMap { tags[$0] }.first
        message.token = tags[Vendor.clientTokenTag]
        message.tags = tags
        return message
    }

    /// The thread that a line's tags name.
    private func thread(of tags: [String: String]) -> Int? {
        tags[Vendor.threadTag].flatMap { Decimal.threadNumber($0) }
    }

    private mutating func handleRedaction(_ line: ServerLine, now: Timestamp) {
        guard let target = line.parameter(0), let id = line.parameter(1) else { return }
        let person = person(of: line)
        let isDirect = !features.isChannel(target) && !isOwnNickname(person.nickname)
        let place = divided(target)
        emit(
            .redacted(
                Redaction(
                    conversation: isDirect ? person.nickname : place.channel,
                    thread: thread(of: line.tags) ?? place.thread, messageID: id, by: person,
                    reason: line.parameter(2), time: time(of: line, now: now))))
    }

    func person(of line: ServerLine) -> Person {
        Person(
            nickname: line.sourceNickname ?? serverName, account: line.tags["account"],
            isBot: line.tags["bot"] != nil)
    }

    func time(of line: ServerLine, now: Timestamp) -> Timestamp {
        line.tags["time"].flatMap { Timestamp(iso8601: $0.utf8) } ?? now
    }
}
