// SPDX-License-Identifier: Apache-2.0

import PlenaryTerms

/// Facts of a channel's speakers' list (docs/extensions/floor.md). None of them is text of the chat.
package enum FloorEvent: Hashable, Sendable {
    case settingsSet(FloorSettingsSet)
    case opened(FloorOpened)
    case closed(FloorClosed)
    case requested(FloorRequested)
    case withdrawn(FloorWithdrawn)
    case swapped(FloorSwapped)
    case ordered(FloorOrdered)
    case granted(FloorGranted)
    case ended(FloorEnded)
    case timed(FloorTimed)

    package var channel: ChannelID {
        switch self {
        case .settingsSet(let event): event.channel
        case .opened(let event): event.channel
        case .closed(let event): event.channel
        case .requested(let event): event.channel
        case .withdrawn(let event): event.channel
        case .swapped(let event): event.channel
        case .ordered(let event): event.channel
        case .granted(let event): event.channel
        case .ended(let event): event.channel
        case .timed(let event): event.channel
        }
    }

    /// Who did it; nil for the clock and the configuration.
    package var actor: Actor? {
        switch self {
        case .settingsSet(let event): event.actor
        case .opened(let event): event.actor
        case .closed(let event): event.actor
        case .requested(let event): event.actor
        case .withdrawn(let event): event.actor
        case .swapped(let event): event.actor
        case .ordered(let event): event.actor
        case .granted(let event): event.actor
        case .ended(let event): event.actor
        case .timed(let event): event.actor
        }
    }
}

/// All rules of the list, in place of those before.
package struct FloorSettingsSet: Hashable, Sendable {
    package var channel: ChannelID
    package var settings: FloorSettings
    package var actor: Actor?
    /// The number of the next request at least; 0 but in snapshots.
    package var nextNumber: UInt32

    package init(channel: ChannelID, settings: FloorSettings, actor: Actor?, nextNumber: UInt32 = 0) {
        self.channel = channel
        self.settings = settings
        self.actor = actor
        self.nextNumber = nextNumber
    }
}

package struct FloorOpened: Hashable, Sendable {
    package var channel: ChannelID
    /// Whether what was said before counts no longer.
    package var isNew: Bool
    /// Whether the time to close, which is over, holds no longer.
    package var isUntimed: Bool
    package var actor: Actor?

    package init(channel: ChannelID, isNew: Bool, isUntimed: Bool = false, actor: Actor?) {
        self.channel = channel
        self.isNew = isNew
        self.isUntimed = isUntimed
        self.actor = actor
    }
}

package struct FloorClosed: Hashable, Sendable {
    package var channel: ChannelID
    /// Whether those who wait with a statement are not heard any more, for lack of time.
    package var isCut: Bool
    package var actor: Actor?

    package init(channel: ChannelID, isCut: Bool, actor: Actor?) {
        self.channel = channel
        self.isCut = isCut
        self.actor = actor
    }
}

/// Somebody asks for the floor.
package struct FloorRequested: Hashable, Sendable {
    package var channel: ChannelID
    package var request: FloorRequest
    package var actor: Actor
    /// Where it stands, when lots or a swap gave it another place than its own; in snapshots only.
    package var place: FloorPlace?

    package init(channel: ChannelID, request: FloorRequest, actor: Actor, place: FloorPlace? = nil) {
        self.channel = channel
        self.request = request
        self.actor = actor
        self.place = place
    }
}

package struct FloorWithdrawn: Hashable, Sendable {
    package var channel: ChannelID
    package var number: UInt32
    package var actor: Actor

    package init(channel: ChannelID, number: UInt32, actor: Actor) {
        self.channel = channel
        self.number = number
        self.actor = actor
    }
}

package struct FloorSwapped: Hashable, Sendable {
    package var channel: ChannelID
    /// Whose request it is that somebody proposes to swap, or agrees to.
    package var number: UInt32
    package var with: UInt32
    /// Whether both have agreed and the places are changed.
    package var isDone: Bool
    package var actor: Actor

    package init(channel: ChannelID, number: UInt32, with: UInt32, isDone: Bool, actor: Actor) {
        self.channel = channel
        self.number = number
        self.with = with
        self.isDone = isDone
        self.actor = actor
    }
}

package struct FloorOrdered: Hashable, Sendable {
    package enum Change: Hashable, Sendable {
        case policy(FloorPolicy)
        /// Lots are drawn among those who wait.
        case drawn(seed: UInt64)
        /// One speaks right after another; nil: where the policy puts it.
        case placed(number: UInt32, after: UInt32?)
    }

    package var channel: ChannelID
    package var change: Change
    package var actor: Actor

    package init(channel: ChannelID, change: Change, actor: Actor) {
        self.channel = channel
        self.change = change
        self.actor = actor
    }
}

/// The clock starts at the event's time.
package struct FloorGranted: Hashable, Sendable {
    package var channel: ChannelID
    package var number: UInt32
    package var ends: Timestamp
    /// Whether the speaker was given voice with it, and loses it with the floor.
    package var isVoiced: Bool
    /// Microseconds that a point of order took; 0 but in snapshots.
    package var pausedMicroseconds: Int64
    package var actor: Actor

    package init(
        channel: ChannelID, number: UInt32, ends: Timestamp, isVoiced: Bool, pausedMicroseconds: Int64 = 0,
        actor: Actor
    ) {
        self.channel = channel
        self.number = number
        self.ends = ends
        self.isVoiced = isVoiced
        self.pausedMicroseconds = pausedMicroseconds
        self.actor = actor
    }
}

package struct FloorEnded: Hashable, Sendable {
    package var channel: ChannelID
    package var number: UInt32
    package var ending: FloorEnding
    package var actor: Actor

    package init(channel: ChannelID, number: UInt32, ending: FloorEnding, actor: Actor) {
        self.channel = channel
        self.number = number
        self.ending = ending
        self.actor = actor
    }
}

/// Something about the time of whoever has the floor.
package struct FloorTimed: Hashable, Sendable {
    package enum Change: Hashable, Sendable {
        case extended(until: Timestamp)
        /// All were told that little is left.
        case warned
        /// All were told that nothing is left.
        case timeUp
    }

    package var channel: ChannelID
    package var number: UInt32
    package var change: Change
    package var actor: Actor?

    package init(channel: ChannelID, number: UInt32, change: Change, actor: Actor?) {
        self.channel = channel
        self.number = number
        self.change = change
        self.actor = actor
    }
}

/// What somebody asks the floor for, and as whom.
package struct FloorRequest: Hashable, Sendable {
    /// From 1, in the order of asking; never given again in this channel.
    package var number: UInt32
    package var kind: FloorKind
    /// nil for a person who is entered by name.
    package var account: AccountID?
    /// The account's name, or the one that was given. Shown through `Floor.displayName(of:)` alone.
    package var name: Text
    package var category: FloorCategory
    package var item: Text = ""
    /// The group of States, or other body, that the statement is made for.
    package var behalf: Text = ""
    package var delegation: CountryCode?
    /// For the order and for counts; never shown.
    package var region: RegionalGroup?
    package var language: LanguageTag?
    package var attendance: Attendance?
    /// The request that this one is to follow at once.
    package var after: UInt32?
    /// The statement that a reply answers.
    package var answers: UInt32?

    package init(number: UInt32, kind: FloorKind, account: AccountID?, name: Text, category: FloorCategory) {
        self.number = number
        self.kind = kind
        self.account = account
        self.name = name
        self.category = category
    }
}

/// Whose interventions and replies are counted together.
package enum FloorParty: Hashable, Sendable {
    /// All that speak for a State.
    case delegation(CountryCode)
    case account(AccountID)
    /// Somebody without an account, by the folded name.
    case name(Text)
}

extension FloorRequest {
    package var party: FloorParty {
        if let delegation, category == .state || category == .observer { return .delegation(delegation) }
        if let account { return .account(account) }
        return .name(Text(asciiFolded(name.bytes)))
    }
}

/// A place in the order, by what its first holder asked for. Swapping exchanges places, so that whoever takes the
/// later one keeps it, whatever becomes of the other.
package struct FloorPlace: Hashable, Sendable {
    package var number: UInt32
    package var category: FloorCategory
    package var region: RegionalGroup?
    package var party: FloorParty
    /// From 1; nil for what came after the draw.
    package var lot: UInt32?

    package init(
        number: UInt32, category: FloorCategory, region: RegionalGroup?, party: FloorParty, lot: UInt32?
    ) {
        self.number = number
        self.category = category
        self.region = region
        self.party = party
        self.lot = lot
    }

    init(_ request: FloorRequest) {
        self.init(
            number: request.number, category: request.category, region: request.region, party: request.party,
            lot: nil)
    }
}
