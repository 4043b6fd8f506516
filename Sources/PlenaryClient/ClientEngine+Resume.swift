// SPDX-License-Identifier: Apache-2.0

import PlenaryTerms
import PlenaryWire

/// Coming back without the password (docs/extensions/resume.md).
extension ClientEngine {
    /// A session for a new connection, with the token that is known by now.
    func makeSession() -> ClientSession {
        var wanted = configuration.session
        wanted.resumeToken = resumeToken
        let words = [random(), random(), random()].map { String($0, radix: 36) }
        return ClientSession(wanted, nonce: words.joined())
    }

    /// Asks for a token where one is kept, the session signed in with a password, and there is none or the one
    /// there is has come to its last half. After a restart of the server nobody asks, so nothing is written.
    mutating func requestToken(_ now: Moment) {
        guard configuration.keepResumeToken != nil, case .password = configuration.session.credentials,
            session.account != nil, session.capabilities.contains(Vendor.name + "/resume")
        else { return }
        let half = Int64(ClientLimits.resumeRenewalSeconds)
        if session.didResume, let resumeToken, now.wall.advanced(bySeconds: half) < resumeToken.expires {
            return
        }
        let (id, steps) = session.request("RESUME", ["TOKEN", "plenary"])
        note(id, .resumeToken, now)
        carryOut(steps, now)
    }

    /// Whether a token is on its way: who ended now would need the password once more.
    package var isAwaitingToken: Bool { purposes.values.contains { $0.purpose == .resumeToken } }

    /// Somebody wants to leave: a token on its way is waited for no longer than `tokenPatienceSeconds` from now.
    package mutating func hastenToken(_ now: Moment) {
        let limit = now.monotonic + ClientLimits.tokenPatienceSeconds * 1_000_000
        for (id, entry) in purposes where entry.purpose == .resumeToken {
            purposes[id]?.deadline = min(entry.deadline ?? limit, limit)
        }
    }

    /// Without an answer there is no token, and the password is used again.
    mutating func finishToken(_ result: Result<Reply, ClientError>) {
        guard case .success(let reply) = result, let account = session.account,
            let line = reply.lines.first(where: {
                $0.verb == "NOTE" && $0.parameter(0) == "RESUME" && $0.parameter(1) == "TOKEN"
            }), let token = line.parameter(2),
            let expires = line.parameter(3).flatMap({ Timestamp(iso8601: $0.utf8) })
        else { return }
        resumeToken = ResumeToken(account: account, token: token, expires: expires)
        outputs.append(.keep(resumeToken))
    }
}
