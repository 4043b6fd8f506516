// SPDX-License-Identifier: Apache-2.0

/// Whether a text speaks to somebody.
package enum Mention {
    /// Whether it addresses the name as the server counts mentions: by `@name`, or by `name:` or `name,` at its
    /// beginning (docs/extensions/threads.md, "Reading state").
    package static func isAddressed(_ text: String, to name: String) -> Bool {
        let name = name.lowercased()
        let text = text.lowercased()
        guard !name.isEmpty else { return false }
        if text.hasPrefix(name + ":") || text.hasPrefix(name + ",") { return true }
        return text.split(separator: "@", omittingEmptySubsequences: false).dropFirst().contains { part in
            part.hasPrefix(name) && isIn(String(part.prefix(name.count + 2)), of: name)
        }
    }

    /// Whether the name stands in the text as a word of its own, in any ASCII case, with or without `@`.
    package static func isIn(_ text: String, of name: String) -> Bool {
        let name = Array(name.lowercased().utf8)
        let text = Array(text.lowercased().utf8)
        guard !name.isEmpty, text.count >= name.count else { return false }
        func isPart(_ index: Int) -> Bool {
            guard index >= 0, index < text.count else { return false }
            switch text[index] {
            case 48...57, 97...122, 45, 95, 128...255: return true
            // A dot belongs to a name only when a letter follows it.
            case 46:
                return index + 1 < text.count && (97...122).contains(text[index + 1]) && index >= name.count
            default: return false
            }
        }
        for start in 0...(text.count - name.count) where text[start..<start + name.count].elementsEqual(name)
        {
            if !isPart(start - 1), !isPart(start + name.count) { return true }
        }
        return false
    }
}
