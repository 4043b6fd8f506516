// SPDX-License-Identifier: Apache-2.0

import PlenaryTerms

/// TRANSLATE, ORIGINAL and TRANSLATIONS (docs/extensions/language.md); names as the client spelled them.
package enum LanguagesCommand: Sendable {
    case translate(target: Text, message: Text, language: Text, provenance: Text, text: Text)
    /// A message as it was written, or with all its translations.
    case versions(target: Text, message: Text, isOriginalAlone: Bool)
    // Results of work
    /// nil when it cannot be read any more.
    case originalFound(LoggedEvent?, PostedText, [MessageLine])
    case versionsFound(ChannelID, [LoggedEvent])
}

/// What the tags of a translation say. Values are looked at where the message is decided.
package struct TranslationRequest: Hashable, Sendable {
    /// nil for what is no id.
    package var original: MessageID?
    package var spelledOriginal: Text
    package var provenance: Text
    package var engine: Text?

    package init(original: MessageID?, spelledOriginal: Text, provenance: Text, engine: Text? = nil) {
        self.original = original
        self.spelledOriginal = spelledOriginal
        self.provenance = provenance
        self.engine = engine
    }
}

/// Messages of a channel that the server reads from the log.
package enum LanguagesWork: Sendable {
    /// The message that a text translates; then `originalFound`.
    case fetchOriginal(Offset, PostedText, [MessageLine])
    /// Then `versionsFound`.
    case fetchVersions(ChannelID, [Offset])
}

package enum LanguagesAnswer: Sendable {
    /// The original first.
    case versions(ChannelID, [LoggedEvent])
}

/// Codes of docs/extensions/language.md, "Errors".
package enum LanguagesFailure: String, CaseIterable, Hashable, Sendable {
    case invalidTarget = "INVALID_TARGET"
    case unknownMessage = "UNKNOWN_MSGID"
    case isTranslation = "IS_TRANSLATION"
    case sameLanguage = "SAME_LANGUAGE"
    case invalidLanguage = "INVALID_LANGUAGE"
    case invalidProvenance = "INVALID_PROVENANCE"
    case invalidParameters = "INVALID_PARAMS"
    case privilegesNeeded = "PRIVS_NEEDED"
    case limitReached = "LIMIT_REACHED"
}

/// A translation that may be made, as far as it is known without its original's words.
private struct AllowedTranslation {
    var channel: Channel
    var original: Ledger.Entry
    var translation: MessageTranslation
}

extension Community {
    func decide(_ command: LanguagesCommand, by id: SessionID, at moment: Moment) -> [Outcome] {
        guard let session = sessions[id] else { return [] }
        do throws(Refusal) {
            switch command {
            case .translate(let target, let message, let language, let provenance, let text):
                return try decideTranslate(target, message, language, provenance, text, session, moment)
            case .versions(let target, let message, let isOriginalAlone):
                return [try decideVersions(target, message, isOriginalAlone, session, moment)]
            case .originalFound(let found, let text, let lines):
                return try decideFound(found, text, lines, session, moment)
            case .versionsFound(let channel, let events):
                return [.answer(.languages(.versions(channel, events)))]
            }
        } catch {
            return [.refused(error)]
        }
    }

    private func refusal(_ verb: Text, _ code: LanguagesFailure, _ context: Text...) -> Refusal {
        .languages(verb: verb, code: code, context: context)
    }

    // MARK: Names

    /// A channel that the session reads.
    private func readTarget(_ name: Text, _ session: Session, _ verb: Text) throws(Refusal) -> ChannelTarget {
        guard name.bytes.first == 35, let target = try? target(name), isMember(session.id, of: target.channel)
        else { throw refusal(verb, .invalidTarget, name) }
        return target
    }

    /// A message by any of its names (docs/extensions/moderation.md, "Words").
    private func named(
        _ message: Text, in channel: Channel, _ moment: Moment, _ verb: Text
    ) throws(Refusal) -> Ledger.Entry {
        guard let entry = try? messageNamed(message, in: channel, moment) else {
            throw refusal(verb, .unknownMessage, channel.name.text, message)
        }
        return entry
    }

    private func decideTranslate(
        _ name: Text, _ message: Text, _ language: Text, _ provenance: Text, _ text: Text,
        _ session: Session, _ moment: Moment
    ) throws(Refusal) -> [Outcome] {
        let target = try readTarget(name, session, "TRANSLATE")
        let entry = try named(message, in: target.channel, moment, "TRANSLATE")
        guard let tag = LanguageTag(language.bytes) else {
            throw refusal("TRANSLATE", .invalidLanguage, language)
        }
        let request = TranslationRequest(
            original: moment.functions.idOfMessage(entry.offset), spelledOriginal: message,
            provenance: provenance)
        let post = PostedText(
            target: target.spelling, kind: .privateMessage, text: text,
            clientTags: Text("\(MessageMark.languageTag)=\(tag.description)"), verb: "TRANSLATE",
            translation: request)
        return decidePost(post, lines: [MessageLine(text)], session, moment)
    }

    private func decideVersions(
        _ name: Text, _ message: Text, _ isOriginalAlone: Bool, _ session: Session, _ moment: Moment
    ) throws(Refusal) -> Outcome {
        let verb: Text = isOriginalAlone ? "ORIGINAL" : "TRANSLATIONS"
        let channel = try readTarget(name, session, verb).channel
        let entry = try named(message, in: channel, moment, verb)
        let original = self.original(of: entry.offset, in: .channel(channel.id)) ?? entry.offset
        let others = isOriginalAlone ? [] : translations(of: original, in: channel.id).map(\.offset)
        return .work(.languages(.fetchVersions(channel.id, [original] + others)))
    }

    // MARK: Translations

    /// A message with the tags of a translation: decided when its original is known.
    func decideTranslation(
        _ text: PostedText, _ request: TranslationRequest, _ lines: [MessageLine], _ session: Session,
        _ moment: Moment
    ) -> [Outcome] {
        do throws(Refusal) {
            let allowed = try allowed(text, request, lines, session, moment)
            if let first = known(text.clientToken, session, moment) { return [.duplicate(of: first)] }
            return [.work(.languages(.fetchOriginal(allowed.original.offset, text, lines)))]
        } catch {
            return [.refused(error)]
        }
    }

    private func decideFound(
        _ found: LoggedEvent?, _ text: PostedText, _ lines: [MessageLine], _ session: Session,
        _ moment: Moment
    ) throws(Refusal) -> [Outcome] {
        guard let request = text.translation else { return [] }
        let verb = text.verb ?? text.kind.verb
        // Much may have happened since it was asked for.
        let allowed = try allowed(text, request, lines, session, moment)
        guard let found, found.offset == allowed.original.offset,
            case .messagePosted(let original) = found.event
        else { throw refusal(verb, .unknownMessage, text.target, request.spelledOriginal) }
        let marks = (try? MessageMarks(clientTags: original.clientTags)) ?? MessageMarks()
        guard marks.language != allowed.translation.language else {
            throw refusal(verb, .sameLanguage, Text(allowed.translation.language.description))
        }
        let message = MessagePosted(
            conversation: .channel(allowed.channel.id), target: allowed.channel.name.text,
            kind: .privateMessage, actor: session.actor, clientTags: text.clientTags, lines: lines,
            clientToken: session.account == nil ? nil : text.clientToken, thread: allowed.original.thread,
            translation: allowed.translation)
        return store(message, session, moment, verb: verb)
    }

    private func allowed(
        _ text: PostedText, _ request: TranslationRequest, _ lines: [MessageLine], _ session: Session,
        _ moment: Moment
    ) throws(Refusal) -> AllowedTranslation {
        let verb = text.verb ?? text.kind.verb
        let target = try readTarget(text.target, session, verb)
        let channel = target.channel
        let spelling = channel.name.text
        guard text.kind != .tagOnly else { throw refusal(verb, .invalidParameters, "*") }
        if let sanction = sanction(on: session, in: channel, verb, spelling, at: moment.now) {
            throw sanction
        }
        // One answer for unknown, elsewhere, hidden and redacted.
        let unknown = refusal(verb, .unknownMessage, target.spelling, request.spelledOriginal)
        guard let offset = request.original.flatMap({ moment.functions.offsetOfMessage($0) }),
            let entry = ledgers[channel.id]?.entry(of: offset),
            target.thread == nil || target.thread == entry.thread
        else { throw unknown }
        guard !entry.flags.contains(.translation) else {
            throw refusal(verb, .isTranslation, request.spelledOriginal)
        }
        guard entry.isVisible else { throw unknown }
        let translation = try translation(of: entry, text, request, session, in: channel, verb)
        let limit = policy.limits.translationCountLimit
        guard translationOffsets(of: offset, in: channel.id).count < limit else {
            throw refusal(verb, .limitReached, Text(String(limit)))
        }
        // The longest form in which a reader gets it.
        let longest =
            entry.thread == .mainLine ? spelling : channel.spelling(of: entry.thread)
        if isTooLong(lines, source: session.source, kind: .privateMessage, target: longest) {
            throw .messageTooLong
        }
        return AllowedTranslation(channel: channel, original: entry, translation: translation)
    }

    /// What the tags say, when the session may say it.
    private func translation(
        of entry: Ledger.Entry, _ text: PostedText, _ request: TranslationRequest, _ session: Session,
        in channel: Channel, _ verb: Text
    ) throws(Refusal) -> MessageTranslation {
        let mayTranslateAll = permits(.translateAll, session, in: channel)
        let isOwn = entry.author != nil && entry.author == session.account
        guard mayTranslateAll || isOwn && permits(.translate, session) else {
            throw refusal(verb, .privilegesNeeded, channel.name.text)
        }
        let marks = (try? MessageMarks(clientTags: text.clientTags)) ?? MessageMarks()
        guard let language = marks.language else { throw refusal(verb, .invalidLanguage, "*") }
        guard let provenance = TranslationProvenance(word: request.provenance.string) else {
            throw refusal(verb, .invalidProvenance, request.provenance)
        }
        // Who translates the own words only speaks for no language service.
        guard provenance != .official || mayTranslateAll else {
            throw refusal(verb, .privilegesNeeded, channel.name.text)
        }
        if let engine = request.engine, provenance != .machine || !TranslationMark.isEngine(engine.bytes) {
            throw refusal(verb, .invalidParameters, engine)
        }
        return MessageTranslation(
            original: entry.offset, language: language, provenance: provenance, engine: request.engine)
    }
}
