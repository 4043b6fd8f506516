// SPDX-License-Identifier: Apache-2.0

import PlenaryClient

extension ModerationAct {
    /// The sentence that tells it. Whom or what it was done to fills `name`, `thread`, `number` and `seconds`,
    /// whichever the sentence has; `act` is the act by its own name, where there is no sentence for it.
    package var sentence: Sentence {
        switch action {
        case "mute": .didMute
        case "unmute": .didUnmute
        case "remove": .didRemove
        case "ban": .didBan
        case "unban": .didUnban
        case "slow": target == "off" ? .didSlowOff : .didSlow
        case "moderated": target == "on" ? .didLock : .didUnlock
        case "close": .threadClosed
        case "reopen": .threadOpened
        case "archive": .threadArchived
        case "pin": .threadPinned
        case "unpin": .threadUnpinned
        case "move": target == "0" ? .didMoveToMain : .didMove
        case "hide": .didHide
        case "unhide": .didUnhide
        case "redact": .didRedact
        case "suspend": .didSuspend
        case "restore": .didRestore
        default: .didOther
        }
    }

    /// Whether it is told where it happened by an event of its own: KICK, REDACT, THREAD, MODE.
    package var hasEvent: Bool {
        ["remove", "redact", "close", "reopen", "archive", "pin", "unpin", "move", "mode"].contains(action)
    }
}

extension ThreadEvent {
    /// The sentence that tells it; nil for what is not told.
    package var sentence: Sentence? {
        switch kind {
        case .new: .threadMade
        case .title: .threadRenamed
        case .state:
            switch thread.state {
            case .open: .threadOpened
            case .closed: .threadClosed
            case .archived: .threadArchived
            }
        case .pin: thread.pinRank == nil ? .threadUnpinned : .threadPinned
        case .answer: thread.answerMessageID == nil ? .answerTaken : .answerAccepted
        case .move: .messagesMoved
        case .info, .level: nil
        }
    }
}
