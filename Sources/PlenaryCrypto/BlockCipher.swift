// SPDX-License-Identifier: Apache-2.0

import COpenSSL

/// AES-128 (FIPS 197) on single blocks: a keyed permutation of 128-bit numbers. It makes opaque
/// message ids out of counters; it is no way to encrypt text. Not for sharing between queues.
package final class BlockCipher {
    private let encrypting: OpaquePointer
    private let decrypting: OpaquePointer

    /// A cipher with a key of 16 bytes.
    package init(key: [UInt8]) throws(CryptoError) {
        guard key.count == 16 else { throw .invalidParameter("an AES-128 key of \(key.count) bytes") }
        guard let encrypting = EVP_CIPHER_CTX_new() else { throw .library("cipher context") }
        guard let decrypting = EVP_CIPHER_CTX_new() else {
            EVP_CIPHER_CTX_free(encrypting)
            throw .library("cipher context")
        }
        self.encrypting = encrypting
        self.decrypting = decrypting
        let isReady =
            EVP_EncryptInit_ex(encrypting, EVP_aes_128_ecb(), nil, key, nil) == 1
            && EVP_DecryptInit_ex(decrypting, EVP_aes_128_ecb(), nil, key, nil) == 1
            && EVP_CIPHER_CTX_set_padding(encrypting, 0) == 1
            && EVP_CIPHER_CTX_set_padding(decrypting, 0) == 1
        guard isReady else { throw .library("AES-128 key") }
    }

    deinit {
        EVP_CIPHER_CTX_free(encrypting)
        EVP_CIPHER_CTX_free(decrypting)
    }

    /// The block with the 64 leading bits `high` and the 64 trailing bits `low`, encrypted.
    package func encrypt(high: UInt64, low: UInt64) -> (UInt64, UInt64) {
        transform(high, low, encrypting, EVP_EncryptUpdate)
    }

    /// The inverse of `encrypt`.
    package func decrypt(high: UInt64, low: UInt64) -> (UInt64, UInt64) {
        transform(high, low, decrypting, EVP_DecryptUpdate)
    }

    private typealias Update = (
        OpaquePointer?, UnsafeMutablePointer<UInt8>?, UnsafeMutablePointer<Int32>?, UnsafePointer<UInt8>?,
        Int32
    ) -> Int32

    private func transform(
        _ high: UInt64, _ low: UInt64, _ context: OpaquePointer, _ update: Update
    )
        -> (UInt64, UInt64)
    {
        var input = (high.bigEndian, low.bigEndian)
        var output: (UInt64, UInt64) = (0, 0)
        var count: Int32 = 0
        // SAFETY: both tuples are 16 plain bytes, which is the one block that goes in and comes out
        // with padding off; the pointers do not leave the closures.
        let result = withUnsafeBytes(of: &input) { input in
            withUnsafeMutableBytes(of: &output) { output in
                update(
                    context, output.baseAddress?.assumingMemoryBound(to: UInt8.self), &count,
                    input.baseAddress?.assumingMemoryBound(to: UInt8.self), 16)
            }
        }
        precondition(result == 1 && count == 16, "AES of one block cannot fail with a valid key.")
        return (UInt64(bigEndian: output.0), UInt64(bigEndian: output.1))
    }
}
