// SPDX-License-Identifier: Apache-2.0

import Foundation
import PlenaryDomain
import PlenaryTerms

/// The list `questionnaires:` of `community.yaml` (docs/extensions/questionnaires.md, "The file").
extension CommunityFileReader {
    mutating func readQuestionnaires(_ node: ConfigurationNode) {
        guard case .list(let items) = node.content else {
            findings.error(
                file, node.position, "questionnaires: expected a list of \"- name: …\", found \(node.kind)")
            return
        }
        let limit = CommunityLimits().questionnaireCountLimit
        if items.count > limit {
            findings.error(file, node.position, "\(items.count) questionnaires; at most \(limit)")
        }
        for item in items.prefix(limit) {
            guard let definition = readQuestionnaire(item) else { continue }
            if questionnaires.contains(where: { $0.name == definition.name }) {
                findings.error(file, item.position, "two questionnaires are named \(definition.name)")
            } else if let problem = definition.problem(CommunityLimits()) {
                findings.error(file, item.position, "questionnaire \(definition.name): \(problem)")
            } else {
                questionnaires.append(definition)
            }
        }
    }

    private mutating func readQuestionnaire(_ node: ConfigurationNode) -> QuestionnaireDefinition? {
        guard case .mapping(let entries) = node.content else {
            findings.error(
                file, node.position,
                "a questionnaire: expected name, titles and questions, found \(node.kind)")
            return nil
        }
        var definition = QuestionnaireDefinition(name: "")
        var zone = TimeZone(secondsFromGMT: 0)
        for entry in entries where entry.key == "zone" {
            guard let name = value(entry) else { continue }
            definition.zone = Text(name)
            zone = TimeZone(identifier: name)
            if zone == nil {
                findings.error(file, entry.node.position, "no time zone is called \"\(shortened(name))\"")
            }
        }
        for entry in entries {
            switch entry.key {
            case "name": definition.name = Text(value(entry) ?? "")
            case "titles": definition.titles = readTitles(entry.node)
            case "zone": break
            case "opens": definition.opens = readTime(entry, zone)
            case "closes": definition.closes = readTime(entry, zone)
            case "anonymous": definition.isAnonymous = readWord(entry, of: ["no", "yes"]) == 1
            case "questions": definition.questions = readQuestions(entry.node)
            default:
                unknown(
                    entry, in: "a questionnaire",
                    knows: "name, titles, opens, closes, zone, anonymous, questions")
            }
        }
        return definition
    }

    private mutating func readQuestions(_ node: ConfigurationNode) -> [QuestionnaireDefinition.Question] {
        guard case .list(let items) = node.content else {
            findings.error(
                file, node.position, "questions: expected a list of \"- name: …\", found \(node.kind)")
            return []
        }
        // One more than allowed, so that the definition's own check says how many there may be.
        return items.prefix(CommunityLimits().questionCountLimit + 1).compactMap { readQuestion($0) }
    }

    private mutating func readQuestion(_ node: ConfigurationNode) -> QuestionnaireDefinition.Question? {
        guard case .mapping(let entries) = node.content else {
            findings.error(
                file, node.position, "a question: expected name, kind and texts, found \(node.kind)")
            return nil
        }
        var question = QuestionnaireDefinition.Question(name: "", texts: [], kind: .text)
        let kinds = ["scale", "choice", "several", "text"]
        var kind = kinds[3]
        var (low, high) = (UInt8(1), UInt8(5))
        var options: [QuestionnaireDefinition.Option] = []
        for entry in entries {
            switch entry.key {
            case "name": question.name = Text(value(entry) ?? "")
            case "texts": question.texts = readTitles(entry.node)
            case "kind": if let index = readWord(entry, of: kinds) { kind = kinds[index] }
            case "from": low = readEnd(entry) ?? low
            case "to": high = readEnd(entry) ?? high
            case "options": options = readOptions(entry.node)
            default: unknown(entry, in: "a question", knows: "name, kind, texts, from, to, options")
            }
        }
        switch kind {
        case "scale": question.kind = .scale(low: low, high: high)
        case "choice": question.kind = .choice(options, isMultiple: false)
        case "several": question.kind = .choice(options, isMultiple: true)
        default: question.kind = .text
        }
        return question
    }

    private mutating func readOptions(_ node: ConfigurationNode) -> [QuestionnaireDefinition.Option] {
        guard case .list(let items) = node.content else {
            findings.error(
                file, node.position, "options: expected a list of \"- name: …\", found \(node.kind)")
            return []
        }
        var options: [QuestionnaireDefinition.Option] = []
        for item in items.prefix(21) {
            guard case .mapping(let entries) = item.content else {
                findings.error(file, item.position, "an option: expected name and texts, found \(item.kind)")
                continue
            }
            var option = QuestionnaireDefinition.Option(name: "", texts: [])
            for entry in entries {
                switch entry.key {
                case "name": option.name = Text(value(entry) ?? "")
                case "texts": option.texts = readTitles(entry.node)
                default: unknown(entry, in: "an option", knows: "name, texts")
                }
            }
            options.append(option)
        }
        return options
    }

    // MARK: Values

    private mutating func unknown(_ entry: ConfigurationNode.Entry, in place: String, knows known: String) {
        findings.error(
            file, entry.position, "unknown key \"\(shortened(entry.key))\" in \(place); it knows \(known)")
    }

    private mutating func value(_ entry: ConfigurationNode.Entry) -> String? {
        guard case .value(let text, _) = entry.node.content else {
            findings.error(
                file, entry.node.position, "\(entry.key): expected a value, found \(entry.node.kind)")
            return nil
        }
        return text
    }

    private mutating func readEnd(_ entry: ConfigurationNode.Entry) -> UInt8? {
        guard let text = value(entry) else { return nil }
        guard let number = UInt8(text), number <= 10 else {
            findings.error(
                file, entry.node.position,
                "\(entry.key): expected a number from 0 to 10, found \"\(shortened(text))\"")
            return nil
        }
        return number
    }

    /// `2023-07-07 18:00` in the zone, which is UTC unless it is named.
    private mutating func readTime(_ entry: ConfigurationNode.Entry, _ zone: TimeZone?) -> Timestamp? {
        guard let text = value(entry) else { return nil }
        let parts = text.split(separator: " ", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[1].utf8.count == 5,
            let local = Timestamp(iso8601: "\(parts[0])T\(parts[1]):00Z".utf8)
        else {
            findings.error(
                file, entry.node.position,
                "\(entry.key): expected a time such as \"2023-07-07 18:00\", found \"\(shortened(text))\"")
            return nil
        }
        guard let zone else { return nil }
        // The offset at the moment itself: guessed from the local time, then once more from the guess.
        var moment = local
        for _ in 0..<2 {
            let offset = zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(moment.seconds)))
            moment = local.advanced(bySeconds: -Int64(offset))
        }
        return moment
    }
}
