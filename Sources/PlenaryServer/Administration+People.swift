// SPDX-License-Identifier: Apache-2.0

import PlenaryDomain
import PlenaryTerms

/// What an operator asks about people.
package enum PeopleRequest: Hashable, Sendable {
    /// One line of a roster. A dry run answers what would be done, and does nothing.
    case rosterEntry(RosterEntry, isDryRun: Bool)
}

/// Somebody on a roster, without what no log is to hold: no address.
package struct RosterEntry: Hashable, Sendable {
    package var account: Text
    package var profile: Profile
    /// The roster names the account itself, so that an account of that name is this person's.
    package var mayUpdate: Bool
    /// Whoever made the roster knows that it is true.
    package var isVerified: Bool
    /// The person is to sign up, under this name alone; nil makes the account at once.
    package var invite: InviteCreated?

    package init(
        account: Text, profile: Profile, mayUpdate: Bool = false, isVerified: Bool = false,
        invite: InviteCreated? = nil
    ) {
        self.account = account
        self.profile = profile
        self.mayUpdate = mayUpdate
        self.isVerified = isVerified
        self.invite = invite
    }
}

func decide(_ request: PeopleRequest, in community: Community, at now: Timestamp) -> AdminDecision {
    switch request {
    case .rosterEntry(let entry, let isDryRun):
        var decision = decide(entry, in: community, at: now)
        if isDryRun { decision.events = [] }
        return decision
    }
}

private func decide(_ entry: RosterEntry, in community: Community, at now: Timestamp) -> AdminDecision {
    func refuse(_ refusal: AdminRefusal) -> AdminDecision {
        AdminDecision(events: [], reply: .refused(refusal))
    }
    guard let name = try? AccountName(entry.account.bytes) else { return refuse(.nameInvalid(entry.account)) }
    let spelling = Text(name.spelling)
    var profile = entry.profile
    if entry.isVerified {
        profile.verification = Profile.Verification(verifier: "roster", time: now)
    }
    func done(_ action: String, _ events: [PlenaryDomain.Event]) -> AdminDecision {
        AdminDecision(events: events, reply: .done([row(name.spelling, action, profile)]))
    }
    if let account = community.account(named: spelling) {
        guard entry.mayUpdate else { return refuse(.accountExists(spelling)) }
        profile = account.profile.merged(with: profile)
        guard profile != account.profile else { return done("unchanged", []) }
        let set = ProfileSet(account: account.id, profile: profile)
        return done("updated", [.people(.profileSet(set))])
    }
    if var invite = entry.invite {
        invite.accountName = spelling
        let isWaiting = community.invites.values.contains { known in
            known.isUsable(at: now)
                && known.created.accountName.map { asciiFolded($0.bytes) == name.key } ?? false
        }
        if isWaiting { return done("waiting", []) }
        guard community.invites[invite.codeHash] == nil else { return refuse(.inviteExists) }
        for channel in invite.channels where community.channel(named: channel) == nil {
            return refuse(.noSuchChannel(channel))
        }
        let reserved = ProfileReserved(name: spelling, profile: profile)
        return done("invited", [.people(.profileReserved(reserved)), .inviteCreated(invite)])
    }
    let id = AccountID(community.nextAccountID)
    return done(
        "created",
        [
            .accountCreated(AccountCreated(account: id, name: spelling, role: .member)),
            .people(.profileSet(ProfileSet(account: id, profile: profile))),
        ])
}

extension Profile {
    /// What a roster says, in place of what was known; what it leaves open stays.
    fileprivate func merged(with other: Profile) -> Profile {
        var merged = self
        if !other.displayName.isEmpty { merged.displayName = other.displayName }
        if let affiliation = other.affiliation { merged.affiliation = affiliation }
        if let country = other.country { merged.country = country }
        if !other.organisation.isEmpty { merged.organisation = other.organisation }
        if !other.languages.isEmpty { merged.languages = other.languages }
        if let attendance = other.attendance { merged.attendance = attendance }
        if let region = other.region { merged.region = region }
        let isSame =
            merged.affiliation == affiliation && merged.country == country
            && merged.organisation == organisation
        if !isSame { merged.verification = nil }
        if other.verification != nil, merged.verification == nil || !isSame {
            merged.verification = other.verification
        }
        return merged
    }
}

private func row(_ account: String, _ action: String, _ profile: Profile) -> AdminRow {
    AdminRow([
        "account": account, "action": action, "name": profile.displayName.string,
        "affiliation": profile.affiliation?.word ?? "", "country": profile.country?.description ?? "",
        "organisation": profile.organisation.string, "verified": profile.verification == nil ? "no" : "yes",
    ])
}

// MARK: On the admin socket

extension AdminCodec {
    static func encode(_ request: PeopleRequest) -> [UInt8] {
        guard case .rosterEntry(let entry, let isDryRun) = request else { return [] }
        let profile = entry.profile
        var fields: [(String, Text)] = [
            ("account", entry.account), ("dry", isDryRun ? "yes" : "no"),
            ("update", entry.mayUpdate ? "yes" : "no"), ("verified", entry.isVerified ? "yes" : "no"),
            ("display", profile.displayName), ("organisation", profile.organisation),
        ]
        if let affiliation = profile.affiliation { fields.append(("affiliation", Text(affiliation.word))) }
        if let country = profile.country { fields.append(("country", Text(country.description))) }
        for language in profile.languages { fields.append(("language", Text(language.description))) }
        if let attendance = profile.attendance { fields.append(("presence", Text(attendance.word))) }
        if let region = profile.region { fields.append(("region", Text(region.word))) }
        if let invite = entry.invite { fields += inviteFields(invite) }
        return line("roster-entry", fields)
    }

    static func rosterEntry(_ fields: Fields) -> AdminRequest? {
        guard let account = fields["account"], let isDryRun = flag(fields["dry"]),
            let mayUpdate = flag(fields["update"]), let isVerified = flag(fields["verified"]),
            let display = fields["display"], let organisation = fields["organisation"]
        else { return nil }
        var profile = Profile()
        profile.displayName = display
        profile.organisation = organisation
        // What is there has to be a value; nothing is guessed.
        if let word = fields["affiliation"] {
            guard let affiliation = Affiliation(word: word.string) else { return nil }
            profile.affiliation = affiliation
        }
        if let word = fields["country"] {
            guard let country = CountryCode(word.bytes) else { return nil }
            profile.country = country
        }
        for word in fields.all("language") {
            guard let language = LanguageTag(word.bytes) else { return nil }
            profile.languages.append(language)
        }
        if let word = fields["presence"] {
            guard let attendance = Attendance(word: word.string) else { return nil }
            profile.attendance = attendance
        }
        if let word = fields["region"] {
            guard let region = RegionalGroup(word: word.string) else { return nil }
            profile.region = region
        }
        var invited: InviteCreated?
        if fields["hash"] != nil {
            guard let invite = invite(fields) else { return nil }
            invited = invite
        }
        let entry = RosterEntry(
            account: account, profile: profile, mayUpdate: mayUpdate, isVerified: isVerified, invite: invited)
        return .people(.rosterEntry(entry, isDryRun: isDryRun))
    }
}
