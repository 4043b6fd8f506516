// SPDX-License-Identifier: Apache-2.0

import PlenaryTerms

extension Community {
    /// AUTHENTICATE (IRCv3 sasl-3.1), REGISTER and VERIFY (account-registration), DEVICES.
    func decide(_ command: AccountCommand, by id: SessionID, at moment: Moment) -> [Outcome] {
        guard let session = sessions[id] else { return [] }
        switch command {
        case .authenticate(let text): return decideAuthenticate(text, session, moment)
        case .passwordChecked(let name, let account, let isCorrect, let scram):
            guard isCorrect, let account, let record = accounts[account], !record.isDisabled else {
                let refusal: Refusal = session.sasl == .none ? .passwordMismatch : .saslFailed
                return noteFailure(session, account: name, moment)
                    + delayed(refusal, seconds: failureDelay(session, at: moment.steady), session)
            }
            let verifier = scram.map { ScramVerifierSet(account: account, verifier: $0) }
            return (verifier.map { [.event(.account(.scramVerifierSet($0)))] } ?? [])
                + login(session, account, by: .password, moment) + [.answer(.loggedIn)]
                + saslSuccess(session)
        case .register(let account, let email, let password):
            return decideRegister(account, email, password, session, moment)
        case .passwordHashed(let name, let hash):
            guard let hash else {
                return [.refused(registration(.temporarilyUnavailable, Text(name.spelling)))]
            }
            return accept(PendingAccount(name: name, password: hash, usesCertificate: false), session, moment)
        case .credentials(let command): return decide(command, by: session, at: moment)
        case .verify(let account, let code): return decideVerify(account, code, session, moment)
        case .devices:
            guard session.account != nil else {
                return [.refused(.devices(code: .accountRequired, context: "LIST"))]
            }
            return [.answer(.devices)]
        case .deviceAdd(let label): return decideDeviceAdd(label, session)
        case .deviceRemove(let fingerprint): return decideDeviceRemoval(fingerprint, session)
        case .operate(let account, let password):
            return verification(of: account, password: password.bytes, for: .operate, session, moment)
        case .operatorChecked(let name, let account, let isCorrect):
            return decideOperator(name, account, isCorrect, session, moment)
        case .kill(let nick, let reason): return decideKill(nick, reason, session)
        }
    }

    // MARK: SASL

    private func decideAuthenticate(_ text: Text, _ session: Session, _ moment: Moment) -> [Outcome] {
        let id = session.id
        if session.account != nil { return [.refused(.saslAlready)] }
        if text.bytes == [42] {
            return [.presence(.saslChanged(id, .none, failed: false)), .refused(.saslAborted)]
        }
        switch session.sasl {
        case .verifying: return [.refused(.saslFailed)]
        case .none:
            guard session.isTLS, session.capabilities.contains(.sasl) else { return [.refused(.saslFailed)] }
            guard let mechanism = SASLMechanism(rawValue: text.string.uppercased()),
                mechanism != .scram || policy.offersScram
            else {
                return [.refused(.saslMechanisms), .refused(.saslFailed)]
            }
            if mechanism == .external, session.certificateFingerprint == nil { return loginFailed(session) }
            return [
                .presence(.saslChanged(id, .waiting(mechanism, received: []), failed: false)),
                .answer(.saslContinue),
            ]
        case .proving(let exchange, let received):
            return gathered(text, received, session, moment) { all in
                .proving(exchange, received: all)
            } whole: { response in
                decideScram(response, exchange, session, moment)
            }
        case .waiting(let mechanism, let received):
            return gathered(text, received, session, moment) { all in
                .waiting(mechanism, received: all)
            } whole: { response in
                switch mechanism {
                case .plain: decidePlain(response, session, moment)
                case .external: decideExternal(response, session, moment)
                case .scram: decideScram(response, nil, session, moment)
                case .resume: decideResume(response, session, moment)
                }
            }
        }
    }

    /// A response in pieces of 400 bytes of base64; the last is shorter, or `+` (IRCv3 sasl-3.1).
    private func gathered(
        _ text: Text, _ received: [UInt8], _ session: Session, _ moment: Moment,
        more: ([UInt8]) -> SASLState, whole: ([UInt8]) -> [Outcome]
    ) -> [Outcome] {
        let isTooLong = text.byteCount > 400 || received.count + text.byteCount > 4096
        if isTooLong {
            return [.presence(.saslChanged(session.id, .none, failed: false)), .refused(.saslTooLong)]
        }
        let all = text.bytes == [43] ? received : received + text.bytes
        if text.byteCount == 400 {
            return [.presence(.saslChanged(session.id, more(all), failed: false))]
        }
        guard let response = moment.functions.base64Decoded(all) else { return loginFailed(session) }
        return whole(response)
    }

    /// `authzid NUL authcid NUL password` (RFC 4616, 2). Acting for another account is not possible.
    private func decidePlain(_ response: [UInt8], _ session: Session, _ moment: Moment) -> [Outcome] {
        let parts = response.split(separator: 0, omittingEmptySubsequences: false)
        guard parts.count == 3, !parts[1].isEmpty, !parts[2].isEmpty, parts[0].isEmpty || parts[0] == parts[1]
        else {
            return loginFailed(session)
        }
        return [.presence(.saslChanged(session.id, .verifying, failed: false))]
            + verification(of: Text(parts[1]), password: Array(parts[2]), session, moment)
    }

    /// Asks for the hash, unless this account was guessed at too often from this network: then no work is
    /// done. Certificates are never held up by it (limits.md 23).
    func verification(
        of name: Text, password: [UInt8], for purpose: PasswordPurpose = .signIn, _ session: Session,
        _ moment: Moment
    ) -> [Outcome] {
        let refusal =
            rateRefusal(.failLogin, by: session.id, account: name, at: moment.steady)
            ?? rateRefusal(.failLoginOfNetwork, by: session.id, at: moment.steady)
        if case .rateLimited(_, let wait) = refusal {
            switch purpose {
            case .operate: return [.refused(.rateLimited(verb: "OPER", seconds: wait))]
            case .change: return [.refused(.rateLimited(verb: "PASSWORD", seconds: wait))]
            case .signIn where session.sasl == .none:
                return [.refused(.rateLimited(verb: "PASS", seconds: wait))]
            // The same words as for a wrong password, after the longest delay: nothing is learnt by trying.
            case .signIn:
                return delayed(.saslBusy, seconds: policy.limits.loginDelaySecondsLimit, session)
            }
        }
        let account = account(named: name).flatMap { $0.isDisabled ? nil : $0 }
        return [
            .work(
                .verifyPassword(
                    name: name, account: account?.id, hash: account?.password, password: password,
                    purpose: purpose)
            )
        ]
    }

    private func decideExternal(_ response: [UInt8], _ session: Session, _ moment: Moment) -> [Outcome] {
        guard let fingerprint = session.certificateFingerprint, let id = accountsByCertificate[fingerprint],
            let account = accounts[id], !account.isDisabled,
            response.isEmpty || asciiFolded(response) == account.name.key
        else { return loginFailed(session) }
        return login(session, id, by: .certificate, moment) + [.answer(.loggedIn)] + saslSuccess(session)
    }

    /// 903 belongs to SASL alone; a sign-in by PASS hears 900 only.
    private func saslSuccess(_ session: Session) -> [Outcome] {
        session.sasl == .none ? [] : [.answer(.saslSucceeded)]
    }

    func login(
        _ session: Session, _ account: AccountID, by way: SignIn, token: [UInt8]? = nil, _ moment: Moment
    ) -> [Outcome] {
        let host = moment.functions.hostOfAccount(account)
        return [
            .presence(.loggedIn(session.id, account, host: host == session.host ? nil : host)),
            .presence(.account(.signedIn(session.id, way, token: token))),
        ]
    }

    func loginFailed(_ session: Session, _ refusal: Refusal = .saslFailed) -> [Outcome] {
        let isLast = session.saslFailureCount + 1 >= policy.limits.saslFailureCountLimit
        return [.presence(.saslChanged(session.id, .none, failed: true)), .refused(refusal)]
            + (isLast ? [.work(.close(reason: .saslFailures))] : [])
    }

    // MARK: Registration

    private func registration(
        _ code: RegistrationFailure, _ account: Text, verb: Text = "REGISTER"
    ) -> Refusal {
        .registration(verb: verb, code: code, account: account)
    }

    private func decideRegister(
        _ account: Text, _ email: Text, _ password: Text, _ session: Session, _ moment: Moment
    ) -> [Outcome] {
        let wanted = account.bytes == [42] ? Text(session.nickname?.spelling ?? "*") : account
        func refuse(_ code: RegistrationFailure) -> [Outcome] { [.refused(registration(code, wanted))] }
        guard session.account == nil else { return refuse(.alreadyAuthenticated) }
        // Who has an invite is counted by the invite; who guesses at codes, by network.
        let act: RatedAct = policy.profile == .closed ? .failCode : .createAccount
        if case .rateLimited(_, let wait) = rateRefusal(act, by: session.id, at: moment.steady) {
            return [.refused(.rateLimited(verb: "REGISTER", seconds: wait))]
        }
        guard wanted.bytes != [42] else { return refuse(.needNick) }
        guard let name = try? AccountName(wanted.bytes), !Community.isReserved(name) else {
            return refuse(.badAccountName)
        }
        let holder = self.session(named: wanted)
        guard accountsByName[name.key] == nil, holder == nil || holder?.id == session.id else {
            return refuse(.accountExists)
        }
        if password.bytes == [42] {
            guard let fingerprint = session.certificateFingerprint, accountsByCertificate[fingerprint] == nil
            else {
                return refuse(.unacceptablePassword)
            }
            return accept(PendingAccount(name: name, password: nil, usesCertificate: true), session, moment)
        }
        switch policy.limits.passwordProblem(password.bytes, account: Text(name.spelling)) {
        case nil: break
        case .passwordTooShort: return refuse(.weakPassword)
        case .passwordIsCommon:
            return [
                .refused(
                    .account(AccountRefusal(verb: "REGISTER", code: .passwordIsCommon, context: wanted)))
            ]
        default: return refuse(.unacceptablePassword)
        }
        return [.work(.hashPassword(name: name, password: password.bytes))]
    }

    /// In the closed profile the account waits for its invite code; in the open one it exists at once.
    private func accept(_ pending: PendingAccount, _ session: Session, _ moment: Moment) -> [Outcome] {
        let name = Text(pending.name.spelling)
        guard accountsByName[pending.name.key] == nil else {
            return [.refused(registration(.accountExists, name))]
        }
        if policy.profile == .closed {
            return [
                .presence(.pendingAccountSet(session.id, pending)),
                .answer(.verificationRequired(account: name)),
            ]
        }
        return creation(of: pending, role: .member, session, moment, verb: "REGISTER")
    }

    private func creation(
        of pending: PendingAccount, role: ServerRole, _ session: Session, _ moment: Moment, verb: Text
    ) -> [Outcome] {
        let id = AccountID(nextAccountID)
        let name = Text(pending.name.spelling)
        var outcomes: [Outcome] = [
            .event(.accountCreated(AccountCreated(account: id, name: name, role: role)))
        ]
        if let hashed = pending.password {
            outcomes += credential(hashed, of: id).map { .event($0) }
        }
        if pending.usesCertificate, let fingerprint = session.certificateFingerprint {
            outcomes.append(
                .event(
                    .certificateAdded(
                        CertificateAdded(account: id, fingerprint: fingerprint, label: "first device"))))
        }
        if verb == "REGISTER" {
            outcomes.append(.presence(.rated(session.id, .createAccount, moment.steady)))
        }
        return outcomes + [.presence(.pendingAccountSet(session.id, nil))]
            + login(session, id, by: pending.usesCertificate ? .certificate : .registration, moment) + [
                .answer(.registrationSucceeded(verb: verb, account: name)), .answer(.loggedIn),
            ]
    }

    private func decideVerify(
        _ account: Text, _ code: Text, _ session: Session, _ moment: Moment
    ) -> [Outcome] {
        func refuse(_ failure: RegistrationFailure) -> [Outcome] {
            [.refused(registration(failure, account, verb: "VERIFY"))]
        }
        guard session.account == nil else { return refuse(.alreadyAuthenticated) }
        if let refusal = rateRefusal(.failCode, by: session.id, at: moment.steady) {
            return [.refused(refusal)]
        }
        guard let pending = session.pendingAccount, asciiFolded(account.bytes) == pending.name.key else {
            if let outcomes = decideReset(account, code, session, moment) { return outcomes }
            return [.presence(.rated(session.id, .failCode, moment.steady))] + refuse(.invalidCode)
        }
        let hash = moment.functions.sha256(Invite.normalized(code))
        guard let invite = invites[hash], invite.isUsable(at: moment.now),
            invite.created.accountName.map({ asciiFolded($0.bytes) == pending.name.key }) ?? true
        else {
            let isLast = session.saslFailureCount + 1 >= policy.limits.saslFailureCountLimit
            return [
                .presence(.rated(session.id, .failCode, moment.steady)),
                .presence(.saslChanged(session.id, session.sasl, failed: true)),
            ] + refuse(.invalidCode)
                + (isLast ? [.work(.close(reason: .saslFailures))] : [])
        }
        guard accountsByName[pending.name.key] == nil else { return refuse(.accountExists) }
        let id = AccountID(nextAccountID)
        let seats = invite.created.channels.compactMap { channel(named: $0) }.filter {
            $0.flags.contains(.inviteOnly)
        }
        return [.event(.inviteRedeemed(InviteRedeemed(codeHash: hash, account: id)))]
            + creation(of: pending, role: invite.created.role, session, moment, verb: "VERIFY")
            + seats.map {
                .event(.memberRoleSet(MemberRoleSet(channel: $0.id, account: id, role: .voice, actor: nil)))
            }
    }

    // MARK: Devices

    private func decideDeviceAdd(_ label: Text, _ session: Session) -> [Outcome] {
        func refuse(_ code: DeviceFailure) -> [Outcome] { [.refused(.devices(code: code, context: "ADD"))] }
        guard let id = session.account, let account = accounts[id] else { return refuse(.accountRequired) }
        guard let fingerprint = session.certificateFingerprint else { return refuse(.certificateRequired) }
        guard accountsByCertificate[fingerprint] == nil else { return refuse(.certificateInUse) }
        guard account.certificates.count < policy.limits.certificateCountLimit else {
            return refuse(.limitReached)
        }
        let added = CertificateAdded(
            account: id, fingerprint: fingerprint, label: Community.cut(label, to: 64))
        return [
            .event(.certificateAdded(added)),
            .answer(.deviceAdded(fingerprint: fingerprint, label: added.label)),
        ]
    }

    private func decideDeviceRemoval(_ fingerprint: [UInt8], _ session: Session) -> [Outcome] {
        func refuse(_ code: DeviceFailure) -> [Outcome] {
            [.refused(.devices(code: code, context: "REMOVE"))]
        }
        guard let id = session.account else { return refuse(.accountRequired) }
        guard accountsByCertificate[fingerprint] == id else { return refuse(.noSuchDevice) }
        let revoked = revocations(of: id) { $0.certificate == fingerprint }
        return revoked.map { .event($0) } + [
            .event(.certificateRemoved(CertificateRemoved(account: id, fingerprint: fingerprint))),
            .answer(.deviceRemoved(fingerprint: fingerprint)),
        ]
    }
}

extension Invite {
    /// A code as it is hashed: upper case, without hyphens and spaces, `O` read as `0`, `I` and `L` as `1`
    /// (Crockford's base32), so that it survives being read out.
    package static func normalized(_ code: Text) -> [UInt8] {
        code.bytes.compactMap { byte in
            switch byte {
            case 45, 32: return nil
            case 79, 111: return 48
            case 73, 105, 76, 108: return 49
            case 97...122: return byte & 0xDF
            default: return byte
            }
        }
    }
}
