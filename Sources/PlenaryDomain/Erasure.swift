// SPDX-License-Identifier: Apache-2.0

import PlenaryTerms

/// What erasing makes of one event.
package enum ErasedForm: Hashable, Sendable {
    case unchanged
    /// Stands in its place, under its number and time.
    case replaced(Event)
    /// Its number and time remain, and nothing else.
    case removed
}

/// Names that go with the accounts of a plan. They are nowhere in the request: whoever rewrites finds them in the log.
package struct ErasureNames: Hashable, Sendable {
    private var accountsByKey: [String: AccountID] = [:]

    package init() {}

    package mutating func add(_ name: Text, of account: AccountID) {
        accountsByKey[asciiFolded(name.bytes)] = account
    }

    /// Learns the names of the plan's accounts from an event.
    package mutating func learn(from event: Event, _ plan: ErasurePlan) {
        if case .accountCreated(let created) = event, plan.accounts.contains(created.account) {
            add(created.name, of: created.account)
        }
    }

    func account(named name: Text) -> AccountID? { accountsByKey[asciiFolded(name.bytes)] }
}

extension ErasurePlan {
    /// What others see from now on in the place of an account's name.
    package static func pseudonym(of account: AccountID) -> Text {
        Text("\(pseudonymPrefix)\(account.value)")
    }

    static let pseudonymPrefix = "former-member-"
}

extension Event {
    /// What erasing a plan makes of this event at its place. Pure: the log that is rewritten and the copies of it in
    /// backups come out the same, and doing it twice changes nothing more.
    ///
    /// The switch is exhaustive so that whoever adds an event says what it knows of people.
    package func erased(by plan: ErasurePlan, at offset: Offset, _ names: ErasureNames) -> ErasedForm {
        let pass = ErasurePass(plan: plan, names: names)
        switch self {
        case .messagePosted(let event):
            if plan.messages.contains(offset) || pass.isErased(event.actor.account) {
                let stub = MessageErased(
                    conversation: event.conversation, thread: event.thread,
                    wasMessage: event.isMessage)
                return .replaced(.erasure(.messageErased(stub)))
            }
            return pass.changing(event, Event.messagePosted) {
                $0.target = pass.target(of: event)
                $0.relay = event.relay.map { pass.scrubbed($0) }
            }
        case .accountCreated, .credentialSet, .certificateAdded, .certificateRemoved, .tokensRemembered,
            .inviteCreated, .inviteRedeemed, .markerSet, .threadLevelSet, .threadCueSet:
            return erasedOwn(pass)
        case .people(let event): return pass.form(of: event)
        case .account(let event): return pass.form(of: event)
        case .moderation(let event): return pass.form(of: event)
        case .meeting(let event): return pass.form(of: event)
        case .floor(let event): return pass.form(of: event)
        case .outcomes(let event): return pass.form(of: event)
        case .practices(let event): return pass.form(of: event)
        case .questionnaires(let event): return pass.form(of: event)
        // What was done stays, by somebody without a name
        case .memberRoleSet(let event):
            return pass.changing(event, Event.memberRoleSet) {
                $0.actor = event.actor.map { pass.scrubbed($0) }
            }
        case .memberKicked(let event):
            return pass.changing(event, Event.memberKicked) { $0 = pass.scrubbed(event) }
        case .topicSet(let event):
            return pass.changing(event, Event.topicSet) { $0.actor = pass.scrubbed(event.actor) }
        case .modesChanged(let event):
            return pass.changing(event, Event.modesChanged) { $0 = pass.scrubbed(event) }
        case .threadCreated(let event):
            return pass.changing(event, Event.threadCreated) { $0.actor = pass.scrubbed(event.actor) }
        case .threadChanged(let event):
            return pass.changing(event, Event.threadChanged) { $0.actor = pass.scrubbed(event.actor) }
        case .messagesMoved(let event):
            return pass.changing(event, Event.messagesMoved) { $0.actor = pass.scrubbed(event.actor) }
        case .messageRedacted(let event):
            return pass.changing(event, Event.messageRedacted) {
                $0.actor = pass.scrubbed(event.actor)
                $0.target = pass.scrubbed(event.target)
            }
        case .accountStateSet(let event):
            return pass.changing(event, Event.accountStateSet) { $0 = pass.scrubbed(event) }
        case .relaying(.switched(let event)):
            return pass.changing(event, { .relaying(.switched($0)) }) {
                $0.actor = pass.scrubbed(event.actor)
            }
        // Retention has accounts by their numbers, and codes.
        case .inviteRevoked, .channelCreated, .channelDissolved, .threadPolicySet, .ledgerPage, .languages,
            .erasure, .retention:
            return .unchanged
        }
    }

    /// What is an account's own: its name, its keys, its way in, and how it reads.
    private func erasedOwn(_ pass: ErasurePass) -> ErasedForm {
        switch self {
        case .accountCreated(let event):
            return pass.changing(event, Event.accountCreated) { created in
                if pass.isErased(event.account) { created.name = ErasurePlan.pseudonym(of: event.account) }
            }
        case .credentialSet(let event): return pass.form(ofWhatIs: event.account)
        case .certificateAdded(let event): return pass.form(ofWhatIs: event.account)
        case .certificateRemoved(let event): return pass.form(ofWhatIs: event.account)
        case .tokensRemembered(let event): return pass.form(ofWhatIs: event.account)
        case .inviteCreated(let event):
            return pass.changing(event, Event.inviteCreated) {
                $0.accountName = event.accountName.map { pass.scrubbed($0) }
            }
        case .inviteRedeemed(let event):
            // That it was used has to stay, or it could be used again; by whom has not.
            return pass.changing(event, Event.inviteRedeemed) { redeemed in
                if pass.isErased(event.account) { redeemed.account = AccountID(0) }
            }
        case .markerSet(let event): return pass.form(ofWhatIs: event.account)
        case .threadLevelSet(let event): return pass.form(ofWhatIs: event.account)
        case .threadCueSet(let event): return pass.form(ofWhatIs: event.account)
        default: preconditionFailure("not an event of one account")
        }
    }
}

/// One plan with the names that go with it.
struct ErasurePass {
    let plan: ErasurePlan
    let names: ErasureNames

    func isErased(_ account: AccountID?) -> Bool { account.map { plan.accounts.contains($0) } ?? false }

    /// Roles stay, as they say what others could rely on; ways to sign in go.
    func form(of event: AccountEvent) -> ErasedForm {
        switch event {
        case .roleSet(let event):
            changing(event, { .account(.roleSet($0)) }) { $0.actor = event.actor.map { scrubbed($0) } }
        case .resumeTokenIssued(let event): form(ofWhatIs: event.account)
        case .resumeTokenRevoked(let event): form(ofWhatIs: event.account)
        case .scramVerifierSet(let event): form(ofWhatIs: event.account)
        case .resetCodeSet(let event): form(ofWhatIs: event.account)
        }
    }

    /// A profile is its account's own; in somebody else's only who verified it may have to go.
    func form(of event: PeopleEvent) -> ErasedForm {
        switch event {
        case .profileSet(let event):
            if isErased(event.account) { return .removed }
            return changing(event, { .people(.profileSet($0)) }) { $0.profile = scrubbed(event.profile) }
        case .profileReserved(let event):
            if names.account(named: event.name) != nil { return .removed }
            return changing(event, { .people(.profileReserved($0)) }) { $0.profile = scrubbed(event.profile) }
        }
    }

    func scrubbed(_ profile: Profile) -> Profile {
        var changed = profile
        changed.verification?.verifier = profile.verification.map { scrubbed($0.verifier) } ?? ""
        return changed
    }

    /// What was done stays, by somebody without a name; an erased account was never on a roll.
    func form(of event: MeetingEvent) -> ErasedForm {
        switch event {
        case .scheduled(let event):
            changing(event, { .meeting(.scheduled($0)) }) { $0.actor = event.actor.map { scrubbed($0) } }
        case .acted(let event):
            changing(event, { .meeting(.acted($0)) }) { $0.actor = event.actor.map { scrubbed($0) } }
        case .agendaItemSet(let event):
            changing(event, { .meeting(.agendaItemSet($0)) }) {
                $0.actor = event.actor.map { scrubbed($0) }
            }
        case .documentSet(let event):
            changing(event, { .meeting(.documentSet($0)) }) { $0.actor = event.actor.map { scrubbed($0) } }
        case .attended(let event):
            changing(event, { .meeting(.attended($0)) }) { attended in
                attended.accounts.removeAll { isErased($0) }
            }
        case .cancelled(let event):
            changing(event, { .meeting(.cancelled($0)) }) { $0.actor = event.actor.map { scrubbed($0) } }
        case .attributionSet(let event):
            changing(event, { .meeting(.attributionSet($0)) }) {
                $0.actor = event.actor.map { scrubbed($0) }
            }
        // Whose a digest is nobody can know without its key.
        case .labelGiven: .unchanged
        // Written by snapshots alone, which are made anew.
        case .remembered, .labelTokens: .unchanged
        }
    }

    /// An event that says nothing but what is an account's own goes with it.
    func form(ofWhatIs account: AccountID) -> ErasedForm { isErased(account) ? .removed : .unchanged }

    func changing<Content: Equatable>(
        _ content: Content, _ make: (Content) -> Event, _ change: (inout Content) -> Void
    ) -> ErasedForm {
        guard !plan.accounts.isEmpty else { return .unchanged }
        var changed = content
        change(&changed)
        return changed == content ? .unchanged : .replaced(make(changed))
    }

    /// Keeps the account's number: it alone says who the same person was.
    func scrubbed(_ actor: Actor) -> Actor {
        guard let account = actor.account, isErased(account) else {
            var other = actor
            other.source = scrubbed(mask: actor.source)
            return other
        }
        let name = ErasurePlan.pseudonym(of: account)
        return Actor(
            source: ErasurePass.source(name), account: account,
            accountName: actor.accountName.map { _ in name }, isBot: actor.isBot)
    }

    /// The relay's own account, when that is what is erased; what it brought is others'.
    func scrubbed(_ relay: MessageRelay) -> MessageRelay {
        guard let account = relay.account, isErased(account) else { return relay }
        var changed = relay
        changed.nickname = ErasurePlan.pseudonym(of: account)
        return changed
    }

    /// A name alone: of a person who was removed, of a reserved account.
    func scrubbed(_ name: Text) -> Text {
        names.account(named: name).map { ErasurePlan.pseudonym(of: $0) } ?? name
    }

    /// `nick!user@host`, also where it is a mask: with an erased nick nothing of it stays. A mask of accounts,
    /// `$a:name`, and of who is mute, `m:`, keeps its form.
    func scrubbed(mask: Text) -> Text {
        for prefix: Text in ["m:", "$m:", "$a:"] where mask.bytes.starts(with: prefix.bytes) {
            return prefix + scrubbed(mask: Text(mask.bytes[prefix.byteCount...]))
        }
        guard let mark = mask.bytes.firstIndex(of: UInt8(ascii: "!")) else { return scrubbed(mask) }
        guard let account = names.account(named: Text(mask.bytes[..<mark])) else { return mask }
        return ErasurePass.source(ErasurePlan.pseudonym(of: account))
    }

    func scrubbed(_ change: ModeChange) -> ModeChange {
        var changed = change
        if let account = change.account, isErased(account) {
            changed.argument = change.argument.map { _ in ErasurePlan.pseudonym(of: account) }
        } else if change.letter != UInt8(ascii: "k"), change.letter != UInt8(ascii: "l") {
            changed.argument = change.argument.map(scrubbed(mask:))
        }
        return changed
    }

    /// The nickname a message between two was sent to, when it was the erased one's.
    func target(of message: MessagePosted) -> Text {
        guard case .direct(let one, let other) = message.conversation, let sender = message.actor.account
        else { return message.target }
        let recipient = one == sender ? other : one
        return isErased(recipient) ? ErasurePlan.pseudonym(of: recipient) : message.target
    }

    private static func source(_ name: Text) -> Text { name + "!~former@erased" }
}
