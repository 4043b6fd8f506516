// SPDX-License-Identifier: Apache-2.0

import PlenaryTerms
import PlenaryWire

/// A batch whose end has not come (IRCv3 batch).
struct OpenBatch: Sendable {
    var type: String
    var parameters: [String]
    var opening: ServerLine
    var parent: String?
    var items: [BatchItem] = []
}

enum BatchItem: Sendable {
    case line(ServerLine)
    case batch(OpenBatch)
}

/// Reading lines: batches first, then labels, then the meaning of a single line.
extension ClientSession {
    mutating func handle(_ parsed: Line, now: Timestamp) {
        let line = ServerLine(parsed)
        if line.verb == "BATCH" { return handleBatch(line, now: now) }
        if let reference = line.tags["batch"], batches[reference] != nil {
            batchedLineCount += 1
            guard batchedLineCount <= ClientLimits.batchedLineLimit else {
                return end(.protocolViolation("more lines in open batches than this client keeps"))
            }
            batches[reference]?.items.append(.line(line))
            return
        }
        if let label = line.tags["label"], pending[label] != nil {
            complete(label, items: [.line(line)], now: now)
            return
        }
        if collectForBarrier(line) { pending[barriers[0]]?.reply.lines.append(line) }
        process(line, now: now)
    }

    private mutating func handleBatch(_ line: ServerLine, now: Timestamp) {
        guard let first = line.parameter(0), first.utf8.count > 1 else { return }
        let reference = String(first.dropFirst())
        if first.hasPrefix("+") {
            guard batches.count < ClientLimits.openBatchLimit else {
                return end(.protocolViolation("more than \(ClientLimits.openBatchLimit) open batches"))
            }
            let parent = line.tags["batch"].flatMap { batches[$0] == nil ? nil : $0 }
            batches[reference] = OpenBatch(
                type: line.parameter(1) ?? "", parameters: Array(line.parameters.dropFirst(2)), opening: line,
                parent: parent)
            return
        }
        guard first.hasPrefix("-"), let batch = batches.removeValue(forKey: reference) else { return }
        if batches.isEmpty { batchedLineCount = 0 }
        if let parent = batch.parent, batches[parent] != nil {
            batches[parent]?.items.append(.batch(batch))
        } else if let label = batch.opening.tags["label"], pending[label] != nil {
            let isPlain = batch.type == "labeled-response"
            complete(label, items: isPlain ? batch.items : [.batch(batch)], now: now)
        } else {
            apply(batch, barrier: barriers.first, now: now)
        }
    }

    /// A finished batch outside a labelled answer.
    private mutating func apply(_ batch: OpenBatch, barrier: String?, now: Timestamp) {
        var reply = Reply()
        collect([.batch(batch)], into: &reply, now: now)
        if let barrier, isAnswer(batch) {
            pending[barrier]?.reply.lines += reply.lines
            pending[barrier]?.reply.messages += reply.messages
            if reply.isLastPage { pending[barrier]?.reply.isLastPage = true }
        }
    }

    private func isAnswer(_ batch: OpenBatch) -> Bool {
        switch batch.type {
        case "chathistory", "draft/chathistory-targets", "labeled-response", "search",
            Vendor.name + "/threads":
            true
        case "draft/multiline": batch.opening.sourceNickname.map(isOwnNickname) ?? false
        default: false
        }
    }

    private mutating func complete(_ label: String, items: [BatchItem], now: Timestamp) {
        guard var request = pending[label] else { return }
        collect(items, into: &request.reply, now: now)
        // `process` may have ended the session; the request is answered all the same.
        pending[label] = nil
        outputs.append(.completed(request.id, request.reply))
    }

    /// Applies the items in order, and keeps their lines and messages.
    private mutating func collect(_ items: [BatchItem], into reply: inout Reply, now: Timestamp) {
        for item in items {
            switch item {
            case .line(let line):
                if line.verb != "ACK" { reply.lines.append(line) }
                if let message = message(from: line, isHistory: false, now: now) {
                    reply.messages.append(message)
                }
                process(line, now: now, isAnswer: true)
            case .batch(let batch):
                collect(batch, into: &reply, now: now)
            }
        }
    }

    private mutating func collect(_ batch: OpenBatch, into reply: inout Reply, now: Timestamp) {
        switch batch.type {
        case "chathistory", "search":
            if ClientSession.pageEndTags.contains(where: { batch.opening.tags[$0] != nil }) {
                reply.isLastPage = true
            }
            collectHistory(batch.items, into: &reply, now: now)
        case "draft/multiline":
            guard let message = multilineMessage(from: batch, isHistory: false, now: now) else { return }
            reply.messages.append(message)
            emit(.message(message))
        case Vendor.name + "/threads":
            if ClientSession.pageEndTags.contains(where: { batch.opening.tags[$0] != nil }) {
                reply.isLastPage = true
            }
            collect(batch.items, into: &reply, now: now)
        default:
            collect(batch.items, into: &reply, now: now)
        }
    }

    /// Tags by which a batch's opening line says that nothing follows.
    static let pageEndTags = [
        "draft/chathistory-end", Vendor.name + "/threads-end", Vendor.name + "/search-end",
    ]

    /// What was said before changes nothing now: lines of a history batch are kept, not applied.
    private func collectHistory(_ items: [BatchItem], into reply: inout Reply, now: Timestamp) {
        for item in items {
            switch item {
            case .line(let line):
                reply.lines.append(line)
                if let message = message(from: line, isHistory: true, now: now) {
                    reply.messages.append(message)
                }
            case .batch(let inner) where inner.type == "draft/multiline":
                if let message = multilineMessage(from: inner, isHistory: true, now: now) {
                    reply.messages.append(message)
                }
            case .batch(let inner):
                collectHistory(inner.items, into: &reply, now: now)
            }
        }
    }

    /// Where the server has no labels: whether this line belongs to the oldest request under way.
    private func collectForBarrier(_ line: ServerLine) -> Bool {
        guard !barriers.isEmpty, pending[barriers[0]] != nil else { return false }
        if line.numeric != nil { return true }
        switch line.verb {
        case "FAIL", "WARN", "NOTE", "THREAD", "MARKREAD", "MODLOG", "MODNOTE", "REPORT": return true
        case "PRIVMSG", "NOTICE", "TAGMSG", "JOIN", "PART", "TOPIC", "MODE", "REDACT", "INVITE", "KICK",
            "NICK", "MODACT":
            return line.sourceNickname.map(isOwnNickname) ?? false
        default: return false
        }
    }

    mutating func handlePong(_ line: ServerLine, now: Timestamp) {
        guard let token = line.parameters.last, let position = barriers.firstIndex(of: token),
            var request = pending.removeValue(forKey: token)
        else { return }
        barriers.remove(at: position)
        for collected in request.reply.lines {
            if let message = message(from: collected, isHistory: false, now: now) {
                request.reply.messages.append(message)
            }
        }
        outputs.append(.completed(request.id, request.reply))
    }

    // MARK: Requests

    mutating func takeRequestID() -> RequestID {
        defer { nextRequestNumber &+= 1 }
        return RequestID(number: nextRequestNumber)
    }

    /// Registers a request and lets `body` send its lines with the label, if the server has labels.
    mutating func beginRequest(_ body: (inout ClientSession, String?) -> Void) -> RequestID {
        let id = takeRequestID()
        if capabilities.contains("labeled-response") {
            let label = "r\(id.number)"
            pending[label] = PendingRequest(id: id, endsWithPong: false)
            body(&self, label)
        } else {
            let token = "plenary-\(id.number)"
            pending[token] = PendingRequest(id: id, endsWithPong: true)
            barriers.append(token)
            body(&self, nil)
            write("PING", [token])
        }
        return id
    }

    func labelled(_ tags: [String: String], _ label: String?) -> [String: String] {
        guard let label else { return tags }
        var tags = tags
        tags["label"] = label
        return tags
    }
}
