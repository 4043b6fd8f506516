// SPDX-License-Identifier: Apache-2.0

/// What a command tells the shell: the codes of `plenary` (sysexits.h where it has a word for it).
package enum ExitCode: Int32, Sendable {
    /// Done; for an import: durable on the server.
    case done = 0
    /// Something is missing, silent or refused.
    case nothing = 1
    /// Wrong use of the command line.
    case usage = 64
    /// Input that cannot be read.
    case badInput = 65
    /// The server, or the other side, cannot be reached.
    case unavailable = 69
    /// A file cannot be made.
    case cannotCreate = 73
    /// A file cannot be written.
    case cannotWrite = 74
    /// The server broke the protocol, or lacks what the relay needs.
    case protocolBroken = 76
    /// Not allowed: permission, or a channel that is not on the list.
    case notAllowed = 77
    /// The configuration is wrong.
    case configuration = 78
    /// Not signed in, or sign-in refused.
    case notSignedIn = 79
    /// The server's identity does not match.
    case identity = 80
    /// Stopped by SIGINT.
    case interrupted = 130
    /// Stopped by SIGTERM.
    case terminated = 143
}
