// SPDX-License-Identifier: Apache-2.0

/// What is known of a connection from its socket and its handshake.
package struct ConnectionInfo: Sendable {
    /// Where the peer is.
    package let remote: NetworkAddress
    /// The listener that accepted it; -1 for a connection that was opened from here.
    package let listenerIndex: Int
    /// Whether bytes travel under TLS.
    package let isTLS: Bool
    /// What the handshake agreed on; nil before its end and without TLS.
    package let handshake: HandshakeInfo?

    /// Whether the peer is on this host.
    package var isLoopback: Bool { remote.isLoopback }
    /// SHA-256 of the peer's certificate, 32 bytes; nil when it showed none.
    package var peerCertificateFingerprint: [UInt8]? { handshake?.peerCertificate?.fingerprint }
    /// The protocol version, such as `TLSv1.3`.
    package var tlsVersion: String? { handshake?.version }
    /// The cipher suite by its OpenSSL name.
    package var cipherName: String? { handshake?.cipherName }
    /// The server name the client asked for (SNI).
    package var serverName: String? { handshake?.serverName }
}

/// What a TLS handshake agreed on.
package struct HandshakeInfo: Sendable {
    /// The protocol version, such as `TLSv1.3`.
    package let version: String
    /// The cipher suite by its OpenSSL name.
    package let cipherName: String
    /// The server name the client asked for (SNI), in lower case as it came; nil for none.
    package let serverName: String?
    /// The application protocol agreed on (ALPN); nil for none.
    package let applicationProtocol: String?
    /// The peer's certificate; nil when it showed none.
    package let peerCertificate: PeerCertificate?
}

/// A certificate the peer proved to have the key of.
package struct PeerCertificate: Hashable, Sendable {
    /// SHA-256 of the certificate, 32 bytes.
    package let fingerprint: [UInt8]
    /// SHA-256 of its public key, 32 bytes.
    package let publicKeyPin: [UInt8]
    /// Its last valid second, since 1970 UTC.
    package let notAfter: Int64
    /// The names and addresses it is for.
    package let names: [String]
    /// Whether a known authority vouches for it and, for a server, whether the name is right.
    /// A server never asks this of its clients; there it says nothing.
    package let isTrusted: Bool
    /// Why it is not trusted, in the library's words; empty when it is.
    package let distrustReason: String
}
