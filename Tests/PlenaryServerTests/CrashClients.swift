// SPDX-License-Identifier: Apache-2.0

import Dispatch
import PlenaryNet
import PlenaryTestKit

/// One load client: signs in, sends again what has no echo, then new messages, until the server is gone.
struct CrashWriter: Sendable {
    let index: Int
    let journal: CrashJournal
    let clients: LoopbackClients
    /// Only what is unknown is sent, and the client leaves when all of it has its echo.
    let isLast: Bool

    /// Messages on their way at once.
    private static let windowCount = 24

    func run(_ address: NetworkAddress) async throws {
        // Whatever ends a writer, nobody waits for its echoes any longer.
        defer { journal.release() }
        try await write(address)
    }

    private func write(_ address: NetworkAddress) async throws {
        let connection: any TestConnection
        do {
            connection = try await clients.connect(to: address, Arrival())
        } catch {
            // Killed before or while the client came.
            if isLast { throw error }
            return
        }
        connection.send(Array(CrashWriter.greeting("c\(index)").utf8))
        var unsent = journal.unknown(index)[...]
        var onTheWay = 0
        var isReady = false
        var lastLine = ""
        var redactions = ""
        while let lines = await connection.mailbox.takeLines(until: .now() + .seconds(30)) {
            if lines.isEmpty {
                throw VictimError(
                    "c\(index) heard nothing for 30 seconds, ready \(isReady), on the way \(onTheWay), last \(lastLine)"
                )
            }
            lastLine = lines.last ?? lastLine
            for line in lines {
                if line.contains(" 366 ") { isReady = true }
                guard line.contains(":c\(index)!") else { continue }
                if let id = CrashWriter.redactedID(line) {
                    if let fault = journal.redacted(id) { throw VictimError(fault) }
                    continue
                }
                guard line.contains(" PRIVMSG #load :") else { continue }
                let entry = HistoryTranscripts.entry(line)
                if let fault = journal.echo(index, text: entry.text, id: entry.id, time: entry.time) {
                    throw VictimError(fault)
                }
                if !isLast, let id = journal.redaction(of: entry.id, text: entry.text) {
                    redactions += "REDACT #load \(id)\r\n"
                }
                onTheWay -= 1
            }
            guard isReady else { continue }
            var text = redactions
            redactions = ""
            while onTheWay < CrashWriter.windowCount {
                guard let entry = unsent.popFirst() ?? (isLast ? nil : journal.add(index)) else { break }
                text += "@plenary.chat/id=\(entry.token) PRIVMSG #load :\(entry.text)\r\n"
                onTheWay += 1
            }
            if !text.isEmpty { connection.send(Array(text.utf8)) }
            if isLast, onTheWay == 0 { break }
        }
        connection.close()
    }

    /// What `:c0!… REDACT #load <id>` takes back.
    private static func redactedID(_ line: String) -> String? {
        guard let mark = line.firstRange(of: " REDACT #load ") else { return nil }
        return line[mark.upperBound...].split(separator: " ").first.map(String.init)
    }

    /// Signs in with PASS, which TLS allows, and joins.
    static func greeting(_ name: String) -> String {
        "CAP REQ :message-tags server-time echo-message batch draft/chathistory "
            + "draft/message-redaction\r\nPASS :\(name):correct horse\r\n"
            + "NICK \(name)\r\nUSER \(name) 0 * :\(name)\r\nCAP END\r\nJOIN #load\r\n"
    }
}

/// Reads a whole history page by page.
struct CrashReader: Sendable {
    let clients: LoopbackClients

    func wholeHistory(_ address: NetworkAddress) async throws -> [HistoryTranscripts.Entry] {
        let connection = try await clients.connect(to: address, Arrival())
        connection.send(Array(CrashWriter.greeting("c0").utf8))
        connection.send(Array("CHATHISTORY AFTER #load timestamp=2000-01-01T00:00:00Z 100\r\n".utf8))
        var found: [HistoryTranscripts.Entry] = []
        var page: [HistoryTranscripts.Entry] = []
        while let lines = await connection.mailbox.takeLines(until: .now() + .seconds(30)), !lines.isEmpty {
            for line in lines {
                if line.hasPrefix("@batch=") { page.append(HistoryTranscripts.entry(line)) }
                guard line.hasPrefix(":"), line.contains(" BATCH -") else { continue }
                guard let last = page.last else {
                    connection.close()
                    return found
                }
                found += page
                page = []
                connection.send(Array("CHATHISTORY AFTER #load msgid=\(last.id) 100\r\n".utf8))
            }
        }
        throw VictimError("the history ended before it was complete")
    }
}
