// SPDX-License-Identifier: Apache-2.0

import PlenaryDomain
import PlenaryTerms

/// The fields of the events that are no messages, gathered before one is made of them.
struct EventFields {
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
    var direct: Conversation?
    var thread: UInt32?
    var state: UInt8?
    var isAnswer = false
    var destination: UInt32 = 0
    var offsets: [UInt64] = []
    var page: [UInt8] = []
    var hasText = false
    var erasedAccounts: [AccountID] = []
    var creator: AccountID?
    var verifier: ScramVerifier?
    var certificate: [UInt8]?
    var until: Int64?
    var note: Text = ""
    var acts: [ModerationAct] = []
    var place: UInt64?
    var doors: UInt32 = 0
    var grace: UInt32 = 0
    var zoneOffset: UInt32 = 0
    var attendants: [AccountID] = []
    var opened: Int64?
    var suspensions: [Suspension] = []
    var graceEnded: Int64?
    var isSign = false
    var translations: [Translation] = []

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
            case FieldTag.text:
                text = cursor.text(field)
                hasText = true
            case FieldTag.direct: direct = try cursor.direct(field)
            case FieldTag.thread: thread = try cursor.integer(field)
            case FieldTag.state: state = try cursor.integer(field)
            case FieldTag.answer: isAnswer = true
            case FieldTag.destination: destination = try cursor.integer(field)
            case FieldTag.offset: offsets.append(try cursor.integer(field))
            case FieldTag.page: page = cursor.bytes(field)
            case FieldTag.erasedAccount: erasedAccounts.append(AccountID(try cursor.integer(field)))
            case FieldTag.flag: isFlagged = true
            case FieldTag.count: count = try cursor.integer(field)
            case FieldTag.time: time = try cursor.integer(field)
            case FieldTag.digest: digest = cursor.bytes(field)
            case FieldTag.label: label = cursor.text(field)
            case FieldTag.title: titles.append(try EventFields.title(cursor.nested(field)))
            case FieldTag.change: changes.append(try EventFields.change(cursor.nested(field)))
            case FieldTag.password: password = try EventFields.password(cursor.nested(field))
            case FieldTag.until: until = try cursor.integer(field)
            case FieldTag.note: note = cursor.text(field)
            case FieldTag.act: acts.append(try EventFields.act(cursor.nested(field)))
            case FieldTag.place: place = try cursor.integer(field)
            case FieldTag.translation:
                translations.append(try EventCodec.decodeRemembered(cursor.nested(field)))
            case FieldTag.remembered: remembered.append(try EventFields.remembered(cursor.nested(field)))
            case FieldTag.creator: creator = AccountID(try cursor.integer(field))
            case FieldTag.verifier: verifier = try EventFields.verifier(cursor.nested(field))
            case FieldTag.certificate: certificate = cursor.bytes(field)
            case FieldTag.doors: doors = try cursor.integer(field)
            case FieldTag.grace: grace = try cursor.integer(field)
            case FieldTag.zoneOffset: zoneOffset = try cursor.integer(field)
            case FieldTag.attendant: attendants.append(AccountID(try cursor.integer(field)))
            case FieldTag.opened: opened = try cursor.integer(field)
            case FieldTag.suspension: suspensions.append(try EventFields.suspension(cursor.nested(field)))
            case FieldTag.graceEnded: graceEnded = try cursor.integer(field)
            case FieldTag.sign: isSign = true
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
        var until: Timestamp?
        while let field = try cursor.next() {
            switch field.tag {
            case FieldTag.letter:
                let pair: UInt16 = try cursor.integer(field)
                change = ModeChange(letter: UInt8(truncatingIfNeeded: pair), isAdded: pair >> 8 != 0)
            case FieldTag.argument: argument = cursor.text(field)
            case FieldTag.account: account = AccountID(try cursor.integer(field))
            case FieldTag.until: until = Timestamp(microseconds: try cursor.integer(field))
            default: break
            }
        }
        guard var change else { throw .missingField(tag: FieldTag.letter) }
        change.argument = argument
        change.account = account
        change.until = until
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
