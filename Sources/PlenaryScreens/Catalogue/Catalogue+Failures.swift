// SPDX-License-Identifier: Apache-2.0

import PlenaryClient

/// Why something did not happen, and what to do now. What a server refused it says itself, in the language it
/// was asked for; reasons of the network and the disk come from the system and stay in English.
extension Catalogue {
    /// Why, as a part of a sentence.
    package func reason(_ error: ClientError) -> String {
        switch error {
        case .cannotReach(let host, let port, let reason):
            text(.cannotReach, [.server: "\(host):\(port)", .reason: reason])
        case .identityMismatch(_, let found): text(.wrongKey, [.pin: found.pin.description])
        case .identityUnverified(let found?, let reason):
            text(.unverifiedShows, [.reason: reason, .pin: found.pin.description])
        case .identityUnverified(nil, let reason): text(.unverified, [.reason: reason])
        case .plainTextRefused(let host): text(.plainTextRefused, [.server: host])
        case .authenticationFailed(let refusal): text(.signInRefused, [.reason: refusal.text])
        case .nicknameRefused(let refusal), .refused(let refusal): refusal.text
        case .disconnected(let reason): text(.wasLost, [.reason: reason])
        case .authenticationUnavailable(let reason), .protocolViolation(let reason), .unsupported(let reason),
            .invalidArgument(let reason), .queueFailed(let reason):
            reason
        case .timedOut: text(.noAnswer)
        case .textTooLong(let byteCount, let limit):
            text(.textTooLong, [.count: String(byteCount), .limit: String(limit)])
        case .queueIsFull(let limit): text(.queueIsFull, [.count: String(limit)])
        case .deliveryUnknown: text(.deliveryUnknown)
        case .eventsNotTaken: text(.eventsNotTaken)
        case .closed: text(.wasClosed)
        }
    }

    /// What to do now, as a sentence; nil when nothing can be advised.
    package func advice(_ error: ClientError) -> String? {
        let sentence: Sentence? =
            switch error {
            case .cannotReach, .unsupported: .adviseDoctor
            case .identityMismatch: .adviseConfirmKey
            case .identityUnverified: .advisePin
            case .plainTextRefused: .adviseTLSPort
            case .authenticationFailed: .adviseSignIn
            case .authenticationUnavailable: .adviseSecretariat
            case .nicknameRefused: .adviseOtherName
            case .refused(let refusal): Catalogue.advice(refusal)
            case .disconnected, .timedOut: .adviseAgain
            case .protocolViolation: .adviseOperator
            case .textTooLong: .adviseShorten
            case .queueIsFull: .adviseConnectOnce
            case .deliveryUnknown: .adviseLook
            case .eventsNotTaken: .adviseReport
            case .queueFailed: .adviseDisk
            case .invalidArgument, .closed: nil
            }
        return sentence.map { text($0) }
    }

    /// By the code of the refusal (docs/PROTOCOL.md); a code that is not known here has the server's words
    /// alone.
    private static func advice(_ refusal: Refusal) -> Sentence? {
        switch refusal.code {
        case "401", "403", "406", "NO_SUCH_THREAD", "INVALID_TARGET", "UNKNOWN_MSGID", "NO_SUCH_CHANNEL",
            "NO_SUCH_ACCOUNT", "NO_SUCH_PERSON", "NO_SUCH_REPORT":
            .adviseList
        case "404", "442", "471", "473", "474", "475", "477", "481", "482", "THREAD_CLOSED", "PRIVS_NEEDED",
            "CANNOT_SEND", "REDACT_FORBIDDEN", "MUTED", "BANNED", "TARGET_IS_MODERATOR", "SESSION_CLOSED",
            "SECOND_PERSON_NEEDED", "HELD":
            .adviseModerator
        case "263", "439", "RATE_LIMITED", "SLOW_MODE", "TEMPORARILY_UNAVAILABLE": .adviseWait
        case "464", "465", "902", "904", "ACCOUNT_REQUIRED", "INVALID_CREDENTIALS": .adviseSignIn
        case "417", "INVALID_UTF8", "MULTILINE_MAX_BYTES", "MULTILINE_MAX_LINES", "TOO_MANY_WORDS",
            "TEXT_TOO_LONG":
            .adviseShorten
        case "WEAK_PASSWORD", "UNACCEPTABLE_PASSWORD": .advisePassword
        default: nil
        }
    }

    /// The reason of an act of moderation: the words of its code, or the text itself where it is none.
    package func reasonWords(_ code: String) -> String {
        switch code {
        case "off-topic": text(.reasonOffTopic)
        case "personal-data": text(.reasonPersonalData)
        case "wrong-channel": text(.reasonWrongChannel)
        case "abusive": text(.reasonAbusive)
        case "spam": text(.reasonSpam)
        case "safety": text(.reasonSafety)
        case "other": text(.reasonOther)
        default: code
        }
    }
}
