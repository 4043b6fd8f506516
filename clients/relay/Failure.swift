// SPDX-License-Identifier: Apache-2.0

import PlenaryClient

/// Why a command could not do its work: what failed, why, and what to do now.
package struct Failure: Error, Hashable, Sendable {
    /// What the shell is told.
    package var code: ExitCode
    /// What failed.
    package var what: String
    /// Why; empty when the first line says it all.
    package var why: String
    /// What to do now; empty when nothing can be advised.
    package var advice: String

    /// A failure of these parts.
    package init(_ code: ExitCode, _ what: String, _ why: String = "", _ advice: String = "") {
        self.code = code
        self.what = what
        self.why = why
        self.advice = advice
    }

    /// The lines for a person, without line breaks at their ends.
    package var lines: [String] {
        [what, why, advice].filter { !$0.isEmpty }.map { PlainLine.shown($0) }
    }

    /// What went wrong between the relay and the server.
    package init(_ error: ClientError, doing what: String) {
        switch error {
        case .cannotReach(let host, let port, let reason):
            self.init(.unavailable, what, "cannot reach \(host) port \(port): \(reason)")
        case .identityMismatch(_, let found):
            self.init(
                .identity, what, "the server's key is not the expected one; it shows \(found.pin)",
                "Do not go on: ask the operator to confirm the key by another way.")
        case .identityUnverified(let found, let reason):
            self.init(
                .identity, what, "the server's identity cannot be verified: \(reason)",
                found.map { "Confirm this key with the operator and set it: pin = \($0.pin)" } ?? "")
        case .plainTextRefused(let host):
            self.init(.usage, what, "plain text is spoken to this machine only, not to \(host)")
        case .authenticationFailed(let refusal):
            self.init(
                .notSignedIn, what, "sign-in was refused: \(refusal.text)",
                "Make the account once: plenary-relay enrol --code CODE")
        case .authenticationUnavailable(let reason): self.init(.notSignedIn, what, reason)
        case .nicknameRefused(let refusal): self.init(.notSignedIn, what, refusal.text)
        case .refused(let refusal): self.init(refusal, doing: what)
        case .protocolViolation(let reason), .unsupported(let reason):
            self.init(.protocolBroken, what, reason)
        case .invalidArgument(let reason): self.init(.badInput, what, reason)
        case .textTooLong(let byteCount, let limit):
            self.init(.badInput, what, "the text has \(byteCount) bytes, the server takes \(limit)")
        case .timedOut: self.init(.unavailable, what, "the server did not answer in time")
        case .disconnected(let reason): self.init(.unavailable, what, "the connection was lost: \(reason)")
        case .queueIsFull, .deliveryUnknown, .eventsNotTaken, .queueFailed, .closed:
            self.init(.unavailable, what, "\(error)")
        }
    }

    /// What a refusal of the server means for the shell.
    package init(_ refusal: Refusal, doing what: String) {
        switch refusal.code {
        case "PRIVS_NEEDED":
            self.init(
                .notAllowed, what, refusal.text,
                "The account needs the permission `relay` in this channel, by a role.")
        case "NOT_ENABLED":
            self.init(
                .notAllowed, what, refusal.text,
                "A moderator switches it on (RELAY #channel ON), or the relay with --switch-on.")
        case "404", "442", "473", "474", "477", "482", "BANNED", "NOT_ALLOWED", "INVALID_TARGET":
            self.init(.notAllowed, what, refusal.text)
        default: self.init(.nothing, what, refusal.text)
        }
    }

    /// What went wrong with a file.
    package init(_ error: FileError, doing what: String, _ code: ExitCode = .cannotWrite) {
        self.init(code, what, "\(error)")
    }
}

/// Text of others as one line that does no harm on a terminal.
package enum PlainLine {
    /// Control characters and marks that turn the text around become `?`.
    package static func shown(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control, .lineSeparator, .paragraphSeparator: result.append("?")
            default: result.append(scalar.properties.isBidiControl ? "?" : scalar)
            }
        }
        return String(result)
    }
}
