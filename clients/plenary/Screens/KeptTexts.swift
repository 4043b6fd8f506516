// SPDX-License-Identifier: Apache-2.0

import PlenaryClient

/// Texts by the name of a place, in a private file: `target TAB text` a line, escaped by `LineEscape`. A line that
/// cannot be read is left out. So texts being written are kept, and which channels are muted.
struct KeptTexts {
    private let path: String
    private var texts: [String: String] = [:]

    /// Reads what an earlier run left.
    init(directory: String, name: String) throws(Failure) {
        path = directory + "/" + name
        do throws(FileError) {
            try FileAccess.makePrivateDirectory(directory)
            let bytes = try FileAccess.readPrivate(path) ?? []
            for line in bytes.split(separator: 10) {
                let fields = String(decoding: line, as: UTF8.self).split(separator: "\t", maxSplits: 1)
                guard fields.count == 2 else { continue }
                texts[String(fields[0])] = LineEscape.plain(String(fields[1]))
            }
        } catch {
            throw Failure(.configuration, "\(name) cannot be read", "\(error)")
        }
    }

    func read() -> [String: String] { texts }

    /// Keeps a text; an empty one is forgotten.
    mutating func set(_ target: String, _ text: String) throws(FileError) {
        guard !target.contains("\t"), !target.contains("\n"), texts[target] ?? "" != text else { return }
        texts[target] = text.isEmpty ? nil : text
        guard !texts.isEmpty else { return try FileAccess.remove(path) }
        let lines = texts.sorted { $0.key < $1.key }.map { "\($0.key)\t\(LineEscape.escaped($0.value))\n" }
        try FileAccess.writePrivate(Array(lines.joined().utf8), to: path)
    }
}

/// Any text as a part of one line: `\`, tab, CR and LF are written `\\`, `\t`, `\r`, `\n`.
enum LineEscape {
    static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": result += "\\\\"
            case "\t": result += "\\t"
            case "\r": result += "\\r"
            case "\n": result += "\\n"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    static func plain(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        var isEscaped = false
        for scalar in text.unicodeScalars {
            guard isEscaped else {
                if scalar == "\\" { isEscaped = true } else { result.append(scalar) }
                continue
            }
            isEscaped = false
            switch scalar {
            case "t": result.append("\t")
            case "r": result.append("\r")
            case "n": result.append("\n")
            default: result.append(scalar)
            }
        }
        return String(result)
    }
}
