// SPDX-License-Identifier: Apache-2.0

import PlenaryDomain
import PlenaryTerms
import PlenaryWire

/// METADATA (IRCv3 metadata, draft; docs/extensions/people.md).
extension Dialect {
    static func interpretPeople(_ line: Line) throws(Refusal) -> [Command] {
        [.people(try interpretMetadata(line.parameters))]
    }

    private static func interpretMetadata(_ parameters: [Text]) throws(Refusal) -> PeopleCommand {
        let target = parameters[0]
        let words = Array(parameters.dropFirst(2)).filter { !$0.isEmpty }
        func need(_ count: Int) throws(Refusal) {
            guard words.count >= count else {
                throw .people(.metadata(.invalidParameters, [parameters[1]]))
            }
        }
        switch asciiFolded(parameters[1].bytes) {
        case "get":
            try need(1)
            return .get(target: target, keys: words)
        case "list": return .list(target: target)
        case "set":
            try need(1)
            return .set(target: target, key: parameters[2], value: parameters[parameter: 3])
        case "clear": return .clear(target: target)
        case "sync": return .sync(target: target)
        case "sub":
            try need(1)
            return .subscribe(words)
        case "unsub":
            try need(1)
            return .unsubscribe(words)
        case "subs": return .subscriptions
        default: throw .people(.metadata(.unknownSubcommand, [parameters[1]]))
        }
    }

    /// The value of the capability: what a client may ask for.
    static var metadataCapabilityValue: Text {
        Text(
            "max-subs=\(ProfileLimits.subscriptionCountLimit),max-keys=\(ProfileKey.allCases.count),"
                + "max-value-bytes=\(ProfileLimits.displayNameByteLimit)")
    }

    // MARK: Answers

    func render(_ answer: PeopleAnswer, to session: Session) -> [Line] {
        switch answer {
        case .values(let target, let rows):
            return metadataBatch(target, rows.map { line($0, of: target, to: session) }, to: session)
        case .value(let target, let key, let value):
            return [keyValue(target, key, value, to: session)]
        case .subscribed(let keys): return keyLines(.metadataSubscribed, keys, session)
        case .unsubscribed(let keys): return keyLines(.metadataUnsubscribed, keys, session)
        case .subscriptions(let keys): return keyLines(.metadataSubscriptions, keys, session)
        case .sync(let target, let news, let isBatch):
            let lines = news.map { renderNews($0) }
            return isBatch ? metadataBatch(target, lines, to: session) : lines
        case .syncLater(let target): return [numeric(.metadataSyncLater, session, [target, "1"])]
        }
    }

    private func line(_ row: MetadataRow, of target: Text, to session: Session) -> Line {
        switch row {
        case .value(let key, let value): keyValue(target, key, value, to: session)
        case .notSet(let key): keyValue(target, key, nil, to: session)
        case .invalidKey(let key): renderMetadata(.invalidKey, [key], session)
        }
    }

    /// 761, or 766 where there is no value.
    private func keyValue(_ target: Text, _ key: Text, _ value: Text?, to session: Session) -> Line {
        guard let value else {
            return numeric(
                .metadataNotSet, session, [target, Dialect.word(key)], say: .metadataNotSet)
        }
        return numeric(.metadataValue, session, [target, Dialect.word(key), "*"], value)
    }

    /// `METADATA <target> <key> * [:value]`, as others are told of it.
    package func renderNews(_ news: MetadataNews) -> Line {
        Dialect.fitted(
            Line(
                source: facts.name, verb: "METADATA",
                [news.target, Text(news.key.rawValue), "*"] + (news.value.map { [$0] } ?? []),
                hasTrailing: news.value != nil))
    }

    /// All that a session has set itself, as part of the welcome ("Notifications").
    func renderOwnMetadata(to session: Session, in community: Community) -> [Line] {
        guard session.capabilities.contains(.metadata) else { return [] }
        let name = Text(session.nickname?.spelling ?? "*")
        let profile = community.profile(of: session)
        let lines = ProfileKey.allCases.compactMap { key in
            profile.value(of: key).map { renderNews(MetadataNews(target: name, key: key, value: $0)) }
        }
        return metadataBatch(name, lines, to: session)
    }

    /// No other batch of these is open to a session at the same time, so that one reference serves.
    private func metadataBatch(_ target: Text, _ lines: [Line], to session: Session) -> [Line] {
        guard session.capabilities.contains(.batch) else { return lines }
        let reference: Text = "metadata"
        var inner = lines
        inner.putIntoBatch(reference)
        return [Line(source: facts.name, verb: "BATCH", ["+" + reference, "metadata", target])] + inner
            + [Line(source: facts.name, verb: "BATCH", ["-" + reference])]
    }

    /// Keys, as many to a line as fit.
    private func keyLines(_ kind: Numeric, _ keys: [Text], _ session: Session) -> [Line] {
        stride(from: 0, to: keys.count, by: 5).map { start in
            numeric(kind, session, Array(keys[start..<min(start + 5, keys.count)]))
        }
    }

    func render(_ refusal: PeopleRefusal, to session: Session) -> Line {
        switch refusal {
        case .metadata(let code, let context): renderMetadata(code, context, session)
        }
    }

    private func renderMetadata(_ code: MetadataFailure, _ context: [Text], _ session: Session) -> Line {
        let key: ServerText =
            switch code {
            case .invalidTarget: .threadTargetInvalid
            case .invalidKey, .invalidValue, .invalidParameters: .parameterInvalid
            case .noPermission: .threadPrivilegesNeeded
            case .notSet: .metadataNotSet
            case .rateLimited: .rateLimited
            case .tooManySubscriptions: .metadataTooManyKeys
            case .unknownSubcommand: .subcommandInvalid
            }
        return fail(
            "METADATA", Text(code.rawValue), context, session, say: key,
            [.seconds: context.last ?? "", .limit: Text(number: ProfileLimits.subscriptionCountLimit)])
    }

    // MARK: WHOIS

    /// Who somebody is, in one field that every client shows: `Amina B. (national mechanism, KE) ✓`. Without a
    /// profile it is the real name alone. In lines that programs read the name stands alone as well.
    func describedName(of person: Session, to session: Session, in community: Community) -> Text {
        let profile = community.profile(of: person)
        var facts: [Text] = []
        if let affiliation = profile.affiliation {
            facts.append(text(Dialect.key(of: affiliation), in: session.language))
        }
        if !profile.organisation.isEmpty { facts.append(profile.organisation) }
        if let country = profile.country { facts.append(Text(country.description)) }
        var described = person.realName
        if !facts.isEmpty {
            described = described + " (" + Text(Array(facts.map(\.bytes).joined(separator: [44, 32]))) + ")"
        }
        return profile.verification == nil ? described : described + " ✓"
    }

    static func key(of affiliation: Affiliation) -> ServerText {
        switch affiliation {
        case .permanentMission: .permanentMission
        case .nationalMechanism: .nationalMechanism
        case .independentExpert: .independentExpert
        case .internationalMechanism: .internationalMechanism
        case .unitedNations: .unitedNations
        case .regionalOrganisation: .regionalOrganisation
        case .internationalOrganisation: .internationalOrganisation
        case .nationalInstitution: .nationalInstitution
        case .civilSociety: .civilSociety
        case .academia: .academia
        }
    }
}
