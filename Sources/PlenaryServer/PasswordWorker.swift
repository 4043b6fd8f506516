// SPDX-License-Identifier: Apache-2.0

import Dispatch
import PlenaryCrypto
import PlenaryDomain
import Synchronization

/// Hashes passwords on a queue of its own: 0.3 s of CPU each (limits.md 24), one at a time, and few waiting.
package final class PasswordWorker: Sendable {
    private let queue = DispatchQueue(label: "plenary.passwords")
    private let waiting = Mutex(0)
    private let waitingLimit: Int

    package init(waitingLimit: Int) { self.waitingLimit = waitingLimit }

    /// Whether the password is the one of the hash. Without a hash the same work is done in vain, so that
    /// nobody learns from the time whether an account exists. Returns false when too many wait.
    func verify(
        _ password: [UInt8], against hash: PasswordHash?, then: @escaping @Sendable (Bool) -> Void
    ) -> Bool {
        enqueue {
            let real = hash ?? PasswordWorker.decoy
            let key = try? Scrypt.derive(
                password: password, salt: real.salt, logN: real.logN, r: real.r, p: real.p,
                byteCount: real.key.count)
            let isEqual = key.map { constantTimeEquals($0, real.key) } ?? false
            then(isEqual && hash != nil)
        }
    }

    /// A new hash with today's parameters; nil when the library refused. Returns false when too many wait.
    func hash(_ password: [UInt8], then: @escaping @Sendable (PasswordHash?) -> Void) -> Bool {
        enqueue { then(try? PasswordWorker.makeHash(of: password)) }
    }

    package static func makeHash(of password: [UInt8]) throws -> PasswordHash {
        let salt = try SecureRandom.bytes(ScryptLimits.saltByteCount)
        let key = try Scrypt.derive(
            password: password, salt: salt, logN: ScryptLimits.defaultLogN, r: ScryptLimits.defaultR,
            p: ScryptLimits.defaultP,
            byteCount: ScryptLimits.keyByteCount)
        return PasswordHash(
            logN: ScryptLimits.defaultLogN, r: ScryptLimits.defaultR, p: ScryptLimits.defaultP, salt: salt,
            key: key)
    }

    private func enqueue(_ work: @escaping @Sendable () -> Void) -> Bool {
        let isTaken = waiting.withLock { count in
            guard count < waitingLimit else { return false }
            count += 1
            return true
        }
        guard isTaken else { return false }
        queue.async {
            work()
            self.waiting.withLock { $0 -= 1 }
        }
        return true
    }

    private static let decoy = PasswordHash(
        logN: ScryptLimits.defaultLogN, r: ScryptLimits.defaultR, p: ScryptLimits.defaultP,
        salt: [UInt8](repeating: 7, count: ScryptLimits.saltByteCount),
        key: [UInt8](repeating: 0, count: ScryptLimits.keyByteCount))
}
