// SPDX-License-Identifier: Apache-2.0

/// Codes of docs/extensions/threads.md, "Errors".
package enum ThreadFailure: String, CaseIterable, Hashable, Sendable {
    case invalidTarget = "INVALID_TARGET"
    case noSuchThread = "NO_SUCH_THREAD"
    case subcommandInvalid = "SUBCOMMAND_INVALID"
    case invalidParameters = "INVALID_PARAMS"
    case titleInvalid = "TITLE_INVALID"
    case unknownMessage = "UNKNOWN_MSGID"
    case alreadyThreaded = "ALREADY_THREADED"
    case privilegesNeeded = "PRIVS_NEEDED"
    case accountRequired = "ACCOUNT_REQUIRED"
    case threadClosed = "THREAD_CLOSED"
    case limitReached = "LIMIT_REACHED"
    case rateLimited = "RATE_LIMITED"
}

/// Codes of docs/extensions/search.md, "Limits and errors".
package enum SearchFailure: String, CaseIterable, Hashable, Sendable {
    case invalidParameters = "INVALID_PARAMS"
    case invalidTarget = "INVALID_TARGET"
    case tooManyWords = "TOO_MANY_WORDS"
    case rateLimited = "RATE_LIMITED"
    case unavailable = "TEMPORARILY_UNAVAILABLE"
    case timedOut = "TIMED_OUT"
}

/// Codes of docs/extensions/erasure.md.
package enum RetentionFailure: String, CaseIterable, Hashable, Sendable {
    case accountRequired = "ACCOUNT_REQUIRED"
    case privilegesNeeded = "PRIVS_NEEDED"
    case invalidTarget = "INVALID_TARGET"
    case unknownMessage = "UNKNOWN_MSGID"
    case noSuchAccount = "NO_SUCH_ACCOUNT"
    case secondPersonNeeded = "SECOND_PERSON_NEEDED"
    case held = "HELD"
    case invalidParameters = "INVALID_PARAMS"
    case rateLimited = "RATE_LIMITED"
    case unavailable = "TEMPORARILY_UNAVAILABLE"
}

/// Codes of IRCv3 message-redaction (draft), "Errors".
package enum RedactionFailure: String, CaseIterable, Hashable, Sendable {
    case invalidTarget = "INVALID_TARGET"
    case unknownMessage = "UNKNOWN_MSGID"
    case forbidden = "REDACT_FORBIDDEN"
}
