// SPDX-License-Identifier: Apache-2.0

import PlenaryClient
import PlenaryTerminal

/// A transcript as Markdown (CommonMark). Every text from outside stands in a quotation, each of its lines
/// escaped, so that nothing in it can become a heading, a list, a link, an image or markup; a line with
/// letters that run from right to left stands between directional isolates.
extension Transcript {
    /// The whole file.
    package var markdown: String {
        var result = "# \(MarkdownText.escaped(name))\n"
        for section in sections {
            result += "\n" + MarkdownText.heading(section) + "\n"
            for message in section.messages { result += "\n" + markdown(message, in: section) }
        }
        return result
    }

    private func markdown(_ message: Message, in section: Section) -> String {
        var facts = [
            "**\(MarkdownText.name(message.sender))**", Transcript.moment(message.time),
        ]
        if let name = message.marks.onBehalf {
            facts.append("on behalf of " + MarkdownText.escaped(PlainText.oneLine(name)))
        }
        if let kind = message.marks.kind { facts.append(kind.rawValue) }
        if let language = Transcript.language(message) { facts.append(language) }
        if let translation = MessagePrinter.translation(message) { facts.append(translation) }
        facts += message.marks.references.map(MarkdownText.escaped)
        if let original = original(of: message) {
            facts.append(
                "in reply to \(MarkdownText.name(original.sender)), \(Transcript.moment(original.time))")
        }
        if let thread = thread(grownFrom: message), section.thread == nil {
            facts.append("continued in thread \(thread)")
        }
        if isAnswer(message) { facts.append("**accepted answer**") }
        var lines = Transcript.lines(message).map(MarkdownText.line)
        if message.kind == .action { lines[0] = "\\* " + lines[0] }
        // Between two lines of one paragraph stands a break; an empty line parts paragraphs.
        for index in lines.indices.dropLast() where !lines[index].isEmpty && !lines[index + 1].isEmpty {
            lines[index] += "\\"
        }
        return facts.joined(separator: " · ") + "\n\n"
            + lines.map { $0.isEmpty ? ">\n" : "> \($0)\n" }.joined()
    }
}

/// Texts as Markdown holds them.
enum MarkdownText {
    /// A line of a message: escaped, its spaces at the beginning kept, isolated where it needs to be.
    static func line(_ line: String) -> String {
        let indent = line.prefix { $0 == " " }.count
        let rest = line.dropFirst(indent)
        guard !rest.isEmpty else { return "" }
        // A no-break space makes no code block and is not taken away.
        return PlainText.isolated(String(repeating: "\u{A0}", count: indent) + escaped(String(rest)))
    }

    static func name(_ person: Person) -> String { PlainText.isolated(escaped(person.nickname)) }

    static func heading(_ section: Transcript.Section) -> String {
        guard let thread = section.thread else { return "## Main line" }
        let title = thread.title.isEmpty ? "" : ": " + PlainText.isolated(escaped(thread.title))
        let facts = Transcript.facts(thread).map(escaped).joined(separator: ", ")
        return "## Thread \(thread.number)\(title)" + (facts.isEmpty ? "" : "\n\n\(facts)")
    }

    /// One line in which every ASCII character that means something to Markdown is itself (CommonMark, 2.4).
    static func escaped(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        var hasLetters = false
        for scalar in PlainText.oneLine(text).unicodeScalars {
            switch scalar {
            case "\\", "`", "*", "_", "{", "}", "[", "]", "<", ">", "(", ")", "#", "!", "|", "~", "&", "$":
                result.append("\\")
            // A list, a rule, or the underline of a heading: at the beginning of a line only.
            case "-", "+", "=": if !hasLetters { result.append("\\") }
            // `1.` begins a list; behind letters a stop is a stop.
            case ".", ":": if !hasLetters { result.append("\\") }
            case "0"..."9", " ": break
            default: hasLetters = true
            }
            result.append(scalar)
        }
        return String(result)
    }
}
