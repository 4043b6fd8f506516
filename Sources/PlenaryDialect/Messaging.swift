// SPDX-License-Identifier: Apache-2.0

import PlenaryDomain
import PlenaryTerms
import PlenaryWire

extension Dialect {
    static func interpretMessaging(_ line: Line, _ verb: Text) throws(Refusal) -> [Command] {
        if line.verb == "BATCH" { return [.messaging(try interpretBatch(line))] }
        let kind: MessageKind =
            line.verb == "NOTICE" ? .notice : line.verb == "TAGMSG" ? .tagOnly : .privateMessage
        guard let recipients = line.parameters.first, !recipients.isEmpty else {
            throw .noRecipient(verb: verb)
        }
        if let batch = line.tagValue("batch"), kind != .tagOnly {
            let isConcatenated = line.tags.contains("draft/multiline-concat")
            return [
                .messaging(
                    .batchLine(
                        reference: batch, target: recipients, isNotice: kind == .notice,
                        text: line.parameters[parameter: 1] ?? "", isConcatenated: isConcatenated))
            ]
        }
        if kind != .tagOnly, line.parameters[parameter: 1]?.isEmpty ?? true { throw .noTextToSend }
        let tags = clientTags(line)
        let token = clientToken(line)
        let relay = try relayedOrigin(line, verb: verb)
        let all = targets(recipients)
        guard !all.isEmpty else { throw .noRecipient(verb: verb) }
        // A token names one message; for the second target it would find the first one's.
        if token != nil, all.count > 1 { throw .invalidClientToken(verb: verb) }
        return all.map { target in
            .messaging(
                .post(
                    PostedText(
                        target: target, kind: kind, text: kind == .tagOnly ? "" : line.parameters[1],
                        clientTags: tags, clientToken: token, relay: relay,
                        translation: translationRequest(line))))
        }
    }

    private static func interpretBatch(_ line: Line) throws(Refusal) -> MessagingCommand {
        let reference = line.parameters[0].bytes
        guard reference.count > 1 else { throw .needMoreParameters(verb: "BATCH") }
        guard reference[0] == 43 || reference[0] == 45 else {
            throw .batchInvalid(verb: "BATCH", reference: line.parameters[0])
        }
        let name = Text(reference.dropFirst())
        // Letters, digits and hyphens (IRCv3 batch): others are not even repeated, for half a letter may be left.
        let isName = name.bytes.allSatisfy { byte in
            switch byte {
            case 45, 48...57, 65...90, 97...122: true
            default: false
            }
        }
        guard isName else { throw .batchInvalid(verb: "BATCH", reference: "*") }
        if reference[0] == 45 { return .closeBatch(reference: name) }
        guard line.parameters[parameter: 1] == "draft/multiline",
            let target = line.parameters[parameter: 2]
        else { throw .batchInvalid(verb: "BATCH", reference: name) }
        return .openBatch(
            reference: name, target: target, clientTags: clientTags(line), clientToken: clientToken(line),
            label: line.tagValue("label"), relay: try relayedOrigin(line, verb: "BATCH"),
            translation: translationRequest(line))
    }

    /// The sender's own name of the message (docs/extensions/idempotency.md); empty when the tag has no value.
    static func clientToken(_ line: Line) -> Text? {
        line.tagValue(Vendor.clientTokenTag)
    }

    /// Tags that say what the server stores by itself, and shows again where it is so.
    private static let servedTags = relayTags.union(translationTags)

    /// Client-only tags as they came, joined by `;`. All others are dropped (IRCv3 message-tags, "Rules for servers"),
    /// and those of which the server itself has to answer for the values.
    static func clientTags(_ line: Line) -> Text {
        var bytes: [UInt8] = []
        for tag in line.tags
        where tag.isClientOnly && isTagName(tag.key.utf8.dropFirst()) && !servedTags.contains(tag.key) {
            if !bytes.isEmpty { bytes.append(59) }
            tag.encode(into: &bytes)
        }
        return Text(bytes)
    }

    /// `[vendor/]name` of letters, digits, hyphens and a vendor's dots (IRCv3 message-tags, "Format"). Others
    /// are not relayed: a CR in a key would end the line of a reader who takes CR for a line break.
    private static func isTagName(_ name: Substring.UTF8View) -> Bool {
        !name.isEmpty
            && name.allSatisfy { byte in
                switch byte {
                case 45, 46, 47, 48...57, 65...90, 95, 97...122: true
                default: false
                }
            }
    }

    /// FAIL for a mark whose value is none (docs/extensions/marks.md).
    func renderMark(_ verb: Text, _ error: MarkError, _ session: Session) -> Line {
        let (code, value): (Text, Text) =
            switch error {
            case .kind(let value): ("INVALID_KIND", value)
            case .language(let value): ("INVALID_LANGUAGE", value)
            case .reference(let value): ("INVALID_REFERENCE", value)
            case .onBehalf(let value): ("INVALID_ON_BEHALF", value)
            }
        return fail(verb, code, [value], session, say: .parameterInvalid)
    }

    // MARK: Rendering

    /// A message as sessions with these capabilities read it. One line, a multiline batch, or its fallback lines.
    package func render(
        _ message: MessagePosted, id: MessageID, time: Timestamp, to capabilities: Capabilities,
        in placement: Placement = .mainLine, as form: ThreadForm = .cue
    ) -> [Line] {
        if message.kind == .tagOnly, !capabilities.contains(.messageTags) { return [] }
        // Most messages are shown as they were said, and are not copied for it.
        if let changed = shaped(message, placement, capabilities, form) {
            return renderAsIs(changed, id, time, capabilities, placement, form)
        }
        return renderAsIs(message, id, time, capabilities, placement, form)
    }

    private func renderAsIs(
        _ message: MessagePosted, _ id: MessageID, _ time: Timestamp, _ capabilities: Capabilities,
        _ placement: Placement, _ form: ThreadForm
    ) -> [Line] {
        let tags = allTags(message, id, time, capabilities, placement, form)
        if message.kind == .tagOnly { return [line(message, verb: "TAGMSG", nil, tags: tags)] }
        let verb = message.kind == .notice ? "NOTICE" : "PRIVMSG"
        if message.lines.count == 1 { return [line(message, verb: verb, message.lines[0].text, tags: tags)] }
        if capabilities.isSuperset(of: [.multiline, .batch]) {
            return renderBatch(message, verb: verb, id, opening: tags)
        }
        // Only the first line has the id (IRCv3 multiline, "Fallback"), and what the client tagged the message with:
        // 4 KiB of that on each of 128 lines would be half a megabyte.
        let others = allTags(message, nil, time, capabilities, placement, form)
        var lines: [Line] = []
        for part in message.lines where !part.text.isEmpty {
            lines.append(line(message, verb: verb, part.text, tags: lines.isEmpty ? tags : others))
        }
        return lines
    }

    /// Without an id those of a further line of a message, to which its client's tags do not belong.
    private func allTags(
        _ message: MessagePosted, _ id: MessageID?, _ time: Timestamp, _ capabilities: Capabilities,
        _ placement: Placement, _ form: ThreadForm
    ) -> LineTags {
        var tags = eventTags(actor: message.actor, id: id, time: time, capabilities)
        if id != nil, capabilities.contains(.messageTags) {
            tags.append(contentsOf: LineTags(escaped: message.clientTags))
        }
        addThreadTags(placement, capabilities, form, to: &tags)
        addRelayTags(message, capabilities, to: &tags)
        addTranslationTags(message, capabilities, to: &tags)
        return tags
    }

    private func line(_ message: MessagePosted, verb: String, _ text: Text?, tags: LineTags) -> Line {
        let parameters = text.map { [message.target, $0] } ?? [message.target]
        return Line(
            tags: tags, source: message.actor.source, verb: verb, parameters, hasTrailing: text != nil)
    }

    private func renderBatch(
        _ message: MessagePosted, verb: String, _ id: MessageID, opening tags: LineTags
    ) -> [Line] {
        // Unique per message, and letters and digits only (IRCv3 batch, "Reference tags").
        let reference = Text("m" + id.text.filter { $0 != "-" && $0 != "_" })
        var lines = [
            Line(
                tags: tags, source: message.actor.source, verb: "BATCH",
                ["+" + reference, "draft/multiline", message.target])
        ]
        for part in message.lines {
            var tags: LineTags = [LineTag("batch", reference)]
            if part.isConcatenated { tags.append(LineTag("draft/multiline-concat")) }
            lines.append(line(message, verb: verb, part.text, tags: tags))
        }
        return lines + [Line(source: facts.name, verb: "BATCH", ["-" + reference])]
    }

    /// The tags that the server puts on what somebody did.
    func eventTags(actor: Actor?, id: MessageID?, time: Timestamp, _ capabilities: Capabilities) -> LineTags {
        var tags = LineTags()
        // Those here, and the batch of a history.
        tags.reserveCapacity(112)
        if capabilities.contains(.serverTime) { tags.append("time") { time.appendISO8601(to: &$0) } }
        if capabilities.contains(.messageTags), let id { tags.append("msgid") { id.append(to: &$0) } }
        if capabilities.contains(.accountTag), let account = actor?.accountName {
            tags.append(LineTag("account", account))
        }
        if capabilities.contains(.messageTags), actor?.isBot ?? false { tags.append(LineTag("bot")) }
        if capabilities.isSuperset(of: [.messageTags, .attribution]), let policy = actor?.labelPolicy {
            tags.append(LineTag(Vendor.attributionTag, policy.word))
        }
        return tags
    }
}
