// SPDX-License-Identifier: Apache-2.0

/// What a command tells the shell (sysexits.h where it has a word for it). Part of the interface: scripts
/// rely on these.
package enum ExitCode: Int32, Sendable {
    /// Done; for `post`: durable on the server.
    case done = 0
    /// Nothing found, or refused for a reason without a code of its own.
    case nothing = 1
    /// Wrong use of the command line.
    case usage = 64
    /// Input that is not UTF-8, or too long.
    case badInput = 65
    /// No such channel, message or person.
    case notFound = 66
    /// The server cannot be reached.
    case unavailable = 69
    /// Our own mistake.
    case bug = 70
    /// A file cannot be made.
    case cannotCreate = 73
    /// A file cannot be written.
    case cannotWrite = 74
    /// Not yet: kept in the local queue, or rate limited.
    case notYet = 75
    /// The server broke the protocol, or lacks what the command needs.
    case protocolBroken = 76
    /// Not allowed: role, muted, banned, closed.
    case notAllowed = 77
    /// The configuration is wrong.
    case configuration = 78
    /// Not signed in, or sign-in refused.
    case notSignedIn = 79
    /// The server's identity does not match.
    case identity = 80
    /// `--timeout` has passed.
    case timedOut = 124
    /// Stopped by SIGINT.
    case interrupted = 130
    /// Stopped by SIGTERM.
    case terminated = 143
}
