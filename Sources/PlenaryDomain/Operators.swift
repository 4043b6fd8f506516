// SPDX-License-Identifier: Apache-2.0

import PlenaryTerms

extension Community {
    /// OPER: the password of an account with a role gives this session the role (modern.ircd.chat, "OPER
    /// message"). Whoever signs in to such an account has it without OPER.
    func decideOperator(
        _ name: Text, _ account: AccountID?, _ isCorrect: Bool, _ session: Session,
        _ moment: Moment
    ) -> [Outcome] {
        guard isCorrect, let record = account.flatMap({ accounts[$0] }), !record.isDisabled,
            policy.roles[record.role].contains(.moderate)
        else {
            let isLast = session.saslFailureCount + 1 >= policy.limits.saslFailureCountLimit
            return [
                .presence(.rated(session.id, .failLogin, account: name, moment.steady)),
                .presence(.rated(session.id, .failLoginOfNetwork, moment.steady)),
                .presence(.saslChanged(session.id, session.sasl, failed: true)), .refused(.passwordMismatch),
            ] + (isLast ? [.work(.close(reason: .saslFailures))] : [])
        }
        return [.answer(.youAreOperator), .presence(.operatorBecame(session.id, record.role))]
    }

    /// KILL: ends all sessions of a person; for the secretariat.
    func decideKill(_ nick: Text, _ reason: Text, _ session: Session) -> [Outcome] {
        guard permits(.manageAccounts, session) else { return [.refused(.noPrivileges)] }
        let targets = sessions(named: nick)
        guard !targets.isEmpty else { return [.refused(.noSuchNick(nick))] }
        let name = Text(session.nickname?.spelling ?? "*")
        return [.presence(.killed(targets, .killed(by: name, reason: reason)))]
    }
}
