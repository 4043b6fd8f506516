// SPDX-License-Identifier: Apache-2.0

import PlenaryTerms

/// One record of the log as the person sees it that it is about (MYDATA): what is stored, by field names.
package struct OwnRecord: Hashable, Sendable {
    package struct Field: Hashable, Sendable {
        /// Letters, digits and hyphens.
        package var name: String
        package var value: Text

        package init(_ name: String, _ value: Text) {
            self.name = name
            self.value = value
        }
    }

    /// The event's name, e.g. `message`.
    package var kind: Text
    package var fields: [Field]

    package init(_ kind: Text, _ fields: [Field?]) {
        self.kind = kind
        self.fields = fields.compactMap { $0 }
    }
}

extension OwnRecord.Field {
    init?(_ name: String, _ value: Text?) {
        guard let value, !value.isEmpty else { return nil }
        self.init(name, value)
    }

    init(_ name: String, number: some BinaryInteger) { self.init(name, Text(String(number))) }
}

/// Of whom the records are.
package struct RecordOwner: Sendable {
    package var account: AccountID
    /// The name as it is in targets and lists of masks.
    package var name: Text

    package init(account: AccountID, name: Text) {
        self.account = account
        self.name = name
    }

    func `is`(_ actor: Actor?) -> Bool { actor?.account == account }
    func isNamed(_ name: Text) -> Bool { asciiFolded(name.bytes) == asciiFolded(self.name.bytes) }
}

extension Event {
    /// The record as its owner reads it; nil when it is not about the account. What moderators write about
    /// somebody among themselves is theirs, and a password's hash is nobody's to read.
    package func record(of owner: RecordOwner) -> OwnRecord? {
        switch self {
        case .messagePosted(let event): event.record(of: owner)
        case .memberKicked(let event) where owner.is(event.actor) || owner.isNamed(event.nickname):
            OwnRecord(
                "removed",
                [
                    .init("channel", event.channelName), .init("who", event.nickname),
                    .init("reason", event.reason),
                ])
        case .topicSet(let event) where owner.is(event.actor):
            OwnRecord("topic", [.init("channel", event.channelName), .init("text", event.topic)])
        case .modesChanged(let event): event.record(of: owner)
        case .memberRoleSet(let event) where event.account == owner.account || owner.is(event.actor):
            OwnRecord(
                "channel-role",
                [
                    .init("channel", number: event.channel.value), .init("role", number: event.role.rawValue),
                ])
        case .channelCreated(let event) where event.founder == owner.account:
            OwnRecord("channel-created", [.init("channel", event.name)])
        case .threadCreated(let event) where owner.is(event.actor):
            OwnRecord(
                "thread-created",
                [
                    .init("channel", event.channelName), .init("thread", number: event.thread.value),
                    .init("title", event.title),
                ])
        case .threadChanged(let event) where owner.is(event.actor):
            OwnRecord(
                "thread-changed",
                [.init("channel", event.channelName), .init("thread", number: event.thread.value)])
        case .messagesMoved(let event) where owner.is(event.actor):
            OwnRecord(
                "messages-moved",
                [.init("channel", event.channelName), .init("count", number: event.messages.count)])
        case .messageRedacted(let event) where owner.is(event.actor):
            OwnRecord("redaction", [.init("target", event.target), .init("reason", event.reason)])
        case .accountCreated, .credentialSet, .certificateAdded, .certificateRemoved, .accountStateSet,
            .inviteRedeemed, .markerSet, .threadLevelSet, .threadCueSet, .tokensRemembered:
            accountRecord(of: owner)
        case .retention(let event): event.record(of: owner)
        case .people(let event): event.record(of: owner)
        case .account(let event): event.record(of: owner)
        case .moderation(let event): event.record(of: owner)
        case .meeting(let event): event.record(of: owner)
        case .floor(let event): event.record(of: owner)
        case .relaying(.switched(let event)) where owner.is(event.actor):
            OwnRecord(
                "relay", [.init("channel", event.channelName), .init("on", event.isOn ? "yes" : "no")])
        case .outcomes(let event): event.record(of: owner)
        case .practices(let event): event.record(of: owner)
        case .questionnaires(let event): event.record(of: owner)
        case .memberKicked, .topicSet, .memberRoleSet, .channelCreated, .channelDissolved, .threadCreated,
            .threadChanged, .messagesMoved, .messageRedacted, .inviteCreated, .inviteRevoked,
            .threadPolicySet,
            .ledgerPage, .erasure, .relaying, .languages:
            nil
        }
    }

    /// What is kept with the account itself.
    private func accountRecord(of owner: RecordOwner) -> OwnRecord? {
        switch self {
        case .accountCreated(let event) where event.account == owner.account:
            OwnRecord("account", [.init("name", event.name), .init("role", Text(event.role.word))])
        case .credentialSet(let event) where event.account == owner.account:
            OwnRecord("password", [.init("set", event.password == nil ? "no" : "yes")])
        case .certificateAdded(let event) where event.account == owner.account:
            OwnRecord(
                "device-added",
                [.init("label", event.label), .init("fingerprint", hexadecimal(event.fingerprint))])
        case .certificateRemoved(let event) where event.account == owner.account:
            OwnRecord("device-removed", [.init("fingerprint", hexadecimal(event.fingerprint))])
        case .accountStateSet(let event) where event.account == owner.account:
            OwnRecord("account-state", [.init("disabled", event.isDisabled ? "yes" : "no")])
        case .inviteRedeemed(let event) where event.account == owner.account: OwnRecord("invite-used", [])
        case .markerSet(let event) where event.account == owner.account:
            OwnRecord("read-marker", [.init("until", Text(event.time.iso8601))])
        case .threadLevelSet(let event) where event.account == owner.account:
            OwnRecord(
                "thread-level",
                [
                    .init("channel", number: event.channel.value),
                    .init("thread", number: event.thread.value), .init("level", number: event.level.rawValue),
                ])
        case .threadCueSet(let event) where event.account == owner.account:
            OwnRecord("thread-cue", [.init("plain", event.isPlain ? "yes" : "no")])
        default: nil
        }
    }
}

/// Lower-case hexadecimal digits.
private func hexadecimal(_ bytes: [UInt8]) -> Text {
    let digits = Array("0123456789abcdef".utf8)
    return Text(bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
}

extension MessagePosted {
    fileprivate func record(of owner: RecordOwner) -> OwnRecord? {
        // Of what a relay brought, that it did is its own; the words are others'.
        if let relay, relay.account == owner.account {
            return OwnRecord("message-relayed", [.init("target", target), .init("token", clientToken)])
        }
        guard owner.is(actor) else { return nil }
        var text: [UInt8] = []
        for (index, line) in lines.enumerated() {
            if index > 0, !line.isConcatenated { text.append(10) }
            text += line.text.bytes
        }
        let kind: Text =
            switch self.kind {
            case .privateMessage where translation != nil: "translation"
            case .privateMessage: "message"
            case .notice: "notice"
            case .tagOnly: "tags"
            }
        return OwnRecord(
            kind,
            [
                .init("target", target),
                thread == .mainLine ? nil : .init("thread", number: thread.value),
                .init("tags", clientTags), .init("token", clientToken), .init("text", Text(text)),
            ])
    }
}

extension ModesChanged {
    fileprivate func record(of owner: RecordOwner) -> OwnRecord? {
        let isSubject = changes.contains { change in
            change.account == owner.account || change.argument.map { owner.isNamed($0) } ?? false
        }
        guard owner.is(actor) || isSubject else { return nil }
        let words = changes.map { change in
            (change.isAdded ? "+" : "-") + String(UnicodeScalar(change.letter))
                + (change.argument.map { " \($0)" } ?? "")
        }
        return OwnRecord(
            "modes", [.init("channel", channelName), .init("changes", Text(words.joined(separator: " ")))])
    }
}

extension ModerationEvent {
    /// What the owner did. Notes on, and reports about, somebody are the moderators' own.
    fileprivate func record(of owner: RecordOwner) -> OwnRecord? {
        switch self {
        case .messageHidden(let event) where owner.is(event.actor):
            OwnRecord(
                event.isHidden ? "message-hidden" : "message-shown",
                [.init("channel", event.channelName), .init("reason", event.reason)])
        case .reportFiled(let event) where owner.is(event.actor):
            OwnRecord(
                "report",
                [
                    .init("channel", event.channelName), .init("about", event.about),
                    .init("reason", event.reason),
                ])
        case .reportHandled(let event) where owner.is(event.actor):
            OwnRecord("report-handled", [.init("text", event.text)])
        case .noteAdded(let event) where owner.is(event.actor): OwnRecord("note", [.init("text", event.text)])
        case .messageHidden, .reportFiled, .reportHandled, .noteAdded, .actsRemembered: nil
        }
    }
}

extension AccountEvent {
    fileprivate func record(of owner: RecordOwner) -> OwnRecord? {
        switch self {
        case .roleSet(let event) where event.account == owner.account || owner.is(event.actor):
            OwnRecord("role", [.init("role", Text(event.role.word))])
        case .resumeTokenIssued(let event) where event.account == owner.account:
            OwnRecord(
                "resume-token",
                [.init("label", event.label), .init("expires", Text(event.expires.iso8601))])
        case .resumeTokenRevoked(let event) where event.account == owner.account:
            OwnRecord("resume-token-revoked", [])
        case .scramVerifierSet(let event) where event.account == owner.account:
            OwnRecord("scram", [.init("set", event.verifier == nil ? "no" : "yes")])
        case .resetCodeSet(let event) where event.account == owner.account:
            OwnRecord("reset-code", [.init("set", event.code == nil ? "no" : "yes")])
        case .roleSet, .resumeTokenIssued, .resumeTokenRevoked, .scramVerifierSet, .resetCodeSet: nil
        }
    }
}

extension PeopleEvent {
    fileprivate func record(of owner: RecordOwner) -> OwnRecord? {
        switch self {
        case .profileSet(let event) where event.account == owner.account: event.profile.record
        case .profileReserved(let event) where owner.isNamed(event.name): event.profile.record
        case .profileSet, .profileReserved: nil
        }
    }
}

extension ProfileKey {
    /// The key without its vendor.
    fileprivate var fieldName: String { rawValue.split(separator: "/").last.map(String.init) ?? rawValue }
}

extension Profile {
    /// All that is kept, the region as well, which nobody else is shown.
    fileprivate var record: OwnRecord {
        OwnRecord(
            "profile",
            ProfileKey.allCases.map { .init($0.fieldName, value(of: $0)) }
                + [.init("region", region.map { Text($0.word) })])
    }
}

extension RetentionEvent {
    fileprivate func record(of owner: RecordOwner) -> OwnRecord? {
        switch self {
        case .forgetProposed(let event) where event.account == owner.account || event.actor == owner.account:
            OwnRecord("forget-proposed", [.init("reason", event.reason)])
        case .forgetSettled(let account) where account == owner.account: OwnRecord("forget-settled", [])
        case .holdSet(let event) where event.place == .account(owner.account) || event.actor == owner.account:
            OwnRecord("hold", [.init("held", event.isHeld ? "yes" : "no"), .init("reason", event.reason)])
        case .retentionSet(let event) where event.actor == owner.account:
            OwnRecord("retention", [.init("channel", number: event.channel.value)])
        case .forgetProposed, .forgetSettled, .holdSet, .retentionSet: nil
        }
    }
}

extension MeetingEvent {
    fileprivate func record(of owner: RecordOwner) -> OwnRecord? {
        switch self {
        case .attended(let event) where event.accounts.contains(owner.account):
            OwnRecord("session-attended", [.init("channel", number: event.channel.value)])
        case .acted(let event) where owner.is(event.actor):
            OwnRecord(
                "session-act", [.init("channel", event.channelName), .init("act", event.kind.word)])
        case .scheduled, .agendaItemSet, .documentSet, .cancelled, .attributionSet:
            owner.is(actor)
                ? OwnRecord("session-changed", [.init("channel", number: channel.value)]) : nil
        case .attended, .acted, .remembered, .labelGiven, .labelTokens: nil
        }
    }
}
