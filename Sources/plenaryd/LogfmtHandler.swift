// SPDX-License-Identifier: Apache-2.0

import Foundation
import Logging

/// Log lines as `level=info event=… key=value`, one a line on standard error; under systemd with the
/// `<N>` priority that journald reads (sd-daemon(3)). What people wrote has no business here.
struct LogfmtHandler: LogHandler {
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.info
    let label: String
    /// Whether journald reads our standard error, and stamps the time itself.
    private let isJournal = ProcessInfo.processInfo.environment["JOURNAL_STREAM"] != nil
    /// Bytes of one value. The rest is cut (limits.md 33).
    private static let valueByteLimit = 256

    init(label: String) { self.label = label }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        var line = isJournal ? "<\(LogfmtHandler.priority(of: event.level))>" : "time=\(LogfmtHandler.now()) "
        line += "level=\(event.level.rawValue) event=\(LogfmtHandler.value("\(event.message)"))"
        let all = metadata.merging(event.metadata ?? [:]) { _, new in new }
        for (key, value) in all.sorted(by: { $0.key < $1.key }) {
            line += " \(key)=\(LogfmtHandler.value("\(value)"))"
        }
        standardError(line)
    }

    private static func now() -> String {
        Date().formatted(
            .iso8601.year().month().day().time(includingFractionalSeconds: true).timeZone(separator: .omitted)
        )
    }

    private static func priority(of level: Logger.Level) -> Int {
        switch level {
        case .trace, .debug: 7
        case .info: 6
        case .notice: 5
        case .warning: 4
        case .error: 3
        case .critical: 2
        }
    }

    /// A value that cannot end its line or begin a field: quoted where needed, controls and bidi signs escaped.
    static func value(_ text: String) -> String {
        var result = ""
        var needsQuotes = text.isEmpty
        for scalar in text.unicodeScalars {
            if scalar.isControlOrBidi {
                result += "\\u{\(String(scalar.value, radix: 16))}"
                needsQuotes = true
            } else {
                if scalar == "\"" || scalar == "\\" { result += "\\" }
                if scalar == " " || scalar == "=" || scalar == "\"" { needsQuotes = true }
                result.unicodeScalars.append(scalar)
            }
            if result.utf8.count > valueByteLimit {
                result += "…"
                break
            }
        }
        return needsQuotes ? "\"\(result)\"" : result
    }
}
