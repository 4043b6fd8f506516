// SPDX-License-Identifier: Apache-2.0

import PlenaryTerms

/// The tags of a line as they stand on the wire, `a=b;+c` (IRCv3 message-tags, "Format"), without `@` and space: one
/// array of bytes, however many they are. A key counts once; a tag without a value and one with an empty value are the
/// same, and are written without `=`.
package struct LineTags: Hashable, Sendable {
    /// Values are escaped; empty without tags.
    package private(set) var bytes: [UInt8] = []

    package init() {}

    package init(_ tags: some Sequence<LineTag>) { for tag in tags { append(tag) } }

    /// Trusts the caller that the text is what `bytes` would be.
    package init(escaped text: Text) { bytes = text.bytes }

    package var isEmpty: Bool { bytes.isEmpty }

    package var count: Int { bytes.isEmpty ? 0 : bytes.count { $0 == 59 } + 1 }

    // MARK: Looking up, by keys, which have neither `=` nor `;`

    package func contains(_ key: String) -> Bool { range(of: key.utf8) != nil }

    /// The unescaped value; nil without the tag, empty without a value.
    package func value(of key: String) -> Text? {
        guard let range = range(of: key.utf8) else { return nil }
        return Text(LineTag.unescaped(Array(bytes[range].dropFirst(key.utf8.count + 1))))
    }

    /// Where the tag with this key stands, without separators.
    private func range(of key: some Collection<UInt8>) -> Range<Int>? {
        var start = 0
        while start < bytes.count {
            let end = bytes[start...].firstIndex(of: 59) ?? bytes.count
            let keyEnd = start + key.count
            if keyEnd <= end, keyEnd == end || bytes[keyEnd] == 61, bytes[start..<keyEnd].elementsEqual(key) {
                return start..<end
            }
            start = end + 1
        }
        return nil
    }

    // MARK: Changing

    package mutating func reserveCapacity(_ byteCount: Int) { bytes.reserveCapacity(byteCount) }

    package mutating func append(_ tag: LineTag) {
        separate()
        tag.encode(into: &bytes)
    }

    /// A tag with the value that is written, at least one byte, none of which is to be escaped.
    package mutating func append(_ key: String, _ write: (inout [UInt8]) -> Void) {
        separate()
        bytes += key.utf8
        bytes.append(61)
        write(&bytes)
    }

    /// Tags in the form that they have here.
    package mutating func append(contentsOf others: LineTags) {
        guard !others.isEmpty else { return }
        separate()
        bytes += others.bytes
    }

    /// Tags before those that there are.
    package mutating func prepend(_ others: LineTags) {
        guard !others.isEmpty else { return }
        if !bytes.isEmpty { bytes.insert(59, at: 0) }
        bytes.insert(contentsOf: others.bytes, at: 0)
    }

    /// Another value where the key is known, in its place, else one tag more. `key` is not empty; neither of the two
    /// has a separator.
    mutating func set(_ key: some Collection<UInt8>, _ escapedValue: some Collection<UInt8>) {
        let known = range(of: key)
        if known == nil { separate() }
        var tag = Array(key)
        if !escapedValue.isEmpty {
            tag.append(61)
            tag += escapedValue
        }
        bytes.replaceSubrange(known ?? bytes.count..<bytes.count, with: tag)
    }

    private mutating func separate() { if !bytes.isEmpty { bytes.append(59) } }
}

extension LineTags: ExpressibleByArrayLiteral {
    package init(arrayLiteral tags: LineTag...) { self.init(tags) }
}

extension LineTags: Sequence {
    package struct Iterator: IteratorProtocol {
        fileprivate var rest: ArraySlice<UInt8>

        package mutating func next() -> LineTag? {
            guard !rest.isEmpty else { return nil }
            let tag = rest.prefix { $0 != 59 }
            rest = rest[tag.endIndex...].dropFirst()
            let key = tag.prefix { $0 != 61 }
            let value = tag[key.endIndex...].dropFirst()
            return LineTag(
                key: String(decoding: key, as: UTF8.self), escapedValue: value.isEmpty ? nil : Text(value))
        }
    }

    package func makeIterator() -> Iterator { Iterator(rest: bytes[...]) }
}

extension [Line] {
    /// Makes the lines parts of a batch (IRCv3 batch). Those inside a nested one name that one; its start and end name
    /// this one.
    package mutating func putIntoBatch(_ reference: Text) {
        let tag: LineTags = [LineTag("batch", reference)]
        for index in indices where !self[index].tags.contains("batch") { self[index].tags.prepend(tag) }
    }
}
