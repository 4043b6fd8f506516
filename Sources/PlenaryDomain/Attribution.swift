// SPDX-License-Identifier: Apache-2.0

import PlenaryTerms

/// Who speaks by which number in a sitting, without saying who. Durable.
package struct LabelBook: Hashable, Sendable {
    /// Numbers by digests of accounts.
    package internal(set) var numbers: [[UInt8]: UInt32] = [:]
    /// Messages that were sent already, by digests of their tokens.
    package internal(set) var tokens = TokenWindow()
    package init() {}

    /// A number that is free, as the digest has it: to whoever does not know the key, one at random.
    func freeNumber(for digest: [UInt8]) -> UInt32 {
        let taken = Set(numbers.values)
        var space: UInt64 = 99
        while space < 2 * UInt64(taken.count) + 2 { space = space * 10 + 9 }
        let start = digest.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) } % space
        for step in 0..<space {
            let number = UInt32(truncatingIfNeeded: (start + step) % space + 1)
            if !taken.contains(number) { return number }
        }
        preconditionFailure("a space of numbers twice as large as those taken has a free one")
    }
}

/// As whom a session speaks where it is not named, and what follows from that it does.
struct Voice {
    var actor: Actor
    var outcomes: [Outcome] = []
    /// The digest of a client's token, in place of the token.
    var digestOfToken: (Text) -> Text? = { _ in nil }
}

/// Speaking without a name (docs/extensions/attribution.md).
extension Community {
    /// The policy that holds in a channel.
    package func attribution(in channel: ChannelID) -> AttributionPolicy {
        meetings[channel]?.attribution ?? .attributed
    }

    /// Whether nothing may be brought in from elsewhere, nor taken there.
    package func forbidsRelays(_ channel: ChannelID) -> Bool { attribution(in: channel) != .attributed }

    /// As whom a session speaks; nil where it speaks as itself.
    func voice(of session: Session, in channel: Channel, _ moment: Moment) throws(MeetingRefusal) -> Voice? {
        switch attribution(in: channel.id) {
        case .attributed: return nil
        case .delegation: return try delegationVoice(of: session, in: channel, moment)
        case .unattributed: return try participantVoice(of: session, in: channel, moment)
        }
    }

    /// The source that a session spoke by already; nil where it did not, or not without its name.
    func knownSource(of session: Session, in channel: Channel, _ moment: Moment) -> Text? {
        switch attribution(in: channel.id) {
        case .attributed: return nil
        case .delegation: return delegationName(of: session).map { Community.source($0, .delegation) }
        case .unattributed:
            guard let account = session.account,
                let digest = moment.functions.labelDigest(channel.id, Community.accountInput(account)),
                let number = labelBooks[channel.id]?.numbers[digest]
            else { return nil }
            return Community.participantSource(number)
        }
    }

    private func participantVoice(
        of session: Session, in channel: Channel, _ moment: Moment
    ) throws(MeetingRefusal) -> Voice {
        guard let account = session.account else {
            throw MeetingRefusal(code: .accountRequired, channel: channel.id)
        }
        // What is over has no key any more, for moderators neither.
        guard meetings[channel.id]?.state(at: moment.now) != .closed else {
            throw MeetingRefusal(code: .closed, channel: channel.id)
        }
        let functions = moment.functions
        guard let digest = functions.labelDigest(channel.id, Community.accountInput(account)) else {
            throw MeetingRefusal(code: .labelsUnavailable, channel: channel.id)
        }
        let book = labelBooks[channel.id] ?? LabelBook()
        var outcomes: [Outcome] = []
        let number: UInt32
        if let known = book.numbers[digest] {
            number = known
        } else {
            guard book.numbers.count < policy.limits.rollCountLimit else {
                throw MeetingRefusal(code: .labelsUnavailable, channel: channel.id)
            }
            number = book.freeNumber(for: digest)
            let given = LabelGiven(channel: channel.id, digest: digest, number: number)
            outcomes = [.event(.meeting(.labelGiven(given))), .answer(.meeting(.label(channel.id, number)))]
        }
        let actor = Actor(source: Community.participantSource(number), account: nil, accountName: nil)
        return Voice(actor: actor, outcomes: outcomes) { token in
            functions.labelDigest(channel.id, Community.tokenInput(account, token))
                .map { Text(functions.base64Encoded($0)) }
        }
    }

    private func delegationVoice(
        of session: Session, in channel: Channel, _ moment: Moment
    ) throws(MeetingRefusal) -> Voice {
        guard let account = session.account, let name = delegationName(of: session) else {
            throw MeetingRefusal(code: .profileNeeded, channel: channel.id)
        }
        let functions = moment.functions
        let actor = Actor(
            source: Community.source(name, .delegation), account: nil, accountName: nil)
        // Without a key a message that is sent again is stored again, which is better than a name.
        return Voice(actor: actor) { token in
            functions.labelDigest(channel.id, Community.tokenInput(account, token))
                .map { Text(functions.base64Encoded($0)) }
        }
    }

    // MARK: Names

    private static let labelPrefix = "participant-"
    private static let labelByteLimit = 48

    /// `Participant-7`, of which nobody can be called; in any case.
    static func isLabel(_ key: String) -> Bool { key.hasPrefix(labelPrefix) }

    package static func participantName(_ number: UInt32) -> Text { Text("Participant-\(number)") }

    static func participantSource(_ number: UInt32) -> Text {
        source(participantName(number), .unattributed)
    }

    private static func source(_ name: Text, _ policy: AttributionPolicy) -> Text {
        name + (policy == .delegation ? "!~d@" : "!~p@") + policy.host
    }

    /// The source of a participant that a name such as `participant-7` means in a channel.
    func participantSource(named name: Text, in channel: ChannelID) -> Text? {
        let key = asciiFolded(name.bytes)
        guard attribution(in: channel) == .unattributed, Community.isLabel(key),
            let number = UInt32(key.dropFirst(Community.labelPrefix.utf8.count)),
            labelBooks[channel]?.numbers.values.contains(number) ?? false
        else { return nil }
        return Community.participantSource(number)
    }

    /// `KE/Ministry-of-Justice`, of what is verified; nil when nothing is. No nickname has a slash.
    private func delegationName(of session: Session) -> Text? {
        guard let profile = session.account.flatMap({ accounts[$0]?.profile }), profile.verification != nil
        else { return nil }
        let country = profile.country.map { Text($0.description) }
        let kept = profile.organisation.bytes.map { byte -> UInt8 in
            switch byte {
            case 33, 42, 44, 58, 63, 64: UInt8(ascii: ".")
            case 32: UInt8(ascii: "-")
            default: byte
            }
        }
        var end = min(kept.count, Community.labelByteLimit - 4)
        // Between code points.
        while end > 0, end < kept.count, kept[end] & 0xC0 == 0x80 { end -= 1 }
        let organisation = Text(Array(kept[..<end]))
        switch (country, organisation.isEmpty) {
        case (let country?, false): return country + "/" + organisation
        case (let country?, true): return country + "/delegation"
        case (nil, false): return "org/" + organisation
        case (nil, true): return nil
        }
    }

    // MARK: What digests are of. The first byte keeps the two apart.

    private static func accountInput(_ account: AccountID) -> [UInt8] {
        [1] + (0..<4).map { UInt8(truncatingIfNeeded: account.value >> (8 * UInt32($0))) }
    }

    private static func tokenInput(_ account: AccountID, _ token: Text) -> [UInt8] {
        [2] + accountInput(account) + token.bytes
    }

    // MARK: Messages

    /// A message by a label: without what would tell who it is.
    func unnamed(_ message: MessagePosted, by voice: Voice) -> MessagePosted {
        var changed = message
        changed.actor = voice.actor
        changed.mentions = []
        changed.clientTags = Community.plainTags(message.clientTags)
        changed.clientToken = message.clientToken.flatMap { voice.digestOfToken($0) }
        return changed
    }

    /// Tags that say what a message is, and none that could say whose.
    private static func plainTags(_ tags: Text) -> Text {
        let kept: Set<String> = [
            "+reply", "+draft/reply", "+react", "+draft/react", "+unreact", "+draft/unreact",
            MessageMark.kindTag, MessageMark.languageTag, MessageMark.referencesTag,
        ]
        let parts = tags.bytes.split(separator: 59).filter { tag in
            kept.contains(String(decoding: tag.prefix { $0 != 61 }, as: UTF8.self))
        }
        return Text(Array(parts.joined(separator: [59])))
    }

    /// The message that a token has named already, in a channel.
    func knownMessage(
        _ token: Text?, _ session: Session, in channel: Channel, _ moment: Moment
    ) -> Offset? {
        guard attribution(in: channel.id) != .attributed else { return known(token, session, moment) }
        guard let token, let account = session.account,
            let digest = moment.functions.labelDigest(
                channel.id, Community.tokenInput(account, token)),
            let first = labelBooks[channel.id]?.tokens.byToken[Text(moment.functions.base64Encoded(digest))],
            first.time.advanced(bySeconds: Int64(policy.limits.rememberedTokenSecondsLimit)) > moment.now
        else { return nil }
        return first.offset
    }

    /// Whether a ban list has the label that a session speaks by.
    func isMutedByLabel(_ session: Session, in channel: Channel, _ moment: Moment) -> MaskEntry? {
        guard let entries = channel.masks[.bans], !entries.isEmpty,
            attribution(in: channel.id) == .unattributed, !permits(.moderate, session, in: channel),
            let source = knownSource(of: session, in: channel, moment)
        else { return nil }
        let wanted = asciiFolded(source.bytes)
        return entries.first { entry in
            let (isMute, mask) = splitMute(entry.mask)
            return isMute && entry.isAlive(at: moment.now) && asciiFolded(mask.bytes) == wanted
        }
    }

    // MARK: ATTRIBUTION

    func decideAttribution(
        _ name: Text, _ policy: AttributionPolicy, _ session: Session, _ moment: Moment
    ) throws(Refusal) -> [Outcome] {
        let (channel, meeting, events) = try chaired(name, session, moment)
        let spelling = channel.name.text
        guard policy != meeting.attribution else { throw meetingFailure(.already, spelling) }
        if let code = problem(with: policy, meeting, in: channel, at: moment.now) {
            throw meetingFailure(code, spelling)
        }
        let set = AttributionSet(
            channel: channel.id, channelName: spelling, policy: policy, actor: session.actor)
        return (events + [.attributionSet(set)]).map { .event(.meeting($0)) }
    }

    /// Why a policy cannot be set now; nil when it can.
    func problem(
        with policy: AttributionPolicy, _ meeting: Meeting, in channel: Channel, at now: Timestamp
    ) -> MeetingFailure? {
        if meeting.state(at: now).rank > MeetingState.doors.rank { return .begun }
        if hasHistory(channel.id) { return .hasHistory }
        if policy == .attributed { return nil }
        return channel.takesRelays ? .isRelayed : meeting.schedule.publicPlace
    }

    func hasHistory(_ channel: ChannelID) -> Bool { ledgers[channel]?.count ?? 0 > 0 }

    // MARK: Applying

    mutating func apply(_ given: LabelGiven) {
        labelBooks[given.channel, default: LabelBook()].numbers[given.digest] = given.number
    }

    mutating func rememberLabelTokens(_ tokens: [RememberedToken], in channel: ChannelID) {
        for token in tokens {
            labelBooks[channel, default: LabelBook()].tokens.remember(
                token, countLimit: 16 * policy.limits.rememberedTokenCountLimit,
                secondsLimit: policy.limits.rememberedTokenSecondsLimit)
        }
    }

    /// Digests of tokens and numbers of one record, so that its body stays below its limit.
    private static let tokensOfRecord = 256

    func labelSnapshot(of channel: ChannelID) -> [MeetingEvent] {
        guard let book = labelBooks[channel] else { return [] }
        var events: [MeetingEvent] = book.numbers.sorted { $0.value < $1.value }.map { digest, number in
            .labelGiven(LabelGiven(channel: channel, digest: digest, number: number))
        }
        var rest = Array(book.tokens.tokens)[...]
        while !rest.isEmpty {
            let part = Array(rest.prefix(Community.tokensOfRecord))
            events.append(.labelTokens(LabelTokens(channel: channel, tokens: part)))
            rest = rest.dropFirst(part.count)
        }
        return events
    }
}

extension MeetingSchedule {
    /// Where it is seen who speaks; nil when nowhere.
    var publicPlace: MeetingFailure? {
        let words = platform.map { asciiFolded($0.bytes) }
        if words.contains("webcast") { return .isWebcast }
        return words.contains("relay") ? .isRelayed : nil
    }
}
