// SPDX-License-Identifier: Apache-2.0

import PlenaryClient
import PlenaryTerms

/// The objects of `--json`, version 1 (docs/schema). Members are only ever added.
package enum Records {
    /// A channel's name as records show it: without `#`; a person of a direct conversation with `@`.
    package static func name(_ conversation: String) -> String {
        if conversation.hasPrefix("#") { return String(conversation.dropFirst()) }
        return conversation.hasPrefix("&") ? conversation : "@" + conversation
    }

    static func record(_ type: String, _ members: [(String, JSONValue)]) -> JSONValue {
        .object([("v", .integer(1)), ("type", .string(type))] + members)
    }

    /// `message`. What the server does not tell is null.
    package static func message(
        _ message: Message, mentions: [String] = [], threadTitle: String? = nil
    ) -> JSONValue {
        let from: [(String, JSONValue)] = [
            ("account", .optional(message.sender.account)), ("name", .string(message.sender.nickname)),
            ("affiliation", .null), ("role", .null), ("via", .optional(message.relayedBy)),
        ]
        return record(
            "message",
            [
                ("id", .optional(message.id)), ("time", .string(message.time.iso8601)),
                ("channel", .string(name(message.conversation))),
                ("thread", .number(message.thread)),
                ("thread_title", .optional(threadTitle)), ("reply_to", .optional(message.replyTo)),
                ("from", .object(from)),
                ("kind", .string(message.kind.rawValue)), ("text", .string(message.text)),
                ("lang", .optional(message.marks.language)),
                ("mark", .optional(message.marks.kind?.rawValue)),
                ("refs", .array(message.marks.references.map { .string($0) })),
                ("on_behalf", .optional(message.marks.onBehalf)), ("translation", translation(message)),
                ("mentions", .array(mentions.map { .string($0) })), ("edited", .bool(false)),
                ("removed", .null), ("self", .bool(message.isOwn)), ("cursor", .string(cursor(message))),
            ])
    }

    /// What a message translates, and whose work it is; null where it translates nothing.
    private static func translation(_ message: Message) -> JSONValue {
        guard let original = message.translationOf else { return .null }
        return .object([
            ("of", .string(original)),
            ("provenance", .string(TranslationProvenance(word: message.provenance ?? "")?.word ?? "machine")),
            ("engine", .optional(message.translationEngine)),
        ])
    }

    /// `moderation`: a message was taken out.
    package static func moderation(_ redaction: Redaction) -> JSONValue {
        record(
            "moderation",
            [
                ("time", .string(redaction.time.iso8601)), ("action", .string("remove")),
                ("actor", .string(redaction.by.nickname)), ("target", .string(redaction.messageID)),
                ("channel", .string(name(redaction.conversation))), ("thread", .number(redaction.thread)),
                ("reason", .optional(redaction.reason)), ("until", .null), ("undo_of", .null),
            ])
    }

    /// `posted`: a message is stored.
    package static func posted(_ message: Message, token: String) -> JSONValue {
        record(
            "posted",
            [
                ("time", .string(message.time.iso8601)), ("id", .optional(message.id)),
                ("channel", .string(name(message.conversation))),
                ("thread", .number(message.thread)),
                ("client_id", .string(token)), ("duplicate", .null),
            ])
    }

    /// `gap`: messages are missing here.
    package static func gap(_ gap: Gap, now: Timestamp) -> JSONValue {
        record(
            "gap",
            [
                ("time", .string(now.iso8601)), ("channel", .string(name(gap.conversation))),
                ("from", .optional(gap.from?.iso8601)), ("to", .optional(gap.to?.iso8601)),
            ])
    }

    /// `state`: how the connection is.
    package static func state(_ state: ConnectionState, queued: Int, now: Timestamp) -> JSONValue {
        let word: String
        var pause: JSONValue = .null
        switch state {
        case .connecting: word = "connecting"
        case .online: word = "online"
        case .offline: word = "offline"
        case .retrying(let milliseconds, _):
            word = "retrying"
            pause = .integer(milliseconds)
        }
        return record(
            "state",
            [
                ("time", .string(now.iso8601)), ("connection", .string(word)), ("retry_in_ms", pause),
                ("queued", .integer(Int64(queued))),
            ])
    }

    /// `channel`, as `channels` lists them.
    package static func channel(
        name: String, topic: String?, memberCount: Int?, isJoined: Bool?, unreadCount: Int? = nil,
        mentionCount: Int? = nil, now: Timestamp
    ) -> JSONValue {
        record(
            "channel",
            [
                ("time", .string(now.iso8601)), ("channel", .string(Records.name(name))), ("title", .null),
                ("topic", .optional(topic)),
                ("members", .number(memberCount)), ("unread", .number(unreadCount)),
                ("mentions", .number(mentionCount)), ("mode", .null),
                ("joined", isJoined.map { .bool($0) } ?? .null),
                ("session", .null),
            ])
    }

    /// `presence`, as `who` lists people.
    package static func presence(
        _ member: Member, _ facts: PersonFacts? = nil, channel: String, now: Timestamp
    ) -> JSONValue {
        let known: [(String, JSONValue)] =
            facts.map {
                [
                    ("display_name", .optional($0[.displayName])),
                    ("affiliation", .optional($0[.affiliation])),
                    ("country", .optional($0[.country])),
                ]
            } ?? []
        return record(
            "presence",
            [
                ("time", .string(now.iso8601)), ("account", .optional(member.account)),
                ("name", .string(member.nickname)), ("state", .string(member.isAway ? "away" : "here")),
                ("role", .string(roleWord(member.prefixes))), ("channel", .string(name(channel))),
            ] + known)
    }

    /// A member's role in words.
    package static func roleWord(_ prefixes: String) -> String {
        switch prefixes.first {
        case "~", "&", "@": "moderator"
        case "%", "+": "speaker"
        default: "member"
        }
    }

    /// `error`, on standard error.
    package static func error(_ failure: Failure, now: Timestamp) -> JSONValue {
        record(
            "error",
            [
                ("time", .string(now.iso8601)), ("code", .string("\(failure.code)")),
                ("exit", .integer(Int64(failure.code.rawValue))), ("message", .string(failure.what)),
                ("reason", .string(failure.why)), ("hint", .string(failure.advice)),
                ("target", .optional(failure.target)),
            ])
    }

    /// `device`.
    package static func device(fingerprint: String, label: String, now: Timestamp) -> JSONValue {
        record(
            "device",
            [("time", .string(now.iso8601)), ("id", .string(fingerprint)), ("label", .string(label))])
    }

    /// `identity`: who this client is on a server.
    package static func identity(
        _ profile: Profile, account: String?, nickname: String, now: Timestamp
    ) -> JSONValue {
        record(
            "identity",
            [
                ("time", .string(now.iso8601)), ("profile", .string(profile.name)),
                ("server", .string(profile.server)), ("account", .optional(account)),
                ("name", .string(nickname)), ("sign_in", .string(profile.signIn.rawValue)),
            ])
    }

    /// `joined`: a server was set up.
    package static func joined(_ profile: Profile, now: Timestamp) -> JSONValue {
        record(
            "joined",
            [
                ("time", .string(now.iso8601)), ("profile", .string(profile.name)),
                ("server", .string(profile.server)), ("account", .string(profile.account)),
            ])
    }

    /// `version`: of this client and of these records.
    package static func version(now: Timestamp) -> JSONValue {
        record(
            "version",
            [
                ("time", .string(now.iso8601)), ("program", .string("plenary")),
                ("version", .string(VersionCommand.number)), ("json", .integer(1)),
            ])
    }

    /// Where reading stopped, for `--since-cursor`; opaque to others.
    package static func cursor(_ message: Message) -> String {
        message.time.iso8601 + (message.id.map { "/" + $0 } ?? "")
    }

    /// Reads a cursor.
    package static func position(cursor: String) -> HistoryPosition? {
        let parts = cursor.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let first = parts.first, let time = Timestamp(iso8601: first.utf8) else { return nil }
        return HistoryPosition(messageID: parts.count > 1 ? String(parts[1]) : nil, time: time)
    }
}
