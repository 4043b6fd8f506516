// SPDX-License-Identifier: Apache-2.0

import PlenaryDialect
import PlenaryDomain
import PlenaryLog
import PlenaryNet
import PlenaryTerms

/// What reaches the community's queue, in order of arrival.
package enum Inbound: Sendable {
    indirect case opened(Opening)
    case request(SessionID, Request)
    /// The connection is gone; others read the reason.
    case closed(SessionID, reason: Text)
    /// Work that a session waited for is done.
    case completed(SessionID, [Command])
    indirect case refused(SessionID, Refusal)
    indirect case fetched(SessionID, HistoryRequest, HistoryResult?)
    /// A page of history to which nothing more is to be added.
    indirect case fetchedWithTranslations(SessionID, HistoryRequest, HistoryResult)
    case fetchedTargets(SessionID, [ConversationTime], names: [Conversation: Text])
    /// The message that a repeated one is a copy of; nil when it cannot be read any more.
    indirect case fetchedFirst(SessionID, LoggedEvent?)
    indirect case found(SessionID, SearchFindings)
    /// nil when the log could not be read.
    indirect case foundOwnRecords(SessionID, OwnRecordPage?)
    indirect case administration(AdminRequest, then: @Sendable (AdminReply) -> Void)
    /// Time has passed: what is due by the clock is done.
    case tick
    /// Somebody's delayed answer may be due.
    case delaysDue
    /// The log began a new segment: time for a snapshot.
    case rotated
    indirect case reconfigured(Reconfiguration)
    /// What these requests named is in no file any more, or could not be taken out now.
    case erased([Offset], LogError?)
    /// Time to look at open erasures: at the start, and after one that failed.
    case erasuresDue
    case stop(@Sendable () -> Void)
}

/// A connection that may speak now.
package struct Opening: Sendable {
    var id: SessionID
    var isTLS: Bool
    var certificateFingerprint: [UInt8]?
    var host: Text

    package init(id: SessionID, isTLS: Bool, certificateFingerprint: [UInt8]?, host: Text) {
        self.id = id
        self.isTLS = isTLS
        self.certificateFingerprint = certificateFingerprint
        self.host = host
    }
}

/// What can change while the server runs.
package struct Reconfiguration: Sendable {
    var policy: CommunityPolicy
    var facts: ServerFacts
    var channels: [ChannelConfiguration]
    var questionnaires: [QuestionnaireDefinition]

    package init(
        policy: CommunityPolicy, facts: ServerFacts, channels: [ChannelConfiguration],
        questionnaires: [QuestionnaireDefinition] = []
    ) {
        self.questionnaires = questionnaires
        self.policy = policy
        self.facts = facts
        self.channels = channels
    }
}
