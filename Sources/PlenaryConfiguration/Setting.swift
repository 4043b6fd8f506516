// SPDX-License-Identifier: Apache-2.0

import PlenaryDomain
import PlenaryServer
import PlenaryTerms

/// One key of `plenaryd.yaml`: where it stands, what it takes, and the value it fills.
package struct Setting: Sendable {
    /// The section and the key, e.g. `limits.close_after_silence`.
    package let path: String
    /// What a value looks like, for messages.
    package let form: String
    /// Writes the value, or says what is wrong with it.
    let read: @Sendable (_ text: String, _ isQuoted: Bool, _ into: inout ServerConfiguration) -> String?
    /// The value as it would stand in a file.
    let write: @Sendable (ServerConfiguration) -> String

    /// The value that a configuration has, as it would stand in a file.
    package func written(_ configuration: ServerConfiguration) -> String { write(configuration) }

    /// The part before the last dot.
    package var section: String { path.split(separator: ".").dropLast().joined(separator: ".") }
    package var key: String { String(path.split(separator: ".").last ?? "") }
}

extension Setting {
    typealias Field<Value> = WritableKeyPath<ServerConfiguration, Value> & Sendable

    /// A whole number.
    static func count(_ path: String, _ field: Field<Int>, _ range: ClosedRange<Int>) -> Setting {
        Setting(
            path: path, form: "a number from \(range.lowerBound) to \(range.upperBound)",
            read: { text, _, configuration in
                guard let value = wholeNumber(text) else { return mistake(text, "a whole number") }
                guard range.contains(value) else { return outOfRange(text, range) }
                configuration[keyPath: field] = value
                return nil
            }, write: { String($0[keyPath: field]) })
    }

    /// A whole number, or `off`.
    static func optionalCount(_ path: String, _ field: Field<Int?>, _ range: ClosedRange<Int>) -> Setting {
        Setting(
            path: path, form: "a number from \(range.lowerBound) to \(range.upperBound), or off",
            read: { text, _, configuration in
                if text == "off" {
                    configuration[keyPath: field] = nil
                    return nil
                }
                guard let value = wholeNumber(text) else { return mistake(text, "a whole number or off") }
                guard range.contains(value) else { return outOfRange(text, range) }
                configuration[keyPath: field] = value
                return nil
            }, write: { $0[keyPath: field].map(String.init) ?? "off" })
    }

    /// A whole number, or `off` for no limit at all (kept as `Int.max`).
    static func limit(_ path: String, _ field: Field<Int>, _ range: ClosedRange<Int>) -> Setting {
        Setting(
            path: path, form: "a number from \(range.lowerBound) to \(range.upperBound), or off",
            read: { text, _, configuration in
                if text == "off" {
                    configuration[keyPath: field] = .max
                    return nil
                }
                guard let value = wholeNumber(text) else { return mistake(text, "a whole number or off") }
                guard range.contains(value) else { return outOfRange(text, range) }
                configuration[keyPath: field] = value
                return nil
            }, write: { $0[keyPath: field] == .max ? "off" : String($0[keyPath: field]) })
    }

    /// Two whole numbers with a hyphen, least and most.
    static func countRange(
        _ path: String, _ field: Field<ClosedRange<Int>>, _ range: ClosedRange<Int>
    ) -> Setting {
        Setting(
            path: path, form: "two numbers such as \(range.lowerBound)-\(range.upperBound)",
            read: { text, _, configuration in
                let ends = text.split(separator: "-", omittingEmptySubsequences: false).map {
                    wholeNumber($0)
                }
                guard ends.count == 2, let low = ends[0], let high = ends[1], low <= high else {
                    return mistake(text, "two numbers, the smaller first, such as 10-300")
                }
                guard range.contains(low), range.contains(high) else { return outOfRange(text, range) }
                configuration[keyPath: field] = low...high
                return nil
            }, write: { "\($0[keyPath: field].lowerBound)-\($0[keyPath: field].upperBound)" })
    }

    /// So many in so long, such as `3/1m`, or `off`.
    static func rate(_ path: String, _ field: Field<RateRule?>) -> Setting {
        let form = "a rate such as 3/1m, or off"
        return Setting(
            path: path, form: form,
            read: { text, _, configuration in
                if text == "off" {
                    configuration[keyPath: field] = nil
                    return nil
                }
                let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
                guard parts.count == 2, let count = wholeNumber(parts[0]), count > 0,
                    let seconds = quantity(parts[1], units: timeUnits), seconds > 0
                else { return mistake(text, form) }
                guard count <= 1000, seconds <= 86_400 else { return outOfRange(text, "1/1s", "1000/1d") }
                configuration[keyPath: field] = RateRule(count, perSeconds: seconds)
                return nil
            },
            write: { configuration in
                configuration[keyPath: field].map { "\($0.countLimit)/\(duration($0.seconds))" } ?? "off"
            })
    }

    /// A span of time with its unit; kept in seconds.
    static func seconds(_ path: String, _ field: Field<Int>, _ range: ClosedRange<Int>) -> Setting {
        Setting(
            path: path, form: "a time from \(duration(range.lowerBound)) to \(duration(range.upperBound))",
            read: { text, _, configuration in
                guard let value = quantity(text, units: timeUnits) else {
                    return mistake(text, "a time with its unit: 30s, 5m, 2h or 7d")
                }
                guard range.contains(value) else {
                    return outOfRange(text, duration(range.lowerBound), duration(range.upperBound))
                }
                configuration[keyPath: field] = value
                return nil
            }, write: { duration($0[keyPath: field]) })
    }

    /// A size with its unit; kept in bytes.
    static func bytes(_ path: String, _ field: Field<Int>, _ range: ClosedRange<Int>) -> Setting {
        Setting(
            path: path, form: "a size from \(size(range.lowerBound)) to \(size(range.upperBound))",
            read: { text, _, configuration in
                guard let value = quantity(text, units: sizeUnits) else {
                    return mistake(text, "a size with its unit: 512B, 64KiB, 64MiB or 1GiB")
                }
                guard range.contains(value) else {
                    return outOfRange(text, size(range.lowerBound), size(range.upperBound))
                }
                configuration[keyPath: field] = value
                return nil
            }, write: { size($0[keyPath: field]) })
    }

    static func flag(_ path: String, _ field: Field<Bool>) -> Setting {
        Setting(
            path: path, form: "yes or no",
            read: { text, isQuoted, configuration in
                if isQuoted { return "yes or no stand without quotes" }
                switch text {
                case "yes", "true": configuration[keyPath: field] = true
                case "no", "false": configuration[keyPath: field] = false
                default: return mistake(text, "yes or no")
                }
                return nil
            }, write: { $0[keyPath: field] ? "yes" : "no" })
    }

    /// One of a few words.
    static func choice<Value: RawRepresentable & CaseIterable & Sendable>(
        _ path: String, _ field: Field<Value>
    ) -> Setting where Value.RawValue == String {
        Setting(
            path: path, form: "one of " + Value.allCases.map(\.rawValue).joined(separator: ", "),
            read: { text, _, configuration in
                guard let value = Value(rawValue: text) else {
                    let names = Value.allCases.map(\.rawValue)
                    let near = nearestName(to: text, in: names).map { "; did you mean \"\($0)\"?" } ?? ""
                    return mistake(text, "one of \(names.joined(separator: ", "))") + near
                }
                configuration[keyPath: field] = value
                return nil
            }, write: { $0[keyPath: field].rawValue })
    }

    /// A text of one line.
    static func text(
        _ path: String, _ field: Field<String>, byteLimit: Int, mayBeEmpty: Bool = true,
        check: @escaping @Sendable (String) -> String? = { _ in nil }
    ) -> Setting {
        Setting(
            path: path, form: "a text of at most \(byteLimit) bytes",
            read: { text, _, configuration in
                if let problem = textProblem(text, byteLimit: byteLimit, mayBeEmpty: mayBeEmpty)
                    ?? check(text)
                {
                    return problem
                }
                configuration[keyPath: field] = text
                return nil
            }, write: { quoted($0[keyPath: field]) })
    }

    /// The path of a file; empty for none. A relative one counts from the configuration file's folder.
    static func optionalPath(_ path: String, _ field: Field<String?>) -> Setting {
        Setting(
            path: path, form: "the path of a file, or nothing",
            read: { text, _, configuration in
                if let problem = textProblem(text, byteLimit: 4096, mayBeEmpty: true) { return problem }
                configuration[keyPath: field] = text.isEmpty ? nil : text
                return nil
            }, write: { quoted($0[keyPath: field] ?? "") })
    }
}

// MARK: Reading values

let timeUnits = [("s", 1), ("m", 60), ("h", 3600), ("d", 86_400)]
let sizeUnits = [("B", 1), ("KiB", 1024), ("MiB", 1 << 20), ("GiB", 1 << 30)]

func mistake(_ text: String, _ wanted: String) -> String { "\"\(shortened(text))\" is not \(wanted)" }

func outOfRange(_ text: String, _ low: String, _ high: String) -> String {
    "\(shortened(text)) is out of range; \(low) to \(high)"
}

func outOfRange(_ text: String, _ range: ClosedRange<Int>) -> String {
    outOfRange(text, "\(range.lowerBound)", "\(range.upperBound)")
}

/// Decimal digits, at most ten of them; no sign, no separators, no octal.
func wholeNumber(_ text: some StringProtocol) -> Int? {
    guard !text.isEmpty, text.utf8.count <= 10, text.utf8.allSatisfy({ $0 >= 48 && $0 <= 57 }) else {
        return nil
    }
    return Int(text)
}

/// A number with one of the units; `0` and `off` need none and are 0.
func quantity(_ text: String, units: [(String, Int)]) -> Int? {
    if text == "0" || text == "off" { return 0 }
    let digits = text.prefix { $0.isASCII && $0.isNumber }
    let unit = text.dropFirst(digits.count).drop { $0 == " " }
    guard let number = wholeNumber(digits), let factor = units.first(where: { $0.0 == unit })?.1 else {
        return nil
    }
    let (product, hasOverflow) = number.multipliedReportingOverflow(by: factor)
    return hasOverflow ? nil : product
}

/// Seconds in the largest unit that divides them.
package func duration(_ seconds: Int) -> String {
    if seconds == 0 { return "off" }
    let unit = timeUnits.last { seconds % $0.1 == 0 } ?? ("s", 1)
    return "\(seconds / unit.1)\(unit.0)"
}

/// Seconds of a time with its unit, as a command line gives it; nil when it is none.
package func parseDuration(_ text: String) -> Int? { quantity(text, units: timeUnits) }

/// Bytes in the largest unit that divides them.
package func size(_ bytes: Int) -> String {
    if bytes == 0 { return "off" }
    let unit = sizeUnits.last { bytes % $0.1 == 0 } ?? ("B", 1)
    return "\(bytes / unit.1)\(unit.0)"
}

/// A text in double quotes, escaped as YAML wants it.
package func quoted(_ text: String) -> String {
    "\"" + text.map { $0 == "\"" || $0 == "\\" ? "\\\($0)" : String($0) }.joined() + "\""
}

/// What keeps a text from being one line that people may see; nil when nothing does.
func textProblem(_ text: String, byteLimit: Int, mayBeEmpty: Bool) -> String? {
    if text.isEmpty, !mayBeEmpty { return "must not be empty" }
    if text.utf8.count > byteLimit { return "has \(text.utf8.count) bytes; at most \(byteLimit)" }
    for scalar in text.unicodeScalars {
        if scalar.value < 32 || (127...159).contains(scalar.value) { return "holds a control character" }
        let isBidi = (0x202A...0x202E).contains(scalar.value) || (0x2066...0x2069).contains(scalar.value)
        if isBidi || scalar.value == 0x2028 || scalar.value == 0x2029 {
            return "holds a character that changes the writing direction"
        }
    }
    return nil
}

/// ASCII letters, digits, hyphens and dots, as a host has; shown as the source of server lines.
@Sendable func serverNameProblem(_ text: String) -> String? {
    let labels = text.split(separator: ".", omittingEmptySubsequences: false)
    let isValid = labels.allSatisfy { label in
        !label.isEmpty && label.utf8.count <= 63 && label.utf8.first != 45 && label.utf8.last != 45
            && label.utf8.allSatisfy { byte in
                byte == 45 || (48...57).contains(byte) || (65...90).contains(byte)
                    || (97...122).contains(byte)
            }
    }
    return isValid ? nil : "\"\(shortened(text))\" is not a host name: letters, digits, hyphens and dots"
}

/// ISUPPORT NETWORK holds no space and no `=`.
@Sendable func networkNameProblem(_ text: String) -> String? {
    let isValid = text.utf8.allSatisfy { $0 > 32 && $0 < 127 && $0 != 61 && $0 != 58 }
    return isValid
        ? nil : "\"\(shortened(text))\" is not a network name: ASCII without spaces, \"=\" and \":\""
}
