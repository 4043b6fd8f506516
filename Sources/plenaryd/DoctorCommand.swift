// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import PlenaryConfiguration
import PlenaryCrypto
import PlenaryLog
import PlenaryServer

/// Looks at everything a server depends on: its configuration and this machine.
struct DoctorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Check configuration and machine: each line ok, or what is wrong and what to do.",
        discussion: """
            May run beside a server, best as its user: sudo -u plenary plenaryd doctor
            Exit codes: 0 all well or warnings only, 2 problems.
            """)

    @OptionGroup var file: ConfigurationOption
    @Flag(help: "One JSON object a line.")
    var json = false

    func run() throws {
        let path = file.resolvedPath
        let loaded = loadConfiguration(at: path)
        let server = loaded.server
        var findings = loaded.findings
        if findings.errorCount == 0 {
            let checks = EnvironmentChecks(
                loaded.read, file: path, now: Int64(Date().timeIntervalSince1970),
                untrustedFileSystem: { _ in nil })
            checks.checkCertificates(&findings)
            checks.checkStorage(&findings)
            if AdminClient.serverProcess(in: server.dataDirectory) == nil { checks.checkPorts(&findings) }
        }
        var results = [configuration(findings, path)]
        // With errors in the file, its values are the defaults' and not what was meant.
        if loaded.findings.errorCount == 0 {
            results += HostChecks(server, facts(server)).results
        }
        results.append(self.server(server))
        for result in results { show(result) }
        if results.contains(where: { $0.state == .problem }) { throw ExitCode(2) }
    }

    private func configuration(_ findings: FindingList, _ path: String) -> HostCheck {
        for finding in findings.sorted { standardError(finding.description) }
        let detail = "\(findings.errorCount) errors, \(findings.warningCount) warnings in \(path)"
        if findings.errorCount > 0 {
            return HostCheck("settings", .problem, detail, "They are named above with file, line and column.")
        }
        return HostCheck("settings", findings.warningCount > 0 ? .warning : .ok, detail)
    }

    private func server(_ configuration: ServerConfiguration) -> HostCheck {
        AdminClient.serverProcess(in: configuration.dataDirectory).map {
            HostCheck("server", .ok, "it runs (pid \($0))")
        } ?? HostCheck("server", .warning, "it does not run", "Start it: systemctl start plenaryd")
    }

    // MARK: This machine

    private func facts(_ configuration: ServerConfiguration) -> HostFacts {
        var limit = rlimit()
        let isKnown = getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0
        var facts = HostFacts(
            now: Int64(Date().timeIntervalSince1970), descriptorLimit: isKnown ? UInt64(limit.rlim_max) : 0,
            openSSL: (CryptoLibrary.name, CryptoLibrary.majorVersion), isSuperuser: geteuid() == 0)
        facts.isClockSynchronised = isClockSynchronised()
        if let disk = try? RealFiles().facts(ofFileSystemAt: configuration.dataDirectory) {
            facts.unsuitableFileSystem = disk.unsuitableKind
            facts.freeByteCount = disk.freeByteCount
            facts.totalByteCount = disk.totalByteCount
        }
        if let path = configuration.certificateFile,
            case .success(let pem) = readWhole(path, byteLimit: 1 << 20)
        {
            facts.certificateEnd = try? Certificate.notAfter(ofPEM: pem)
        }
        return facts
    }

    /// As systemd has it from the kernel; nil where it does not tell.
    private func isClockSynchronised() -> Bool? {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["timedatectl", "show", "--property=NTPSynchronized", "--value"]
        let answer = Pipe()
        process.standardOutput = answer
        process.standardError = FileHandle.nullDevice
        process.standardInput = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return nil }
        let bytes = answer.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        switch String(decoding: bytes, as: UTF8.self).filter({ !$0.isWhitespace }) {
        case "yes": return true
        case "no": return false
        default: return nil
        }
    }

    private func show(_ result: HostCheck) {
        guard !json else {
            return print(
                jsonObject([
                    ("type", "check"), ("name", result.name), ("state", result.state.rawValue),
                    ("detail", result.detail), ("advice", result.advice),
                ]))
        }
        func padded(_ text: String, _ width: Int) -> String {
            text + String(repeating: " ", count: max(width - text.count, 0))
        }
        print("\(padded(result.name, 12)) \(padded(result.state.rawValue, 8)) \(result.detail)")
        if !result.advice.isEmpty { print(padded("", 22) + result.advice) }
    }
}
