// SPDX-License-Identifier: Apache-2.0

import PlenaryDomain
import PlenaryTerms

/// Bodies of the floor, each behind its channel. An actor is as in EventCodec.swift, and absent for the clock:
///
///     type                   fields, those in [] absent when nil, zero or empty
///     80 floorSettingsSet    [opens], [closes], [limit(category, seconds)]…, seconds: of the others, [reply]…,
///                            point, policy, [seed], [count: next number], [actor]
///     81 floorOpened         [flag: new], [untimed], [actor]
///     82 floorClosed         [flag: cut], [actor]
///     83 floorRequested      number, kind, [account], name, category, [item], [behalf], [delegation], [region],
///                            [language], [attendance], [after], [answers], [place(number, category, [region],
///                            account | delegation | name, [lot])], actor
///     84 floorWithdrawn      number, actor
///     85 floorSwapped        number, other, [flag: done], actor
///     86 floorOrdered        policy | seed | number, [after], then actor
///     87 floorGranted        number, time: ends, [flag: voiced], [paused], actor
///     88 floorEnded          number, kind: ending, actor
///     89 floorTimed          number, kind: 1 extended, 2 warned, 3 time up, [time: until], [actor]
enum FloorFieldTag {
    /// Microseconds, 8 bytes.
    static let opens: UInt8 = 90
    /// Microseconds, 8 bytes.
    static let closes: UInt8 = 91
    /// 4 bytes: the number of a request.
    static let number: UInt8 = 92
    /// 4 bytes: another request, which is swapped with, followed or answered.
    static let other: UInt8 = 93
    /// 1 byte: `FloorCategory`.
    static let category: UInt8 = 94
    /// 4 bytes: seconds.
    static let seconds: UInt8 = 95
    /// 4 bytes: seconds of one reply.
    static let reply: UInt8 = 96
    /// 8 bytes: the seed of lots, or microseconds of a pause.
    static let amount: UInt8 = 97
    /// Nested fields: the limit of a category, or a place.
    static let part: UInt8 = 98
    /// A text behind the byte that says which, `FloorText`.
    static let text: UInt8 = 99
}

/// Small things about a request that are texts or one byte: they share a tag.
enum FloorText: UInt8 {
    case item = 1
    case behalf = 2
    case delegation = 3
    case region = 4
    case language = 5
    case attendance = 6
    case policy = 7
    /// 4 bytes, little-endian.
    case point = 8
    /// 4 bytes, little-endian.
    case answers = 9
    /// 4 bytes, little-endian.
    case lot = 10
    /// No bytes: the time to close holds no longer.
    case untimed = 11
}

extension EventCodec {
    static func eventType(of event: FloorEvent) -> EventType {
        switch event {
        case .settingsSet: .floorSettingsSet
        case .opened: .floorOpened
        case .closed: .floorClosed
        case .requested: .floorRequested
        case .withdrawn: .floorWithdrawn
        case .swapped: .floorSwapped
        case .ordered: .floorOrdered
        case .granted: .floorGranted
        case .ended: .floorEnded
        case .timed: .floorTimed
        }
    }

    static func append(_ event: FloorEvent, to bytes: inout [UInt8]) {
        bytes.appendField(FieldTag.channel, event.channel.value)
        switch event {
        case .settingsSet(let event): append(event, to: &bytes)
        case .opened(let event):
            bytes.appendFlag(FieldTag.flag, if: event.isNew)
            if event.isUntimed { bytes.appendFloor(.untimed, []) }
        case .closed(let event): bytes.appendFlag(FieldTag.flag, if: event.isCut)
        case .requested(let event):
            append(event.request, to: &bytes)
            if let place = event.place {
                bytes.appendNested(FloorFieldTag.part) { append(place, to: &$0) }
            }
        case .withdrawn(let event): bytes.appendField(FloorFieldTag.number, event.number)
        case .swapped(let event):
            bytes.appendField(FloorFieldTag.number, event.number)
            bytes.appendField(FloorFieldTag.other, event.with)
            bytes.appendFlag(FieldTag.flag, if: event.isDone)
        case .ordered(let event):
            switch event.change {
            case .policy(let policy): bytes.appendFloor(.policy, [policy.rawValue])
            case .drawn(let seed): bytes.appendField(FloorFieldTag.amount, seed)
            case .placed(let number, let after):
                bytes.appendField(FloorFieldTag.number, number)
                if let after { bytes.appendField(FloorFieldTag.other, after) }
            }
        case .granted(let event):
            bytes.appendField(FloorFieldTag.number, event.number)
            bytes.appendField(FieldTag.time, event.ends.microseconds)
            bytes.appendFlag(FieldTag.flag, if: event.isVoiced)
            bytes.appendFieldUnlessZero(FloorFieldTag.amount, UInt64(bitPattern: event.pausedMicroseconds))
        case .ended(let event):
            bytes.appendField(FloorFieldTag.number, event.number)
            bytes.appendField(FieldTag.kind, event.ending.rawValue)
        case .timed(let event):
            bytes.appendField(FloorFieldTag.number, event.number)
            switch event.change {
            case .extended(let until):
                bytes.appendField(FieldTag.kind, UInt8(1))
                bytes.appendField(FieldTag.time, until.microseconds)
            case .warned: bytes.appendField(FieldTag.kind, UInt8(2))
            case .timeUp: bytes.appendField(FieldTag.kind, UInt8(3))
            }
        }
        if let actor = event.actor { append(actor, to: &bytes) }
    }

    private static func append(_ event: FloorSettingsSet, to bytes: inout [UInt8]) {
        let settings = event.settings
        if let opens = settings.opens { bytes.appendField(FloorFieldTag.opens, opens.microseconds) }
        if let closes = settings.closes { bytes.appendField(FloorFieldTag.closes, closes.microseconds) }
        for category in FloorCategory.allCases {
            guard let seconds = settings.limits[category] else { continue }
            bytes.appendNested(FloorFieldTag.part) { bytes in
                bytes.appendField(FloorFieldTag.category, category.rawValue)
                bytes.appendField(FloorFieldTag.seconds, seconds)
            }
        }
        bytes.appendField(FloorFieldTag.seconds, settings.otherSeconds)
        for seconds in settings.replySeconds { bytes.appendField(FloorFieldTag.reply, seconds) }
        bytes.appendFloor(.point, settings.pointSeconds)
        bytes.appendFloor(.policy, [settings.policy.rawValue])
        if let seed = settings.seed { bytes.appendField(FloorFieldTag.amount, seed) }
        bytes.appendFieldUnlessZero(FieldTag.count, event.nextNumber)
    }

    private static func append(_ request: FloorRequest, to bytes: inout [UInt8]) {
        bytes.appendField(FloorFieldTag.number, request.number)
        bytes.appendField(FieldTag.kind, request.kind.rawValue)
        if let account = request.account { bytes.appendField(FieldTag.account, account.value) }
        bytes.appendField(FieldTag.name, request.name)
        bytes.appendField(FloorFieldTag.category, request.category.rawValue)
        if !request.item.isEmpty { bytes.appendFloor(.item, request.item.bytes) }
        if !request.behalf.isEmpty { bytes.appendFloor(.behalf, request.behalf.bytes) }
        if let delegation = request.delegation {
            bytes.appendFloor(.delegation, Array(delegation.description.utf8))
        }
        if let region = request.region { bytes.appendFloor(.region, [region.rawValue]) }
        if let language = request.language {
            bytes.appendFloor(.language, Array(language.description.utf8))
        }
        if let attendance = request.attendance { bytes.appendFloor(.attendance, [attendance.rawValue]) }
        if let after = request.after { bytes.appendField(FloorFieldTag.other, after) }
        if let answers = request.answers { bytes.appendFloor(.answers, answers) }
    }

    private static func append(_ place: FloorPlace, to bytes: inout [UInt8]) {
        bytes.appendField(FloorFieldTag.number, place.number)
        bytes.appendField(FloorFieldTag.category, place.category.rawValue)
        if let region = place.region { bytes.appendFloor(.region, [region.rawValue]) }
        switch place.party {
        case .delegation(let code): bytes.appendFloor(.delegation, Array(code.description.utf8))
        case .account(let account): bytes.appendField(FieldTag.account, account.value)
        case .name(let name): bytes.appendField(FieldTag.name, name)
        }
        if let lot = place.lot { bytes.appendFloor(.lot, lot) }
    }

    static func decodeFloor(
        _ start: FieldCursor, _ type: EventType
    ) throws(EventCodecError) -> FloorEvent {
        let fields = try FloorFields(start)
        let channel = try fields.common.requiredChannel()
        switch type {
        case .floorSettingsSet:
            return .settingsSet(
                FloorSettingsSet(
                    channel: channel, settings: try fields.settings(), actor: fields.common.actor,
                    nextNumber: fields.common.count))
        case .floorOpened:
            return .opened(
                FloorOpened(
                    channel: channel, isNew: fields.common.isFlagged, isUntimed: fields.isUntimed,
                    actor: fields.common.actor))
        case .floorClosed:
            return .closed(
                FloorClosed(
                    channel: channel, isCut: fields.common.isFlagged, actor: fields.common.actor))
        default: break
        }
        if type == .floorTimed { return .timed(try fields.timed(channel)) }
        let actor = try fields.common.requiredActor()
        if type == .floorOrdered {
            return .ordered(
                FloorOrdered(channel: channel, change: try fields.ordering(), actor: actor))
        }
        let number = try fields.requiredNumber()
        switch type {
        case .floorRequested:
            return .requested(
                FloorRequested(
                    channel: channel, request: try fields.request(), actor: actor, place: fields.place))
        case .floorWithdrawn:
            return .withdrawn(FloorWithdrawn(channel: channel, number: number, actor: actor))
        case .floorSwapped:
            guard let other = fields.other else { throw .missingField(tag: FloorFieldTag.other) }
            return .swapped(
                FloorSwapped(
                    channel: channel, number: number, with: other, isDone: fields.common.isFlagged,
                    actor: actor))
        case .floorGranted:
            guard let ends = fields.common.time else { throw .missingField(tag: FieldTag.time) }
            return .granted(
                FloorGranted(
                    channel: channel, number: number, ends: Timestamp(microseconds: ends),
                    isVoiced: fields.common.isFlagged,
                    pausedMicroseconds: Int64(bitPattern: fields.amount ?? 0), actor: actor))
        case .floorEnded:
            return .ended(
                FloorEnded(
                    channel: channel, number: number, ending: try fields.choice(of: FloorEnding.self),
                    actor: actor))
        default: throw .unknownType(type.rawValue)
        }
    }
}

extension [UInt8] {
    fileprivate mutating func appendFloor(_ which: FloorText, _ content: [UInt8]) {
        appendField(FloorFieldTag.text, [which.rawValue] + content)
    }

    fileprivate mutating func appendFloor(_ which: FloorText, _ number: UInt32) {
        var content: [UInt8] = []
        content.appendLittleEndian(number)
        appendFloor(which, content)
    }
}
