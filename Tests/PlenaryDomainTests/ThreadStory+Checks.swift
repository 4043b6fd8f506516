// SPDX-License-Identifier: Apache-2.0

import PlenaryDomain
import PlenaryTerms

/// The state of the community against the model's.
extension ThreadStory {
    private func inLog(_ place: Place) -> ThreadPlace {
        ThreadPlace(ChannelID(UInt32(place.room)), ThreadID(UInt32(place.thread ?? 0)))
    }

    private func differing<Value: Equatable>(
        _ what: @autoclosure () -> String, _ found: Value, _ expected: Value
    ) -> [String] {
        found == expected ? [] : ["\(what()): \(found), the model says \(expected)"]
    }

    /// State, title, counts and reading state of one thread or main line.
    func threadFaults(_ place: Place) -> [String] {
        guard let room = model.room(place.room), let number = place.thread else { return [] }
        let here = inLog(place)
        let name = room.spelling(number)
        let ledger = town.community.ledgers[here.channel]
        let visible = room.visible(in: number)
        var faults = differing("n of \(name)", ledger?.visibleCount(of: here.thread) ?? 0, visible.count)
        faults += differing(
            "newest of \(name)", ledger?.newestVisible(of: here.thread)?.offset.value ?? 0,
            visible.last?.offset ?? 0)
        for account in model.accounts.keys.sorted() {
            let found = town.community.unread(in: here, by: AccountID(UInt32(account)))
            faults += differing(
                "u and m of \(name) for \(account)", [found.messages, found.mentions],
                model.unread(account, place))
        }
        let found = town.community.channels[here.channel]?.threads[here.thread]
        guard let thread = room.thread(number) else {
            return faults + (found == nil ? [] : ["\(name) exists"])
        }
        guard let found else { return faults + ["\(name) does not exist"] }
        faults += differing("state of \(name)", found.state, thread.state)
        faults += differing("title of \(name)", found.title, Text(thread.title))
        faults += differing("pin of \(name)", Int(found.pinRank), thread.pin)
        faults += differing("root of \(name)", found.root?.value ?? 0, thread.root ?? 0)
        faults += differing("answer of \(name)", found.answer?.value ?? 0, thread.answer ?? 0)
        faults += differing("creator of \(name)", Int(found.creator.account?.value ?? 0), thread.creator ?? 0)
        faults += differing("making of \(name)", found.created.microseconds, thread.created)
        return faults
    }

    /// Everything: all threads, lists and their pages, histories.
    mutating func fullFaults() -> [String] {
        var faults: [String] = []
        for room in model.rooms {
            let channel = ChannelID(UInt32(room.number))
            faults += differing(
                "threads of \(room.name)", town.community.channels[channel]?.threads.count ?? 0,
                room.threads.count)
            for thread in 0...room.threads.count {
                let place = Place(room: room.number, thread: thread)
                faults += threadFaults(place) + participantFaults(place) + readingFaults(place)
                faults += pageFaults(place)
            }
        }
        for _ in 0..<8 { faults += listFaults() }
        return faults
    }

    private func readingFaults(_ place: Place) -> [String] {
        var faults: [String] = []
        let here = inLog(place)
        for account in model.accounts.keys.sorted() {
            let reader = AccountID(UInt32(account))
            let marker = town.community.effectiveMarker(
                reader, MarkerPlace(.channel(here.channel), here.thread))
            faults += differing(
                "marker of \(place) for \(account)",
                marker.map { ThreadModel.milliseconds($0.microseconds) } ?? 0,
                model.marker(of: account, place) ?? 0)
            faults += differing(
                "level of \(place) for \(account)", town.community.readings[reader]?.levels[here] ?? .all,
                model.levels[account]?[place] ?? .all)
        }
        return faults
    }

    private func participantFaults(_ place: Place) -> [String] {
        let here = inLog(place)
        let found = town.community.ledgers[here.channel]?.authors(of: here.thread, limit: 200) ?? []
        let expected = Set(model.room(place.room)?.visible(in: place.thread ?? 0).compactMap(\.author) ?? [])
        return differing("authors of \(place)", found.map { Int($0.value) }.sorted(), expected.sorted())
    }

    // MARK: Lists

    /// A list read page by page is the model's whole list.
    private mutating func listFaults() -> [String] {
        let person = people[Int.random(in: 0..<people.count, using: &numbers)]
        let room = [nil, 1, 2, 3][Int.random(in: 0..<4, using: &numbers)]
        if let room, !person.rooms.contains(room) { return [] }
        let filter = randomFilter()
        let limit = Int.random(in: 1...12, using: &numbers)
        var rows: [Place] = []
        var isComplete = false
        while !isComplete {
            let outcomes = perform(
                .list(room: room, filter, limit: limit, after: rows.last), by: person.session)
            guard case .answer(.threadPage(let page))? = outcomes.first, page.rows.count <= limit,
                page.isComplete || page.rows.count == limit, rows.count <= 300
            else { return ["a page of \(filter) behind \(rows) is \(outcomes)"] }
            rows += page.rows.map { Place(room: Int($0.channel.value), thread: Int($0.thread.value)) }
            isComplete = page.isComplete
        }
        return differing(
            "list of \(room ?? 0) for \(person.nick), \(filter)", rows,
            model.list(person, room: room, filter))
    }

    // MARK: Histories

    private mutating func pageFaults(_ place: Place) -> [String] {
        let selection = randomSelection(place)
        let limit = Int.random(in: 1...12, using: &numbers)
        let withEvents = Bool.random(using: &numbers)
        let here = inLog(place)
        let root = town.community.channels[here.channel]?.threads[here.thread]?.root
        let page = town.community.ledgers[here.channel]?.page(
            of: here.thread, root: root, inLedger(selection), limit: limit, includesEvents: withEvents)
        let expected = model.page(place, selection, limit: limit, withEvents: withEvents)
        func what() -> String {
            "\(limit) of the history of \(place), \(selection), events \(withEvents)"
        }
        return differing(what(), page?.offsets.map(\.value) ?? [], expected.offsets)
            + differing("end of " + what(), page?.isComplete ?? true, expected.isComplete)
    }

    private mutating func randomEdge(_ place: Place, isTime: Bool) -> ThreadModel.Edge {
        let posts = model.room(place.room)?.posts ?? []
        let here = posts.filter { $0.thread == place.thread }
        let chosen = (Bool.random(using: &numbers) ? here : posts).randomElement(using: &numbers)
        guard let post = chosen else { return isTime ? .time(0) : .offset(0) }
        let shift = Int64.random(in: -1...1, using: &numbers)
        if isTime { return .time(ThreadModel.milliseconds(post.time) + shift) }
        return .offset(UInt64(Int64(post.offset) + (Bool.random(using: &numbers) ? shift : 0)))
    }

    private mutating func randomSelection(_ place: Place) -> ThreadModel.Selection {
        let isTime = Bool.random(using: &numbers)
        let edge = randomEdge(place, isTime: isTime)
        switch Int.random(in: 0..<6, using: &numbers) {
        case 0: return .latest(after: nil)
        case 1: return .latest(after: edge)
        case 2: return .before(edge)
        case 3: return .after(edge)
        case 4: return .around(edge)
        default: return .between(edge, randomEdge(place, isTime: isTime))
        }
    }

    private func inLedger(_ selection: ThreadModel.Selection) -> Ledger.Selection {
        func bound(_ edge: ThreadModel.Edge) -> Ledger.Bound {
            switch edge {
            case .offset(let offset): .offset(Offset(offset))
            case .time(let time): .time(Timestamp(microseconds: time * 1000))
            }
        }
        switch selection {
        case .latest(let edge): return .latest(after: edge.map(bound))
        case .before(let edge): return .before(bound(edge))
        case .after(let edge): return .after(bound(edge))
        case .around(let edge): return .around(bound(edge))
        case .between(let one, let other): return .between(bound(one), bound(other))
        }
    }
}
