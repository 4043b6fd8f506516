// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import PlenaryClient

/// `plenary erase`: out of all files of the server, for good.
package struct EraseCommand: Verb {
    package static let configuration = CommandConfiguration(
        commandName: "erase", abstract: "Take a message, or a person, out of all files of the server.",
        discussion: """
            Examples:
              plenary erase message practices k3x9Qe     one's own message; the secretariat's anybody's
              plenary erase account amina --reason asked   proposes; a second of the secretariat confirms by the same
              plenary erase cancel amina                 takes a proposal back
              plenary erase list                         proposals, and what is not finished yet
            It cannot be undone. To hide words and keep them for the moderators: plenary mod hide
            """)

    @OptionGroup package var global: GlobalOptions
    @Argument(help: "message TARGET ID, account NAME, cancel NAME, or list.") package var words: [String]
    @Option(help: "A code such as personal-data; it stays in the log.") package var reason: String?
    @Flag(help: "Do not ask.") package var yes = false

    /// For the argument library.
    package init() {}

    package func perform(_ surroundings: Surroundings) async throws(Failure) -> ExitCode {
        let workplace = try Workplace(global, surroundings)
        switch (words.first, words.count) {
        case ("message", 3): return try await eraseMessage(workplace)
        case ("account", 2): return try await forget(workplace)
        case ("cancel", 2):
            _ = try await workplace.oneShot("nothing was cancelled", "ERASE", ["CANCEL", person(words[1])])
            workplace.say("\(person(words[1])) is kept.")
            return .done
        case ("list", 1): return try await list(workplace)
        default:
            throw Failure(.usage, "erase takes message TARGET ID, account NAME, cancel NAME or list")
        }
    }

    private func person(_ word: String) -> String { word.hasPrefix("@") ? String(word.dropFirst()) : word }

    private func eraseMessage(_ workplace: Workplace) async throws(Failure) -> ExitCode {
        let target = try Target(words[1])
        let id = words[2]
        try workplace.confirm(
            yes, "nothing was erased", "To erase the message \(id) for good, type erase: ", "erase")
        try await workplace.visit(target, "nothing was erased") { connection async throws(ClientError) in
            try await connection.eraseMessage(id, in: target.wire, reason: reason)
        }
        workplace.say("Shown to nobody any more; the server's files are being rewritten.")
        return .done
    }

    private func forget(_ workplace: Workplace) async throws(Failure) -> ExitCode {
        let account = person(words[1])
        let what = "\(account) is not forgotten"
        try workplace.confirm(yes, what, "To forget \(account) and all messages, type \(account): ", account)
        let connection = try await workplace.connect(what, profile: try workplace.profile())
        let isCarriedOut: Bool
        do throws(ClientError) {
            isCarriedOut = try await connection.forgetAccount(account, reason: reason)
        } catch {
            await connection.close()
            throw Failure(error, doing: what)
        }
        await connection.close()
        workplace.say(
            isCarriedOut
                ? "\(account) is being forgotten."
                : "Proposed. Somebody else of the secretariat confirms within 7 days: plenary erase account \(account)"
        )
        return .done
    }

    private func list(_ workplace: Workplace) async throws(Failure) -> ExitCode {
        let reply = try await workplace.oneShot("no list", "ERASE", ["LIST"])
        var rows: [[String]] = []
        for line in reply.lines {
            if line.isNote("ERASE", "PROPOSAL") {
                rows.append([
                    "proposed", line.parameter(2) ?? "", line.parameter(3) ?? "", line.parameter(4) ?? "",
                ])
            } else if line.isNote("ERASE", "RUNNING") {
                rows.append(["running", line.parameter(2) ?? "", "", line.parameter(3) ?? ""])
            }
        }
        guard global.json else {
            TableText.print(rows, workplace)
            return .done
        }
        for row in rows {
            let record = Records.erasure(
                time: row[3], state: row[0], what: row[1], by: row[2].isEmpty ? nil : row[2])
            workplace.surroundings.print(record.text)
        }
        return .done
    }
}

/// `plenary hold`: what may not be taken away.
package struct HoldCommand: Verb {
    package static let configuration = CommandConfiguration(
        commandName: "hold", abstract: "Keep a channel's or a person's messages from being erased.",
        discussion: """
            Examples:
              plenary hold list
              plenary hold on practices --reason inquiry    a channel; @amina for a person
              plenary hold off practices
            """)

    @OptionGroup package var global: GlobalOptions
    @Argument(help: "list, on TARGET or off TARGET.") package var words: [String] = ["list"]
    @Option(help: "A code such as inquiry; it stays in the log.") package var reason: String?

    /// For the argument library.
    package init() {}

    package func perform(_ surroundings: Surroundings) async throws(Failure) -> ExitCode {
        let workplace = try Workplace(global, surroundings)
        switch (words.first, words.count) {
        case ("on", 2), ("off", 2):
            let target = try Target(words[1])
            let place = target.conversation
            let reply = try await workplace.oneShot(
                "the hold is unchanged", "HOLD", [place, words[0].uppercased()] + (reason.map { [$0] } ?? []))
            workplace.say(reply.lines.last { $0.verb == "NOTE" }?.parameters.last ?? "")
            return .done
        case ("list", 1):
            let reply = try await workplace.oneShot("no list", "HOLD", ["LIST"])
            let rows = reply.lines.filter { $0.isNote("HOLD", "HELD") }.map { line in
                [line.parameter(2) ?? "", line.parameter(3) ?? "", line.parameter(4) ?? ""]
            }
            TableText.print(rows, workplace)
            return .done
        default: throw Failure(.usage, "hold takes list, on TARGET or off TARGET")
        }
    }
}

/// `plenary retain`: how long a channel keeps its messages.
package struct RetainCommand: Verb {
    package static let configuration = CommandConfiguration(
        commandName: "retain", abstract: "Print or set how many days a channel keeps its messages.")

    @OptionGroup package var global: GlobalOptions
    @Argument(help: "The channel.", completion: .channels) package var target: String
    @Argument(help: "Days, or forever; without it, the present value is printed.") package var days: String?
    @Flag(help: "Do not ask.") package var yes = false

    /// For the argument library.
    package init() {}

    package func perform(_ surroundings: Surroundings) async throws(Failure) -> ExitCode {
        let workplace = try Workplace(global, surroundings)
        let target = try Target(target)
        let what = "\(target.shown) keeps its messages as before"
        if let days, days != "forever" {
            try workplace.confirm(
                yes, what,
                "To erase what is older than \(days) days in \(target.shown), type \(target.shown): ",
                target.shown)
        }
        let words = [target.conversation] + (days.map { [$0] } ?? [])
        let reply = try await workplace.visit(target, what) { connection async throws(ClientError) in
            try await connection.request("RETAIN", words)
        }
        if let refusal = reply.refusal { throw Failure(refusal, doing: what) }
        guard let line = reply.lines.first(where: { $0.isNote("RETAIN", "DAYS") }) else {
            throw Failure(.protocolBroken, what, "the server's answer is not understood")
        }
        surroundings.print(line.parameter(3) ?? "")
        return .done
    }
}

/// `plenary mydata`: everything the server's log holds of one's own account.
package struct MyDataCommand: Verb {
    package static let configuration = CommandConfiguration(
        commandName: "mydata", abstract: "Export all records that the server keeps of you.",
        discussion: """
            Examples:
              plenary mydata -o mydata.jsonl
              plenary mydata | jq 'select(.kind == "message")'
            One JSON object a line, oldest first.
            """)

    @OptionGroup package var global: GlobalOptions
    @Option(name: [.short, .long], help: "The file; standard output without it.") package var output: String?

    /// For the argument library.
    package init() {}

    package func perform(_ surroundings: Surroundings) async throws(Failure) -> ExitCode {
        let workplace = try Workplace(global, surroundings)
        let what = "nothing was exported"
        let connection = try await workplace.connect(what, profile: try workplace.profile())
        var bytes: [UInt8] = []
        var count = 0
        do throws(ClientError) {
            var next: String?
            repeat {
                let page = try await connection.ownRecords(from: next)
                for record in page.records { bytes += (Records.ownRecord(record).text + "\n").utf8 }
                count += page.records.count
                next = page.next
            } while next != nil
        } catch {
            await connection.close()
            throw Failure(error, doing: what)
        }
        await connection.close()
        guard let output, output != "-" else {
            surroundings.writeOutput(bytes)
            return .done
        }
        do throws(FileError) { try FileAccess.writePrivate(bytes, to: output) } catch {
            throw Failure(
                error.isMissing ? .cannotCreate : .cannotWrite, what, "\(error)", "The file is as it was.")
        }
        workplace.say("\(LineText.count(count, "record")) written.")
        return .done
    }
}

extension Records {
    /// `erasure`: a proposal, or what is not finished.
    package static func erasure(time: String, state: String, what: String, by: String?) -> JSONValue {
        record(
            "erasure",
            [
                ("time", .string(time)), ("state", .string(state)), ("what", .string(what)),
                ("by", .optional(by)),
            ])
    }

    /// `record`: one record of the server's log, its fields as the server names them.
    package static func ownRecord(_ record: OwnRecord) -> JSONValue {
        self.record(
            "record",
            [
                ("time", .string(record.time.iso8601)), ("id", .string(record.id)),
                ("kind", .string(record.kind)),
                ("fields", .object(record.fields.map { ($0.name, .string($0.value)) })),
            ])
    }
}

extension Workplace {
    /// Connects, asks one thing, closes. Throws the refusal.
    package func oneShot(
        _ what: String, _ verb: String, _ parameters: [String]
    ) async throws(Failure) -> Reply {
        let connection = try await connect(what, profile: try profile())
        do throws(Failure) {
            let reply = try await ask(connection, what, verb, parameters)
            await connection.close()
            return reply
        } catch {
            await connection.close()
            throw error
        }
    }

    /// Has somebody type a word before something goes for good; not with `--yes`.
    package func confirm(
        _ isConfirmed: Bool, _ what: String, _ question: String, _ word: String
    ) throws(Failure) {
        if isConfirmed { return }
        guard canAsk else { throw Failure(.usage, what, "nobody can be asked here", "Add --yes.") }
        guard surroundings.ask(question, false) == word else { throw Failure(.nothing, what) }
    }
}
