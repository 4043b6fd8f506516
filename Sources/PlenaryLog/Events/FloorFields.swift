// SPDX-License-Identifier: Apache-2.0

import PlenaryDomain
import PlenaryTerms

/// The fields of the floor's events, beside those that others have as well.
struct FloorFields {
    let common: EventFields
    var number: UInt32?
    var other: UInt32?
    var category: FloorCategory?
    var seconds: UInt32?
    var replies: [UInt32] = []
    var amount: UInt64?
    var opens: Int64?
    var closes: Int64?
    var limits: [FloorCategory: UInt32] = [:]
    var place: FloorPlace?
    var item: Text = ""
    var behalf: Text = ""
    var delegation: CountryCode?
    var region: RegionalGroup?
    var language: LanguageTag?
    var attendance: Attendance?
    var policy: FloorPolicy?
    var point: UInt32?
    var answers: UInt32?
    var lot: UInt32?
    var isUntimed = false

    init(_ start: FieldCursor) throws(EventCodecError) {
        common = try EventFields(start)
        var cursor = start
        while let field = try cursor.next() {
            switch field.tag {
            case FloorFieldTag.opens: opens = try cursor.integer(field)
            case FloorFieldTag.closes: closes = try cursor.integer(field)
            case FloorFieldTag.number: number = try cursor.integer(field)
            case FloorFieldTag.other: other = try cursor.integer(field)
            case FloorFieldTag.category: category = try cursor.choice(field)
            case FloorFieldTag.seconds: seconds = try cursor.integer(field)
            case FloorFieldTag.reply: replies.append(try cursor.integer(field))
            case FloorFieldTag.amount: amount = try cursor.integer(field)
            case FloorFieldTag.part: try read(FloorFields(cursor.nested(field)))
            case FloorFieldTag.text: try read(cursor.bytes(field))
            default: break
            }
        }
    }

    /// The limit of a category has seconds, a place has a number.
    private mutating func read(_ part: FloorFields) throws(EventCodecError) {
        guard let category = part.category else { throw .missingField(tag: FloorFieldTag.category) }
        if let seconds = part.seconds {
            limits[category] = seconds
            return
        }
        let party: FloorParty
        if let delegation = part.delegation {
            party = .delegation(delegation)
        } else if let account = part.common.account {
            party = .account(account)
        } else if let name = part.common.name {
            party = .name(name)
        } else {
            throw .missingField(tag: FieldTag.name)
        }
        place = FloorPlace(
            number: try part.requiredNumber(), category: category, region: part.region, party: party,
            lot: part.lot)
    }

    private mutating func read(_ bytes: [UInt8]) throws(EventCodecError) {
        guard let first = bytes.first else {
            throw .wrongByteCount(tag: FloorFieldTag.text, byteCount: 0)
        }
        // A later version may know more.
        guard let which = FloorText(rawValue: first) else { return }
        let content = Array(bytes.dropFirst())
        switch which {
        case .item: item = Text(content)
        case .behalf: behalf = Text(content)
        case .delegation: delegation = try known(CountryCode(content), content)
        case .region: region = try known(content.first.flatMap { RegionalGroup(rawValue: $0) }, content)
        case .language: language = try known(LanguageTag(content), content)
        case .attendance: attendance = try known(content.first.flatMap { Attendance(rawValue: $0) }, content)
        case .policy: policy = try known(content.first.flatMap { FloorPolicy(rawValue: $0) }, content)
        case .point: point = try integer(content)
        case .answers: answers = try integer(content)
        case .lot: lot = try integer(content)
        case .untimed: isUntimed = true
        }
    }

    private func known<Value>(_ value: Value?, _ content: [UInt8]) throws(EventCodecError) -> Value {
        guard let value else {
            throw .unknownValue(tag: FloorFieldTag.text, value: UInt64(content.first ?? 0))
        }
        return value
    }

    private func integer(_ content: [UInt8]) throws(EventCodecError) -> UInt32 {
        guard content.count == 4 else {
            throw .wrongByteCount(tag: FloorFieldTag.text, byteCount: content.count)
        }
        return content.reversed().reduce(0) { $0 << 8 | UInt32($1) }
    }

    func requiredNumber() throws(EventCodecError) -> UInt32 {
        guard let number else { throw .missingField(tag: FloorFieldTag.number) }
        return number
    }

    func choice<Value: RawRepresentable>(
        of type: Value.Type
    ) throws(EventCodecError) -> Value where Value.RawValue == UInt8 {
        guard let value = Value(rawValue: common.kind) else {
            throw .unknownValue(tag: FieldTag.kind, value: UInt64(common.kind))
        }
        return value
    }

    func settings() throws(EventCodecError) -> FloorSettings {
        var settings = FloorSettings()
        settings.opens = opens.map { Timestamp(microseconds: $0) }
        settings.closes = closes.map { Timestamp(microseconds: $0) }
        settings.limits = limits
        guard let seconds else { throw .missingField(tag: FloorFieldTag.seconds) }
        settings.otherSeconds = seconds
        settings.replySeconds = replies
        settings.pointSeconds = point ?? settings.pointSeconds
        settings.policy = policy ?? settings.policy
        settings.seed = amount
        return settings
    }

    func request() throws(EventCodecError) -> FloorRequest {
        guard let category else { throw .missingField(tag: FloorFieldTag.category) }
        var request = FloorRequest(
            number: try requiredNumber(), kind: try choice(of: FloorKind.self), account: common.account,
            name: common.name ?? "", category: category)
        request.item = item
        request.behalf = behalf
        request.delegation = delegation
        request.region = region
        request.language = language
        request.attendance = attendance
        request.after = other
        request.answers = answers
        return request
    }

    func ordering() throws(EventCodecError) -> FloorOrdered.Change {
        if let policy { return .policy(policy) }
        if let amount { return .drawn(seed: amount) }
        return .placed(number: try requiredNumber(), after: other)
    }

    func timed(_ channel: ChannelID) throws(EventCodecError) -> FloorTimed {
        let change: FloorTimed.Change
        switch common.kind {
        case 1:
            guard let until = common.time else { throw .missingField(tag: FieldTag.time) }
            change = .extended(until: Timestamp(microseconds: until))
        case 2: change = .warned
        case 3: change = .timeUp
        default: throw .unknownValue(tag: FieldTag.kind, value: UInt64(common.kind))
        }
        return FloorTimed(
            channel: channel, number: try requiredNumber(), change: change, actor: common.actor)
    }
}
