// SPDX-License-Identifier: Apache-2.0

import COpenSSL

/// Why TLS could not be set up or went wrong.
package enum TLSError: Error, Hashable, Sendable {
    /// The certificate chain is no PEM, or the library does not accept it.
    case invalidCertificate(String)
    /// The private key is no PEM, or protected by a passphrase.
    case invalidKey
    /// The private key does not belong to the certificate.
    case keyDoesNotMatch
    /// The authorities' certificates could not be loaded.
    case noAuthorities(String)
    /// The library refused an option; its words.
    case setupFailed(String)
    /// The peer gave up and said why: the alert's number (RFC 8446, 6).
    case alertReceived(UInt8)
    /// The peer broke the protocol or offered nothing we accept; the library's number and words.
    case protocolFailed(reason: Int32, text: String)
    /// The server's certificate is not trusted; the library's number and words.
    case certificateRejected(code: Int, text: String)
    /// The server's public key is not the one expected.
    case pinMismatch

    /// The library's newest record on this thread as an error of the protocol; empties the record.
    static func failure() -> TLSError {
        var code = ERR_peek_last_error()
        // The first record is the cause; later ones only tell where it passed through.
        let first = ERR_get_error()
        if first != 0 { code = first }
        ERR_clear_error()
        let reason = Int32(truncatingIfNeeded: code & 0x7FFFFF)
        if reason > SSL_AD_REASON_OFFSET, reason <= SSL_AD_REASON_OFFSET + 255 {
            return .alertReceived(UInt8(reason - SSL_AD_REASON_OFFSET))
        }
        return .protocolFailed(reason: reason, text: text(of: code))
    }

    /// The library's words for its newest record; empties the record.
    static func reasonText() -> String {
        let code = ERR_get_error()
        ERR_clear_error()
        return text(of: code)
    }

    private static func text(of code: UInt) -> String {
        guard code != 0, let words = ERR_reason_error_string(code) else { return "no reason given" }
        return String(cString: words)
    }
}
