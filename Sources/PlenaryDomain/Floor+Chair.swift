// SPDX-License-Identifier: Apache-2.0

import PlenaryTerms

/// What the chair does with the list. Whoever gets here may manage it.
extension Community {
    func decideGrant(_ number: FloorNumber?, _ scene: FloorScene) throws(Refusal) -> [Outcome] {
        let floor = scene.floor
        let entry = try scene.waiting(number ?? .position(1))
        // Only a point of order interrupts, and none interrupts another: a second "next" gives nobody the floor.
        if let current = floor.current {
            let isPoint =
                entry.request.kind == .pointOfOrder && floor.interrupted == nil
                && current.pending.request.kind != .pointOfOrder
            guard isPoint else { throw scene.failure(.floorTaken, Text("r\(current.number)")) }
        }
        guard floor.statements.count < FloorLimits.statementCountLimit else {
            throw scene.failure(.limitReached, Text(String(FloorLimits.statementCountLimit)))
        }
        let seconds = Int64(floor.limitSeconds(of: entry.request))
        let voice = voiceChange(of: entry.request, isAdded: true, in: scene.channel)
        let granted = FloorGranted(
            channel: scene.channel.id, number: entry.request.number,
            ends: scene.moment.now.advanced(bySeconds: seconds), isVoiced: voice != nil,
            actor: scene.session.actor)
        return [scene.event(.granted(granted))] + [voice].compactMap { $0 }
    }

    func end(_ grant: FloorGrant, _ ending: FloorEnding, _ scene: FloorScene) -> [Outcome] {
        let ended = FloorEnded(
            channel: scene.channel.id, number: grant.number, ending: ending, actor: scene.session.actor)
        let voice =
            grant.isVoiced
            ? voiceChange(of: grant.pending.request, isAdded: false, in: scene.channel) : nil
        return [scene.event(.ended(ended))] + [voice].compactMap { $0 }
    }

    /// `+v` mirrors the floor: for a speaker who is in the channel without voice, and `-v` for one who has it. It is
    /// the account's, so it comes back with the person. The server's own act, as no moderator chose the mode.
    private func voiceChange(of request: FloorRequest, isAdded: Bool, in channel: Channel) -> Outcome? {
        guard let account = request.account, let name = accounts[account]?.name else { return nil }
        let here = channel.members.keys.sorted().compactMap { sessions[$0] }.filter { $0.account == account }
        let hasVoice =
            (channel.standingRoles[account] ?? []).contains(.voice)
            || here.contains { roles(of: $0.id, in: channel).contains(.voice) }
        guard hasVoice != isAdded, !isAdded || !here.isEmpty else { return nil }
        var nicknames: [Text] = []
        for nickname in here.compactMap({ $0.nickname.map { Text($0.spelling) } })
        where !nicknames.contains(nickname) {
            nicknames.append(nickname)
        }
        if nicknames.isEmpty { nicknames = [Text(name.spelling)] }
        let changes = nicknames.map {
            ModeChange(letter: UInt8(ascii: "v"), isAdded: isAdded, argument: $0, account: account)
        }
        let server = Actor(source: policy.serverName, account: nil, accountName: nil)
        return .event(
            .modesChanged(
                ModesChanged(
                    channel: channel.id, channelName: channel.name.text, changes: changes,
                    actor: server)))
    }

    /// From the end, or from now when time is over.
    func decideExtension(_ seconds: UInt32, _ scene: FloorScene) throws(Refusal) -> [Outcome] {
        guard let grant = scene.floor.current else { throw scene.failure(.nobodySpeaks) }
        guard FloorLimits.secondsLimits.contains(seconds) else {
            throw scene.failure(.invalidParameters, Text(String(seconds)))
        }
        let end = max(grant.ends, scene.moment.now).advanced(bySeconds: Int64(seconds))
        guard end <= grant.granted.advanced(bySeconds: FloorLimits.statementSecondsLimit) else {
            throw scene.failure(.limitReached, Text(String(FloorLimits.statementSecondsLimit)))
        }
        return [
            scene.event(
                .timed(
                    FloorTimed(
                        channel: scene.channel.id, number: grant.number, change: .extended(until: end),
                        actor: scene.session.actor)))
        ]
    }

    func decidePhase(_ deed: FloorDeed, _ scene: FloorScene) throws(Refusal) -> [Outcome] {
        let floor = scene.floor
        let isTaking = floor.isTaking(at: scene.moment.now)
        let isUntimed = floor.settings.closes.map { $0 <= scene.moment.now } ?? false
        func opened(isNew: Bool) -> Outcome {
            scene.event(
                .opened(
                    FloorOpened(
                        channel: scene.channel.id, isNew: isNew, isUntimed: isUntimed,
                        actor: scene.session.actor)))
        }
        switch deed {
        case .open:
            guard !isTaking else { throw scene.failure(.already, "open") }
            return [opened(isNew: floor.isEmpty)]
        case .reopen:
            guard !isTaking else { throw scene.failure(.already, "open") }
            let wasOpen = floor.phase != .waiting || isUntimed
            guard wasOpen else {
                throw scene.failure(.notOpen, floor.settings.opens.map { Text($0.iso8601) } ?? "*")
            }
            return [opened(isNew: false)]
        default:
            let isCut: Bool = if case .cut = deed { true } else { false }
            if isCut {
                guard floor.pending.values.contains(where: { $0.request.kind == .statement }) || isTaking
                else { throw scene.failure(.already, "cut") }
            } else {
                guard isTaking else { throw scene.failure(.already, "closed") }
            }
            return [
                scene.event(
                    .closed(
                        FloorClosed(
                            channel: scene.channel.id, isCut: isCut, actor: scene.session.actor)))
            ]
        }
    }

    func decidePlace(
        _ number: FloorNumber, _ after: FloorNumber?, _ scene: FloorScene
    ) throws(Refusal) -> [Outcome] {
        let entry = try scene.waiting(number)
        guard entry.request.kind == .statement else {
            throw scene.failure(.invalidParameters, number.text)
        }
        let followed = try after.map { number throws(Refusal) in try anchor(number, scene) }
        guard followed != entry.request.number else { throw scene.failure(.invalidParameters, number.text) }
        guard followed != entry.request.after else { throw scene.failure(.already, number.text) }
        let change = FloorOrdered.Change.placed(number: entry.request.number, after: followed)
        return [
            scene.event(
                .ordered(
                    FloorOrdered(channel: scene.channel.id, change: change, actor: scene.session.actor)))
        ]
    }

    func decideSettings(_ pairs: [FloorPair], _ scene: FloorScene) throws(Refusal) -> [Outcome] {
        guard !pairs.isEmpty else { throw scene.failure(.invalidParameters, "*") }
        var settings = scene.floor.settings
        for pair in pairs {
            guard settings.set(pair.key.string, to: pair.value.string) else {
                throw scene.failure(.invalidParameters, pair.key)
            }
        }
        if settings.closes != scene.floor.settings.closes, let closes = settings.closes,
            closes <= max(scene.moment.now, settings.opens ?? scene.moment.now)
        {
            throw scene.failure(.invalidParameters, "close")
        }
        guard settings != scene.floor.settings else { throw scene.failure(.already) }
        return [
            scene.event(
                .settingsSet(
                    FloorSettingsSet(
                        channel: scene.channel.id, settings: settings, actor: scene.session.actor)))
        ]
    }
}
