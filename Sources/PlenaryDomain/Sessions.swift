// SPDX-License-Identifier: Apache-2.0

import PlenaryTerms

/// One row of SESSIONS LIST: somebody here, or a resume token that waits. No address is in it, for none is known.
package struct SessionRow: Hashable, Sendable {
    package var id: Text
    package var isLive: Bool
    package var isCurrent: Bool
    /// Since when it is here, or when the token was issued.
    package var since: Timestamp
    package var signIn: SignIn
    package var label: Text
}

extension Community {
    /// The sessions of an account, oldest first, then the resume tokens that no session here holds.
    package func sessionRows(of account: AccountID, seenFrom id: SessionID, at now: Timestamp) -> [SessionRow]
    {
        let record = accounts[account]
        let live = sessions(signedInTo: account).compactMap { sessions[$0] }
        let held = Set(live.compactMap(\.resumeToken))
        let rows = live.map { session in
            SessionRow(
                id: Community.name(of: session.id), isLive: true, isCurrent: session.id == id,
                since: session.connectedAt, signIn: session.signIn ?? .password,
                label: label(of: session, record))
        }
        let waiting = (record?.resumeTokens ?? []).filter { !held.contains($0.hash) && now < $0.expires }
        return rows
            + waiting.map { token in
                SessionRow(
                    id: Community.name(of: token), isLive: false, isCurrent: false, since: token.issued,
                    signIn: .token, label: token.label)
            }
    }

    /// What its holder calls the device: by its certificate, else by its token.
    private func label(of session: Session, _ account: Account?) -> Text {
        let certificate = account?.certificates.first { $0.fingerprint == session.certificateFingerprint }
        let token = account?.resumeTokens.first { $0.hash == session.resumeToken }
        return certificate?.label ?? token?.label ?? ""
    }

    private static func name(of id: SessionID) -> Text { Text("s" + String(id.value, radix: 16)) }

    private static func name(of token: ResumeToken) -> Text {
        Text("t" + token.hash.prefix(6).map { String(Int($0) + 256, radix: 16).dropFirst() }.joined())
    }

    /// SESSIONS CLOSE: ends one of one's own, with the token it could come back with.
    func decideSessionClose(_ id: Text, _ session: Session, _ moment: Moment) -> [Outcome] {
        guard let account = session.account else {
            return [
                .refused(.account(AccountRefusal(verb: "SESSIONS", code: .accountRequired, context: id)))
            ]
        }
        let closed: Outcome = .answer(.account(.sessionClosed(id: id)))
        if let found = sessions.values.first(where: {
            $0.account == account && Community.name(of: $0.id) == id
        }) {
            let revoked = revocations(of: account) { $0.hash == found.resumeToken }
            return revoked.map { .event($0) } + [closed, .presence(.killed([found.id], .closedByOwner))]
        }
        if let token = accounts[account]?.resumeTokens.first(where: { Community.name(of: $0) == id }) {
            return revocations(of: account) { $0.hash == token.hash }.map { .event($0) } + [closed]
        }
        return [.refused(.account(AccountRefusal(verb: "SESSIONS", code: .noSuchSession, context: id)))]
    }

    /// ROLE: nobody sets the own one, so that somebody is left who can.
    func decideRole(_ name: Text, _ word: Text, _ session: Session) -> [Outcome] {
        func refuse(_ code: AccountFailure, _ context: Text) -> [Outcome] {
            [.refused(.account(AccountRefusal(verb: "ROLE", code: code, context: context)))]
        }
        guard session.account != nil else { return refuse(.accountRequired, name) }
        guard permits(.manageAccounts, session) else { return refuse(.privilegesNeeded, name) }
        guard let account = account(named: name) else { return refuse(.noSuchAccount, name) }
        guard let role = ServerRole(word: word.string) else { return refuse(.invalidParameters, word) }
        guard account.id != session.account, mayGive(role, session) else {
            return refuse(.privilegesNeeded, name)
        }
        let spelled = Text(account.name.spelling)
        let event = AccountRoleSet(account: account.id, role: role, actor: session.actor)
        return (account.role == role ? [] : [.event(.account(.roleSet(event)))])
            + [.answer(.account(.roleSet(account: spelled, role)))]
    }
}
