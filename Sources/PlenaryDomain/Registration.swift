// SPDX-License-Identifier: Apache-2.0

import PlenaryTerms

extension Community {
    /// CAP, PASS, NICK, USER, PING, QUIT (modern.ircd.chat, "Connection Messages"; IRCv3 capability
    /// negotiation).
    func decide(_ command: RegistrationCommand, by id: SessionID, at moment: Moment) -> [Outcome] {
        guard let session = sessions[id] else { return [] }
        switch command {
        case .listCapabilities(let version):
            var outcomes: [Outcome] = []
            outcomes.append(
                .presence(
                    .negotiation(
                        id, isOpen: !session.isRegistered, version: max(version, session.capabilityVersion))))
            if version >= 302, !session.capabilities.contains(.capNotify) {
                // cap-notify is implied by 302 (capability negotiation, "cap-notify").
                outcomes.append(.presence(.capabilitiesChanged(id, session.capabilities.union(.capNotify))))
            }
            return outcomes + [.answer(.capabilityList(version: version))]
        case .listEnabled: return [.answer(.enabledCapabilities)]
        case .requestCapabilities(let adding, let removing, let names, let allKnown):
            return decideRequest(adding, removing, names, allKnown, session)
        case .endNegotiation:
            guard !session.isRegistered else { return [] }
            let end = Outcome.presence(.negotiation(id, isOpen: false, version: 0))
            // A sign-in that was begun ends with the negotiation (IRCv3 sasl-3.1, "906").
            guard session.sasl.isAwaitingClient, session.nickname != nil, session.userName != nil else {
                return [end]
            }
            return [.presence(.saslChanged(id, .none, failed: false)), .refused(.saslAborted), end]
        case .password(let password): return decidePassword(password, session, moment)
        case .nickname(let nick): return decideNickname(nick, session)
        case .user(let name, let realName):
            guard !session.isRegistered, session.userName == nil else {
                return [.refused(.alreadyRegistered)]
            }
            return [
                .presence(
                    .userNamed(
                        id, userName: Community.userName(from: name),
                        realName: Community.cut(displayName(realName), to: policy.limits.realNameByteLimit)))
            ]
        case .ping(let token): return [.answer(.pong(token))]
        case .pong: return []
        case .quit(let reason): return [.work(.close(reason: .quit(reason)))]
        }
    }

    private func decideRequest(
        _ adding: Capabilities, _ removing: Capabilities, _ names: [Text], _ allKnown: Bool,
        _ session: Session
    ) -> [Outcome] {
        let open: [Outcome] =
            session.isRegistered || session.isNegotiating
            ? [] : [.presence(.negotiation(session.id, isOpen: true, version: 0))]
        let isOffered = offeredCapabilities(to: session).isSuperset(of: adding)
        let dropsImplied = removing.contains(.capNotify) && session.capabilityVersion >= 302
        guard allKnown, isOffered, !dropsImplied else {
            return open + [.answer(.capabilitiesRejected(names: names))]
        }
        let changed = session.capabilities.union(adding).subtracting(removing)
        return open + [
            .presence(.capabilitiesChanged(session.id, changed)),
            .answer(.capabilitiesAccepted(names: names)),
        ]
    }

    /// `PASS account:password` signs a plain client in without SASL.
    private func decidePassword(_ password: Text, _ session: Session, _ moment: Moment) -> [Outcome] {
        guard !session.isRegistered else { return [.refused(.alreadyRegistered)] }
        guard session.isTLS, session.account == nil, let colon = password.bytes.firstIndex(of: 58) else {
            return []
        }
        let name = Text(password.bytes[..<colon])
        return verification(of: name, password: Array(password.bytes[(colon + 1)...]), session, moment)
    }

    // MARK: NICK

    private func decideNickname(_ text: Text, _ session: Session) -> [Outcome] {
        guard !text.isEmpty else { return [.refused(.noNicknameGiven)] }
        guard let nickname = try? Nickname(text.bytes) else { return [.refused(.erroneousNickname(text))] }
        guard nickname.key != Community.deskName.string, !Community.isLabel(nickname.key) else {
            return [.refused(.nicknameInUse(text))]
        }
        if let old = session.nickname, session.isRegistered {
            guard old.spelling != nickname.spelling else { return [] }
            let isRespelled = old == nickname
            if policy.profile == .closed, !isRespelled { return [.refused(.nicknameIsAccountName(text))] }
            if !isRespelled, let refusal = nicknameConflict(nickname, session) { return [.refused(refusal)] }
            return [
                .presence(.nicknameChanged(session.id, from: old, to: nickname, oldSource: session.source))
            ]
        }
        // While capabilities are negotiated a sign-in may follow that makes the name one's own; in the closed
        // profile the account decides it anyway.
        if policy.profile == .open, !session.isNegotiating, session.account == nil,
            let refusal = nicknameConflict(nickname, session)
        {
            return [.refused(refusal)]
        }
        return [.presence(.nicknameChosen(session.id, nickname))]
    }

    /// Why the name cannot be this session's: somebody else is called so, or it is somebody else's account.
    private func nicknameConflict(_ nickname: Nickname, _ session: Session) -> Refusal? {
        if let holder = sessionsByNickname[nickname.key]?.first.flatMap({ sessions[$0] }),
            session.account == nil || holder.account != session.account
        {
            return .nicknameInUse(Text(nickname.spelling))
        }
        if let account = accountsByName[nickname.key], account != session.account {
            return .nicknameInUse(Text(nickname.spelling))
        }
        return nil
    }

    /// Whether a session that is not registered yet now is: asked after each of its commands.
    package func decideCompletion(_ id: SessionID, at moment: Moment) -> [Outcome] {
        guard let session = sessions[id], !session.isRegistered, !session.isNegotiating,
            session.userName != nil,
            var nickname = session.nickname
        else { return [] }
        var outcomes: [Outcome] = []
        if policy.profile == .closed {
            guard let account = session.account.flatMap({ accounts[$0] }) else {
                return [.refused(.accountRequired), .work(.close(reason: .accountRequired))]
            }
            if nickname != account.name {
                nickname = account.name
                outcomes.append(.presence(.nicknameChosen(id, nickname)))
            }
        } else if let refusal = nicknameConflict(nickname, session) {
            return [.refused(refusal), .presence(.nicknameReleased(id))]
        }
        return outcomes + [.presence(.registered(id, moment.now))]
    }

    // MARK: Texts

    /// A user name others see: ASCII letters, digits, `-._`, at most 10 bytes, `~` in front because nobody
    /// checked it.
    static func userName(from text: Text) -> Text {
        let allowed = text.bytes.filter { byte in
            switch byte {
            case 48...57, 65...90, 97...122, 45, 46, 95: true
            default: false
            }
        }
        return Text([126] + (allowed.isEmpty ? [117] : allowed.prefix(10)))
    }

    /// At most that many bytes, cut between code points.
    static func cut(_ text: Text, to byteLimit: Int) -> Text {
        guard text.byteCount > byteLimit else { return text }
        var end = byteLimit
        while end > 0, text.bytes[end] & 0xC0 == 0x80 { end -= 1 }
        return Text(text.bytes[..<end])
    }
}
