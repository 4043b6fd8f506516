// SPDX-License-Identifier: Apache-2.0

/// What a password hash costs (limits.md 24). The parameters are stored with each hash, so that
/// they can be raised later; those read back are bounded here, for a damaged or forged record must
/// not exhaust the memory.
package enum ScryptLimits {
    /// Logarithm of the cost N: 2^15.
    package static let defaultLogN: UInt8 = 15
    /// Block size r.
    package static let defaultR: UInt8 = 8
    /// Parallelism p. With N = 2^15 and r = 8: 32 MiB and about 0.3 s of one core.
    package static let defaultP: UInt8 = 3
    /// Bytes of random salt.
    package static let saltByteCount = 16
    /// Bytes of derived key.
    package static let keyByteCount = 32
    /// Largest accepted logarithm of the cost.
    package static let logNLimit: UInt8 = 20
    /// Most memory one derivation may use, in bytes.
    package static let memoryByteLimit = 256 << 20
}
