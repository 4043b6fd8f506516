// SPDX-License-Identifier: Apache-2.0

import PlenaryTerminal

/// The words of the interface in one language.
///
/// Texts of our own are kept by key in three tables: `Phrase` (what stands on the screen), `ActionPhrase`
/// (what one can do) and `Sentence` (what the line mode says, and why something failed). A gap in a text is
/// written `{name}`. Numbers are said by `count`, times by `clock`, `day` and `moment`. Names of keys,
/// commands, files and codes are the same in every language.
package struct Catalogue: Sendable, Hashable {
    /// The language.
    package let language: Language

    /// The words of a language.
    package init(_ language: Language) { self.language = language }

    /// Whether a native reader has reviewed the words.
    package var isReviewed: Bool { language == .english }

    // MARK: Texts

    /// A text of the screen, its gaps filled with the values as they are.
    package func text(_ phrase: Phrase, _ values: [Placeholder: String] = [:]) -> String {
        Template.fill(spaced(phrase.template(in: language)), values)
    }

    /// The name of something one can do.
    package func text(_ phrase: ActionPhrase) -> String { spaced(phrase.template(in: language)) }

    /// A sentence, its gaps filled with the values as they are.
    package func text(_ sentence: Sentence, _ values: [Placeholder: String] = [:]) -> String {
        Template.fill(spaced(sentence.template(in: language)), values)
    }

    /// A text of the screen whose values keep their own direction and look; our own words take `style`.
    package func styled(
        _ phrase: Phrase, _ values: [Placeholder: StyledText] = [:], style: Style = .plain
    ) -> StyledText {
        Template.style(spaced(phrase.template(in: language)), values, style)
    }

    /// A sentence whose values keep their own direction and look; our own words take `style`.
    package func styled(
        _ sentence: Sentence, _ values: [Placeholder: StyledText] = [:], style: Style = .plain
    ) -> StyledText {
        Template.style(spaced(sentence.template(in: language)), values, style)
    }

    // MARK: Numbers

    /// A number with its noun in the form that the language's rules ask for. `shown` stands in the number's
    /// place where not the number itself is to be read, as in `1000+`.
    package func count(_ noun: CountedPhrase, _ number: Int, shown: String? = nil) -> String {
        let form = noun.forms(in: language)[PluralCategory.of(number, in: language)]
        return Template.fill(form, [.count: shown ?? String(number)])
    }

    // MARK: Punctuation

    /// Between the parts of a list.
    package var comma: String {
        switch language {
        case .arabic: "، "
        case .chinese: "，"
        case .english, .french, .russian, .spanish: ", "
        }
    }

    /// Between parts that have commas themselves.
    package var semicolon: String {
        switch language {
        case .arabic: "؛ "
        case .chinese: "；"
        case .french: "\u{A0}; "
        case .english, .russian, .spanish: "; "
        }
    }

    /// The end of a sentence.
    package var fullStop: String { language == .chinese ? "。" : "." }

    /// French sets a space before double punctuation, at which no line may be broken. It is written as an
    /// ordinary one in the tables, where the other could not be seen.
    func spaced(_ template: String) -> String {
        guard language == .french else { return template }
        var text = String.UnicodeScalarView()
        for scalar in template.unicodeScalars {
            if [":", ";", "?", "!", "»"].contains(scalar), text.last == " " {
                text.removeLast()
                text.append("\u{A0}")
            }
            text.append(scalar == " " && text.last == "«" ? "\u{A0}" : scalar)
        }
        return String(text)
    }

    /// Sentences, which end in their full stops, one behind the other.
    package func joined(_ sentences: [String]) -> String {
        sentences.filter { !$0.isEmpty }.joined(separator: language == .chinese ? "" : " ")
    }
}

/// A named gap in a text, written `{name}`.
package enum Placeholder: String, CaseIterable, Sendable, Hashable {
    case act, actor, body, closed, command, count, duration, from, key, language, languages, limit
    case lines, link, messages, name, names, nearest, newName, number, open, people, person, pin, place
    case reason, replies, seconds, server, source, state, text, thread, time, title, to, usage, when
}

/// A text with gaps.
enum Template {
    /// A part of a text.
    enum Piece: Hashable {
        case words(Substring)
        case gap(Placeholder)
    }

    /// The parts in order. A brace that closes no known name is text.
    static func pieces(of template: String) -> [Piece] {
        var pieces: [Piece] = []
        var rest = Substring(template)
        var words = rest.startIndex
        while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
            let name = rest[rest.index(after: open)..<close]
            rest = template[template.index(after: open)...]
            guard let gap = Placeholder(rawValue: String(name)) else { continue }
            if words < open { pieces.append(.words(template[words..<open])) }
            pieces.append(.gap(gap))
            words = template.index(after: close)
            rest = template[words...]
        }
        if words < template.endIndex { pieces.append(.words(template[words...])) }
        return pieces
    }

    /// A gap without a value keeps its name in braces, so that a mistake of ours is seen and stops nobody.
    static func fill(_ template: String, _ values: [Placeholder: String]) -> String {
        guard !values.isEmpty, template.utf8.contains(UInt8(ascii: "{")) else { return template }
        return pieces(of: template).reduce(into: "") { text, piece in
            switch piece {
            case .words(let words): text += words
            case .gap(let gap): text += values[gap] ?? "{\(gap.rawValue)}"
            }
        }
    }

    /// Each span of a value is isolated: what somebody is called cannot reorder our words.
    static func style(_ template: String, _ values: [Placeholder: StyledText], _ style: Style) -> StyledText {
        var text = StyledText()
        for piece in pieces(of: template) {
            switch piece {
            case .words(let words): text.spans.append(.init(String(words), style))
            case .gap(let gap):
                guard let value = values[gap] else {
                    text.spans.append(.init("{\(gap.rawValue)}", style))
                    continue
                }
                text.spans += value.spans.map { .init($0.text, $0.style, isIsolated: true) }
            }
        }
        return text
    }
}
