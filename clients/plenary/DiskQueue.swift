// SPDX-License-Identifier: Apache-2.0

import PlenaryClient
import Synchronization

/// Outgoing messages on disk, each safe there before it goes to the socket.
///
/// Format of the file, one entry a line, UTF-8, fields separated by tabs:
///
///     +  token  time  kind  target  reply-to  text                 a message was queued
///     +  (the same seven)  mark  language  references  [on behalf]   the same, with its marks
///     -  token                                                    it was confirmed or given up
///
/// `time` is RFC 3339; `reply-to` and each mark may be empty; references are separated by commas; `\`, tab,
/// CR and LF in a field are written `\\`, `\t`, `\r`, `\n`. An unfinished or unreadable last line, as a power
/// cut leaves it, is ignored; another one is an error. Entries are only appended; when nothing waits, the
/// file is removed.
package final class DiskQueue: OutgoingQueue {
    private let path: String
    private let waiting = Mutex<Set<String>>([])

    /// The queue in this file, which need not exist.
    package init(path: String) { self.path = path }

    /// Everything that waits, in the order it was queued. A torn last line is cut off.
    package func load() throws -> [OutgoingMessage] {
        let messages = try locked { () throws(FileError) in
            guard let bytes = try FileAccess.readPrivate(path) else { return [OutgoingMessage]() }
            let messages = try DiskQueue.parse(bytes, path: path)
            if bytes.last != 10 { try FileAccess.writePrivate(messages.flatMap(DiskQueue.line), to: path) }
            return messages
        }
        waiting.withLock { $0 = Set(messages.map(\.token)) }
        return messages
    }

    /// Appends a message and syncs it. A token that waits already is not written again.
    package func store(_ message: OutgoingMessage) throws {
        let isNew = waiting.withLock { $0.insert(message.token).inserted }
        guard isNew else { return }
        do {
            try locked { () throws(FileError) in
                try FileAccess.appendPrivate(DiskQueue.line(message), to: path)
            }
        } catch {
            waiting.withLock { _ = $0.remove(message.token) }
            throw error
        }
    }

    /// Notes that a message is settled; removes the file when nothing waits any more, of any process.
    package func remove(token: String) throws {
        guard waiting.withLock({ $0.remove(token) != nil }) else { return }
        try locked { () throws(FileError) in
            guard let bytes = try FileAccess.readPrivate(path) else { return }
            let rest = try DiskQueue.parse(bytes, path: path).filter { $0.token != token }
            if rest.isEmpty {
                try FileAccess.remove(path)
            } else {
                try FileAccess.appendPrivate(Array("-\t\(LineEscape.escaped(token))\n".utf8), to: path)
            }
        }
    }

    /// Several processes may share one queue: each change is made under a lock of its own file.
    private func locked<Value>(_ body: () throws(FileError) -> Value) throws(FileError) -> Value {
        let lock = try FileAccess.lock(path + ".lock")
        defer { FileAccess.unlock(lock) }
        return try body()
    }

    static func line(_ message: OutgoingMessage) -> [UInt8] {
        var fields = [
            "+", message.token, message.queuedAt.iso8601, message.kind.rawValue, message.target,
            message.replyTo ?? "", message.text,
        ]
        if !message.marks.isEmpty {
            fields += [
                message.marks.kind?.rawValue ?? "", message.marks.language ?? "",
                message.marks.references.joined(separator: ","),
            ]
            if let onBehalf = message.marks.onBehalf { fields.append(onBehalf) }
        }
        return Array((fields.map(LineEscape.escaped).joined(separator: "\t") + "\n").utf8)
    }

    static func parse(_ bytes: [UInt8], path: String) throws(FileError) -> [OutgoingMessage] {
        var messages: [OutgoingMessage] = []
        var lines = bytes.split(separator: 10, omittingEmptySubsequences: false)
        // What stands behind the last line break was never finished.
        lines.removeLast()
        for (index, line) in lines.enumerated() {
            let fields = String(decoding: line, as: UTF8.self)
                .split(separator: "\t", omittingEmptySubsequences: false).map { LineEscape.plain(String($0)) }
            if fields.count == 2, fields[0] == "-" {
                messages.removeAll { $0.token == fields[1] }
                continue
            }
            guard [7, 10, 11].contains(fields.count), fields[0] == "+",
                let time = Timestamp(iso8601: fields[2].utf8),
                let kind = Message.Kind(rawValue: fields[3])
            else {
                if index == lines.count - 1 { break }
                throw FileError(path: path, reason: "line \(index + 1) is damaged", isMissing: false)
            }
            messages.append(
                OutgoingMessage(
                    token: fields[1], target: fields[4], text: fields[6], kind: kind,
                    replyTo: fields[5].isEmpty ? nil : fields[5],
                    marks: fields.count >= 10 ? marks(fields[7...]) : Marks(), queuedAt: time))
        }
        return messages
    }

    private static func marks(_ fields: ArraySlice<String>) -> Marks {
        let fields = Array(fields)
        return Marks(
            kind: Marks.Kind(rawValue: fields[0]), language: fields[1].isEmpty ? nil : fields[1],
            references: fields[2].split(separator: ",").map(String.init),
            onBehalf: fields.count > 3 ? fields[3] : nil)
    }
}
