// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import PlenaryDomain
import PlenaryLog
import PlenaryTerms

/// Looking at the log and saving what is readable of a damaged one; never changes it in place.
struct LogCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "log", abstract: "Verify, dump, search and salvage the append-only log.",
        subcommands: [VerifyLog.self, DumpLog.self, SalvageLog.self, GrepBytes.self])

    struct VerifyLog: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "verify", abstract: "Read every byte and say whether it is what was written.",
            discussion:
                "Exit codes: 0 clean, 1 interrupted last write only, 2 damage, 3 unknown version, 4 I/O.")

        @Argument(help: "The data directory.")
        var directory: String
        @Flag(help: "One JSON object a line.")
        var json = false

        func run() throws {
            let report = verify(directory: directory)
            for line in report.lines {
                print(json ? jsonObject([("type", "file"), ("text", line)]) : line)
            }
            let words = "\(report.outcome)"
            if json {
                print(
                    jsonObject([
                        ("type", "summary"), ("outcome", words), ("next", String(report.nextNumber)),
                        ("code", Int(report.exitCode)),
                    ]))
            } else {
                standardError("\(directory): \(words); \(report.nextNumber) events")
            }
            if report.exitCode != 0 { throw ExitCode(report.exitCode) }
        }
    }

    struct DumpLog: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "dump", abstract: "Print every event, one a line: offset, time, event.")

        @Argument(help: "The data directory.")
        var directory: String
        @Option(help: "Begin at this offset.")
        var from: UInt64 = 0
        @Flag(help: "Leave out what people wrote.")
        var noText = false

        func run() throws {
            try reporting {
                do {
                    try dump(directory: directory) { logged in
                        guard logged.offset.value >= from else { return }
                        let text =
                            noText ? EventText.name(of: logged.event) : EventText.describe(logged.event)
                        print("\(logged.offset.value)\t\(logged.time.iso8601)\t\(text)")
                    }
                } catch let error as LogError {
                    throw Failure(error.exitCode, error.description)
                }
            }
        }
    }

    struct SalvageLog: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "salvage", abstract: "Write what is readable of a damaged log into a new directory.")

        @Argument(help: "The damaged data directory; it is only read.")
        var directory: String
        @Argument(help: "The new one; it must not exist.")
        var newDirectory: String

        func run() throws {
            try reporting {
                do throws(LogError) {
                    let report = try salvage(from: directory, to: newDirectory)
                    standardError("\(report.keptEventCount) events kept in \(newDirectory).")
                    for lost in report.lostNumbers {
                        print("lost\t\(lost.lowerBound)\t\(lost.upperBound - 1)")
                    }
                } catch {
                    throw Failure(error.exitCode, error.description)
                }
            }
        }
    }
}

extension LogCommand {
    /// The proof of an erasure: exact bytes in any file whatever.
    struct GrepBytes: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "grep-bytes", abstract: "Search every file of a data directory for exact bytes.",
            discussion: """
                Prints file and position of each. Works beside a server. Exit codes: 0 none found, 1 found, 74 when a
                file could not be read. Arguments can be seen by other users of the machine; --stdin's lines cannot.
                """)

        @Argument(help: "The data directory.")
        var directory: String
        @Argument(help: "What to search for.")
        var patterns: [String] = []
        @Flag(help: "Take one pattern from each line of standard input.")
        var stdin = false

        func run() throws {
            try reporting {
                var wanted = patterns.map { Array($0.utf8) }
                if stdin { while let line = readLine() { wanted.append(Array(line.utf8)) } }
                wanted.removeAll { $0.isEmpty }
                guard !wanted.isEmpty else {
                    throw Failure(ExitCodes.usage, "say what to search for, or give lines with --stdin")
                }
                let search = ByteSearch(directory: directory, patterns: wanted)
                for found in search.findings { print("\(found.path)\t\(found.position)") }
                standardError("\(search.findings.count) found in \(search.fileCount) files.")
                guard search.unreadable.isEmpty else {
                    throw Failure(
                        ExitCodes.inputOutput, "cannot read \(search.unreadable.joined(separator: ", "))")
                }
                if !search.findings.isEmpty { throw ExitCode(1) }
            }
        }
    }
}

/// An event in one line for people. Control characters of texts are shown as `?`.
enum EventText {
    /// The event's name, e.g. `messagePosted`.
    static func name(of event: Event) -> String {
        String("\(event)".prefix { $0 != "(" })
    }

    /// Without hashes and keys, which help nobody who may see them.
    private static func describe(_ event: AccountEvent) -> String {
        switch event {
        case .roleSet(let event):
            "accountRoleSet account=\(event.account.value) \(event.role.word) by=\(event.actor?.source ?? "*")"
        case .resumeTokenIssued(let event):
            "resumeTokenIssued account=\(event.account.value) until \(event.expires.iso8601)"
        case .resumeTokenRevoked(let event): "resumeTokenRevoked account=\(event.account.value)"
        case .scramVerifierSet(let event): "scramVerifierSet account=\(event.account.value)"
        case .resetCodeSet(let event):
            "resetCode\(event.code == nil ? "Used" : "Set") account=\(event.account.value)"
        }
    }

    private static func describe(_ event: MeetingEvent) -> String {
        let place = "channel=\(event.channel.value)"
        let by = "by=\(event.actor?.source.string ?? "*")"
        switch event {
        case .scheduled(let event):
            let (start, end) = (event.schedule.start.iso8601, event.schedule.end.iso8601)
            return "meetingScheduled \(place) \(start) \(end) \(event.schedule.zone) \(by)"
        case .acted(let event):
            let until = event.until.map { " until=\($0.iso8601)" } ?? ""
            return "meetingActed \(place) \(event.kind.word) since=\(event.time.iso8601)\(until) \(by)"
        case .agendaItemSet(let event): return "agendaItemSet \(place) \(event.item.number) \(by)"
        case .documentSet(let event):
            return "documentSet \(place) \(event.document.symbol) removed=\(event.isRemoved) \(by)"
        case .attended(let event):
            let accounts = event.accounts.map { String($0.value) }.joined(separator: ",")
            return "meetingAttended \(place) accounts=[\(accounts)]"
        case .remembered(let event): return "meetingRemembered \(place) \(event.noted.word)"
        case .cancelled: return "meetingCancelled \(place) \(by)"
        case .attributionSet(let event): return "attributionSet \(place) \(event.policy.word) \(by)"
        case .labelGiven(let event): return "labelGiven \(place) \(event.number)"
        case .labelTokens(let event): return "labelTokens \(place) \(event.tokens.count)"
        }
    }

    static func describe(_ event: Event) -> String {
        let text: String
        switch event {
        case .messagePosted(let message):
            let lines = message.lines.map(\.text.string).joined(separator: " / ")
            let of = message.translation.map { " translates=\($0.original.value) \($0.language)" } ?? ""
            let by = message.relay.map { " by=\($0.nickname)" } ?? ""
            text =
                "messagePosted \(message.actor.source)\(by)\(of) \(message.kind) \(message.target): "
                + lines
        case .credentialSet(let event): text = "credentialSet account=\(event.account.value)"
        case .inviteCreated(let event): text = "inviteCreated \(event.handle)"
        case .inviteRedeemed(let event): text = "inviteRedeemed account=\(event.account.value)"
        case .inviteRevoked: text = "inviteRevoked"
        case .topicSet(let event):
            text = "topicSet \(event.channelName) \(event.actor.source): \(event.topic)"
        case .accountCreated(let event): text = "accountCreated \(event.name) \(event.role.word)"
        case .channelCreated(let event): text = "channelCreated \(event.name) id=\(event.channel.value)"
        case .people(let event): text = "people \(event)"
        case .account(let event): text = describe(event)
        case .ledgerPage(let event):
            text = "ledgerPage channel=\(event.channel.value) \(event.bytes.count) bytes"
        case .erasure(.requested(let event)):
            let accounts = event.plan.accounts.map { String($0.value) }.sorted().joined(separator: ",")
            text =
                "erasureRequested \(event.reason) \(event.plan.messages.count) messages, accounts [\(accounts)]"
        case .erasure(.done(let event)): text = "erasureDone request=\(event.request.value)"
        case .retention(.forgetProposed(let event)):
            text = "forgetProposed account=\(event.account.value) by=\(event.actor.value) \(event.reason)"
        case .retention(.forgetSettled(let account)): text = "forgetSettled account=\(account.value)"
        case .retention(.holdSet(let event)):
            text = "holdSet \(event.place) \(event.isHeld ? "on" : "off") \(event.reason)"
        case .retention(.retentionSet(let event)):
            text =
                "retentionSet channel=\(event.channel.value) days=\(event.days.map { String($0) } ?? "forever")"
        case .erasure(.messageErased(let event)): text = "messageErased \(event.conversation)"
        case .channelDissolved, .memberRoleSet, .memberKicked, .modesChanged, .certificateAdded,
            .certificateRemoved, .accountStateSet, .tokensRemembered, .threadCreated, .threadChanged,
            .messagesMoved, .threadPolicySet, .threadLevelSet, .threadCueSet, .markerSet, .messageRedacted,
            .moderation, .floor,
            .relaying, .languages,
            .outcomes, .practices, .questionnaires:
            text = "\(event)"
        case .meeting(let event): text = describe(event)
        }
        return harmless(text)
    }
}
