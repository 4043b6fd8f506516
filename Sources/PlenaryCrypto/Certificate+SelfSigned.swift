// SPDX-License-Identifier: Apache-2.0

import COpenSSL

extension Certificate {
    /// A new P-256 key and a certificate signed by itself, both in PEM. Good for a server until its
    /// operator brings another, and for a device that is known by its fingerprint.
    ///
    /// Each subject alternative name is an IPv4 or IPv6 address, or else a DNS name in ASCII. The
    /// certificate is valid from five minutes ago, for clocks that are behind, for `validDays`.
    package static func makeSelfSigned(
        commonName: String, subjectAlternativeNames: [String], validDays: Int
    ) throws(CryptoError) -> (certificatePEM: [UInt8], keyPEM: [UInt8]) {
        guard !commonName.isEmpty, commonName.utf8.count <= 64 else {
            throw .invalidParameter("a common name has 1 to 64 bytes (RFC 5280, ub-common-name)")
        }
        guard validDays >= 1, validDays <= 36_500 else {
            throw .invalidParameter("a certificate is valid for 1 to 36,500 days")
        }
        let key = try PrivateKey(takingOver: plenary_generate_P256())
        let certificate = try ParsedCertificate(takingOver: X509_new())
        try setFields(of: certificate, key: key, commonName: commonName, validDays: validDays)
        try addExtensions(to: certificate, names: subjectAlternativeNames)
        guard X509_sign(certificate.pointer, key.pointer, EVP_sha256()) > 0 else {
            throw .library("certificate signature")
        }
        let certificateOutput = try MemoryBIO()
        let keyOutput = try MemoryBIO()
        guard PEM_write_bio_X509(certificateOutput.pointer, certificate.pointer) == 1,
            PEM_write_bio_PrivateKey(keyOutput.pointer, key.pointer, nil, nil, 0, nil, nil) == 1
        else { throw .library("PEM encoding") }
        return (certificateOutput.contents(), keyOutput.contents())
    }

    private static func setFields(
        of certificate: ParsedCertificate, key: PrivateKey, commonName: String, validDays: Int
    ) throws(CryptoError) {
        // 126 random bits: positive, and 16 bytes whatever is drawn (RFC 5280, 4.1.2.2 allows 20).
        var serial = try SecureRandom.bytes(16)
        serial[0] = serial[0] & 0x3F | 0x40
        let name = Array(commonName.utf8)
        guard let number = BN_bin2bn(serial, Int32(serial.count), nil) else {
            throw .library("serial number")
        }
        defer { BN_free(number) }
        let subject = X509_get_subject_name(certificate.pointer)
        let isSet =
            X509_set_version(certificate.pointer, 2) == 1
            && BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate.pointer)) != nil
            && X509_gmtime_adj(X509_getm_notBefore(certificate.pointer), -300) != nil
            && X509_time_adj_ex(X509_getm_notAfter(certificate.pointer), Int32(validDays), 0, nil) != nil
            && X509_set_pubkey(certificate.pointer, key.pointer) == 1
            && X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8, name, Int32(name.count), -1, 0) == 1
            && X509_set_issuer_name(certificate.pointer, subject) == 1
        guard isSet else { throw .library("certificate fields") }
    }

    private static func addExtensions(to certificate: ParsedCertificate, names: [String]) throws(CryptoError)
    {
        // Its own authority, so that a client which trusts this very certificate can verify it.
        let constants: [(Int32, String)] = [
            (NID_basic_constraints, "critical,CA:TRUE,pathlen:0"),
            (NID_key_usage, "critical,digitalSignature,keyCertSign"),
            (NID_ext_key_usage, "serverAuth,clientAuth"),
            (NID_subject_key_identifier, "hash"),
        ]
        for (identifier, value) in constants {
            guard plenary_X509_add_constant_extension(certificate.pointer, identifier, value) == 1 else {
                throw .library("certificate extension")
            }
        }
        guard !names.isEmpty else { return }
        guard let list = GENERAL_NAMES_new() else { throw .library("certificate names") }
        defer { GENERAL_NAMES_free(list) }
        for name in names {
            guard let entry = try generalName(name), plenary_GENERAL_NAMES_push(list, entry) == 1 else {
                throw .library("certificate names")
            }
        }
        guard
            X509_add1_ext_i2d(certificate.pointer, NID_subject_alt_name, UnsafeMutableRawPointer(list), 0, 0)
                == 1
        else { throw .library("certificate names") }
    }

    private static func generalName(_ name: String) throws(CryptoError) -> UnsafeMutablePointer<GENERAL_NAME>?
    {
        if let address = plenary_GENERAL_NAME_ip(name) { return address }
        ERR_clear_error()
        let isPlain = name.utf8.allSatisfy { $0 > 32 && $0 < 127 }
        guard isPlain, !name.isEmpty, name.utf8.count <= 253 else {
            throw .invalidParameter("\"\(name)\" is neither an address nor a DNS name in ASCII")
        }
        return plenary_GENERAL_NAME_dns(name, Int32(name.utf8.count))
    }
}
