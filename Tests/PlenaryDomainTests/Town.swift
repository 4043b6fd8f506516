// SPDX-License-Identifier: Apache-2.0

import PlenaryDomain
import PlenaryTerms

/// A community with its log and a hand-wound clock: does what a server does with decisions, without one.
struct Town {
    var community: Community
    /// Every durable event in order, as the log would hold it.
    private(set) var log: [LoggedEvent] = []
    var now = Timestamp(seconds: 1_700_000_000)
    var hasSpace = true
    /// Whether sittings without names have their keys.
    var hasLabelKeys = true
    /// By how much the clock moves with each event; 0 puts several into one microsecond.
    var microsecondsPerEvent: Int64 = 1
    private var nextSession: UInt64 = 1

    init(_ profile: CommunityPolicy.Profile = .open, _ change: (inout CommunityPolicy) -> Void = { _ in }) {
        var policy = CommunityPolicy()
        policy.profile = profile
        policy.serverName = "plenary.test"
        change(&policy)
        community = Community(policy: policy)
    }

    var moment: Moment {
        Moment(
            now: now,
            functions: OuterFunctions(
                sha256: { $0 + [UInt8](repeating: 0, count: max(0, 32 - $0.count)) },
                base64Decoded: { $0 }, hostOfAccount: { Text("a\($0.value).member") },
                offsetOfMessage: { $0.low == 7 ? Offset($0.high) : nil },
                idOfMessage: { MessageID(high: $0.value, low: 7) },
                labelDigest: { [hasLabelKeys] channel, bytes in
                    hasLabelKeys
                        ? [UInt8](repeating: 9, count: 7) + bytes + Array("key\(channel.value)".utf8) : nil
                }), hasSpace: hasSpace)
    }

    /// Decides a command and applies what follows; the outcomes, for the test to look at.
    @discardableResult
    mutating func say(_ command: Command, by id: SessionID) -> [Outcome] {
        let outcomes = community.decide(command, by: id, at: moment)
        apply(outcomes)
        return outcomes
    }

    mutating func apply(_ outcomes: [Outcome]) {
        for outcome in outcomes {
            switch outcome {
            case .event(let event): record(event)
            case .presence(let change): community.apply(change)
            case .refused, .answer, .duplicate, .work: break
            }
        }
    }

    mutating func record(_ event: Event) {
        now = Timestamp(microseconds: now.microseconds + microsecondsPerEvent)
        let logged = LoggedEvent(offset: Offset(UInt64(log.count)), time: now, event: event)
        log.append(logged)
        community.apply(logged)
    }

    mutating func quit(_ id: SessionID) { apply(community.decideQuit(id, reason: "gone")) }

    /// An account that exists, by name.
    mutating func account(_ name: Text, role: ServerRole = .member, isBot: Bool = false) -> AccountID {
        if let known = community.account(named: name) { return known.id }
        let id = AccountID(community.nextAccountID)
        record(.accountCreated(AccountCreated(account: id, name: name, role: role, isBot: isBot)))
        return id
    }

    /// A registered session; signed in when an account is given.
    mutating func connect(
        _ nick: String, account: AccountID? = nil, _ capabilities: Capabilities = []
    ) -> SessionID {
        let id = SessionID(nextSession)
        nextSession += 1
        let session = Session(
            id: id, connectedAt: now, isTLS: true, certificateFingerprint: nil, host: "h.guest",
            language: .english)
        community.apply(.opened(session))
        community.apply(.capabilitiesChanged(id, capabilities))
        if let account { community.apply(.loggedIn(id, account, host: "h.member")) }
        say(.registration(.nickname(Text(nick))), by: id)
        say(.registration(.user(name: Text(nick), realName: "Somebody")), by: id)
        apply(community.decideCompletion(id, at: moment))
        return id
    }

    // MARK: Short ways to say things

    @discardableResult
    mutating func join(_ id: SessionID, _ channel: Text, key: Text? = nil) -> [Outcome] {
        say(.membership(.join(channel: channel, key: key)), by: id)
    }

    @discardableResult
    mutating func mode(_ id: SessionID, _ channel: Text, _ changes: [(String, Text?)]) -> [Outcome] {
        let requested = changes.map { change, argument in
            RequestedMode(
                letter: Array(change.utf8)[1], isAdded: change.utf8.first == UInt8(ascii: "+"),
                argument: argument)
        }
        return say(.modes(.change(target: channel, changes: requested)), by: id)
    }

    @discardableResult
    mutating func post(
        _ id: SessionID, _ target: Text, _ text: Text, kind: MessageKind = .privateMessage, tags: Text = "",
        token: Text? = nil
    ) -> [Outcome] {
        say(
            .messaging(
                .post(
                    PostedText(target: target, kind: kind, text: text, clientTags: tags, clientToken: token))),
            by: id)
    }

    func channel(_ name: Text) -> Channel? { community.channel(named: name) }
    func isIn(_ id: SessionID, _ name: Text) -> Bool { channel(name)?.members[id] != nil }
}

extension Array where Element == Outcome {
    var refusals: [Refusal] {
        compactMap { if case .refused(let refusal) = $0 { refusal } else { nil } }
    }
    var events: [Event] { compactMap { if case .event(let event) = $0 { event } else { nil } } }
    var messages: [MessagePosted] {
        events.compactMap { if case .messagePosted(let message) = $0 { message } else { nil } }
    }
    var relayed: [MessagePosted] {
        compactMap { if case .presence(.relayed(let message)) = $0 { message } else { nil } }
    }
    var duplicates: [Offset] {
        compactMap { if case .duplicate(let offset) = $0 { offset } else { nil } }
    }
    var historyRequests: [HistoryRequest] {
        compactMap { if case .work(.fetchHistory(let request)) = $0 { request } else { nil } }
    }
}

extension Text {
    /// That many times the letter `x`.
    static func filler(_ byteCount: Int) -> Text { Text([UInt8](repeating: 120, count: byteCount)) }
}
