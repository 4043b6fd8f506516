// SPDX-License-Identifier: Apache-2.0

import PlenaryTerms

/// What a talk came to, as rapporteurs mark it (docs/extensions/outcomes.md).
package enum OutcomeEvent: Hashable, Sendable {
    case marked(OutcomeMarked)
    case edited(OutcomeEdited)
    /// In a snapshot also: the last number of a channel whose mark is gone.
    case unmarked(OutcomeUnmarked)

    /// Where it is.
    package var channel: ChannelID {
        switch self {
        case .marked(let event): event.channel
        case .edited(let event): event.channel
        case .unmarked(let event): event.channel
        }
    }

    package var number: UInt32 {
        switch self {
        case .marked(let event): event.number
        case .edited(let event): event.number
        case .unmarked(let event): event.number
        }
    }
}

/// What is marked.
package enum OutcomeKind: UInt8, CaseIterable, Hashable, Sendable {
    case outcome = 1, lesson, characteristic, action, practice

    /// As `OUTCOME MARK` spells it.
    package var word: Text {
        switch self {
        case .outcome: "outcome"
        case .lesson: "lesson"
        case .characteristic: "characteristic"
        case .action: "action"
        case .practice: "practice"
        }
    }

    /// The kind of a word in any case; nil for any other.
    package init?(word: Text) {
        let folded = asciiFolded(word.bytes)
        guard let known = OutcomeKind.allCases.first(where: { $0.word.string == folded }) else { return nil }
        self = known
    }
}

package struct OutcomeMarked: Hashable, Sendable {
    package var channel: ChannelID
    package var channelName: Text
    /// From 1 in each channel; never used again.
    package var number: UInt32
    package var kind: OutcomeKind
    package var summary: Text
    /// At least one, in the order given.
    package var sources: [GatheredSource]
    /// A public channel's name without its `#`; empty for none.
    package var theme: Text
    package var actor: Actor

    package init(
        channel: ChannelID, channelName: Text, number: UInt32, kind: OutcomeKind, summary: Text,
        sources: [GatheredSource], theme: Text, actor: Actor
    ) {
        self.channel = channel
        self.channelName = channelName
        self.number = number
        self.kind = kind
        self.summary = summary
        self.sources = sources
        self.theme = theme
        self.actor = actor
    }
}

package struct OutcomeEdited: Hashable, Sendable {
    package var channel: ChannelID
    package var channelName: Text
    package var number: UInt32
    package var summary: Text
    package var actor: Actor

    package init(channel: ChannelID, channelName: Text, number: UInt32, summary: Text, actor: Actor) {
        self.channel = channel
        self.channelName = channelName
        self.number = number
        self.summary = summary
        self.actor = actor
    }
}

package struct OutcomeUnmarked: Hashable, Sendable {
    package var channel: ChannelID
    package var channelName: Text
    package var number: UInt32
    package var actor: Actor

    package init(channel: ChannelID, channelName: Text, number: UInt32, actor: Actor) {
        self.channel = channel
        self.channelName = channelName
        self.number = number
        self.actor = actor
    }
}
