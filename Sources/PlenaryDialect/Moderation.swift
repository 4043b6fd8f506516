// SPDX-License-Identifier: Apache-2.0

import PlenaryDomain
import PlenaryTerms
import PlenaryWire

/// REDACT (IRCv3 message-redaction, draft), MOD and REPORT (docs/extensions/moderation.md).
extension Dialect {
    static func interpretModeration(_ line: Line) throws(Refusal) -> Command {
        switch line.verb {
        case "MOD": .moderation(try ModerationLine(line).command())
        case "REPORT": .moderation(ModerationLine.report(line))
        default: interpretRedaction(line)
        }
    }

    private static func interpretRedaction(_ line: Line) -> Command {
        .moderation(
            .redact(
                target: line.parameters[0], message: MessageID(line.parameters[1].bytes),
                spelledMessage: line.parameters[1], reason: line.parameters[parameter: 2] ?? ""))
    }

    /// For sessions with the capability; others are not told.
    package func renderRedaction(
        _ event: MessageRedacted, id: MessageID, time: Timestamp, thread: ThreadID, as form: ThreadForm,
        to capabilities: Capabilities
    ) -> [Line] {
        guard capabilities.contains(.messageRedaction) else { return [] }
        var tags = eventTags(actor: event.actor, id: id, time: time, capabilities)
        addThreadTags(Placement(thread: thread), capabilities, .plain, to: &tags)
        // Where the message was shown.
        let isInWindow = form == .window && thread != .mainLine && !capabilities.contains(.threads)
        let target = isInWindow ? event.target + Text("/\(thread.value)") : event.target
        let reason = event.reason.isEmpty ? [] : [event.reason]
        return [
            Dialect.fitted(
                Line(
                    tags: tags, source: event.actor.source, verb: "REDACT",
                    [target, Text(identify(event.message).text)] + reason, hasTrailing: !reason.isEmpty)
            )
        ]
    }

    func renderRedaction(_ code: RedactionFailure, _ context: [Text], _ session: Session) -> Line {
        let key: ServerText =
            switch code {
            case .invalidTarget: .threadTargetInvalid
            case .unknownMessage: .unknownMessageID
            case .forbidden: .redactionForbidden
            }
        return fail("REDACT", Text(code.rawValue), context, session, say: key)
    }
}
