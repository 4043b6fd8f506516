// SPDX-License-Identifier: Apache-2.0

import PlenaryClient
import PlenaryTerminal

/// A transcript as one page of HTML: no script, nothing from elsewhere, each message with its language and
/// direction, readable on a telephone and on paper. Every text from outside is escaped.
extension Transcript {
    /// The whole file.
    package var html: String {
        let sections = sections
        var result = """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="generator" content="plenary export">
            <title>\(HTMLText.escaped(name))</title>
            <style>
            \(HTMLText.style)
            </style>
            </head>
            <body>
            <h1>\(HTMLText.escaped(name))</h1>

            """
        if sections.count > 1 { result += contents(sections) }
        for section in sections { result += html(section) }
        return result + "</body>\n</html>\n"
    }

    private func contents(_ sections: [Section]) -> String {
        let items = sections.map { section in
            "<li><a href=\"#\(HTMLText.anchor(section))\">\(HTMLText.heading(section))</a></li>\n"
        }
        return "<nav>\n<ul>\n" + items.joined() + "</ul>\n</nav>\n"
    }

    private func html(_ section: Section) -> String {
        var result = "<section id=\"\(HTMLText.anchor(section))\">\n<h2>\(HTMLText.heading(section))</h2>\n"
        if let thread = section.thread {
            let facts = Transcript.facts(thread)
            if !facts.isEmpty {
                result += "<p class=\"facts\">\(HTMLText.escaped(facts.joined(separator: ", ")))</p>\n"
            }
        }
        for message in section.messages { result += html(message, in: section) }
        return result + "</section>\n"
    }

    private func html(_ message: Message, in section: Section) -> String {
        let text = Transcript.lines(message).joined(separator: "\n")
        let language = Transcript.language(message)
        let direction = TextDirection.of(text, language: language)
        let isAnswer = isAnswer(message)
        // A root stands in the main line and in its thread; only one of them has the name.
        let isRepeated = section.thread != nil && message.thread ?? 0 == 0 && thread == nil
        var identity = ""
        if let id = message.id, !isRepeated { identity = " id=\"m-\(HTMLText.escaped(id))\"" }
        var result = "<article\(identity)\(isAnswer ? " class=\"answer\"" : "")>\n<header>"
        result += "<bdi class=\"name\">\(HTMLText.escaped(PlainText.oneLine(message.sender.nickname)))</bdi>"
        result += " <time datetime=\"\(message.time.iso8601)\">\(Transcript.moment(message.time))</time>"
        for fact in facts(message, in: section) { result += " <span>\(fact)</span>" }
        let tag = language.map { " lang=\"\(HTMLText.escaped($0))\"" } ?? ""
        let body = (message.kind == .action ? "* " : "") + text
        return result + "</header>\n<div class=\"text\"\(tag) dir=\"\(direction.rawValue)\">"
            + HTMLText.escaped(body) + "</div>\n</article>\n"
    }

    /// What a message says of itself, as HTML.
    private func facts(_ message: Message, in section: Section) -> [String] {
        var facts: [String] = []
        if let name = message.marks.onBehalf {
            facts.append("on behalf of <bdi>\(HTMLText.escaped(PlainText.oneLine(name)))</bdi>")
        }
        if let kind = message.marks.kind { facts.append(kind.rawValue) }
        if let language = Transcript.language(message) { facts.append(HTMLText.escaped(language)) }
        if let translation = MessagePrinter.translation(message) { facts.append(translation) }
        facts += message.marks.references.map { "<bdi>\(HTMLText.escaped(PlainText.oneLine($0)))</bdi>" }
        if let original = original(of: message), let id = original.id {
            let name = HTMLText.escaped(PlainText.oneLine(original.sender.nickname))
            facts.append("in reply to <a href=\"#m-\(HTMLText.escaped(id))\"><bdi>\(name)</bdi></a>")
        }
        if let thread = thread(grownFrom: message), section.thread == nil {
            facts.append("continued in <a href=\"#t\(thread)\">thread \(thread)</a>")
        }
        if isAnswer(message) { facts.append("<strong>accepted answer</strong>") }
        return facts
    }
}

/// Texts as HTML holds them.
enum HTMLText {
    /// The five characters that mean something in texts and attributes.
    static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in PlainText.clean(text).unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    static func anchor(_ section: Transcript.Section) -> String { "t\(section.thread?.number ?? 0)" }

    static func heading(_ section: Transcript.Section) -> String {
        guard let thread = section.thread else { return "Main line" }
        guard !thread.title.isEmpty else { return "Thread \(thread.number)" }
        return "Thread \(thread.number): <bdi>\(escaped(PlainText.oneLine(thread.title)))</bdi>"
    }

    static let style = """
        :root { color-scheme: light dark; }
        body { font: 1rem/1.5 system-ui, sans-serif; max-width: 42rem; margin: 0 auto; padding: 1rem; }
        h1, h2 { line-height: 1.25; overflow-wrap: anywhere; }
        h2 { border-bottom: 1px solid; margin-top: 2rem; }
        article { margin: 1rem 0; break-inside: avoid; }
        article.answer { border-inline-start: .25rem solid; padding-inline-start: .75rem; }
        header, .facts { font-size: .875rem; overflow-wrap: anywhere; }
        header span::before { content: "· "; }
        .name { font-weight: bold; }
        .text { white-space: pre-wrap; overflow-wrap: anywhere; unicode-bidi: plaintext; }
        .text[dir=rtl], .text[dir=ltr] { unicode-bidi: isolate; }
        @media print { body { max-width: none; padding: 0; font-size: 11pt; } nav { display: none; } }
        """
}
