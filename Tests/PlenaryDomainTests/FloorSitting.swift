// SPDX-License-Identifier: Apache-2.0

import PlenaryDomain
import PlenaryTerms

/// A channel `#s` with a chair, who moderates, and people who ask for the floor; the clock is the test's.
struct FloorSitting {
    var town: Town
    let chair: SessionID
    private(set) var people: [String: SessionID] = [:]

    /// 23 June 2023, 09:00 in Geneva (UTC+2).
    static let morning = FloorSitting.geneva(9, 0)

    static func geneva(_ hour: Int64, _ minute: Int64, _ second: Int64 = 0) -> Timestamp {
        // 2023-06-23T00:00:00 in Geneva is 2023-06-22T22:00:00Z.
        Timestamp(seconds: 1_687_471_200 + hour * 3600 + minute * 60 + second)
    }

    init(_ change: (inout CommunityPolicy) -> Void = { _ in }) {
        town = Town(.closed) {
            $0.limits.rates = [:]
            change(&$0)
        }
        town.now = FloorSitting.morning
        town.microsecondsPerEvent = 0
        let account = town.account("chair", role: .moderator)
        chair = town.connect("chair", account: account)
        town.join(chair, "#s")
    }

    /// A member with an account of that name, in the channel.
    mutating func add(
        _ name: String, _ affiliation: Affiliation? = nil, _ country: String? = nil,
        region: RegionalGroup? = nil, role: ServerRole = .member
    ) {
        let account = town.account(Text(name), role: role)
        var profile = Profile()
        profile.affiliation = affiliation
        profile.country = country.flatMap { CountryCode($0) }
        profile.region = region
        town.record(.people(.profileSet(ProfileSet(account: account, profile: profile))))
        let session = town.connect(name, account: account)
        town.join(session, "#s")
        people[name] = session
    }

    func session(_ name: String) -> SessionID { people[name] ?? chair }

    @discardableResult
    mutating func say(_ name: String, _ deed: FloorDeed) -> [Outcome] {
        town.say(.floor(FloorCommand(channel: "#s", deed: deed)), by: session(name))
    }

    @discardableResult
    mutating func ask(_ name: String, _ change: (inout FloorWish) -> Void = { _ in }) -> [Outcome] {
        var wish = FloorWish()
        change(&wish)
        return say(name, .request(wish))
    }

    @discardableResult
    mutating func rules(_ pairs: KeyValuePairs<String, String>) -> [Outcome] {
        say("chair", .settings(pairs.map { FloorPair(key: Text($0.key), value: Text($0.value)) }))
    }

    /// What the clock owes by now, applied.
    @discardableResult
    mutating func tick(_ time: Timestamp? = nil) -> [FloorEvent] {
        if let time { town.now = time }
        let events = town.community.floorsDue(at: town.now)
        for event in events { town.record(.floor(event)) }
        return events
    }

    var floor: Floor {
        guard let id = town.channel("#s")?.id, let floor = town.community.floors[id] else {
            return Floor(channel: ChannelID(0))
        }
        return floor
    }

    /// The published list, by names.
    var list: [String] { floor.published(at: town.now).map(\.request.name.string) }

    /// The same sitting after a restart: from the log, or from a snapshot of it. Nobody is connected.
    func restarted(fromSnapshot: Bool) -> Community {
        Community.replayed(
            fromSnapshot ? town.community.snapshotEvents() : town.log, town.community.policy)
    }
}

extension Array where Element == Outcome {
    /// The codes of what the floor refused.
    var floorCodes: [FloorFailure] {
        refusals.compactMap { if case .floor(let code, _) = $0 { code } else { nil } }
    }
    var modes: [ModesChanged] {
        events.compactMap { if case .modesChanged(let event) = $0 { event } else { nil } }
    }
}
