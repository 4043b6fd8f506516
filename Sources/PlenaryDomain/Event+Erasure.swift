// SPDX-License-Identifier: Apache-2.0

import PlenaryTerms

/// What is to be taken out of the log for good (docs/DURABILITY.md, "Erasure").
package struct ErasurePlan: Hashable, Sendable {
    /// Messages of one request. What asks for more makes several requests: their offsets must fit into one record.
    package static let messageCountLimit = 4_096
    /// Accounts of one request.
    package static let accountCountLimit = 256

    /// Messages that become stubs. An offset of something else is passed over.
    package var messages: Set<Offset>
    /// Accounts whose messages become stubs and whose name is taken out of every other event.
    package var accounts: Set<AccountID>

    package init(messages: Set<Offset> = [], accounts: Set<AccountID> = []) {
        self.messages = messages
        self.accounts = accounts
    }

    package var isEmpty: Bool { messages.isEmpty && accounts.isEmpty }

    /// Whether a record may carry it.
    package var isWithinLimits: Bool {
        messages.count <= ErasurePlan.messageCountLimit && accounts.count <= ErasurePlan.accountCountLimit
    }
}

package enum ErasureEvent: Hashable, Sendable {
    /// From here on nobody is shown what the plan names; the server then takes it out of all its files.
    case requested(ErasureRequested)
    /// It is in no file of the server any more.
    case done(ErasureDone)
    /// What a message leaves behind: written in its place when the segment is rewritten.
    case messageErased(MessageErased)
}

/// Somebody decided that something has to go. Carries nothing that itself would have to go.
package struct ErasureRequested: Hashable, Sendable {
    package var plan: ErasurePlan
    /// Who decided it; nil for the operator and for rules (retention).
    package var actor: AccountID?
    /// A code such as `personal-data`, never a person's own words.
    package var reason: Text

    package init(plan: ErasurePlan, actor: AccountID?, reason: Text) {
        self.plan = plan
        self.actor = actor
        self.reason = reason
    }
}

package struct ErasureDone: Hashable, Sendable {
    /// The request's place in the log.
    package var request: Offset
    package init(request: Offset) { self.request = request }
}

/// A message without author, text, tags, mentions and token; number and time are the record's.
package struct MessageErased: Hashable, Sendable {
    package var conversation: Conversation
    /// As it was posted; a later move is an event of its own.
    package var thread: ThreadID
    /// Whether it was PRIVMSG or NOTICE, and not tags alone.
    package var wasMessage: Bool

    package init(conversation: Conversation, thread: ThreadID, wasMessage: Bool) {
        self.conversation = conversation
        self.thread = thread
        self.wasMessage = wasMessage
    }
}

extension ErasureEvent {
    /// The conversation whose history has a place for it, if any.
    var conversation: Conversation? {
        if case .messageErased(let stub) = self { return stub.conversation }
        return nil
    }
}
