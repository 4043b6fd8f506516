// SPDX-License-Identifier: Apache-2.0

import PlenaryDomain
import PlenaryServer
import PlenaryTerms

/// Reads `community.yaml`: the channels that exist from the start.
package func readCommunity(
    _ bytes: [UInt8], file: String, findings: inout FindingList
) -> [ChannelConfiguration] {
    readWholeCommunity(bytes, file: file, findings: &findings).channels
}

/// The same with the questionnaires.
package func readWholeCommunity(
    _ bytes: [UInt8], file: String, findings: inout FindingList
) -> (channels: [ChannelConfiguration], questionnaires: [QuestionnaireDefinition]) {
    var reader = CommunityFileReader(file: file)
    if let root = composeConfiguration(bytes, file: file, findings: &reader.findings) {
        reader.readRoot(root)
    }
    findings.add(reader.findings)
    return (reader.channels, reader.questionnaires)
}

struct CommunityFileReader {
    let file: String
    var channels: [ChannelConfiguration] = []
    var questionnaires: [QuestionnaireDefinition] = []
    var findings = FindingList()
    /// Names and aliases met so far, by their folded form, with the line of the first.
    var lines: [String: Int] = [:]
    static let channelLimit = 1000

    init(file: String) { self.file = file }

    mutating func readRoot(_ root: ConfigurationNode) {
        guard case .mapping(let entries) = root.content else {
            findings.error(file, root.position, "expected \"channels:\", found \(root.kind)")
            return
        }
        for entry in entries {
            if entry.key == "questionnaires" {
                readQuestionnaires(entry.node)
                continue
            }
            guard entry.key == "channels" else {
                findings.error(
                    file, entry.position,
                    "unknown key \"\(shortened(entry.key))\"; this file knows channels and questionnaires")
                continue
            }
            guard case .list(let items) = entry.node.content else {
                findings.error(
                    file, entry.node.position,
                    "channels: expected a list of \"- name: …\", found \(entry.node.kind)")
                continue
            }
            if items.count > CommunityFileReader.channelLimit {
                findings.error(
                    file, entry.node.position,
                    "\(items.count) channels; at most \(CommunityFileReader.channelLimit)")
            }
            for item in items.prefix(CommunityFileReader.channelLimit) { readChannel(item) }
        }
    }

    private mutating func readChannel(_ node: ConfigurationNode) {
        guard case .mapping(let entries) = node.content else {
            findings.error(file, node.position, "a channel: expected name and titles, found \(node.kind)")
            return
        }
        var channel = ChannelConfiguration(name: "", titles: [])
        for entry in entries { readKey(entry, &channel) }
        if !entries.contains(where: { $0.key == "name" }) {
            findings.error(file, node.position, "this channel has no name")
            return
        }
        let missing = Language.allCases.filter { language in
            !channel.titles.contains { $0.language == language }
        }
        if !missing.isEmpty {
            let names = missing.map(\.rawValue).joined(separator: ", ")
            findings.warning(file, node.position, "#\(shortened(channel.name)) has no title in \(names)")
        }
        channels.append(channel)
    }

    private mutating func readKey(_ entry: ConfigurationNode.Entry, _ channel: inout ChannelConfiguration) {
        let names = [
            "name", "kind", "titles", "aliases", "replay", "threads", "main_line", "retain", "session",
        ]
        switch entry.key {
        case "name":
            if let name = readName(entry.node) { channel.name = name }
        case "kind": readKind(entry.node, &channel)
        case "titles": channel.titles = readTitles(entry.node)
        case "aliases":
            guard case .list(let items) = entry.node.content else {
                findings.error(
                    file, entry.node.position, "aliases: expected a list of names, found \(entry.node.kind)")
                return
            }
            channel.aliases = items.compactMap { readName($0) }
        case "replay":
            guard case .value(let text, _) = entry.node.content, let count = wholeNumber(text), count <= 100
            else {
                findings.error(
                    file, entry.node.position,
                    "replay: expected a number from 0 to 100, found \(entry.node.kind)")
                return
            }
            channel.replayCount = count
        case "threads":
            let words = ThreadCreationPolicy.allCases.map(\.word.string)
            if let index = readWord(entry, of: words) {
                channel.threadCreation = ThreadCreationPolicy.allCases[index]
            }
        case "session":
            var reader = MeetingReader(file: file)
            channel.meeting = reader.read(entry.node)
            findings.add(reader.findings)
        case "retain": readRetention(entry.node, &channel)
        case "main_line":
            if let index = readWord(entry, of: ["open", "closed"]) { channel.isMainLineClosed = index == 1 }
        default:
            let hint = nearestName(to: entry.key, in: names).map { "; did you mean \"\($0)\"?" }
            let known = hint ?? "; it knows \(names.joined(separator: ", "))"
            findings.error(
                file, entry.position, "unknown key \"\(shortened(entry.key))\" in a channel\(known)")
        }
    }

    /// `365d`, or `forever`.
    private mutating func readRetention(_ node: ConfigurationNode, _ channel: inout ChannelConfiguration) {
        let days = CommunityLimits().retentionDayLimits
        guard case .value(let text, _) = node.content else {
            findings.error(
                file, node.position, "retain: expected days as 365d, or forever, found \(node.kind)")
            return
        }
        if text == "forever" { return }
        guard text.hasSuffix("d"), let count = wholeNumber(String(text.dropLast())),
            let value = UInt32(exactly: count), days.contains(value)
        else {
            findings.error(
                file, node.position,
                "retain: expected \(days.lowerBound)d to \(days.upperBound)d, or forever, found \(node.kind)")
            return
        }
        channel.retentionDays = value
    }

    /// The place of a word in a list of those that are known.
    mutating func readWord(_ entry: ConfigurationNode.Entry, of words: [String]) -> Int? {
        if case .value(let text, _) = entry.node.content, let index = words.firstIndex(of: text) {
            return index
        }
        let expected = words.dropLast().joined(separator: ", ") + " or " + (words.last ?? "")
        findings.error(
            file, entry.node.position, "\(entry.key): expected \(expected), found \(entry.node.kind)")
        return nil
    }

    /// A name without its `#`: a YAML value that began with `#` would be a comment.
    private mutating func readName(_ node: ConfigurationNode) -> String? {
        guard case .value(let written, _) = node.content else {
            findings.error(file, node.position, "expected a channel's name without \"#\", found \(node.kind)")
            return nil
        }
        let text = written.hasPrefix("#") ? String(written.dropFirst()) : written
        do throws(NameError) {
            let name = try ChannelName("#" + text)
            if let line = lines[name.key] {
                findings.error(file, node.position, "\(name) was already named in line \(line)")
                return nil
            }
            lines[name.key] = node.position.line
            return text
        } catch {
            findings.error(file, node.position, "\"\(shortened(text))\" is no channel name: \(words(error))")
            return nil
        }
    }

    private func words(_ error: NameError) -> String {
        switch error {
        case .empty, .wrongPrefix: "it is empty"
        case .tooLong(let byteCount, let limit): "\(byteCount) bytes with its #; at most \(limit)"
        case .forbiddenByte(let byte, _) where byte > 32 && byte < 127:
            "it holds \"\(Character(Unicode.Scalar(byte)))\"; use letters, digits and hyphens"
        case .forbiddenByte: "use ASCII letters, digits and hyphens"
        }
    }

    private mutating func readKind(_ node: ConfigurationNode, _ channel: inout ChannelConfiguration) {
        guard case .value(let text, _) = node.content, ["open", "moderated", "private"].contains(text) else {
            findings.error(
                file, node.position, "kind: expected open, moderated or private, found \(node.kind)")
            return
        }
        channel.isModerated = text == "moderated"
        channel.isPrivate = text == "private"
    }

    mutating func readTitles(_ node: ConfigurationNode) -> [ChannelTitle] {
        PlenaryConfiguration.readTitles(node, file: file, findings: &findings) { _, text in
            textProblem(text, byteLimit: 390, mayBeEmpty: false).map { "the title \($0)" }
        }
    }
}

/// Titles by language; `problem` says what is wrong with one, given its language's code and its text.
func readTitles(
    _ node: ConfigurationNode, file: String, findings: inout FindingList,
    problem: (_ language: String, _ text: String) -> String?
) -> [ChannelTitle] {
    guard case .mapping(let entries) = node.content else {
        findings.error(file, node.position, "titles: expected \"en: …\", found \(node.kind)")
        return []
    }
    var titles: [ChannelTitle] = []
    for entry in entries {
        guard let language = Language(rawValue: entry.key) else {
            let known = Language.allCases.map(\.rawValue).joined(separator: ", ")
            findings.error(
                file, entry.position,
                "unknown language \"\(shortened(entry.key))\"; it is one of \(known)")
            continue
        }
        guard case .value(let text, _) = entry.node.content else {
            findings.error(
                file, entry.node.position, "\(entry.key): expected a title, found \(entry.node.kind)")
            continue
        }
        if let problem = problem(entry.key, text) {
            findings.error(file, entry.node.position, problem)
        }
        titles.append(ChannelTitle(language: language, title: Text(text)))
    }
    return titles
}
