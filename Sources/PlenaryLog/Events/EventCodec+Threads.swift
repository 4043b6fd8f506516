// SPDX-License-Identifier: Apache-2.0

import PlenaryDomain
import PlenaryTerms

/// Bodies of threads, markers and redactions.
extension EventCodec {
    static func appendThreadEvent(_ event: Event, to bytes: inout [UInt8]) {
        switch event {
        case .threadCreated(let event):
            appendPlace(event.channel, event.channelName, event.thread, to: &bytes)
            bytes.appendField(FieldTag.text, event.title)
            if let root = event.root { bytes.appendField(FieldTag.offset, root.value) }
            append(event.actor, to: &bytes)
        case .threadChanged(let event):
            appendPlace(event.channel, event.channelName, event.thread, to: &bytes)
            append(event.change, to: &bytes)
            append(event.actor, to: &bytes)
            bytes.appendFieldUnlessEmpty(FieldTag.note, event.reason)
        case .messagesMoved(let event):
            appendPlace(event.channel, event.channelName, event.source, to: &bytes)
            bytes.appendFieldUnlessZero(FieldTag.destination, event.destination.value)
            for message in event.messages { bytes.appendField(FieldTag.offset, message.value) }
            append(event.actor, to: &bytes)
            bytes.appendFieldUnlessEmpty(FieldTag.note, event.reason)
        case .threadPolicySet(let event):
            bytes.appendField(FieldTag.channel, event.channel.value)
            bytes.appendFieldUnlessZero(FieldTag.kind, event.creation.rawValue)
            bytes.appendFlag(FieldTag.flag, if: event.isMainLineClosed)
        case .threadLevelSet(let event):
            bytes.appendField(FieldTag.account, event.account.value)
            bytes.appendField(FieldTag.channel, event.channel.value)
            bytes.appendField(FieldTag.thread, event.thread.value)
            bytes.appendFieldUnlessZero(FieldTag.kind, event.level.rawValue)
        case .threadCueSet(let event):
            bytes.appendField(FieldTag.account, event.account.value)
            bytes.appendFlag(FieldTag.flag, if: event.isPlain)
        case .markerSet(let event):
            bytes.appendField(FieldTag.account, event.account.value)
            append(event.conversation, to: &bytes)
            if let thread = event.thread { bytes.appendField(FieldTag.thread, thread.value) }
            bytes.appendField(FieldTag.time, event.time.microseconds)
        case .ledgerPage(let event):
            bytes.appendField(FieldTag.channel, event.channel.value)
            bytes.appendField(FieldTag.page, event.bytes)
        case .messageRedacted(let event):
            append(event.conversation, to: &bytes)
            bytes.appendField(FieldTag.target, event.target)
            bytes.appendField(FieldTag.offset, event.message.value)
            bytes.appendFieldUnlessEmpty(FieldTag.text, event.reason)
            append(event.actor, to: &bytes)
            bytes.appendFieldUnlessEmpty(FieldTag.note, event.note)
            bytes.appendFlag(FieldTag.flag, if: event.isOwn)
        default: preconditionFailure("only events of threads are encoded here")
        }
    }

    private static func appendPlace(
        _ channel: ChannelID, _ name: Text, _ thread: ThreadID, to bytes: inout [UInt8]
    ) {
        bytes.appendField(FieldTag.channel, channel.value)
        bytes.appendField(FieldTag.name, name)
        bytes.appendField(FieldTag.thread, thread.value)
    }

    private static func append(_ change: ThreadChange, to bytes: inout [UInt8]) {
        switch change {
        case .titled(let title): bytes.appendField(FieldTag.text, title)
        case .stateSet(let state, let reason):
            bytes.appendField(FieldTag.state, state.rawValue)
            bytes.appendFieldUnlessEmpty(FieldTag.label, reason)
        case .pinned(let rank): bytes.appendField(FieldTag.count, UInt32(rank))
        case .answered(let message):
            bytes.appendFlag(FieldTag.answer, if: true)
            if let message { bytes.appendField(FieldTag.offset, message.value) }
        }
    }

    static func decodeThreadEvent(
        _ type: EventType, _ fields: EventFields
    ) throws(EventCodecError) -> Event {
        switch type {
        case .threadCreated:
            return .threadCreated(
                ThreadCreated(
                    channel: try fields.requiredChannel(), channelName: fields.name ?? "",
                    thread: try fields.requiredThread(), title: fields.text,
                    root: fields.offsets.first.map { Offset($0) }, actor: try fields.requiredActor()))
        case .threadChanged:
            return .threadChanged(
                ThreadChanged(
                    channel: try fields.requiredChannel(), channelName: fields.name ?? "",
                    thread: try fields.requiredThread(), change: try decodeChange(fields),
                    actor: try fields.requiredActor(), reason: fields.note))
        case .messagesMoved:
            return .messagesMoved(
                MessagesMoved(
                    channel: try fields.requiredChannel(), channelName: fields.name ?? "",
                    source: try fields.requiredThread(), destination: ThreadID(fields.destination),
                    messages: fields.offsets.map { Offset($0) }, actor: try fields.requiredActor(),
                    reason: fields.note))
        case .threadPolicySet:
            return .threadPolicySet(
                ThreadPolicySet(
                    channel: try fields.requiredChannel(), creation: try fields.choice(fields.kind),
                    isMainLineClosed: fields.isFlagged))
        case .threadLevelSet:
            return .threadLevelSet(
                ThreadLevelSet(
                    account: try fields.requiredAccount(), channel: try fields.requiredChannel(),
                    thread: try fields.requiredThread(), level: try fields.choice(fields.kind)))
        case .threadCueSet:
            return .threadCueSet(
                ThreadCueSet(account: try fields.requiredAccount(), isPlain: fields.isFlagged))
        case .markerSet:
            guard let time = fields.time else { throw .missingField(tag: FieldTag.time) }
            return .markerSet(
                MarkerSet(
                    account: try fields.requiredAccount(), conversation: try fields.requiredConversation(),
                    thread: fields.thread.map { ThreadID($0) }, time: Timestamp(microseconds: time)))
        case .ledgerPage:
            return .ledgerPage(LedgerPage(channel: try fields.requiredChannel(), bytes: fields.page))
        case .redaction:
            guard let message = fields.offsets.first else { throw .missingField(tag: FieldTag.offset) }
            return .messageRedacted(
                MessageRedacted(
                    conversation: try fields.requiredConversation(), target: fields.targets.first ?? "",
                    message: Offset(message), reason: fields.text, actor: try fields.requiredActor(),
                    note: fields.note, isOwn: fields.isFlagged))
        default: throw .unknownType(type.rawValue)
        }
    }

    private static func decodeChange(_ fields: EventFields) throws(EventCodecError) -> ThreadChange {
        if fields.hasText { return .titled(fields.text) }
        if let state = fields.state { return .stateSet(try fields.choice(state), reason: fields.label) }
        if fields.isAnswer { return .answered(fields.offsets.first.map { Offset($0) }) }
        guard let rank = UInt16(exactly: fields.count) else {
            throw .unknownValue(tag: FieldTag.count, value: UInt64(fields.count))
        }
        return .pinned(rank: rank)
    }
}

extension EventFields {
    fileprivate func requiredThread() throws(EventCodecError) -> ThreadID {
        guard let thread else { throw .missingField(tag: FieldTag.thread) }
        return ThreadID(thread)
    }

    fileprivate func requiredConversation() throws(EventCodecError) -> Conversation {
        guard let conversation = channel.map({ Conversation.channel($0) }) ?? direct else {
            throw .missingField(tag: FieldTag.channel)
        }
        return conversation
    }

    fileprivate func choice<Value: RawRepresentable>(
        _ raw: UInt8
    ) throws(EventCodecError) -> Value where Value.RawValue == UInt8 {
        guard let value = Value(rawValue: raw) else {
            throw .unknownValue(tag: FieldTag.kind, value: UInt64(raw))
        }
        return value
    }
}
