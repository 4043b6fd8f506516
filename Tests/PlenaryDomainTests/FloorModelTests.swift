// SPDX-License-Identifier: Apache-2.0

import PlenaryDomain
import PlenaryTerms
import Testing

/// Whatever people do with a list: nobody is on it twice, nobody is lost, positions are 1 to n, and the log alone,
/// or a snapshot, gives the same list. A model of plain arrays says who has to be where.
@Suite struct FloorModelTests {
    static let seeds: [UInt64] = [1, 2, 3, 20_261_126]

    @Test(arguments: seeds) func inTheOrderOfAskingTheListIsTheModels(seed: UInt64) {
        run(seed, policies: [.firstCome])
    }

    @Test(arguments: seeds) func underEveryPolicyNobodyIsLostOrTwiceOnTheList(seed: UInt64) {
        run(seed, policies: FloorPolicy.allCases)
    }

    private func run(_ seed: UInt64, policies: [FloorPolicy]) {
        print("seed \(seed), policies \(policies)")
        var story = FloorStory(seed: seed, policies: policies)
        for step in 1...1000 {
            story.act()
            let faults = story.faults()
            #expect(faults == [], "seed \(seed), step \(step): \(story.last)")
            if !faults.isEmpty { return }
            guard step % 100 == 0 else { continue }
            let live = story.sitting.town.community
            let replayed = story.sitting.restarted(fromSnapshot: false)
            #expect(replayed.floors == live.floors, "seed \(seed), step \(step): replay")
            let restored = story.sitting.restarted(fromSnapshot: true)
            #expect(restored.floors == live.floors, "seed \(seed), step \(step): snapshot")
            if replayed.floors != live.floors || restored.floors != live.floors { return }
        }
        #expect(story.spokenCount > 30, "seed \(seed): too little happened")
        #expect(story.sitting.floor.statements.count <= story.spokenCount)
    }
}

/// People who do anything with a list at random, and the model beside it.
private struct FloorStory {
    var sitting: FloorSitting
    let policies: [FloorPolicy]
    private(set) var last = ""
    private(set) var spokenCount = 0
    private var numbers: SeededNumbers
    private var given: UInt32 = 0
    // The model: request numbers by queue, in the order of speaking under first-come.
    private var points: [UInt32] = []
    private var statements: [UInt32] = []
    private var replies: [UInt32] = []
    private var speaking: [UInt32] = []
    private static let names = ["ann", "bob", "eve", "dan", "zoe"]

    init(seed: UInt64, policies: [FloorPolicy]) {
        numbers = SeededNumbers(seed: seed)
        self.policies = policies
        sitting = FloorSitting()
        sitting.town.microsecondsPerEvent = 1
        for (index, name) in FloorStory.names.enumerated() {
            let affiliation = Affiliation.allCases[index * 2 % Affiliation.allCases.count]
            let region = RegionalGroup.allCases[index % 3]
            sitting.add(name, affiliation, ["KE", "PY", "CH"][index % 3], region: region)
        }
    }

    private mutating func pick<Element>(_ list: [Element]) -> Element {
        list[Int.random(in: 0..<list.count, using: &numbers)]
    }
    private mutating func below(_ count: Int) -> Int { Int.random(in: 0..<count, using: &numbers) }

    /// A position, a number, or one that is none.
    private mutating func number() -> FloorNumber {
        let waiting = points + statements + replies
        if waiting.isEmpty || below(8) == 0 { return pick([.position(0), .position(600), .request(9999)]) }
        return below(2) == 0 ? .position(below(waiting.count) + 1) : .request(pick(waiting))
    }

    private mutating func wish() -> FloorWish {
        var wish = FloorWish()
        wish.item = pick(["", "2", "3"])
        return wish
    }

    private mutating func deed() -> FloorDeed {
        switch below(16) {
        case 0...3: return .request(wish())
        case 4: return .point(wish())
        case 5: return .reply(to: nil, wish())
        case 6: return .withdraw(number())
        case 7: return .swap(number())
        case 8: return .yield
        case 9: return below(2) == 0 ? .stop : .grant(number())
        case 10: return below(2) == 0 ? .stop : .grant(nil)
        case 11: return pick([.open, .reopen, .open, .reopen, .close])
        case 12: return .extend(seconds: UInt32(below(200)))
        case 13: return below(12) == 0 ? .cut : .grant(nil)
        case 14: return policies.count > 1 ? .place(number(), after: number()) : .stop
        default:
            let policy = pick(policies)
            return policy == .lots ? .draw(seed: numbers.next()) : .order(policy)
        }
    }

    mutating func act() {
        let seconds = Int64(below(40))
        sitting.town.now = sitting.town.now.advanced(bySeconds: seconds)
        sitting.tick()
        // Or else few would come to speak.
        let isEnding = sitting.floor.current != nil && below(4) == 0
        let who = isEnding ? "chair" : pick(FloorStory.names + ["chair", "chair", "chair"])
        var deed = isEnding ? FloorDeed.stop : deed()
        if who == "chair", case .request(var wish) = deed {
            wish.name = pick(["R. Participant", "Another"])
            deed = .request(wish)
        }
        last = "\(who) \(deed)"
        // One step before the model follows, to know who is meant by a position.
        let before = sitting.floor
        let outcomes = sitting.say(who, deed)
        for case .floor(let event) in outcomes.events { follow(event, before) }
    }

    private mutating func follow(_ event: FloorEvent, _ before: Floor) {
        switch event {
        case .requested(let event):
            given = max(given, event.request.number)
            switch event.request.kind {
            case .statement: statements.append(event.request.number)
            case .pointOfOrder: points.append(event.request.number)
            case .reply: replies.append(event.request.number)
            }
        case .withdrawn(let event): drop(event.number)
        case .granted(let event):
            drop(event.number)
            speaking.append(event.number)
        case .ended(let event):
            speaking.removeAll { $0 == event.number }
            spokenCount += 1
        case .closed(let event): if event.isCut { statements = [] }
        case .swapped(let event):
            guard event.isDone, let one = statements.firstIndex(of: event.number),
                let other = statements.firstIndex(of: event.with)
            else { return }
            statements.swapAt(one, other)
        case .settingsSet, .opened, .ordered, .timed: break
        }
    }

    private mutating func drop(_ number: UInt32) {
        points.removeAll { $0 == number }
        statements.removeAll { $0 == number }
        replies.removeAll { $0 == number }
    }

    func faults() -> [String] {
        let floor = sitting.floor
        let entries = floor.published(at: sitting.town.now)
        let list = entries.map(\.request.number)
        var faults: [String] = []
        if entries.map(\.position) != Array(1..<(entries.count + 1)) { faults.append("positions \(entries)") }
        if list.sorted() != (points + statements + replies).sorted() {
            faults.append("on the list \(list), in the model \(points) \(statements) \(replies)")
        }
        if policies == [.firstCome], list != points + statements + replies { faults.append("order \(list)") }
        let kinds = entries.map(\.request.kind.rank)
        if kinds != kinds.sorted() { faults.append("queues \(kinds)") }
        let keys = entries.map { entry in
            "\(entry.request.party)|\(entry.request.name)|\(entry.request.kind)|\(entry.request.item)"
        }
        if Set(keys).count != keys.count { faults.append("twice on the list: \(keys)") }
        let speakers = [floor.interrupted, floor.current].compactMap { $0?.number }
        if speakers != speaking { faults.append("speaking \(speakers), in the model \(speaking)") }
        if floor.nextNumber != given + 1 { faults.append("next \(floor.nextNumber)") }
        return faults
    }
}
