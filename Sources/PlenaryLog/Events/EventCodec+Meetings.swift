// SPDX-License-Identifier: Apache-2.0

import PlenaryDomain
import PlenaryTerms

/// Bodies of sittings.
extension EventCodec {
    static func eventType(of event: MeetingEvent) -> EventType {
        switch event {
        case .scheduled: .meetingScheduled
        case .acted: .meetingActed
        case .agendaItemSet: .agendaItemSet
        case .documentSet: .meetingDocumentSet
        case .attended: .meetingAttended
        case .remembered: .meetingRemembered
        case .cancelled: .meetingCancelled
        case .attributionSet: .attributionSet
        case .labelGiven: .labelGiven
        case .labelTokens: .labelTokens
        }
    }

    static func append(_ event: MeetingEvent, to bytes: inout [UInt8]) {
        bytes.appendField(FieldTag.channel, event.channel.value)
        switch event {
        case .scheduled(let event):
            bytes.appendField(FieldTag.name, event.channelName)
            append(event.schedule, to: &bytes)
        case .acted(let event):
            bytes.appendField(FieldTag.name, event.channelName)
            bytes.appendField(FieldTag.kind, event.kind.rawValue)
            bytes.appendField(FieldTag.time, event.time.microseconds)
            if let until = event.until { bytes.appendField(FieldTag.until, until.microseconds) }
            bytes.appendFieldUnlessZero(FieldTag.count, UInt32(event.item))
        case .agendaItemSet(let event):
            bytes.appendField(FieldTag.name, event.channelName)
            bytes.appendFieldUnlessZero(FieldTag.count, UInt32(event.item.number))
            append(event.item.titles, to: &bytes)
        case .documentSet(let event):
            bytes.appendField(FieldTag.name, event.channelName)
            bytes.appendField(FieldTag.label, event.document.symbol)
            bytes.appendFieldUnlessEmpty(FieldTag.text, event.document.link)
            append(event.document.titles, to: &bytes)
            bytes.appendFlag(FieldTag.flag, if: event.isRemoved)
        case .attended(let event):
            for account in event.accounts { bytes.appendField(FieldTag.attendant, account.value) }
        case .remembered(let event): append(event, to: &bytes)
        case .cancelled(let event): bytes.appendField(FieldTag.name, event.channelName)
        case .attributionSet(let event):
            bytes.appendField(FieldTag.name, event.channelName)
            bytes.appendFieldUnlessZero(FieldTag.kind, event.policy.rawValue)
        case .labelGiven(let event):
            bytes.appendField(FieldTag.digest, event.digest)
            bytes.appendFieldUnlessZero(FieldTag.count, event.number)
        case .labelTokens(let event):
            for token in event.tokens { append(token, to: &bytes) }
        }
        if let actor = event.actor { append(actor, to: &bytes) }
    }

    private static func append(_ schedule: MeetingSchedule, to bytes: inout [UInt8]) {
        bytes.appendField(FieldTag.time, schedule.start.microseconds)
        bytes.appendField(FieldTag.until, schedule.end.microseconds)
        bytes.appendField(FieldTag.label, schedule.zone)
        bytes.appendFieldUnlessZero(
            FieldTag.zoneOffset, UInt32(bitPattern: schedule.utcOffsetSeconds))
        bytes.appendFieldUnlessZero(FieldTag.doors, schedule.doorsSeconds)
        bytes.appendFieldUnlessZero(FieldTag.grace, schedule.graceSeconds)
        bytes.appendFieldUnlessEmpty(FieldTag.text, schedule.room)
        for word in schedule.platform { bytes.appendField(FieldTag.target, word) }
    }

    private static func append(_ titles: [ChannelTitle], to bytes: inout [UInt8]) {
        for title in titles {
            bytes.appendNested(FieldTag.title) { bytes in
                bytes.appendField(FieldTag.language, Text(title.language.rawValue))
                bytes.appendFieldUnlessEmpty(FieldTag.text, title.title)
            }
        }
    }

    private static func append(_ event: MeetingRemembered, to bytes: inout [UInt8]) {
        bytes.appendFieldUnlessZero(FieldTag.state, event.noted.rawValue)
        if let time = event.openedAt { bytes.appendField(FieldTag.opened, time.microseconds) }
        for suspension in event.suspensions {
            bytes.appendNested(FieldTag.suspension) { bytes in
                bytes.appendField(FieldTag.time, suspension.from.microseconds)
                if let end = suspension.to { bytes.appendField(FieldTag.until, end.microseconds) }
            }
        }
        if let time = event.extendedEnd { bytes.appendField(FieldTag.until, time.microseconds) }
        if let time = event.closedAt { bytes.appendField(FieldTag.time, time.microseconds) }
        if let time = event.graceEndedAt { bytes.appendField(FieldTag.graceEnded, time.microseconds) }
        bytes.appendFieldUnlessZero(FieldTag.count, UInt32(event.currentItem))
        bytes.appendFlag(FieldTag.flag, if: event.isLive)
        bytes.appendFlag(FieldTag.sign, if: event.holdsMode)
    }

    static func decodeMeeting(
        _ type: EventType, _ fields: EventFields
    ) throws(EventCodecError) -> MeetingEvent {
        let channel = try fields.requiredChannel()
        let name = fields.name ?? ""
        switch type {
        case .meetingScheduled:
            return .scheduled(
                MeetingScheduled(
                    channel: channel, channelName: name, schedule: try decodeSchedule(fields),
                    actor: fields.actor))
        case .meetingActed:
            guard let kind = MeetingActKind(rawValue: fields.kind) else {
                throw .unknownValue(tag: FieldTag.kind, value: UInt64(fields.kind))
            }
            guard let time = fields.time else { throw .missingField(tag: FieldTag.time) }
            return .acted(
                MeetingActed(
                    channel: channel, channelName: name, kind: kind, time: Timestamp(microseconds: time),
                    until: fields.until.map { Timestamp(microseconds: $0) }, item: try itemNumber(fields),
                    actor: fields.actor))
        case .agendaItemSet:
            let item = AgendaItem(number: try itemNumber(fields), titles: fields.titles)
            return .agendaItemSet(
                AgendaItemSet(channel: channel, channelName: name, item: item, actor: fields.actor))
        case .meetingDocumentSet:
            let document = MeetingDocument(
                symbol: fields.label, titles: fields.titles, link: fields.text)
            return .documentSet(
                MeetingDocumentSet(
                    channel: channel, channelName: name, document: document, isRemoved: fields.isFlagged,
                    actor: fields.actor))
        case .meetingAttended:
            return .attended(MeetingAttended(channel: channel, accounts: fields.attendants))
        case .meetingRemembered: return .remembered(try decodeMemory(channel, fields))
        case .meetingCancelled:
            return .cancelled(
                MeetingCancelled(channel: channel, channelName: name, actor: fields.actor))
        case .attributionSet:
            guard let policy = AttributionPolicy(rawValue: fields.kind) else {
                throw .unknownValue(tag: FieldTag.kind, value: UInt64(fields.kind))
            }
            return .attributionSet(
                AttributionSet(channel: channel, channelName: name, policy: policy, actor: fields.actor))
        case .labelGiven:
            return .labelGiven(
                LabelGiven(channel: channel, digest: try fields.requiredDigest(), number: fields.count))
        case .labelTokens:
            return .labelTokens(LabelTokens(channel: channel, tokens: fields.remembered))
        default: throw .unknownType(type.rawValue)
        }
    }

    private static func itemNumber(_ fields: EventFields) throws(EventCodecError) -> UInt8 {
        guard let number = UInt8(exactly: fields.count) else {
            throw .unknownValue(tag: FieldTag.count, value: UInt64(fields.count))
        }
        return number
    }

    private static func decodeSchedule(_ fields: EventFields) throws(EventCodecError) -> MeetingSchedule {
        guard let start = fields.time else { throw .missingField(tag: FieldTag.time) }
        guard let end = fields.until else { throw .missingField(tag: FieldTag.until) }
        return MeetingSchedule(
            start: Timestamp(microseconds: start), end: Timestamp(microseconds: end), zone: fields.label,
            utcOffsetSeconds: Int32(bitPattern: fields.zoneOffset), doorsSeconds: fields.doors,
            graceSeconds: fields.grace, room: fields.text, platform: fields.targets)
    }

    private static func decodeMemory(
        _ channel: ChannelID, _ fields: EventFields
    ) throws(EventCodecError) -> MeetingRemembered {
        let raw = fields.state ?? 0
        guard let noted = MeetingState(rawValue: raw) else {
            throw .unknownValue(tag: FieldTag.state, value: UInt64(raw))
        }
        var memory = MeetingRemembered(
            channel: channel, noted: noted, isLive: fields.isFlagged, holdsMode: fields.isSign)
        memory.openedAt = fields.opened.map { Timestamp(microseconds: $0) }
        memory.suspensions = fields.suspensions
        memory.extendedEnd = fields.until.map { Timestamp(microseconds: $0) }
        memory.closedAt = fields.time.map { Timestamp(microseconds: $0) }
        memory.graceEndedAt = fields.graceEnded.map { Timestamp(microseconds: $0) }
        memory.currentItem = try itemNumber(fields)
        return memory
    }
}

extension EventFields {
    /// A suspension of `meetingRemembered`.
    static func suspension(_ start: FieldCursor) throws(EventCodecError) -> Suspension {
        let fields = try EventFields(start)
        guard let from = fields.time else { throw .missingField(tag: FieldTag.time) }
        return Suspension(
            from: Timestamp(microseconds: from), to: fields.until.map { Timestamp(microseconds: $0) })
    }
}
