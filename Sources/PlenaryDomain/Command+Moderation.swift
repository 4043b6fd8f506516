// SPDX-License-Identifier: Apache-2.0

import PlenaryTerms

/// REDACT, MOD and REPORT (docs/extensions/moderation.md). Targets and messages are as they were spelled.
package enum ModerationCommand: Sendable {
    case redact(target: Text, message: MessageID?, spelledMessage: Text, reason: Text)
    /// The message of a talk that `fetchForRedaction` found.
    case redactFound(LoggedEvent?, target: Text, id: MessageID, reason: Text)
    case act(target: Text, RequestedAct)
    case report(about: Text, channel: Text, reason: Text)
    /// HELP at the desk.
    case deskHelp
}

/// What MOD asks for.
package enum RequestedAct: Sendable {
    case mute(who: Text, seconds: Int?, reason: Text)
    case unmute(who: Text)
    case remove(who: Text, reason: Text)
    case ban(who: Text, seconds: Int?, reason: Text)
    case unban(who: Text)
    /// nil ends slow mode.
    case slow(seconds: Int?, reason: Text)
    case moderated(Bool, reason: Text)
    case thread(RequestedThreadChange, reason: Text)
    case move(message: Text, ThreadMoveScope, to: ThreadID?, title: Text?, reason: Text)
    case hide(message: Text, reason: Text)
    case unhide(message: Text)
    case redact(message: Text, reason: Text)
    case note(who: Text, text: Text)
    case notes(who: Text)
    case reports(Set<ReportState>)
    case claim(UInt32)
    case resolve(UInt32, ReportOutcome, text: Text)
    case log(limit: Int, after: Text?)
    case last(count: Int)
}

/// Codes of docs/extensions/moderation.md, "Errors".
package enum ModerationFailure: String, CaseIterable, Hashable, Sendable {
    case invalidTarget = "INVALID_TARGET"
    case privilegesNeeded = "PRIVS_NEEDED"
    case invalidParameters = "INVALID_PARAMS"
    case subcommandInvalid = "SUBCOMMAND_INVALID"
    case noSuchPerson = "NO_SUCH_PERSON"
    case targetIsModerator = "TARGET_IS_MODERATOR"
    case unknownMessage = "UNKNOWN_MSGID"
    /// What cannot be undone is not done to "the last one", which may be another by now.
    case labelNeeded = "LABEL_NEEDED"
    case already = "ALREADY"
    case noSuchThread = "NO_SUCH_THREAD"
    case threadClosed = "THREAD_CLOSED"
    case noSuchReport = "NO_SUCH_REPORT"
    case alreadyClaimed = "ALREADY_CLAIMED"
    case limitReached = "LIMIT_REACHED"
    case textTooLong = "TEXT_TOO_LONG"
    case rateLimited = "RATE_LIMITED"
    case storageFull = "STORAGE_FULL"
}

/// Why something of this family was not done.
package enum ModerationRefusal: Hashable, Sendable {
    case failed(verb: Text, ModerationFailure, [Text])
    /// The person is muted or banned in a channel.
    case sanctioned(verb: Text, channel: Text, isMute: Bool, until: Timestamp?, reason: Text)
    case slow(verb: Text, channel: Text, seconds: Int)
    /// A word to the desk that it does not know.
    case deskUnknown(Text)
}

/// What this family answers without a change.
package enum ModerationAnswer: Sendable {
    case reports(target: Text, [UInt32])
    case log(ChannelID, [ModerationAct], next: Offset?)
    case notes(AccountID)
    case noted(AccountID)
    case reportReceived(UInt32)
    case deskHelp
}
