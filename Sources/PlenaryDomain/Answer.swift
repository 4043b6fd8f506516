// SPDX-License-Identifier: Apache-2.0

import PlenaryTerms

/// A reply without a change; the dialect renders it from the state, for the session that asked.
package enum Answer: Sendable {
    // Registration
    /// CAP LS as asked for with this version.
    case capabilityList(version: Int)
    case enabledCapabilities
    case capabilitiesAccepted(names: [Text])
    case capabilitiesRejected(names: [Text])
    case pong(Text)
    case saslContinue
    case saslSucceeded
    case loggedIn
    case youAreOperator
    case verificationRequired(account: Text)
    case registrationSucceeded(verb: Text, account: Text)
    // Channels
    case names(ChannelID)
    case noNames(Text)
    case topic(ChannelID)
    case channelModes(ChannelID)
    case maskList(ChannelID, MaskList)
    case invited(nick: Text, channel: Text)
    case away(nick: Text, Text)
    case list(ListFilter)
    // Threads
    case threadInfo(ChannelID, ThreadID)
    case threadPage(ThreadPage)
    case threadPolicy(ChannelID)
    case threadCue(isPlain: Bool)
    /// The same as classic numerics, for plain clients.
    case threadTopic(ChannelID, ThreadID)
    case threadModes(ChannelID, ThreadID)
    case threadBans(ChannelID, ThreadID)
    case threadNames(ChannelID, ThreadID)
    case threadRows([ThreadPlace])
    /// MARKREAD: how far the asker has read what it calls `target`.
    case marker(target: Text, Timestamp?)
    // People
    case userModes
    case awayState(isAway: Bool)
    case who(WhoQuery)
    case whois(Text)
    case whowas(Text, count: Int)
    case userhost([Text])
    case isOn([Text])
    case monitorList
    case monitorStatus([Text])
    case retention(RetentionAnswer)
    case devices
    case deviceAdded(fingerprint: [UInt8], label: Text)
    case deviceRemoved(fingerprint: [UInt8])
    case people(PeopleAnswer)
    case account(AccountAnswer)
    // Moderation
    case moderation(ModerationAnswer)
    case meeting(MeetingAnswer)
    case floor(FloorAnswer)
    case relaying(RelayingAnswer)
    case languages(LanguagesAnswer)
    // Server
    case messageOfTheDay
    case lusers
    case version
    case time
    case info
    case admin
    case help(Text)
    case outcomes(OutcomeAnswer)
    case practices(PracticeAnswer)
    case questionnaires(QuestionnaireReply)
}

/// NOTEs of ERASE, HOLD and RETAIN (docs/extensions/erasure.md).
package enum RetentionAnswer: Sendable {
    case messageErased(target: Text, MessageID)
    case forgetProposed(AccountID)
    case forgetting(Text)
    case forgetCancelled(Text)
    case erasures
    case holdSet(Text, isHeld: Bool)
    case holds
    case retention(ChannelID)
}

/// LIST's condition (ISUPPORT ELIST).
package struct ListFilter: Hashable, Sendable {
    package var names: [Text] = []
    /// Patterns with `*` and `?`, and those with a leading `!`.
    package var masks: [Text] = []
    package var excludedMasks: [Text] = []
    package var moreMembersThan: Int?
    package var fewerMembersThan: Int?
    package init() {}
}

/// WHO and WHOX (ircv3.net, whox).
package struct WhoQuery: Hashable, Sendable {
    package var mask: Text
    /// Field letters asked for, nil for a plain 352.
    package var fields: Set<UInt8>?
    package var token: Text
    package var operatorsOnly = false

    package init(mask: Text, fields: Set<UInt8>?, token: Text, operatorsOnly: Bool) {
        self.mask = mask
        self.fields = fields
        self.token = token
        self.operatorsOnly = operatorsOnly
    }
}
