// SPDX-License-Identifier: Apache-2.0

import PlenaryTerms

/// One line between the relay and a translation engine in a process of its own (docs/RELAY.md, "A translation engine").
package enum TranslationRecord {
    /// What an engine is asked: a message and the language it is wanted in.
    package static func wish(id: String, text: String, from: String?, to: String) -> JSONValue {
        .object([
            "v": .integer(AdapterRecord.version), "id": .string(id),
            "lang": from.map { .string($0) } ?? .null,
            "to": .string(to), "text": .string(text),
        ])
    }

    /// What an engine answers.
    package struct Answer: Sendable, Hashable {
        /// The message.
        package var id: String
        /// The language.
        package var to: String
        /// The text; nil where the engine has none.
        package var text: String?
        /// What made it.
        package var engine: String?
    }

    /// Reads a line of the engine; throws what is wrong with it.
    package static func answer(_ line: [UInt8]) throws(RelayRefusal) -> Answer {
        let json: JSONValue
        do { json = try JSONValue(parsing: line) } catch { throw RelayRefusal(.malformed, "\(error)") }
        guard json["v"]?.integer == AdapterRecord.version else {
            throw RelayRefusal(.malformed, "`v` is not \(AdapterRecord.version)")
        }
        guard let id = json["id"]?.text, let to = json["to"]?.text else {
            throw RelayRefusal(.malformed, "`id` and `to` are needed")
        }
        if let engine = json["engine"]?.text, !TranslationMark.isEngine(engine.utf8) {
            throw RelayRefusal(.malformed, "`engine` is no name of an engine")
        }
        return Answer(id: id, to: to, text: json["text"]?.text, engine: json["engine"]?.text)
    }

    /// Whether a message in a language is to be translated into another one. What says nothing of its language is.
    package static func isWanted(from: String?, to: String) -> Bool {
        func base(_ tag: String) -> Substring? { tag.lowercased().split(separator: "-").first }
        guard let from else { return true }
        return base(from) != base(to)
    }
}
