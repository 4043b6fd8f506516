// SPDX-License-Identifier: Apache-2.0

import PlenaryDomain
import PlenaryTerms
import PlenaryWire

/// RELAYMSG (IRCv3 relaymsg, draft) and RELAY (docs/extensions/relay.md).
extension Dialect {
    static func interpretRelaying(_ line: Line) throws(Refusal) -> [Command] {
        guard line.verb == "RELAYMSG" else { return [.relaying(try interpretRelay(line.parameters))] }
        let parameters = line.parameters
        guard let text = parameters[parameter: 2], !text.isEmpty else {
            throw .relaying(verb: "RELAYMSG", code: .blankMessage, context: [])
        }
        let post = PostedText(
            target: parameters[0], kind: .privateMessage, text: text, clientTags: clientTags(line),
            clientToken: clientToken(line),
            relay: try relayedOrigin(line, named: parameters[1], verb: "RELAYMSG"), verb: "RELAYMSG")
        return [.messaging(.post(post))]
    }

    private static func interpretRelay(_ parameters: [Text]) throws(Refusal) -> RelayingCommand {
        let channel = parameters[0]
        guard let word = parameters[parameter: 1] else { return .status(channel: channel) }
        switch word.string.uppercased() {
        case "ON": return .switchRelay(channel: channel, isOn: true)
        case "OFF": return .switchRelay(channel: channel, isOn: false)
        case "STATUS": return .status(channel: channel)
        case "WATCH": return .watch(channel: channel, isOn: true)
        case "UNWATCH": return .watch(channel: channel, isOn: false)
        case "BEAT": return .beat(channel: channel, try counters(parameters[parameter: 2] ?? ""))
        default: throw .relaying(verb: "RELAY", code: .invalidParameters, context: [word])
        }
    }

    /// `in=412;duplicate=3;…`. What is missing is zero; what nobody knows is passed over.
    private static func counters(_ text: Text) throws(Refusal) -> RelayCounters {
        var counters = RelayCounters()
        for part in text.bytes.split(separator: 59) {
            let words = part.split(separator: 61, maxSplits: 1, omittingEmptySubsequences: false)
            guard words.count == 2, let count = UInt32(String(decoding: words[1], as: UTF8.self)) else {
                throw .relaying(verb: "RELAY", code: .invalidParameters, context: [Text(part)])
            }
            switch String(decoding: words[0], as: UTF8.self) {
            case "in": counters.received = count
            case "duplicate": counters.duplicate = count
            case "private-dropped": counters.privateDropped = count
            case "late": counters.late = count
            case "refused": counters.refused = count
            default: break
            }
        }
        return counters
    }

    /// What a line says of a relayed message's origin; nil for a message that is the sender's own.
    static func relayedOrigin(
        _ line: Line, named given: Text? = nil, verb: Text
    ) throws(Refusal) -> RelayedOrigin? {
        func value(_ key: String) -> Text? { line.tagValue(key).flatMap { $0.isEmpty ? nil : $0 } }
        guard let name = given ?? value(RelayMark.nameTag) else { return nil }
        func wrong(_ value: Text) -> Refusal { .relaying(verb: verb, code: .invalidOrigin, context: [value]) }
        var origin = RelayedOrigin(name: name)
        if let word = value(RelayMark.originTag) {
            guard RelayMark.isOrigin(word.bytes) else { throw wrong(word) }
            origin.origin = word
        }
        if let id = value(RelayMark.originIDTag) {
            guard id.byteCount <= RelayMark.originIDByteLimit else { throw wrong("origin-id") }
            origin.originID = id
        }
        if let stamp = value(RelayMark.originTimeTag) {
            guard let time = Timestamp(iso8601: stamp.bytes[...]) else { throw wrong(stamp) }
            origin.originTime = time
        }
        return origin
    }

    /// Tags of what the server answers for.
    static let relayTags: Set<String> = [
        RelayMark.nameTag, RelayMark.originTag, RelayMark.originIDTag, RelayMark.originTimeTag,
    ]

    // MARK: Rendering

    /// By whom a message was brought. The draft's tag goes to whoever knows it, with or without message-tags: bridges
    /// know their own messages by it.
    func addRelayTags(_ message: MessagePosted, _ capabilities: Capabilities, to tags: inout LineTags) {
        guard let relay = message.relay else { return }
        if capabilities.contains(.relayMessages) { tags.append(LineTag(Vendor.relayTag, relay.nickname)) }
        guard capabilities.contains(.messageTags) else { return }
        if let origin = relay.origin { tags.append(LineTag(RelayMark.originTag, origin)) }
        if let id = relay.originID { tags.append(LineTag(RelayMark.originIDTag, id)) }
        if let time = relay.originTime {
            tags.append(LineTag(RelayMark.originTimeTag, Text(time.iso8601)))
        }
        if relay.isLate { tags.append(LineTag(Vendor.lateTag)) }
    }

    func render(_ answer: RelayingAnswer, to session: Session, in community: Community) -> [Line] {
        switch answer {
        case .status(let id):
            return community.channels[id].map { [renderRelayStatus($0, in: community)] } ?? []
        case .notice(let id):
            guard let channel = community.channels[id] else { return [] }
            return renderRelayNotice(channel, isOn: true, in: session.language, community)
        case .switched(let id, let isOn):
            guard let channel = community.channels[id] else { return [] }
            let name = channel.name.text
            let said = relayText(channel, isOn: isOn, in: session.language, community)
            return [
                Dialect.fitted(
                    Line(
                        source: facts.name, verb: "NOTE", ["RELAY", isOn ? "ON" : "OFF", name, said],
                        hasTrailing: true))
            ]
        }
    }

    /// What everybody in a channel is told of its relay, one's own language each.
    package func renderRelayNotice(
        _ channel: Channel, isOn: Bool, in language: Language, _ community: Community
    ) -> [Line] {
        let said = relayText(channel, isOn: isOn, in: language, community)
        return [
            Dialect.fitted(
                Line(
                    source: facts.name, verb: "NOTICE", [channel.name.text, said], hasTrailing: true
                ))
        ]
    }

    private func relayText(
        _ channel: Channel, isOn: Bool, in language: Language, _ community: Community
    ) -> Text {
        let name = channel.name.text
        guard isOn else { return text(.relayStopped, in: language, [.channel: name]) }
        let contact =
            [facts.adminEmail, facts.adminName].first { !$0.isEmpty } ?? facts.network
        guard let days = community.keeping.retentionDays[channel.id] else {
            return text(.relayIsOn, in: language, [.channel: name, .admin: contact])
        }
        return text(
            .relayIsOnForDays, in: language,
            [.channel: name, .count: Text(number: days), .admin: contact])
    }

    /// `RELAY <#channel> STATUS <on or off> <relay> <time of its last beat> <counters>`.
    package func renderRelayStatus(_ channel: Channel, in community: Community) -> Line {
        let pulse = community.relayPulses[channel.id]
        let counters = pulse.map { pulse in
            let known = pulse.counters
            return Text(
                "in=\(known.received);duplicate=\(known.duplicate);private-dropped=\(known.privateDropped);"
                    + "late=\(known.late);refused=\(known.refused)")
        }
        return Dialect.fitted(
            Line(
                source: facts.name, verb: "RELAY",
                [
                    channel.name.text, "STATUS", channel.takesRelays ? "on" : "off",
                    pulse?.nickname ?? "*", pulse.map { Text($0.time.iso8601) } ?? "*", counters ?? "*",
                ]))
    }

    func renderRelaying(
        _ verb: Text, _ code: RelayingFailure, _ context: [Text], _ session: Session
    ) -> Line {
        let key: ServerText =
            switch code {
            case .notEnabled: .relayNotEnabled
            case .privilegesNeeded: .threadPrivilegesNeeded
            case .blankMessage: .noTextToSend
            case .invalidName: .relayedNameInvalid
            case .banned: .relayedNameBanned
            case .invalidTarget: .threadTargetInvalid
            case .notAllowed: .cannotSendToChannel
            case .invalidOrigin, .invalidParameters: .parameterInvalid
            }
        return fail(verb, Text(code.rawValue), context, session, say: key)
    }
}
