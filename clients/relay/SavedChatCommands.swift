// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import PlenaryRelay

/// `plenary-relay zoom-file`.
package struct ZoomFileCommand: RelayVerb {
    package static let configuration = CommandConfiguration(
        commandName: "zoom-file", abstract: "Bring a saved chat file into a channel.",
        discussion: """
            What the channel has already is left out: a longer version of a file adds its new end only.

            Examples:
              plenary-relay zoom-file meeting_saved_chat.txt session-am --date 2023-06-23 --tz Europe/Zurich
              plenary-relay zoom-file recording.txt session-am --start 2023-06-23T08:00:00Z
            """)

    @OptionGroup package var options: RelayOptions
    @OptionGroup package var file: SavedChatOptions
    @Flag(name: .customLong("dry-run"), help: "Say what would be brought, and bring nothing.")
    package var isDryRun = false

    /// For the argument library.
    package init() {}

    package func perform() async throws(Failure) -> ExitCode {
        let station = try Station(options)
        let saved = try await SavedChatImport.open(file, station)
        Output.say(saved.summary)
        let result = try await saved.compare()
        Output.say("\(result.matched.count) are in \(saved.channel) already")
        let code = isDryRun ? ExitCode.done : await SavedChatReport.post(result.missing, saved)
        if isDryRun { Output.print("\(result.missing.count) would be added") }
        await saved.close()
        return code
    }
}

/// `plenary-relay reconcile`.
package struct ReconcileCommand: RelayVerb {
    package static let configuration = CommandConfiguration(
        commandName: "reconcile", abstract: "Compare a saved chat file with a channel.",
        discussion: """
            Ends with 1 when a public message of the file is not in the channel.

            Examples:
              plenary-relay reconcile meeting_saved_chat.txt session-am --date 2023-06-23 --tz Europe/Zurich
              plenary-relay reconcile chat.txt session-am --date 2023-06-23 --tz UTC --import-missing
            """)

    @OptionGroup package var options: RelayOptions
    @OptionGroup package var file: SavedChatOptions
    @Flag(name: .customLong("import-missing"), help: "Bring what is missing into the channel.")
    package var importsMissing = false

    /// For the argument library.
    package init() {}

    package func perform() async throws(Failure) -> ExitCode {
        let station = try Station(options)
        let saved = try await SavedChatImport.open(file, station)
        Output.say(saved.summary)
        let result = try await saved.compare()
        for line in SavedChatReport.lines(result, saved.messages) { Output.print(line) }
        var code = result.missing.isEmpty ? ExitCode.done : .nothing
        if importsMissing, !result.missing.isEmpty {
            code = await SavedChatReport.post(result.missing, saved)
        }
        await saved.close()
        return code
    }
}

/// What is told of a comparison.
package enum SavedChatReport {
    /// The result, and each message that is missing by its time and sender; never its text.
    package static func lines(_ result: Reconciliation, _ messages: [RelayMessage]) -> [String] {
        var lines = [
            "\(result.matched.count) of \(messages.count) matched; \(result.missing.count) missing; "
                + "\(result.onlyHere.count) only here"
        ]
        if result.removedCount > 0 {
            lines.append("\(result.removedCount) of them were delivered and are not shown any more")
        }
        for place in result.missing where place < messages.count {
            let message = messages[place]
            let time = message.originTime?.iso8601 ?? ""
            lines.append("missing: \(time) \(PlainLine.shown(message.sender))")
        }
        for found in result.onlyHere {
            lines.append("only here: \(found.time.iso8601) \(PlainLine.shown(found.nickname)) \(found.id)")
        }
        return lines
    }

    /// Posts what is missing, and tells how it went.
    static func post(_ places: [Int], _ saved: SavedChatImport) async -> ExitCode {
        let outcomes = await saved.post(places)
        var addedCount = 0
        var isRefused = false
        for (index, outcome) in outcomes.enumerated() {
            switch outcome {
            case .stored, .duplicate: addedCount += 1
            case .refused(let code, let reason):
                isRefused = true
                Output.say(
                    "message \(places[index] + 1) was refused: \(PlainLine.shown("\(code): \(reason)"))")
            case .unavailable(let reason):
                Output.say("message \(places[index] + 1) is not confirmed: \(PlainLine.shown(reason))")
            }
        }
        Output.print("\(addedCount) of \(places.count) added")
        if addedCount == places.count { return .done }
        return isRefused ? .notAllowed : .unavailable
    }
}
