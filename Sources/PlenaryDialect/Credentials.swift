// SPDX-License-Identifier: Apache-2.0

import PlenaryDomain
import PlenaryTerms
import PlenaryWire

/// INVITECODE, PASSWORD, RESUME, SESSIONS and ROLE (docs/extensions/accounts.md, invites.md, resume.md).
extension Dialect {
    static func interpretCredentials(_ line: Line) throws(Refusal) -> CredentialCommand {
        let parameters = line.parameters
        let subcommand = parameters.first?.string.uppercased()
        switch line.verb {
        case "PASSWORD": return .changePassword(old: parameters[0], new: parameters[1])
        case "ROLE": return .setRole(account: parameters[0], role: parameters[1])
        case "RESUME":
            switch subcommand {
            case "TOKEN": return .issueToken(label: parameters[parameter: 1] ?? "")
            case "DROP": return .dropToken
            default: throw invalid("RESUME", parameters[0])
            }
        case "SESSIONS":
            switch (subcommand, parameters[parameter: 1]) {
            case (nil, _), ("LIST", _): return .listSessions
            case ("CLOSE", let id?): return .closeSession(id: id)
            default: throw invalid("SESSIONS", parameters[0])
            }
        default:
            switch (subcommand, parameters[parameter: 1]) {
            case ("LIST", _): return .inviteList
            case ("REVOKE", let handle?): return .inviteRevoke(handle: handle)
            case ("CREATE", let text): return .inviteCreate(try wish(text ?? ""))
            default: throw invalid("INVITECODE", parameters[0])
            }
        }
    }

    private static func invalid(_ verb: Text, _ context: Text) -> Refusal {
        .account(AccountRefusal(verb: verb, code: .invalidParameters, context: context))
    }

    /// `role=moderator;channels=#a,#b;expires=7d;uses=5;name=ann`; every key may be left out.
    private static func wish(_ text: Text) throws(Refusal) -> InviteWish {
        var wish = InviteWish()
        for pair in text.bytes.split(separator: 59) {
            let parts = pair.split(separator: 61, maxSplits: 1, omittingEmptySubsequences: false)
            let key = Text(parts[0])
            guard parts.count == 2, case let value = Text(parts[1]), !value.isEmpty else {
                throw invalid("INVITECODE", key)
            }
            switch key {
            case "role":
                guard let role = ServerRole(word: value.string) else { throw invalid("INVITECODE", key) }
                wish.role = role
            case "channels": wish.channels = targets(value)
            case "expires":
                guard let seconds = seconds(value.string) else { throw invalid("INVITECODE", key) }
                wish.secondsToLive = seconds
            case "uses":
                guard let count = UInt32(value.string) else { throw invalid("INVITECODE", key) }
                wish.useLimit = count
            case "name": wish.accountName = value
            default: throw invalid("INVITECODE", key)
            }
        }
        return wish
    }

    /// `30m`, `12h`, `7d`; `never` is 0.
    private static func seconds(_ text: String) -> Int64? {
        if text == "never" { return 0 }
        let units: [Character: Int64] = ["m": 60, "h": 3600, "d": 86_400]
        guard let unit = text.last.flatMap({ units[$0] }), let count = Int64(text.dropLast()), count > 0,
            count <= 10_000_000
        else { return nil }
        return count * unit
    }

    // MARK: Answers

    func render(
        _ answer: AccountAnswer, to session: Session, in community: Community, now: Timestamp
    ) -> [Line] {
        switch answer {
        case .inviteCreated(let handle, let code):
            let text = text(.codeIsShownOnce, in: session.language)
            return [note("INVITECODE", ["CREATED", handle, code], text)]
        case .invites: return renderInvites(to: session, in: community)
        case .inviteRevoked(let handle): return [note("INVITECODE", ["REVOKED", handle], "")]
        case .passwordChanged:
            return [note("PASSWORD", ["CHANGED"], text(.passwordWasChanged, in: session.language))]
        case .resumeToken(let token, let expires):
            return [note("RESUME", ["TOKEN", token, Text(expires.iso8601)], "")]
        case .resumeDropped: return [note("RESUME", ["DROPPED"], "")]
        case .sessions: return renderSessions(to: session, in: community, now: now)
        case .sessionClosed(let id): return [note("SESSIONS", ["CLOSED", id], "")]
        case .roleSet(let account, let role):
            return [note("ROLE", ["SET", account, Text(role.word)], "")]
        case .challenge(let text): return [Line(verb: "AUTHENTICATE", [text])]
        }
    }

    private func renderInvites(to session: Session, in community: Community) -> [Line] {
        let invites = community.invites(seenBy: session)
        let rows = invites.map { invite in
            var words = ["role=\(invite.created.role.word)"]
            words.append("uses=\(invite.redeemedCount)/\(invite.created.useLimit)")
            words.append("expires=\(invite.created.expires?.iso8601 ?? "never")")
            if !invite.created.channels.isEmpty {
                words.append("channels=" + invite.created.channels.map(\.string).joined(separator: ","))
            }
            if let name = invite.created.accountName { words.append("name=\(name.string)") }
            let creator = invite.created.creator.flatMap { community.accounts[$0]?.name.spelling }
            if let creator { words.append("by=\(creator)") }
            return note(
                "INVITECODE", ["CODE", invite.created.handle, Text(words.joined(separator: ";"))], "")
        }
        return rows + [note("INVITECODE", ["END", Text(number: rows.count)], "")]
    }

    private func renderSessions(to session: Session, in community: Community, now: Timestamp) -> [Line] {
        let rows = session.account.map {
            community.sessionRows(of: $0, seenFrom: session.id, at: now)
        }
        let lines = (rows ?? []).map { row in
            let state: Text = row.isCurrent ? "this" : row.isLive ? "here" : "away"
            return note(
                "SESSIONS",
                ["SESSION", row.id, Text(row.since.iso8601), Text(row.signIn.rawValue), state], row.label)
        }
        return lines + [note("SESSIONS", ["END", Text(number: lines.count)], "")]
    }

    /// `NOTE <verb> <code> <context…> :text` (IRCv3 standard-replies).
    private func note(_ verb: Text, _ words: [Text], _ text: Text) -> Line {
        Dialect.fitted(
            Line(
                source: facts.name, verb: "NOTE", [verb] + words.map(Dialect.word) + [text],
                hasTrailing: true))
    }

    // MARK: Refusals

    func render(_ refusal: AccountRefusal, to session: Session, in community: Community) -> [Line] {
        let lengths = community.policy.limits.passwordByteLimits
        var limit: Text = ""
        let key: ServerText
        switch refusal.code {
        case .accountRequired: key = .signInRequired
        case .invalidParameters, .noSuchCode, .noSuchSession, .noSuchAccount: key = .parameterInvalid
        case .privilegesNeeded: key = .noPrivileges
        case .noSuchChannel: key = .noSuchChannel
        case .limitReached: key = .accountLimitReached
        case .invalidCredentials: key = .passwordMismatch
        case .passwordTooShort:
            key = .passwordTooShort
            limit = Text(number: lengths.lowerBound)
        case .passwordTooLong:
            key = .passwordTooLong
            limit = Text(number: lengths.upperBound)
        case .passwordIsCommon: key = .passwordTooWeak
        case .tlsRequired: key = .signInNeedsTLS
        case .temporarilyUnavailable: key = .signInBusy
        }
        return [
            fail(refusal.verb, refusal.code.word, [refusal.context], session, say: key, [.limit: limit])
        ]
    }

    /// The mechanisms of this server (IRCv3 sasl-3.2), SCRAM where it is switched on.
    func mechanisms(in community: Community) -> Text {
        community.policy.offersScram
            ? "PLAIN,EXTERNAL,SCRAM-SHA-256,PLENARY-RESUME" : "PLAIN,EXTERNAL,PLENARY-RESUME"
    }
}
