// SPDX-License-Identifier: Apache-2.0

import PlenaryDomain
import PlenaryTerms
import PlenaryWire

/// Translations (docs/extensions/language.md).
extension Dialect {
    static func interpretLanguages(_ line: Line) -> [Command] {
        let parameters = line.parameters
        switch line.verb {
        case "TRANSLATE":
            // At the desk a text needs no colon.
            let text = Text(parameters[4...].map(\.string).joined(separator: " "))
            return [
                .languages(
                    .translate(
                        target: parameters[0], message: parameters[1], language: parameters[2],
                        provenance: parameters[3], text: text))
            ]
        default:
            return [
                .languages(
                    .versions(
                        target: parameters[0], message: parameters[1],
                        isOriginalAlone: line.verb == "ORIGINAL"))
            ]
        }
    }

    /// What a line says of the message that it translates; nil for all that translate none.
    static func translationRequest(_ line: Line) -> TranslationRequest? {
        func value(_ key: String) -> Text? { line.tagValue(key).flatMap { $0.isEmpty ? nil : $0 } }
        guard let original = value(TranslationMark.originalTag) else { return nil }
        return TranslationRequest(
            original: MessageID(original.bytes), spelledOriginal: original,
            provenance: value(TranslationMark.provenanceTag) ?? "*",
            engine: value(TranslationMark.engineTag))
    }

    /// Tags of what the server answers for.
    static let translationTags: Set<String> = [
        TranslationMark.originalTag, TranslationMark.provenanceTag, TranslationMark.engineTag,
    ]

    // MARK: Rendering

    /// Whether sessions with these capabilities know a translation when they see one.
    package static func knowsTranslations(_ capabilities: Capabilities) -> Bool {
        capabilities.isSuperset(of: [.language, .messageTags])
    }

    /// Whether a session is shown a translation: whoever knows what it is, and of the others people who read its
    /// language.
    package static func shows(_ translation: MessageTranslation, to session: Session) -> Bool {
        if knowsTranslations(session.capabilities) { return true }
        return !session.isBot && language(of: translation) == session.language
    }

    /// Which of the six a translation is in.
    private static func language(of translation: MessageTranslation) -> Language? {
        Language.allCases.first { language in
            LanguageTag(language.rawValue).map { translation.language.matches(prefix: $0) } ?? false
        }
    }

    /// `[ar, human] `, in the language of those who read it.
    static func translationCue(_ message: MessagePosted, _ capabilities: Capabilities) -> Text? {
        guard let translation = message.translation, !knowsTranslations(capabilities) else { return nil }
        let words = provenance(translation, in: language(of: translation) ?? .english)
        return Text("[\(translation.language), \(words)] ")
    }

    private static func provenance(_ translation: MessageTranslation, in language: Language) -> Text {
        switch translation.provenance {
        case .machine: text(.provenanceMachine, in: language)
        case .human: text(.provenanceHuman, in: language)
        case .official: text(.provenanceOfficial, in: language)
        }
    }

    func addTranslationTags(
        _ message: MessagePosted, _ capabilities: Capabilities, to tags: inout LineTags
    ) {
        guard let translation = message.translation, Dialect.knowsTranslations(capabilities) else { return }
        tags.append(LineTag(TranslationMark.originalTag, Text(identify(translation.original).text)))
        tags.append(LineTag(TranslationMark.provenanceTag, Text(translation.provenance.word)))
        if let engine = translation.engine { tags.append(LineTag(TranslationMark.engineTag, engine)) }
    }

    // MARK: ORIGINAL and TRANSLATIONS

    /// A batch of the messages for whoever can tell them apart, else notices.
    func render(_ answer: LanguagesAnswer, to session: Session, in community: Community) -> [Line] {
        guard case .versions(let id, let events) = answer, let channel = community.channels[id] else {
            return []
        }
        let shown = events.filter { !community.isGone($0) }
        guard Dialect.knowsTranslations(session.capabilities), session.capabilities.contains(.batch) else {
            return renderPlainly(shown, to: session, in: community)
        }
        let form = Dialect.form(for: session, in: community)
        let reference = Text(
            "v"
                + (shown.first.map { identify($0.offset).text } ?? "").filter {
                    $0 != "-" && $0 != "_"
                })
        var lines = [
            Line(
                source: facts.name, verb: "BATCH",
                ["+" + reference, Text(Vendor.name + "/translations"), channel.name.text])
        ]
        for event in shown {
            let placement = self.placement(of: event.offset, in: id, community, isChange: false)
            var parts = renderVeiled(
                event, id: identify(event.offset), to: session, in: community, at: placement, as: form)
            parts.putIntoBatch(reference)
            lines += parts
        }
        return lines + [Line(source: facts.name, verb: "BATCH", ["-" + reference])]
    }

    /// Bytes of a text in one notice; the rest goes on in the next.
    private static let versionByteLimit = 360

    private func renderPlainly(
        _ events: [LoggedEvent], to session: Session, in community: Community
    ) -> [Line] {
        var lines: [Line] = []
        for event in events {
            guard case .messagePosted(let message) = veiled(event, to: session, in: community).event.event
            else { continue }
            var opening = Text("[\(versionWords(message, to: session))] <") + message.actor.name + "> "
            for line in message.lines where !line.text.isEmpty {
                var rest = line.text.bytes
                while !rest.isEmpty {
                    let part = utf8Prefix(rest, byteLimit: Dialect.versionByteLimit)
                    guard !part.isEmpty else { break }
                    lines.append(deskNotice(opening + Text(Array(part)), to: session))
                    opening = "  "
                    rest = Array(rest[part.endIndex...])
                }
            }
        }
        let count = Text(number: events.count)
        return lines + [deskNotice(text(.rowCount, in: session.language, [.count: count]), to: session)]
    }

    /// `ar, human`, or `original, es`.
    private func versionWords(_ message: MessagePosted, to session: Session) -> String {
        if let translation = message.translation {
            return "\(translation.language), \(Dialect.provenance(translation, in: session.language))"
        }
        let marks = (try? MessageMarks(clientTags: message.clientTags)) ?? MessageMarks()
        let word = text(.translationOriginal, in: session.language).string
        return marks.language.map { "\(word), \($0)" } ?? word
    }

    func renderLanguages(
        _ verb: Text, _ code: LanguagesFailure, _ context: [Text], _ session: Session
    ) -> Line {
        let key: ServerText =
            switch code {
            case .invalidTarget: .threadTargetInvalid
            case .unknownMessage: .unknownMessageID
            case .isTranslation: .translationOfTranslation
            case .sameLanguage: .translationSameLanguage
            case .invalidLanguage, .invalidProvenance, .invalidParameters: .parameterInvalid
            case .privilegesNeeded: .threadPrivilegesNeeded
            case .limitReached: .threadLimitReached
            }
        return fail(verb, Text(code.rawValue), context, session, say: key, [.limit: context.last ?? ""])
    }
}
