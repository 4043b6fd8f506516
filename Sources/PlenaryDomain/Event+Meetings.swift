// SPDX-License-Identifier: Apache-2.0

import PlenaryTerms

/// Facts about sittings (docs/extensions/sessions.md).
package enum MeetingEvent: Hashable, Sendable {
    case scheduled(MeetingScheduled)
    case acted(MeetingActed)
    case agendaItemSet(AgendaItemSet)
    case documentSet(MeetingDocumentSet)
    case attended(MeetingAttended)
    /// What the chair did so far; written by snapshots only.
    case remembered(MeetingRemembered)
    case cancelled(MeetingCancelled)
    // Attribution
    case attributionSet(AttributionSet)
    case labelGiven(LabelGiven)
    case labelTokens(LabelTokens)
}

/// A channel has a sitting, or its sitting another time or place.
package struct MeetingScheduled: Hashable, Sendable {
    package var channel: ChannelID
    package var channelName: Text
    package var schedule: MeetingSchedule
    /// nil for the configuration.
    package var actor: Actor?

    package init(channel: ChannelID, channelName: Text, schedule: MeetingSchedule, actor: Actor?) {
        self.channel = channel
        self.channelName = channelName
        self.schedule = schedule
        self.actor = actor
    }
}

/// What happened to a sitting. The raw value is stored.
package enum MeetingActKind: UInt8, CaseIterable, Hashable, Sendable {
    case doors = 1, opened, suspended, resumed, extended, closed, ended, item

    /// As SESSION spells it.
    package var word: Text {
        switch self {
        case .doors: "DOORS"
        case .opened: "OPENED"
        case .suspended: "SUSPENDED"
        case .resumed: "RESUMED"
        case .extended: "EXTENDED"
        case .closed: "CLOSED"
        case .ended: "ENDED"
        case .item: "ITEM"
        }
    }
}

package struct MeetingActed: Hashable, Sendable {
    package var channel: ChannelID
    package var channelName: Text
    package var kind: MeetingActKind
    /// From when it holds: what came by itself, from when it was due.
    package var time: Timestamp
    /// The new end.
    package var until: Timestamp?
    /// The agenda's item.
    package var item: UInt8
    /// nil when it came by itself.
    package var actor: Actor?

    package init(
        channel: ChannelID, channelName: Text, kind: MeetingActKind, time: Timestamp,
        until: Timestamp? = nil, item: UInt8 = 0, actor: Actor? = nil
    ) {
        self.channel = channel
        self.channelName = channelName
        self.kind = kind
        self.time = time
        self.until = until
        self.item = item
        self.actor = actor
    }
}

/// Without titles the item is taken out.
package struct AgendaItemSet: Hashable, Sendable {
    package var channel: ChannelID
    package var channelName: Text
    package var item: AgendaItem
    package var actor: Actor?

    package init(channel: ChannelID, channelName: Text, item: AgendaItem, actor: Actor?) {
        self.channel = channel
        self.channelName = channelName
        self.item = item
        self.actor = actor
    }
}

/// A document was added or changed, or taken out.
package struct MeetingDocumentSet: Hashable, Sendable {
    package var channel: ChannelID
    package var channelName: Text
    package var document: MeetingDocument
    package var isRemoved: Bool
    package var actor: Actor?

    package init(
        channel: ChannelID, channelName: Text, document: MeetingDocument, isRemoved: Bool, actor: Actor?
    ) {
        self.channel = channel
        self.channelName = channelName
        self.document = document
        self.isRemoved = isRemoved
        self.actor = actor
    }
}

/// These accounts were in the channel while its sitting was open.
package struct MeetingAttended: Hashable, Sendable {
    package var channel: ChannelID
    package var accounts: [AccountID]

    package init(channel: ChannelID, accounts: [AccountID]) {
        self.channel = channel
        self.accounts = accounts
    }
}

package struct MeetingRemembered: Hashable, Sendable {
    package var channel: ChannelID
    package var openedAt: Timestamp?
    package var suspensions: [Suspension]
    package var extendedEnd: Timestamp?
    package var closedAt: Timestamp?
    package var graceEndedAt: Timestamp?
    package var currentItem: UInt8
    package var noted: MeetingState
    package var isLive: Bool
    package var holdsMode: Bool

    package init(channel: ChannelID, noted: MeetingState, isLive: Bool, holdsMode: Bool) {
        self.channel = channel
        self.noted = noted
        self.isLive = isLive
        self.holdsMode = holdsMode
        suspensions = []
        currentItem = 0
    }
}

/// The channel has no sitting any more and is as others are.
package struct MeetingCancelled: Hashable, Sendable {
    package var channel: ChannelID
    package var channelName: Text
    package var actor: Actor?

    package init(channel: ChannelID, channelName: Text, actor: Actor?) {
        self.channel = channel
        self.channelName = channelName
        self.actor = actor
    }
}

extension MeetingEvent {
    package var channel: ChannelID {
        switch self {
        case .scheduled(let event): event.channel
        case .acted(let event): event.channel
        case .agendaItemSet(let event): event.channel
        case .documentSet(let event): event.channel
        case .attended(let event): event.channel
        case .remembered(let event): event.channel
        case .cancelled(let event): event.channel
        case .attributionSet(let event): event.channel
        case .labelGiven(let event): event.channel
        case .labelTokens(let event): event.channel
        }
    }

    /// Who did it; nil for the configuration and for what came by itself.
    package var actor: Actor? {
        switch self {
        case .scheduled(let event): event.actor
        case .acted(let event): event.actor
        case .agendaItemSet(let event): event.actor
        case .documentSet(let event): event.actor
        case .cancelled(let event): event.actor
        case .attributionSet(let event): event.actor
        case .attended, .remembered, .labelGiven, .labelTokens: nil
        }
    }
}
