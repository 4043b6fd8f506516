// SPDX-License-Identifier: Apache-2.0

/// Why something the application asked for did not happen.
public enum ClientError: Error, Sendable, Hashable {
    /// No connection came about: name lookup, network, or the TLS handshake; the text says which.
    case cannotReach(host: String, port: UInt16, reason: String)
    /// The server's key is not the expected one. Somebody may be in between, or the key was changed.
    case identityMismatch(expected: [Pin], found: PeerIdentity)
    /// The server's certificate is signed by no known authority, or for another name.
    case identityUnverified(found: PeerIdentity?, reason: String)
    /// Plain text is spoken to this machine only.
    case plainTextRefused(host: String)
    /// Sign-in was refused; the server's code and sentence.
    case authenticationFailed(Refusal)
    /// The server offers no way to sign in with these credentials.
    case authenticationUnavailable(String)
    /// The nickname is taken or not allowed.
    case nicknameRefused(Refusal)
    /// The server refused the command.
    case refused(Refusal)
    /// The server closed the connection; its last words.
    case disconnected(String)
    /// The server did not keep to the protocol.
    case protocolViolation(String)
    /// The server has no such feature.
    case unsupported(String)
    /// No answer came in time.
    case timedOut
    /// The text is longer than the server takes.
    case textTooLong(byteCount: Int, limit: Int)
    /// What the application gave is no valid argument; the text says what.
    case invalidArgument(String)
    /// Too many messages wait to be sent.
    case queueIsFull(limit: Int)
    /// The message may or may not have been stored, and the server cannot tell.
    case deliveryUnknown
    /// The application did not take its events.
    case eventsNotTaken(limit: Int)
    /// The queue of outgoing messages could not be read or written.
    case queueFailed(String)
    /// The application closed the connection.
    case closed

    /// Whether trying again later can help.
    var isTransient: Bool {
        switch self {
        case .cannotReach, .disconnected, .timedOut: true
        case .identityMismatch, .identityUnverified, .plainTextRefused, .authenticationFailed,
            .authenticationUnavailable, .nicknameRefused, .refused, .protocolViolation, .unsupported,
            .textTooLong, .invalidArgument, .queueIsFull, .deliveryUnknown, .eventsNotTaken, .queueFailed,
            .closed:
            false
        }
    }
}
