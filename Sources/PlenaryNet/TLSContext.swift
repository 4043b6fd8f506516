// SPDX-License-Identifier: Apache-2.0

import COpenSSL
import PlenaryCrypto

/// Certificate, key and rules that many TLS connections share. TLS 1.2 with ephemeral keys and
/// authenticated encryption, and 1.3; no renegotiation, compression, tickets, session cache or early
/// data (limits.md 39). It never changes: a renewed certificate is another context, given to the
/// listener, while old connections keep the one they began with.
package final class TLSContext: @unchecked Sendable {
    // SAFETY: configured wholly before `init` returns and only read afterwards. The library counts
    // its references and guards its inner tables itself, and allows one context to make connections
    // on several threads at once.

    /// Which end of a connection the context is for.
    package enum Role: Sendable {
        case server
        case client
    }

    /// Which end of a connection the context is for.
    package let role: Role
    /// SHA-256 of the certificate, 32 bytes; nil for a client without one.
    package let certificateFingerprint: [UInt8]?

    let pointer: OpaquePointer
    private let protocols: ProtocolList
    /// Bytes that a client's first message may have.
    let clientHelloByteLimit: Int

    /// A context for accepting connections.
    ///
    /// The chain has the server's own certificate first. A client may be asked for a certificate: it
    /// is not checked against any authority, for its fingerprint is what counts, but the client has
    /// to prove it has the key. `applicationProtocols` (ALPN) are in the order of our preference; a
    /// client that offers others only is refused (RFC 7301, 3.2), one that offers none is not.
    package static func server(
        certificateChainPEM: [UInt8], keyPEM: [UInt8], requestsClientCertificate: Bool = true,
        applicationProtocols: [String] = [], limits: NetLimits = NetLimits()
    ) throws(TLSError) -> TLSContext {
        let context = try TLSContext(
            .server, certificateChainPEM: certificateChainPEM, keyPEM: keyPEM,
            protocols: applicationProtocols,
            clientHelloByteLimit: limits.clientHelloByteLimit)
        plenary_SSL_CTX_set_max_cert_list(context.pointer, limits.clientChainByteLimit)
        if requestsClientCertificate {
            SSL_CTX_set_verify(context.pointer, SSL_VERIFY_PEER, acceptAnyCertificate)
        }
        if !applicationProtocols.isEmpty {
            let list = Unmanaged.passUnretained(context.protocols).toOpaque()
            SSL_CTX_set_alpn_select_cb(context.pointer, selectProtocol, list)
        }
        return context
    }

    /// A context for opening connections. `authorities` are trusted besides, or with
    /// `usesSystemAuthorities` off instead of, those of the system.
    package static func client(
        certificateChainPEM: [UInt8]? = nil, keyPEM: [UInt8]? = nil, authoritiesPEM: [UInt8]? = nil,
        usesSystemAuthorities: Bool = true, applicationProtocols: [String] = []
    ) throws(TLSError) -> TLSContext {
        let context = try TLSContext(
            .client, certificateChainPEM: certificateChainPEM, keyPEM: keyPEM, protocols: applicationProtocols
        )
        if usesSystemAuthorities, SSL_CTX_set_default_verify_paths(context.pointer) != 1 {
            throw .noAuthorities(TLSError.reasonText())
        }
        if let authoritiesPEM {
            try context.trust(authoritiesPEM)
        }
        let list = context.protocols.wireFormat
        if !list.isEmpty, SSL_CTX_set_alpn_protos(context.pointer, list, UInt32(list.count)) != 0 {
            throw .setupFailed("application protocols")
        }
        return context
    }

    private init(
        _ role: Role, certificateChainPEM: [UInt8]?, keyPEM: [UInt8]?, protocols: [String],
        clientHelloByteLimit: Int = .max
    )
        throws(TLSError)
    {
        ERR_clear_error()
        guard let pointer = SSL_CTX_new(role == .server ? TLS_server_method() : TLS_client_method()) else {
            throw .setupFailed(TLSError.reasonText())
        }
        self.role = role
        self.clientHelloByteLimit = clientHelloByteLimit
        self.pointer = pointer
        self.protocols = try ProtocolList(protocols)
        guard let certificateChainPEM, let keyPEM else {
            certificateFingerprint = nil
            try TLSContext.restrict(pointer)
            return
        }
        certificateFingerprint = try TLSContext.install(certificateChainPEM, keyPEM, in: pointer)
        try TLSContext.restrict(pointer)
    }

    deinit { SSL_CTX_free(pointer) }

    private static func restrict(_ pointer: OpaquePointer) throws(TLSError) {
        plenary_SSL_CTX_harden(pointer)
        let isSet =
            plenary_SSL_CTX_set_min_proto_version(pointer, TLS1_2_VERSION) == 1
            && plenary_SSL_CTX_set_max_proto_version(pointer, TLS1_3_VERSION) == 1
            && SSL_CTX_set_cipher_list(pointer, "ECDHE+AESGCM:ECDHE+CHACHA20") == 1
            && plenary_SSL_CTX_set1_groups_list(pointer, "X25519:P-256") == 1
            && SSL_CTX_set_num_tickets(pointer, 0) == 1
        guard isSet else { throw .setupFailed(TLSError.reasonText()) }
    }

    private static func install(
        _ chainPEM: [UInt8], _ keyPEM: [UInt8], in pointer: OpaquePointer
    )
        throws(TLSError) -> [UInt8]
    {
        let chain: [ParsedCertificate]
        let fingerprint: [UInt8]
        do {
            chain = try ParsedCertificate.all(inPEM: chainPEM)
            fingerprint = try chain[0].fingerprint()
        } catch {
            throw .invalidCertificate("no PEM certificate")
        }
        let key: PrivateKey
        do { key = try PrivateKey(pem: keyPEM) } catch { throw .invalidKey }
        guard SSL_CTX_use_certificate(pointer, chain[0].pointer) == 1 else {
            throw .invalidCertificate(TLSError.reasonText())
        }
        for issuer in chain.dropFirst() {
            // The context takes over one reference, this function's own goes with `chain`.
            X509_up_ref(issuer.pointer)
            guard plenary_SSL_CTX_add_extra_chain_cert(pointer, issuer.pointer) == 1 else {
                X509_free(issuer.pointer)
                throw .invalidCertificate(TLSError.reasonText())
            }
        }
        guard X509_check_private_key(chain[0].pointer, key.pointer) == 1 else {
            ERR_clear_error()
            throw .keyDoesNotMatch
        }
        guard SSL_CTX_use_PrivateKey(pointer, key.pointer) == 1 else {
            throw .setupFailed(TLSError.reasonText())
        }
        return fingerprint
    }

    private func trust(_ pem: [UInt8]) throws(TLSError) {
        do {
            let store = SSL_CTX_get_cert_store(pointer)
            for certificate in try ParsedCertificate.all(inPEM: pem, limit: 1000) {
                guard X509_STORE_add_cert(store, certificate.pointer) == 1 else {
                    throw TLSError.noAuthorities(TLSError.reasonText())
                }
            }
        } catch let error as TLSError {
            throw error
        } catch {
            throw .noAuthorities("no PEM certificates")
        }
    }
}

/// Application protocols in the form of the handshake: each name behind its length.
private final class ProtocolList: Sendable {
    let wireFormat: [UInt8]

    init(_ names: [String]) throws(TLSError) {
        var bytes: [UInt8] = []
        for name in names {
            guard let count = UInt8(exactly: name.utf8.count), count > 0 else {
                throw .setupFailed("an application protocol's name has 1 to 255 bytes")
            }
            bytes.append(count)
            bytes.append(contentsOf: name.utf8)
        }
        guard bytes.count <= 65_535 else { throw .setupFailed("too many application protocols") }
        wireFormat = bytes
    }
}

/// Any certificate will do where only its fingerprint counts; the library still makes the peer
/// prove that it has the key.
let acceptAnyCertificate: @convention(c) (Int32, OpaquePointer?) -> Int32 = { _, _ in 1 }

private let selectProtocol:
    @convention(c) (
        OpaquePointer?, UnsafeMutablePointer<UnsafePointer<UInt8>?>?, UnsafeMutablePointer<UInt8>?,
        UnsafePointer<UInt8>?, UInt32, UnsafeMutableRawPointer?
    ) -> Int32 = { _, selected, selectedCount, offered, offeredCount, argument in
        guard let argument, let offered, let selected, let selectedCount else {
            return SSL_TLSEXT_ERR_ALERT_FATAL
        }
        // SAFETY: the argument is the context's list, which lives as long as the context, and every
        // engine keeps its context; the library gives `offeredCount` valid bytes.
        let ours = Unmanaged<ProtocolList>.fromOpaque(argument).takeUnretainedValue().wireFormat
        let theirs = UnsafeBufferPointer(start: offered, count: Int(offeredCount))
        var place = 0
        while place < ours.count {
            let name = ours[place + 1..<place + 1 + Int(ours[place])]
            var offer = 0
            while offer < theirs.count, offer + 1 + Int(theirs[offer]) <= theirs.count {
                let count = Int(theirs[offer])
                if theirs[offer + 1..<offer + 1 + count].elementsEqual(name) {
                    // The answer has to point into memory that stays: the client's list does.
                    selected.pointee = offered + offer + 1
                    selectedCount.pointee = UInt8(count)
                    return SSL_TLSEXT_ERR_OK
                }
                offer += 1 + count
            }
            place += 1 + Int(ours[place])
        }
        return SSL_TLSEXT_ERR_ALERT_FATAL
    }
