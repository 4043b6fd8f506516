// SPDX-License-Identifier: Apache-2.0

import PlenaryDomain
import PlenaryTerms

/// What somebody tries, in the model's words.
enum ThreadDeed {
    typealias Place = ThreadModel.Place

    struct Wording {
        var kind = MessageKind.privateMessage
        var lines: [String] = []
        var mentioned: Set<Int> = []
        /// A TAGMSG that is stored.
        var isKept = false
    }

    enum Change {
        case title(String)
        case state(ThreadState)
        case pin(Int)
        case answer(UInt64?)
    }

    case post(Place, Wording, replyTo: UInt64?)
    case create(room: Int, root: UInt64?, title: String)
    case change(Place, Change)
    case move(Place, UInt64, ThreadMoveScope, to: Int?, title: String?)
    case level(Place, ThreadLevel)
    case policy(room: Int, ThreadCreationPolicy?, Bool?)
    case redact(Place, UInt64)
    /// Microseconds.
    case mark(Place, Int64)
    case showMarker(Place)
    case list(room: Int?, ThreadFilter, limit: Int, after: Place?)
}

/// What follows from a deed: which results the specification allows. Where it names several errors without an
/// order, each of them is right.
extension ThreadModel {
    typealias Deed = ThreadDeed

    func results(of deed: Deed, by person: Person, at now: Int64) -> Set<String> {
        switch deed {
        case .post(let place, let wording, let reply): [post(place, wording, reply, person)]
        case .create(let room, let root, let title): create(room, root, title, person, now)
        case .change(let place, let change):
            discussed(place, person) { changed($0, $1, change, person) }
        case .move(let place, let message, let scope, let goal, let title):
            moved(place, message, scope, goal, title, person)
        case .level(let place, let level):
            discussed(place, person) { room, thread in
                person.account == nil
                    ? ["refused ACCOUNT_REQUIRED"] : ["did level \(thread.number) \(level.word)"]
            }
        case .policy(let room, let creation, let isClosed): policy(room, creation, isClosed, person)
        case .redact(let place, let message): redacted(place, message, person)
        case .mark(let place, let time): marked(place, min(time, now), person)
        case .showMarker(let place):
            [isReadable(place, person) ? told(marker(person, place)) : told(nil)]
        case .list(let room, let filter, let limit, let after): listed(room, filter, limit, after, person)
        }
    }

    private func refused(_ codes: [String?], or success: @autoclosure () -> String) -> Set<String> {
        let codes = codes.compactMap { $0 }
        return codes.isEmpty ? [success()] : Set(codes.map { "refused " + $0 })
    }

    private func told(_ marker: Int64?) -> String { "marker " + (marker.map { "\($0)" } ?? "none") }

    private func isTitle(_ title: String) -> Bool {
        title.utf8.count <= 200 && title.contains { $0 != " " } && !title.contains("\u{202E}")
    }

    // MARK: Posts

    /// Where a message goes: an explicit thread wins over the reply's.
    func goal(_ place: Place, _ reply: UInt64?) -> Int {
        if let thread = place.thread { return thread }
        guard let reply, let answered = room(place.room)?.post(reply), answered.kind != .deed,
            !answered.isRedacted
        else { return 0 }
        return answered.thread
    }

    private func post(_ place: Place, _ wording: Deed.Wording, _ reply: UInt64?, _ person: Person) -> String {
        let isSilent = wording.kind == .notice
        guard let room = room(place.room) else { return isSilent ? "nothing" : "refused 403" }
        // Who is not in the channel learns nothing of its threads.
        guard person.rooms.contains(room.number) else {
            return isSilent ? "nothing" : place.thread == nil ? "refused 404 \(room.name)" : "refused 403"
        }
        if let thread = place.thread, thread != 0, room.thread(thread) == nil {
            return isSilent ? "nothing" : "refused 403"
        }
        let goal = goal(place, reply)
        let isOpen = goal == 0 ? !room.isMainLineClosed : room.thread(goal)?.state == .open
        guard isOpen || isModerator(person, room) else {
            return isSilent ? "nothing" : "refused 404 \(room.spelling(goal == 0 ? nil : goal))"
        }
        if wording.kind == .tagOnly && !wording.isKept { return "relayed \(goal)" }
        return "did post \(goal) \(wording.mentioned.sorted())"
    }

    // MARK: Threads

    private func create(
        _ number: Int, _ root: UInt64?, _ title: String, _ person: Person, _ now: Int64
    ) -> Set<String> {
        guard let room = room(number), person.rooms.contains(number) else {
            return ["refused INVALID_TARGET"]
        }
        var wrong: [String?] = []
        switch room.creation {
        case .all: break
        case .moderators: wrong.append(isModerator(person, room) ? nil : "PRIVS_NEEDED")
        case .nobody: wrong.append("PRIVS_NEEDED")
        }
        wrong.append(isTitle(title) ? nil : "TITLE_INVALID")
        if let root {
            let post = room.post(root)
            wrong.append(post?.isVisible ?? false ? nil : "UNKNOWN_MSGID")
            let isTaken = room.threads.contains { $0.root == root }
            wrong.append(post?.thread ?? 0 != 0 || isTaken ? "ALREADY_THREADED" : nil)
        }
        let recent = (creations[creatorKey(person)] ?? []).filter { $0 + 60_000_000 > now }
        wrong.append(recent.count >= 10 ? "RATE_LIMITED" : nil)
        wrong.append(room.threads.count >= limits.threads ? "LIMIT_REACHED" : nil)
        return refused(wrong, or: "did new \(room.threads.count + 1) \(root.map { "\($0)" } ?? "-")")
    }

    func creatorKey(_ person: Person) -> String {
        person.account.map { "account \($0)" } ?? "session \(person.session.value)"
    }

    /// The refusals of a wrong thread target, or what the thread says.
    private func discussed(
        _ place: Place, _ person: Person, _ then: (Room, Discussion) -> Set<String>
    ) -> Set<String> {
        guard let room = room(place.room), person.rooms.contains(place.room) else {
            return ["refused INVALID_TARGET"]
        }
        guard let number = place.thread else { return ["refused INVALID_PARAMS"] }
        guard let thread = room.thread(number) else {
            return number == 0
                ? ["refused NO_SUCH_THREAD", "refused INVALID_PARAMS"] : ["refused NO_SUCH_THREAD"]
        }
        return then(room, thread)
    }

    private func changed(
        _ room: Room, _ thread: Discussion, _ change: Deed.Change, _ person: Person
    ) -> Set<String> {
        let isModerator = isModerator(person, room)
        let isCreator = person.account != nil && person.account == thread.creator
        let mayManage = isModerator || isCreator
        func success(_ what: String) -> String { "did change \(thread.number) \(what)" }
        func needing(_ isAllowed: Bool) -> String? { isAllowed ? nil : "PRIVS_NEEDED" }
        let isTaken = isModerator || thread.state == .open ? nil : "THREAD_CLOSED"
        switch change {
        case .title(let title):
            return refused(
                [needing(mayManage), isTaken, isTitle(title) ? nil : "TITLE_INVALID"],
                or: success("titled \(title)"))
        case .state(let state):
            let wasTheirs = thread.stateSetter == thread.creator
            let isAllowed =
                switch state {
                case .archived: isModerator
                // What a moderator archived, its creator does not bring back by closing it.
                case .closed: isModerator || isCreator && (thread.state != .archived || wasTheirs)
                case .open: isModerator || isCreator && (thread.state == .open || wasTheirs)
                }
            return refused(
                [needing(isAllowed)], or: state == thread.state ? "answer" : success("\(state.word)"))
        case .pin(let rank): return refused([needing(isModerator)], or: success("pin \(rank)"))
        case .answer(let message):
            guard let message else {
                return refused([needing(mayManage), isTaken], or: success("answer -"))
            }
            let isHere = room.visible(in: thread.number).contains { $0.offset == message }
            return refused(
                [needing(mayManage), isTaken, isHere ? nil : "UNKNOWN_MSGID"],
                or: success("answer \(message)"))
        }
    }

    /// The messages that a MOVE takes; what was done to a thread stays with it.
    func taken(_ place: Place, _ message: UInt64, _ scope: ThreadMoveScope) -> [UInt64] {
        let line = (room(place.room)?.posts ?? []).filter { $0.thread == place.thread && $0.kind != .deed }
        switch scope {
        case .one: return [message]
        case .rest: return line.filter { $0.offset >= message }.map(\.offset)
        case .all: return line.map(\.offset)
        }
    }

    private func moved(
        _ place: Place, _ message: UInt64, _ scope: ThreadMoveScope, _ goal: Int?, _ title: String?,
        _ person: Person
    ) -> Set<String> {
        guard let room = room(place.room), person.rooms.contains(place.room) else {
            return ["refused INVALID_TARGET"]
        }
        guard let source = place.thread else { return ["refused INVALID_PARAMS"] }
        guard source == 0 || room.thread(source) != nil else { return ["refused NO_SUCH_THREAD"] }
        var wrong: [String?] = [isModerator(person, room) ? nil : "PRIVS_NEEDED"]
        let isHere = room.visible(in: source).contains { $0.offset == message }
        wrong.append(scope == .all || isHere ? nil : "UNKNOWN_MSGID")
        let taken = taken(place, message, scope)
        wrong.append(taken.count > limits.moved ? "LIMIT_REACHED" : nil)
        var success = "did "
        let number: Int
        if let goal {
            number = goal
            wrong.append(goal == 0 || room.thread(goal) != nil ? nil : "NO_SUCH_THREAD")
            wrong.append(goal == source ? "INVALID_PARAMS" : nil)
        } else {
            number = room.threads.count + 1
            success += "new \(number) -; "
            wrong.append(isTitle(title ?? room.thread(source)?.title ?? "") ? nil : "TITLE_INVALID")
            wrong.append(room.threads.count >= limits.threads ? "LIMIT_REACHED" : nil)
        }
        success += "move \(source)>\(number) \(taken)"
        if scope == .all, number != 0, room.thread(source)?.state == .open {
            success += "; change \(source) closed"
        }
        return refused(wrong, or: success)
    }

    private func policy(
        _ number: Int, _ creation: ThreadCreationPolicy?, _ isClosed: Bool?, _ person: Person
    ) -> Set<String> {
        guard let room = room(number), person.rooms.contains(number) else {
            return ["refused INVALID_TARGET"]
        }
        if creation == nil, isClosed == nil { return ["answer"] }
        let word = (creation ?? room.creation).word
        return refused(
            [isModerator(person, room) ? nil : "PRIVS_NEEDED"],
            or: "did policy \(word) \(isClosed ?? room.isMainLineClosed)")
    }

    // MARK: Redaction and reading

    private func isReadable(_ place: Place, _ person: Person) -> Bool {
        guard let room = room(place.room), person.rooms.contains(place.room) else { return false }
        return place.thread ?? 0 == 0 || room.thread(place.thread) != nil
    }

    private func redacted(_ place: Place, _ message: UInt64, _ person: Person) -> Set<String> {
        guard isReadable(place, person), let room = room(place.room) else {
            return ["refused INVALID_TARGET"]
        }
        guard let post = room.post(message), post.kind != .deed, !post.isRedacted,
            place.thread == nil || place.thread == post.thread
        else { return ["refused UNKNOWN_MSGID"] }
        let isOwn = person.account != nil && person.account == post.author
        return refused(
            [isOwn || isModerator(person, room) ? nil : "REDACT_FORBIDDEN"], or: "did redact \(message)")
    }

    private func marked(_ place: Place, _ time: Int64, _ person: Person) -> Set<String> {
        guard isReadable(place, person) else { return [told(nil)] }
        let wanted = ThreadModel.milliseconds(time)
        let known = marker(person, place)
        let thread = place.thread.map { "\($0)" } ?? "*"
        let growth = person.account == nil ? "guest marker \(wanted)" : "did marker \(thread) \(wanted)"
        guard let known, wanted <= known else { return [growth] }
        // Within the millisecond that is shown it may grow unseen.
        return wanted < known ? [told(known)] : [told(known), growth]
    }

    private func listed(
        _ number: Int?, _ filter: ThreadFilter, _ limit: Int, _ after: Place?, _ person: Person
    ) -> Set<String> {
        if let number, !isReadable(Place(room: number, thread: nil), person) {
            return ["refused INVALID_TARGET"]
        }
        if let after, !isReadable(after, person) || after.thread ?? 0 == 0 {
            return ["refused NO_SUCH_THREAD"]
        }
        let rows = list(person, room: number, filter, after: after)
        let limit = min(limit, limits.page)
        let shown = rows.prefix(limit).map { "\($0.room)/\($0.thread ?? 0)" }.joined(separator: " ")
        return ["page \(rows.count <= limit) \(shown)"]
    }
}
