// SPDX-License-Identifier: Apache-2.0

import PlenaryDomain
import PlenaryTerms
import PlenaryWire

/// What is shown of a message that a moderator hid (docs/extensions/moderation.md, "Hidden messages").
extension Dialect {
    /// A past message as a session may read it, with the code when it is hidden.
    func veiled(
        _ logged: LoggedEvent, to session: Session, in community: Community
    ) -> (event: LoggedEvent, code: Text?) {
        guard case .messagePosted(var message) = logged.event,
            let hiding = community.hiding(of: logged.offset, in: message.conversation)
        else { return (logged, nil) }
        let code = ActReason(hiding.reason).code
        let mark = MessageLine(
            PlenaryDialect.text(
                .hiddenByModerator, in: session.language, [.reason: reasonText(code, in: session.language)]))
        let mayRead = community.mayReadHidden(message.conversation, session)
        if !mayRead {
            message.lines = [mark]
            message.clientTags = ""
        } else if !session.capabilities.isSuperset(of: [.moderation, .messageTags]) {
            // Without the tag a moderator would not know that others do not see it.
            message.lines = [mark] + message.lines
        }
        var logged = logged
        logged.event = .messagePosted(message)
        return (logged, code.word)
    }

    /// The lines of a veiled message, the first with its tag.
    func marked(_ lines: [Line], hidden code: Text?, to session: Session) -> [Line] {
        guard let code, session.capabilities.isSuperset(of: [.moderation, .messageTags]), !lines.isEmpty
        else { return lines }
        var lines = lines
        lines[0].tags.append(LineTag(Vendor.name + "/hidden", code))
        return lines
    }

    /// A hidden message for clients that only know redactions.
    package func renderHidingAsRedaction(
        _ event: MessageHidden, id: MessageID, time: Timestamp, thread: ThreadID, as form: ThreadForm,
        to capabilities: Capabilities
    ) -> [Line] {
        let redaction = MessageRedacted(
            conversation: .channel(event.channel), target: event.channelName, message: event.message,
            reason: ActReason(event.reason).code.word, actor: event.actor)
        return renderRedaction(
            redaction, id: id, time: time, thread: thread, as: form, to: capabilities)
    }

    /// A stored event as one session may read it.
    package func renderVeiled(
        _ logged: LoggedEvent, id: MessageID, to session: Session, in community: Community,
        at placement: Placement, as form: ThreadForm
    ) -> [Line] {
        let (event, code) = veiled(logged, to: session, in: community)
        let lines = render(
            event, id: id, to: session.capabilities, in: community, at: placement, as: form)
        return marked(lines, hidden: code, to: session)
    }
}
