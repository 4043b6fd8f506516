// SPDX-License-Identifier: Apache-2.0

import PlenaryTerms
import PlenaryWire

/// Attributes of one parameter: `key=value` joined by `;`, values escaped as those of tags are
/// (docs/extensions/threads.md, "Event and list line"; docs/extensions/search.md).
enum Attributes {
    /// Reads them. A part without a key is left out, the last one of equal keys holds, a lone key is empty.
    static func read(_ text: String) -> [String: String] {
        var result: [String: String] = [:]
        for part in text.utf8.split(separator: 59) {
            let end = part.firstIndex(of: 61) ?? part.endIndex
            guard end > part.startIndex else { continue }
            let value = end < part.endIndex ? Array(part[part.index(after: end)...]) : []
            result[String(decoding: part[..<end], as: UTF8.self)] = String(
                decoding: LineTag.unescaped(value), as: UTF8.self)
        }
        return result
    }

    /// Writes them in the order given.
    static func write(_ attributes: [(key: String, value: String)]) -> String {
        attributes.map { key, value in
            key + "=" + String(decoding: LineTag.escaped(Array(value.utf8)), as: UTF8.self)
        }.joined(separator: ";")
    }
}

extension ThreadEvent {
    /// Reads a THREAD line; nil for one that names no thread or an event this client does not know.
    /// Attributes that are unknown or make no sense are left out.
    init?(_ line: ServerLine, by: Person, now: Timestamp) {
        guard line.verb == "THREAD", let channel = line.parameter(0), !channel.isEmpty,
            let number = line.parameter(1).flatMap({ Decimal.threadNumber($0) }),
            let kind = line.parameter(2).flatMap({ Kind(rawValue: $0.uppercased()) })
        else { return nil }
        let attributes = Attributes.read(line.parameter(3) ?? "")
        var thread = ThreadInfo(channel: channel, number: number, title: line.parameter(4) ?? "")
        func count(_ key: String) -> Int? { attributes[key].flatMap { Decimal.number($0) } }
        func time(_ key: String) -> Timestamp? { attributes[key].flatMap { Timestamp(iso8601: $0.utf8) } }
        func text(_ key: String) -> String? { attributes[key].flatMap { $0.isEmpty ? nil : $0 } }
        thread.state = attributes["st"].flatMap { ThreadState(rawValue: $0) } ?? .open
        thread.pinRank = count("pin")
        thread.messageCount = count("n") ?? 0
        thread.unreadCount = count("u") ?? 0
        thread.mentionCount = count("m") ?? 0
        thread.level = attributes["lv"].flatMap { ThreadLevel(rawValue: $0) } ?? .all
        thread.lastTime = time("lt")
        thread.lastMessageID = text("lm")
        thread.creator = text("by")
        thread.created = time("ct")
        thread.rootMessageID = text("rt")
        thread.answerMessageID = text("an")
        self.init(
            kind: kind, thread: thread, by: by,
            time: line.tags["time"].flatMap { Timestamp(iso8601: $0.utf8) } ?? now)
        reason = text("rs")
        destination = attributes["to"].flatMap { Decimal.threadNumber($0) }
        movedCount = count("cnt")
        movedMessageID = text("ms")
    }
}

extension ClientSession {
    /// What the server says of its threads; nil where they are not in use on this connection.
    public var threadSupport: ThreadSupport? {
        guard capabilities.contains(Vendor.name + "/threads") else { return nil }
        return ThreadSupport(capabilityValue: offeredCapabilities[Vendor.name + "/threads"] ?? "")
    }

    /// Channel and thread of a target: `#practices` and 12 of `#practices/12`. Where the server has no
    /// threads, or the suffix is no number, the whole is a channel's name.
    public func divided(_ target: String) -> (channel: String, thread: Int?) {
        guard let value = offeredCapabilities[Vendor.name + "/threads"], features.isChannel(target) else {
            return (target, nil)
        }
        let separator = ThreadSupport(capabilityValue: value).separator
        guard let place = target.lastIndex(of: separator),
            let number = Decimal.threadNumber(target[target.index(after: place)...])
        else { return (target, nil) }
        return (String(target[..<place]), number)
    }

    /// A THREAD line: an event to tell of, unless it only answers a question.
    mutating func handleThread(_ line: ServerLine, now: Timestamp, isAnswer: Bool) {
        guard let event = ThreadEvent(line, by: person(of: line), now: now) else {
            if !isAnswer { emit(.line(line)) }
            return
        }
        if event.kind != .info || !isAnswer { emit(.thread(event)) }
    }

    /// A MARKREAD line (IRCv3 read-marker): how far this account has read. `*` tells of nothing read.
    mutating func handleMarker(_ line: ServerLine) {
        guard let target = line.parameter(0), let marker = ReadMarker(line) else { return emit(.line(line)) }
        emit(.marker(target: target, time: marker.time))
    }
}

/// The marker in a MARKREAD line.
struct ReadMarker {
    var time: Timestamp?

    /// Nil for a line that holds neither a time nor `*`.
    init?(_ line: ServerLine) {
        guard let word = line.parameter(1) else { return nil }
        if word == "*" { return }
        guard word.hasPrefix("timestamp="), let time = Timestamp(iso8601: word.utf8.dropFirst(10)) else {
            return nil
        }
        self.time = time
    }
}
