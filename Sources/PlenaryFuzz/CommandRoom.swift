// SPDX-License-Identifier: Apache-2.0

import PlenaryCrypto
import PlenaryDialect
import PlenaryDomain
import PlenaryTerms
import PlenaryWire

// SAFETY: a line is lent to the check of its UTF-8 for the length of the call.

/// A community of a few people without log, clock and connections: what is decided is applied at once, and everything
/// that anybody could read of it is rendered.
struct CommandRoom {
    private let dialect: Dialect
    private var community: Community
    private var offset: UInt64 = 1
    private var time = Timestamp(seconds: 1_700_000_000)

    init() {
        var facts = ServerFacts(
            name: "plenary.test", network: "Plenary", version: "plenary-0", started: Timestamp(seconds: 1))
        facts.messageOfTheDay = ["hello"]
        dialect = Dialect(facts: facts) { MessageID(high: $0.value, low: 7) }
        var policy = CommunityPolicy()
        policy.profile = .open
        policy.serverName = "plenary.test"
        policy.offersScram = true
        community = Community(policy: policy)
        // The first has only just connected.
        for (number, name) in ["", "ann", "bob", "eve"].enumerated() { open(SessionID(UInt64(number)), name) }
        for (number, name) in ["ann", "bob"].enumerated() {
            let account = AccountID(UInt32(number + 1))
            let role: ServerRole = number == 0 ? .secretariat : .member
            apply(.accountCreated(AccountCreated(account: account, name: Text(name), role: role)))
            community.apply(.loggedIn(SessionID(UInt64(number + 1)), account, host: "h.member"))
        }
    }

    private mutating func open(_ id: SessionID, _ name: String) {
        var session = Session(
            id: id, connectedAt: Timestamp(seconds: 1), isTLS: true, certificateFingerprint: nil,
            host: "h.guest", language: .english)
        if id.value > 1 { session.capabilities = Capabilities(rawValue: (1 << 40) - 1) }
        community.apply(.opened(session))
        guard let nickname = try? Nickname(name) else { return }
        community.apply(.nicknameChosen(id, nickname))
        community.apply(.userNamed(id, userName: "~u", realName: "R"))
        community.apply(.registered(id, Timestamp(seconds: 1)))
    }

    /// Decides, applies and renders what a line asks for.
    mutating func hear(_ bytes: [UInt8], from speaker: UInt8) throws(BrokenClaim) {
        let id = SessionID(UInt64(speaker & 3))
        // The other bits are time that passed, up to an hour.
        time = time.advanced(bySeconds: Int64(speaker >> 2) * 60)
        guard let request = bytes.withUnsafeBytes({ Dialect.request(of: $0) }) else { return }
        var lines: [Line] = []
        if let refusal = request.refusal, let session = community.sessions[id] {
            lines += dialect.render(refusal, to: session, in: community)
        }
        var commands = request.commands[...]
        var stepLimit = 32
        while let command = commands.popFirst(), stepLimit > 0 {
            stepLimit -= 1
            for outcome in community.decide(command, by: id, at: Moment(now: time, functions: functions)) {
                if case .work(.account(.drawSecret(let purpose))) = outcome {
                    commands.append(.accounts(.credentials(.secretDrawn(purpose, "c2VjcmV0"))))
                }
                lines += take(outcome, id)
            }
        }
        for line in lines { try check(line) }
    }

    private func check(_ line: Line) throws(BrokenClaim) {
        var body: [UInt8] = []
        line.encodeBody(into: &body)
        try claim(body.count <= 512, "\(body.count) bytes: \(line.verb)")
        let all = line.encoded()
        try claim(all.withUnsafeBytes { isValidUTF8($0) }, "a line is UTF-8: \(line.verb)")
        let parsed = try? Line.parse(Array(all.dropLast(2)), limits: .fromServer)
        try claim(parsed?.parameters == line.parameters, "a line is read as it was meant: \(line)")
    }

    private var functions: OuterFunctions {
        OuterFunctions(
            sha256: { SHA256Digest.hash($0) }, base64Decoded: { PlenaryCrypto.bytes(base64: $0) },
            hostOfAccount: { _ in "h.member" }, offsetOfMessage: { $0.low == 7 ? Offset($0.high) : nil },
            idOfMessage: { MessageID(high: $0.value, low: 7) },
            base64Encoded: { Array(base64($0).utf8) },
            scramSignature: { _, _, proof in proof.first == 1 ? [1, 2, 3] : nil },
            labelDigest: { [UInt8(truncatingIfNeeded: $0.value)] + SHA256Digest.hash($1) },
            questionnaireDigest: { name, account in
                SHA256Digest.hash(name.bytes + [UInt8(account.value & 255)])
            })
    }

    private mutating func apply(_ event: Event) {
        let logged = LoggedEvent(offset: Offset(offset), time: time, event: event)
        offset += 1
        time = Timestamp(microseconds: time.microseconds + 1)
        community.apply(logged)
    }

    /// Applies an outcome and gives all lines that anybody could read because of it.
    private mutating func take(_ outcome: Outcome, _ id: SessionID) -> [Line] {
        guard let session = community.sessions[id] else { return [] }
        let readers: [Capabilities] = [[], Capabilities(rawValue: (1 << 40) - 1)]
        let message = MessageID(high: offset, low: 7)
        switch outcome {
        case .event(let event):
            let logged = LoggedEvent(offset: Offset(offset), time: time, event: event)
            apply(event)
            return readers.flatMap { dialect.render(logged, id: message, to: $0, in: community) }
        case .presence(let change): return take(change, id, message)
        case .refused(let refusal): return dialect.render(refusal, to: session, in: community)
        case .answer(let answer): return dialect.render(answer, to: session, in: community, now: time)
        case .work(.close(let reason)):
            return [dialect.renderClosing(dialect.render(reason, to: session).error, to: session)]
        case .work, .duplicate: return []
        }
    }

    private mutating func take(_ change: PresenceChange, _ id: SessionID, _ message: MessageID) -> [Line] {
        let readers: [Capabilities] = [[], Capabilities(rawValue: (1 << 40) - 1)]
        if case .quit = change { return [] }
        community.apply(change)
        guard let after = community.sessions[id] else { return [] }
        switch change {
        case .joined(_, let channel, _, _):
            let name = Text(community.channels[channel]?.name.spelling ?? "#")
            return readers.flatMap { dialect.renderJoin(name, by: after, time, to: $0) }
        case .parted(_, _, let reason, _):
            return dialect.renderPart("#a", reason: reason, by: after, time, to: [])
        case .awayChanged: return dialect.renderAway(by: after, time, to: [.awayNotify])
        case .realNameChanged: return dialect.renderSetName(by: after, time, to: [.setName])
        case .nicknameChanged(_, _, _, let old):
            return dialect.renderNickname(from: old, by: after, time, to: [])
        case .relayed(let text):
            return readers.flatMap { dialect.render(text, id: message, time: time, to: $0) }
        default: return []
        }
    }
}
