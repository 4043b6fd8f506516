// SPDX-License-Identifier: Apache-2.0

import PlenaryDomain
import PlenaryTerms

/// Which deeds are tried, and how they are said to the community.
extension ThreadStory {
    private mutating func number(_ range: Range<Int>) -> Int { Int.random(in: range, using: &numbers) }
    private mutating func chance(_ percent: Int) -> Bool { number(0..<100) < percent }
    private mutating func pick<Element>(_ list: [Element]) -> Element { list[number(0..<list.count)] }

    private mutating func randomRoom(_ person: Person) -> Int {
        if chance(2) { return 0 }
        let joined = person.rooms.sorted()
        return joined.isEmpty || chance(4) ? number(1..<4) : pick(joined)
    }

    /// Mostly one of a few threads, so that they fill; sometimes one that does not exist.
    private mutating func randomThread(_ room: Int) -> Int {
        let count = model.room(room)?.threads.count ?? 0
        if count == 0 || chance(3) { return number(0..<70) }
        if chance(8) { return 0 }
        return min(count, 1 + min(number(0..<count), number(0..<count)))
    }

    private mutating func randomPlace(_ person: Person, mainLine: Int = 4) -> Place {
        let room = randomRoom(person)
        return Place(room: room, thread: chance(mainLine) ? nil : randomThread(room))
    }

    /// A message that mostly exists, mostly of late, mostly of this thread.
    private mutating func randomMessage(_ place: Place) -> UInt64 {
        if chance(3) { return 1_000_000_000 }
        guard let room = chance(4) ? model.rooms.randomElement(using: &numbers) : model.room(place.room),
            !room.posts.isEmpty
        else { return 7 }
        let here = place.thread == nil || chance(8) ? [] : room.posts.filter { $0.thread == place.thread }
        let posts = here.isEmpty ? room.posts : here
        return (chance(50) ? Array(posts.suffix(10)) : posts)[
            number(0..<(posts.count > 10 ? 10 : posts.count))
        ].offset
    }

    private mutating func randomTitle() -> String {
        switch number(0..<20) {
        case 0: ""
        case 1: "   "
        case 2: String(repeating: "x", count: 201)
        case 3: "a \u{202E} b"
        case 4: String(repeating: "é", count: 100)
        default: "Title \(number(0..<1000))"
        }
    }

    private mutating func randomWording() -> Deed.Wording {
        var wording = Deed.Wording()
        let kind = number(0..<20)
        if kind < 3 {
            wording.kind = .tagOnly
            wording.isKept = kind < 2
            return wording
        }
        if kind == 3 { wording.kind = .notice }
        let account = pick(model.accounts.keys.sorted())
        let name = model.accounts[account]?.name ?? ""
        switch number(0..<12) {
        case 0: wording = addressing(account, ["\(name): look"], wording)
        case 1: wording = addressing(account, ["\(name.uppercased()), look"], wording)
        case 2: wording = addressing(account, ["what says @\(name)?"], wording)
        case 3: wording = addressing(account, ["ask @\(name)."], wording)
        case 4: wording = addressing(account, ["one", "two @\(name)", "three"], wording)
        case 5: wording.lines = ["write to x@\(name)"]
        case 6: wording.lines = ["not \(name): you", "\(name): nor so"]
        case 7: wording.lines = ["@\(name)x is another", "and so on"]
        default: wording.lines = ["text"]
        }
        return wording
    }

    private func addressing(_ account: Int, _ lines: [String], _ wording: Deed.Wording) -> Deed.Wording {
        var wording = wording
        wording.lines = lines
        wording.mentioned = [account]
        return wording
    }

    mutating func randomFilter() -> ThreadFilter {
        var filter = ThreadFilter()
        for state in ThreadState.allCases where chance(20) { filter.states.insert(state) }
        filter.isPinned = chance(15)
        filter.isUnread = chance(30)
        filter.isFollowed = chance(12)
        filter.isMine = chance(15)
        return filter
    }

    mutating func randomDeed(by person: Person) -> Deed {
        let place = randomPlace(person)
        switch number(0..<100) {
        case 0..<38:
            let target = randomPlace(person, mainLine: 50)
            return .post(target, randomWording(), replyTo: chance(35) ? randomMessage(target) : nil)
        case 38..<44:
            return .create(
                room: place.room,
                root: chance(50) ? randomMessage(Place(room: place.room, thread: 0)) : nil,
                title: randomTitle())
        case 44..<60: return randomChange(place)
        case 60..<69:
            if chance(15), let rooted = rootedThread(place.room) { return rooted }
            let goal: Int? = chance(20) ? nil : chance(20) ? 0 : randomThread(place.room)
            return .move(
                place, randomMessage(place), pick(ThreadMoveScope.allCases), to: goal,
                title: chance(50) ? randomTitle() : nil)
        case 69..<75: return .level(place, pick(ThreadLevel.allCases))
        case 75..<77:
            return .policy(
                room: place.room, chance(40) ? pick([.all, .all, .moderators, .nobody]) : nil,
                chance(40) ? chance(25) : nil)
        case 77..<83: return .redact(chance(50) ? place : Place(room: place.room), randomMessage(place))
        case 83..<92: return .mark(randomPlace(person, mainLine: 20), randomTime(place))
        case 92..<94: return .showMarker(place)
        default:
            let room = chance(30) ? nil : place.room
            let after = chance(40) ? Place(room: place.room, thread: randomThread(place.room)) : nil
            return .list(room: room, randomFilter(), limit: number(1..<30), after: after)
        }
    }

    /// A root that is taken into its own thread.
    private mutating func rootedThread(_ room: Int) -> Deed? {
        let rooted = model.room(room)?.threads.filter { $0.root != nil } ?? []
        guard let thread = rooted.randomElement(using: &numbers), let root = thread.root else { return nil }
        return .move(Place(room: room, thread: 0), root, .one, to: thread.number, title: nil)
    }

    private mutating func randomChange(_ place: Place) -> Deed {
        switch number(0..<10) {
        case 0..<2: .change(place, .title(randomTitle()))
        case 2..<6: .change(place, .state(pick([.open, .open, .open, .closed, .closed, .archived])))
        case 6..<8: .change(place, .pin(chance(40) ? 0 : number(1..<5)))
        default: .change(place, .answer(chance(20) ? nil : randomMessage(place)))
        }
    }

    /// Microseconds; as the wire says it, and near a message.
    private mutating func randomTime(_ place: Place) -> Int64 {
        let now = town.now.microseconds
        if chance(20) { return now / 1000 * 1000 }
        if chance(5) { return now + 5_000_000 }
        if chance(5) { return now - 5_000_000 }
        let posts = model.room(place.room)?.posts ?? []
        guard !posts.isEmpty else { return now }
        let post = posts[max(0, posts.count - 1 - number(0..<60))]
        return (post.time / 1000 + Int64(number(0..<3)) - 1) * 1000
    }

    // MARK: Saying it

    private mutating func spelling(_ place: Place) -> Text {
        let name = model.room(place.room)?.name ?? "#nowhere"
        let spelled = place.thread.map { "\(name)/\($0)" } ?? name
        return Text(chance(20) ? spelled.uppercased() : spelled)
    }

    private func id(_ message: UInt64) -> MessageID { MessageID(high: message, low: 7) }

    mutating func perform(_ deed: Deed, by session: SessionID) -> [Outcome] {
        switch deed {
        case .post(let place, let wording, let reply):
            return post(place, wording, reply, by: session)
        case .create(let room, let root, let title):
            let channel = spelling(Place(room: room))
            return say(.create(channel: channel, root: root.map(id), title: Text(title)), by: session)
        case .change(let place, let change):
            let requested: RequestedThreadChange =
                switch change {
                case .title(let title): .title(Text(title))
                case .state(let state): .state(state, reason: "because")
                case .pin(let rank): .pin(rank: UInt16(rank))
                case .answer(let message): .answer(message.map(id))
                }
            return say(.change(target: spelling(place), requested), by: session)
        case .move(let place, let message, let scope, let goal, let title):
            return say(
                .move(
                    target: spelling(place), message: id(message), scope,
                    to: goal.map { ThreadID(UInt32($0)) }, title: title.map { Text($0) }), by: session)
        case .level(let place, let level):
            return say(.level(target: spelling(place), level), by: session)
        case .policy(let room, let creation, let isClosed):
            let channel = spelling(Place(room: room))
            return say(
                .policy(channel: channel, creation: creation, isMainLineClosed: isClosed), by: session)
        case .redact(let place, let message):
            let command = ModerationCommand.redact(
                target: spelling(place), message: id(message), spelledMessage: Text(id(message).text),
                reason: "")
            return town.say(.moderation(command), by: session)
        case .mark(let place, let time):
            let target = spelling(place)
            return town.say(
                .reading(.setMarker(target: target, Timestamp(microseconds: time))), by: session)
        case .showMarker(let place):
            return town.say(.reading(.showMarker(target: spelling(place))), by: session)
        case .list(let room, let filter, let limit, let after):
            return say(listing(room, filter, limit, after), by: session)
        }
    }

    mutating func listing(
        _ room: Int?, _ filter: ThreadFilter, _ limit: Int, _ after: Place?
    ) -> ThreadCommand {
        let channel = room.map { spelling(Place(room: $0)) }
        let behind = after.map { room == nil ? spelling($0) : Text("\($0.thread ?? 0)") }
        return .list(channel: channel, filter, limit: limit, after: behind)
    }

    private mutating func say(_ command: ThreadCommand, by session: SessionID) -> [Outcome] {
        town.say(.threads(command), by: session)
    }

    private mutating func post(
        _ place: Place, _ wording: Deed.Wording, _ reply: UInt64?, by session: SessionID
    ) -> [Outcome] {
        var tags: [String] =
            wording.isKept ? ["+draft/react=x"] : wording.kind == .tagOnly ? ["+typing=active"] : []
        if let reply { tags.append("\(chance(50) ? "+reply" : "+draft/reply")=\(id(reply).text)") }
        let target = spelling(place)
        let joined = Text(tags.joined(separator: ";"))
        guard wording.lines.count > 1 else {
            return town.post(
                session, target, Text(wording.lines.first ?? ""), kind: wording.kind, tags: joined)
        }
        town.say(
            .messaging(
                .openBatch(reference: "b", target: target, clientTags: joined, clientToken: nil, label: nil)),
            by: session)
        for line in wording.lines {
            town.say(
                .messaging(
                    .batchLine(
                        reference: "b", target: target, isNotice: wording.kind == .notice, text: Text(line),
                        isConcatenated: false)), by: session)
        }
        return town.say(.messaging(.closeBatch(reference: "b")), by: session)
    }
}

extension ThreadModel.Place {
    fileprivate init(room: Int) { self.init(room: room, thread: nil) }
}
