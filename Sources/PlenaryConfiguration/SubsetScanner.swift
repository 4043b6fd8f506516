// SPDX-License-Identifier: Apache-2.0

/// Finds what our subset of YAML leaves out, line by line, before a parser sees the file.
///
/// It knows where a value may begin: at a line's start, after `- `, `: `, and in brackets. There `&`, `*`,
/// `!`, `|`, `>`, `%`, `@` and `` ` `` are signs of YAML, elsewhere they are text. A quote that opens there
/// has to close on its line, which is what makes reading line by line exact.
struct SubsetScanner {
    let file: String
    private var bracketCount = 0
    private var bracketDepth = 0
    private var hasReportedBrackets = false

    init(file: String) { self.file = file }

    mutating func scan(_ scalars: [Unicode.Scalar], line: Int, findings: inout FindingList) {
        func refuse(_ column: Int, _ message: String) {
            findings.error(file, FilePosition(line: line, column: column + 1), message)
        }
        guard scalars.count <= YAMLLimits.columnLimit else {
            refuse(YAMLLimits.columnLimit, "the line is longer than \(YAMLLimits.columnLimit) columns")
            return
        }
        var index = 0
        while index < scalars.count, scalars[index] == " " { index += 1 }
        guard index < scalars.count, scalars[index] != "#" else { return }
        if scalars[index] == "\t" {
            refuse(index, "a tab indents this line; use spaces")
            return
        }
        if index == 0, scalars[0] == "%" {
            refuse(0, "directives are not supported; remove this line")
            return
        }
        var isAtStart = true
        while index < scalars.count {
            let scalar = scalars[index]
            let next = index + 1 < scalars.count ? scalars[index + 1] : " "
            if scalar == " " || scalar == "\t" {
                index += 1
            } else if scalar == "#", index == 0 || scalars[index - 1] == " " {
                return
            } else if isAtStart, scalar == "-", next == " " {
                index += 1
            } else if isAtStart, let message = SubsetScanner.refusal(of: scalar, next: next) {
                refuse(index, message)
                return
            } else if isAtStart, scalar == "\"" || scalar == "'" {
                guard let end = SubsetScanner.end(ofQuoteAt: index, in: scalars) else {
                    refuse(index, "this quote does not close on its line; close it")
                    return
                }
                index = end + 1
                isAtStart = false
            } else {
                let isColon = scalar == ":" && (next == " " || index + 1 == scalars.count || bracketDepth > 0)
                isAtStart = isColon || countBracket(scalar, isAtStart: isAtStart)
                index += 1
            }
        }
        if bracketCount > YAMLLimits.bracketLimit, !hasReportedBrackets {
            hasReportedBrackets = true
            refuse(0, "more than \(YAMLLimits.bracketLimit) brackets up to here; write lists with dashes")
        }
    }

    /// Whether a value may begin after this scalar because of brackets.
    private mutating func countBracket(_ scalar: Unicode.Scalar, isAtStart: Bool) -> Bool {
        if scalar == "[" || scalar == "{", isAtStart || bracketDepth > 0 {
            bracketCount += 1
            bracketDepth += 1
            return true
        }
        if scalar == "]" || scalar == "}" {
            bracketDepth = max(0, bracketDepth - 1)
            return false
        }
        return scalar == "," && bracketDepth > 0
    }

    private static func refusal(of scalar: Unicode.Scalar, next: Unicode.Scalar) -> String? {
        switch scalar {
        case "&", "*": "anchors and aliases are not supported; write the value out, or quote it"
        case "!": "tags are not supported; quote the value if it begins with \"!\""
        case "|", ">": "block texts are not supported; write one quoted line, or a list of lines"
        case "@", "`", "%": "quote the value: it begins with \"\(scalar)\""
        case "?" where next == " ": "complex keys are not supported"
        default: nil
        }
    }

    /// The index of the closing quote; `''` and `\"` do not close.
    private static func end(ofQuoteAt start: Int, in scalars: [Unicode.Scalar]) -> Int? {
        let quote = scalars[start]
        var index = start + 1
        while index < scalars.count {
            if quote == "\"", scalars[index] == "\\" {
                index += 2
                continue
            }
            if scalars[index] == quote {
                guard quote == "'", index + 1 < scalars.count, scalars[index + 1] == "'" else { return index }
                index += 1
            }
            index += 1
        }
        return nil
    }
}
