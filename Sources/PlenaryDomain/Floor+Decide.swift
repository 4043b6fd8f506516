// SPDX-License-Identifier: Apache-2.0

import PlenaryTerms

/// What is needed to decide about one channel's list.
struct FloorScene {
    let session: Session
    let channel: Channel
    let floor: Floor
    let isManager: Bool
    let moment: Moment

    func failure(_ code: FloorFailure, _ context: Text...) -> Refusal {
        .floor(code: code, context: [channel.name.text] + context)
    }

    func event(_ event: FloorEvent) -> Outcome { .event(.floor(event)) }

    /// The request that a number names among those who wait.
    func waiting(_ number: FloorNumber) throws(Refusal) -> FloorPending {
        let found: FloorPending?
        switch number {
        case .request(let number): found = floor.pending[number]
        case .position(let position):
            let order = floor.order
            found =
                (1...max(order.count, 1)).contains(position)
                ? order.dropFirst(position - 1).first.flatMap { floor.pending[$0] } : nil
        }
        guard let found else { throw failure(.noSuchEntry, number.text) }
        return found
    }
}

extension Community {
    func decide(_ command: FloorCommand, by id: SessionID, at moment: Moment) -> [Outcome] {
        guard let session = sessions[id] else { return [] }
        do throws(Refusal) {
            let scene = try scene(command, session, moment)
            if case .list = command.deed { return [.answer(.floor(.list(scene.channel.id)))] }
            // A list of speakers would say who speaks (docs/extensions/attribution.md).
            if attribution(in: scene.channel.id) == .unattributed { throw scene.failure(.noNames) }
            guard moment.hasSpace else { throw .storageIsFull(verb: "FLOOR") }
            if case .limited(let seconds) = floorRate(session, moment) {
                throw scene.failure(.rateLimited, Text(String(seconds)))
            }
            let deeds = try outcomes(of: command.deed, scene)
            return [.presence(.rated(session.id, .floor, moment.steady))] + deeds
        } catch {
            return [.refused(error)]
        }
    }

    private enum FloorRate { case free, limited(seconds: Int) }

    private func floorRate(_ session: Session, _ moment: Moment) -> FloorRate {
        guard case .rateLimited(_, let seconds) = rateRefusal(.floor, by: session.id, at: moment.steady)
        else {
            return .free
        }
        return .limited(seconds: seconds)
    }

    /// Members, and those who read everything; a relay that enters somebody needs to read nothing for it. All
    /// others are answered as if there were no such channel.
    private func scene(
        _ command: FloorCommand, _ session: Session, _ moment: Moment
    ) throws(Refusal) -> FloorScene {
        let channel = channel(named: command.channel)
        guard let channel, mayReach(channel, command.deed, session) else {
            throw .floor(code: .invalidTarget, context: [command.channel])
        }
        return FloorScene(
            session: session, channel: channel, floor: floors[channel.id] ?? Floor(channel: channel.id),
            isManager: permits(.manageFloor, session, in: channel), moment: moment)
    }

    private func mayReach(_ channel: Channel, _ deed: FloorDeed, _ session: Session) -> Bool {
        if isMember(session.id, of: channel) || permits(.readAll, session) { return true }
        switch deed {
        case .request(let wish), .reply(_, let wish), .point(let wish):
            return wish.name != nil && permits(.relay, session, in: channel)
        case .withdraw: return permits(.relay, session, in: channel)
        default: return false
        }
    }

    private func outcomes(of deed: FloorDeed, _ scene: FloorScene) throws(Refusal) -> [Outcome] {
        switch deed {
        case .list: return []
        case .request(let wish): return try decideRequest(.statement, wish, answers: nil, scene)
        case .point(let wish): return try decideRequest(.pointOfOrder, wish, answers: nil, scene)
        case .reply(let number, let wish):
            let answers = try number.map { number throws(Refusal) in try statement(number, scene) }
            return try decideRequest(.reply, wish, answers: answers, scene)
        case .withdraw(let number): return try decideWithdrawal(number, scene)
        case .swap(let number): return try decideSwap(number, scene)
        case .yield: return try decideYield(scene)
        case .grant(let number):
            try requireManager(scene)
            return try decideGrant(number, scene)
        case .stop:
            try requireManager(scene)
            guard let grant = scene.floor.current else { throw scene.failure(.nobodySpeaks) }
            return end(grant, .stopped, scene)
        case .extend(let seconds):
            try requireManager(scene)
            return try decideExtension(seconds, scene)
        case .open, .reopen, .close, .cut:
            try requireManager(scene)
            return try decidePhase(deed, scene)
        case .order(let policy):
            try requireManager(scene)
            // Lots are drawn; an order by lots that were drawn before comes back.
            guard policy != .lots || scene.floor.settings.seed != nil else {
                throw scene.failure(.invalidParameters, Text(policy.word))
            }
            guard policy != scene.floor.settings.policy else {
                throw scene.failure(.already, Text(policy.word))
            }
            return [ordered(.policy(policy), scene)]
        case .draw(let seed):
            try requireManager(scene)
            return [ordered(.drawn(seed: seed), scene)]
        case .place(let number, let after):
            try requireManager(scene)
            return try decidePlace(number, after, scene)
        case .settings(let pairs):
            try requireManager(scene)
            return try decideSettings(pairs, scene)
        }
    }

    private func requireManager(_ scene: FloorScene) throws(Refusal) {
        guard scene.isManager else { throw scene.failure(.privilegesNeeded) }
    }

    private func ordered(_ change: FloorOrdered.Change, _ scene: FloorScene) -> Outcome {
        scene.event(
            .ordered(
                FloorOrdered(channel: scene.channel.id, change: change, actor: scene.session.actor)))
    }

    /// The number of a statement that was made, or is being made.
    private func statement(_ number: FloorNumber, _ scene: FloorScene) throws(Refusal) -> UInt32 {
        guard case .request(let wanted) = number,
            let found = scene.floor.spoken.first(where: { $0.number == wanted })
        else { throw scene.failure(.noSuchEntry, number.text) }
        return found.number
    }

    // MARK: Requests

    private func decideRequest(
        _ kind: FloorKind, _ wish: FloorWish, answers: UInt32?, _ scene: FloorScene
    ) throws(Refusal) -> [Outcome] {
        let isForAnother = wish.name != nil
        let mayAsk =
            scene.isManager
            || (isForAnother
                ? permits(.relay, scene.session, in: scene.channel)
                : permits(.requestFloor, scene.session, in: scene.channel))
        guard mayAsk else { throw scene.failure(.privilegesNeeded) }
        guard isForAnother || scene.session.account != nil else { throw scene.failure(.accountRequired) }
        var request = try request(kind, wish, scene)
        request.answers = answers
        try requireTaking(kind, scene)
        try requireRoom(for: request, scene)
        if kind == .reply {
            let limit = scene.floor.settings.replySeconds.count
            guard scene.floor.replyCount(of: request.party) < limit else {
                throw scene.failure(.repliesUsed, Text(String(limit)))
            }
        }
        let event = FloorRequested(
            channel: scene.channel.id, request: request, actor: scene.session.actor)
        // What the clock owes comes first: a list that opens now is open before somebody is on it.
        return clockwork(scene) + [scene.event(.requested(event))]
    }

    private func clockwork(_ scene: FloorScene) -> [Outcome] {
        scene.floor.due(at: scene.moment.now).compactMap { event in
            switch event {
            case .opened, .closed: scene.event(event)
            default: nil
            }
        }
    }

    /// The chair enters people at any time; others while the list takes requests, and points of order and replies as
    /// long as there is a list.
    private func requireTaking(_ kind: FloorKind, _ scene: FloorScene) throws(Refusal) {
        if scene.isManager || scene.floor.isTaking(at: scene.moment.now) { return }
        let floor = scene.floor
        let isBefore =
            floor.phase == .waiting && (floor.settings.opens ?? scene.moment.now) >= scene.moment.now
        if isBefore || floor.phase == .waiting && floor.settings.opens == nil {
            throw scene.failure(.notOpen, floor.settings.opens.map { Text($0.iso8601) } ?? "*")
        }
        guard kind != .statement else { throw scene.failure(.listClosed) }
    }

    private func requireRoom(for request: FloorRequest, _ scene: FloorScene) throws(Refusal) {
        let pending = scene.floor.pending
        let isThere = pending.values.contains { other in
            let isSame =
                request.account != nil
                ? other.request.account == request.account
                : other.request.account == nil && other.request.party == request.party
                    && asciiFolded(other.request.name.bytes) == asciiFolded(request.name.bytes)
            return isSame && other.request.kind == request.kind && other.request.item == request.item
                && other.request.behalf == request.behalf
        }
        guard !isThere else { throw scene.failure(.already) }
        guard pending.count < FloorLimits.requestCountLimit else {
            throw scene.failure(.limitReached, Text(String(FloorLimits.requestCountLimit)))
        }
        guard let account = request.account else { return }
        let own = pending.values.count { $0.request.account == account }
        guard own < policy.limits.floorRequestCountLimit else {
            throw scene.failure(.limitReached, Text(String(policy.limits.floorRequestCountLimit)))
        }
    }

    /// The request that a wish comes to: what it does not say is taken from the asker's profile.
    private func request(
        _ kind: FloorKind, _ spelled: FloorWish, _ scene: FloorScene
    ) throws(Refusal) -> FloorRequest {
        let composed = { (text: Text) in Text(scene.moment.functions.composed(text.bytes)) }
        var wish = spelled
        wish.item = composed(wish.item)
        wish.behalf = composed(wish.behalf)
        wish.name = wish.name.map(composed)
        let profile = wish.name == nil ? profile(of: scene.session) : Profile()
        func check(_ isValid: Bool, _ key: Text) throws(Refusal) {
            guard isValid else { throw scene.failure(.invalidParameters, key) }
        }
        func isName(_ text: Text, _ limit: Int) -> Bool {
            text.isEmpty || GivenName.isValid(text.bytes, byteLimit: limit)
        }
        try check(isName(wish.item, FloorLimits.itemByteLimit), "item")
        try check(isName(wish.behalf, ProfileLimits.onBehalfByteLimit), "behalf")
        if let name = wish.name {
            try check(GivenName.isValid(name.bytes, byteLimit: FloorLimits.nameByteLimit), "name")
        }
        try requireTruth(wish, profile, scene)
        var request = FloorRequest(
            number: scene.floor.nextNumber, kind: kind,
            account: wish.name == nil ? scene.session.account : nil,
            name: wish.name ?? scene.session.accountName ?? "*",
            category: wish.category ?? FloorCategory(profile.affiliation))
        request.item = wish.item
        request.behalf = wish.behalf
        request.delegation = wish.delegation ?? profile.country
        request.region = wish.region ?? profile.region
        request.language = wish.language ?? profile.languages.first
        request.attendance = wish.attendance ?? profile.attendance
        if let after = wish.after {
            guard scene.isManager else { throw scene.failure(.privilegesNeeded, "after") }
            request.after = try anchor(after, scene)
        }
        guard request.number < .max else { throw scene.failure(.limitReached, Text(String(UInt32.max))) }
        return request
    }

    /// What somebody verified, nobody but the chair contradicts; and a known region is the roster's.
    private func requireTruth(
        _ wish: FloorWish, _ profile: Profile, _ scene: FloorScene
    ) throws(Refusal) {
        guard !scene.isManager else { return }
        if let region = wish.region, let known = profile.region, region != known {
            throw scene.failure(.privilegesNeeded, "region")
        }
        guard profile.verification != nil else { return }
        if let category = wish.category, profile.affiliation != nil,
            category != FloorCategory(profile.affiliation)
        {
            throw scene.failure(.privilegesNeeded, "category")
        }
        if let delegation = wish.delegation, let country = profile.country, delegation != country {
            throw scene.failure(.privilegesNeeded, "delegation")
        }
    }

    /// Who is to be followed: somebody who waits, speaks or has spoken.
    func anchor(_ number: FloorNumber, _ scene: FloorScene) throws(Refusal) -> UInt32 {
        if case .request(let wanted) = number, scene.floor.spoken.contains(where: { $0.number == wanted }) {
            return wanted
        }
        return try scene.waiting(number).request.number
    }

    // MARK: Withdrawing and swapping

    private func isOwn(_ entry: FloorPending, _ scene: FloorScene) -> Bool {
        guard let account = scene.session.account else { return false }
        return entry.request.account == account
            || entry.request.account == nil && entry.actor.account == account
    }

    private func decideWithdrawal(_ number: FloorNumber?, _ scene: FloorScene) throws(Refusal) -> [Outcome] {
        let entry: FloorPending
        if let number {
            entry = try scene.waiting(number)
        } else {
            let own = scene.floor.pending.values.filter { isOwn($0, scene) }
            guard let only = own.first, own.count == 1 else {
                throw scene.failure(own.isEmpty ? .noSuchEntry : .invalidParameters, "*")
            }
            entry = only
        }
        guard scene.isManager || isOwn(entry, scene) else {
            throw scene.failure(.notYours, number?.text ?? "*")
        }
        return [
            scene.event(
                .withdrawn(
                    FloorWithdrawn(
                        channel: scene.channel.id, number: entry.request.number,
                        actor: scene.session.actor)))
        ]
    }

    /// The first SWAP names the other's request and proposes; the other's, which names the first one's, agrees.
    private func decideSwap(_ number: FloorNumber, _ scene: FloorScene) throws(Refusal) -> [Outcome] {
        let floor = scene.floor
        let other = try scene.waiting(number)
        let own = floor.pending.values.filter {
            isOwn($0, scene) && $0.request.kind == .statement && $0.request.number != other.request.number
        }.sorted { $0.request.number < $1.request.number }
        guard other.request.kind == .statement, !isOwn(other, scene) else {
            throw scene.failure(.invalidParameters, number.text)
        }
        guard let first = own.first else { throw scene.failure(.noSuchEntry, "*") }
        // Of several own requests the one that the other proposed about, else the first asked for.
        let proposed = floor.proposals[other.request.number]?.with
        let agreed = own.first { $0.request.number == proposed }
        let mine = (agreed ?? first).request.number
        guard agreed != nil || floor.proposals[mine]?.with != other.request.number else {
            throw scene.failure(.already, number.text)
        }
        return [
            scene.event(
                .swapped(
                    FloorSwapped(
                        channel: scene.channel.id, number: mine, with: other.request.number,
                        isDone: agreed != nil, actor: scene.session.actor)))
        ]
    }

    private func decideYield(_ scene: FloorScene) throws(Refusal) -> [Outcome] {
        guard let grant = scene.floor.current else { throw scene.failure(.nobodySpeaks) }
        guard isOwn(grant.pending, scene) else { throw scene.failure(.notYours) }
        return end(grant, .yielded, scene)
    }
}
