// SPDX-License-Identifier: Apache-2.0

import PlenaryClient
import PlenaryTerminal

/// Why a command could not do its work, in three short lines: what failed, why, and what to do now.
package struct Failure: Error, Hashable, Sendable {
    /// What the shell is told.
    package var code: ExitCode
    /// What failed.
    package var what: String
    /// Why; empty when the first line says it all.
    package var why: String
    /// What to do now; empty when nothing can be advised.
    package var advice: String
    /// What it was about, for `--json`.
    package var target: String?

    /// A failure of these parts.
    package init(_ code: ExitCode, _ what: String, _ why: String = "", _ advice: String = "") {
        self.code = code
        self.what = what
        self.why = why
        self.advice = advice
    }

    /// The lines for a person, without line breaks at their ends.
    package var lines: [String] {
        ([what, why, advice].filter { !$0.isEmpty }).map { PlainText.oneLine($0) }
    }

    /// What went wrong between client and server, while doing `what` (such as "not sent to practices").
    package init(_ error: ClientError, doing what: String) {
        switch error {
        case .cannotReach(let host, let port, let reason):
            self.init(
                .unavailable, what, "cannot reach \(host) port \(port): \(reason)",
                "Check the network, then `plenary doctor`.")
        case .identityMismatch(_, let found):
            self.init(
                .identity, what, "the server's key is not the expected one; it shows \(found.pin)",
                "Do not go on: ask the secretariat to confirm the key by another way.")
        case .identityUnverified(let found, let reason):
            self.init(
                .identity, what,
                "the server's identity cannot be verified: \(reason)"
                    + (found.map { "; it shows \($0.pin)" } ?? ""),
                "Confirm that key with the secretariat, then: plenary join HOST --pin KEY")
        case .plainTextRefused(let host):
            self.init(
                .usage, what, "plain text is spoken to this machine only, not to \(host)",
                "Use the TLS port, usually 6697.")
        case .authenticationFailed(let refusal):
            self.init(
                .notSignedIn, what, "sign-in was refused: \(refusal.text)",
                "Sign in again: plenary login, or ask for a new invite.")
        case .authenticationUnavailable(let reason):
            self.init(.notSignedIn, what, reason, "Ask the secretariat how members sign in.")
        case .nicknameRefused(let refusal):
            self.init(.notSignedIn, what, refusal.text, "Choose another name: --account NAME")
        case .refused(let refusal): self.init(refusal, doing: what)
        case .disconnected(let reason):
            self.init(.unavailable, what, "the connection was lost: \(reason)", "Try again.")
        case .protocolViolation(let reason):
            self.init(.protocolBroken, what, reason, "Tell the server's operator.")
        case .unsupported(let reason): self.init(.protocolBroken, what, reason, "See `plenary doctor`.")
        case .timedOut: self.init(.unavailable, what, "the server did not answer in time", "Try again.")
        case .textTooLong(let byteCount, let limit):
            self.init(
                .badInput, what, "the text has \(byteCount) bytes, the server takes \(limit)",
                "Shorten it, or post it in parts.")
        case .invalidArgument(let reason): self.init(.badInput, what, reason)
        case .queueIsFull(let limit):
            self.init(
                .notYet, what, "\(limit) messages wait already", "Connect once so that they are sent.")
        case .deliveryUnknown:
            self.init(
                .unavailable, what, "the connection broke, and this server cannot tell what arrived",
                "Look at the channel before you send it again.")
        case .eventsNotTaken: self.init(.bug, what, "events were not taken in time", "Report this.")
        case .queueFailed(let reason): self.init(.cannotWrite, what, reason, "Check the disk.")
        case .closed: self.init(.unavailable, what, "the connection was closed")
        }
    }

    /// What a refusal of the server means for the shell.
    package init(_ refusal: Refusal, doing what: String) {
        let code: ExitCode
        let advice: String
        switch refusal.code {
        case "401", "403", "406", "NO_SUCH_THREAD", "INVALID_TARGET", "UNKNOWN_MSGID", "NO_SUCH_DEVICE",
            "NO_SUCH_SESSION", "NO_SUCH_CODE", "NO_SUCH_CHANNEL", "NO_SUCH_ACCOUNT",
            "NO_SUCH_PERSON", "NO_SUCH_REPORT":
            code = .notFound
            advice = "See what there is: plenary channels"
        case "404", "442", "471", "473", "474", "475", "477", "481", "482", "THREAD_CLOSED", "PRIVS_NEEDED",
            "CANNOT_SEND", "REDACT_FORBIDDEN", "MUTED", "BANNED", "TARGET_IS_MODERATOR",
            "SESSION_CLOSED", "SECOND_PERSON_NEEDED", "HELD":
            code = .notAllowed
            advice = "Ask a moderator."
        case "263", "RATE_LIMITED", "SLOW_MODE", "439", "TEMPORARILY_UNAVAILABLE":
            code = .notYet
            advice = "Wait a moment, then try again."
        case "464", "465", "ACCOUNT_REQUIRED", "904", "902", "INVALID_CREDENTIALS":
            code = .notSignedIn
            advice = "Sign in: plenary login"
        case "417", "INVALID_UTF8", "MULTILINE_MAX_BYTES", "MULTILINE_MAX_LINES", "TOO_MANY_WORDS",
            "TEXT_TOO_LONG":
            code = .badInput
            advice = "Shorten the text."
        case "WEAK_PASSWORD", "UNACCEPTABLE_PASSWORD":
            code = .badInput
            advice = "Choose another password."
        case "TITLE_INVALID", "INVALID_KIND", "INVALID_LANGUAGE", "INVALID_REFERENCE":
            code = .badInput
            advice = ""
        default:
            code = .nothing
            advice = ""
        }
        self.init(code, what, refusal.text, advice)
    }
}
