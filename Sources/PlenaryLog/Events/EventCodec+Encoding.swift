// SPDX-License-Identifier: Apache-2.0

import PlenaryDomain
import PlenaryTerms

extension EventCodec {
    /// Appends an event's body.
    package static func append(_ event: Event, to bytes: inout [UInt8]) {
        switch event {
        case .messagePosted(let event): append(event, to: &bytes)
        case .channelCreated(let event): append(event, to: &bytes)
        case .channelDissolved(let event): bytes.appendField(FieldTag.channel, event.channel.value)
        case .memberRoleSet(let event):
            bytes.appendField(FieldTag.channel, event.channel.value)
            bytes.appendField(FieldTag.account, event.account.value)
            bytes.appendFieldUnlessZero(FieldTag.kind, event.role.rawValue)
            if let actor = event.actor { append(actor, to: &bytes) }
        case .memberKicked(let event): append(event, to: &bytes)
        case .topicSet(let event):
            bytes.appendField(FieldTag.channel, event.channel.value)
            bytes.appendField(FieldTag.name, event.channelName)
            bytes.appendFieldUnlessEmpty(FieldTag.text, event.topic)
            append(event.actor, to: &bytes)
        case .modesChanged(let event): append(event, to: &bytes)
        case .accountCreated(let event):
            bytes.appendField(FieldTag.account, event.account.value)
            bytes.appendField(FieldTag.name, event.name)
            bytes.appendFieldUnlessZero(FieldTag.kind, event.role.rawValue)
            bytes.appendFlag(FieldTag.flag, if: event.isBot)
        case .credentialSet(let event): append(event, to: &bytes)
        case .certificateAdded(let event):
            bytes.appendField(FieldTag.account, event.account.value)
            bytes.appendField(FieldTag.digest, event.fingerprint)
            bytes.appendFieldUnlessEmpty(FieldTag.label, event.label)
        case .certificateRemoved(let event):
            bytes.appendField(FieldTag.account, event.account.value)
            bytes.appendField(FieldTag.digest, event.fingerprint)
        case .accountStateSet(let event):
            bytes.appendField(FieldTag.account, event.account.value)
            bytes.appendFlag(FieldTag.flag, if: event.isDisabled)
            if let until = event.until { bytes.appendField(FieldTag.until, until.microseconds) }
            bytes.appendFieldUnlessEmpty(FieldTag.text, event.reason)
            if let actor = event.actor { append(actor, to: &bytes) }
        case .inviteCreated(let event): append(event, to: &bytes)
        case .inviteRedeemed(let event):
            bytes.appendField(FieldTag.digest, event.codeHash)
            bytes.appendField(FieldTag.account, event.account.value)
        case .inviteRevoked(let event): bytes.appendField(FieldTag.digest, event.codeHash)
        case .tokensRemembered(let event): append(event, to: &bytes)
        case .people(let event): append(event, to: &bytes)
        case .threadCreated, .threadChanged, .messagesMoved, .threadPolicySet, .threadLevelSet,
            .threadCueSet, .markerSet, .ledgerPage, .messageRedacted:
            appendThreadEvent(event, to: &bytes)
        case .erasure(let event): append(event, to: &bytes)
        case .retention(let event): append(event, to: &bytes)
        case .account(let event): append(event, to: &bytes)
        case .moderation(let event): append(event, to: &bytes)
        case .meeting(let event): append(event, to: &bytes)
        case .floor(let event): append(event, to: &bytes)
        case .relaying(let event): append(event, to: &bytes)
        case .languages(let event): append(event, to: &bytes)
        case .outcomes(let event): append(event, to: &bytes)
        case .practices(let event): append(event, to: &bytes)
        case .questionnaires(let event): append(event, to: &bytes)
        }
    }

    private static func append(_ event: MemberKicked, to bytes: inout [UInt8]) {
        bytes.appendField(FieldTag.channel, event.channel.value)
        bytes.appendField(FieldTag.name, event.channelName)
        bytes.appendField(FieldTag.target, event.nickname)
        bytes.appendFieldUnlessEmpty(FieldTag.text, event.reason)
        append(event.actor, to: &bytes)
        bytes.appendFieldUnlessEmpty(FieldTag.note, event.note)
    }

    private static func append(_ event: MessagePosted, to bytes: inout [UInt8]) {
        append(event.conversation, to: &bytes)
        bytes.appendField(FieldTag.target, event.target)
        if event.kind == .notice { bytes.appendField(FieldTag.kind, event.kind.rawValue) }
        append(event.actor, to: &bytes)
        bytes.appendFieldUnlessEmpty(FieldTag.clientTags, event.clientTags)
        for line in event.lines {
            bytes.appendField(line.isConcatenated ? FieldTag.joinedLine : FieldTag.line, line.text)
        }
        if let token = event.clientToken { bytes.appendField(FieldTag.token, token) }
        bytes.appendFieldUnlessZero(FieldTag.thread, event.thread.value)
        for account in event.mentions { bytes.appendField(FieldTag.account, account.value) }
        if let relay = event.relay { append(relay, to: &bytes) }
        if let translation = event.translation { append(translation, to: &bytes) }
    }

    static func append(_ conversation: Conversation, to bytes: inout [UInt8]) {
        switch conversation {
        case .channel(let channel): bytes.appendField(FieldTag.channel, channel.value)
        case .direct(let one, let other):
            bytes.appendFieldWord(FieldTag.direct, byteCount: 8)
            bytes.appendLittleEndian(one.value)
            bytes.appendLittleEndian(other.value)
        }
    }

    static func append(_ actor: Actor, to bytes: inout [UInt8]) {
        bytes.appendField(FieldTag.source, actor.source)
        if let account = actor.account { bytes.appendField(FieldTag.actorAccount, account.value) }
        if let name = actor.accountName { bytes.appendField(FieldTag.actorName, name) }
        bytes.appendFlag(FieldTag.actorBot, if: actor.isBot)
    }

    private static func append(_ event: ChannelCreated, to bytes: inout [UInt8]) {
        bytes.appendField(FieldTag.channel, event.channel.value)
        bytes.appendField(FieldTag.name, event.name)
        if let founder = event.founder { bytes.appendField(FieldTag.account, founder.value) }
        bytes.appendFlag(FieldTag.flag, if: event.isPermanent)
        bytes.appendFieldUnlessZero(FieldTag.count, UInt32(event.replayCount))
        for title in event.titles {
            bytes.appendNested(FieldTag.title) { bytes in
                bytes.appendField(FieldTag.language, Text(title.language.rawValue))
                bytes.appendFieldUnlessEmpty(FieldTag.text, title.title)
            }
        }
    }

    private static func append(_ event: ModesChanged, to bytes: inout [UInt8]) {
        bytes.appendField(FieldTag.channel, event.channel.value)
        bytes.appendField(FieldTag.name, event.channelName)
        for change in event.changes {
            bytes.appendNested(FieldTag.change) { bytes in
                bytes.appendField(FieldTag.letter, [change.letter, change.isAdded ? 1 : 0])
                if let argument = change.argument { bytes.appendField(FieldTag.argument, argument) }
                if let account = change.account { bytes.appendField(FieldTag.account, account.value) }
                if let until = change.until { bytes.appendField(FieldTag.until, until.microseconds) }
            }
        }
        append(event.actor, to: &bytes)
        bytes.appendFieldUnlessEmpty(FieldTag.note, event.reason)
    }

    private static func append(_ event: CredentialSet, to bytes: inout [UInt8]) {
        bytes.appendField(FieldTag.account, event.account.value)
        guard let password = event.password else { return }
        bytes.appendNested(FieldTag.password) { bytes in
            bytes.appendField(FieldTag.cost, [password.logN, password.r, password.p])
            bytes.appendField(FieldTag.salt, password.salt)
            bytes.appendField(FieldTag.key, password.key)
        }
    }

    private static func append(_ event: InviteCreated, to bytes: inout [UInt8]) {
        bytes.appendField(FieldTag.digest, event.codeHash)
        bytes.appendField(FieldTag.label, event.handle)
        bytes.appendFieldUnlessZero(FieldTag.kind, event.role.rawValue)
        for channel in event.channels { bytes.appendField(FieldTag.target, channel) }
        if let expires = event.expires { bytes.appendField(FieldTag.time, expires.microseconds) }
        bytes.appendFieldUnlessZero(FieldTag.count, event.useLimit)
        if let name = event.accountName { bytes.appendField(FieldTag.name, name) }
        if let creator = event.creator { bytes.appendField(FieldTag.creator, creator.value) }
    }

    private static func append(_ event: TokensRemembered, to bytes: inout [UInt8]) {
        bytes.appendField(FieldTag.account, event.account.value)
        for token in event.tokens { append(token, to: &bytes) }
    }

    static func append(_ token: RememberedToken, to bytes: inout [UInt8]) {
        bytes.appendNested(FieldTag.remembered) { bytes in
            bytes.appendField(FieldTag.token, token.token)
            bytes.appendField(FieldTag.offset, token.offset.value)
            bytes.appendField(FieldTag.time, token.time.microseconds)
        }
    }
}

extension [UInt8] {
    /// The word before a field's bytes.
    @inline(__always)
    mutating func appendFieldWord(_ tag: UInt8, byteCount: Int) {
        precondition(byteCount < 1 << 24, "a field has less than 16 MiB")
        appendLittleEndian(UInt32(tag) | UInt32(truncatingIfNeeded: byteCount) << 8)
    }

    @inline(__always)
    mutating func appendField(_ tag: UInt8, _ text: Text) { appendField(tag, text.bytes) }

    @inline(__always)
    mutating func appendField(_ tag: UInt8, _ content: [UInt8]) {
        appendFieldWord(tag, byteCount: content.count)
        append(contentsOf: content)
    }

    @inline(__always)
    mutating func appendField<Value: FixedWidthInteger>(_ tag: UInt8, _ value: Value) {
        appendFieldWord(tag, byteCount: MemoryLayout<Value>.size)
        appendLittleEndian(value)
    }

    @inline(__always)
    mutating func appendFieldUnlessZero<Value: FixedWidthInteger>(_ tag: UInt8, _ value: Value) {
        if value != 0 { appendField(tag, value) }
    }

    @inline(__always)
    mutating func appendFieldUnlessEmpty(_ tag: UInt8, _ text: Text) {
        if !text.isEmpty { appendField(tag, text.bytes) }
    }

    @inline(__always)
    mutating func appendFlag(_ tag: UInt8, if isSet: Bool) {
        if isSet { appendFieldWord(tag, byteCount: 0) }
    }

    /// A field whose bytes are fields.
    mutating func appendNested(_ tag: UInt8, _ body: (inout [UInt8]) -> Void) {
        let start = count
        appendFieldWord(tag, byteCount: 0)
        body(&self)
        let byteCount = count - start - 4
        precondition(byteCount < 1 << 24, "a field has less than 16 MiB")
        storeLittleEndian(UInt32(tag) | UInt32(truncatingIfNeeded: byteCount) << 8, at: start)
    }
}
