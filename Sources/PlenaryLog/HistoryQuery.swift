// SPDX-License-Identifier: Apache-2.0

import PlenaryDomain
import PlenaryTerms

/// What part of a conversation is wanted.
package struct HistoryQuery: Hashable, Sendable {
    /// A place in a conversation; itself never part of the answer, but for `around`.
    package enum Bound: Hashable, Sendable {
        case offset(Offset)
        case time(Timestamp)
    }

    package enum Selection: Hashable, Sendable {
        /// The newest ones, of those after the bound if there is one.
        case latest(after: Bound?)
        /// The newest ones before it.
        case before(Bound)
        /// The oldest ones after it.
        case after(Bound)
        /// As many before it as fit in half the limit, then it and what follows.
        case around(Bound)
        /// The first after the first bound and before the second; with the ends swapped, the last before
        /// the first bound and after the second.
        case between(Bound, Bound)
    }

    package var conversation: Conversation
    package var selection: Selection
    /// Events of the answer; at most `LogLimits.historyScanRecordLimit`.
    package var limit: Int
    /// Whether topics, modes, kicks and messages of tags alone are wanted too (IRCv3 event-playback).
    package var includesEvents: Bool

    package init(conversation: Conversation, selection: Selection, limit: Int, includesEvents: Bool) {
        self.conversation = conversation
        self.selection = selection
        self.limit = limit
        self.includesEvents = includesEvents
    }
}

/// The answer to a query.
package struct HistoryResult: Hashable, Sendable {
    /// In the order of the log, at most the limit.
    package var events: [LoggedEvent]
    /// Whether there is nothing more in the direction of the query, or between its bounds.
    package var isComplete: Bool

    package init(events: [LoggedEvent], isComplete: Bool) {
        self.events = events
        self.isComplete = isComplete
    }
}

/// A conversation and the time of its newest message.
package struct ConversationTime: Hashable, Sendable {
    package var conversation: Conversation
    package var time: Timestamp

    package init(conversation: Conversation, time: Timestamp) {
        self.conversation = conversation
        self.time = time
    }
}
