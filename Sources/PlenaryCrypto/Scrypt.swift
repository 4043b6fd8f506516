// SPDX-License-Identifier: Apache-2.0

import COpenSSL

/// The password hash scrypt (RFC 7914). One call occupies a core for a third of a second at the
/// default cost: only on a bounded worker queue.
package enum Scrypt {
    /// `byteCount` bytes derived from `password` and `salt` at the cost N = 2^`logN`, `r`, `p`.
    /// Throws when the parameters are outside of `ScryptLimits` or memory is short.
    package static func derive(
        password: [UInt8], salt: [UInt8], logN: UInt8, r: UInt8, p: UInt8, byteCount: Int
    ) throws(CryptoError) -> [UInt8] {
        guard logN >= 1, logN <= ScryptLimits.logNLimit, r >= 1, p >= 1, byteCount >= 1, byteCount <= 1024
        else {
            throw .invalidParameter("scrypt cost 2^\(logN), r \(r), p \(p), \(byteCount) bytes")
        }
        let cost = UInt64(1) << UInt64(logN)
        let block = 128 * UInt64(r)
        let memory = block * (cost + 2 + UInt64(p)) + 65_536
        guard memory <= UInt64(ScryptLimits.memoryByteLimit) else {
            throw .invalidParameter("scrypt with \(memory) bytes of memory")
        }
        var derived = [UInt8](repeating: 0, count: byteCount)
        // The library's own limit is 32 MiB, which the default cost just exceeds, so ours is given.
        let result = password.withUnsafeBytes { password in
            EVP_PBE_scrypt(
                password.baseAddress?.assumingMemoryBound(to: CChar.self), password.count, salt, salt.count,
                cost, UInt64(r), UInt64(p), memory, &derived, byteCount)
        }
        guard result == 1 else { throw .library("scrypt") }
        return derived
    }
}

/// Overwrites secret bytes in place, in a way the compiler does not remove. It clears this copy
/// only: pass secrets by `inout`.
package func cleanse(_ secret: inout [UInt8]) {
    let count = secret.count
    secret.withUnsafeMutableBytes { OPENSSL_cleanse($0.baseAddress, count) }
    secret.removeAll()
}
