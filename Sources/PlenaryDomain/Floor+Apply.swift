// SPDX-License-Identifier: Apache-2.0

import PlenaryTerms

extension Community {
    mutating func apply(_ event: FloorEvent, time: Timestamp) {
        guard channels[event.channel] != nil else { return }
        floors[event.channel, default: Floor(channel: event.channel)].apply(event, time: time)
    }

    /// The lists as events, in the order of the channels.
    func floorSnapshot() -> [LoggedEvent] {
        floors.values.sorted { $0.channel < $1.channel }.flatMap { $0.snapshotEvents() }
    }

    /// What the clock does to the lists at this moment: opening, closing, the warning and the end of time. Each is
    /// an event, so that it is told once, whatever happens to the server.
    package func floorsDue(at now: Timestamp) -> [FloorEvent] {
        floors.values.sorted { $0.channel < $1.channel }.flatMap { $0.due(at: now) }
    }
}

extension Floor {
    mutating func apply(_ event: FloorEvent, time: Timestamp) {
        switch event {
        case .settingsSet(let event): apply(event, time)
        case .opened(let event):
            if event.isNew {
                statements = []
                proposals = [:]
            }
            if event.isUntimed { settings.closes = nil }
            isCut = false
            turn(.open, time, event.actor)
        case .closed(let event):
            isCut = event.isCut
            turn(.closed, time, event.actor)
            if event.isCut {
                for (number, entry) in pending where entry.request.kind == .statement { remove(number) }
            }
        case .requested(let event):
            nextNumber = max(nextNumber, event.request.number &+ 1)
            pending[event.request.number] = FloorPending(
                request: event.request, time: time, actor: event.actor,
                place: event.place ?? FloorPlace(event.request))
        case .withdrawn(let event): remove(event.number)
        case .swapped(let event): apply(event)
        case .ordered(let event): apply(event)
        case .granted(let event): apply(event, time)
        case .ended(let event): apply(event, time)
        case .timed(let event): apply(event, time)
        }
    }

    private mutating func turn(_ phase: FloorPhase, _ time: Timestamp, _ actor: Actor?) {
        self.phase = phase
        phaseTime = time
        phaseActor = actor
    }

    private mutating func apply(_ event: FloorSettingsSet, _ time: Timestamp) {
        let isRetimed =
            event.settings.opens != settings.opens || event.settings.closes != settings.closes
        settings = event.settings
        nextNumber = max(nextNumber, event.nextNumber)
        // New times put the list under the clock again.
        if isRetimed, settings.opens != nil {
            isCut = false
            turn(.waiting, Timestamp(microseconds: 0), nil)
        }
    }

    private mutating func remove(_ number: UInt32) {
        pending[number] = nil
        proposals[number] = nil
        proposals = proposals.filter { $0.value.with != number }
    }

    private mutating func apply(_ event: FloorSwapped) {
        guard event.isDone else {
            proposals[event.number] = event
            return
        }
        guard let one = pending[event.number]?.place, let other = pending[event.with]?.place else { return }
        pending[event.number]?.place = other
        pending[event.with]?.place = one
        // What else was proposed was about other places.
        let both = [event.number, event.with]
        proposals = proposals.filter { !both.contains($0.key) && !both.contains($0.value.with) }
    }

    private mutating func apply(_ event: FloorOrdered) {
        switch event.change {
        case .policy(let policy): settings.policy = policy
        case .drawn(let seed):
            settings.policy = .lots
            settings.seed = seed
            let numbers = pending.values.filter { $0.request.kind == .statement }.map(\.request.number)
                .sorted()
            for (lot, index) in FloorDraw.order(seed: seed, count: numbers.count).enumerated() {
                pending[numbers[index]]?.place.lot = UInt32(lot + 1)
            }
        case .placed(let number, let after): pending[number]?.request.after = after
        }
    }

    private mutating func apply(_ event: FloorGranted, _ time: Timestamp) {
        guard let entry = pending[event.number] else { return }
        remove(event.number)
        if let current { interrupted = current }
        var grant = FloorGrant(
            pending: entry, granted: time, ends: event.ends, isVoiced: event.isVoiced, isWarned: false,
            isTimeTold: false, pausedMicroseconds: event.pausedMicroseconds, actor: event.actor)
        // Whoever has so little from the beginning needs no warning.
        grant.isWarned = grant.remainingSeconds(at: time) <= FloorLimits.warningSeconds
        current = grant
    }

    private mutating func apply(_ event: FloorEnded, _ time: Timestamp) {
        guard var grant = current, grant.number == event.number else { return }
        grant.isWarned = true
        grant.isTimeTold = true
        statements.append(
            FloorStatement(grant: grant, ended: time, ending: event.ending, actor: event.actor))
        current = interrupted
        interrupted = nil
        // The clock stood still meanwhile.
        let held = time.microseconds &- grant.granted.microseconds
        current?.pausedMicroseconds &+= held
        current?.ends.microseconds &+= held
    }

    private mutating func apply(_ event: FloorTimed, _ time: Timestamp) {
        guard current?.number == event.number else { return }
        switch event.change {
        case .warned: current?.isWarned = true
        case .timeUp:
            current?.isWarned = true
            current?.isTimeTold = true
        case .extended(let until):
            current?.ends = until
            let left = current?.remainingSeconds(at: time) ?? 0
            if left > FloorLimits.warningSeconds { current?.isWarned = false }
            if left > 0 { current?.isTimeTold = false }
        }
    }

    // MARK: The clock

    func due(at now: Timestamp) -> [FloorEvent] {
        var events: [FloorEvent] = []
        let isOver = settings.closes.map { $0 <= now } ?? false
        let isDue = settings.opens.map { $0 <= now } ?? false
        if phase == .waiting, isDue, !isOver {
            events.append(.opened(FloorOpened(channel: channel, isNew: isEmpty, actor: nil)))
        }
        if isOver, phase == .open || phase == .waiting && isDue {
            events.append(.closed(FloorClosed(channel: channel, isCut: false, actor: nil)))
        }
        guard let current else { return events }
        func timed(_ change: FloorTimed.Change) -> FloorEvent {
            .timed(FloorTimed(channel: channel, number: current.number, change: change, actor: nil))
        }
        if !current.isTimeTold, current.ends <= now {
            events.append(timed(.timeUp))
        } else if !current.isWarned, current.ends.advanced(bySeconds: -FloorLimits.warningSeconds) <= now {
            events.append(timed(.warned))
        }
        return events
    }

    /// Whether nobody waits, and nobody has the floor.
    package var isEmpty: Bool { pending.isEmpty && current == nil }

    // MARK: Snapshots

    /// The events that rebuild it, with the times at which they happened.
    func snapshotEvents() -> [LoggedEvent] {
        var events: [LoggedEvent] = []
        func add(_ event: FloorEvent, _ time: Timestamp) {
            events.append(LoggedEvent(offset: .none, time: time, event: .floor(event)))
        }
        func add(_ entry: FloorPending) {
            let place = entry.place == FloorPlace(entry.request) ? nil : entry.place
            add(
                .requested(
                    FloorRequested(
                        channel: channel, request: entry.request, actor: entry.actor, place: place)),
                entry.time)
        }
        func add(_ grant: FloorGrant) {
            add(grant.pending)
            add(
                .granted(
                    FloorGranted(
                        channel: channel, number: grant.number, ends: grant.ends, isVoiced: grant.isVoiced,
                        pausedMicroseconds: grant.pausedMicroseconds, actor: grant.actor)), grant.granted)
        }
        func addTold(_ grant: FloorGrant) {
            guard grant.isWarned || grant.isTimeTold else { return }
            let change: FloorTimed.Change = grant.isTimeTold ? .timeUp : .warned
            add(
                .timed(FloorTimed(channel: channel, number: grant.number, change: change, actor: nil)),
                grant.granted)
        }
        add(
            .settingsSet(
                FloorSettingsSet(channel: channel, settings: settings, actor: nil, nextNumber: nextNumber)),
            Timestamp(microseconds: 0))
        switch phase {
        case .waiting: break
        case .open: add(.opened(FloorOpened(channel: channel, isNew: false, actor: phaseActor)), phaseTime)
        case .closed:
            add(.closed(FloorClosed(channel: channel, isCut: isCut, actor: phaseActor)), phaseTime)
        }
        for statement in statements {
            add(statement.grant)
            add(
                .ended(
                    FloorEnded(
                        channel: channel, number: statement.grant.number, ending: statement.ending,
                        actor: statement.actor)), statement.ended)
        }
        for grant in [interrupted, current].compactMap({ $0 }) {
            add(grant)
            addTold(grant)
        }
        for entry in pending.values.sorted(by: { $0.request.number < $1.request.number }) { add(entry) }
        for proposal in proposals.values.sorted(by: { $0.number < $1.number }) {
            add(.swapped(proposal), Timestamp(microseconds: 0))
        }
        return events
    }
}
