// SPDX-License-Identifier: Apache-2.0

import PlenaryDomain
import PlenaryTerms

/// What was decided, in the words in which the model predicts it.
enum ThreadResult {
    static func words(_ outcomes: [Outcome], _ community: Community) -> String {
        if let refusal = outcomes.refusals.first { return "refused " + word(refusal) }
        let events = outcomes.events
        if !events.isEmpty { return "did " + events.map(word).joined(separator: "; ") }
        for outcome in outcomes {
            switch outcome {
            case .presence(.relayed(let message)): return "relayed \(message.thread.value)"
            case .presence(.guestMarkerSet(_, _, let time, _)):
                return "guest marker \(ThreadModel.milliseconds(time.microseconds))"
            case .answer(.marker(_, let time)):
                return "marker "
                    + (time.map { "\(ThreadModel.milliseconds($0.microseconds))" } ?? "none")
            case .answer(.threadPage(let page)): return word(page)
            case .answer: return "answer"
            default: continue
            }
        }
        return "nothing"
    }

    static func word(_ page: ThreadPage) -> String {
        let rows = page.rows.map { "\($0.channel.value)/\($0.thread.value)" }.joined(separator: " ")
        return "page \(page.isComplete) \(rows)"
    }

    private static func word(_ refusal: Refusal) -> String {
        switch refusal {
        case .thread(_, let code, _): code.rawValue
        case .redaction(let code, _): code.rawValue
        case .noSuchChannel: "403"
        case .cannotSendToChannel(let target): "404 \(target)"
        default: "\(refusal)"
        }
    }

    private static func word(_ event: Event) -> String {
        switch event {
        case .messagePosted(let event):
            return "post \(event.thread.value) \(event.mentions.map { Int($0.value) }.sorted())"
        case .threadCreated(let event):
            return "new \(event.thread.value) \(event.root.map { "\($0.value)" } ?? "-")"
        case .threadChanged(let event):
            let what =
                switch event.change {
                case .titled(let title): "titled \(title)"
                case .stateSet(let state, _): "\(state.word)"
                case .pinned(let rank): "pin \(rank)"
                case .answered(let message): "answer \(message.map { "\($0.value)" } ?? "-")"
                }
            return "change \(event.thread.value) \(what)"
        case .messagesMoved(let event):
            let offsets = event.messages.map(\.value)
            return "move \(event.source.value)>\(event.destination.value) \(offsets)"
        case .threadPolicySet(let event): return "policy \(event.creation.word) \(event.isMainLineClosed)"
        case .threadLevelSet(let event): return "level \(event.thread.value) \(event.level.word)"
        case .markerSet(let event):
            let thread = event.thread.map { "\($0.value)" } ?? "*"
            return "marker \(thread) \(ThreadModel.milliseconds(event.time.microseconds))"
        case .messageRedacted(let event): return "redact \(event.message.value)"
        default: return "\(event)"
        }
    }
}

/// What a deed that was done changes. Of what was logged only places and times are taken.
extension ThreadModel {
    mutating func apply(_ deed: Deed, by person: inout Person, at now: Int64, _ logged: [LoggedEvent]) {
        switch deed {
        case .post(let place, let wording, let reply):
            guard let stored = logged.first else { return }
            let goal = goal(place, reply)
            change(place.room) { room in
                room.posts.append(
                    Post(
                        offset: stored.offset.value, time: stored.time.microseconds, thread: goal,
                        author: person.account,
                        kind: wording.kind == .tagOnly ? .tags : .text,
                        mentioned: wording.mentioned.reduce(0) { $0 | 1 << UInt64($1) }))
            }
        case .create(let room, let root, let title):
            guard let stored = logged.first else { return }
            creations[creatorKey(person), default: []].append(now)
            add(titled: title, root: root, to: room, person, stored)
        case .change(let place, let change):
            guard let stored = logged.first else { return }
            apply(change, to: place, by: person, stored)
        case .move(let place, let message, let scope, let goal, let title):
            applyMove(place, message, scope, goal, title, person, logged)
        case .level(let place, let level):
            guard let account = person.account else { return }
            levels[account, default: [:]][place] = level == .all ? nil : level
        case .policy(let number, let creation, let isClosed):
            change(number) { room in
                room.creation = creation ?? room.creation
                room.isMainLineClosed = isClosed ?? room.isMainLineClosed
            }
        case .redact(let place, let message):
            guard let stored = logged.first else { return }
            applyRedaction(place, message)
            // Its line stands where it was said, in the thread of the message.
            if let post = room(place.room)?.post(message) {
                note(stored, Place(room: place.room, thread: post.thread), person)
            }
        case .mark(let place, let time):
            let wanted = ThreadModel.milliseconds(min(time, now))
            if let account = person.account {
                markers[account, default: [:]][place] = wanted
            } else {
                person.markers[place] = wanted
            }
        case .showMarker, .list: break
        }
    }

    mutating func change(_ number: Int, _ body: (inout Room) -> Void) {
        guard let index = rooms.firstIndex(where: { $0.number == number }) else { return }
        body(&rooms[index])
    }

    private mutating func change(_ place: Place, _ body: (inout Discussion) -> Void) {
        change(place.room) { room in
            guard let index = room.threads.firstIndex(where: { $0.number == place.thread }) else { return }
            body(&room.threads[index])
        }
    }

    /// Something was done to a thread: it stands in the thread's history.
    private mutating func note(_ stored: LoggedEvent, _ place: Place, _ person: Person) {
        change(place.room) { room in
            room.posts.append(
                Post(
                    offset: stored.offset.value, time: stored.time.microseconds, thread: place.thread ?? 0,
                    author: person.account, kind: .deed))
        }
    }

    private mutating func add(
        titled title: String, root: UInt64?, to number: Int, _ person: Person, _ stored: LoggedEvent
    ) {
        var new = 0
        change(number) { room in
            new = room.threads.count + 1
            room.threads.append(
                Discussion(
                    number: new, title: title, creator: person.account, created: stored.time.microseconds,
                    root: root))
        }
        note(stored, Place(room: number, thread: new), person)
    }

    private mutating func apply(
        _ deed: Deed.Change, to place: Place, by person: Person, _ stored: LoggedEvent
    ) {
        change(place) { thread in
            switch deed {
            case .title(let title): thread.title = title
            case .state(let state):
                thread.state = state
                thread.stateSetter = person.account
            case .pin(let rank): thread.pin = rank
            case .answer(let message): thread.answer = message
            }
        }
        note(stored, place, person)
    }

    private mutating func applyMove(
        _ place: Place, _ message: UInt64, _ scope: ThreadMoveScope, _ goal: Int?, _ title: String?,
        _ person: Person, _ logged: [LoggedEvent]
    ) {
        guard let room = room(place.room) else { return }
        let taken = Set(taken(place, message, scope))
        let number = goal ?? room.threads.count + 1
        var rest = logged[...]
        if goal == nil, let stored = rest.popFirst() {
            add(
                titled: title ?? room.thread(place.thread)?.title ?? "", root: nil, to: place.room, person,
                stored)
        }
        change(place.room) { room in
            for index in room.posts.indices where taken.contains(room.posts[index].offset) {
                room.posts[index].thread = number
            }
        }
        loseAnswers(in: place.room)
        if let stored = rest.popFirst() { note(stored, place, person) }
        if let stored = rest.popFirst() { apply(.state(.closed), to: place, by: person, stored) }
    }

    private mutating func applyRedaction(_ place: Place, _ message: UInt64) {
        change(place.room) { room in
            for index in room.posts.indices where room.posts[index].offset == message {
                room.posts[index].isRedacted = true
            }
        }
        loseAnswers(in: place.room)
    }

    /// The accepted answer is a message in the thread, or there is none.
    private mutating func loseAnswers(in number: Int) {
        change(number) { room in
            for index in room.threads.indices {
                guard let answer = room.threads[index].answer else { continue }
                let isHere = room.posts.contains {
                    $0.offset == answer && $0.thread == room.threads[index].number && $0.isVisible
                }
                if !isHere { room.threads[index].answer = nil }
            }
        }
    }
}
