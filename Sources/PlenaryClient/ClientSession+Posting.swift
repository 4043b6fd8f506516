// SPDX-License-Identifier: Apache-2.0

import PlenaryTerms
import PlenaryWire

/// How a text goes out: as one line, as a multiline batch, or as several lines.
enum PostingForm: Sendable, Hashable {
    /// One PRIVMSG or NOTICE.
    case line(String)
    /// One batch `draft/multiline`; a fragment that continues the one before is marked.
    case batch([MultilineFragment])
    /// Several messages, for a server without multiline.
    case lines([String])
}

struct MultilineFragment: Sendable, Hashable {
    var text: String
    var continuesLast: Bool
}

/// What a server takes in one multiline batch (IRCv3 multiline, the capability's value).
struct MultilineAllowance: Sendable, Hashable {
    /// Text of all lines together, line breaks counted as one byte each. More: `textTooLong`.
    var byteLimit = 4096
    /// Lines of one batch. More: `invalidArgument`.
    var lineLimit = 32
}

extension ClientSession {
    /// Whether the server confirms what it stored, so that `delivered` can be known.
    public var confirmsMessages: Bool { capabilities.contains("echo-message") }

    /// Whether the server stores a message with the same token once. It does so for accounts, not for guests
    /// (docs/extensions/idempotency.md).
    public var recognisesTokens: Bool {
        account != nil && capabilities.contains(Vendor.name + "/idempotency")
    }

    /// Sends a message. Each request id completes with the echo or with a refusal; a text that had to be
    /// split has several, in order. Throws `textTooLong` or `invalidArgument` and sends nothing.
    public mutating func post(
        _ outgoing: OutgoingMessage
    ) throws(ClientError) -> (ids: [RequestID], outputs: [SessionOutput]) {
        try outgoing.marks.check()
        guard outgoing.marks.isEmpty || capabilities.contains("message-tags") else {
            throw .unsupported("this server takes no kind, language or references (message-tags)")
        }
        let form = try postingForm(of: outgoing)
        let verb = outgoing.kind == .notice ? "NOTICE" : "PRIVMSG"
        var ids: [RequestID] = []
        switch form {
        case .line(let text):
            ids.append(postLine(verb, outgoing, text, part: 0))
        case .lines(let texts):
            for (index, text) in texts.enumerated() {
                ids.append(postLine(verb, outgoing, text, part: index))
            }
        case .batch(let fragments):
            ids.append(postBatch(verb, outgoing.target, fragments, tags: tags(of: outgoing, part: 0)))
        }
        return (ids, takeOutputs())
    }

    private mutating func postLine(
        _ verb: String, _ outgoing: OutgoingMessage, _ text: String, part: Int
    ) -> RequestID {
        let tags = tags(of: outgoing, part: part)
        return beginRequest { session, label in
            session.write(
                verb, [outgoing.target, text], tags: session.labelled(tags, label), trailing: true)
        }
    }

    /// One batch `draft/multiline`; the tags stand on its opening.
    mutating func postBatch(
        _ verb: String, _ target: String, _ fragments: [MultilineFragment], tags: [String: String]
    ) -> RequestID {
        let reference = "m\(nextBatchNumber)"
        nextBatchNumber &+= 1
        return beginRequest { session, label in
            session.write(
                "BATCH", ["+" + reference, "draft/multiline", target],
                tags: session.labelled(tags, label))
            for fragment in fragments {
                var inner = ["batch": reference]
                if fragment.continuesLast { inner["draft/multiline-concat"] = "" }
                session.write(verb, [target, fragment.text], tags: inner, trailing: true)
            }
            session.write("BATCH", ["-" + reference])
        }
    }

    private func tags(of outgoing: OutgoingMessage, part: Int) -> [String: String] {
        var tags = outgoing.marks.tags(isFirstPart: part == 0)
        if capabilities.contains(Vendor.name + "/idempotency") {
            // Parts have tokens of their own, the same at each attempt.
            tags[Vendor.clientTokenTag] = part == 0 ? outgoing.token : "\(outgoing.token).\(part)"
        }
        if let replyTo = outgoing.replyTo { tags["+draft/reply"] = replyTo }
        return tags
    }

    // MARK: Choosing the form

    func postingForm(of outgoing: OutgoingMessage) throws(ClientError) -> PostingForm {
        guard !outgoing.token.isEmpty, outgoing.token.utf8.count <= TokenLimits.clientTokenByteLimit else {
            throw .invalidArgument("a token has 1 to \(TokenLimits.clientTokenByteLimit) bytes")
        }
        guard isWord(outgoing.target), !outgoing.target.utf8.contains(44) else {
            throw .invalidArgument("\(outgoing.target) is no channel and no nickname")
        }
        guard !outgoing.text.utf8.contains(0) else { throw .invalidArgument("the text holds a NUL") }
        let paragraphs = ClientSession.lines(of: outgoing.text)
        guard paragraphs.contains(where: { !$0.isEmpty }) else { throw .invalidArgument("the text is empty") }
        let isAction = outgoing.kind == .action
        let room = textByteLimit(target: outgoing.target) - (isAction ? 9 : 0)
        guard room > 8 else { throw .invalidArgument("the name \(outgoing.target) leaves no room for text") }
        if isAction {
            // A doing is one line; line breaks become spaces.
            let pieces = ClientSession.pieces(of: paragraphs.joined(separator: " "), byteLimit: room)
            let texts = pieces.map { "\u{1}ACTION \($0)\u{1}" }
            return texts.count == 1 ? .line(texts[0]) : .lines(texts)
        }
        if paragraphs.count == 1, paragraphs[0].utf8.count <= room { return .line(paragraphs[0]) }
        if let limits = multilineLimits { return .batch(try fragments(paragraphs, room: room, limits)) }
        return .lines(
            paragraphs.filter { !$0.isEmpty }.flatMap { ClientSession.pieces(of: $0, byteLimit: room) })
    }

    func fragments(
        _ paragraphs: [String], room: Int, _ limits: MultilineAllowance
    ) throws(ClientError) -> [MultilineFragment] {
        let byteCount = paragraphs.reduce(paragraphs.count - 1) { $0 + $1.utf8.count }
        guard byteCount <= limits.byteLimit else {
            throw .textTooLong(byteCount: byteCount, limit: limits.byteLimit)
        }
        let fragments = paragraphs.flatMap { paragraph in
            ClientSession.pieces(of: paragraph, byteLimit: room).enumerated().map {
                MultilineFragment(text: $1, continuesLast: $0 > 0)
            }
        }
        guard fragments.count <= limits.lineLimit else {
            throw .invalidArgument(
                "the text has \(fragments.count) lines, the server takes \(limits.lineLimit) at once")
        }
        return fragments
    }

    /// What the server allows in one batch; nil without multiline.
    var multilineLimits: MultilineAllowance? {
        guard capabilities.contains("draft/multiline"), capabilities.contains("batch") else { return nil }
        var limits = MultilineAllowance()
        for part in (offeredCapabilities["draft/multiline"] ?? "").split(separator: ",") {
            let pair = part.split(separator: "=", maxSplits: 1)
            guard pair.count == 2, let value = Int(pair[1]), value > 0 else { continue }
            if pair[0] == "max-bytes" { limits.byteLimit = value }
            if pair[0] == "max-lines" { limits.lineLimit = value }
        }
        return limits
    }

    /// Bytes of text that fit into one line as others receive it, with this session's own source.
    func textByteLimit(target: String) -> Int {
        let maskByteCount = ownMask.isEmpty ? 1 + 10 + 1 + 63 : ownMask.utf8.count
        // `:nick!user@host PRIVMSG target :text` CR LF; PRIVMSG is longer than NOTICE.
        let frame = 1 + nickname.utf8.count + maskByteCount + 1 + 7 + 1 + target.utf8.count + 2 + 2
        return 512 - frame
    }

    func isWord(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { $0 > 32 && $0 != 127 } && text.utf8.first != 58
    }

    /// Lines between LF, without CR before it.
    static func lines(of text: String) -> [String] {
        let bytes = Array(text.utf8)
        return bytes.split(separator: 10, omittingEmptySubsequences: false).map { part in
            String(decoding: part.filter { $0 != 13 }, as: UTF8.self)
        }
    }

    /// Cuts a text into pieces of at most this many bytes: after a space where one is near the end, else
    /// between code points. Nothing is lost: the pieces joined are the text.
    static func pieces(of text: String, byteLimit: Int) -> [String] {
        var rest = Array(text.utf8)
        var pieces: [String] = []
        while rest.count > byteLimit {
            var end = utf8Prefix(rest, byteLimit: byteLimit).endIndex
            let earliest = end - end / 4
            if let space = rest[earliest..<end].lastIndex(of: 32) { end = space + 1 }
            guard end > 0 else { break }
            pieces.append(String(decoding: rest[..<end], as: UTF8.self))
            rest = Array(rest[end...])
        }
        pieces.append(String(decoding: rest, as: UTF8.self))
        return pieces
    }
}
