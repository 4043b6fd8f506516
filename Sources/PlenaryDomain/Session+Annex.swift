// SPDX-License-Identifier: Apache-2.0

import PlenaryTerms

/// What a session has besides the few plain values that most commands look at (docs/decisions/0172, 0182).
struct SessionAnnex: Sendable {
    let certificateFingerprint: [UInt8]?
    let network: Text
    var host: Text
    var nickname: Nickname?
    var accountName: Text?
    var source: Text = ""
    var userName: Text?
    var realName: Text = ""
    var registeredAt: Timestamp = Timestamp(microseconds: 0)
    var invitations: Set<ChannelID> = []
    var away: Text?
    var monitored: [String: Text] = [:]
    var openBatch: OpenBatch?
    var sasl: SASLState = .none
    var saslFailureCount: Int = 0
    var signIn: SignIn?
    var resumeToken: [UInt8]?
    var pendingAccount: PendingAccount?
    var guestMarkers: [String: Timestamp] = [:]
    var rates: [RatedAct: RateWindow] = [:]
    var subscriptions: [Text] = []
    var guestProfile: Profile = Profile()
    var guestPosts: [ChannelID: Timestamp] = [:]
    var formDraft: FormDraft?

    init(certificateFingerprint: [UInt8]?, network: Text) {
        self.certificateFingerprint = certificateFingerprint
        self.network = network
        host = network
    }
}

extension Session {
    /// SHA-256 of the client's certificate, if it showed one.
    package var certificateFingerprint: [UInt8]? { annex.certificateFingerprint }
    /// The cloak of the network it comes from, whatever host others see.
    package var network: Text { annex.network }
    /// A cloak; no address ever gets here.
    package var host: Text {
        _read { yield annex.host }
        _modify { yield &annex.host }
    }
    package var nickname: Nickname? {
        _read { yield annex.nickname }
        _modify { yield &annex.nickname }
    }
    package var accountName: Text? {
        _read { yield annex.accountName }
        _modify { yield &annex.accountName }
    }
    /// `nick!user@host` as others see it; derived, kept because every message needs it.
    package var source: Text { annex.source }
    package var userName: Text? {
        _read { yield annex.userName }
        _modify { yield &annex.userName }
    }
    package var realName: Text {
        _read { yield annex.realName }
        _modify { yield &annex.realName }
    }
    package var registeredAt: Timestamp {
        _read { yield annex.registeredAt }
        _modify { yield &annex.registeredAt }
    }
    /// Channels that an operator let this session into, until it joins.
    package var invitations: Set<ChannelID> {
        _read { yield annex.invitations }
        _modify { yield &annex.invitations }
    }
    package var away: Text? {
        _read { yield annex.away }
        _modify { yield &annex.away }
    }
    package var monitored: [String: Text] {
        _read { yield annex.monitored }
        _modify { yield &annex.monitored }
    }
    package var openBatch: OpenBatch? {
        _read { yield annex.openBatch }
        _modify { yield &annex.openBatch }
    }
    package var sasl: SASLState {
        _read { yield annex.sasl }
        _modify { yield &annex.sasl }
    }
    package var saslFailureCount: Int {
        _read { yield annex.saslFailureCount }
        _modify { yield &annex.saslFailureCount }
    }
    /// How it signed in; nil before it did.
    package var signIn: SignIn? {
        _read { yield annex.signIn }
        _modify { yield &annex.signIn }
    }
    /// The hash of the resume token that it came with or was given.
    package var resumeToken: [UInt8]? {
        _read { yield annex.resumeToken }
        _modify { yield &annex.resumeToken }
    }
    package var pendingAccount: PendingAccount? {
        _read { yield annex.pendingAccount }
        _modify { yield &annex.pendingAccount }
    }
    /// Markers of somebody without an account, by folded target.
    package var guestMarkers: [String: Timestamp] {
        _read { yield annex.guestMarkers }
        _modify { yield &annex.guestMarkers }
    }
    package var rates: [RatedAct: RateWindow] {
        _read { yield annex.rates }
        _modify { yield &annex.rates }
    }
    /// Keys whose changes it is told of (IRCv3 metadata), in lower case, in the order given.
    package var subscriptions: [Text] {
        _read { yield annex.subscriptions }
        _modify { yield &annex.subscriptions }
    }
    /// Who somebody without an account is.
    package var guestProfile: Profile {
        _read { yield annex.guestProfile }
        _modify { yield &annex.guestProfile }
    }
    /// When somebody without an account last posted to a channel in slow mode.
    package var guestPosts: [ChannelID: Timestamp] {
        _read { yield annex.guestPosts }
        _modify { yield &annex.guestPosts }
    }
    /// A questionnaire that is being answered line by line.
    package var formDraft: FormDraft? {
        _read { yield annex.formDraft }
        _modify { yield &annex.formDraft }
    }
}
