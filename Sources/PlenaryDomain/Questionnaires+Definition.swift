// SPDX-License-Identifier: Apache-2.0

import PlenaryTerms

/// What is wrong with a definition, as a sentence for whoever wrote it.
extension QuestionnaireDefinition {
    /// Nil when it can be asked.
    package func problem(_ limits: CommunityLimits) -> String? {
        if !QuestionnaireDefinition.isName(name, byteLimit: 32) {
            return "a name has 1 to 32 lower-case letters, digits and hyphens"
        }
        if !QuestionnaireDefinition.areTexts(titles, byteLimit: 200) {
            return "a title is missing, longer than 200 bytes or not to be read"
        }
        if let opens, let closes, closes <= opens { return "it closes before it opens" }
        if zone.byteCount > 64 || !zone.bytes.allSatisfy({ $0 > 32 && $0 < 127 }) {
            return "the zone is no name of a time zone"
        }
        if questions.count > limits.questionCountLimit {
            return "\(questions.count) questions; at most \(limits.questionCountLimit)"
        }
        if Set(questions.map(\.name)).count < questions.count { return "two questions have the same name" }
        if byteCount > limits.questionnaireByteLimit {
            return "its texts have \(byteCount) bytes; at most \(limits.questionnaireByteLimit)"
        }
        return questions.lazy.compactMap { $0.problem.map { problem in problem } }.first
    }

    /// Bytes of all names and texts.
    private var byteCount: Int {
        func sum(_ texts: [ChannelTitle]) -> Int { texts.reduce(0) { $0 + $1.title.byteCount + 16 } }
        return sum(titles)
            + questions.reduce(0) { total, question in
                var own = question.name.byteCount + sum(question.texts)
                if case .choice(let options, _) = question.kind {
                    own += options.reduce(0) { $0 + $1.name.byteCount + sum($1.texts) }
                }
                return total + own
            }
    }

    package static func isName(_ name: Text, byteLimit: Int) -> Bool {
        (1...byteLimit).contains(name.byteCount)
            && name.bytes.allSatisfy { (97...122).contains($0) || (48...57).contains($0) || $0 == 45 }
    }

    fileprivate static func areTexts(_ texts: [ChannelTitle], byteLimit: Int) -> Bool {
        !texts.isEmpty && Set(texts.map(\.language)).count == texts.count
            && texts.allSatisfy { GatheredText.isValid($0.title, byteLimit: byteLimit) }
    }

    // MARK: By hand

    /// `en=…;anonymous=yes;opens=…;closes=…;zone=…`; false for a key that nobody knows and a value it cannot have.
    mutating func set(_ key: Text, _ value: Text) -> Bool {
        switch key.string {
        case "anonymous":
            guard value == "yes" || value == "no" else { return false }
            isAnonymous = value == "yes"
        case "opens":
            opens = Timestamp(iso8601: value.bytes)
            return value.isEmpty || opens != nil
        case "closes":
            closes = Timestamp(iso8601: value.bytes)
            return value.isEmpty || closes != nil
        case "zone": zone = value
        default: return titles.set(key, value)
        }
        return true
    }
}

extension QuestionnaireDefinition.Question {
    fileprivate var problem: String? {
        if !QuestionnaireDefinition.isName(name, byteLimit: 16) {
            return "\"\(name)\": a question's name has 1 to 16 lower-case letters, digits and hyphens"
        }
        if !QuestionnaireDefinition.areTexts(texts, byteLimit: 300) {
            return "\(name): a text is missing, longer than 300 bytes or not to be read"
        }
        switch kind {
        case .text: return nil
        case .scale(let low, let high):
            return low < high && high <= 10 ? nil : "\(name): a scale is 0 to 10 at most, the lower end first"
        case .choice(let options, _):
            guard (2...20).contains(options.count), Set(options.map(\.name)).count == options.count else {
                return "\(name): a choice has 2 to 20 options of different names"
            }
            let areFit = options.allSatisfy {
                QuestionnaireDefinition.isName($0.name, byteLimit: 16)
                    && QuestionnaireDefinition.areTexts($0.texts, byteLimit: 120)
            }
            return areFit ? nil : "\(name): an option's name or text is missing, too long or not to be read"
        }
    }

    /// `kind=scale;from=1;to=5;options=a,b;en=…;a.en=…`
    mutating func set(_ key: Text, _ value: Text) -> Bool {
        let parts = key.bytes.split(separator: 46, maxSplits: 1, omittingEmptySubsequences: false)
        if parts.count == 2 {
            guard case .choice(var options, let isMultiple) = kind,
                let index = options.firstIndex(where: { $0.name.bytes.elementsEqual(parts[0]) })
            else { return false }
            guard options[index].texts.set(Text(parts[1]), value) else { return false }
            kind = .choice(options, isMultiple: isMultiple)
            return true
        }
        switch key.string {
        case "kind":
            switch value.string {
            case "scale": kind = .scale(low: 1, high: 5)
            case "choice": kind = .choice([], isMultiple: false)
            case "several": kind = .choice([], isMultiple: true)
            case "text": kind = .text
            default: return false
            }
        case "from", "to":
            guard case .scale(let low, let high) = kind, let number = UInt8(value.string) else {
                return false
            }
            kind = key == "from" ? .scale(low: number, high: high) : .scale(low: low, high: number)
        case "options":
            guard case .choice(let known, let isMultiple) = kind else { return false }
            let options = value.bytes.split(separator: 44).map { name in
                known.first { $0.name.bytes.elementsEqual(name) }
                    ?? QuestionnaireDefinition.Option(name: Text(name), texts: [])
            }
            kind = .choice(options, isMultiple: isMultiple)
        default: return texts.set(key, value)
        }
        return true
    }

    /// The values of an answer as it was typed; nil when it is none to this question.
    func values(of typed: Text, byteLimit: Int) -> [Text]? {
        switch kind {
        case .scale(let low, let high):
            guard let number = UInt8(typed.string), (low...max(low, high)).contains(number) else {
                return nil
            }
            return [Text(String(number))]
        case .choice(let options, let isMultiple):
            let words = typed.bytes.split { $0 == 44 || $0 == 32 }.map { Text(asciiFolded($0)) }
            let chosen = options.map(\.name).filter { words.contains($0) }
            let areKnown = words.allSatisfy { chosen.contains($0) }
            return areKnown && !chosen.isEmpty && (isMultiple || chosen.count == 1) ? chosen : nil
        case .text: return GatheredText.isValid(typed, byteLimit: byteLimit) ? [typed] : nil
        }
    }

    /// The values that can be counted; empty for a text.
    package var countedValues: [Text] {
        switch kind {
        case .scale(let low, let high): (low...max(low, high)).map { Text(String($0)) }
        case .choice(let options, _): options.map(\.name)
        case .text: []
        }
    }
}

extension [ChannelTitle] {
    /// Sets the text in the language that the key is; false for another key.
    fileprivate mutating func set(_ key: Text, _ value: Text) -> Bool {
        guard let language = Language(rawValue: key.string) else { return false }
        removeAll { $0.language == language }
        if !value.isEmpty { append(ChannelTitle(language: language, title: value)) }
        return true
    }
}
