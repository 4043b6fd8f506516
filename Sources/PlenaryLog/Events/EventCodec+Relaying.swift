// SPDX-License-Identifier: Apache-2.0

import PlenaryDomain
import PlenaryTerms

/// Bodies of what is decided about relays, and the field of a relayed message.
extension EventCodec {
    static func append(_ event: RelayingEvent, to bytes: inout [UInt8]) {
        switch event {
        case .switched(let event):
            bytes.appendField(FieldTag.channel, event.channel.value)
            bytes.appendField(FieldTag.name, event.channelName)
            bytes.appendFlag(FieldTag.flag, if: event.isOn)
            append(event.actor, to: &bytes)
        }
    }

    static func decodeRelaying(_ fields: EventFields) throws(EventCodecError) -> RelayingEvent {
        .switched(
            RelaySwitched(
                channel: try fields.requiredChannel(), channelName: fields.name ?? "",
                isOn: fields.isFlagged, actor: try fields.requiredActor()))
    }

    static func append(_ relay: MessageRelay, to bytes: inout [UInt8]) {
        bytes.appendNested(FieldTag.relay) { bytes in
            bytes.appendField(FieldTag.name, relay.nickname)
            if let account = relay.account { bytes.appendField(FieldTag.account, account.value) }
            if let origin = relay.origin { bytes.appendField(FieldTag.label, origin) }
            if let id = relay.originID { bytes.appendField(FieldTag.token, id) }
            if let time = relay.originTime { bytes.appendField(FieldTag.time, time.microseconds) }
            bytes.appendFlag(FieldTag.flag, if: relay.isLate)
        }
    }

    static func decodeRelay(_ start: FieldCursor) throws(EventCodecError) -> MessageRelay {
        var cursor = start
        var relay = MessageRelay(account: nil, nickname: "")
        while let field = try cursor.next() {
            switch field.tag {
            case FieldTag.name: relay.nickname = cursor.text(field)
            case FieldTag.account: relay.account = AccountID(try cursor.integer(field))
            case FieldTag.label: relay.origin = cursor.text(field)
            case FieldTag.token: relay.originID = cursor.text(field)
            case FieldTag.time: relay.originTime = Timestamp(microseconds: try cursor.integer(field))
            case FieldTag.flag: relay.isLate = true
            default: break
            }
        }
        return relay
    }
}
