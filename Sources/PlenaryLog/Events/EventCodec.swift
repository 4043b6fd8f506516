// SPDX-License-Identifier: Apache-2.0

import PlenaryDomain
import PlenaryTerms

// The body of an event's record: fields one after the other. A field is a word of 32 bits (its tag in
// the low 8 bits, its byte count in the upper 24), then its bytes. Integers are little-endian, texts
// are UTF-8. A tag that is not known is skipped, so that a later version may add fields; a field that
// is absent means zero, empty, no, or nil; a list is its field repeated, in order. The record's type
// says which event it is. The channel or the pair of accounts of a conversation is always the first
// field, so that an index can be made without decoding.
//
//     type                   fields, those in [] absent when nil, zero or empty
//      1 message             conversation, target, [kind], actor, [clientTags], [line | joinedLine]…, [token],
//                            [thread], [account: mentioned]…
//      2 tagMessage          as message, without kind
//      3 channelCreated      channel, name, [founder], [flag], [replayCount], [title(language, text)]…
//      4 channelDissolved    channel
//      5 memberRoleSet       channel, account, [role], [actor]
//      6 memberKicked        channel, name, target, [text], actor
//      7 topicSet            channel, name, [text], actor
//      8 modesChanged        channel, name, [change(letter, [argument], [account])]…, actor
//      9 accountCreated      account, name, [role], [flag: bot]
//     10 credentialSet       account, [password(cost, salt, key)]
//     11 certificateAdded    account, digest, [label]
//     12 certificateRemoved  account, digest
//     13 accountStateSet     account, [flag: disabled]
//     14 inviteCreated       digest, label, [role], [target: a channel]…, [time: expires], [count], [name],
//                            [creator]
//     15 inviteRedeemed      digest, account
//     16 inviteRevoked       digest
//     17 tokensRemembered    account, [remembered(token, offset, time)]…
//     18 threadCreated       channel, name, thread, text: title, [offset: root], actor
//     19 threadChanged       channel, name, thread, one of text: title | state, [label: reason] | count: rank |
//                            answer, [offset], then actor
//     20 messagesMoved       channel, name, thread: from, [destination], offset…, actor
//     21 threadPolicySet     channel, [kind], [flag: main line closed]
//     22 threadLevelSet      account, channel, thread, [kind]
//     23 threadCueSet        account, [flag: plain]
//     24 markerSet           account, channel | direct, [thread], time
//     25 ledgerPage          channel, page
//     26 redaction           channel | direct, target, offset, [text: reason], actor, [flag: own]
//     60 erasureRequested    [actorAccount], [label: reason], offset…, erasedAccount…
//     61 erasureDone         offset: of the request
//     62 messageErased       channel | direct, [thread]
//     63 tagMessageErased    as messageErased
//     64 forgetProposed      account, actorAccount, [label: reason]
//     65 forgetSettled       account
//     66 holdSet             channel | account, [flag: held], [label: reason], [actorAccount]
//     67 retentionSet        channel, [count: days], [actorAccount]
//     40, 41 profiles        EventCodec+People.swift
//     30 accountRoleSet      account, [role], [actor]
//     31 resumeTokenIssued   account, digest, [certificate], [label], time: expires
//     32 resumeTokenRevoked  account, digest
//     33 scramVerifierSet    account, [verifier(count, salt, storedKey, serverKey)]
//     34 resetCodeSet        account, [digest, time: expires], [note]
//     50 messageHidden       channel, name, offset, [flag: hidden], [text: reason], actor
//     51 reportFiled         channel, name, count: number, [offset: message], target: about, [text:
// reason], actor
//     52 reportHandled       channel, count: number, [kind: outcome], [text], actor
//     53 noteAdded           account, [text], actor
//     54 actsRemembered      channel, [act(place, time, kind, actorName, [target], [offset], [text], [until])]…
//     70 meetingScheduled    channel, name, time: start, until: end, label: zone, [zoneOffset], [doors], [grace],
//                            [text: room], [target: a word of the platform]…, [actor]
//     71 meetingActed        channel, name, kind, time: since when, [until: new end], [count: item], [actor]
//     72 agendaItemSet       channel, name, count: number, [title(language, text)]…, [actor]
//     73 meetingDocumentSet  channel, name, label: symbol, [text: link], [title(language, text)]…, [flag:
//                            removed], [actor]
//     74 meetingAttended     channel, attendant…
//     75 meetingRemembered   channel, [state], [opened], [suspension(time: from, [until])]…, [until: extended end],
//                            [time: closed], [graceEnded], [count: item], [flag: changed by somebody], [sign]
//     76 meetingCancelled    channel, name, [actor]
//     77 attributionSet      channel, name, [kind: policy], [actor]
//     78 labelGiven          channel, digest, count: number
//     79 labelTokens         channel, [remembered(token, offset, time)]…
//     80 to 89 the floor     EventCodec+Floor.swift
//     90 relaySwitched       channel, name, [flag: on], actor
//     91 translation         as message, translation(offset: original, language, [kind: provenance], [label: engine])
//     92 translationsRemembered  channel, [translation(place, time, offset: original, language, [kind])]…
//    100 to 102 outcomes    EventCodec+Outcomes.swift
//    103 to 107 practices   EventCodec+Practices.swift
//    108 to 111 questionnaires  EventCodec+Questionnaires.swift
//
// A relayed message has [relay(name: nickname, [account], [label: origin], [token: its id there], [time: there],
// [flag: late])]. Reasons of moderators stand in `note` of 6 memberKicked, 8 modesChanged, 19 threadChanged, 20
// messagesMoved and 26;
// `until` ends a change of 8 and a suspension of 13, which has [text: reason] and [actor] when a client
// asked for it.
//
// An actor is the fields source, [actorAccount], [actorName], [actorBot]; it is absent without a source.

/// The schema version of all bodies written here.
let eventSchemaVersion: UInt16 = 1

/// A record's type, for events.
enum EventType: UInt8, CaseIterable {
    case message = 1
    case tagMessage = 2
    case channelCreated = 3
    case channelDissolved = 4
    case memberRoleSet = 5
    case memberKicked = 6
    case topicSet = 7
    case modesChanged = 8
    case accountCreated = 9
    case credentialSet = 10
    case certificateAdded = 11
    case certificateRemoved = 12
    case accountStateSet = 13
    case inviteCreated = 14
    case inviteRedeemed = 15
    case inviteRevoked = 16
    case tokensRemembered = 17
    case threadCreated = 18
    case threadChanged = 19
    case messagesMoved = 20
    case threadPolicySet = 21
    case threadLevelSet = 22
    case threadCueSet = 23
    case markerSet = 24
    case ledgerPage = 25
    case redaction = 26
    // Erasure
    case erasureRequested = 60
    case erasureDone = 61
    case messageErased = 62
    case tagMessageErased = 63
    case forgetProposed = 64
    case forgetSettled = 65
    case holdSet = 66
    case retentionSet = 67
    // People
    case profileSet = 40
    case profileReserved = 41
    // Accounts: 30 to 39
    case accountRoleSet = 30
    case resumeTokenIssued = 31
    case resumeTokenRevoked = 32
    case scramVerifierSet = 33
    case resetCodeSet = 34
    // Moderation
    case messageHidden = 50
    case reportFiled = 51
    case reportHandled = 52
    case noteAdded = 53
    case actsRemembered = 54
    // Sittings: 70 to 79
    case meetingScheduled = 70
    case meetingActed = 71
    case agendaItemSet = 72
    case meetingDocumentSet = 73
    case meetingAttended = 74
    case meetingRemembered = 75
    case meetingCancelled = 76
    case attributionSet = 77
    case labelGiven = 78
    case labelTokens = 79
    // The floor: 80 to 89
    case floorSettingsSet = 80
    case floorOpened = 81
    case floorClosed = 82
    case floorRequested = 83
    case floorWithdrawn = 84
    case floorSwapped = 85
    case floorOrdered = 86
    case floorGranted = 87
    case floorEnded = 88
    case floorTimed = 89
    // Relays and languages: 90 to 99
    case relaySwitched = 90
    case translation = 91
    case translationsRemembered = 92
    // Outcomes
    case outcomeMarked = 100
    case outcomeEdited = 101
    case outcomeUnmarked = 102
    // Practices
    case practiceSubmitted = 103
    case practiceChanged = 104
    case practiceReviewed = 105
    case practicePublished = 106
    case practiceWithdrawn = 107
    // Questionnaires
    case questionnaireDefined = 108
    case questionnaireOpened = 109
    case questionnaireClosed = 110
    case questionnaireAnswered = 111
}

/// A field's tag: the low 8 bits of the word before its bytes.
enum FieldTag {
    /// Channel id, 4 bytes.
    static let channel: UInt8 = 1
    /// Two account ids, 4 bytes each, the lower first.
    static let direct: UInt8 = 2
    static let name: UInt8 = 3
    static let target: UInt8 = 4
    /// 1 byte: `MessageKind`, `ServerRole` or `ChannelRole`.
    static let kind: UInt8 = 5
    static let source: UInt8 = 6
    /// 4 bytes.
    static let actorAccount: UInt8 = 7
    static let actorName: UInt8 = 8
    /// No bytes.
    static let actorBot: UInt8 = 9
    static let clientTags: UInt8 = 10
    static let line: UInt8 = 11
    /// A line that continues the one before it.
    static let joinedLine: UInt8 = 12
    static let token: UInt8 = 13
    /// 4 bytes.
    static let thread: UInt8 = 14
    /// Account id, 4 bytes.
    static let account: UInt8 = 15
    static let text: UInt8 = 16
    /// No bytes: permanent, bot or disabled.
    static let flag: UInt8 = 17
    /// 4 bytes.
    static let count: UInt8 = 18
    /// Microseconds, 8 bytes.
    static let time: UInt8 = 19
    /// 8 bytes.
    static let offset: UInt8 = 20
    static let digest: UInt8 = 21
    static let label: UInt8 = 22
    /// Nested fields.
    static let title: UInt8 = 23
    static let language: UInt8 = 24
    /// Nested fields.
    static let change: UInt8 = 25
    /// 2 bytes: the letter, 1 when added.
    static let letter: UInt8 = 26
    static let argument: UInt8 = 27
    /// Nested fields.
    static let password: UInt8 = 28
    /// 3 bytes: log N, r, p.
    static let cost: UInt8 = 29
    static let salt: UInt8 = 30
    static let key: UInt8 = 31
    /// Nested fields.
    static let remembered: UInt8 = 32
    /// 1 byte: `ThreadState`.
    static let state: UInt8 = 33
    /// No bytes: the change is about the accepted answer.
    static let answer: UInt8 = 34
    /// 4 bytes.
    static let destination: UInt8 = 35
    static let page: UInt8 = 36
    // Erasure
    /// Account id, 4 bytes.
    static let erasedAccount: UInt8 = 70
    // Accounts: 40 to 49
    /// Account id, 4 bytes.
    static let creator: UInt8 = 40
    /// Nested fields.
    static let verifier: UInt8 = 41
    static let storedKey: UInt8 = 42
    static let serverKey: UInt8 = 43
    /// SHA-256 of a certificate.
    static let certificate: UInt8 = 44
    // Moderation
    /// Microseconds, 8 bytes: when something ends by itself.
    static let until: UInt8 = 60
    /// A reason as moderators read it.
    static let note: UInt8 = 61
    /// Nested fields.
    static let act: UInt8 = 62
    /// 8 bytes: the offset of the event that an act was.
    static let place: UInt8 = 63
    // Sittings: 80 to 89
    /// Seconds, 4 bytes.
    static let doors: UInt8 = 80
    /// Seconds, 4 bytes.
    static let grace: UInt8 = 81
    /// Seconds that clocks are ahead of UTC, 4 bytes, signed.
    static let zoneOffset: UInt8 = 82
    /// Account id, 4 bytes.
    static let attendant: UInt8 = 83
    /// Microseconds, 8 bytes: when the chair opened it before its start.
    static let opened: UInt8 = 84
    /// Nested fields.
    static let suspension: UInt8 = 85
    /// Microseconds, 8 bytes: when the chair ended the time for replies.
    static let graceEnded: UInt8 = 86
    /// No bytes: mode `m` is the server's sign.
    static let sign: UInt8 = 87
    // Relays and languages: 100 to 109
    /// Nested fields.
    static let relay: UInt8 = 100
    /// Nested fields.
    static let translation: UInt8 = 101
}

/// The one encoder and the one decoder of events.
package enum EventCodec {
    /// The key under which an index gathers a conversation: a channel's id, or with the top bit set
    /// the two account ids of 31 bits each.
    package static func key(of conversation: Conversation) -> UInt64 {
        switch conversation {
        case .channel(let channel): UInt64(channel.value)
        case .direct(let one, let other): directKey(one.value, other.value)
        }
    }

    private static func directKey(_ one: UInt32, _ other: UInt32) -> UInt64 {
        1 << 63 | UInt64(one & 0x7FFF_FFFF) << 31 | UInt64(other & 0x7FFF_FFFF)
    }

    /// The conversation a key was made from.
    package static func conversation(ofKey key: UInt64) -> Conversation {
        guard key >> 63 == 1 else { return .channel(ChannelID(UInt32(truncatingIfNeeded: key))) }
        return .direct(
            AccountID(UInt32(key >> 31 & 0x7FFF_FFFF)), AccountID(UInt32(key & 0x7FFF_FFFF)))
    }

    /// The key of the conversation that shows an encoded event, without decoding it; nil when none does.
    @inline(__always)
    package static func conversationKey(type: UInt8, body: UnsafeRawBufferPointer) -> UInt64? {
        switch type {
        case EventType.message.rawValue, EventType.tagMessage.rawValue, EventType.memberKicked.rawValue,
            EventType.topicSet.rawValue, EventType.modesChanged.rawValue, EventType.threadCreated.rawValue,
            EventType.threadChanged.rawValue, EventType.messagesMoved.rawValue, EventType.redaction.rawValue,
            EventType.messageErased.rawValue, EventType.tagMessageErased.rawValue:
            guard let word = body.littleEndian(at: 0, as: UInt32.self),
                let first = body.littleEndian(at: 4, as: UInt32.self)
            else { return nil }
            if word == UInt32(FieldTag.channel) | 4 << 8 { return UInt64(first) }
            guard word == UInt32(FieldTag.direct) | 8 << 8,
                let second = body.littleEndian(at: 8, as: UInt32.self)
            else { return nil }
            return directKey(first, second)
        default:
            return nil
        }
    }

    /// Whether a record's type is one that a history without event-playback shows.
    package static func isMessage(type: UInt8) -> Bool { type == EventType.message.rawValue }

    /// Whether a record's type is that of a request for erasure, which backups carry beside the log.
    package static func isErasureRequest(type: UInt8) -> Bool {
        type == EventType.erasureRequested.rawValue
    }

    /// The record type of an event.
    package static func type(of event: Event) -> UInt8 { eventType(of: event).rawValue }

    static func eventType(of event: Event) -> EventType {
        switch event {
        case .messagePosted(let event):
            event.translation != nil ? .translation : event.kind == .tagOnly ? .tagMessage : .message
        case .channelCreated: .channelCreated
        case .channelDissolved: .channelDissolved
        case .memberRoleSet: .memberRoleSet
        case .memberKicked: .memberKicked
        case .topicSet: .topicSet
        case .modesChanged: .modesChanged
        case .accountCreated: .accountCreated
        case .credentialSet: .credentialSet
        case .certificateAdded: .certificateAdded
        case .certificateRemoved: .certificateRemoved
        case .accountStateSet: .accountStateSet
        case .inviteCreated: .inviteCreated
        case .inviteRedeemed: .inviteRedeemed
        case .inviteRevoked: .inviteRevoked
        case .tokensRemembered: .tokensRemembered
        case .threadCreated: .threadCreated
        case .threadChanged: .threadChanged
        case .messagesMoved: .messagesMoved
        case .threadPolicySet: .threadPolicySet
        case .threadLevelSet: .threadLevelSet
        case .threadCueSet: .threadCueSet
        case .markerSet: .markerSet
        case .ledgerPage: .ledgerPage
        case .messageRedacted: .redaction
        case .erasure(let event): erasureType(of: event)
        case .retention(let event): retentionType(of: event)
        case .people(.profileSet): .profileSet
        case .people(.profileReserved): .profileReserved
        case .account(let event): eventType(of: event)
        case .moderation(let event): eventType(of: event)
        case .meeting(let event): eventType(of: event)
        case .floor(let event): eventType(of: event)
        case .relaying(.switched): .relaySwitched
        case .languages(.translationsRemembered): .translationsRemembered
        case .outcomes(let event): eventType(of: event)
        case .practices(let event): eventType(of: event)
        case .questionnaires(let event): eventType(of: event)
        }
    }
}
