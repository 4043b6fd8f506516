// SPDX-License-Identifier: Apache-2.0

import Dispatch
import PlenaryCrypto
import PlenaryDomain
import PlenaryTerms

/// The answer to a failed sign-in that is held back (limits.md 23).
struct DelayedFailure: Sendable {
    /// Monotonic microseconds.
    var due: Int64
    var session: SessionID
    var refusal: Refusal
}

extension CommunityOwner {
    /// Starts work for accounts, for which the session waits; the refusal when it cannot be done.
    func start(_ work: AccountWork, for id: SessionID) -> Refusal? {
        let post = poster()
        switch work {
        case .drawSecret(let purpose):
            guard let secret = CommunityOwner.secret(for: purpose) else { return .saslBusy }
            post(.completed(id, [.accounts(.credentials(.secretDrawn(purpose, secret)))]))
            return nil
        case .hashNewPassword(let account, let password):
            let isTaken = passwords.hash(password, scramIterationCount: scramIterationCount) { hashed in
                post(.completed(id, [.accounts(.credentials(.newPasswordHashed(account, hashed)))]))
            }
            let busy = AccountRefusal(verb: "PASSWORD", code: .temporarilyUnavailable)
            return isTaken ? nil : .account(busy)
        case .delayFailure(let seconds, let refusal):
            let due = clock.monotonic() + Int64(seconds) * 1_000_000
            delays.append(DelayedFailure(due: due, session: id, refusal: refusal))
            wake(inMicroseconds: Int64(seconds) * 1_000_000)
            return nil
        }
    }

    /// Iterations of new SCRAM verifiers; nil where it is not offered.
    var scramIterationCount: Int? {
        community.policy.offersScram ? community.policy.limits.scramIterationCount : nil
    }

    /// The random text for a purpose; nil when the generator fails.
    private static func secret(for purpose: SecretPurpose) -> Text? {
        switch purpose {
        case .inviteCode: return try? SecretCode.make()
        case .resumeToken: return (try? SecureRandom.bytes(32)).map { Text(hex($0)) }
        case .scramNonce: return (try? SecureRandom.bytes(18)).map { Text(base64($0)) }
        }
    }

    // MARK: Delays

    private func wake(inMicroseconds pause: Int64) {
        let post = poster()
        let moment = DispatchTime.now() + .microseconds(Int(pause) + 1000)
        executor.queue.asyncAfter(deadline: moment) { post(.delaysDue) }
    }

    /// Goes on with the sessions whose delay is over.
    func endDelays() {
        let now = clock.monotonic()
        let due = delays.filter { $0.due <= now }
        delays.removeAll { $0.due <= now }
        for delay in due {
            resume(delay.session) {
                $0.commands =
                    [.accounts(.credentials(.failureDue(delay.refusal)))] + $0.commands
            }
        }
    }
}

/// Codes that people read out and type: 80 random bits as four groups of base32.
package enum SecretCode {
    package static func make() throws -> Text {
        let letters = Array(base32(try SecureRandom.bytes(10)))
        return Text(
            stride(from: 0, to: letters.count, by: 4)
                .map { String(letters[$0..<min($0 + 4, letters.count)]) }.joined(separator: "-"))
    }
}
