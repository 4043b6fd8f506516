// SPDX-License-Identifier: Apache-2.0

import PlenaryTerms

/// What erasing makes of speakers' lists: that somebody spoke, for which State, as what and how long, stays for the
/// counts; names and a person's own words go.
extension ErasurePass {
    func form(of event: FloorEvent) -> ErasedForm {
        guard !plan.accounts.isEmpty else { return .unchanged }
        let changed = scrubbed(event)
        return changed == event ? .unchanged : .replaced(.floor(changed))
    }

    private func scrubbed(_ event: FloorEvent) -> FloorEvent {
        func scrubbed(_ actor: Actor?) -> Actor? { actor.map { self.scrubbed($0) } }
        switch event {
        case .settingsSet(var event):
            event.actor = scrubbed(event.actor)
            return .settingsSet(event)
        case .opened(var event):
            event.actor = scrubbed(event.actor)
            return .opened(event)
        case .closed(var event):
            event.actor = scrubbed(event.actor)
            return .closed(event)
        case .requested(var event):
            event.actor = self.scrubbed(event.actor)
            event.request = self.scrubbed(event.request)
            event.place = event.place.map { self.scrubbed($0) }
            return .requested(event)
        case .withdrawn(var event):
            event.actor = self.scrubbed(event.actor)
            return .withdrawn(event)
        case .swapped(let event): return .swapped(self.scrubbed(event))
        case .ordered(var event):
            event.actor = self.scrubbed(event.actor)
            return .ordered(event)
        case .granted(var event):
            event.actor = self.scrubbed(event.actor)
            return .granted(event)
        case .ended(var event):
            event.actor = self.scrubbed(event.actor)
            return .ended(event)
        case .timed(var event):
            event.actor = scrubbed(event.actor)
            return .timed(event)
        }
    }

    func scrubbed(_ event: FloorSwapped) -> FloorSwapped {
        var changed = event
        changed.actor = scrubbed(event.actor)
        return changed
    }

    func scrubbed(_ request: FloorRequest) -> FloorRequest {
        var changed = request
        if let account = request.account {
            guard isErased(account) else { return request }
            changed.name = ErasurePlan.pseudonym(of: account)
        } else {
            changed.name = scrubbed(request.name)
            guard changed.name != request.name else { return request }
        }
        changed.item = ""
        changed.behalf = ""
        return changed
    }

    func scrubbed(_ place: FloorPlace) -> FloorPlace {
        guard case .name(let name) = place.party else { return place }
        var changed = place
        changed.party = .name(scrubbed(name))
        return changed
    }

    func scrubbed(_ entry: FloorPending) -> FloorPending {
        var changed = entry
        changed.request = scrubbed(entry.request)
        changed.actor = scrubbed(entry.actor)
        changed.place = scrubbed(entry.place)
        return changed
    }

    func scrubbed(_ grant: FloorGrant) -> FloorGrant {
        var changed = grant
        changed.pending = scrubbed(grant.pending)
        changed.actor = scrubbed(grant.actor)
        return changed
    }
}

extension Floor {
    /// Takes a person's name out of the list.
    mutating func forget(_ pass: ErasurePass) {
        phaseActor = phaseActor.map { pass.scrubbed($0) }
        pending = pending.mapValues { pass.scrubbed($0) }
        proposals = proposals.mapValues { pass.scrubbed($0) }
        current = current.map { pass.scrubbed($0) }
        interrupted = interrupted.map { pass.scrubbed($0) }
        statements = statements.map { statement in
            var changed = statement
            changed.grant = pass.scrubbed(statement.grant)
            changed.actor = pass.scrubbed(statement.actor)
            return changed
        }
    }
}

extension FloorEvent {
    /// What its owner reads of it: requests for the own statements, and what one did with the list.
    func record(of owner: RecordOwner) -> OwnRecord? {
        let number: UInt32?
        let kind: Text
        switch self {
        case .requested(let event):
            return event.request.account == owner.account || owner.is(event.actor)
                ? event.request.record : nil
        case .settingsSet: (kind, number) = ("floor-rules", nil)
        case .opened: (kind, number) = ("floor-opened", nil)
        case .closed(let event): (kind, number) = (event.isCut ? "floor-cut" : "floor-closed", nil)
        case .withdrawn(let event): (kind, number) = ("floor-withdrawn", event.number)
        case .swapped(let event): (kind, number) = ("floor-swap", event.number)
        case .ordered: (kind, number) = ("floor-order", nil)
        case .granted(let event): (kind, number) = ("floor-given", event.number)
        case .ended(let event): (kind, number) = ("floor-ended", event.number)
        case .timed(let event): (kind, number) = ("floor-time", event.number)
        }
        guard owner.is(actor) else { return nil }
        return OwnRecord(
            kind,
            [.init("channel", number: channel.value)] + (number.map { [.init("request", number: $0)] } ?? []))
    }
}

extension FloorRequest {
    fileprivate var record: OwnRecord {
        OwnRecord(
            "floor-request",
            [
                .init("request", number: number), .init("kind", Text(kind.word)), .init("name", name),
                .init("item", item), .init("behalf", behalf), .init("category", Text(category.word)),
                .init("delegation", delegation.map { Text($0.description) }),
                .init("region", region.map { Text($0.word) }),
                .init("language", language.map { Text($0.description) }),
                .init("presence", attendance.map { Text($0.word) }),
            ])
    }
}
