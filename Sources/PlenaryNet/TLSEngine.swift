// SPDX-License-Identifier: Apache-2.0

import COpenSSL
import PlenaryCrypto

/// How the opener of a connection decides whether the server is the one it means.
package enum TLSTrust: Hashable, Sendable {
    /// By the context's authorities, and the certificate must be for the server's name.
    case authorities
    /// By SHA-256 of the server's public key, 32 bytes; name and dates do not matter.
    case pinned([UInt8])
    /// Not at all by itself: the handler looks at `PeerCertificate` in `connected` and decides.
    case callerDecides
}

/// One connection's TLS as a machine without sockets: bytes go in and out by `TLSWindows`. Not for
/// sharing between queues; the owner of the windows calls it, and after every call, also one that
/// throws, sends what is in the windows' output.
package final class TLSEngine {
    /// How far the handshake is.
    package enum Progress: Sendable {
        case completed
        /// More bytes have to come in.
        case wantsInput
        /// The output has to be taken first.
        case wantsRoom
    }

    /// What reading brought.
    package enum Reading: Hashable, Sendable {
        /// So many bytes, more than zero, were put into the buffer.
        case bytes(Int)
        /// More bytes have to come in.
        case wantsInput
        /// The output has to be taken first.
        case wantsRoom
        /// The peer said that nothing more comes (close_notify).
        case ended
    }

    /// Whether the handshake has ended well.
    package private(set) var isEstablished = false

    private let ssl: OpaquePointer
    private let context: TLSContext
    private let windows: TLSWindows
    private let trust: TLSTrust
    private var hello: HelloMeasure
    private var hasFailed = false

    /// The accepting end of a connection.
    package static func server(context: TLSContext, windows: TLSWindows) throws(TLSError) -> TLSEngine {
        precondition(context.role == .server, "A server needs a server's context.")
        let engine = try TLSEngine(context, windows, .callerDecides)
        SSL_set_accept_state(engine.ssl)
        return engine
    }

    /// The opening end of a connection. `serverName` is a DNS name, which is also announced (SNI),
    /// or an address.
    package static func client(
        context: TLSContext, windows: TLSWindows, serverName: String, trust: TLSTrust
    ) throws(TLSError) -> TLSEngine {
        precondition(context.role == .client, "A client needs a client's context.")
        let engine = try TLSEngine(context, windows, trust)
        SSL_set_connect_state(engine.ssl)
        try engine.expect(serverName)
        return engine
    }

    private init(_ context: TLSContext, _ windows: TLSWindows, _ trust: TLSTrust) throws(TLSError) {
        ERR_clear_error()
        guard let ssl = SSL_new(context.pointer) else { throw .setupFailed(TLSError.reasonText()) }
        guard let stream = windows.makeStream() else {
            SSL_free(ssl)
            throw .setupFailed(TLSError.reasonText())
        }
        // One stream for both directions: the library takes over the one reference.
        SSL_set_bio(ssl, stream, stream)
        self.ssl = ssl
        self.context = context
        self.windows = windows
        self.trust = trust
        hello = HelloMeasure(byteLimit: context.clientHelloByteLimit)
    }

    deinit { SSL_free(ssl) }

    private func expect(_ serverName: String) throws(TLSError) {
        let isAddress = (try? NetworkAddress(numeric: serverName, port: 0)) != nil
        let isSet: Bool
        if isAddress {
            isSet = X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), serverName) == 1
        } else {
            isSet =
                plenary_SSL_set_tlsext_host_name(ssl, serverName) == 1
                && X509_VERIFY_PARAM_set1_host(SSL_get0_param(ssl), serverName, 0) == 1
        }
        guard isSet else { throw .setupFailed("server name \(serverName)") }
        switch trust {
        case .authorities:
            SSL_set_verify(ssl, SSL_VERIFY_PEER, nil)
        case .pinned, .callerDecides:
            // The verdict is recorded, but it is not the library that acts on it.
            SSL_set_verify(ssl, SSL_VERIFY_PEER, acceptAnyCertificate)
        }
    }

    /// Goes on with the handshake as far as the input allows.
    package func handshake() throws(TLSError) -> Progress {
        if isEstablished { return .completed }
        if context.role == .server {
            do { try hello.look(at: windows.unread) } catch {
                hasFailed = true
                throw error
            }
        }
        ERR_clear_error()
        let result = SSL_do_handshake(ssl)
        if result == 1 {
            try checkPin()
            isEstablished = true
            return .completed
        }
        switch SSL_get_error(ssl, result) {
        case SSL_ERROR_WANT_READ: return .wantsInput
        case SSL_ERROR_WANT_WRITE: return .wantsRoom
        default: throw failure()
        }
    }

    /// Decrypts into `buffer`, which must have room for at least one byte.
    package func read(into buffer: UnsafeMutableRawBufferPointer) throws(TLSError) -> Reading {
        ERR_clear_error()
        var count = 0
        let result = SSL_read_ex(ssl, buffer.baseAddress, buffer.count, &count)
        if result == 1 { return .bytes(count) }
        switch SSL_get_error(ssl, result) {
        case SSL_ERROR_WANT_READ: return .wantsInput
        case SSL_ERROR_WANT_WRITE: return .wantsRoom
        case SSL_ERROR_ZERO_RETURN: return .ended
        default: throw failure()
        }
    }

    /// Encrypts the beginning of `bytes`, at most one record's worth, and says how many bytes that
    /// was; 0 when the output has to be taken first, and then the same bytes have to be offered again.
    package func write(_ bytes: UnsafeRawBufferPointer) throws(TLSError) -> Int {
        guard !bytes.isEmpty else { return 0 }
        ERR_clear_error()
        var count = 0
        let result = SSL_write_ex(ssl, bytes.baseAddress, bytes.count, &count)
        if result == 1 { return count }
        switch SSL_get_error(ssl, result) {
        case SSL_ERROR_WANT_READ, SSL_ERROR_WANT_WRITE: return 0
        default: throw failure()
        }
    }

    /// Says that nothing more will be written (close_notify). A handshake under way just ends.
    package func close() {
        guard isEstablished, !hasFailed else { return }
        ERR_clear_error()
        // The result only tells whether the peer has said the same, which nobody waits for.
        _ = SSL_shutdown(ssl)
        ERR_clear_error()
    }

    /// What the handshake agreed on; nil before its end.
    package func info() throws(TLSError) -> HandshakeInfo? {
        guard isEstablished else { return nil }
        var start: UnsafePointer<UInt8>?
        var count: UInt32 = 0
        SSL_get0_alpn_selected(ssl, &start, &count)
        // SAFETY: the library owns these `count` bytes as long as the connection lives.
        let selected = UnsafeBufferPointer(start: start, count: start == nil ? 0 : Int(count))
        return HandshakeInfo(
            version: text(SSL_get_version(ssl)),
            cipherName: text(SSL_CIPHER_get_name(SSL_get_current_cipher(ssl))),
            serverName: SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name).map { text($0).lowercased() },
            applicationProtocol: selected.isEmpty ? nil : String(decoding: selected, as: UTF8.self),
            peerCertificate: try peerCertificate())
    }

    private func peerCertificate() throws(TLSError) -> PeerCertificate? {
        guard let pointer = SSL_get1_peer_certificate(ssl) else { return nil }
        let verdict = SSL_get_verify_result(ssl)
        do {
            let certificate = try ParsedCertificate(takingOver: pointer)
            return PeerCertificate(
                fingerprint: try certificate.fingerprint(), publicKeyPin: try certificate.publicKeyPin(),
                notAfter: try certificate.notAfter(), names: certificate.subjectAlternativeNames(),
                isTrusted: verdict == X509_V_OK && context.role == .client,
                distrustReason: verdict == X509_V_OK ? "" : text(X509_verify_cert_error_string(verdict)))
        } catch {
            throw .invalidCertificate("the peer's certificate cannot be read")
        }
    }

    private func checkPin() throws(TLSError) {
        guard case .pinned(let pin) = trust else { return }
        guard let certificate = try peerCertificate(), constantTimeEquals(certificate.publicKeyPin, pin)
        else {
            hasFailed = true
            throw .pinMismatch
        }
    }

    private func failure() -> TLSError {
        hasFailed = true
        let verdict = SSL_get_verify_result(ssl)
        let error = TLSError.failure()
        if trust == .authorities, verdict != X509_V_OK, !isEstablished {
            return .certificateRejected(code: verdict, text: text(X509_verify_cert_error_string(verdict)))
        }
        return error
    }

    private func text(_ words: UnsafePointer<CChar>?) -> String {
        words.map { String(cString: $0) } ?? ""
    }
}
