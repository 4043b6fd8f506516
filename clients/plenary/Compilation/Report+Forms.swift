// SPDX-License-Identifier: Apache-2.0

import PlenaryClient
import PlenaryTerminal

/// The two forms for people.
extension Compilation {
    /// Markdown (CommonMark, tables as GitHub has them).
    package var markdown: String { blocks.map(MarkdownReport.text).joined(separator: "\n") }

    /// One page without script, and with nothing from elsewhere.
    package var html: String {
        """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="generator" content="plenary compile">
        <title>Draft report</title>
        <style>
        \(HTMLText.style)
        table { border-collapse: collapse } td, th { border: 1px solid; padding: 0.2em 0.6em; text-align: start }
        </style>
        </head>
        <body>
        \(blocks.map(HTMLReport.text).joined())</body>
        </html>

        """
    }
}

private enum MarkdownReport {
    static func text(_ block: ReportBlock) -> String {
        switch block {
        case .heading(let level, let text):
            return String(repeating: "#", count: level) + " " + isolated(text) + "\n"
        case .paragraph(let text): return isolated(text) + "\n"
        case .facts(let facts):
            return facts.map { "- **\($0.name)**: \(isolated($0.value))\n" }.joined()
        case .items(let items):
            return items.map { item in
                let sources = item.sources.map { "[\($0)](#source-\($0))" }.joined(separator: ", ")
                return "- **\(MarkdownText.escaped(item.label))**: \(isolated(item.text)) (\(sources))\n"
            }.joined()
        case .table(let head, let rows):
            func line(_ cells: [String]) -> String {
                "| " + cells.map(isolated).joined(separator: " | ") + " |\n"
            }
            return line(head) + "|" + String(repeating: " --- |", count: head.count) + "\n"
                + rows.map(line).joined()
        case .source(let number, let head, let quotes):
            return "<a id=\"source-\(number)\"></a>**\(number)** \(isolated(head))\n\n"
                + quotes.map(text).joined(separator: "\n")
        }
    }

    private static func text(_ quote: ReportQuote) -> String {
        let label = quote.label.isEmpty ? "" : "*\(MarkdownText.escaped(quote.label))*\\\n> "
        let lines = quote.text.split(separator: "\n", omittingEmptySubsequences: false)
            .map { MarkdownText.line(String($0)) }
        return "> " + label + lines.joined(separator: "\\\n> ") + "\n"
    }

    private static func isolated(_ text: String) -> String { PlainText.isolated(MarkdownText.escaped(text)) }
}

private enum HTMLReport {
    static func text(_ block: ReportBlock) -> String {
        switch block {
        case .heading(let level, let text): return "<h\(level) dir=\"auto\">\(escaped(text))</h\(level)>\n"
        case .paragraph(let text): return "<p dir=\"auto\">\(escaped(text))</p>\n"
        case .facts(let facts):
            return "<dl>\n"
                + facts.map { "<dt>\(escaped($0.name))</dt><dd dir=\"auto\">\(escaped($0.value))</dd>\n" }
                .joined()
                + "</dl>\n"
        case .items(let items):
            return "<ul>\n"
                + items.map { item in
                    let sources = item.sources.map { "<a href=\"#source-\($0)\">\($0)</a>" }
                    return "<li><b>\(escaped(item.label))</b>: <bdi>\(escaped(item.text))</bdi> "
                        + "(\(sources.joined(separator: ", ")))</li>\n"
                }.joined() + "</ul>\n"
        case .table(let head, let rows):
            func line(_ cells: [String], _ tag: String) -> String {
                "<tr>" + cells.map { "<\(tag) dir=\"auto\">\(escaped($0))</\(tag)>" }.joined() + "</tr>\n"
            }
            return "<table>\n" + line(head, "th") + rows.map { line($0, "td") }.joined() + "</table>\n"
        case .source(let number, let head, let quotes):
            return
                "<article id=\"source-\(number)\">\n<header><b>\(number)</b> <bdi>\(escaped(head))</bdi></header>\n"
                + quotes.map(text).joined() + "</article>\n"
        }
    }

    private static func text(_ quote: ReportQuote) -> String {
        let direction = TextDirection.of(quote.text, language: quote.language)
        let tag = quote.language.map { " lang=\"\(escaped($0))\"" } ?? ""
        let label = quote.label.isEmpty ? "" : "<p class=\"facts\">\(escaped(quote.label))</p>\n"
        return label
            + "<div class=\"text\"\(tag) dir=\"\(direction.rawValue)\">\(escaped(quote.text))</div>\n"
    }

    private static func escaped(_ text: String) -> String { HTMLText.escaped(text) }
}
