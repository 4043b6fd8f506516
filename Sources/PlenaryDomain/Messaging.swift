// SPDX-License-Identifier: Apache-2.0

import PlenaryTerms

extension Conversation {
    /// Talk with somebody who has no account: shown, never stored.
    static let ofGuests = Conversation.direct(AccountID(0), AccountID(0))
}

extension Community {
    /// PRIVMSG, NOTICE, TAGMSG (modern.ircd.chat, "Sending Messages") and BATCH (IRCv3 multiline).
    func decide(_ command: MessagingCommand, by id: SessionID, at moment: Moment) -> [Outcome] {
        guard let session = sessions[id] else { return [] }
        switch command {
        case .post(let text):
            return decidePost(text, lines: [MessageLine(text.text)], session, moment)
        case .openBatch(let reference, let target, let tags, let token, let label, let relay, let translation):
            if let open = session.openBatch, !isOverdue(open, moment) {
                return [.refused(.batchInvalid(verb: "BATCH", reference: reference))]
            }
            let batch = OpenBatch(
                reference: reference, target: target, opened: moment.steady, label: label, clientTags: tags,
                clientToken: token, relay: relay, translation: translation)
            return [.presence(.batchChanged(id, batch))]
        case .batchLine(let reference, let target, let isNotice, let text, let isConcatenated):
            guard var batch = session.openBatch, batch.reference == reference else {
                return [.refused(.batchInvalid(verb: isNotice ? "NOTICE" : "PRIVMSG", reference: reference))]
            }
            add(
                MessageLine(text, isConcatenated: isConcatenated), target: target, isNotice: isNotice,
                to: &batch)
            return [.presence(.batchChanged(id, batch))]
        case .closeBatch(let reference):
            guard let batch = session.openBatch, batch.reference == reference else {
                return [.refused(.batchInvalid(verb: "BATCH", reference: reference))]
            }
            return [.presence(.batchChanged(id, nil))] + decideBatch(batch, session, moment)
        }
    }

    // MARK: Multiline

    /// A batch that was left open neither comes late nor blocks the next one (limits.md 12).
    private func isOverdue(_ batch: OpenBatch, _ moment: Moment) -> Bool {
        batch.opened.advanced(bySeconds: Int64(policy.limits.multilineSecondsLimit)) < moment.steady
    }

    private func add(_ line: MessageLine, target: Text, isNotice: Bool, to batch: inout OpenBatch) {
        guard batch.failure == nil else { return }
        if asciiFolded(target.bytes) != asciiFolded(batch.target.bytes) {
            batch.failure = .multilineInvalidTarget(expected: batch.target, found: target)
        } else if let kind = batch.isNotice, kind != isNotice {
            batch.failure = .multilineInvalid("PRIVMSG and NOTICE in one batch")
        } else if line.isConcatenated, line.text.isEmpty {
            batch.failure = .multilineInvalid("a blank line cannot continue the line before it")
        }
        batch.isNotice = isNotice
        let lineBreak = batch.lines.isEmpty || line.isConcatenated ? 0 : 1
        batch.byteCount += line.text.byteCount + lineBreak
        if batch.byteCount > policy.limits.multilineByteLimit {
            batch.failure = .multilineMaxBytes(policy.limits.multilineByteLimit)
        } else if batch.lines.count >= policy.limits.multilineLineLimit {
            batch.failure = .multilineMaxLines(policy.limits.multilineLineLimit)
        } else {
            batch.lines.append(line)
        }
    }

    private func decideBatch(_ batch: OpenBatch, _ session: Session, _ moment: Moment) -> [Outcome] {
        if let failure = batch.failure { return [.refused(failure)] }
        if isOverdue(batch, moment) { return [.refused(.multilineInvalid("it took too long"))] }
        guard batch.lines.contains(where: { !$0.text.isEmpty }) else {
            return [.refused(.multilineInvalid("a message needs at least one line that is not blank"))]
        }
        let text = PostedText(
            target: batch.target, kind: batch.isNotice ?? false ? .notice : .privateMessage, text: "",
            clientTags: batch.clientTags, clientToken: batch.clientToken, relay: batch.relay,
            translation: batch.translation)
        return decidePost(text, lines: batch.lines, session, moment)
    }

    // MARK: One message

    func decidePost(
        _ text: PostedText, lines: [MessageLine], _ session: Session, _ moment: Moment
    ) -> [Outcome] {
        // A NOTICE is never answered, so that programs cannot answer each other for ever (RFC 1459, 4.4.2).
        let outcomes = decideDelivery(text, lines: lines, session, moment)
        guard text.kind == .notice else { return outcomes }
        return outcomes.filter {
            if case .refused(let refusal) = $0 { refusal.isSaidToNotices } else { true }
        }
    }

    private func decideDelivery(
        _ text: PostedText, lines: [MessageLine], _ session: Session, _ moment: Moment
    ) -> [Outcome] {
        if text.kind != .tagOnly, lines.allSatisfy({ $0.text.isEmpty }) { return [.refused(.noTextToSend)] }
        let verb = text.verb ?? text.kind.verb
        if let token = text.clientToken, token.isEmpty || token.byteCount > 64 {
            return [.refused(.invalidClientToken(verb: verb))]
        }
        if !text.clientTags.isEmpty {
            do throws(MarkError) { _ = try MessageMarks(clientTags: text.clientTags) } catch {
                return [.refused(.mark(verb: verb, error))]
            }
        }
        if policy.profile == .closed, lines.contains(where: \.text.isControlQuery) {
            return [.refused(.controlMessageRefused(text.target))]
        }
        if let request = text.translation {
            return decideTranslation(text, request, lines, session, moment)
        }
        if let origin = text.relay {
            return decideRelayed(text, origin, lines, session, moment, verb: verb)
        }
        if text.target.bytes.first == 35 { return decideToChannel(text, lines, session, moment, verb: verb) }
        return decideToPerson(text, lines, session, moment, verb: verb)
    }

    private func decideToChannel(
        _ text: PostedText, _ lines: [MessageLine], _ session: Session, _ moment: Moment, verb: Text
    ) -> [Outcome] {
        guard let target = try? target(text.target), isVisible(target.channel, to: session.id) else {
            return [.refused(.noSuchChannel(text.target))]
        }
        let channel = target.channel
        let thread = target.thread ?? inheritedThread(text.clientTags, channel, moment)
        // The longest form in which a reader gets it.
        let spelling = thread == .mainLine ? channel.name.text : channel.spelling(of: thread)
        // Who may not read the channel learns nothing of its threads (docs/extensions/threads.md).
        if !isMember(session.id, of: channel), !maySpeak(session, in: channel, at: moment.now) {
            return [
                .refused(
                    target.thread == nil
                        ? .cannotSendToChannel(target.spelling) : .noSuchChannel(text.target))
            ]
        }
        if let sanction = sanction(on: session, in: channel, verb, spelling, at: moment.now) {
            return [.refused(sanction)]
        }
        if let entry = isMutedByLabel(session, in: channel, moment) {
            return [.refused(sanction(entry, isMute: true, verb, spelling))]
        }
        // What was taken already is answered as such whenever it is sent again.
        let first = knownMessage(text.clientToken, session, in: channel, moment)
        if first == nil,
            let refusal = meetingRefusal(
                session, in: channel, thread: thread, verb: verb, spelling: spelling, at: moment.now)
        {
            return [.refused(refusal)]
        }
        guard maySpeak(session, in: channel, at: moment.now),
            isTaking(messagesOf: session, in: thread, of: channel)
        else { return [.refused(.cannotSendToChannel(spelling))] }
        if text.kind != .tagOnly, first == nil,
            let seconds = secondsToWait(session, in: channel, at: moment.now)
        {
            return [.refused(.moderation(.slow(verb: verb, channel: spelling, seconds: seconds)))]
        }
        let message = MessagePosted(
            conversation: .channel(channel.id), target: channel.name.text, kind: text.kind,
            actor: session.actor, clientTags: text.clientTags, lines: text.kind == .tagOnly ? [] : lines,
            clientToken: session.account == nil ? nil : text.clientToken, thread: thread,
            mentions: mentions(in: lines))
        let voice: Voice?
        do throws(MeetingRefusal) { voice = try self.voice(of: session, in: channel, moment) } catch {
            return [.refused(.outsideMeeting(verb: verb, target: spelling, error))]
        }
        let source = voice?.actor.source ?? session.source
        if isTooLong(lines, source: source, kind: text.kind, target: spelling) {
            return [.refused(.messageTooLong)]
        }
        guard let voice else { return store(message, session, moment, verb: verb) }
        return store(unnamed(message, by: voice), voice, first, session, channel, moment, verb: verb)
    }

    /// The same by a label: what passes is not shown, and slow mode counts without a record.
    private func store(
        _ message: MessagePosted, _ voice: Voice, _ first: Offset?, _ session: Session, _ channel: Channel,
        _ moment: Moment, verb: Text
    ) -> [Outcome] {
        if let first { return [.duplicate(of: first)] }
        if message.kind == .tagOnly, !message.isKept { return [] }
        guard moment.hasSpace else { return [.refused(.storageIsFull(verb: verb))] }
        let counted: [Outcome] =
            message.kind == .tagOnly || channel.slowSeconds == nil
            ? [] : [.presence(.spokeUnnamed(session.id, channel.id, moment.now))]
        return voice.outcomes + [.event(.messagePosted(message))] + counted
    }

    /// Whether a line of the channel is open to this session: moderators write anywhere.
    private func isTaking(messagesOf session: Session, in thread: ThreadID, of channel: Channel) -> Bool {
        let isOpen =
            thread == .mainLine ? !channel.isMainLineClosed : channel.threads[thread]?.isOpen ?? false
        return isOpen || permits(.moderate, session, in: channel)
    }

    /// The thread of the message that this one answers (docs/extensions/threads.md, "Addressing").
    func inheritedThread(_ clientTags: Text, _ channel: Channel, _ moment: Moment) -> ThreadID {
        guard !channel.threads.isEmpty, !clientTags.isEmpty, let id = clientTags.replyTarget,
            let offset = moment.functions.offsetOfMessage(id),
            let entry = ledgers[channel.id]?.entry(of: offset),
            entry.flags.isDisjoint(with: [.redacted, .event])
        else { return .mainLine }
        return entry.thread
    }

    func mentions(in lines: [MessageLine]) -> [AccountID] {
        Mentions.find(in: lines) { name in
            name.isEmpty || name.count > AccountName.byteLimit ? nil : accountsByName[asciiFolded(name)]
        }
    }

    private func decideToPerson(
        _ text: PostedText, _ lines: [MessageLine], _ session: Session, _ moment: Moment, verb: Text
    ) -> [Outcome] {
        let person = self.session(named: text.target)
        let recipient = person.map { $0.account } ?? account(named: text.target)?.id
        let isReachable = person != nil || (recipient != nil && session.account != nil)
        guard isReachable else { return [.refused(.noSuchNick(text.target))] }
        guard permits(.post, session) else { return [.refused(.cannotSendToPerson(text.target))] }
        let spelling = Text(
            person?.nickname?.spelling ?? recipient.flatMap { accounts[$0]?.name.spelling }
                ?? text.target.string)
        if isTooLong(lines, source: session.source, kind: text.kind, target: spelling) {
            return [.refused(.messageTooLong)]
        }
        var message = MessagePosted(
            conversation: .ofGuests, target: spelling, kind: text.kind, actor: session.actor,
            clientTags: text.clientTags, lines: text.kind == .tagOnly ? [] : lines,
            clientToken: session.account == nil ? nil : text.clientToken)
        var outcomes: [Outcome]
        if let sender = session.account, let recipient {
            message.conversation = .between(sender, recipient)
            outcomes = store(message, session, moment, verb: verb)
        } else {
            message.clientToken = nil
            outcomes = [.presence(.relayed(message))]
        }
        if text.kind == .privateMessage, let away = person?.away {
            outcomes.append(.answer(.away(nick: spelling, away)))
        }
        return outcomes
    }

    /// Logs the message, shows it only, or finds it logged already.
    func store(
        _ message: MessagePosted, _ session: Session, _ moment: Moment, verb: Text
    ) -> [Outcome] {
        if let first = known(message.clientToken, session, moment) { return [.duplicate(of: first)] }
        if message.kind == .tagOnly, !message.isKept { return [.presence(.relayed(message))] }
        guard moment.hasSpace else { return [.refused(.storageIsFull(verb: verb))] }
        return [.event(.messagePosted(message))]
    }

    /// The message that a token has named already.
    func known(_ token: Text?, _ session: Session, _ moment: Moment) -> Offset? {
        guard let token, let account = session.account, let first = tokens[account]?.byToken[token],
            first.time.advanced(bySeconds: Int64(policy.limits.rememberedTokenSecondsLimit)) > moment.now
        else { return nil }
        return first.offset
    }

    /// A line that would pass 512 bytes for its readers is refused whole, never cut (protocol.md, decisions).
    func isTooLong(_ lines: [MessageLine], source: Text, kind: MessageKind, target: Text) -> Bool {
        // One space before the target, one before the text.
        let frame = lineByteCount(source, kind.verb, wordByteCount: 1 + target.byteCount + 1)
        return lines.contains { frame + $0.text.byteCount > 512 }
    }

    /// Bytes of `:source VERB word … :text` with CR LF, as others would read it from this session.
    func lineByteCount(_ session: Session, _ verb: Text, _ parameters: [Text]) -> Int {
        lineByteCount(session.source, verb, wordByteCount: parameters.reduce(0) { $0 + 1 + $1.byteCount })
    }

    private func lineByteCount(_ source: Text, _ verb: Text, wordByteCount: Int) -> Int {
        1 + source.byteCount + 1 + verb.byteCount + wordByteCount + 1 + 2
    }
}

extension MessageKind {
    /// The verb of its lines.
    var verb: Text {
        switch self {
        case .privateMessage: MessageKind.privateMessageVerb
        case .notice: MessageKind.noticeVerb
        case .tagOnly: MessageKind.tagOnlyVerb
        }
    }

    // Made once: every message asks for its verb.
    private static let privateMessageVerb: Text = "PRIVMSG"
    private static let noticeVerb: Text = "NOTICE"
    private static let tagOnlyVerb: Text = "TAGMSG"
}

extension MessagePosted {
    /// Tag-only messages that are stored: reactions, and what a client asked to keep.
    package var isKept: Bool {
        let kept = ["+react", "+draft/react", "+unreact", "+draft/unreact", "+draft/persist"]
        return clientTags.bytes.split(separator: 59).contains { tag in
            let key = tag.prefix { $0 != 61 }
            return kept.contains { Array($0.utf8) == Array(key) }
        }
    }
}

extension Text {
    /// CTCP other than ACTION: what one client asks another, its version, time or address.
    fileprivate var isControlQuery: Bool {
        bytes.first == 1 && !bytes.dropFirst().starts(with: "ACTION ".utf8)
    }

    /// The message that `+reply` or `+draft/reply` names, of client tags as they go on the wire.
    fileprivate var replyTarget: MessageID? {
        for tag in bytes.split(separator: 59) {
            guard let equals = tag.firstIndex(of: 61) else { continue }
            let key = tag[..<equals]
            guard key.elementsEqual("+reply".utf8) || key.elementsEqual("+draft/reply".utf8) else { continue }
            return MessageID(tag[(equals + 1)...])
        }
        return nil
    }
}

extension Refusal {
    /// Standard replies about what would be lost are said even to a NOTICE; numerics are not.
    fileprivate var isSaidToNotices: Bool {
        switch self {
        case .storageIsFull, .invalidClientToken, .messageTooLong, .multilineMaxBytes, .multilineMaxLines,
            .multilineInvalidTarget, .multilineInvalid, .batchInvalid, .mark, .relaying, .languages:
            true
        default: false
        }
    }
}
