// SPDX-License-Identifier: Apache-2.0

import PlenaryServer
import PlenaryTerms

/// What a configuration came to, and where its parts stood, so that later checks can point at them.
package struct ReadConfiguration: Sendable {
    package var server: ServerConfiguration
    /// The path of `community.yaml` as it was written; nil for no channels of the configuration's own.
    package var communityFile: String?
    /// The path of `roles.yaml` as it was written; nil for the roles as shipped.
    package var rolesFile: String?
    /// The place of each key's value, by its path (`tls.certificate`, `listeners.0`).
    package var positions: [String: FilePosition]

    package init(
        server: ServerConfiguration, communityFile: String?, rolesFile: String? = nil,
        positions: [String: FilePosition]
    ) {
        self.server = server
        self.rolesFile = rolesFile
        self.communityFile = communityFile
        self.positions = positions
    }
}

/// Values that hold where the file says nothing and `ServerConfiguration` has a list.
package enum ConfigurationDefaults {
    /// Every address, TLS only, the registered port (RFC 7194).
    package static let listeners = [ListenerConfiguration(address: "*", port: 6697, isTLS: true)]
}

/// Reads `plenaryd.yaml` whole: a mistake is reported with its place, and reading goes on.
package func readServerConfiguration(
    _ bytes: [UInt8], file: String, findings: inout FindingList
) -> ReadConfiguration {
    var reader = ServerFileReader(file: file)
    if let root = composeConfiguration(bytes, file: file, findings: &reader.findings) {
        reader.readRoot(root)
    }
    findings.add(reader.findings)
    return ReadConfiguration(
        server: reader.configuration, communityFile: reader.communityFile, rolesFile: reader.rolesFile,
        positions: reader.positions)
}

private struct ServerFileReader {
    let file: String
    var configuration = ServerConfiguration()
    var communityFile: String?
    var rolesFile: String?
    var positions: [String: FilePosition] = [:]
    var findings = FindingList()

    init(file: String) {
        self.file = file
        configuration.listeners = ConfigurationDefaults.listeners
    }

    mutating func readRoot(_ root: ConfigurationNode) {
        switch root.content {
        case .nothing:
            findings.error(
                file, root.position, "the file is empty; the shipped plenaryd.yaml shows every key")
        case .mapping:
            readSection("", root)
        case .list, .value:
            findings.error(file, root.position, "expected sections such as \"server:\", found \(root.kind)")
        }
    }

    /// Reads one level; a section may be left out, not left empty.
    private mutating func readSection(_ path: String, _ node: ConfigurationNode) {
        guard case .mapping(let entries) = node.content else {
            let found = node.kind
            findings.error(file, node.position, "\(name(path)): expected keys with values, found \(found)")
            return
        }
        for entry in entries {
            if entry.key.contains(".") {
                reportUnknown(entry, in: path)
                continue
            }
            let entryPath = path.isEmpty ? entry.key : path + "." + entry.key
            positions[entryPath] = entry.node.position
            switch entryPath {
            case "listeners": readListeners(entry.node)
            case "server.message_of_the_day": readMessageOfTheDay(entry.node)
            case "community.file": communityFile = readFileName(entryPath, entry.node)
            case "community.roles": rolesFile = readFileName(entryPath, entry.node)
            default:
                if Settings.sections.contains(entryPath) {
                    readSection(entryPath, entry.node)
                } else if let setting = Settings.all.first(where: { $0.path == entryPath }) {
                    read(setting, from: entry.node)
                } else {
                    reportUnknown(entry, in: path)
                }
            }
        }
    }

    private func name(_ path: String) -> String { path.isEmpty ? "this file" : path }

    private func keys(of path: String) -> [String] {
        var keys = Settings.all.filter { $0.section == path }.map(\.key)
        let prefix = path.isEmpty ? "" : path + "."
        keys += Settings.sections.filter { $0.hasPrefix(prefix) && !$0.dropFirst(prefix.count).contains(".") }
            .map { String($0.dropFirst(prefix.count)) }
        if path == "server" { keys.append("message_of_the_day") }
        if path == "community" { keys += ["file", "roles"] }
        return keys
    }

    private mutating func reportUnknown(_ entry: ConfigurationNode.Entry, in path: String) {
        let names = keys(of: path)
        var message = "unknown key \"\(shortened(entry.key))\" in \(name(path))"
        if let near = nearestName(to: entry.key, in: names) {
            message += "; did you mean \"\(near)\"?"
        } else if let home = Settings.all.first(where: { $0.key == entry.key }) {
            message += "; it belongs in \(home.section)"
        } else {
            message += "; it knows \(names.joined(separator: ", "))"
        }
        findings.error(file, entry.position, message)
    }

    private mutating func read(_ setting: Setting, from node: ConfigurationNode) {
        switch node.content {
        case .value(let text, let isQuoted):
            if let problem = setting.read(text, isQuoted, &configuration) {
                findings.error(file, node.position, "\(setting.path): \(problem)")
            }
        case .nothing:
            findings.error(file, node.position, "\(setting.path) has no value; expected \(setting.form)")
        case .mapping, .list:
            findings.error(
                file, node.position, "\(setting.path): expected \(setting.form), found \(node.kind)")
        }
    }

    /// The path of another file; nil for none.
    private mutating func readFileName(_ path: String, _ node: ConfigurationNode) -> String? {
        guard case .value(let text, _) = node.content else {
            findings.error(file, node.position, "\(path): expected the path of a file, found \(node.kind)")
            return nil
        }
        if let problem = textProblem(text, byteLimit: 4096, mayBeEmpty: true) {
            findings.error(file, node.position, "\(path): \(problem)")
            return nil
        }
        return text.isEmpty ? nil : text
    }

    private mutating func readMessageOfTheDay(_ node: ConfigurationNode) {
        let path = "server.message_of_the_day"
        guard case .list(let lines) = node.content else {
            findings.error(file, node.position, "\(path): expected a list of lines, found \(node.kind)")
            return
        }
        if lines.count > 100 {
            findings.error(file, node.position, "\(path) has \(lines.count) lines; at most 100")
        }
        for line in lines {
            switch line.content {
            case .value(let text, _):
                if let problem = textProblem(text, byteLimit: 390, mayBeEmpty: true) {
                    findings.error(file, line.position, "\(path): a line \(problem)")
                }
                configuration.messageOfTheDay.append(text)
            case .nothing: configuration.messageOfTheDay.append("")
            case .mapping, .list:
                findings.error(
                    file, line.position,
                    "\(path): expected a line, found \(line.kind); quote a line that holds \": \"")
            }
        }
    }
}

// MARK: Listeners

extension ServerFileReader {
    fileprivate mutating func readListeners(_ node: ConfigurationNode) {
        guard case .list(let items) = node.content else {
            findings.error(
                file, node.position, "listeners: expected a list of \"- address: …\", found \(node.kind)")
            return
        }
        if items.isEmpty {
            findings.error(file, node.position, "listeners is empty; nobody could connect")
        }
        configuration.listeners = []
        for (index, item) in items.enumerated() {
            positions["listeners.\(index)"] = item.position
            if let listener = readListener(item) { configuration.listeners.append(listener) }
        }
    }

    private mutating func readListener(_ node: ConfigurationNode) -> ListenerConfiguration? {
        guard case .mapping(let entries) = node.content else {
            findings.error(
                file, node.position, "a listener: expected address, port and tls, found \(node.kind)")
            return nil
        }
        var listener = ListenerConfiguration(address: "*", port: 6697, isTLS: true)
        var given: Set<String> = []
        for entry in entries {
            given.insert(entry.key)
            readListenerKey(entry, &listener)
        }
        for key in ["address", "port"] where !given.contains(key) {
            findings.error(file, node.position, "this listener has no \(key)")
        }
        return listener
    }

    private mutating func readListenerKey(
        _ entry: ConfigurationNode.Entry, _ listener: inout ListenerConfiguration
    ) {
        let names = ["address", "port", "tls", "plain_text_off_loopback"]
        guard names.contains(entry.key) else {
            let near = nearestName(to: entry.key, in: names).map { "; did you mean \"\($0)\"?" }
            let hint = near ?? "; it knows \(names.joined(separator: ", "))"
            findings.error(
                file, entry.position, "unknown key \"\(shortened(entry.key))\" in a listener\(hint)")
            return
        }
        guard case .value(let text, _) = entry.node.content else {
            findings.error(
                file, entry.node.position, "\(entry.key): expected one value, found \(entry.node.kind)")
            return
        }
        var problem: String?
        switch entry.key {
        case "address":
            listener.address = text
            if text != "*", !isIPAddress(text) {
                problem = mistake(text, "an IPv4 or IPv6 address, or \"*\" for every address")
            }
        case "port":
            if let port = wholeNumber(text), let port = UInt16(exactly: port) {
                listener.port = port
            } else {
                problem = mistake(text, "a port from 1 to 65535, or 0 for any free one")
            }
        default:
            let value = ["yes": true, "true": true, "no": false, "false": false][text]
            if value == nil { problem = mistake(text, "yes or no") }
            if entry.key == "tls" {
                listener.isTLS = value ?? true
            } else {
                listener.allowsPlainTextOffLoopback = value ?? false
            }
        }
        if let problem { findings.error(file, entry.node.position, "\(entry.key): \(problem)") }
    }
}
