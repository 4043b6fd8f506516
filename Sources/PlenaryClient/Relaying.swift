// SPDX-License-Identifier: Apache-2.0

import PlenaryTerms
import PlenaryWire

/// A message that somebody said on another platform, to be posted under their name there
/// (docs/extensions/relay.md).
public struct RelayedPost: Sendable, Hashable {
    /// The capability by which a server says that it takes such messages, and the tag that names the relay.
    static let capability = "draft/relaymsg"
    static let nameTag = "+plenary.chat/relayed-as"
    static let originTag = "+plenary.chat/origin"
    static let originIDTag = "+plenary.chat/origin-id"
    static let originTimeTag = "+plenary.chat/origin-time"

    /// A channel with its `#`, or a thread of one.
    public var target: String
    /// Who said it: `Name/platform`.
    public var name: String
    /// The text; LF separates lines.
    public var text: String
    /// 1 to 64 bytes: a message sent again with its token is stored once.
    public var token: String
    /// The platform: small letters, digits and hyphens.
    public var origin: String
    /// The message's id there, at most 200 bytes.
    public var originID: String?
    /// When it was said there.
    public var originTime: Timestamp?
    /// Its language (BCP 47).
    public var language: String?
    /// The id here of the message it answers.
    public var replyTo: String?

    /// A message of these parts.
    public init(target: String, name: String, text: String, token: String, origin: String) {
        self.target = target
        self.name = name
        self.text = text
        self.token = token
        self.origin = origin
    }
}

extension RelayedPost {
    /// The message stored, or why it is not.
    static func echo(in result: Result<Reply, ClientError>) -> Result<Message, ClientError> {
        result.flatMap { reply in
            if let refusal = reply.refusal { return .failure(.refused(refusal)) }
            guard let echo = reply.messages.last else {
                return .failure(.protocolViolation("the server did not echo a relayed message"))
            }
            return .success(echo)
        }
    }
}

extension Message {
    /// Its id on the platform that it comes from.
    public var originID: String? { tags[RelayedPost.originIDTag] }
    /// When it was said there.
    public var originTime: Timestamp? {
        tags[RelayedPost.originTimeTag].flatMap { Timestamp(iso8601: $0.utf8) }
    }
}

extension ClientSession {
    /// Whether this server takes messages of other platforms.
    public var takesRelayedMessages: Bool { offeredCapabilities[RelayedPost.capability] != nil }

    /// Posts a message of another platform. The request completes with the echo or with a refusal. Throws and sends
    /// nothing when the server takes none, or the message cannot be put into lines.
    public mutating func relay(
        _ post: RelayedPost
    ) throws(ClientError) -> (id: RequestID, outputs: [SessionOutput]) {
        guard takesRelayedMessages, capabilities.contains("message-tags") else {
            throw .unsupported("this server takes no relayed messages (draft/relaymsg)")
        }
        guard confirmsMessages else {
            throw .unsupported("this server does not confirm messages (echo-message)")
        }
        guard !post.token.isEmpty, post.token.utf8.count <= TokenLimits.clientTokenByteLimit else {
            throw .invalidArgument("a token has 1 to \(TokenLimits.clientTokenByteLimit) bytes")
        }
        guard isWord(post.target), !post.target.utf8.contains(44) else {
            throw .invalidArgument("\(post.target) is no channel")
        }
        guard isWord(post.name) else { throw .invalidArgument("\(post.name) is no name") }
        guard !post.text.utf8.contains(0) else { throw .invalidArgument("the text holds a NUL") }
        let paragraphs = ClientSession.lines(of: post.text)
        guard paragraphs.contains(where: { !$0.isEmpty }) else { throw .invalidArgument("the text is empty") }
        // As others receive it, and as it is sent: `:name!~u@relayed PRIVMSG target :text`, `RELAYMSG target name :`.
        let names = post.name.utf8.count + post.target.utf8.count
        let room = 512 - max(1 + names + 11 + 9 + 3 + 2, 9 + names + 3 + 2)
        guard room > 8 else { throw .invalidArgument("the name \(post.name) leaves no room for text") }
        let id: RequestID
        if paragraphs.count == 1, paragraphs[0].utf8.count <= room {
            let tags = tags(of: post)
            id = beginRequest { session, label in
                session.write(
                    "RELAYMSG", [post.target, post.name, paragraphs[0]],
                    tags: session.labelled(tags, label), trailing: true)
            }
        } else {
            guard let limits = multilineLimits else {
                throw .unsupported("this server takes no long messages (draft/multiline)")
            }
            var tags = tags(of: post)
            tags[RelayedPost.nameTag] = post.name
            id = postBatch(
                "PRIVMSG", post.target, try fragments(paragraphs, room: room, limits), tags: tags)
        }
        return (id, takeOutputs())
    }

    private func tags(of post: RelayedPost) -> [String: String] {
        var tags = [RelayedPost.originTag: post.origin, Vendor.clientTokenTag: post.token]
        tags[RelayedPost.originIDTag] = post.originID
        tags[RelayedPost.originTimeTag] = post.originTime?.iso8601
        tags[Vendor.languageTag] = post.language
        tags["+draft/reply"] = post.replyTo
        return tags
    }
}

extension PlenaryConnection {
    /// A sign of life of a relay, with its counters: `in=412;duplicate=3`.
    public func beat(of channel: String, counters: String) async throws(ClientError) {
        try require(
            session.takesRelayedMessages, "this server takes no relayed messages (draft/relaymsg)")
        _ = try await answer("RELAY", [channel, "BEAT", counters])
    }
}
