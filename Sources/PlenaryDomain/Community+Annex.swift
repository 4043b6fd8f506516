// SPDX-License-Identifier: Apache-2.0

import PlenaryTerms

/// A value in a place of its own, copied when it is changed and somebody else has it too: a copy of what holds it costs
/// one reference, whatever it is made of.
@propertyWrapper
package struct Boxed<Value: Sendable>: Sendable {
    /// One element, which is what makes it safe and cheap: arrays are copied on write.
    @usableFromInline var elements: ContiguousArray<Value>

    @inlinable package init(wrappedValue: Value) { elements = [wrappedValue] }

    /// Inlined, so that who asks for one field of the value copies no other.
    @inlinable package var wrappedValue: Value {
        _read { yield elements[0] }
        _modify { yield &elements[0] }
    }
}

/// State that is not asked for as often as channels and sessions are. A method that is called on the owner's community
/// copies the community's own fields; with these among them it took six microseconds a message (docs/decisions/0172).
struct CommunityAnnex: Sendable {
    var accounts: [AccountID: Account] = [:]
    var accountsByName: [String: AccountID] = [:]
    var tokens: [AccountID: TokenWindow] = [:]
    var readings: [AccountID: Reading] = [:]
    var sharedRates: [SharedRate: RateWindow] = [:]
    var invisibleSessions: Set<SessionID> = []
    var operatorSessions: Set<SessionID> = []
    var accountsByCertificate: [[UInt8]: AccountID] = [:]
    var invites: [[UInt8]: Invite] = [:]
    var redactedTalk: Set<Offset> = []
    var keeping = Keeping()
    var openErasures: [Offset: OpenErasure] = [:]
    var reservedProfiles: [String: ProfileReserved] = [:]
    var moderation = ModerationState()
    var meetings: [ChannelID: Meeting] = [:]
    var labelBooks: [ChannelID: LabelBook] = [:]
    var floors: [ChannelID: Floor] = [:]
    var shelves: [ChannelID: TranslationShelf] = [:]
    var outcomes: [ChannelID: OutcomeMarks] = [:]
    var register = PracticeRegister()
    var questionnaires: [Text: Questionnaire] = [:]
    var whowas: [WhowasEntry] = []
    var watchers: [String: Set<SessionID>] = [:]
    var relayPulses: [ChannelID: RelayPulse] = [:]
    var relayWatchers: [ChannelID: Set<SessionID>] = [:]
    /// Channels with `.secret`: few, so that counting those that somebody may know of looks at them alone.
    var secretChannels: Set<ChannelID> = []
}

extension Community {
    package internal(set) var accounts: [AccountID: Account] {
        _read { yield annex.accounts }
        _modify { yield &annex.accounts }
    }
    package internal(set) var accountsByName: [String: AccountID] {
        _read { yield annex.accountsByName }
        _modify { yield &annex.accountsByName }
    }
    package internal(set) var tokens: [AccountID: TokenWindow] {
        _read { yield annex.tokens }
        _modify { yield &annex.tokens }
    }
    /// How far and how people read.
    package internal(set) var readings: [AccountID: Reading] {
        _read { yield annex.readings }
        _modify { yield &annex.readings }
    }
    /// What is counted by network: new accounts, failed logins.
    var sharedRates: [SharedRate: RateWindow] {
        _read { yield annex.sharedRates }
        _modify { yield &annex.sharedRates }
    }
    package internal(set) var invisibleSessions: Set<SessionID> {
        _read { yield annex.invisibleSessions }
        _modify { yield &annex.invisibleSessions }
    }
    package internal(set) var operatorSessions: Set<SessionID> {
        _read { yield annex.operatorSessions }
        _modify { yield &annex.operatorSessions }
    }
    package internal(set) var accountsByCertificate: [[UInt8]: AccountID] {
        _read { yield annex.accountsByCertificate }
        _modify { yield &annex.accountsByCertificate }
    }
    package internal(set) var invites: [[UInt8]: Invite] {
        _read { yield annex.invites }
        _modify { yield &annex.invites }
    }
    /// Messages of talks between two that were redacted; those of channels are known to the ledger.
    package internal(set) var redactedTalk: Set<Offset> {
        _read { yield annex.redactedTalk }
        _modify { yield &annex.redactedTalk }
    }
    /// Holds, retention, and what was proposed to be forgotten.
    package internal(set) var keeping: Keeping {
        _read { yield annex.keeping }
        _modify { yield &annex.keeping }
    }
    /// Erasures that are not in all files yet, by the request's place in the log.
    package internal(set) var openErasures: [Offset: OpenErasure] {
        _read { yield annex.openErasures }
        _modify { yield &annex.openErasures }
    }
    /// Profiles that wait for somebody to sign up, by the account name's key.
    package internal(set) var reservedProfiles: [String: ProfileReserved] {
        _read { yield annex.reservedProfiles }
        _modify { yield &annex.reservedProfiles }
    }
    /// What moderators did, were told and wrote down.
    package internal(set) var moderation: ModerationState {
        _read { yield annex.moderation }
        _modify { yield &annex.moderation }
    }
    /// The sitting of each channel that has one.
    package internal(set) var meetings: [ChannelID: Meeting] {
        _read { yield annex.meetings }
        _modify { yield &annex.meetings }
    }
    /// Labels of sittings where people speak without their names.
    package internal(set) var labelBooks: [ChannelID: LabelBook] {
        _read { yield annex.labelBooks }
        _modify { yield &annex.labelBooks }
    }
    /// The speakers' lists of those channels that have one.
    package internal(set) var floors: [ChannelID: Floor] {
        _read { yield annex.floors }
        _modify { yield &annex.floors }
    }
    /// Which messages of a channel translate which.
    package internal(set) var shelves: [ChannelID: TranslationShelf] {
        _read { yield annex.shelves }
        _modify { yield &annex.shelves }
    }
    /// Marks of what talks came to.
    package internal(set) var outcomes: [ChannelID: OutcomeMarks] {
        _read { yield annex.outcomes }
        _modify { yield &annex.outcomes }
    }
    /// Practices that were submitted, and what became of them.
    package internal(set) var register: PracticeRegister {
        _read { yield annex.register }
        _modify { yield &annex.register }
    }
    /// Questionnaires with their answers, by name.
    package internal(set) var questionnaires: [Text: Questionnaire] {
        _read { yield annex.questionnaires }
        _modify { yield &annex.questionnaires }
    }
    package internal(set) var whowas: [WhowasEntry] {
        _read { yield annex.whowas }
        _modify { yield &annex.whowas }
    }
    /// Who watches which nickname (MONITOR).
    package internal(set) var watchers: [String: Set<SessionID>] {
        _read { yield annex.watchers }
        _modify { yield &annex.watchers }
    }
    /// The last sign of life of each channel's relay.
    package internal(set) var relayPulses: [ChannelID: RelayPulse] {
        _read { yield annex.relayPulses }
        _modify { yield &annex.relayPulses }
    }
    /// Sessions that are told of them.
    package internal(set) var relayWatchers: [ChannelID: Set<SessionID>] {
        _read { yield annex.relayWatchers }
        _modify { yield &annex.relayWatchers }
    }
}
