// SPDX-License-Identifier: Apache-2.0

import COpenSSL

/// Random bytes fit for keys, salts, tokens and serial numbers.
package enum SecureRandom {
    /// `count` random bytes. Throws `noRandomness` when the generator cannot be seeded.
    package static func bytes(_ count: Int) throws(CryptoError) -> [UInt8] {
        guard count >= 0, let length = Int32(exactly: count) else {
            throw .invalidParameter("cannot draw \(count) random bytes")
        }
        var result = [UInt8](repeating: 0, count: count)
        guard count == 0 || RAND_bytes(&result, length) == 1 else { throw .noRandomness }
        return result
    }

    /// 64 random bits.
    package static func uint64() throws(CryptoError) -> UInt64 {
        try bytes(8).reduce(0) { $0 << 8 | UInt64($1) }
    }
}
