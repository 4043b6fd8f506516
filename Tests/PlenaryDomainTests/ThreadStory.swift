// SPDX-License-Identifier: Apache-2.0

import PlenaryDomain
import PlenaryTerms

/// People who do anything to threads at random, beside a model that is told the same.
struct ThreadStory {
    typealias Place = ThreadModel.Place
    typealias Person = ThreadModel.Person
    typealias Deed = ThreadDeed

    var town: Town
    private(set) var model: ThreadModel
    private(set) var people: [Person] = []
    private(set) var step = 0
    /// The last deeds with what came of them.
    private(set) var recent: [() -> String] = []
    private(set) var faults: [String] = []
    private(set) var counts: [String: Int] = [:]
    var numbers: SeededNumbers
    private let seed: UInt64
    private var snapshot: (events: [LoggedEvent], tail: Int) = ([], 0)

    private static let accountNames = ["ann", "bob", "eve", "root"]

    init(seed: UInt64) {
        self.seed = seed
        numbers = SeededNumbers(seed: seed)
        let limits = ThreadModel.Limits(threads: 60, moved: 25, unread: 40, page: 20)
        town = Town(.open) {
            $0.limits.threadCountLimit = limits.threads
            $0.limits.movedMessageCountLimit = limits.moved
            $0.limits.unreadCountLimit = limits.unread
            $0.limits.threadPageCountLimit = limits.page
            $0.limits.rates[.join] = nil
        }
        model = ThreadModel(limits: limits, rooms: [])
        for name in ThreadStory.accountNames {
            addAccount(name, role: name == "root" ? .moderator : .member)
        }
        let founders: [Int?] = [1, 2, nil]
        for (index, name) in ["#tea", "#law", "#dev"].enumerated() {
            let founder = founders[index]
            town.record(
                .channelCreated(
                    ChannelCreated(
                        channel: ChannelID(UInt32(index + 1)), name: Text(name),
                        founder: founder.map { AccountID(UInt32($0)) }, isPermanent: true, replayCount: 0)))
            model.rooms.append(
                ThreadModel.Room(number: index + 1, name: name, operators: Set([founder].compactMap { $0 })))
        }
        for nick in ["ann", "ann", "bob", "bob", "eve", "root", "guest", "other"] {
            people.append(Person(session: SessionID(0), nick: nick, rooms: [1, 2, 3]))
        }
        connectAll()
        snapshot = (town.community.snapshotEvents(), town.log.count)
    }

    private mutating func addAccount(_ name: String, role: ServerRole) {
        let account = town.account(Text(name), role: role)
        model.accounts[Int(account.value)] = (name, town.now.microseconds)
    }

    // MARK: Sessions

    /// After a restart everybody comes back to where they were.
    private mutating func connectAll() {
        for index in people.indices { connect(index) }
    }

    private mutating func connect(_ index: Int) {
        var person = people[index]
        let account = town.community.account(named: Text(person.nick))
        person.session = town.connect(person.nick, account: account?.id)
        person.account = account.map { Int($0.id.value) }
        person.isServerModerator = account.map { $0.role != .member } ?? false
        person.markers = [:]
        people[index] = person
        for room in person.rooms.sorted() { town.join(person.session, name(of: room)) }
    }

    private func name(of room: Int) -> Text { Text(model.room(room)?.name ?? "#nowhere") }

    // MARK: One step

    /// False when something went wrong; then `faults` says what.
    mutating func advance() -> Bool {
        step += 1
        passTime()
        switch Int.random(in: 0..<1000, using: &numbers) {
        case 0..<12: wander()
        case 12..<16: changeRole()
        case 16 where step > 2000 && model.accounts.count < 6: newcomer()
        default: attempt()
        }
        if step.isMultiple(of: 100) { faults += fullFaults() }
        if step.isMultiple(of: 1000) { restart() }
        return faults.isEmpty
    }

    /// Often not at all, often within a millisecond; never back.
    private mutating func passTime() {
        let microseconds: Int64 =
            switch Int.random(in: 0..<100, using: &numbers) {
            case 0..<35: 0
            case 35..<65: Int64.random(in: 0...400, using: &numbers)
            case 65..<97: Int64.random(in: 0...5000, using: &numbers)
            default: Int64.random(in: 0...4_000_000, using: &numbers)
            }
        town.now = Timestamp(microseconds: town.now.microseconds + microseconds)
        town.microsecondsPerEvent = Int64.random(in: 0...1, using: &numbers)
    }

    private mutating func attempt() {
        let index = Int.random(in: 0..<people.count, using: &numbers)
        let deed = randomDeed(by: people[index])
        let now = town.now.microseconds
        let allowed = model.results(of: deed, by: people[index], at: now)
        let start = town.log.count
        let outcomes = perform(deed, by: people[index].session)
        let result = ThreadResult.words(outcomes, town.community)
        let nick = people[index].nick
        note("\(nick): \(deed) -> \(result)")
        counts[result.split(separator: " ").prefix(2).joined(separator: " "), default: 0] += 1
        guard allowed.contains(result) else {
            faults.append("\(result), but the specification allows \(allowed.sorted())")
            return
        }
        guard result.hasPrefix("did") || result.hasPrefix("guest") else { return }
        model.apply(deed, by: &people[index], at: now, Array(town.log[start...]))
        for place in touched(by: deed) { faults += threadFaults(place) }
    }

    /// Worded only when it is read.
    private mutating func note(_ what: @autoclosure @escaping () -> String) {
        let step = step
        recent.append { "\(step): \(what())" }
        if recent.count > 12 { recent.removeFirst() }
    }

    /// Leaves a channel or comes back.
    private mutating func wander() {
        let index = Int.random(in: 0..<people.count, using: &numbers)
        let room = Int.random(in: 1...3, using: &numbers)
        if people[index].rooms.remove(room) != nil {
            town.say(.membership(.part(channel: name(of: room), reason: nil)), by: people[index].session)
        } else {
            people[index].rooms.insert(room)
            town.join(people[index].session, name(of: room))
        }
        let person = people[index]
        note("\(person.nick) in \(person.rooms.sorted())")
    }

    /// Somebody who founded nothing becomes a channel's operator, or is none any more.
    private mutating func changeRole() {
        let room = Int.random(in: 1...3, using: &numbers)
        let account = Int.random(in: 1...3, using: &numbers)
        guard account != room || room == 3 else { return }
        var isOperator = false
        model.change(room) { room in
            isOperator = room.operators.insert(account).inserted
            if !isOperator { room.operators.remove(account) }
        }
        town.record(
            .memberRoleSet(
                MemberRoleSet(
                    channel: ChannelID(UInt32(room)), account: AccountID(UInt32(account)),
                    role: isOperator ? .channelOperator : .member, actor: nil)))
        note("account \(account) operates \(room): \(isOperator)")
    }

    /// An account that is made late: what was said before is not unread for it.
    private mutating func newcomer() {
        let name = "new\(model.accounts.count)"
        addAccount(name, role: .member)
        people.append(Person(session: SessionID(0), nick: name, rooms: [1, 2, 3]))
        connect(people.count - 1)
        note("\(name) comes")
    }

    // MARK: Restarts

    /// The log alone, and a snapshot with the events after it, make the same state; one of them takes over.
    private mutating func restart() {
        let policy = town.community.policy
        let live = town.community.snapshotEvents()
        let fromLog = Community.replayed(town.log, policy)
        let fromSnapshot = Community.replayed(snapshot.events + town.log[snapshot.tail...], policy)
        let again = Community.replayed(live, policy)
        if fromLog.snapshotEvents() != live { faults.append("the log makes another state") }
        if fromSnapshot.snapshotEvents() != live { faults.append("snapshot and tail make another state") }
        if again.snapshotEvents() != live { faults.append("a snapshot makes another state") }
        snapshot = (live, town.log.count)
        let choices = [fromLog, fromSnapshot, again]
        town.community = choices[Int.random(in: 0..<choices.count, using: &numbers)]
        model.creations = [:]
        connectAll()
        faults += fullFaults()
    }

    /// What a failure says.
    var report: String {
        """
        seed \(seed), step \(step): \(faults.prefix(8).joined(separator: "\n  "))
        The last deeds:
          \(recent.map { $0() }.joined(separator: "\n  "))
        Again: PLENARY_SEED=\(seed) swift test --filter ThreadModelTests
        """
    }
}

extension ThreadStory.Deed {
    /// Both ends of a move.
    fileprivate var places: [ThreadModel.Place] {
        switch self {
        case .post(let place, _, _), .change(let place, _), .level(let place, _), .redact(let place, _),
            .mark(let place, _), .showMarker(let place):
            [place]
        case .move(let place, _, _, let goal, _): [place, ThreadModel.Place(room: place.room, thread: goal)]
        case .create(let room, _, _), .policy(let room, _, _): [ThreadModel.Place(room: room, thread: nil)]
        case .list: []
        }
    }
}

extension ThreadStory {
    /// The threads to look at after a deed; the newest and the main line with any.
    private func touched(by deed: Deed) -> Set<Place> {
        var places: Set<Place> = []
        for place in deed.places {
            if let thread = place.thread { places.insert(Place(room: place.room, thread: thread)) }
            places.insert(Place(room: place.room, thread: 0))
            places.insert(Place(room: place.room, thread: model.room(place.room)?.threads.count ?? 0))
            guard case .redact(_, let message) = deed, let room = model.room(place.room) else { continue }
            places.insert(Place(room: place.room, thread: room.post(message)?.thread ?? 0))
        }
        return places
    }
}
