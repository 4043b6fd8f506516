// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import PlenaryConfiguration
import PlenaryLog
import PlenaryServer

/// Names every mistake of a configuration; may run beside a server.
struct CheckConfigCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check-config",
        abstract: "Check a configuration: every mistake with its file, line and column.",
        discussion: "Exit codes: 0 no errors, 1 warnings with --strict, 2 errors.")

    @OptionGroup var file: ConfigurationOption
    @Flag(help: "Warnings count: exit 1 when there are any.")
    var strict = false
    @Flag(help: "One JSON object a line, the last one the sum.")
    var json = false
    @Flag(help: "Also try to listen on the ports; for when no server runs.")
    var online = false

    func run() throws {
        let path = file.resolvedPath
        let loaded = loadConfiguration(at: path)
        var findings = loaded.findings
        let checks = EnvironmentChecks(
            loaded.read, file: path, now: Int64(Date().timeIntervalSince1970),
            untrustedFileSystem: { directory in
                (try? RealFiles().facts(ofFileSystemAt: directory))?.unsuitableKind
            })
        // With errors in the file, its paths are the defaults' and not what was meant.
        if loaded.findings.errorCount == 0 {
            checks.checkCertificates(&findings)
            checks.checkStorage(&findings)
            if online { checks.checkPorts(&findings) }
        }
        let running = AdminClient.serverProcess(in: loaded.server.dataDirectory)
        if json { printJSON(findings, running) } else { printText(findings, running) }
        if findings.errorCount > 0 { throw ExitCode(2) }
        if strict, findings.warningCount > 0 { throw ExitCode(1) }
    }

    private func printText(_ findings: FindingList, _ running: Int32?) {
        for finding in findings.sorted { print(finding) }
        if findings.omittedCount > 0 { print("and \(findings.omittedCount) more") }
        func count(_ number: Int, _ word: String) -> String { "\(number) \(word)\(number == 1 ? "" : "s")" }
        var summary = "\(count(findings.errorCount, "error")), \(count(findings.warningCount, "warning"))."
        if let running { summary += " The running server (pid \(running)) keeps its present settings." }
        standardError(summary)
    }

    private func printJSON(_ findings: FindingList, _ running: Int32?) {
        for finding in findings.sorted {
            print(
                jsonObject([
                    ("type", "finding"), ("severity", finding.severity.rawValue), ("file", finding.file),
                    ("line", finding.position.line), ("column", finding.position.column),
                    ("message", finding.message),
                ]))
        }
        print(
            jsonObject([
                ("type", "summary"), ("errors", findings.errorCount), ("warnings", findings.warningCount),
                ("running", running.map { Int($0) }),
            ]))
    }
}
