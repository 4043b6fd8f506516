// SPDX-License-Identifier: Apache-2.0

/// A line as it came, cut into tags and the rest.
struct ReceivedLine: Sendable {
    /// Keys and escaped values, in order.
    var tags: [(key: String, value: String)] = []
    var body: String
    /// Source, verb and parameters, the last without its colon; the source is empty when there is none.
    var words: [String] {
        var words: [String] = []
        var rest = Substring(body)
        if !rest.hasPrefix(":") { words.append("") }
        while !rest.isEmpty {
            if rest.hasPrefix(":"), !words.isEmpty {
                words.append(String(rest.dropFirst()))
                return words
            }
            let end = rest.firstIndex(of: " ") ?? rest.endIndex
            words.append(String(rest[..<end]))
            rest = rest[end...].drop { $0 == " " }
        }
        return words
    }

    init(_ line: String) {
        guard line.hasPrefix("@") else {
            body = line
            return
        }
        let end = line.firstIndex(of: " ") ?? line.endIndex
        body = String(line[end...].drop { $0 == " " })
        for tag in line[line.index(after: line.startIndex)..<end].split(separator: ";") {
            let parts = tag.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            tags.append((String(parts[0]), parts.count > 1 ? String(parts[1]) : ""))
        }
    }
}

/// What a line has to look like: `*` is any text (`\*` a star), `<name>` a word (no space, no `;`) that is kept under
/// this name and has to be the same wherever the name stands again, in whichever client's lines.
///
/// A pattern that begins with `@` names all tags, in any order: `@time=<t>;msgid=<m> :ann!*`. With a tag
/// `*` there may be others; `@ ` alone is no tag at all. A pattern without tags says nothing about tags.
/// `:srv` is the server's name.
struct LinePattern {
    let text: String

    func matches(_ line: String, _ names: inout [String: String]) -> Bool {
        let pattern = ReceivedLine(text)
        let received = ReceivedLine(line)
        var bound = names
        if text.hasPrefix("@") {
            var rest = received.tags
            for (key, value) in pattern.tags where key != "*" {
                guard let index = rest.firstIndex(where: { $0.key == key }),
                    LinePattern.glob(Array(value.utf8)[...], Array(rest[index].value.utf8)[...], &bound)
                else { return false }
                rest.remove(at: index)
            }
            guard rest.isEmpty || pattern.tags.contains(where: { $0.key == "*" }) else { return false }
        }
        var body = pattern.body
        if body == ":srv" || body.hasPrefix(":srv ") { body = ":plenary.test" + body.dropFirst(4) }
        guard LinePattern.glob(Array(body.utf8)[...], Array(received.body.utf8)[...], &bound) else {
            return false
        }
        names = bound
        return true
    }

    private static func glob(
        _ pattern: ArraySlice<UInt8>, _ text: ArraySlice<UInt8>, _ names: inout [String: String]
    ) -> Bool {
        // Plain letters in a loop: a call for each would use up a pool thread's stack on a long tag.
        var (pattern, text) = (pattern, text)
        while let letter = pattern.first, letter != 42, letter != 60 || captureName(pattern) == nil,
            letter != 92 || pattern.dropFirst().first != 42
        {
            guard text.first == letter else { return false }
            pattern = pattern.dropFirst()
            text = text.dropFirst()
        }
        guard let first = pattern.first else { return text.isEmpty }
        if first == 92, pattern.dropFirst().first == 42 {
            return text.first == 42 && glob(pattern.dropFirst(2), text.dropFirst(), &names)
        }
        if first == 42 {
            for start in text.startIndex...text.endIndex {
                var bound = names
                if glob(pattern.dropFirst(), text[start...], &bound) {
                    names = bound
                    return true
                }
            }
            return false
        }
        if first == 60, let name = captureName(pattern) {
            let rest = pattern.dropFirst(name.utf8.count + 2)
            if let known = names[name] {
                let value = Array(known.utf8)
                return text.starts(with: value) && glob(rest, text.dropFirst(value.count), &names)
            }
            let limit = text.firstIndex { $0 == 32 || $0 == 59 } ?? text.endIndex
            for end in (text.startIndex...limit).reversed() where end > text.startIndex {
                var bound = names
                bound[name] = String(decoding: text[..<end], as: UTF8.self)
                if glob(rest, text[end...], &bound) {
                    names = bound
                    return true
                }
            }
            return false
        }
        return false
    }

    private static func captureName(_ pattern: ArraySlice<UInt8>) -> String? {
        guard let end = pattern.firstIndex(of: 62), end > pattern.startIndex + 1 else { return nil }
        let name = pattern[(pattern.startIndex + 1)..<end]
        let isWord = name.allSatisfy { byte in
            switch byte {
            case 48...57, 65...90, 97...122: true
            default: false
            }
        }
        return isWord ? String(decoding: name, as: UTF8.self) : nil
    }
}
