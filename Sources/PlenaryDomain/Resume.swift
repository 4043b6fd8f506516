// SPDX-License-Identifier: Apache-2.0

import PlenaryTerms

extension Community {
    private func refuse(_ code: AccountFailure, _ context: Text) -> [Outcome] {
        [.refused(.account(AccountRefusal(verb: "RESUME", code: code, context: context)))]
    }

    /// RESUME TOKEN (docs/extensions/resume.md).
    func decideTokenRequest(_ label: Text, _ session: Session) -> [Outcome] {
        guard session.account != nil else { return refuse(.accountRequired, "TOKEN") }
        guard session.isTLS else { return refuse(.tlsRequired, "TOKEN") }
        return [.work(.account(.drawSecret(.resumeToken(label: Community.cut(label, to: 64)))))]
    }

    /// Issues it. What this session had before, what has expired, and the oldest beyond the limit goes.
    func decideToken(_ token: Text, _ label: Text, _ session: Session, _ moment: Moment) -> [Outcome] {
        guard let id = session.account, let account = accounts[id] else {
            return refuse(.accountRequired, "TOKEN")
        }
        let kept = account.resumeTokens.filter { $0.hash != session.resumeToken && moment.now < $0.expires }
        let limit = max(policy.limits.resumeTokenCountLimit - 1, 0)
        let keptHashes = Set(kept.suffix(limit).map(\.hash))
        let hash = moment.functions.sha256(token.bytes)
        let expires = moment.now.advanced(bySeconds: Int64(policy.limits.resumeTokenSeconds))
        let issued = ResumeTokenIssued(
            account: id, tokenHash: hash, certificate: session.certificateFingerprint, label: label,
            expires: expires)
        return revocations(of: id) { !keptHashes.contains($0.hash) }.map { .event($0) } + [
            .event(.account(.resumeTokenIssued(issued))),
            .presence(.account(.tokenHeld(session.id, hash))),
            .answer(.account(.resumeToken(token, expires: expires))),
        ]
    }

    /// RESUME DROP: this session will not come back by itself.
    func decideTokenDrop(_ session: Session) -> [Outcome] {
        guard let id = session.account else { return refuse(.accountRequired, "DROP") }
        return revocations(of: id) { $0.hash == session.resumeToken }.map { .event($0) } + [
            .presence(.account(.tokenHeld(session.id, nil))), .answer(.account(.resumeDropped)),
        ]
    }

    /// SASL PLENARY-RESUME: `account NUL token`. No password hash is computed, and nothing is written. Wrong
    /// tokens have a limit of their own, so that guessing at passwords keeps nobody from coming back.
    func decideResume(_ response: [UInt8], _ session: Session, _ moment: Moment) -> [Outcome] {
        if rateRefusal(.failToken, by: session.id, at: moment.steady) != nil {
            return loginFailed(session, .saslBusy)
        }
        let parts = response.split(separator: 0, omittingEmptySubsequences: false)
        let failure: [Outcome] =
            [.presence(.rated(session.id, .failToken, moment.steady))] + loginFailed(session)
        guard parts.count == 2 else { return failure }
        let hash = moment.functions.sha256(Array(parts[1]))
        guard let account = account(named: Text(Array(parts[0]))), !account.isDisabled,
            let token = account.resumeTokens.first(where: { $0.hash == hash }), moment.now < token.expires,
            token.certificate == nil || token.certificate == session.certificateFingerprint
        else { return failure }
        return login(session, account.id, by: .token, token: hash, moment)
            + [.answer(.loggedIn), .answer(.saslSucceeded)]
    }
}
