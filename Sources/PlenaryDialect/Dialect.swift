// SPDX-License-Identifier: Apache-2.0

import PlenaryDomain
import PlenaryTerms
import PlenaryWire

/// Facts about this server that replies state.
package struct ServerFacts: Sendable {
    package var name: Text
    package var network: Text
    package var version: Text
    package var description: Text
    package var started: Timestamp
    package var messageOfTheDay: [Text]
    package var adminName: Text
    package var adminOrganisation: Text
    package var adminEmail: Text
    /// The values of the `sts` capability on plain connections and under TLS, nil when it is not announced.
    package var stsPort: Text?
    package var stsDuration: Text?

    package init(name: Text, network: Text, version: Text, started: Timestamp) {
        self.name = name
        self.network = network
        self.version = version
        self.started = started
        description = ""
        messageOfTheDay = []
        adminName = ""
        adminOrganisation = ""
        adminEmail = ""
    }
}

/// Turns lines into commands, and events, answers and refusals into lines.
package struct Dialect {
    /// Boxed, because whoever calls a method of the owner's dialect copies it.
    @Boxed package var facts: ServerFacts
    /// The public name of the message at a place.
    let identify: (Offset) -> MessageID

    package init(facts: ServerFacts, identify: @escaping (Offset) -> MessageID) {
        self.facts = facts
        self.identify = identify
    }

    /// A numeric to a session: `:server NNN nick …`.
    func numeric(
        _ numeric: Numeric, _ session: Session, _ parameters: [Text] = [], _ trailing: Text? = nil
    ) -> Line {
        Dialect.fitted(
            Line(
                source: facts.name, verb: numeric.verb,
                [session.replyName] + parameters + (trailing.map { [$0] } ?? []),
                hasTrailing: trailing != nil))
    }

    /// A numeric whose last parameter is a text of the catalogue.
    func numeric(
        _ numeric: Numeric, _ session: Session, _ parameters: [Text] = [], say key: ServerText,
        _ values: KeyValuePairs<Placeholder, Text> = [:]
    ) -> Line {
        self.numeric(numeric, session, parameters, text(key, in: session.language, values))
    }

    /// IRCv3 standard-replies: `FAIL <command> <code> [context…] :text`.
    func fail(
        _ command: Text, _ code: Text, _ context: [Text] = [], _ session: Session, say key: ServerText,
        _ values: KeyValuePairs<Placeholder, Text> = [:]
    ) -> Line {
        Dialect.fitted(
            Line(
                source: facts.name, verb: "FAIL",
                [command, code] + context.map(Dialect.word) + [text(key, in: session.language, values)],
                hasTrailing: true))
    }

    /// A line of at most 512 bytes: what is too much goes from the end of its longest parameter, between
    /// code points. What people post never gets here too long; what they name in a command may.
    static func fitted(_ line: Line) -> Line {
        let frame = (line.source?.byteCount ?? -2) + 2 + line.verb.utf8.count + 1 + 2
        var excess = line.parameters.reduce(frame) { $0 + 1 + $1.byteCount } - 512
        guard excess > 0 else { return line }
        var line = line
        while excess > 0,
            let longest = line.parameters.indices.max(by: {
                line.parameters[$0].byteCount < line.parameters[$1].byteCount
            })
        {
            let whole = line.parameters[longest]
            let kept = utf8Prefix(whole.bytes, byteLimit: max(whole.byteCount - excess, 16))
            guard kept.count < whole.byteCount, !kept.isEmpty else { return line }
            line.parameters[longest] = Text(kept)
            excess -= whole.byteCount - kept.count
        }
        return line
    }

    /// Bytes of what a client said that a reply repeats. The rest is left out.
    private static let repeatedWordByteLimit = 160

    /// A text made fit to stand in the middle of a line: never empty, no space, no leading colon, not long.
    static func word(_ text: Text) -> Text {
        if text.isEmpty { return "*" }
        let text = Text(utf8Prefix(text.bytes, byteLimit: repeatedWordByteLimit))
        guard text.bytes[0] == 58 || text.bytes.contains(32) else { return text }
        let clean = text.bytes.map { $0 == 32 ? 95 : $0 }
        return Text(clean[0] == 58 ? [42] + clean : clean)
    }

    /// Words joined by spaces into as many texts as are needed, none longer than the limit.
    static func packed(_ words: [Text], byteLimit: Int) -> [Text] {
        var packer = WordPacker(byteLimit: byteLimit)
        for word in words { packer.add { $0 += word.bytes } }
        return packer.finish()
    }
}
