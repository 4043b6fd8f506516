// SPDX-License-Identifier: Apache-2.0

import PlenaryTerms

/// Where a SCRAM-SHA-256 exchange stands (RFC 5802, 5; RFC 7677).
package struct ScramExchange: Hashable, Sendable {
    package var name: Text
    package var account: AccountID?
    package var verifier: ScramVerifier
    /// `client-first-message-bare`, then also `server-first-message` once it is known.
    package var clientFirst: [UInt8]
    package var serverFirst: [UInt8] = []
    package var nonce: [UInt8]
    /// The proof was right: what is left is the client's empty answer.
    package var isProven = false
}

extension Community {
    /// The client's next message: its first, its proof, or the empty answer at the end.
    func decideScram(
        _ response: [UInt8], _ exchange: ScramExchange?, _ session: Session, _ moment: Moment
    ) -> [Outcome] {
        guard let exchange else { return decideScramFirst(response, session, moment) }
        guard exchange.isProven else { return decideScramProof(response, exchange, session, moment) }
        guard response.isEmpty, let account = exchange.account, accounts[account]?.isDisabled == false else {
            return loginFailed(session)
        }
        return login(session, account, by: .password, moment)
            + [.answer(.loggedIn), .answer(.saslSucceeded)]
    }

    /// `n,[a=authzid],n=name,r=nonce`. Channel binding is not offered, so `p=` is refused (RFC 5802, 6).
    private func decideScramFirst(
        _ message: [UInt8], _ session: Session, _ moment: Moment
    ) -> [Outcome] {
        let parts = message.split(separator: 44, omittingEmptySubsequences: false)
        guard parts.count >= 4, parts[0].count == 1, parts[0].first == 110 || parts[0].first == 121,
            parts[2].starts(with: [110, 61]), parts[3].starts(with: [114, 61]),
            case let name = Text(Array(parts[2].dropFirst(2))),
            case let nonce = Array(parts[3].dropFirst(2)), !name.isEmpty, !nonce.isEmpty,
            nonce.count <= ScramLimits.nonceByteLimit,
            nonce.allSatisfy({ $0 > 32 && $0 < 127 }),
            parts[1].isEmpty || Array(parts[1]) == [97, 61] + name.bytes
        else { return loginFailed(session) }
        if rateRefusal(.failLogin, by: session.id, account: name, at: moment.steady) != nil
            || rateRefusal(.failLoginOfNetwork, by: session.id, at: moment.steady) != nil
        {
            return delayed(.saslBusy, seconds: policy.limits.loginDelaySecondsLimit, session)
        }
        let account = account(named: name).flatMap { $0.isDisabled || $0.scram == nil ? nil : $0 }
        // Somebody who does not exist, or has no verifier, is asked the same way, with a salt that stays.
        let decoy = moment.functions.decoySalt(Array(asciiFolded(name.bytes).utf8))
        let verifier =
            account?.scram
            ?? ScramVerifier(
                iterationCount: UInt32(policy.limits.scramIterationCount), salt: decoy, storedKey: [],
                serverKey: [])
        let bare = message.dropFirst(parts[0].count + parts[1].count + 2)
        let exchange = ScramExchange(
            name: name, account: account?.id, verifier: verifier, clientFirst: Array(bare), nonce: nonce)
        return [
            .presence(.saslChanged(session.id, .verifying, failed: false)),
            .work(.account(.drawSecret(.scramNonce(exchange)))),
        ]
    }

    func decideScramNonce(
        _ exchange: ScramExchange, _ nonce: Text, _ session: Session, _ moment: Moment
    ) -> [Outcome] {
        var exchange = exchange
        exchange.nonce += nonce.bytes
        let salt = moment.functions.base64Encoded(exchange.verifier.salt)
        let first =
            Array("r=".utf8) + exchange.nonce + Array(",s=".utf8) + salt
            + Array(",i=\(exchange.verifier.iterationCount)".utf8)
        exchange.serverFirst = first
        return [
            .presence(.saslChanged(session.id, .proving(exchange, received: []), failed: false)),
            .answer(.account(.challenge(Text(moment.functions.base64Encoded(first))))),
        ]
    }

    /// `c=biws,r=nonce,p=proof`; answered with `v=signature`, and 900 and 903 only after the client's `+`.
    private func decideScramProof(
        _ message: [UInt8], _ exchange: ScramExchange, _ session: Session, _ moment: Moment
    ) -> [Outcome] {
        let failure =
            noteFailure(session, account: exchange.name, moment)
            + delayed(.saslFailed, seconds: failureDelay(session, at: moment.steady), session)
        guard let last = message.lastIndex(of: 44) else { return failure }
        let withoutProof = message[..<last]
        let proofField = message[(last + 1)...]
        let parts = withoutProof.split(separator: 44, omittingEmptySubsequences: false)
        // `biws` is `n,,` and `eSws` is `y,,`; an authorization name makes them longer.
        guard parts.count >= 2, parts[0].starts(with: [99, 61]), parts[1].starts(with: [114, 61]),
            Array(parts[1].dropFirst(2)) == exchange.nonce, proofField.starts(with: [112, 61]),
            let binding = moment.functions.base64Decoded(Array(parts[0].dropFirst(2))),
            binding.starts(with: [110, 44]) || binding.starts(with: [121, 44]),
            let proof = moment.functions.base64Decoded(Array(proofField.dropFirst(2)))
        else { return failure }
        let auth = exchange.clientFirst + [44] + exchange.serverFirst + [44] + Array(withoutProof)
        guard exchange.account != nil,
            let signature = moment.functions.scramSignature(exchange.verifier, auth, proof)
        else { return failure }
        var proven = exchange
        proven.isProven = true
        let final = Array("v=".utf8) + moment.functions.base64Encoded(signature)
        return [
            .presence(.saslChanged(session.id, .proving(proven, received: []), failed: false)),
            .answer(.account(.challenge(Text(moment.functions.base64Encoded(final))))),
        ]
    }
}

/// Sizes in a SCRAM exchange.
package enum ScramLimits {
    /// Bytes of the client's nonce. Longer: 904; the server's answer must fit into 400 bytes of base64.
    package static let nonceByteLimit = 128
    /// Iterations that may be configured (RFC 7677, 4; some clients refuse more).
    package static let iterationLimits = 4096...65_536
}
