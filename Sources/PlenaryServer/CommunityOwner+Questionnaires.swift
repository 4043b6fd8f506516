// SPDX-License-Identifier: Apache-2.0

import Logging
import PlenaryDialect
import PlenaryDomain
import PlenaryTerms

extension CommunityOwner {
    /// Records what becomes of a questionnaire. An anonymous one gets its key before it opens, so that no answer is
    /// ever taken without, and loses it when its end is on the disk.
    func recordQuestionnaire(_ event: QuestionnaireEvent, by id: SessionID?, _ scope: inout ReplyScope) {
        switch event {
        case .defined, .answered: _ = record(.questionnaires(event))
        case .opened(let name, _):
            if community.questionnaires[name]?.definition.isAnonymous ?? false {
                do { try questionnaireKeys.make(name) } catch {
                    logger.error(
                        "questionnaire.key", metadata: ["questionnaire": "\(name)", "reason": "\(error)"])
                    refuseOpening(name, by: id, &scope)
                    return
                }
            }
            _ = record(.questionnaires(event))
            tell(.opened, name, by: id, &scope)
        case .closed(let name, _):
            _ = record(.questionnaires(event))
            destroyKey(of: name)
            tell(.closed, name, by: id, &scope)
        }
    }

    private func refuseOpening(_ name: Text, by id: SessionID?, _ scope: inout ReplyScope) {
        guard let session = id.flatMap({ community.sessions[$0] }) else { return }
        let refusal = Refusal.gathering(verb: "FORM", code: .keyUnavailable, context: [name])
        scope.reply(dialect.render(refusal, to: session, in: community))
    }

    private func destroyKey(of name: Text) {
        let destroy = questionnaireKeys.forget(name)
        let logger = self.logger
        afterCommit {
            do { try destroy() } catch {
                // The next start tries again.
                logger.error(
                    "questionnaire.key", metadata: ["questionnaire": "\(name)", "reason": "\(error)"])
            }
        }
    }

    /// The row to sessions with the capability, and the answer to whoever did it.
    private func tell(
        _ deed: QuestionnaireDeed, _ name: Text, by id: SessionID?, _ scope: inout ReplyScope
    ) {
        guard let form = community.questionnaires[name] else { return }
        for reader in community.sessions.keys.sorted() where reader != id {
            guard let session = community.sessions[reader], session.isRegistered,
                session.account != nil, session.capabilities.contains(.questionnaires)
            else { continue }
            send(dialect.formRow(form, to: session), to: reader)
        }
        guard let session = id.flatMap({ community.sessions[$0] }) else { return }
        let answer = Answer.questionnaires(.done(deed, name))
        scope.reply(dialect.render(answer, to: session, in: community, now: now()))
    }

    /// Opens and closes what is due by the clock.
    func turnQuestionnaires() {
        let due = community.questionnairesDue(at: now())
        var scope = ReplyScope(label: nil)
        for event in due { recordQuestionnaire(event, by: nil, &scope) }
    }

    /// Takes over the configuration's questionnaires. One that was opened keeps the questions that it was opened with.
    func define(_ definitions: [QuestionnaireDefinition]) {
        for definition in definitions {
            let known = community.questionnaires[definition.name]
            guard known?.definition != definition else { continue }
            let isFull = community.questionnaires.count >= community.policy.limits.questionnaireCountLimit
            guard known.map({ $0.state == .draft }) ?? !isFull else {
                logger.warning(
                    "questionnaire.kept",
                    metadata: [
                        "questionnaire": "\(definition.name)",
                        "reason": known == nil ? "there are too many" : "it was opened with other questions",
                    ])
                continue
            }
            if let problem = definition.problem(community.policy.limits) {
                logger.error(
                    "questionnaire.invalid",
                    metadata: ["questionnaire": "\(definition.name)", "reason": "\(problem)"])
                continue
            }
            _ = record(.questionnaires(.defined(definition)))
        }
    }

    /// At a start: the keys of what is open, and the end of those that a crash left behind.
    func settleQuestionnaireKeys() {
        for form in community.questionnaires.values where form.definition.isAnonymous {
            let name = form.definition.name
            switch form.state {
            case .draft: break
            case .closed: destroyKey(of: name)
            case .open:
                do {
                    if try !questionnaireKeys.load(name) {
                        logger.error("questionnaire.key_missing", metadata: ["questionnaire": "\(name)"])
                    }
                } catch {
                    logger.error(
                        "questionnaire.key", metadata: ["questionnaire": "\(name)", "reason": "\(error)"])
                }
            }
        }
    }
}
