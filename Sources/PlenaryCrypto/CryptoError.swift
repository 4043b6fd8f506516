// SPDX-License-Identifier: Apache-2.0

import COpenSSL

/// Why a cryptographic operation did not succeed. Never carries secret bytes.
package enum CryptoError: Error, Hashable, Sendable {
    /// The operating system gave no random bytes.
    case noRandomness
    /// A parameter is outside of what the algorithm or our limits allow.
    case invalidParameter(String)
    /// The library refused; `reason` is its own text for the first error it recorded.
    case libraryFailed(operation: String, reason: String)
    /// The bytes are no PEM certificate.
    case notACertificate
    /// The bytes are no PEM private key, or one protected by a passphrase.
    case notAPrivateKey

    /// What the library recorded last on this thread, as an error; empties the record.
    static func library(_ operation: String) -> CryptoError {
        let code = ERR_get_error()
        ERR_clear_error()
        var text = [CChar](repeating: 0, count: 256)
        ERR_error_string_n(code, &text, text.count)
        let bytes = text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
        let reason = code == 0 ? "no reason given" : String(decoding: bytes, as: UTF8.self)
        return .libraryFailed(operation: operation, reason: reason)
    }
}
