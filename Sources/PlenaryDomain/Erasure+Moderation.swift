// SPDX-License-Identifier: Apache-2.0

import PlenaryTerms

/// What erasing makes of what moderators did and were told. That an act was done, by whom and why in one
/// word, stays; words about an erased person or message go.
extension ErasurePass {
    func form(of event: ModerationEvent) -> ErasedForm {
        func form<Content: Equatable>(
            _ before: Content, _ after: Content, _ make: (Content) -> ModerationEvent
        ) -> ErasedForm {
            after == before ? .unchanged : .replaced(.moderation(make(after)))
        }
        switch event {
        case .messageHidden(let event):
            return form(event, scrubbed(event), ModerationEvent.messageHidden)
        case .reportFiled(let event): return form(event, scrubbed(event), ModerationEvent.reportFiled)
        case .reportHandled(let event):
            return form(event, scrubbed(event), ModerationEvent.reportHandled)
        case .noteAdded(let event):
            if isErased(event.account) { return .removed }
            return form(event, scrubbed(event), ModerationEvent.noteAdded)
        // Written by snapshots alone, which are made anew.
        case .actsRemembered: return .unchanged
        }
    }

    func scrubbed(_ event: MessageHidden) -> MessageHidden {
        var changed = event
        changed.actor = scrubbed(event.actor)
        if plan.messages.contains(event.message) { changed.reason = codeAlone(event.reason) }
        return changed
    }

    func scrubbed(_ event: ReportFiled) -> ReportFiled {
        var changed = event
        changed.actor = scrubbed(event.actor)
        changed.about = scrubbed(event.about)
        let isAboutMessage = event.message.map { plan.messages.contains($0) } ?? false
        if isAboutMessage || isErased(event.actor.account) || changed.about != event.about {
            changed.reason = codeAlone(event.reason)
        }
        return changed
    }

    func scrubbed(_ event: ReportHandled) -> ReportHandled {
        var changed = event
        changed.actor = scrubbed(event.actor)
        return changed
    }

    func scrubbed(_ event: NoteAdded) -> NoteAdded {
        var changed = event
        changed.actor = scrubbed(event.actor)
        return changed
    }

    func scrubbed(_ act: ModerationAct) -> ModerationAct {
        var changed = act
        changed.actor = scrubbed(act.actor)
        changed.target = scrubbed(words: act.target)
        if changed.target != act.target { changed.reason = codeAlone(act.reason) }
        return changed
    }

    func scrubbed(_ event: MemberKicked) -> MemberKicked {
        var changed = event
        changed.actor = scrubbed(event.actor)
        changed.nickname = scrubbed(event.nickname)
        // Without a comment, KICK has the name of who did it.
        changed.reason = scrubbed(event.reason)
        if changed.nickname != event.nickname {
            changed.reason = codeAlone(changed.reason)
            changed.note = codeAlone(event.note)
        }
        return changed
    }

    func scrubbed(_ event: ModesChanged) -> ModesChanged {
        var changed = event
        changed.actor = scrubbed(event.actor)
        changed.changes = event.changes.map { scrubbed($0) }
        if changed.changes != event.changes { changed.reason = codeAlone(event.reason) }
        return changed
    }

    func scrubbed(_ event: AccountStateSet) -> AccountStateSet {
        var changed = event
        changed.actor = event.actor.map { scrubbed($0) }
        if isErased(event.account) { changed.reason = codeAlone(event.reason) }
        return changed
    }

    /// What an act was done to: a name or mask, or changes of modes, `+o amina,+l 9`.
    private func scrubbed(words: Text) -> Text {
        let changes = words.bytes.split(separator: 44, omittingEmptySubsequences: false).map { change in
            change.split(separator: 32, omittingEmptySubsequences: false)
                .map { scrubbed(mask: Text($0)).bytes }.joined(separator: [32])
        }
        return Text(Array(changes.joined(separator: [44])))
    }

    /// The reason's code, which everybody was told; nothing of a reason that has none.
    func codeAlone(_ reason: Text) -> Text {
        let code = ActReason(reason).code
        return code == .other && !reason.bytes.starts(with: ReasonCode.other.rawValue.utf8) ? "" : code.word
    }
}

extension ModerationState {
    /// Takes a person out of what moderation keeps.
    mutating func forget(_ pass: ErasurePass) {
        for account in notes.keys where pass.isErased(account) { notes[account] = nil }
        notes = notes.mapValues { $0.map { MemberNote(note: pass.scrubbed($0.note), time: $0.time) } }
        acts = acts.mapValues { $0.map { pass.scrubbed($0) } }
        hidden = hidden.mapValues { $0.mapValues { pass.scrubbed($0) } }
        reports = reports.mapValues { report in
            var changed = Report(filed: pass.scrubbed(report.filed), time: report.time)
            changed.claim = report.claim.map { pass.scrubbed($0) }
            changed.claimTime = report.claimTime
            changed.resolution = report.resolution.map { pass.scrubbed($0) }
            changed.resolutionTime = report.resolutionTime
            return changed
        }
    }

    /// Takes words about messages out.
    mutating func forget(messages: Set<Offset>) {
        let pass = ErasurePass(plan: ErasurePlan(messages: messages), names: ErasureNames())
        hidden = hidden.mapValues { $0.mapValues { pass.scrubbed($0) } }
        for (number, report) in reports {
            guard let message = report.filed.message, messages.contains(message) else { continue }
            var changed = Report(filed: pass.scrubbed(report.filed), time: report.time)
            changed.claim = report.claim
            changed.claimTime = report.claimTime
            changed.resolution = report.resolution
            changed.resolutionTime = report.resolutionTime
            reports[number] = changed
        }
    }
}
