// SPDX-License-Identifier: Apache-2.0

import PlenaryDomain
import PlenaryTerms

extension EventCodec {
    /// Reads an event's body. Throws for a type or value this version does not know, and for bytes
    /// that are no body; never traps.
    package static func decode(
        type rawType: UInt8, body: UnsafeRawBufferPointer
    ) throws(EventCodecError) -> Event {
        var repeated = RepeatedTexts()
        return try decode(type: rawType, body: body, sharing: &repeated)
    }

    /// The same for a reader of many events, which shares equal texts between them.
    static func decode(
        type rawType: UInt8, body: UnsafeRawBufferPointer, sharing repeated: inout RepeatedTexts
    ) throws(EventCodecError) -> Event {
        guard let type = EventType(rawValue: rawType) else { throw .unknownType(rawType) }
        let cursor = FieldCursor(body)
        switch type {
        case .message: return .messagePosted(try decodeMessage(cursor, isTagOnly: false, &repeated))
        case .tagMessage: return .messagePosted(try decodeMessage(cursor, isTagOnly: true, &repeated))
        default: break
        }
        let fields = try EventFields(cursor)
        switch type {
        case .message, .tagMessage: throw .unknownType(rawType)
        case .channelCreated: return .channelCreated(try decodeChannelCreated(fields))
        case .channelDissolved:
            return .channelDissolved(ChannelDissolved(channel: try fields.requiredChannel()))
        case .memberRoleSet: return .memberRoleSet(try decodeRole(fields))
        case .memberKicked: return .memberKicked(try decodeKick(fields))
        case .topicSet: return .topicSet(try decodeTopic(fields))
        case .modesChanged: return .modesChanged(try decodeModes(fields))
        case .accountCreated: return .accountCreated(try decodeAccount(fields))
        case .credentialSet:
            return .credentialSet(
                CredentialSet(account: try fields.requiredAccount(), password: fields.password))
        case .certificateAdded:
            return .certificateAdded(
                CertificateAdded(
                    account: try fields.requiredAccount(), fingerprint: try fields.requiredDigest(),
                    label: fields.label))
        case .certificateRemoved:
            return .certificateRemoved(
                CertificateRemoved(
                    account: try fields.requiredAccount(), fingerprint: try fields.requiredDigest()))
        case .accountStateSet:
            return .accountStateSet(
                AccountStateSet(account: try fields.requiredAccount(), isDisabled: fields.isFlagged))
        case .inviteCreated: return .inviteCreated(try decodeInvite(fields))
        case .inviteRedeemed:
            return .inviteRedeemed(
                InviteRedeemed(codeHash: try fields.requiredDigest(), account: try fields.requiredAccount()))
        case .inviteRevoked: return .inviteRevoked(InviteRevoked(codeHash: try fields.requiredDigest()))
        case .tokensRemembered:
            return .tokensRemembered(
                TokensRemembered(account: try fields.requiredAccount(), tokens: fields.remembered))
        }
    }

    /// Messages have their own way: nearly every record is one.
    private static func decodeMessage(
        _ start: FieldCursor, isTagOnly: Bool, _ repeated: inout RepeatedTexts
    ) throws(EventCodecError) -> MessagePosted {
        var cursor = start
        var conversation: Conversation?
        var actor = Actor(source: noText, account: nil, accountName: nil)
        var message = MessagePosted(
            conversation: .channel(ChannelID(0)), target: noText,
            kind: isTagOnly ? .tagOnly : .privateMessage,
            actor: actor, clientTags: noText, lines: [])
        while let field = try cursor.next() {
            switch field.tag {
            case FieldTag.channel: conversation = .channel(ChannelID(try cursor.integer(field)))
            case FieldTag.direct:
                let pair: UInt64 = try cursor.integer(field)
                conversation = .direct(
                    AccountID(UInt32(truncatingIfNeeded: pair)),
                    AccountID(UInt32(truncatingIfNeeded: pair >> 32)))
            case FieldTag.target: message.target = cursor.text(field, sharing: &repeated.target)
            case FieldTag.kind where !isTagOnly: message.kind = try cursor.choice(field)
            case FieldTag.source: actor.source = cursor.text(field, sharing: &repeated.source)
            case FieldTag.actorAccount: actor.account = AccountID(try cursor.integer(field))
            case FieldTag.actorName: actor.accountName = cursor.text(field, sharing: &repeated.accountName)
            case FieldTag.actorBot: actor.isBot = true
            case FieldTag.clientTags: message.clientTags = cursor.text(field)
            case FieldTag.line: message.lines.append(MessageLine(cursor.text(field)))
            case FieldTag.joinedLine:
                message.lines.append(MessageLine(cursor.text(field), isConcatenated: true))
            case FieldTag.token: message.clientToken = cursor.text(field)
            case FieldTag.thread: message.thread = try cursor.integer(field)
            default: break
            }
        }
        guard let conversation else { throw .missingField(tag: FieldTag.channel) }
        message.conversation = conversation
        message.actor = actor
        return message
    }

    private static func decodeChannelCreated(_ fields: EventFields) throws(EventCodecError) -> ChannelCreated
    {
        guard fields.count <= UInt32(UInt16.max) else {
            throw .unknownValue(tag: FieldTag.count, value: UInt64(fields.count))
        }
        return ChannelCreated(
            channel: try fields.requiredChannel(), name: fields.name ?? "", founder: fields.account,
            isPermanent: fields.isFlagged, replayCount: UInt16(fields.count), titles: fields.titles)
    }

    private static func decodeRole(_ fields: EventFields) throws(EventCodecError) -> MemberRoleSet {
        guard let role = ChannelRole(rawValue: fields.kind) else {
            throw .unknownValue(tag: FieldTag.kind, value: UInt64(fields.kind))
        }
        return MemberRoleSet(
            channel: try fields.requiredChannel(), account: try fields.requiredAccount(), role: role,
            actor: fields.actor)
    }

    private static func decodeKick(_ fields: EventFields) throws(EventCodecError) -> MemberKicked {
        MemberKicked(
            channel: try fields.requiredChannel(), channelName: fields.name ?? "",
            nickname: fields.targets.first ?? "",
            reason: fields.text, actor: try fields.requiredActor())
    }

    private static func decodeTopic(_ fields: EventFields) throws(EventCodecError) -> TopicSet {
        TopicSet(
            channel: try fields.requiredChannel(), channelName: fields.name ?? "", topic: fields.text,
            actor: try fields.requiredActor())
    }

    private static func decodeModes(_ fields: EventFields) throws(EventCodecError) -> ModesChanged {
        ModesChanged(
            channel: try fields.requiredChannel(), channelName: fields.name ?? "", changes: fields.changes,
            actor: try fields.requiredActor())
    }

    private static func decodeAccount(_ fields: EventFields) throws(EventCodecError) -> AccountCreated {
        AccountCreated(
            account: try fields.requiredAccount(), name: fields.name ?? "", role: try fields.serverRole(),
            isBot: fields.isFlagged)
    }

    private static func decodeInvite(_ fields: EventFields) throws(EventCodecError) -> InviteCreated {
        InviteCreated(
            codeHash: try fields.requiredDigest(), handle: fields.label, role: try fields.serverRole(),
            channels: fields.targets, expires: fields.time.map { Timestamp(microseconds: $0) },
            useLimit: fields.count,
            accountName: fields.name)
    }
}

/// A text without bytes, made once: a literal is made anew each time.
private let noText = Text([UInt8]())

/// The fields of the events that are no messages, gathered before one is made of them.
private struct EventFields {
    var channel: ChannelID?
    var account: AccountID?
    var name: Text?
    var targets: [Text] = []
    var kind: UInt8 = 0
    var source: Text?
    var actorAccount: AccountID?
    var actorName: Text?
    var isBot = false
    var text: Text = ""
    var isFlagged = false
    var count: UInt32 = 0
    var time: Int64?
    var digest: [UInt8]?
    var label: Text = ""
    var titles: [ChannelTitle] = []
    var changes: [ModeChange] = []
    var password: PasswordHash?
    var remembered: [RememberedToken] = []

    init(_ start: FieldCursor) throws(EventCodecError) {
        var cursor = start
        while let field = try cursor.next() {
            switch field.tag {
            case FieldTag.channel: channel = ChannelID(try cursor.integer(field))
            case FieldTag.account: account = AccountID(try cursor.integer(field))
            case FieldTag.name: name = cursor.text(field)
            case FieldTag.target: targets.append(cursor.text(field))
            case FieldTag.kind: kind = try cursor.integer(field)
            case FieldTag.source: source = cursor.text(field)
            case FieldTag.actorAccount: actorAccount = AccountID(try cursor.integer(field))
            case FieldTag.actorName: actorName = cursor.text(field)
            case FieldTag.actorBot: isBot = true
            case FieldTag.text: text = cursor.text(field)
            case FieldTag.flag: isFlagged = true
            case FieldTag.count: count = try cursor.integer(field)
            case FieldTag.time: time = try cursor.integer(field)
            case FieldTag.digest: digest = cursor.bytes(field)
            case FieldTag.label: label = cursor.text(field)
            case FieldTag.title: titles.append(try EventFields.title(cursor.nested(field)))
            case FieldTag.change: changes.append(try EventFields.change(cursor.nested(field)))
            case FieldTag.password: password = try EventFields.password(cursor.nested(field))
            case FieldTag.remembered: remembered.append(try EventFields.remembered(cursor.nested(field)))
            default: break
            }
        }
    }

    var actor: Actor? {
        source.map { Actor(source: $0, account: actorAccount, accountName: actorName, isBot: isBot) }
    }

    func requiredActor() throws(EventCodecError) -> Actor {
        guard let actor else { throw .missingField(tag: FieldTag.source) }
        return actor
    }

    func requiredChannel() throws(EventCodecError) -> ChannelID {
        guard let channel else { throw .missingField(tag: FieldTag.channel) }
        return channel
    }

    func requiredAccount() throws(EventCodecError) -> AccountID {
        guard let account else { throw .missingField(tag: FieldTag.account) }
        return account
    }

    func requiredDigest() throws(EventCodecError) -> [UInt8] {
        guard let digest else { throw .missingField(tag: FieldTag.digest) }
        return digest
    }

    func serverRole() throws(EventCodecError) -> ServerRole {
        guard let role = ServerRole(rawValue: kind) else {
            throw .unknownValue(tag: FieldTag.kind, value: UInt64(kind))
        }
        return role
    }

    private static func title(_ start: FieldCursor) throws(EventCodecError) -> ChannelTitle {
        var cursor = start
        var language: Language?
        var title: Text = ""
        while let field = try cursor.next() {
            switch field.tag {
            case FieldTag.language:
                language = Language(rawValue: cursor.text(field).string)
                if language == nil { throw .unknownValue(tag: field.tag, value: UInt64(field.byteCount)) }
            case FieldTag.text: title = cursor.text(field)
            default: break
            }
        }
        guard let language else { throw .missingField(tag: FieldTag.language) }
        return ChannelTitle(language: language, title: title)
    }

    private static func change(_ start: FieldCursor) throws(EventCodecError) -> ModeChange {
        var cursor = start
        var change: ModeChange?
        var argument: Text?
        var account: AccountID?
        while let field = try cursor.next() {
            switch field.tag {
            case FieldTag.letter:
                let pair: UInt16 = try cursor.integer(field)
                change = ModeChange(letter: UInt8(truncatingIfNeeded: pair), isAdded: pair >> 8 != 0)
            case FieldTag.argument: argument = cursor.text(field)
            case FieldTag.account: account = AccountID(try cursor.integer(field))
            default: break
            }
        }
        guard var change else { throw .missingField(tag: FieldTag.letter) }
        change.argument = argument
        change.account = account
        return change
    }

    private static func password(_ start: FieldCursor) throws(EventCodecError) -> PasswordHash {
        var cursor = start
        var password = PasswordHash(logN: 0, r: 0, p: 0, salt: [], key: [])
        var hasCost = false
        while let field = try cursor.next() {
            switch field.tag {
            case FieldTag.cost:
                let cost = cursor.bytes(field)
                guard cost.count == 3 else { throw .wrongByteCount(tag: field.tag, byteCount: cost.count) }
                (password.logN, password.r, password.p) = (cost[0], cost[1], cost[2])
                hasCost = true
            case FieldTag.salt: password.salt = cursor.bytes(field)
            case FieldTag.key: password.key = cursor.bytes(field)
            default: break
            }
        }
        guard hasCost else { throw .missingField(tag: FieldTag.cost) }
        return password
    }

    private static func remembered(_ start: FieldCursor) throws(EventCodecError) -> RememberedToken {
        var cursor = start
        var token: Text?
        var offset = Offset(0)
        var time = Timestamp(microseconds: 0)
        while let field = try cursor.next() {
            switch field.tag {
            case FieldTag.token: token = cursor.text(field)
            case FieldTag.offset: offset = Offset(try cursor.integer(field))
            case FieldTag.time: time = Timestamp(microseconds: try cursor.integer(field))
            default: break
            }
        }
        guard let token else { throw .missingField(tag: FieldTag.token) }
        return RememberedToken(token: token, offset: offset, time: time)
    }
}
