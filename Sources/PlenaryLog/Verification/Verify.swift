// SPDX-License-Identifier: Apache-2.0

import Glibc
import PlenaryCrypto

/// What `plenaryd log verify` found: the exit code and one line for each file.
package struct VerifyReport: Hashable, Sendable {
    package enum Outcome: Int32, Hashable, Comparable, Sendable {
        case clean = 0
        /// Only an interrupted last write, which starting the server cuts off.
        case tornTail = 1
        case damaged = 2
        case unknownVersion = 3
        case unreadable = 4

        package static func < (left: Outcome, right: Outcome) -> Bool { left.rawValue < right.rawValue }
    }

    /// The worst of what was found.
    package private(set) var outcome = Outcome.clean
    /// One for each segment, then for MANIFEST and each snapshot.
    package private(set) var lines: [String] = []
    /// The number after the last event found.
    package fileprivate(set) var nextNumber: UInt64 = 0

    package var exitCode: Int32 { outcome.rawValue }

    mutating func note(_ outcome: Outcome, _ line: String) {
        self.outcome = max(self.outcome, outcome)
        lines.append(line)
    }
}

/// Checks a data directory without changing it; it may be in use. Reads every byte of it.
package func verify(directory: String) -> VerifyReport {
    var report = VerifyReport()
    guard let names = namesIn(directory + "/log") else {
        report.note(.unreadable, "\(directory)/log: cannot be read")
        return report
    }
    let segments = names.filter { $0.hasSuffix(".seg") && $0.utf8.count == 24 }.sorted()
    var logID: [UInt8]?
    for (place, name) in segments.enumerated() {
        let path = directory + "/log/" + name
        guard let bytes = contents(path) else {
            report.note(.unreadable, "\(name): cannot be read")
            continue
        }
        let check = bytes.withUnsafeBytes { SegmentCheck($0) }
        let isLast = place == segments.count - 1
        report.note(
            outcome(check.verdict, isLast: isLast), line(name, check, byteCount: bytes.count, isLast: isLast))
        if case .unknownVersion = check.verdict { continue }
        if UInt64(name.dropLast(4)) != check.firstNumber {
            report.note(.damaged, "\(name): its header says that it begins with event \(check.firstNumber)")
        } else if check.firstNumber != report.nextNumber {
            report.note(
                .damaged, "\(name): event \(report.nextNumber) should come first; a segment is missing")
        }
        if let logID, logID != check.logID { report.note(.damaged, "\(name): belongs to another log") }
        logID = logID ?? check.logID
        report.nextNumber = check.nextNumber
    }
    verifyManifest(directory, segments, &report)
    verifySnapshots(directory, &report)
    return report
}

private func outcome(_ verdict: SegmentVerdict, isLast: Bool) -> VerifyReport.Outcome {
    switch verdict {
    case .sealed: .clean
    case .open: isLast ? .clean : .damaged
    case .torn: isLast ? .tornTail : .damaged
    case .damaged: .damaged
    case .unknownVersion: .unknownVersion
    }
}

private func line(_ name: String, _ check: SegmentCheck, byteCount: Int, isLast: Bool) -> String {
    let content = "\(check.eventCount) events, \(byteCount) bytes, generation \(check.generation)"
    return switch check.verdict {
    case .sealed: "\(name): sealed, \(content)"
    case .open where isLast: "\(name): open, \(content)"
    case .open: "\(name): DAMAGED: no seal, but a later segment exists, \(content)"
    case .torn(let position, let torn) where isLast:
        "\(name): torn tail of \(torn) bytes at \(position), never acknowledged, \(content)"
    case .torn(let position, _): "\(name): DAMAGED at byte \(position): no whole record, \(content)"
    case .damaged(let position, let what): "\(name): DAMAGED at byte \(position): \(what), \(content)"
    case .unknownVersion(let what): "\(name): UNKNOWN VERSION: \(what)"
    }
}

/// Every segment it lists is there, and every sealed one as long as it says.
private func verifyManifest(_ directory: String, _ segments: [String], _ report: inout VerifyReport) {
    guard let bytes = contents(directory + "/MANIFEST") else {
        if !segments.isEmpty { report.note(.clean, "MANIFEST: missing; it is made again at the next start") }
        return
    }
    let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: true)
    let body = bytes.count > 13 ? Array(bytes[..<(bytes.count - 13)]) : []
    let sum = String(CRC.of(body), radix: 16)
    guard lines.last == "end " + String(repeating: "0", count: 8 - sum.utf8.count) + sum else {
        report.note(.damaged, "MANIFEST: DAMAGED: checksum")
        return
    }
    guard lines.first == "plenary-log 1" else {
        report.note(.unknownVersion, "MANIFEST: UNKNOWN VERSION: \(lines.first ?? "")")
        return
    }
    var listedCount = 0
    for words in lines.map({ $0.split(separator: " ") })
    where words.count > 1 && (words[0] == "sealed" || words[0] == "open") {
        let name = String(repeating: "0", count: max(0, 20 - words[1].utf8.count)) + words[1] + ".seg"
        listedCount += 1
        guard segments.contains(name) else {
            report.note(.damaged, "MANIFEST: lists \(name), which is gone")
            continue
        }
        guard words[0] == "sealed", words.count == 8, let file = contents(directory + "/log/" + name) else {
            continue
        }
        let generation = file.count >= 32 ? CRC.stored(file, at: 28) : 0
        if let listed = UInt32(words[2]), listed != generation {
            // A segment is rewritten before MANIFEST says so, and never the other way round.
            let isNewer = generation > listed
            report.note(
                isNewer ? .clean : .damaged,
                "MANIFEST: \(name) was generation \(listed) and is \(generation)"
                    + (isNewer ? ": rewritten since" : ": from before an erasure"))
            continue
        }
        if Int(words[3]) != file.count {
            report.note(.damaged, "MANIFEST: \(name) had \(words[3]) bytes and has \(file.count)")
        }
        let digest = SHA256Digest.hash(file).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        if words[7] != "-", words[7] != digest {
            report.note(.damaged, "MANIFEST: \(name) has another SHA-256")
        }
    }
    report.note(.clean, "MANIFEST: \(listedCount) segments listed")
}

/// Each snapshot is whole, and none knows more than the log.
private func verifySnapshots(_ directory: String, _ report: inout VerifyReport) {
    for name in (namesIn(directory + "/snap") ?? []).filter({ $0.hasSuffix(".snap") }).sorted() {
        guard let bytes = contents(directory + "/snap/" + name), let number = UInt64(name.dropLast(5)) else {
            report.note(.unreadable, "\(name): cannot be read")
            continue
        }
        guard bytes.count >= 112,
            CRC.of(Array(bytes[..<(bytes.count - 8)])) == CRC.stored(bytes, at: bytes.count - 8),
            SHA256Digest.hash(bytes[..<(bytes.count - 40)])
                == Array(bytes[(bytes.count - 40)..<(bytes.count - 8)])
        else {
            report.note(.damaged, "\(name): DAMAGED: checksum; starting without it takes longer")
            continue
        }
        if number > report.nextNumber {
            report.note(
                .damaged, "\(name): knows events up to \(number), but the log ends at \(report.nextNumber)")
        } else {
            report.note(.clean, "\(name): whole, \(bytes.count) bytes")
        }
    }
}
