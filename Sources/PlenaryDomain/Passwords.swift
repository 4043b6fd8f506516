// SPDX-License-Identifier: Apache-2.0

import PlenaryTerms

extension CommunityLimits {
    /// What is wrong with a new password of an account (limits.md 25); nil when it is good.
    package func passwordProblem(_ password: [UInt8], account: Text) -> AccountFailure? {
        guard password.count >= passwordByteLimits.lowerBound else { return .passwordTooShort }
        guard password.count <= passwordByteLimits.upperBound, OpaqueString.prepared(password) != nil else {
            return .passwordTooLong
        }
        return GuessedPasswords.contains(password, account: account.bytes) ? .passwordIsCommon : nil
    }
}

extension Community {
    private func refuse(_ code: AccountFailure) -> [Outcome] {
        [.refused(.account(AccountRefusal(verb: "PASSWORD", code: code)))]
    }

    /// PASSWORD: with the old one, or after a sign-in that proved more than a password does.
    func decidePasswordChange(
        _ old: Text, _ new: Text, _ session: Session, _ moment: Moment
    ) -> [Outcome] {
        guard let id = session.account, let account = accounts[id] else { return refuse(.accountRequired) }
        guard session.isTLS else { return refuse(.tlsRequired) }
        let name = Text(account.name.spelling)
        if let problem = policy.limits.passwordProblem(new.bytes, account: name) { return refuse(problem) }
        guard old.bytes == [42] else {
            return verification(
                of: name, password: old.bytes, for: .change(new: new.bytes), session, moment)
        }
        guard session.signIn == .certificate || session.signIn == .code else {
            return refuse(.invalidCredentials)
        }
        return [.work(.account(.hashNewPassword(id, password: new.bytes)))]
    }

    func decideOldPassword(
        _ name: Text, _ account: AccountID?, _ isCorrect: Bool, _ new: [UInt8], _ session: Session,
        _ moment: Moment
    ) -> [Outcome] {
        guard isCorrect, let account, account == session.account else {
            return noteFailure(session, account: name, moment) + refuse(.invalidCredentials)
        }
        return [.work(.account(.hashNewPassword(account, password: new)))]
    }

    /// Sets it, and ends what other sessions could come back with.
    func decideNewPassword(
        _ account: AccountID, _ hashed: HashedPassword?, _ session: Session
    ) -> [Outcome] {
        guard let hashed else { return refuse(.temporarilyUnavailable) }
        guard session.account == account else { return refuse(.accountRequired) }
        let revoked = revocations(of: account) { $0.hash != session.resumeToken }
        return credential(hashed, of: account).map { .event($0) } + revoked.map { .event($0) }
            + [.answer(.account(.passwordChanged))]
    }

    /// The events that store a password.
    func credential(_ hashed: HashedPassword, of account: AccountID) -> [Event] {
        var events: [Event] = [.credentialSet(CredentialSet(account: account, password: hashed.hash))]
        if let verifier = hashed.scram {
            let set = ScramVerifierSet(account: account, verifier: verifier)
            events.append(.account(.scramVerifierSet(set)))
        }
        return events
    }

    /// The events that revoke resume tokens of an account.
    package func revocations(
        of account: AccountID, where isMeant: (ResumeToken) -> Bool = { _ in true }
    ) -> [Event] {
        (accounts[account]?.resumeTokens ?? []).filter(isMeant).map {
            .account(.resumeTokenRevoked(ResumeTokenRevoked(account: account, tokenHash: $0.hash)))
        }
    }

    // MARK: Failed sign-ins (limits.md 23)

    /// Counts a failure, by account and network and by network alone.
    func noteFailure(_ session: Session, account: Text, _ moment: Moment) -> [Outcome] {
        [
            .presence(.rated(session.id, .failLogin, account: account, moment.steady)),
            .presence(.rated(session.id, .failLoginOfNetwork, moment.steady)),
        ]
    }

    /// Seconds by which the answer to one more failure from this network is held back: 1, 2, 4 … 32.
    func failureDelay(_ session: Session, at now: Timestamp) -> Int {
        guard policy.limits.loginDelaySecondsLimit > 0 else { return 0 }
        let count = recentCount(.failLoginOfNetwork, by: session, at: now)
        return min(1 << min(count, 16), policy.limits.loginDelaySecondsLimit)
    }

    /// Says it after the delay, or at once where there is none.
    func delayed(_ refusal: Refusal, seconds: Int, _ session: Session) -> [Outcome] {
        guard seconds > 0 else { return loginFailed(session, refusal) }
        return [.work(.account(.delayFailure(seconds: seconds, refusal)))]
    }

    // MARK: Reset codes

    /// VERIFY with the code of `plenaryd account reset`: signs in once, so that a new password can be set.
    func decideReset(_ account: Text, _ code: Text, _ session: Session, _ moment: Moment) -> [Outcome]? {
        guard let record = self.account(named: account), !record.isDisabled, let reset = record.resetCode,
            moment.now < reset.expires,
            moment.functions.sha256(Invite.normalized(code)) == reset.codeHash
        else { return nil }
        let name = Text(record.name.spelling)
        return [.event(.account(.resetCodeSet(ResetCodeSet(account: record.id, code: nil))))]
            + login(session, record.id, by: .code, moment)
            + [.answer(.registrationSucceeded(verb: "VERIFY", account: name)), .answer(.loggedIn)]
    }
}
