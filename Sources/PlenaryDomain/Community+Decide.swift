// SPDX-License-Identifier: Apache-2.0

import PlenaryTerms

extension Community {
    /// What a command leads to, in the state as it is. Nothing changes here.
    package func decide(_ command: Command, by id: SessionID, at moment: Moment) -> [Outcome] {
        guard let act = ratedAct(of: command, by: id) else {
            return decideUnrated(command, by: id, at: moment)
        }
        if let refusal = rateRefusal(act, by: id, at: moment.steady) { return [.refused(refusal)] }
        return [.presence(.rated(id, act, moment.steady))] + decideUnrated(command, by: id, at: moment)
    }

    /// The act that a command counts as, once its session is registered.
    private func ratedAct(of command: Command, by id: SessionID) -> RatedAct? {
        let act: RatedAct
        switch command {
        case .registration(.nickname): act = .changeNickname
        case .membership(.join): act = .join
        case .membership(.invite): act = .invite
        case .history: act = .fetchHistory
        default: return nil
        }
        return sessions[id]?.isRegistered ?? false ? act : nil
    }

    private func decideUnrated(_ command: Command, by id: SessionID, at moment: Moment) -> [Outcome] {
        switch command {
        case .registration(let command): decide(command, by: id, at: moment)
        case .membership(let command): decide(command, by: id, at: moment)
        case .messaging(let command): decide(command, by: id, at: moment)
        case .topics(let command): decide(command, by: id, at: moment)
        case .modes(let command): decide(command, by: id, at: moment)
        case .presence(let command): decide(command, by: id, at: moment)
        case .accounts(let command): decide(command, by: id, at: moment)
        case .history(let command): decide(command, by: id)
        case .threads(let command): decide(command, by: id, at: moment)
        case .reading(let command): decide(command, by: id, at: moment)
        case .moderation(let command): decide(command, by: id, at: moment)
        case .search(let command): decide(command, by: id, at: moment)
        case .retention(let command): decide(command, by: id, at: moment)
        case .people(let command): decide(command, by: id, at: moment)
        case .meetings(let command): decide(command, by: id, at: moment)
        case .floor(let command): decide(command, by: id, at: moment)
        case .relaying(let command): decide(command, by: id, at: moment)
        case .languages(let command): decide(command, by: id, at: moment)
        case .outcomes(let command): decide(command, by: id, at: moment)
        case .practices(let command): decide(command, by: id, at: moment)
        case .questionnaires(let command): decide(command, by: id, at: moment)
        }
    }
}
