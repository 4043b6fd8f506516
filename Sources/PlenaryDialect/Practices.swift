// SPDX-License-Identifier: Apache-2.0

import PlenaryDomain
import PlenaryTerms
import PlenaryWire

/// PRACTICE (docs/extensions/practices.md).
extension Dialect {
    static func interpretPractices(_ line: Line) throws(Refusal) -> [Command] {
        [.practices(try practice(line.parameters))]
    }

    private static func wrongPractice(_ word: Text) -> Refusal {
        .gathering(verb: "PRACTICE", code: .invalidParameters, context: [word])
    }

    private static func practice(_ parameters: [Text]) throws(Refusal) -> PracticeCommand {
        func parameter(_ index: Int) throws(Refusal) -> Text {
            guard let text = parameters[parameter: index], !text.isEmpty else {
                throw .needMoreParameters(verb: "PRACTICE")
            }
            return text
        }
        func number() throws(Refusal) -> UInt32 {
            let word = try parameter(1)
            guard let number = UInt32(word.string), number > 0 else { throw wrongPractice(word) }
            return number
        }
        switch parameters[0].string.uppercased() {
        case "SUBMIT":
            let first = try parameter(1)
            let isChannel = first.bytes[0] == 35 && !first.bytes.contains(47)
            let source = try parameter(isChannel ? 2 : 1)
            let index = isChannel ? 3 : 2
            _ = try parameter(index)
            return .submit(
                channel: isChannel ? first : nil, source: source, try practiceValues(parameters, from: index))
        case "CHANGE":
            _ = try parameter(2)
            return .change(number: try number(), try practiceValues(parameters, from: 2))
        case "REVIEW":
            let word = try parameter(2)
            guard ["accept", "return"].contains(asciiFolded(word.bytes)) else { throw wrongPractice(word) }
            return .review(
                number: try number(), isAccepted: asciiFolded(word.bytes) == "accept",
                text: joined(parameters, from: 3))
        case "PUBLISH": return .publish(number: try number())
        case "WITHDRAW": return .withdraw(number: try number())
        case "INFO": return .info(number: try number())
        case "LIST": return .list(try practiceFilter(Array(parameters.dropFirst())))
        default:
            throw .gathering(verb: "PRACTICE", code: .subcommandInvalid, context: [parameters[0]])
        }
    }

    private static func practiceValues(
        _ parameters: [Text], from index: Int
    ) throws(Refusal) -> [GatheredValue] {
        let text = joined(parameters, from: index)
        guard let pairs = pairs(text), !pairs.isEmpty else { throw wrongPractice(text) }
        return pairs.map { GatheredValue(key: $0.key, value: $0.value) }
    }

    /// `[<state or *>] [country=…;type=…;lang=…;mine=yes;after=…]`
    private static func practiceFilter(_ parameters: [Text]) throws(Refusal) -> PracticeFilter {
        var filter = PracticeFilter()
        var rest = parameters
        if let word = rest.first, !word.bytes.contains(61) {
            rest.removeFirst()
            if word != "*" {
                guard let state = PracticeState(rawValue: asciiFolded(word.bytes)) else {
                    throw wrongPractice(word)
                }
                filter.state = state
            }
        }
        for (key, value) in pairs(joined(rest, from: 0)) ?? [] {
            let isKnown: Bool
            switch key.string {
            case "country":
                filter.country = CountryCode(value.bytes)
                isKnown = filter.country != nil
            case "type":
                filter.mechanism = MechanismType(word: value)
                isKnown = filter.mechanism != nil
            case "lang":
                filter.language = LanguageTag(value.bytes)
                isKnown = filter.language != nil
            case "mine":
                filter.isOwn = value == "yes"
                isKnown = true
            case "after":
                let after = UInt32(value.string)
                filter.after = after ?? 0
                isKnown = after != nil
            default: isKnown = false
            }
            guard isKnown else { throw wrongPractice(key) }
        }
        return filter
    }

    // MARK: Answers

    func render(_ answer: PracticeAnswer, to session: Session, in community: Community) -> [Line] {
        switch answer {
        case .done(let deed, let number):
            let practice = community.register.practices[number]
            let citation = practice?.publication.map { [$0.citation.text] } ?? []
            let said = sentence(deed, practice, number, session.language)
            return [
                gatheringNote("PRACTICE", Text(deed.rawValue), [Text(number: number)] + citation, said)
            ]
        case .info(let number):
            guard let practice = community.register.practices[number] else { return [] }
            return rows(of: practice, isWhole: true, to: session, in: community)
        case .page(let numbers, let next):
            let practices = numbers.compactMap { community.register.practices[$0] }
            let lines = practices.flatMap { rows(of: $0, isWhole: false, to: session, in: community) }
            let count = Text(number: practices.count)
            let said = text(.rowCount, in: session.language, [.count: count])
            let cursor = next.map { Text(number: $0) } ?? "*"
            return lines + [gatheringNote("PRACTICE", "LIST", [count, cursor], said)]
        }
    }

    /// `PRACTICE <number> <state> <. or +> :<values>`; the summary and what reviewers said in answers to INFO only.
    private func rows(
        of practice: Practice, isWhole: Bool, to session: Session, in community: Community
    ) -> [Line] {
        let submitted = practice.submitted
        let channel = community.channels[submitted.channel].flatMap {
            community.isVisible($0, to: session.id) ? $0 : nil
        }
        var fields: [RowField] = [("citation", practice.publication?.citation.text ?? "")]
        fields += submitted.fields.values.filter { isWhole || $0.key != "summary" }
            .map { (name: $0.key, value: $0.value) }
        fields += [
            ("by", submitted.actor.name), ("time", Text(practice.time.iso8601)),
            ("channel", channel.map { Text($0.name.spelling) } ?? ""),
            ("source", channel == nil ? "" : spelled(submitted.source, in: submitted.channel, community)),
            ("published", practice.publication == nil ? "" : Text(practice.publicationTime.iso8601)),
            ("withdrawn", practice.withdrawal == nil ? "" : Text(practice.withdrawalTime.iso8601)),
        ]
        let mayReadReview =
            submitted.actor.account == session.account
            || channel.map { community.permits(.markOutcomes, session, in: $0) } ?? false
        if isWhole, mayReadReview, let review = practice.review {
            fields += [
                ("reviewer", review.actor.name), ("reviewed", Text(practice.reviewTime.iso8601)),
                ("review", review.text),
            ]
        }
        return row(
            "PRACTICE", [Text(number: submitted.number), Text(practice.state.rawValue)], fields)
    }

    private func sentence(
        _ deed: PracticeDeed, _ practice: Practice?, _ number: UInt32, _ language: Language
    ) -> Text {
        let count = Text(number: number)
        switch deed {
        case .submitted: return text(.practiceWasSubmitted, in: language, [.count: count])
        case .changed: return text(.practiceWasChanged, in: language, [.count: count])
        case .accepted: return text(.practiceWasAccepted, in: language, [.count: count])
        case .returned:
            let reason = practice?.review.map(\.text) ?? ""
            return text(
                .practiceWasReturned, in: language, [.count: count, .reason: reason.isEmpty ? "–" : reason])
        case .published:
            let citation = practice?.publication?.citation.text ?? "*"
            return text(.practiceWasPublished, in: language, [.count: count, .target: citation])
        case .withdrawn: return text(.practiceWasWithdrawn, in: language, [.count: count])
        }
    }

    // MARK: For people

    /// What was decided about a practice, to whoever submitted it.
    package func renderNews(of event: PracticeEvent, to session: Session) -> [Line] {
        let count = Text(number: event.number)
        let said: Text
        switch event {
        case .submitted, .changed: return []
        case .reviewed(let event):
            let reason = event.text.isEmpty ? "–" : event.text
            said =
                event.isAccepted
                ? text(.practiceWasAccepted, in: session.language, [.count: count])
                : text(.practiceWasReturned, in: session.language, [.count: count, .reason: reason])
        case .published(let event):
            said = text(
                .practiceWasPublished, in: session.language,
                [.count: count, .target: event.citation.text])
        case .withdrawn: said = text(.practiceWasWithdrawn, in: session.language, [.count: count])
        }
        return [deskNotice(said, to: session)]
    }

    /// Answers at the desk; those that are a sentence already become notices by themselves.
    func renderPlainly(_ answer: PracticeAnswer, to session: Session, in community: Community) -> [Line]? {
        let language = session.language
        switch answer {
        case .done: return nil
        case .info(let number):
            guard let practice = community.register.practices[number] else { return [] }
            let fields = practice.submitted.fields.values.filter { $0.key != "title" && !$0.value.isEmpty }
            return [deskNotice(sentence(practice, language), to: session)]
                + fields.map { deskNotice(Text("\($0.key): \($0.value)"), to: session) }
        case .page(let numbers, let next):
            let practices = numbers.compactMap { community.register.practices[$0] }
            let count = text(.rowCount, in: language, [.count: Text(number: practices.count)])
            let more = next.map { Text(" (… after=\($0))") } ?? ""
            return practices.map { deskNotice(sentence($0, language), to: session) }
                + [deskNotice(count + more, to: session)]
        }
    }

    /// `3 PR-2026-0001 published: A standing body (PY)`
    private func sentence(_ practice: Practice, _ language: Language) -> Text {
        let key: ServerText =
            switch practice.state {
            case .submitted: .stateSubmitted
            case .inReview: .stateInReview
            case .returned: .stateReturned
            case .published: .statePublished
            case .withdrawn: .stateWithdrawn
            }
        let fields = practice.submitted.fields
        let citation = practice.publication.map { "\($0.citation.text) " } ?? ""
        let country = fields.country.map { " (\($0))" } ?? ""
        return Text(
            "\(practice.submitted.number) \(citation)\(text(key, in: language)): \(fields.title)\(country)")
    }
}
