// SPDX-License-Identifier: Apache-2.0

import PlenaryTerms
import PlenaryWire

/// All that one command says to the session that gave it: one logical answer (IRCv3 labeled-response).
struct ReplyScope: Sendable {
    /// nil when the session did not ask for labelled answers.
    let label: Text?
    private(set) var lines: [Line] = []
    /// Whether the command was TOPIC or MODE, which have lines of their own for what THREAD does.
    var isClassic = false
    /// Whether it came as a message to the desk: then it is answered by notices.
    var isDesk = false

    init(label: Text?) { self.label = label }

    mutating func reply(_ new: [Line]) { lines += new }

    mutating func reshape(_ change: ([Line]) -> [Line]) { lines = change(lines) }

    /// The lines as they are sent: `ACK` for nothing, the label on a single line or on an answer that is a
    /// batch already, else a batch of type labeled-response.
    func finished(serverName: @autoclosure () -> Text, batchReference: () -> Text) -> [Line] {
        guard let label else { return lines }
        let serverName = serverName()
        let tag: LineTags = [LineTag("label", label)]
        guard var first = lines.first else {
            return [Line(tags: tag, source: serverName, verb: "ACK")]
        }
        if lines.count == 1 || isOneBatch {
            first.tags.prepend(tag)
            return [first] + lines.dropFirst()
        }
        let reference = batchReference()
        var inner = lines
        inner.putIntoBatch(reference)
        return [Line(tags: tag, source: serverName, verb: "BATCH", ["+" + reference, "labeled-response"])]
            + inner
            + [Line(source: serverName, verb: "BATCH", ["-" + reference])]
    }

    /// Whether the whole answer is one batch, opened by the first line and closed by the last.
    private var isOneBatch: Bool {
        guard let open = lines.first, let close = lines.last, open.verb == "BATCH", close.verb == "BATCH",
            let name = open.parameters.first?.bytes.dropFirst(), let end = close.parameters.first?.bytes
        else { return false }
        return end.first == 45 && end.dropFirst() == name
    }
}
