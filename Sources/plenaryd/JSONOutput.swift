// SPDX-License-Identifier: Apache-2.0

import PlenaryServer

/// One JSON object on one line; strings, integers, Booleans and nil only. Keys keep their order.
func jsonObject(_ fields: [(String, Any?)]) -> String {
    let members = fields.map { name, value in "\(jsonString(name)):\(jsonValue(value))" }
    return "{" + (["\"v\":1"] + members).joined(separator: ",") + "}"
}

private func jsonValue(_ value: Any?) -> String {
    switch value {
    case let text as String: jsonString(text)
    case let number as Int: String(number)
    case let flag as Bool: flag ? "true" : "false"
    default: "null"
    }
}

private func jsonString(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
        switch scalar {
        case "\"": result += "\\\""
        case "\\": result += "\\\\"
        case "\n": result += "\\n"
        case _ where scalar.value < 32 || (127...159).contains(scalar.value):
            let digits = String(scalar.value, radix: 16)
            result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        default: result.unicodeScalars.append(scalar)
        }
    }
    return result + "\""
}

/// Prints rows: aligned columns for people, tabs in a pipe, or JSON.
func printRows(_ rows: [AdminRow], type: String, json: Bool, isTerminal: Bool) {
    if json {
        for row in rows { print(jsonObject([("type", type)] + row.fields.map { ($0.name, $0.value) })) }
        return
    }
    guard let first = rows.first else { return }
    guard isTerminal else {
        for row in rows { print(row.fields.map(\.value).joined(separator: "\t")) }
        return
    }
    let table = [first.fields.map { $0.name.uppercased() }] + rows.map { $0.fields.map(\.value) }
    let widths = first.fields.indices.map { column in
        table.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0
    }
    for line in table {
        let cells = line.enumerated().map { column, text in
            text
                + String(
                    repeating: " ", count: max(0, (column < widths.count ? widths[column] : 0) - text.count))
        }
        var text = cells.joined(separator: "  ")
        while text.hasSuffix(" ") { text.removeLast() }
        print(text)
    }
}
