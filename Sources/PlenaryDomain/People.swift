// SPDX-License-Identifier: Apache-2.0

import PlenaryTerms

/// METADATA (IRCv3 metadata, draft; docs/extensions/people.md). Targets are as the client spelled them.
package enum PeopleCommand: Sendable {
    case get(target: Text, keys: [Text])
    case list(target: Text)
    /// nil removes the value.
    case set(target: Text, key: Text, value: Text?)
    case clear(target: Text)
    case sync(target: Text)
    case subscribe([Text])
    case unsubscribe([Text])
    case subscriptions
}

/// Changes of a session that people see nothing of.
package enum PeoplePresence: Sendable {
    case subscriptionsChanged(SessionID, [Text])
    /// Somebody without an account: the profile ends with the session.
    case guestProfileSet(SessionID, Profile)
}

package enum PeopleAnswer: Sendable {
    /// One row for each key that was asked for, in order.
    case values(target: Text, [MetadataRow])
    /// The only line of a successful SET.
    case value(target: Text, key: Text, Text?)
    case subscribed([Text])
    case unsubscribed([Text])
    case subscriptions([Text])
    /// METADATA lines, in a batch unless somebody just entered a channel.
    case sync(target: Text, [MetadataNews], isBatch: Bool)
    /// Too many people to tell of at once: the client asks by SYNC.
    case syncLater(Text)
}

package enum MetadataRow: Sendable {
    case value(key: Text, Text)
    case notSet(key: Text)
    case invalidKey(Text)
}

/// One value of one person as others are told of it; nil when it is gone.
package struct MetadataNews: Hashable, Sendable {
    package var target: Text
    package var key: ProfileKey
    package var value: Text?

    package init(target: Text, key: ProfileKey, value: Text?) {
        self.target = target
        self.key = key
        self.value = value
    }
}

package enum PeopleRefusal: Hashable, Sendable {
    case metadata(MetadataFailure, [Text])
}

/// Codes of IRCv3 metadata, "Standard Replies".
package enum MetadataFailure: String, CaseIterable, Hashable, Sendable {
    case invalidTarget = "INVALID_TARGET"
    case invalidKey = "KEY_INVALID"
    case noPermission = "KEY_NO_PERMISSION"
    case notSet = "KEY_NOT_SET"
    case invalidValue = "VALUE_INVALID"
    case rateLimited = "RATE_LIMITED"
    case tooManySubscriptions = "TOO_MANY_SUBS"
    case unknownSubcommand = "SUBCOMMAND_INVALID"
    case invalidParameters = "INVALID_PARAMS"
}

/// Whom or what a target of METADATA names.
private enum MetadataSubject {
    case account(AccountID, name: Text)
    case guest(SessionID, name: Text)
    case channel(Channel)

    var name: Text {
        switch self {
        case .account(_, let name), .guest(_, let name): name
        case .channel(let channel): channel.name.text
        }
    }
}

extension Community {
    /// Rows of one SYNC. More: the rest is asked for one by one (docs/extensions/people.md, "Limits").
    package static let syncRowLimit = 1000
    /// People of a channel whose values are told on entering it. More: the client asks by SYNC.
    package static let arrivalPeopleLimit = 100

    func decide(_ command: PeopleCommand, by id: SessionID, at moment: Moment) -> [Outcome] {
        guard let session = sessions[id] else { return [] }
        do throws(Refusal) {
            switch command {
            case .get(let target, let keys):
                let subject = try subject(target, session)
                let profile = profile(of: subject)
                return [.answer(.people(.values(target: subject.name, keys.map { row($0, profile) })))]
            case .list(let target):
                let subject = try subject(target, session)
                return [.answer(.people(.values(target: subject.name, rows(of: profile(of: subject)))))]
            case .set(let target, let key, let value):
                return try decideSet(target, key, value, session, moment)
            case .clear(let target): return try decideClear(target, session, moment)
            case .sync(let target): return [try decideSync(target, session)]
            case .subscribe(let keys): return decideSubscription(keys, session)
            case .unsubscribe(let keys): return decideUnsubscription(keys, session)
            case .subscriptions: return [.answer(.people(.subscriptions(session.subscriptions)))]
            }
        } catch {
            return [.refused(error)]
        }
    }

    private func metadataFailure(_ code: MetadataFailure, _ context: Text...) -> Refusal {
        .people(.metadata(code, context))
    }

    // MARK: Whose

    /// What a target means to the asker; one answer for unknown and not to be known.
    private func subject(_ target: Text, _ session: Session) throws(Refusal) -> MetadataSubject {
        if target.bytes == [42] { return subject(session) }
        if target.bytes.first == 35 {
            guard let channel = channel(named: target), isMember(session.id, of: channel) else {
                throw metadataFailure(.invalidTarget, target)
            }
            return .channel(channel)
        }
        if let person = self.session(named: target) { return subject(person) }
        // As a message does, it reaches people who are away, for those who have an account themselves.
        guard session.account != nil, let account = account(named: target) else {
            throw metadataFailure(.invalidTarget, target)
        }
        return .account(account.id, name: Text(account.name.spelling))
    }

    private func subject(_ person: Session) -> MetadataSubject {
        let name = Text(person.nickname?.spelling ?? "*")
        return person.account.map { .account($0, name: name) } ?? .guest(person.id, name: name)
    }

    private func profile(of subject: MetadataSubject) -> Profile {
        switch subject {
        case .account(let id, _): accounts[id]?.profile ?? Profile()
        case .guest(let id, _): sessions[id]?.guestProfile ?? Profile()
        case .channel: Profile()
        }
    }

    /// Who somebody is, by the account or for the session.
    package func profile(of session: Session) -> Profile {
        session.account.flatMap { accounts[$0]?.profile } ?? session.guestProfile
    }

    // MARK: Reading

    private func row(_ key: Text, _ profile: Profile) -> MetadataRow {
        guard ProfileKey.isWellFormed(key) else { return .invalidKey(key) }
        guard let known = ProfileKey(key), let value = profile.value(of: known) else {
            return .notSet(key: key)
        }
        return .value(key: Text(known.rawValue), value)
    }

    private func rows(of profile: Profile) -> [MetadataRow] {
        ProfileKey.allCases.compactMap { key in
            profile.value(of: key).map { .value(key: Text(key.rawValue), $0) }
        }
    }

    private func decideSync(_ target: Text, _ session: Session) throws(Refusal) -> Outcome {
        let subject = try subject(target, session)
        guard case .channel(let channel) = subject else {
            let news = news(of: profile(of: subject), name: subject.name, for: session)
            return .answer(.people(.sync(target: subject.name, news, isBatch: true)))
        }
        let news = news(of: channel, for: session)
        return .answer(
            .people(
                .sync(
                    target: subject.name, Array(news.prefix(Community.syncRowLimit)), isBatch: true)))
    }

    private func news(of profile: Profile, name: Text, for session: Session) -> [MetadataNews] {
        ProfileKey.allCases.compactMap { key in
            guard session.isSubscribed(to: key), let value = profile.value(of: key) else { return nil }
            return MetadataNews(target: name, key: key, value: value)
        }
    }

    /// All that a session wants to know of the others in a channel.
    private func news(of channel: Channel, for session: Session) -> [MetadataNews] {
        var byNickname: [String: Session] = [:]
        for id in channel.members.keys {
            guard let person = sessions[id], let key = person.nickname?.key,
                key != session.nickname?.key
            else { continue }
            byNickname[key] = person
        }
        return byNickname.sorted { $0.key < $1.key }.flatMap { _, person in
            news(of: profile(of: person), name: Text(person.nickname?.spelling ?? "*"), for: session)
        }
    }

    /// What a session is told of the people in a channel that it enters.
    func newsOnJoin(of channel: Channel, to session: Session) -> [Outcome] {
        guard session.capabilities.contains(.metadata), !session.subscriptions.isEmpty else { return [] }
        let name = channel.name.text
        guard channel.members.count <= Community.arrivalPeopleLimit else {
            return [.answer(.people(.syncLater(name)))]
        }
        let news = news(of: channel, for: session)
        return news.isEmpty ? [] : [.answer(.people(.sync(target: name, news, isBatch: false)))]
    }

    // MARK: Changing

    private func decideSet(
        _ target: Text, _ spelled: Text, _ value: Text?, _ session: Session, _ moment: Moment
    ) throws(Refusal) -> [Outcome] {
        guard ProfileKey.isWellFormed(spelled) else { throw metadataFailure(.invalidKey, spelled) }
        let subject = try subject(target, session)
        let value = value.flatMap { $0.isEmpty ? nil : Text(moment.functions.composed($0.bytes)) }
        guard let key = ProfileKey(spelled), maySet(key, of: subject, session) else {
            throw metadataFailure(.noPermission, subject.name, spelled)
        }
        try checkRate(subject.name, spelled, session, moment)
        var profile = profile(of: subject)
        do throws(ProfileError) {
            if key == .verified, value != nil {
                profile.verification = Profile.Verification(
                    verifier: session.accountName ?? "*", time: moment.now)
            } else {
                try profile.set(key, to: value, nameByteLimit: policy.limits.realNameByteLimit)
            }
        } catch {
            switch error {
            case .invalidValue: throw metadataFailure(.invalidValue, spelled)
            case .notSet: throw metadataFailure(.notSet, subject.name, Text(key.rawValue))
            }
        }
        return try outcomes(of: profile, subject, session, moment, verb: "METADATA") + [
            .answer(.people(.value(target: subject.name, key: Text(key.rawValue), profile.value(of: key))))
        ]
    }

    /// Everybody says who they are; whoever manages accounts says it of others, and who is verified.
    private func maySet(_ key: ProfileKey, of subject: MetadataSubject, _ session: Session) -> Bool {
        switch subject {
        case .channel: return false
        case .guest(let id, _): return id == session.id && key != .verified
        case .account(let id, _):
            if permits(.manageAccounts, session) { return true }
            return id == session.account && key != .verified
        }
    }

    private func decideClear(
        _ target: Text, _ session: Session, _ moment: Moment
    ) throws(Refusal) -> [Outcome] {
        let subject = try subject(target, session)
        guard maySet(.displayName, of: subject, session) else {
            throw metadataFailure(.noPermission, subject.name, "*")
        }
        let old = profile(of: subject)
        let cleared = ProfileKey.allCases.filter { old.value(of: $0) != nil }
        let rows = cleared.map { MetadataRow.notSet(key: Text($0.rawValue)) }
        let answer = Outcome.answer(.people(.values(target: subject.name, rows)))
        guard !cleared.isEmpty else { return [answer] }
        try checkRate(subject.name, "*", session, moment)
        var empty = Profile()
        empty.region = old.region
        return try outcomes(of: empty, subject, session, moment, verb: "METADATA") + [answer]
    }

    private func checkRate(
        _ name: Text, _ key: Text, _ session: Session, _ moment: Moment
    ) throws(Refusal) {
        let refusal = rateRefusal(.setProfile, by: session.id, at: moment.steady)
        if case .rateLimited(_, let seconds) = refusal {
            throw metadataFailure(.rateLimited, name, key, Text(String(seconds)))
        }
    }

    /// SETNAME: the real name is the display name, and an account keeps it.
    func decideName(_ name: Text, _ session: Session, _ moment: Moment) -> [Outcome] {
        let composed = Text(moment.functions.composed(name.bytes))
        let subject = subject(session)
        var profile = profile(of: subject)
        do throws(ProfileError) {
            try profile.set(.displayName, to: composed, nameByteLimit: policy.limits.realNameByteLimit)
        } catch {
            return [.refused(.invalidRealName)]
        }
        if case .rateLimited(_, let seconds) = rateRefusal(.setProfile, by: session.id, at: moment.steady) {
            return [.refused(.rateLimited(verb: "SETNAME", seconds: seconds))]
        }
        do throws(Refusal) {
            return try outcomes(of: profile, subject, session, moment, verb: "SETNAME")
        } catch {
            return [.refused(error)]
        }
    }

    /// What makes a profile so: the event, the real name of who is here, and the count of changes.
    private func outcomes(
        of profile: Profile, _ subject: MetadataSubject, _ session: Session, _ moment: Moment, verb: Text
    ) throws(Refusal) -> [Outcome] {
        let old = self.profile(of: subject)
        var outcomes: [Outcome] = [.presence(.rated(session.id, .setProfile, moment.steady))]
        let holder: SessionID?
        switch subject {
        case .account(let id, let name):
            guard moment.hasSpace else { throw .storageIsFull(verb: verb) }
            if profile != old {
                outcomes.append(.event(.people(.profileSet(ProfileSet(account: id, profile: profile)))))
            }
            holder = sessions(named: name).first { sessions[$0]?.account == id }
        case .guest(let id, _):
            outcomes.append(.presence(.people(.guestProfileSet(id, profile))))
            holder = id
        case .channel: return []
        }
        guard let holder, let person = sessions[holder] else { return outcomes }
        // Who took the name away goes by the nickname.
        let name = profile.displayName.isEmpty ? Text(person.nickname?.spelling ?? "") : profile.displayName
        let isSaid = profile.displayName != old.displayName || verb == "SETNAME"
        if isSaid {
            let own = holder == session.id || identity(of: session.id).contains(holder)
            outcomes.append(.presence(.realNameChanged(own ? session.id : holder, name)))
        }
        return outcomes
    }

    // MARK: Subscriptions

    private func decideSubscription(_ keys: [Text], _ session: Session) -> [Outcome] {
        var subscriptions = session.subscriptions
        var accepted: [Text] = []
        var refusals: [Outcome] = []
        for spelled in keys {
            guard ProfileKey.isWellFormed(spelled) else {
                refusals.append(.refused(metadataFailure(.invalidKey, spelled)))
                continue
            }
            let key = Text(asciiFolded(spelled.bytes))
            guard subscriptions.contains(key) || subscriptions.count < ProfileLimits.subscriptionCountLimit
            else {
                // Nothing behind it is looked at ("METADATA SUB").
                refusals.append(.refused(metadataFailure(.tooManySubscriptions, spelled)))
                break
            }
            if !subscriptions.contains(key) { subscriptions.append(key) }
            if !accepted.contains(key) { accepted.append(key) }
        }
        return [.presence(.people(.subscriptionsChanged(session.id, subscriptions)))]
            + (accepted.isEmpty ? [] : [.answer(.people(.subscribed(accepted)))]) + refusals
    }

    private func decideUnsubscription(_ keys: [Text], _ session: Session) -> [Outcome] {
        let valid = keys.filter { ProfileKey.isWellFormed($0) }.map { Text(asciiFolded($0.bytes)) }
        let refusals = keys.filter { !ProfileKey.isWellFormed($0) }.map {
            Outcome.refused(metadataFailure(.invalidKey, $0))
        }
        let left = session.subscriptions.filter { !valid.contains($0) }
        return [.presence(.people(.subscriptionsChanged(session.id, left)))]
            + (valid.isEmpty ? [] : [.answer(.people(.unsubscribed(valid)))]) + refusals
    }
}

extension ProfileKey {
    /// The key that a text names, in any case.
    package init?(_ text: Text) { self.init(rawValue: asciiFolded(text.bytes)) }

    /// Whether a text may be a key at all (IRCv3 metadata, "Keys and Values"; a vendor's keys have a slash).
    package static func isWellFormed(_ text: Text) -> Bool {
        (1...64).contains(text.byteCount) && text.bytes.first != 58
            && text.bytes.allSatisfy { byte in
                switch byte {
                case 45, 46, 47, 48...58, 65...90, 95, 97...122: true
                default: false
                }
            }
    }
}

extension Session {
    package func isSubscribed(to key: ProfileKey) -> Bool { subscriptions.contains(Text(key.rawValue)) }
}
