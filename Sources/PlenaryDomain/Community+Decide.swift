// SPDX-License-Identifier: Apache-2.0

import PlenaryTerms

extension Community {
    /// What a command leads to, in the state as it is. Nothing changes here.
    package func decide(_ command: Command, by id: SessionID, at moment: Moment) -> [Outcome] {
        switch command {
        case .registration(let command): decide(command, by: id, at: moment)
        case .membership(let command): decide(command, by: id)
        case .messaging(let command): decide(command, by: id, at: moment)
        case .topics(let command): decide(command, by: id)
        case .modes(let command): decide(command, by: id)
        case .presence(let command): decide(command, by: id, at: moment)
        case .accounts(let command): decide(command, by: id, at: moment)
        case .history(let command): decide(command, by: id)
        }
    }
}
