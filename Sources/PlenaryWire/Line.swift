// SPDX-License-Identifier: Apache-2.0

import PlenaryTerms

/// One protocol unit: tags, source, verb, parameters (RFC 1459, 2.3.1; IRCv3 message-tags).
package struct Line: Hashable, Sendable {
    package var tags: LineTags
    package var source: Text?
    /// Upper case when parsed; a numeric is its three digits.
    package var verb: String
    package var parameters: [Text]
    /// Writes the last parameter with its colon even where it could do without.
    package var hasTrailing: Bool

    package init(
        tags: LineTags = [], source: Text? = nil, verb: String, _ parameters: [Text] = [],
        hasTrailing: Bool = false
    ) {
        self.tags = tags
        self.source = source
        self.verb = verb
        self.parameters = parameters
        self.hasTrailing = hasTrailing
    }

    /// The unescaped value of the tag with this key; nil without the tag, empty without a value.
    package func tagValue(_ key: String) -> Text? {
        tags.value(of: key)
    }
}

/// One tag; the value is kept escaped, as it stands on the wire.
package struct LineTag: Hashable, Sendable {
    /// With its `+` for client-only tags and its vendor, as on the wire.
    package var key: String
    /// Escaped; nil when there is no `=`.
    package var escapedValue: Text?

    /// A tag whose value is already escaped.
    package init(key: String, escapedValue: Text?) {
        self.key = key
        self.escapedValue = escapedValue
    }

    /// A tag with a value that is still to be escaped.
    package init(_ key: String, _ value: Text? = nil) {
        self.key = key
        self.escapedValue = value.map { Text(LineTag.escaped($0.bytes)) }
    }

    package var isClientOnly: Bool { key.utf8.first == UInt8(ascii: "+") }
    package var value: Text { Text(LineTag.unescaped(escapedValue?.bytes ?? [])) }

    /// `;` `\:`, space `\s`, `\` `\\`, CR `\r`, LF `\n` (IRCv3 message-tags, "Escaping values").
    package static func escaped(_ value: [UInt8]) -> [UInt8] {
        guard value.contains(where: { $0 == 59 || $0 == 32 || $0 == 92 || $0 == 13 || $0 == 10 }) else {
            return value
        }
        var result: [UInt8] = []
        result.reserveCapacity(value.count + 8)
        for byte in value {
            switch byte {
            case 59: result += [92, 58]
            case 32: result += [92, 115]
            case 92: result += [92, 92]
            case 13: result += [92, 114]
            case 10: result += [92, 110]
            default: result.append(byte)
            }
        }
        return result
    }

    /// The reverse; an invalid escape drops its backslash, a lone one at the end is dropped.
    package static func unescaped(_ value: [UInt8]) -> [UInt8] {
        guard value.contains(92) else { return value }
        var result: [UInt8] = []
        result.reserveCapacity(value.count)
        var isEscaped = false
        for byte in value {
            guard isEscaped else {
                if byte == 92 { isEscaped = true } else { result.append(byte) }
                continue
            }
            isEscaped = false
            switch byte {
            case 58: result.append(59)
            case 115: result.append(32)
            case 114: result.append(13)
            case 110: result.append(10)
            default: result.append(byte)
            }
        }
        return result
    }
}
