// SPDX-License-Identifier: Apache-2.0

import Logging
import PlenaryDomain
import PlenaryTerms

/// Keys of labels: made when nobody is to be named, destroyed when the session is over
/// (docs/extensions/attribution.md).
extension CommunityOwner {
    /// What an event of a session means for its key. A key that cannot be made means that nobody speaks; one that
    /// cannot be destroyed is said to the operator, and tried again every hour and at each start.
    func keepLabelKey(_ event: MeetingEvent) {
        switch event {
        case .attributionSet(let set) where set.policy != .attributed:
            do { try labelKeys.make(for: set.channel) } catch {
                logger.error("no labels in #\(set.channel.value): \(error)")
            }
        case .attributionSet, .acted, .cancelled, .scheduled: destroyLabelKeys()
        case .agendaItemSet, .documentSet, .attended, .remembered, .labelGiven, .labelTokens: break
        }
    }

    /// Destroys every key whose session is over, or is no session without names any more; also what a crash left.
    func destroyLabelKeys() {
        for channel in labelKeys.channels() {
            let meeting = community.meetings[channel]
            if let meeting, meeting.attribution != .attributed, meeting.noted != .closed { continue }
            do { try labelKeys.destroy(channel) } catch {
                logger.error("the key of #\(channel.value) is not destroyed: \(error)")
            }
        }
    }

    /// Whether a command is said where nobody is named: then it does not end that person's idle time.
    func isUnnamed(_ command: Command?) -> Bool {
        guard case .messaging(let command)? = command, !community.meetings.isEmpty else { return false }
        let target: Text
        switch command {
        case .post(let text): target = text.target
        case .openBatch(_, let name, _, _, _, _, _), .batchLine(_, let name, _, _, _): target = name
        // The batch is over by now, and its opening line was looked at.
        case .closeBatch: return true
        }
        guard target.bytes.first == 35 else { return false }
        let name = target.bytes.firstIndex(of: 47).map { target.bytes[..<$0] } ?? target.bytes[...]
        return community.channel(named: name).map { community.forbidsRelays($0.id) } ?? false
    }
}
