// SPDX-License-Identifier: Apache-2.0

import PlenaryTerms

extension Line {
    /// Appends the line with CR LF. The only place that writes lines.
    ///
    /// The caller vouches for the parameters: no NUL, CR or LF anywhere, and only the last one may be
    /// empty, hold a space or begin with a colon. A middle parameter that breaks this is our own mistake.
    package func encode(into bytes: inout [UInt8]) {
        if !tags.isEmpty {
            bytes.append(64)
            bytes += tags.bytes
            bytes.append(32)
        }
        encodeBody(into: &bytes)
    }

    /// The line without its tags.
    package func encodeBody(into bytes: inout [UInt8]) {
        if let source {
            bytes.append(58)
            bytes += source.bytes
            bytes.append(32)
        }
        bytes += verb.utf8
        for (index, parameter) in parameters.enumerated() {
            bytes.append(32)
            if index == parameters.count - 1 {
                if hasTrailing || parameter.bytes.isEmpty || parameter.bytes[0] == 58
                    || parameter.bytes.contains(32)
                {
                    bytes.append(58)
                }
            } else {
                precondition(
                    !parameter.bytes.isEmpty && parameter.bytes[0] != 58 && !parameter.bytes.contains(32),
                    "a middle parameter must be one word: \(verb)")
            }
            bytes += parameter.bytes
        }
        bytes.append(13)
        bytes.append(10)
    }

    package func encoded() -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(256)
        encode(into: &bytes)
        return bytes
    }
}

extension LineTag {
    /// Appends `key=value`, or the key alone.
    package func encode(into bytes: inout [UInt8]) {
        bytes += key.utf8
        if let escapedValue, !escapedValue.isEmpty {
            bytes.append(61)
            bytes += escapedValue.bytes
        }
    }
}
