// SPDX-License-Identifier: Apache-2.0

import COpenSSL

/// X.509 certificates as PEM bytes: what a server and a device need to make, show and compare.
package enum Certificate {
    /// SHA-256 of the whole certificate in DER, 32 bytes. This is what SASL EXTERNAL compares.
    package static func fingerprint(ofPEM pem: [UInt8]) throws(CryptoError) -> [UInt8] {
        let certificate = try ParsedCertificate(pem: pem)
        return try certificate.fingerprint()
    }

    /// SHA-256 of the public key (SubjectPublicKeyInfo in DER), 32 bytes. It stays when a
    /// certificate is renewed with the same key (RFC 7469, 2.4).
    package static func publicKeyPin(ofPEM pem: [UInt8]) throws(CryptoError) -> [UInt8] {
        let certificate = try ParsedCertificate(pem: pem)
        return try certificate.publicKeyPin()
    }

    /// The last second at which the certificate is valid, in seconds since 1970 UTC.
    package static func notAfter(ofPEM pem: [UInt8]) throws(CryptoError) -> Int64 {
        let certificate = try ParsedCertificate(pem: pem)
        return try certificate.notAfter()
    }

    /// The DNS names and addresses the certificate is for, as text; other kinds are left out.
    package static func subjectAlternativeNames(ofPEM pem: [UInt8]) throws(CryptoError) -> [String] {
        let certificate = try ParsedCertificate(pem: pem)
        return certificate.subjectAlternativeNames()
    }

    /// Whether the certificate is for this DNS name or address (RFC 6125; wildcards in the leftmost label).
    package static func matches(hostname: String, pem: [UInt8]) throws(CryptoError) -> Bool {
        let certificate = try ParsedCertificate(pem: pem)
        return certificate.matches(hostname: hostname)
    }

    /// Whether the private key belongs to the (first) certificate.
    package static func keyMatches(certificatePEM: [UInt8], keyPEM: [UInt8]) throws(CryptoError) -> Bool {
        let certificate = try ParsedCertificate(pem: certificatePEM)
        let key = try PrivateKey(pem: keyPEM)
        defer { ERR_clear_error() }
        return X509_check_private_key(certificate.pointer, key.pointer) == 1
    }
}

/// A certificate the library holds. Freed with this object.
package final class ParsedCertificate {
    /// The library's certificate, owned by this object.
    package let pointer: OpaquePointer

    /// Takes over a reference that the library counted for us, or throws for none.
    package init(takingOver pointer: OpaquePointer?) throws(CryptoError) {
        guard let pointer else { throw .notACertificate }
        self.pointer = pointer
    }

    /// The first certificate of PEM bytes.
    package convenience init(pem: [UInt8]) throws(CryptoError) {
        guard let certificate = try ParsedCertificate.all(inPEM: pem, limit: 1).first else {
            throw .notACertificate
        }
        X509_up_ref(certificate.pointer)
        try self.init(takingOver: certificate.pointer)
    }

    deinit { X509_free(pointer) }

    /// Every certificate of PEM bytes in their order: the server's own first, then its issuers.
    /// Throws `notACertificate` when there is none or a block is damaged.
    package static func all(inPEM pem: [UInt8], limit: Int = 16) throws(CryptoError) -> [ParsedCertificate] {
        let source = try MemoryBIO(reading: pem)
        var found: [ParsedCertificate] = []
        ERR_clear_error()
        while found.count < limit, let pointer = PEM_read_bio_X509(source.pointer, nil, refusePassphrase, nil)
        {
            found.append(try ParsedCertificate(takingOver: pointer))
        }
        // The end of the file is told as "no start line"; anything else is a damaged block.
        let code = ERR_peek_last_error()
        ERR_clear_error()
        let isEnd = code == 0 || Int32(truncatingIfNeeded: code & 0x7FFFFF) == PEM_R_NO_START_LINE
        guard !found.isEmpty, isEnd else { throw .notACertificate }
        return found
    }

    /// SHA-256 of the DER form, 32 bytes.
    package func fingerprint() throws(CryptoError) -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: SHA256Digest.byteCount)
        var length: UInt32 = 0
        guard X509_digest(pointer, EVP_sha256(), &digest, &length) == 1, length == 32 else {
            throw .library("certificate fingerprint")
        }
        return digest
    }

    /// SHA-256 of the SubjectPublicKeyInfo, 32 bytes.
    package func publicKeyPin() throws(CryptoError) -> [UInt8] {
        var encoded: UnsafeMutablePointer<UInt8>?
        let count = i2d_PUBKEY(X509_get0_pubkey(pointer), &encoded)
        guard count > 0, let encoded else { throw .library("public key encoding") }
        // SAFETY: the library has just allocated `count` bytes here, which are ours to free.
        defer { CRYPTO_free(encoded, #file, #line) }
        return SHA256Digest.hash(UnsafeRawBufferPointer(start: encoded, count: Int(count)))
    }

    /// The last valid second, since 1970 UTC.
    package func notAfter() throws(CryptoError) -> Int64 {
        var days: Int32 = 0
        var seconds: Int32 = 0
        guard let epoch = ASN1_TIME_set(nil, 0) else { throw .library("time") }
        defer { ASN1_STRING_free(epoch) }
        guard ASN1_TIME_diff(&days, &seconds, epoch, X509_get0_notAfter(pointer)) == 1 else {
            throw .library("certificate time")
        }
        return Int64(days) * 86_400 + Int64(seconds)
    }

    /// DNS names and addresses as text.
    package func subjectAlternativeNames() -> [String] {
        defer { ERR_clear_error() }
        guard let extensionValue = X509_get_ext_d2i(pointer, NID_subject_alt_name, nil, nil) else {
            return []
        }
        let names = OpaquePointer(extensionValue)
        defer { GENERAL_NAMES_free(names) }
        var result: [String] = []
        for index in 0..<max(0, plenary_GENERAL_NAMES_count(names)) {
            var start: UnsafePointer<UInt8>?
            var count: Int32 = 0
            let type = plenary_GENERAL_NAMES_value(names, index, &start, &count)
            // SAFETY: the library owns these `count` bytes as long as `names` lives.
            let value = Array(UnsafeBufferPointer(start: start, count: Int(max(0, count))))
            if type == GEN_DNS { result.append(String(decoding: value, as: UTF8.self)) }
            if type == GEN_IPADD, let address = addressText(value) { result.append(address) }
        }
        return result
    }

    /// Whether it is for this DNS name or address.
    package func matches(hostname: String) -> Bool {
        defer { ERR_clear_error() }
        if X509_check_ip_asc(pointer, hostname, 0) == 1 { return true }
        let name = Array(hostname.utf8).map { CChar(bitPattern: $0) }
        guard !name.isEmpty else { return false }
        return X509_check_host(pointer, name, name.count, 0, nil) == 1
    }
}

/// A private key the library holds. Freed, and overwritten by the library, with this object.
package final class PrivateKey {
    /// The library's key, owned by this object.
    package let pointer: OpaquePointer

    /// Takes over a reference that the library counted for us, or throws for none.
    package init(takingOver pointer: OpaquePointer?) throws(CryptoError) {
        guard let pointer else { throw .notAPrivateKey }
        self.pointer = pointer
    }

    /// A key from PEM bytes; one protected by a passphrase is refused, never asked about.
    package convenience init(pem: [UInt8]) throws(CryptoError) {
        let source = try MemoryBIO(reading: pem)
        defer { ERR_clear_error() }
        try self.init(takingOver: PEM_read_bio_PrivateKey(source.pointer, nil, refusePassphrase, nil))
    }

    deinit { EVP_PKEY_free(pointer) }
}

/// Answers the library's question for a passphrase with none; else it would ask the terminal.
private let refusePassphrase:
    @convention(c) (UnsafeMutablePointer<CChar>?, Int32, Int32, UnsafeMutableRawPointer?) -> Int32 = {
        _, _, _, _ in 0
    }

private func addressText(_ bytes: [UInt8]) -> String? {
    switch bytes.count {
    case 4:
        return bytes.map(String.init).joined(separator: ".")
    case 16:
        let groups = stride(from: 0, to: 16, by: 2).map { UInt16(bytes[$0]) << 8 | UInt16(bytes[$0 + 1]) }
        return groups.map { String($0, radix: 16) }.joined(separator: ":")
    default:
        return nil
    }
}
