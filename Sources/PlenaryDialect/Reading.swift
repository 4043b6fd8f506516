// SPDX-License-Identifier: Apache-2.0

import PlenaryDomain
import PlenaryTerms
import PlenaryWire

/// MARKREAD (IRCv3 read-marker, draft).
extension Dialect {
    static func interpretReading(_ line: Line) throws(Refusal) -> [Command] {
        guard let target = line.parameters.first else { throw .markerInvalid([]) }
        guard let text = line.parameters[parameter: 1] else { return [.reading(.showMarker(target: target))] }
        let parts = text.bytes.split(separator: 61, maxSplits: 1)
        guard parts.count == 2, Text(parts[0]) == "timestamp", let time = Timestamp(iso8601: parts[1]) else {
            throw .markerInvalid([target, text])
        }
        return [.reading(.setMarker(target: target, time))]
    }

    /// `MARKREAD <target> timestamp=…`, or `*` when nothing is marked.
    package func renderMarker(_ target: Text, _ time: Timestamp?) -> Line {
        Line(
            source: facts.name, verb: "MARKREAD",
            [Dialect.word(target), time.map { Text("timestamp=\($0.iso8601)") } ?? "*"])
    }
}
