// SPDX-License-Identifier: Apache-2.0

import PlenaryDomain
import PlenaryTerms
import PlenaryWire

/// How acts, reports and hidden messages are shown (docs/extensions/moderation.md).
extension Dialect {
    // MARK: Words

    func reasonText(_ code: ReasonCode, in language: Language) -> Text {
        let key: ServerText =
            switch code {
            case .offTopic: .reasonOffTopic
            case .personalData: .reasonPersonalData
            case .wrongChannel: .reasonWrongChannel
            case .abusive: .reasonAbusive
            case .spam: .reasonSpam
            case .safety: .reasonSafety
            case .other: .reasonOther
            }
        return PlenaryDialect.text(key, in: language)
    }

    /// A reason for people: the code in their language and, for moderators, the text.
    private func shown(_ reason: Text, _ language: Language, withText: Bool) -> Text {
        let parts = ActReason(reason)
        guard withText, !parts.text.isEmpty else { return reasonText(parts.code, in: language) }
        if parts.code == .other { return parts.text }
        return reasonText(parts.code, in: language) + Text(" – ") + parts.text
    }

    /// `2023-06-23 08:20 UTC`
    private func shown(_ time: Timestamp) -> Text {
        let iso = Array(time.iso8601.utf8)
        return Text(iso[..<10] + [32] + iso[11..<16]) + Text(" UTC")
    }

    private func until(_ time: Timestamp?) -> Text { time.map { Text($0.iso8601) } ?? "*" }

    // MARK: Acts

    /// `MODACT <channel> <act> <target> <code> <until> [:text]`
    package func renderAct(
        _ act: ModerationAct, channel: Text, actor: Actor, isModerator: Bool, to capabilities: Capabilities
    ) -> [Line] {
        guard capabilities.contains(.moderation) else { return [] }
        let reason = ActReason(act.reason)
        let text = isModerator && !reason.text.isEmpty ? [reason.text] : []
        return [
            Dialect.fitted(
                Line(
                    tags: eventTags(actor: actor, id: nil, time: act.time, capabilities),
                    source: actor.source, verb: "MODACT",
                    [channel, act.kind.word, target(of: act), reason.code.word, until(act.until)] + text,
                    hasTrailing: !text.isEmpty))
        ]
    }

    /// What stands for the object of an act in a line: for messages their id.
    private func target(of act: ModerationAct) -> Text {
        switch act.kind {
        case .hide, .unhide, .redact: act.message.map { Text(identify($0).text) } ?? "*"
        default: Dialect.word(act.target)
        }
    }

    /// An act as a sentence: `hélène (moderator) muted bo until …: off topic`.
    package func sentence(
        of act: ModerationAct, channel: Text, in language: Language, withText: Bool
    ) -> Text {
        let target: Text =
            switch act.kind {
            case .move: channel + Text("/") + act.target
            case .slow where act.target != "off": act.target + Text(" s")
            default: act.target
            }
        var result = PlenaryDialect.text(
            act.kind.textKey, in: language, [.nick: act.actor, .target: target])
        if let until = act.until {
            result = result + Text(" ") + PlenaryDialect.text(.actUntil, in: language, [.time: shown(until)])
        }
        guard !act.reason.isEmpty else { return result }
        return result + Text(": ") + shown(act.reason, language, withText: withText)
    }

    /// A sentence to a channel's members on plain clients.
    package func renderActNotice(
        _ act: ModerationAct, channel: Text, in language: Language, withText: Bool
    ) -> [Line] {
        [
            Dialect.fitted(
                Line(
                    source: facts.name, verb: "NOTICE",
                    [channel, sentence(of: act, channel: channel, in: language, withText: withText)],
                    hasTrailing: true))
        ]
    }

    /// The same to who asked at the desk.
    package func renderDeskAct(_ act: ModerationAct, channel: Text, to session: Session) -> Line {
        let said = sentence(of: act, channel: channel, in: session.language, withText: true)
        return deskNotice(channel + Text(": ") + said, to: session)
    }

    /// What a muted person on a plain client is told.
    package func renderMuteNotice(_ act: ModerationAct, channel: Text, to session: Session) -> Line {
        deskNotice(
            sanctionText(channel, isMute: true, act.until, act.reason, session.language), to: session)
    }

    // MARK: Refusals

    private func sanctionText(
        _ channel: Text, isMute: Bool, _ until: Timestamp?, _ reason: Text, _ language: Language
    ) -> Text {
        let code = reasonText(ActReason(reason).code, in: language)
        guard let until else {
            let key: ServerText = isMute ? .mutedHere : .bannedHere
            return PlenaryDialect.text(key, in: language, [.channel: channel, .reason: code])
        }
        let key: ServerText = isMute ? .mutedHereUntil : .bannedHereUntil
        return PlenaryDialect.text(
            key, in: language, [.channel: channel, .time: shown(until), .reason: code])
    }

    func render(_ refusal: ModerationRefusal, to session: Session) -> [Line] {
        switch refusal {
        case .failed(let verb, let code, let context): return [renderFailure(verb, code, context, session)]
        case .sanctioned(let verb, let channel, let isMute, let end, let reason):
            let said = sanctionText(channel, isMute: isMute, end, reason, session.language)
            let isPlainBan = !isMute && end == nil && reason.isEmpty
            let number: Numeric = verb == "JOIN" ? .bannedFromChannel : .cannotSendToChannel
            let plainKey: ServerText = verb == "JOIN" ? .bannedFromChannel : .cannotSendToChannel
            let numeric =
                isPlainBan
                ? numeric(number, session, [Dialect.word(channel)], say: plainKey)
                : numeric(number, session, [Dialect.word(channel)], said)
            guard session.capabilities.contains(.moderation) else { return [numeric] }
            let context = [channel, until(end), ActReason(reason).code.word]
            let line = Dialect.fitted(
                Line(
                    source: facts.name, verb: "FAIL", [verb, isMute ? "MUTED" : "BANNED"] + context + [said],
                    hasTrailing: true))
            return [line, numeric]
        case .slow(let verb, let channel, let seconds):
            let said = PlenaryDialect.text(
                .slowModeWait, in: session.language, [.channel: channel, .seconds: Text(number: seconds)])
            let numeric = numeric(.cannotSendToChannel, session, [Dialect.word(channel)], said)
            guard session.capabilities.contains(.moderation) else { return [numeric] }
            let line = Line(
                source: facts.name, verb: "FAIL", [verb, "SLOW_MODE", channel, Text(number: seconds), said],
                hasTrailing: true)
            return [line, numeric]
        case .deskUnknown(let word):
            return [
                deskNotice(
                    PlenaryDialect.text(.deskUnknown, in: session.language, [.command: word]), to: session)
            ]
        }
    }

    private func renderFailure(
        _ verb: Text, _ code: ModerationFailure, _ context: [Text], _ session: Session
    ) -> Line {
        let (key, placeholder): (ServerText, Placeholder?) =
            switch code {
            case .invalidTarget: (.threadTargetInvalid, nil)
            case .privilegesNeeded: (.threadPrivilegesNeeded, nil)
            case .invalidParameters: (.parameterInvalid, nil)
            case .subcommandInvalid: (.subcommandInvalid, nil)
            case .noSuchPerson: (.noSuchPerson, nil)
            case .targetIsModerator: (.targetIsModerator, nil)
            case .unknownMessage: (.unknownMessageID, nil)
            case .labelNeeded: (.labelNeeded, nil)
            case .already: (.alreadySo, nil)
            case .noSuchThread: (.noSuchThread, nil)
            case .threadClosed: (.threadIsClosed, nil)
            case .noSuchReport: (.noSuchReport, nil)
            case .alreadyClaimed: (.reportIsClaimed, .nick)
            case .limitReached: (.threadLimitReached, .limit)
            case .textTooLong: (.reasonTooLong, .limit)
            case .rateLimited: (.rateLimited, .seconds)
            case .storageFull: (.diskFull, nil)
            }
        guard let placeholder else { return fail(verb, Text(code.rawValue), context, session, say: key) }
        let value = context.last ?? ""
        let said: Text =
            switch placeholder {
            case .nick: PlenaryDialect.text(key, in: session.language, [.nick: value])
            case .seconds: PlenaryDialect.text(key, in: session.language, [.seconds: value])
            default: PlenaryDialect.text(key, in: session.language, [.limit: value])
            }
        return Dialect.fitted(
            Line(
                source: facts.name, verb: "FAIL",
                [verb, Text(code.rawValue)] + context.map(Dialect.word) + [said],
                hasTrailing: true))
    }

    // MARK: Answers

    private func note(_ code: Text, _ context: [Text], _ said: Text) -> Line {
        Dialect.fitted(
            Line(
                source: facts.name, verb: "NOTE", ["MOD", code] + context.map(Dialect.word) + [said],
                hasTrailing: true))
    }

    func render(_ answer: ModerationAnswer, to session: Session, in community: Community) -> [Line] {
        func count(_ number: Int) -> Text {
            PlenaryDialect.text(.rowCount, in: session.language, [.count: Text(number: number)])
        }
        switch answer {
        case .reports(let target, let numbers):
            let rows = numbers.compactMap { community.moderation.reports[$0] }.map { renderReport($0) }
            return rows + [note("REPORTS", [target, Text(number: rows.count)], count(rows.count))]
        case .log(let place, let acts, let next):
            let channel = community.channels[place]
            let name = channel.map { Text($0.name.spelling) } ?? "*"
            let isModerator =
                channel.map { community.permits(.moderate, session, in: $0) } ?? true
            let rows = acts.map { renderLogRow($0, name, isModerator: isModerator) }
            let cursor = next.map { Text(identify($0).text) } ?? "*"
            return rows + [note("LOG", [name, Text(number: rows.count), cursor], count(rows.count))]
        case .notes(let account):
            let name = Text(community.accounts[account]?.name.spelling ?? "*")
            let notes = community.moderation.notes[account] ?? []
            let rows = notes.map { kept in
                Dialect.fitted(
                    Line(
                        source: facts.name, verb: "MODNOTE",
                        [name, Text(kept.time.iso8601), kept.note.actor.name, kept.note.text],
                        hasTrailing: true))
            }
            return rows + [note("NOTES", [name, Text(number: rows.count)], count(rows.count))]
        case .noted(let account):
            let name = Text(community.accounts[account]?.name.spelling ?? "*")
            return [
                note("NOTED", [name], PlenaryDialect.text(.noteKept, in: session.language, [.account: name]))
            ]
        case .reportReceived(let number):
            let said = PlenaryDialect.text(
                .reportReceived, in: session.language, [.count: Text(number: number)])
            return [
                Line(
                    source: facts.name, verb: "NOTE", ["REPORT", "RECEIVED", Text(number: number), said],
                    hasTrailing: true)
            ]
        case .deskHelp: return renderDeskHelp(to: session)
        }
    }

    private func renderLogRow(_ act: ModerationAct, _ channel: Text, isModerator: Bool) -> Line {
        let reason = ActReason(act.reason)
        let text = isModerator && !reason.text.isEmpty ? [reason.text] : []
        return Dialect.fitted(
            Line(
                source: facts.name, verb: "MODLOG",
                [
                    channel, Text(act.time.iso8601), Text(identify(act.offset).text), act.kind.word,
                    Dialect.word(act.actor), target(of: act), reason.code.word, until(act.until),
                ] + text, hasTrailing: !text.isEmpty))
    }

    /// `REPORT <channel> <number> <state> <code> <message> <about> <reporter> <handler> <time> :text`
    package func renderReport(_ report: Report) -> Line {
        let filed = report.filed
        let reason = ActReason(filed.reason)
        return Dialect.fitted(
            Line(
                source: facts.name, verb: "REPORT",
                [
                    filed.channelName, Text(number: filed.number), report.state.word, reason.code.word,
                    filed.message.map { Text(identify($0).text) } ?? "*", Dialect.word(filed.about),
                    Dialect.word(filed.actor.name), report.handler.map(Dialect.word) ?? "*",
                    Text(report.time.iso8601), reason.text,
                ], hasTrailing: true))
    }

    /// A report as a sentence, with what to do next.
    package func renderReportNotice(_ report: Report, to session: Session) -> Line {
        let filed = report.filed
        let number = Text(number: filed.number)
        let said = PlenaryDialect.text(
            .reportOf, in: session.language,
            [
                .count: number, .channel: filed.channelName, .nick: filed.actor.name, .target: filed.about,
                .reason: shown(filed.reason, session.language, withText: true),
            ])
        let state: Text =
            switch report.state {
            case .open: PlenaryDialect.text(.reportOpen, in: session.language, [.count: number])
            case .claimed:
                PlenaryDialect.text(.reportClaimed, in: session.language, [.nick: report.handler ?? "*"])
            case .resolved:
                PlenaryDialect.text(.reportResolved, in: session.language, [.nick: report.handler ?? "*"])
            }
        return deskNotice(said + Text(" (") + state + Text(")"), to: session)
    }

    /// LAST: the messages with the short names that acts may call them by, the oldest first.
    package func renderNamed(
        _ entries: [HistoryEntry], to session: Session, in community: Community
    ) -> [Line] {
        entries.compactMap { entry in
            guard case .messagePosted(let message) = entry.event.event else { return nil }
            let words = message.lines.map(\.text.string).joined(separator: " / ")
            let isHidden = community.hiding(of: entry.event.offset, in: message.conversation) != nil
            let clock = Array(entry.event.time.iso8601.utf8)[11..<16]
            let row =
                "\(MessageLabel.label(of: entry.id)) \(String(decoding: clock, as: UTF8.self)) \(message.actor.name)"
                + (isHidden ? " [hidden]" : "") + ": " + Dialect.cut(words, columns: 60)
            return deskNotice(Text(row), to: session)
        }
    }
}

extension ActKind {
    fileprivate var textKey: ServerText {
        switch self {
        case .mute: .actMute
        case .unmute: .actUnmute
        case .remove: .actRemove
        case .ban: .actBan
        case .unban: .actUnban
        case .slow: .actSlow
        case .moderated: .actModerated
        case .mode: .actMode
        case .close: .actClose
        case .reopen: .actReopen
        case .archive: .actArchive
        case .pin: .actPin
        case .unpin: .actUnpin
        case .move: .actMove
        case .hide: .actHide
        case .unhide: .actUnhide
        case .redact: .actRedact
        case .suspend: .actSuspend
        case .restore: .actRestore
        case .sessionSchedule: .actSessionSchedule
        case .sessionDoors: .actSessionDoors
        case .sessionOpen: .actSessionOpen
        case .sessionSuspend: .actSessionSuspend
        case .sessionResume: .actSessionResume
        case .sessionExtend: .actSessionExtend
        case .sessionClose: .actSessionClose
        case .sessionEnd: .actSessionEnd
        case .sessionItem: .actSessionItem
        case .sessionCancel: .actSessionCancel
        case .sessionAttribution: .actSessionAttribution
        }
    }
}
