// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import PlenaryDomain
import PlenaryServer
import PlenaryTerms

/// Takes messages, or all of an account, out of every file of the server.
struct EraseCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "erase", abstract: "Take messages or an account out of the log for good.",
        discussion: """
            Needs a running server. Text, author, tags and mentions go; number, time and place remain. It cannot be
            taken back. Backups made before keep the bytes, and a restore from them leaves them out.
            """)

    @OptionGroup var file: ConfigurationOption
    @Option(help: "A message's id; may be repeated.")
    var message: [String] = []
    @Option(help: "An account: all its messages, its name, its keys.")
    var account: String?
    @Option(help: "A code that stays in the log, such as personal-data; no names in it.")
    var reason = "operator"
    @Flag(help: "Say what it would come to, and do nothing.")
    var dryRun = false
    @Flag(help: "Do not ask.")
    var yes = false
    @Flag(help: "One JSON object for each request.")
    var json = false

    /// Message ids of one request, so that its line stays below the socket's limit.
    private static let messagesOfRequest = 128
    /// Milliseconds between questions whether it is done.
    private static let pollMilliseconds: UInt32 = 200

    func run() throws {
        try reporting {
            guard !message.isEmpty || account != nil else {
                throw Failure(ExitCodes.usage, "say what: --message ID or --account NAME")
            }
            guard !reason.isEmpty, reason.utf8.count <= 64, reason.utf8.allSatisfy({ $0 > 32 && $0 < 127 })
            else {
                throw Failure(ExitCodes.badInput, "\"\(reason)\" is no code: at most 64 letters, no spaces")
            }
            let client = AdminClient(server: try file.load().server)
            let planned = try orders(isDryRun: true).flatMap { try client.send(.erase($0), onlineOnly: true) }
            let messages = planned.compactMap { $0["messages"].flatMap { Int($0) } }.reduce(0, +)
            let segments = planned.compactMap { $0["segments"].flatMap { Int($0) } }.max() ?? 0
            if dryRun {
                printRows(planned, type: "erasure", json: json, isTerminal: Terminal.isOutputTerminal)
                standardError("\(messages) messages in \(segments) segments would be erased.")
                return
            }
            if !yes { try confirm(messages) }
            let rows = try orders(isDryRun: false).flatMap { try client.send(.erase($0), onlineOnly: true) }
            printRows(rows, type: "erasure", json: json, isTerminal: Terminal.isOutputTerminal)
            standardError("Hidden. Being taken out of the files …")
            try wait(for: Set(rows.compactMap { $0["request"] }), client)
            standardError("Erased: \(messages) messages are in no file of the server.")
        }
    }

    private func orders(isDryRun: Bool) -> [ErasureOrder] {
        var orders: [ErasureOrder] = []
        var rest = message[...]
        repeat {
            let part = rest.prefix(EraseCommand.messagesOfRequest)
            rest = rest.dropFirst(part.count)
            orders.append(
                ErasureOrder(
                    messages: part.map { Text($0) },
                    account: orders.isEmpty ? account.map { Text($0) } : nil, reason: Text(reason),
                    isDryRun: isDryRun))
        } while !rest.isEmpty
        return orders
    }

    /// What is gone is gone: somebody has to type it.
    private func confirm(_ count: Int) throws {
        guard isatty(STDIN_FILENO) == 1 else {
            throw Failure(ExitCodes.usage, "there is no terminal to confirm it on; use --yes")
        }
        let what = account.map { "account \($0) and \(count) messages" } ?? "\(count) messages"
        standardError("This erases \(what) for good. Type erase to go on: ")
        guard readLine() == "erase" else { throw Failure(ExitCodes.refused, "nothing was erased") }
    }

    private func wait(for requests: Set<String>, _ client: AdminClient) throws {
        while true {
            let open = try client.send(.erasureList, onlineOnly: true).compactMap { $0["request"] }
            if requests.isDisjoint(with: open) { return }
            usleep(EraseCommand.pollMilliseconds * 1_000)
        }
    }
}
