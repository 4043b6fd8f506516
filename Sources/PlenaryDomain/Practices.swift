// SPDX-License-Identifier: Apache-2.0

import PlenaryTerms

/// PRACTICE (docs/extensions/practices.md). Sources and values are as they were typed.
package enum PracticeCommand: Sendable {
    /// A channel is needed for the short names of messages only.
    case submit(channel: Text?, source: Text, [GatheredValue])
    case change(number: UInt32, [GatheredValue])
    case review(number: UInt32, isAccepted: Bool, text: Text)
    case publish(number: UInt32)
    case withdraw(number: UInt32)
    case list(PracticeFilter)
    case info(number: UInt32)
}

package struct PracticeFilter: Hashable, Sendable {
    package var state: PracticeState?
    package var country: CountryCode?
    package var mechanism: MechanismType?
    package var language: LanguageTag?
    /// Only what the asker submitted.
    package var isOwn = false
    /// The number to go on after.
    package var after: UInt32 = 0

    package init() {}
}

package enum PracticeAnswer: Sendable {
    case done(PracticeDeed, number: UInt32)
    case page([UInt32], next: UInt32?)
    case info(UInt32)
}

package enum PracticeDeed: String, Sendable {
    case submitted = "SUBMITTED"
    case changed = "CHANGED"
    case accepted = "ACCEPTED"
    case returned = "RETURNED"
    case published = "PUBLISHED"
    case withdrawn = "WITHDRAWN"
}

extension Community {
    func decide(_ command: PracticeCommand, by id: SessionID, at moment: Moment) -> [Outcome] {
        guard let session = sessions[id] else { return [] }
        do throws(Refusal) {
            guard let account = session.account else { throw practiceFailure(.accountRequired) }
            switch command {
            case .submit(let channel, let source, let values):
                return try decideSubmission(channel, source, values, account, session, moment)
            case .change(let number, let values):
                return try decideChange(number, values, account, session, moment)
            case .review(let number, let isAccepted, let text):
                return try decideReview(number, isAccepted, text, session, moment)
            case .publish(let number): return try decidePublication(number, session, moment)
            case .withdraw(let number):
                let practice = try practice(number, session)
                guard practice.submitted.actor.account == account || has(.export, session, practice) else {
                    throw practiceFailure(.privilegesNeeded)
                }
                try require(practice.state != .withdrawn, practice, moment)
                let event = PracticeWithdrawn(number: number, actor: session.actor)
                return [.event(.practices(.withdrawn(event))), done(.withdrawn, number)]
            case .list(let filter): return [list(filter, account, session)]
            case .info(let number):
                _ = try practice(number, session)
                return [.answer(.practices(.info(number)))]
            }
        } catch {
            return [.refused(error)]
        }
    }

    private func practiceFailure(_ code: GatheringFailure, _ context: Text...) -> Refusal {
        .gathering(verb: "PRACTICE", code: code, context: context)
    }

    private func done(_ deed: PracticeDeed, _ number: UInt32) -> Outcome {
        .answer(.practices(.done(deed, number: number)))
    }

    // MARK: Who may read and do what

    /// Whether a session has a permission where the practice came from; everywhere when that channel is gone.
    private func has(_ permission: Permission, _ session: Session, _ practice: Practice) -> Bool {
        permits(permission, session, in: channels[practice.submitted.channel])
    }

    /// What was published is read by everybody who reads public channels; the rest by whoever submitted it, reviews or
    /// publishes.
    package func mayRead(_ practice: Practice, _ session: Session) -> Bool {
        if let account = session.account, practice.submitted.actor.account == account { return true }
        if practice.publication != nil, permits(.readPublic, session) { return true }
        return has(.markOutcomes, session, practice) || has(.export, session, practice)
    }

    private func practice(_ number: UInt32, _ session: Session) throws(Refusal) -> Practice {
        guard let practice = register.practices[number], mayRead(practice, session) else {
            throw practiceFailure(.noSuchPractice, Text(String(number)))
        }
        return practice
    }

    private func require(
        _ isFitting: Bool, _ practice: Practice, _ moment: Moment
    ) throws(Refusal) {
        guard isFitting else { throw practiceFailure(.wrongState, Text(practice.state.rawValue)) }
        guard moment.hasSpace else { throw practiceFailure(.storageFull) }
    }

    // MARK: Submitting

    private func decideSubmission(
        _ name: Text?, _ sourceName: Text, _ values: [GatheredValue], _ account: AccountID,
        _ session: Session, _ moment: Moment
    ) throws(Refusal) -> [Outcome] {
        let (channel, source) = try practiceSource(sourceName, in: name, session, moment)
        let author: AccountID? =
            switch source {
            case .message(let offset): ledgers[channel.id]?.entry(of: offset)?.author
            case .thread(let thread): channel.threads[thread]?.creator.account
            }
        guard author == account || permits(.markOutcomes, session, in: channel) else {
            throw practiceFailure(.privilegesNeeded, channel.name.text)
        }
        let limits = policy.limits
        var fields = PracticeFields()
        try set(values, in: &fields, moment)
        guard !fields.title.isEmpty else { throw practiceFailure(.invalidParameters, "title") }
        let open = register.practices.values.count {
            $0.submitted.actor.account == account && $0.publication == nil && $0.withdrawal == nil
        }
        guard open < limits.openPracticeCountLimit else {
            throw practiceFailure(.limitReached, Text(String(limits.openPracticeCountLimit)))
        }
        guard register.practices.count < limits.practiceCountLimit else {
            throw practiceFailure(.limitReached, Text(String(limits.practiceCountLimit)))
        }
        guard moment.hasSpace else { throw practiceFailure(.storageFull) }
        let number = (register.practices.keys.max() ?? 0) + 1
        let event = PracticeSubmitted(
            number: number, channel: channel.id, source: source, fields: fields, actor: session.actor)
        return [.event(.practices(.submitted(event))), done(.submitted, number)]
    }

    /// A thread by its name; a message by its id alone, or by what MOD calls it in a channel.
    private func practiceSource(
        _ source: Text, in name: Text?, _ session: Session, _ moment: Moment
    ) throws(Refusal) -> (Channel, GatheredSource) {
        var place = name
        if place == nil, source.bytes.first == 35, let slash = source.bytes.lastIndex(of: 47) {
            place = Text(source.bytes[..<slash])
        }
        if let place {
            guard let channel = channel(named: place), isMember(session.id, of: channel) else {
                throw practiceFailure(.invalidTarget, place)
            }
            return (channel, try self.source(named: source, in: channel, verb: "PRACTICE", moment))
        }
        guard let offset = MessageID(source.bytes).flatMap({ moment.functions.offsetOfMessage($0) }),
            let home = session.channels.sorted().first(where: { ledgers[$0]?.entry(of: offset) != nil }),
            let channel = channels[home]
        else { throw practiceFailure(.unknownMessage, source) }
        return (channel, try self.source(named: source, in: channel, verb: "PRACTICE", moment))
    }

    private func decideChange(
        _ number: UInt32, _ values: [GatheredValue], _ account: AccountID, _ session: Session,
        _ moment: Moment
    ) throws(Refusal) -> [Outcome] {
        let practice = try practice(number, session)
        guard practice.submitted.actor.account == account else { throw practiceFailure(.privilegesNeeded) }
        try require(practice.state == .submitted || practice.state == .returned, practice, moment)
        var fields = practice.submitted.fields
        try set(values, in: &fields, moment)
        guard !fields.title.isEmpty else { throw practiceFailure(.invalidParameters, "title") }
        guard fields != practice.submitted.fields || practice.state == .returned else {
            return [done(.changed, number)]
        }
        let event = PracticeChanged(number: number, fields: fields, actor: session.actor)
        return [.event(.practices(.changed(event))), done(.changed, number)]
    }

    private func set(
        _ values: [GatheredValue], in fields: inout PracticeFields, _ moment: Moment
    ) throws(Refusal) {
        for value in values {
            guard fields.set(value.key, value.value, policy.limits, year: moment.now.year) else {
                throw practiceFailure(.invalidParameters, value.key)
            }
        }
    }

    // MARK: Reviewing and publishing

    private func decideReview(
        _ number: UInt32, _ isAccepted: Bool, _ text: Text, _ session: Session, _ moment: Moment
    ) throws(Refusal) -> [Outcome] {
        let practice = try practice(number, session)
        guard has(.markOutcomes, session, practice) else { throw practiceFailure(.privilegesNeeded) }
        let limit = policy.limits.practiceReviewByteLimit
        guard text.byteCount <= limit else { throw practiceFailure(.textTooLong, Text(String(limit))) }
        guard text.isEmpty || GatheredText.isValid(text, byteLimit: limit) else {
            throw practiceFailure(.invalidParameters, text)
        }
        // What was accepted may still be returned; what was returned waits for its author.
        let isFitting = practice.state == .submitted || practice.state == .inReview && !isAccepted
        try require(isFitting, practice, moment)
        let event = PracticeReviewed(
            number: number, isAccepted: isAccepted, text: text, actor: session.actor)
        return [.event(.practices(.reviewed(event))), done(isAccepted ? .accepted : .returned, number)]
    }

    private func decidePublication(
        _ number: UInt32, _ session: Session, _ moment: Moment
    ) throws(Refusal) -> [Outcome] {
        let practice = try practice(number, session)
        guard has(.export, session, practice) else { throw practiceFailure(.privilegesNeeded) }
        try require(practice.state == .inReview, practice, moment)
        let year = moment.now.year
        let citation = PracticeCitation(year: year, sequence: (register.lastSequences[year] ?? 0) + 1)
        let event = PracticePublished(
            number: number, citation: citation, title: practice.submitted.fields.title,
            actor: session.actor)
        return [.event(.practices(.published(event))), done(.published, number)]
    }

    // MARK: Reading

    private func list(_ filter: PracticeFilter, _ account: AccountID, _ session: Session) -> Outcome {
        let limit = policy.limits.gatheredPageCountLimit
        let found = register.practices.filter { number, practice in
            let fields = practice.submitted.fields
            return number > filter.after && mayRead(practice, session)
                && (filter.state.map { $0 == practice.state } ?? true)
                && (filter.country.map { $0 == fields.country } ?? true)
                && (filter.mechanism.map { $0 == fields.mechanism } ?? true)
                && (filter.language.map { $0 == fields.language } ?? true)
                && (!filter.isOwn || practice.submitted.actor.account == account)
        }.keys.sorted()
        let page = Array(found.prefix(limit))
        return .answer(.practices(.page(page, next: found.count > limit ? page.last : nil)))
    }
}

extension PracticeFields {
    /// Sets a value, an empty one takes it away; false for a key that nobody knows and a value that it cannot have.
    package mutating func set(_ key: Text, _ value: Text, _ limits: CommunityLimits, year: UInt16) -> Bool {
        switch key.string {
        case "title":
            guard GatheredText.isValid(value, byteLimit: limits.practiceTitleByteLimit) else { return false }
            title = value
        case "country":
            country = CountryCode(value.bytes)
            return value.isEmpty || country != nil
        case "type":
            mechanism = MechanismType(word: value)
            return value.isEmpty || mechanism != nil
        case "since":
            let number = value.byteCount == 4 ? UInt16(value.string) : nil
            since = number ?? 0
            return value.isEmpty || number.map { (1945...max(year, 1945)).contains($0) } ?? false
        case "link":
            let isLink =
                value.bytes.starts(with: "https://".utf8) && !value.bytes.contains(32)
                && GatheredText.isValid(value, byteLimit: limits.practiceLinkByteLimit)
            guard value.isEmpty || isLink else { return false }
            link = value
        case "lang":
            language = LanguageTag(value.bytes)
            return value.isEmpty || language != nil
        case "summary":
            let isText = GatheredText.isValid(value, byteLimit: limits.practiceSummaryByteLimit)
            guard value.isEmpty || isText else { return false }
            summary = value
        // A summary may be longer than a line.
        case "summary+":
            let whole = summary + value
            guard GatheredText.isValid(whole, byteLimit: limits.practiceSummaryByteLimit) else {
                return false
            }
            summary = whole
        default: return false
        }
        return true
    }
}
