// SPDX-License-Identifier: Apache-2.0

/// As what somebody asks for the floor (docs/extensions/floor.md, "Categories"). The word is its code on the wire.
public enum FloorCategory: UInt8, CaseIterable, Hashable, Sendable {
    case state = 1
    /// A State, or another party, that takes part as an observer.
    case observer = 2
    case unitedNations = 3
    case intergovernmental = 4
    case nationalInstitution = 5
    case nonGovernmental = 6
    case other = 7

    /// The code.
    public var word: String {
        switch self {
        case .state: "state"
        case .observer: "observer"
        case .unitedNations: "un-body"
        case .intergovernmental: "intergovernmental"
        case .nationalInstitution: "nhri"
        case .nonGovernmental: "ngo"
        case .other: "other"
        }
    }

    /// Under `states-first` the lower rank speaks first. The order is that in which reports of the Human Rights
    /// Council list speakers.
    public var rank: Int {
        switch self {
        case .state: 1
        case .observer: 2
        case .unitedNations: 3
        case .intergovernmental: 4
        case .nationalInstitution: 5
        case .nonGovernmental: 6
        case .other: 7
        }
    }

    /// The category with a code, in any case.
    public init?(word: String) {
        let folded = asciiFolded(word.utf8)
        guard let known = FloorCategory.allCases.first(where: { $0.word == folded }) else { return nil }
        self = known
    }

    /// What somebody of a body asks as, unless it is said otherwise.
    public init(_ affiliation: Affiliation?) {
        switch affiliation {
        case .permanentMission, .nationalMechanism: self = .state
        case .independentExpert, .internationalMechanism, .unitedNations: self = .unitedNations
        case .regionalOrganisation, .internationalOrganisation: self = .intergovernmental
        case .nationalInstitution: self = .nationalInstitution
        case .civilSociety, .academia: self = .nonGovernmental
        case nil: self = .other
        }
    }
}

/// How a speakers' list is put in order (docs/extensions/floor.md, "Order").
public enum FloorPolicy: UInt8, CaseIterable, Hashable, Sendable {
    case firstCome = 1
    case statesFirst = 2
    case regionalRotation = 3
    case fewestInterventions = 4
    case lots = 5

    /// The code.
    public var word: String {
        switch self {
        case .firstCome: "first-come"
        case .statesFirst: "states-first"
        case .regionalRotation: "regional-rotation"
        case .fewestInterventions: "fewest-interventions"
        case .lots: "lots"
        }
    }

    /// The policy with a code, in any case.
    public init?(word: String) {
        let folded = asciiFolded(word.utf8)
        guard let known = FloorPolicy.allCases.first(where: { $0.word == folded }) else { return nil }
        self = known
    }
}

/// What somebody wants the floor for.
public enum FloorKind: UInt8, CaseIterable, Hashable, Sendable {
    case statement = 1
    /// A right of reply; speaks after all statements.
    case reply = 2
    /// A point of order; speaks before all others, and while somebody else has the floor.
    case pointOfOrder = 3

    /// The code.
    public var word: String {
        switch self {
        case .statement: "statement"
        case .reply: "reply"
        case .pointOfOrder: "point"
        }
    }

    /// The queues in the order in which they speak.
    public var rank: Int {
        switch self {
        case .pointOfOrder: 0
        case .statement: 1
        case .reply: 2
        }
    }
}

/// How somebody's time at the floor came to its end.
public enum FloorEnding: UInt8, CaseIterable, Hashable, Sendable {
    /// By the speaker.
    case yielded = 1
    /// By the chair.
    case stopped = 2

    /// The code.
    public var word: String { self == .yielded ? "yielded" : "stopped" }
}

/// Whether a speakers' list takes requests.
public enum FloorPhase: UInt8, CaseIterable, Hashable, Sendable {
    /// The clock opens it, if a time is set.
    case waiting = 1
    case open = 2
    case closed = 3

    /// The code.
    public var word: String {
        switch self {
        case .waiting: "waiting"
        case .open: "open"
        case .closed: "closed"
        }
    }
}
