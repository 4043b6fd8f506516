// SPDX-License-Identifier: Apache-2.0

import PlenaryClient
import PlenaryTerms
import PlenaryWire

/// A server in a few lines, for one client: what it stores, answers and echoes. Pure, like the client.
struct ModelServer {
    struct Stored: Hashable {
        var id: String
        var time: Timestamp
        var sender: String
        var channel: String
        var text: String
        var token: String?
    }

    // MARK: What kind of server it is

    var offers = [
        "message-tags", "server-time", "batch", "labeled-response", "echo-message", "draft/chathistory",
        "draft/multiline=max-bytes=16384,max-lines=128", "account-tag", "plenary.chat/idempotency",
        "sasl=PLAIN,EXTERNAL",
    ]
    var pageLimit = 3
    /// Whether `CHATHISTORY AFTER` works at all.
    var bridges = true
    var acceptsIDs = true
    /// Channels that refuse messages with 404.
    var mutedChannels: Set<String> = []

    // MARK: What it knows

    var log: [Stored] = []
    var clock = Timestamp(seconds: 1_700_000_000)
    private var tokens: [String: Int] = [:]

    // MARK: The connection

    private var enabled: Set<String> = []
    private var nickname = "*"
    private var account: String?
    private var joined: Set<String> = []
    private var isRegistered = false
    private var hasUser = false
    private var isNegotiating = false
    private var splitter = LineSplitter(limits: .fromClient)
    private var openBatch: (reference: String, opening: Line, lines: [Line])?
    private var nextBatch = 1
    private(set) var received: [String] = []

    mutating func reset() {
        enabled = []
        nickname = "*"
        account = nil
        joined = []
        isRegistered = false
        hasUser = false
        isNegotiating = false
        splitter = LineSplitter(limits: .fromClient)
        openBatch = nil
        received = []
    }

    /// Somebody else says something; returns what the client hears.
    mutating func say(_ text: String, by sender: String = "bob", in channel: String) -> String {
        let stored = store(text, sender: sender, channel: channel, token: nil)
        return joined.contains(channel) ? line(stored, label: nil, batch: nil) : ""
    }

    mutating func take(_ bytes: [UInt8]) -> String {
        var lines: [[UInt8]] = []
        bytes.withUnsafeBytes { buffer in
            splitter.split(buffer) { piece in
                if case .line(let line) = piece { lines.append(Array(line)) }
            }
        }
        var answer = ""
        for bytes in lines {
            received.append(String(decoding: bytes, as: UTF8.self))
            if let line = try? Line.parse(bytes, limits: .fromClient) { answer += respond(line) }
        }
        return answer
    }

    private func word(_ line: Line, _ index: Int) -> String {
        index < line.parameters.count ? line.parameters[index].string : ""
    }

    private func tag(_ label: String?) -> String { label.map { "@label=\($0) " } ?? "" }

    private mutating func respond(_ line: Line) -> String {
        let label = line.tagValue("label")?.string
        switch line.verb {
        case "CAP": return capability(line)
        case "NICK":
            nickname = word(line, 0)
            return welcome()
        case "USER":
            hasUser = true
            return welcome()
        case "AUTHENTICATE": return authenticate(word(line, 0))
        case "PING": return ":srv PONG srv :\(word(line, 0))\r\n"
        case "JOIN":
            joined.insert(word(line, 0))
            advance()
            let stamp = enabled.contains("server-time") ? [("time", clock.iso8601)] : []
            return tags(stamp, label) + ":\(nickname)!~a@host JOIN \(word(line, 0))\r\n"
        case "PRIVMSG":
            if let reference = line.tagValue("batch")?.string, openBatch?.reference == reference {
                openBatch?.lines.append(line)
                return ""
            }
            return message(line, label)
        case "BATCH": return batch(line, label)
        case "CHATHISTORY": return history(line, label)
        case "QUIT": return "ERROR :bye\r\n"
        default: return tags([], label) + ":srv 421 \(nickname) \(line.verb) :Unknown\r\n"
        }
    }

    private mutating func capability(_ line: Line) -> String {
        switch word(line, 0) {
        case "LS":
            isNegotiating = true
            let half = offers.count / 2
            return ":srv CAP * LS * :\(offers[..<half].joined(separator: " "))\r\n"
                + ":srv CAP * LS :\(offers[half...].joined(separator: " "))\r\n"
        case "REQ":
            let names = word(line, 1).split(separator: " ").map(String.init)
            let known = Set(offers.map { String($0.split(separator: "=")[0]) })
            guard names.allSatisfy({ known.contains($0) }) else {
                return ":srv CAP * NAK :\(word(line, 1))\r\n"
            }
            enabled.formUnion(names)
            return ":srv CAP * ACK :\(word(line, 1))\r\n"
        case "END":
            isNegotiating = false
            return welcome()
        default: return ""
        }
    }

    private mutating func authenticate(_ payload: String) -> String {
        if payload == "PLAIN" || payload == "EXTERNAL" { return "AUTHENTICATE +\r\n" }
        guard payload == "AGFubgBzZWNyZXQxMjM=" || payload == "+" else {
            return ":srv 904 * :SASL authentication failed\r\n"
        }
        account = "ann"
        return ":srv 900 * *!*@* ann :You are now logged in\r\n:srv 903 * :SASL authentication successful\r\n"
    }

    private mutating func welcome() -> String {
        guard !isRegistered, !isNegotiating, hasUser, nickname != "*" else { return "" }
        isRegistered = true
        return ":srv 001 \(nickname) :Welcome \(nickname)!~a@host\r\n"
            + ":srv 005 \(nickname) CASEMAPPING=ascii CHANTYPES=# CHATHISTORY=\(pageLimit) NETWORK=Test"
            + " MSGREFTYPES=\(acceptsIDs ? "msgid,timestamp" : "timestamp") :are supported\r\n"
            + ":srv 422 \(nickname) :no motd\r\n"
    }

    // MARK: Messages

    private mutating func advance() { clock = Timestamp(microseconds: clock.microseconds + 2000) }

    private mutating func store(_ text: String, sender: String, channel: String, token: String?) -> Stored {
        if let token, account != nil, let index = tokens[token] { return log[index] }
        advance()
        let stored = Stored(
            id: "m\(log.count)", time: clock, sender: sender, channel: channel, text: text, token: token)
        log.append(stored)
        if let token, account != nil { tokens[token] = log.count - 1 }
        return stored
    }

    private mutating func message(_ line: Line, _ label: String?) -> String {
        let channel = word(line, 0)
        if mutedChannels.contains(channel) {
            return tags([], label) + ":srv 404 \(nickname) \(channel) :You are muted until 15:00\r\n"
        }
        let stored = store(
            word(line, 1), sender: nickname, channel: channel,
            token: line.tagValue(Vendor.clientTokenTag)?.string)
        guard enabled.contains("echo-message") else { return tags([], label, isAck: true) }
        return self.line(stored, label: label, batch: nil)
    }

    private mutating func batch(_ line: Line, _ label: String?) -> String {
        let first = word(line, 0)
        if first.hasPrefix("+") {
            openBatch = (String(first.dropFirst()), line, [])
            return ""
        }
        guard let open = openBatch else { return "" }
        openBatch = nil
        var text = ""
        for (index, inner) in open.lines.enumerated() {
            if index > 0, inner.tagValue("draft/multiline-concat") == nil { text += "\n" }
            text += word(inner, 1)
        }
        let opening = open.opening
        let stored = store(
            text, sender: nickname, channel: word(opening, 2),
            token: opening.tagValue(Vendor.clientTokenTag)?.string)
        return self.line(stored, label: opening.tagValue("label")?.string, batch: nil)
    }

    private func tags(_ tags: [(String, String)], _ label: String?, isAck: Bool = false) -> String {
        let all = (label.map { [("label", $0)] } ?? []) + tags
        let text = all.isEmpty ? "" : "@" + all.map { "\($0.0)=\($0.1)" }.joined(separator: ";") + " "
        if isAck { return label == nil ? "" : text + ":srv ACK\r\n" }
        return text
    }

    /// A message as the client hears it: a line, or a batch where it has several.
    private mutating func line(_ stored: Stored, label: String?, batch: String?) -> String {
        var tags: [(String, String)] = []
        if let batch { tags.append(("batch", batch)) }
        if enabled.contains("server-time") { tags.append(("time", stored.time.iso8601)) }
        if enabled.contains("message-tags") { tags.append(("msgid", stored.id)) }
        let source = ":\(stored.sender)!~\(stored.sender.prefix(1))@host"
        let lines = stored.text.split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.count > 1 else {
            return self.tags(tags, label) + "\(source) PRIVMSG \(stored.channel) :\(stored.text)\r\n"
        }
        let reference = "ml\(nextBatch)"
        nextBatch += 1
        var text =
            self.tags(tags, label) + "\(source) BATCH +\(reference) draft/multiline \(stored.channel)\r\n"
        for line in lines { text += "@batch=\(reference) \(source) PRIVMSG \(stored.channel) :\(line)\r\n" }
        return text + ":srv BATCH -\(reference)\r\n"
    }

    // MARK: History

    private mutating func history(_ line: Line, _ label: String?) -> String {
        let words = line.parameters.map(\.string)
        if words.first == "TARGETS" { return wrapped("draft/chathistory-targets", "", [], label) }
        guard words.count == 4, joined.contains(words[1]), let limit = Int(words[3]) else {
            return refusal("INVALID_TARGET", words, label)
        }
        let all = log.filter { $0.channel == words[1] }
        let count = min(limit, pageLimit)
        switch words[0] {
        case "LATEST": return wrapped("chathistory", words[1], Array(all.suffix(count)), label)
        case "AFTER":
            guard bridges else { return refusal("MESSAGE_ERROR", words, label) }
            if words[2].hasPrefix("msgid=") {
                let id = String(words[2].dropFirst(6))
                guard acceptsIDs, let index = all.firstIndex(where: { $0.id == id }) else {
                    return refusal("INVALID_MSGREFTYPE", words, label)
                }
                return wrapped("chathistory", words[1], Array(all[(index + 1)...].prefix(count)), label)
            }
            guard let time = Timestamp(iso8601: words[2].dropFirst(10).utf8) else {
                return refusal("INVALID_PARAMS", words, label)
            }
            return wrapped("chathistory", words[1], Array(all.filter { $0.time > time }.prefix(count)), label)
        default: return refusal("INVALID_PARAMS", words, label)
        }
    }

    private func refusal(_ code: String, _ words: [String], _ label: String?) -> String {
        tags([], label) + ":srv FAIL CHATHISTORY \(code) \(words.prefix(2).joined(separator: " ")) :no\r\n"
    }

    private mutating func wrapped(
        _ type: String, _ target: String, _ page: [Stored], _ label: String?
    ) -> String {
        let reference = "h\(nextBatch)"
        nextBatch += 1
        var text = tags([], label) + ":srv BATCH +\(reference) \(type) \(target)\r\n"
        for stored in page { text += line(stored, label: nil, batch: reference) }
        return text + ":srv BATCH -\(reference)\r\n"
    }
}
