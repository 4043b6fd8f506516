// SPDX-License-Identifier: Apache-2.0

import PlenaryTerms

/// The register of practices (docs/extensions/practices.md).
package enum PracticeEvent: Hashable, Sendable {
    case submitted(PracticeSubmitted)
    /// What was submitted is put into other words, and waits again.
    case changed(PracticeChanged)
    case reviewed(PracticeReviewed)
    case published(PracticePublished)
    case withdrawn(PracticeWithdrawn)

    package var number: UInt32 {
        switch self {
        case .submitted(let event): event.number
        case .changed(let event): event.number
        case .reviewed(let event): event.number
        case .published(let event): event.number
        case .withdrawn(let event): event.number
        }
    }

    package var actor: Actor {
        switch self {
        case .submitted(let event): event.actor
        case .changed(let event): event.actor
        case .reviewed(let event): event.actor
        case .published(let event): event.actor
        case .withdrawn(let event): event.actor
        }
    }
}

/// What is said of a practice, by its keys. All but the title may be empty.
package struct PracticeFields: Hashable, Sendable {
    package var title: Text = ""
    package var country: CountryCode?
    package var mechanism: MechanismType?
    /// The year since when it is done; 0 for none.
    package var since: UInt16 = 0
    package var link: Text = ""
    package var language: LanguageTag?
    package var summary: Text = ""

    package init() {}
}

/// How a national mechanism is built (the four types of the 2016 Practical Guide).
package enum MechanismType: UInt8, CaseIterable, Hashable, Sendable {
    case adHoc = 1, ministerial, interministerial, institutionallySeparate

    package var word: Text {
        switch self {
        case .adHoc: "ad-hoc"
        case .ministerial: "ministerial"
        case .interministerial: "interministerial"
        case .institutionallySeparate: "separate"
        }
    }

    /// The type of a word in any case; nil for any other.
    package init?(word: Text) {
        let folded = asciiFolded(word.bytes)
        guard let known = MechanismType.allCases.first(where: { $0.word.string == folded }) else {
            return nil
        }
        self = known
    }
}

/// What a practice is cited by, `PR-2026-0001`: the year of its publication and its place in it.
package struct PracticeCitation: Hashable, Sendable {
    package var year: UInt16
    /// From 1; never given again.
    package var sequence: UInt32

    package init(year: UInt16, sequence: UInt32) {
        self.year = year
        self.sequence = sequence
    }

    package var text: Text {
        let digits = String(sequence)
        return Text("PR-\(year)-\(String(repeating: "0", count: max(0, 4 - digits.utf8.count)))\(digits)")
    }
}

package struct PracticeSubmitted: Hashable, Sendable {
    /// From 1; never used again.
    package var number: UInt32
    package var channel: ChannelID
    package var source: GatheredSource
    package var fields: PracticeFields
    package var actor: Actor

    package init(
        number: UInt32, channel: ChannelID, source: GatheredSource, fields: PracticeFields, actor: Actor
    ) {
        self.number = number
        self.channel = channel
        self.source = source
        self.fields = fields
        self.actor = actor
    }
}

package struct PracticeChanged: Hashable, Sendable {
    package var number: UInt32
    /// All of them, in place of those before.
    package var fields: PracticeFields
    package var actor: Actor

    package init(number: UInt32, fields: PracticeFields, actor: Actor) {
        self.number = number
        self.fields = fields
        self.actor = actor
    }
}

package struct PracticeReviewed: Hashable, Sendable {
    package var number: UInt32
    package var isAccepted: Bool
    /// What the reviewer says to whoever submitted it.
    package var text: Text
    package var actor: Actor

    package init(number: UInt32, isAccepted: Bool, text: Text, actor: Actor) {
        self.number = number
        self.isAccepted = isAccepted
        self.text = text
        self.actor = actor
    }
}

package struct PracticePublished: Hashable, Sendable {
    package var number: UInt32
    package var citation: PracticeCitation
    /// Stays with the citation whatever becomes of the rest.
    package var title: Text
    package var actor: Actor

    package init(number: UInt32, citation: PracticeCitation, title: Text, actor: Actor) {
        self.number = number
        self.citation = citation
        self.title = title
        self.actor = actor
    }
}

package struct PracticeWithdrawn: Hashable, Sendable {
    package var number: UInt32
    package var actor: Actor

    package init(number: UInt32, actor: Actor) {
        self.number = number
        self.actor = actor
    }
}
