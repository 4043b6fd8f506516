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
        case .translation:
            let message = try decodeMessage(cursor, isTagOnly: false, &repeated)
            guard message.translation != nil else { throw .missingField(tag: FieldTag.translation) }
            return .messagePosted(message)
        case .profileSet, .profileReserved: return .people(try decodePeople(cursor, type))
        case .floorSettingsSet, .floorOpened, .floorClosed, .floorRequested, .floorWithdrawn, .floorSwapped,
            .floorOrdered, .floorGranted, .floorEnded, .floorTimed:
            return .floor(try decodeFloor(cursor, type))
        default: break
        }
        let fields = try EventFields(cursor)
        switch type {
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
            return .certificateAdded(try decodeCertificate(fields))
        case .certificateRemoved:
            let added = try decodeCertificate(fields)
            return .certificateRemoved(
                CertificateRemoved(account: added.account, fingerprint: added.fingerprint))
        case .accountStateSet: return .accountStateSet(try decodeAccountState(fields))
        case .inviteCreated: return .inviteCreated(try decodeInvite(fields))
        case .inviteRedeemed:
            return .inviteRedeemed(
                InviteRedeemed(codeHash: try fields.requiredDigest(), account: try fields.requiredAccount()))
        case .inviteRevoked: return .inviteRevoked(InviteRevoked(codeHash: try fields.requiredDigest()))
        case .tokensRemembered:
            return .tokensRemembered(
                TokensRemembered(account: try fields.requiredAccount(), tokens: fields.remembered))
        case .threadCreated, .threadChanged, .messagesMoved, .threadPolicySet, .threadLevelSet,
            .threadCueSet, .markerSet, .ledgerPage, .redaction:
            return try decodeThreadEvent(type, fields)
        default: return try decodeFamily(type, cursor, fields)
        }
    }

    /// Records of families that have a file of their own.
    private static func decodeFamily(
        _ type: EventType, _ cursor: FieldCursor, _ fields: EventFields
    ) throws(EventCodecError) -> Event {
        switch type {
        case .erasureRequested, .erasureDone, .messageErased, .tagMessageErased:
            return try decodeErasure(type, fields)
        case .forgetProposed, .forgetSettled, .holdSet, .retentionSet:
            return .retention(try decodeRetention(type, fields))
        case .accountRoleSet, .resumeTokenIssued, .resumeTokenRevoked, .scramVerifierSet, .resetCodeSet:
            return .account(try decodeAccountEvent(type, fields))
        case .messageHidden, .reportFiled, .reportHandled, .noteAdded, .actsRemembered:
            return .moderation(try decodeModeration(type, fields))
        case .meetingScheduled, .meetingActed, .agendaItemSet, .meetingDocumentSet, .meetingAttended,
            .meetingRemembered, .meetingCancelled, .attributionSet, .labelGiven, .labelTokens:
            return .meeting(try decodeMeeting(type, fields))
        case .relaySwitched: return .relaying(try decodeRelaying(fields))
        case .translationsRemembered: return .languages(try decodeLanguages(fields))
        case .outcomeMarked, .outcomeEdited, .outcomeUnmarked:
            return .outcomes(try decodeOutcomes(cursor, type, fields))
        case .practiceSubmitted, .practiceChanged, .practiceReviewed, .practicePublished, .practiceWithdrawn:
            return .practices(try decodePractices(cursor, type, fields))
        case .questionnaireDefined, .questionnaireOpened, .questionnaireClosed, .questionnaireAnswered:
            return .questionnaires(try decodeQuestionnaires(cursor, type, fields))
        default: throw .unknownType(type.rawValue)
        }
    }

    private static func decodeCertificate(
        _ fields: EventFields
    ) throws(EventCodecError) -> CertificateAdded {
        CertificateAdded(
            account: try fields.requiredAccount(), fingerprint: try fields.requiredDigest(),
            label: fields.label)
    }

    private static func decodeAccountState(
        _ fields: EventFields
    ) throws(EventCodecError) -> AccountStateSet {
        AccountStateSet(
            account: try fields.requiredAccount(), isDisabled: fields.isFlagged,
            until: fields.until.map { Timestamp(microseconds: $0) }, actor: fields.actor, reason: fields.text)
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
            case FieldTag.direct: conversation = try cursor.direct(field)
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
            case FieldTag.thread: message.thread = ThreadID(try cursor.integer(field))
            case FieldTag.account: message.mentions.append(AccountID(try cursor.integer(field)))
            case FieldTag.relay: message.relay = try decodeRelay(cursor.nested(field))
            case FieldTag.translation where !isTagOnly:
                message.translation = try decodeTranslation(cursor.nested(field))
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
            reason: fields.text, actor: try fields.requiredActor(), note: fields.note)
    }

    private static func decodeTopic(_ fields: EventFields) throws(EventCodecError) -> TopicSet {
        TopicSet(
            channel: try fields.requiredChannel(), channelName: fields.name ?? "", topic: fields.text,
            actor: try fields.requiredActor())
    }

    private static func decodeModes(_ fields: EventFields) throws(EventCodecError) -> ModesChanged {
        ModesChanged(
            channel: try fields.requiredChannel(), channelName: fields.name ?? "", changes: fields.changes,
            actor: try fields.requiredActor(), reason: fields.note)
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
            accountName: fields.name, creator: fields.creator)
    }
}

/// A text without bytes, made once: a literal is made anew each time.
private let noText = Text([UInt8]())
