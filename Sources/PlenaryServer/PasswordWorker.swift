// SPDX-License-Identifier: Apache-2.0

import Dispatch
import PlenaryCrypto
import PlenaryDomain
import PlenaryTerms
import Synchronization

/// Hashes passwords on a queue of its own: 0.3 s of CPU each (limits.md 24), one at a time, and few waiting.
package final class PasswordWorker: Sendable {
    private let queue = DispatchQueue(label: "plenary.passwords")
    private let waiting = Mutex(0)
    private let waitingLimit: Int
    private let cost: PasswordCost
    private let derivations = Mutex(0)

    package init(waitingLimit: Int, cost: PasswordCost = PasswordCost()) {
        self.waitingLimit = waitingLimit
        self.cost = cost
    }

    /// How many password hashes were computed, for known and unknown accounts alike.
    package var derivationCount: Int { derivations.withLock { $0 } }

    /// Whether the password is the one of the hash. Without a hash the same work is done in vain, so that
    /// nobody learns from the time whether an account exists. Returns false when too many wait.
    ///
    /// With iterations a correct password gets its SCRAM verifier, for an account that has none yet.
    func verify(
        _ password: [UInt8], against hash: PasswordHash?, scramIterationCount: Int? = nil,
        then: @escaping @Sendable (Bool, ScramVerifier?) -> Void
    ) -> Bool {
        enqueue {
            let real = hash ?? self.decoy
            self.derivations.withLock { $0 += 1 }
            let prepared = OpaqueString.prepared(password) ?? password
            let key = try? Scrypt.derive(
                password: prepared, salt: real.salt, logN: real.logN, r: real.r, p: real.p,
                byteCount: real.key.count)
            let isEqual = key.map { constantTimeEquals($0, real.key) } ?? false
            let isCorrect = isEqual && hash != nil
            let verifier = isCorrect ? scramIterationCount : nil
            then(
                isCorrect,
                verifier.flatMap { try? PasswordWorker.makeVerifier(of: password, iterationCount: $0) })
        }
    }

    /// A new hash with today's parameters; nil when the library refused. Returns false when too many wait.
    func hash(
        _ password: [UInt8], scramIterationCount: Int?,
        then: @escaping @Sendable (HashedPassword?) -> Void
    ) -> Bool {
        enqueue {
            guard let hash = try? PasswordWorker.makeHash(of: password, cost: self.cost) else {
                return then(nil)
            }
            guard let count = scramIterationCount else {
                return then(HashedPassword(hash: hash, scram: nil))
            }
            let verifier = try? PasswordWorker.makeVerifier(of: password, iterationCount: count)
            then(HashedPassword(hash: hash, scram: verifier))
        }
    }

    package static func makeHash(
        of password: [UInt8], cost: PasswordCost = PasswordCost()
    ) throws -> PasswordHash {
        let salt = try SecureRandom.bytes(ScryptLimits.saltByteCount)
        let key = try Scrypt.derive(
            password: OpaqueString.prepared(password) ?? password, salt: salt, logN: cost.logN, r: cost.r,
            p: cost.p, byteCount: ScryptLimits.keyByteCount)
        return PasswordHash(logN: cost.logN, r: cost.r, p: cost.p, salt: salt, key: key)
    }

    /// What SCRAM-SHA-256 compares with (RFC 5802, 3).
    package static func makeVerifier(of password: [UInt8], iterationCount: Int) throws -> ScramVerifier {
        let salt = try SecureRandom.bytes(ScryptLimits.saltByteCount)
        let salted = try Scram.saltedPassword(
            OpaqueString.prepared(password) ?? password, salt: salt, iterationCount: iterationCount)
        let keys = Scram.serverKeys(saltedPassword: salted)
        return ScramVerifier(
            iterationCount: UInt32(iterationCount), salt: salt, storedKey: keys.storedKey,
            serverKey: keys.serverKey)
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

    private var decoy: PasswordHash {
        PasswordHash(
            logN: cost.logN, r: cost.r, p: cost.p,
            salt: [UInt8](repeating: 7, count: ScryptLimits.saltByteCount),
            key: [UInt8](repeating: 0, count: ScryptLimits.keyByteCount))
    }
}

/// scrypt's parameters for new hashes, and for the work that is done in vain for unknown accounts.
package struct PasswordCost: Hashable, Sendable {
    package var logN = ScryptLimits.defaultLogN
    package var r = ScryptLimits.defaultR
    package var p = ScryptLimits.defaultP
    package init() {}
}
