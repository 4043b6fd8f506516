// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import PlenaryLog
import PlenaryServer

/// Copies the log while the server runs.
struct BackupCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup", abstract: "Copy the log into a directory, new or of an earlier backup.",
        discussion: """
            Beside a running server, which does not wait. What the directory has already is not copied again. The list
            of erasures in it is brought up to date, so that nothing erased comes back with a restore.
            """)

    @OptionGroup var file: ConfigurationOption
    @Argument(help: "The backup's directory.")
    var directory: String
    @Flag(help: "Only check the backup that is there.")
    var verify = false
    @Flag(help: "One JSON object.")
    var json = false

    func run() throws {
        try reporting {
            if verify { return try check() }
            let server = try file.load().server
            let point = try BackupCommand.point(server)
            let report: BackupReport
            do throws(LogError) {
                report = try Backup.make(of: server.dataDirectory, in: directory, at: point)
            } catch {
                throw Failure(error.exitCode, error.description)
            }
            if json {
                print(
                    jsonObject([
                        ("type", "backup"), ("directory", directory), ("next", String(report.nextNumber)),
                        ("segments", report.segmentCount), ("copied", report.copiedSegmentCount),
                        ("bytes", report.copiedByteCount), ("erasures", report.erasureCount),
                    ]))
            }
            standardError(
                "\(directory): events below \(report.nextNumber), \(report.segmentCount) segments, "
                    + "\(report.copiedSegmentCount) of them new; \(report.erasureCount) erasures listed.")
            for path in report.keyPaths { standardError("\(path) is a secret: keep it apart from the rest.") }
        }
    }

    /// What the running server says is durable; nil when none runs.
    private static func point(_ server: ServerConfiguration) throws -> BackupPoint? {
        guard AdminClient.serverProcess(in: server.dataDirectory) != nil else { return nil }
        let rows = try AdminClient(server: server).send(.backupPoint, onlineOnly: true)
        guard let row = rows.first, let next = row["next"].flatMap({ UInt64($0) }),
            let open = row["open"].flatMap({ UInt64($0) }), let byteCount = row["bytes"].flatMap({ Int($0) })
        else { throw Failure(ExitCodes.noServer, "the server does not say how far its log is durable") }
        return BackupPoint(nextNumber: next, openSegment: open, openByteCount: byteCount)
    }

    private func check() throws {
        let report = verifyBackup(directory: directory)
        for line in report.lines { print(json ? jsonObject([("type", "file"), ("text", line)]) : line) }
        standardError("\(directory): \(report.outcome); events below \(report.nextNumber)")
        if report.exitCode != 0 { throw ExitCode(report.exitCode) }
    }
}

/// Makes a data directory of a backup.
struct RestoreCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore", abstract: "Make a data directory of a backup, without what was erased since.",
        discussion: "The new directory appears whole or not at all. Then: plenaryd run.")

    @Argument(help: "The backup's directory; it is only read.")
    var backup: String
    @Argument(help: "The data directory to be; it must be empty or not exist.")
    var directory: String
    @Option(
        help:
            "A newer list of erasures: a file, or the data directory that is being replaced. May be repeated."
    )
    var erasures: [String] = []
    @Flag(help: "Check the backup and say what would be erased; write nothing.")
    var dryRun = false
    @Flag(help: "One JSON object.")
    var json = false

    func run() throws {
        try reporting {
            let report: RestoreReport
            do throws(LogError) {
                var lists: [ErasureList] = []
                for path in erasures { lists.append(try ErasureList.load(from: path)) }
                report = try Restore.make(from: backup, to: directory, erasures: lists, isDryRun: dryRun)
            } catch {
                throw Failure(error.exitCode, error.description)
            }
            if json {
                print(
                    jsonObject([
                        ("type", "restore"), ("directory", directory), ("dry_run", dryRun),
                        ("next", String(report.nextNumber)), ("requests", report.requestCount),
                        ("erased_records", report.erased.recordCount),
                        ("rewritten_segments", report.erased.segmentCount),
                    ]))
            }
            let verb = dryRun ? "would be restored" : "restored"
            standardError(
                "Events below \(report.nextNumber) \(verb) to \(directory); \(report.requestCount) erasures known, "
                    + "\(report.erased.recordCount) records of \(report.erased.segmentCount) segments erased."
            )
        }
    }
}
