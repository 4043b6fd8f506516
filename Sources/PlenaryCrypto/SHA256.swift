// SPDX-License-Identifier: Apache-2.0

import COpenSSL

/// SHA-256 (FIPS 180-4) of bytes that are at hand as a whole.
package enum SHA256Digest {
    /// Bytes of a digest.
    package static let byteCount = 32

    /// The digest of `bytes`, 32 bytes.
    package static func hash(_ bytes: some Collection<UInt8>) -> [UInt8] {
        if let digest = bytes.withContiguousStorageIfAvailable({ hash(UnsafeRawBufferPointer($0)) }) {
            return digest
        }
        return Array(bytes).withUnsafeBytes { hash($0) }
    }

    /// The digest of bytes in memory, 32 bytes.
    package static func hash(_ bytes: UnsafeRawBufferPointer) -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: byteCount)
        var length: UInt32 = 0
        let result = EVP_Digest(bytes.baseAddress, bytes.count, &digest, &length, EVP_sha256(), nil)
        precondition(result == 1 && length == 32, "SHA-256 of memory fails only without memory.")
        return digest
    }
}

/// SHA-256 of bytes that arrive piece by piece, such as a whole log segment. Not for sharing
/// between queues.
package final class SHA256Hasher {
    private let context: OpaquePointer

    /// A hasher that has seen nothing.
    package init() {
        guard let context = EVP_MD_CTX_new(), EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1 else {
            preconditionFailure("SHA-256 can be started unless memory is exhausted.")
        }
        self.context = context
    }

    deinit { EVP_MD_CTX_free(context) }

    /// Adds bytes in memory.
    package func update(_ bytes: UnsafeRawBufferPointer) {
        let result = EVP_DigestUpdate(context, bytes.baseAddress, bytes.count)
        precondition(result == 1, "SHA-256 takes any number of bytes.")
    }

    /// Adds bytes.
    package func update(_ bytes: some Collection<UInt8>) {
        let isDone: Void? = bytes.withContiguousStorageIfAvailable { update(UnsafeRawBufferPointer($0)) }
        if isDone == nil { Array(bytes).withUnsafeBytes { update($0) } }
    }

    /// The digest of everything added, 32 bytes; the hasher then starts afresh.
    package func finalize() -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: SHA256Digest.byteCount)
        var length: UInt32 = 0
        let isFinal = EVP_DigestFinal_ex(context, &digest, &length) == 1
        let isRestarted = EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1
        precondition(isFinal && isRestarted && length == 32, "SHA-256 always has a digest.")
        return digest
    }
}

/// HMAC with SHA-256 (RFC 2104, RFC 4231).
package enum HMACSHA256 {
    /// The code of `message` under `key`, 32 bytes. A key may have any length.
    package static func authenticate(
        _ message: some Collection<UInt8>, key: some Collection<UInt8>
    ) -> [UInt8] {
        let message = Array(message)
        // A pointer must be given even for an empty key, so one byte stands behind it.
        var key = Array(key)
        let keyCount = Int32(clamping: key.count)
        key.append(0)
        var code = [UInt8](repeating: 0, count: 32)
        var length: UInt32 = 0
        let result = HMAC(EVP_sha256(), key, keyCount, message, message.count, &code, &length)
        OPENSSL_cleanse(&key, key.count)
        precondition(result != nil && length == 32, "HMAC of memory fails only without memory.")
        return code
    }
}

/// Whether two byte strings are equal, in a time that depends on their lengths alone.
package func constantTimeEquals(_ left: some Collection<UInt8>, _ right: some Collection<UInt8>) -> Bool {
    let left = Array(left)
    let right = Array(right)
    guard left.count == right.count else { return false }
    return left.isEmpty || CRYPTO_memcmp(left, right, left.count) == 0
}
