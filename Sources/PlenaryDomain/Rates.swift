// SPDX-License-Identifier: Apache-2.0

import PlenaryTerms

/// What a session may do only so often (limits.md 15, 20, 26).
package enum RatedAct: UInt8, CaseIterable, Hashable, Sendable {
    case changeNickname, join, createChannel, invite, fetchHistory, createAccount, failLogin
    case createThread, search, ownRecords
    case setProfile
    /// Failed sign-ins of a network whatever the account, wrong invite and reset codes, wrong resume tokens.
    case failLoginOfNetwork, failCode, failToken, report
    case floor
    /// STATS reads all of a channel's ledger.
    case statistics

    /// The verb that a refusal names.
    package var verb: Text {
        switch self {
        case .changeNickname: "NICK"
        case .join, .createChannel: "JOIN"
        case .invite: "INVITE"
        case .fetchHistory: "CHATHISTORY"
        case .createAccount: "REGISTER"
        case .failLogin: "AUTHENTICATE"
        case .search: "SEARCH"
        case .ownRecords: "MYDATA"
        case .setProfile: "METADATA"
        case .createThread: "THREAD"
        case .failLoginOfNetwork, .failToken: "AUTHENTICATE"
        case .failCode: "VERIFY"
        case .report: "REPORT"
        case .floor: "FLOOR"
        case .statistics: "STATS"
        }
    }
}

/// At most so many within so many seconds.
package struct RateRule: Hashable, Sendable {
    package var countLimit: Int
    package var seconds: Int

    package init(_ countLimit: Int, perSeconds seconds: Int) {
        self.countLimit = countLimit
        self.seconds = seconds
    }
}

/// When something was done, as far back as its rule looks.
package struct RateWindow: Hashable, Sendable {
    private var times: [Timestamp] = []

    /// How many of them count at this moment.
    package func recentCount(_ rule: RateRule, at now: Timestamp) -> Int {
        times.count { $0.advanced(bySeconds: Int64(rule.seconds)) > now }
    }

    /// Seconds until one more is allowed; 0 when it is now.
    package func secondsToWait(_ rule: RateRule, at now: Timestamp) -> Int {
        let recent = times.filter { $0.advanced(bySeconds: Int64(rule.seconds)) > now }
        guard recent.count >= rule.countLimit, let oldest = recent.suffix(rule.countLimit).first else {
            return 0
        }
        return max(1, Int(oldest.advanced(bySeconds: Int64(rule.seconds)).seconds - now.seconds))
    }

    package mutating func note(_ rule: RateRule, at now: Timestamp) {
        times.removeAll { $0.advanced(bySeconds: Int64(rule.seconds)) <= now }
        times.append(now)
    }

    package func isOver(_ rule: RateRule, at now: Timestamp) -> Bool {
        times.allSatisfy { $0.advanced(bySeconds: Int64(rule.seconds)) <= now }
    }
}

/// What is counted over all sessions: by network, and for failed logins by network and account.
struct SharedRate: Hashable, Sendable {
    var act: RatedAct
    var network: Text
    var account: String = ""
}

extension Community {
    /// Why the session may not do this now; nil when it may.
    package func rateRefusal(
        _ act: RatedAct, by id: SessionID, account: Text = "", at now: Timestamp
    ) -> Refusal? {
        guard let rule = policy.limits.rates[act], let session = sessions[id] else { return nil }
        let window = sharedKey(act, session, account).map { sharedRates[$0] } ?? session.rates[act]
        let wait = window?.secondsToWait(rule, at: now) ?? 0
        return wait > 0 ? .rateLimited(verb: act.verb, seconds: wait) : nil
    }

    /// How often it was done as far back as the rule looks.
    func recentCount(_ act: RatedAct, by session: Session, at now: Timestamp) -> Int {
        guard let rule = policy.limits.rates[act], let key = sharedKey(act, session, "") else { return 0 }
        return sharedRates[key]?.recentCount(rule, at: now) ?? 0
    }

    mutating func noteRate(_ act: RatedAct, by id: SessionID, account: Text, at now: Timestamp) {
        guard let rule = policy.limits.rates[act], let session = sessions[id] else { return }
        guard let key = sharedKey(act, session, account) else {
            sessions[id]?.rates[act, default: RateWindow()].note(rule, at: now)
            return
        }
        if sharedRates.count > policy.limits.rememberedRateCountLimit { forgetOldRates(at: now) }
        sharedRates[key, default: RateWindow()].note(rule, at: now)
    }

    private func sharedKey(_ act: RatedAct, _ session: Session, _ account: Text) -> SharedRate? {
        switch act {
        case .createAccount, .failLoginOfNetwork, .failCode, .failToken:
            SharedRate(act: act, network: session.network)
        case .failLogin: SharedRate(act: act, network: session.network, account: asciiFolded(account.bytes))
        case .createThread, .search, .ownRecords, .setProfile, .report, .floor,
            .statistics:
            session.account.map { SharedRate(act: act, network: "", account: String($0.value)) }
        case .changeNickname, .join, .createChannel, .invite, .fetchHistory: nil
        }
    }

    /// Drops what is over; if that is not enough, all: memory is bounded, and the counts begin anew.
    private mutating func forgetOldRates(at now: Timestamp) {
        let rates = policy.limits.rates
        sharedRates = sharedRates.filter { key, window in
            rates[key.act].map { !window.isOver($0, at: now) } ?? false
        }
        if sharedRates.count > policy.limits.rememberedRateCountLimit { sharedRates = [:] }
    }
}
