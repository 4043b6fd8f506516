// SPDX-License-Identifier: Apache-2.0

import PlenaryTerms

/// The policies (docs/extensions/floor.md, "Order"). Ties go by the order of asking, so no two have one rank.
extension Floor {
    /// Points of order, then statements as the policy says, then rights of reply; those that are to follow another
    /// right behind it.
    var ordered: [FloorPending] {
        func queue(_ kind: FloorKind) -> [FloorPending] {
            pending.values.filter { $0.request.kind == kind }.sorted { $0.place.number < $1.place.number }
        }
        return queue(.pointOfOrder) + anchored(inPolicy(queue(.statement))) + queue(.reply)
    }

    /// Statements by the policy; `requests` are in the order of asking.
    private func inPolicy(_ requests: [FloorPending]) -> [FloorPending] {
        switch settings.policy {
        case .firstCome: return requests
        case .statesFirst: return requests.stablySorted { $0.place.category.rank }
        case .lots: return requests.stablySorted { $0.place.lot.map { Int($0) } ?? Int.max }
        case .fewestInterventions:
            var counts: [FloorParty: Int] = [:]
            for grant in spoken where grant.pending.request.kind == .statement {
                counts[grant.pending.request.party, default: 0] += 1
            }
            return requests.stablySorted { counts[$0.place.party] ?? 0 }
        case .regionalRotation: return rotated(requests)
        }
    }

    /// One of each region in turn, beginning behind the region that spoke last.
    private func rotated(_ requests: [FloorPending]) -> [FloorPending] {
        let slots = RegionalGroup.allCases.map { Optional($0) } + [nil]
        var queues = slots.map { slot in requests.filter { $0.place.region == slot }[...] }
        let last = spoken.last { $0.pending.request.kind == .statement }
        var slot = last.flatMap { slots.firstIndex(of: $0.pending.place.region) }.map { $0 + 1 } ?? 0
        var result: [FloorPending] = []
        while result.count < requests.count {
            slot %= queues.count
            if let next = queues[slot].popFirst() { result.append(next) }
            slot += 1
        }
        return result
    }

    /// Puts those who follow another behind it; behind one who has spoken, or speaks, they are first. Who follows
    /// somebody that is gone stands where the policy puts it, and so does one of a circle.
    private func anchored(_ requests: [FloorPending]) -> [FloorPending] {
        guard requests.contains(where: { $0.request.after != nil }) else { return requests }
        let waiting = Set(requests.map(\.request.number))
        let heard = Set(spoken.map(\.number))
        var followers: [UInt32: [FloorPending]] = [:]
        var first: [FloorPending] = []
        var roots: [FloorPending] = []
        for request in requests {
            guard let anchor = request.request.after else {
                roots.append(request)
                continue
            }
            if waiting.contains(anchor), !isInCircle(request.request.number) {
                followers[anchor, default: []].append(request)
            } else if heard.contains(anchor) {
                first.append(request)
            } else {
                roots.append(request)
            }
        }
        var result: [FloorPending] = []
        func place(_ request: FloorPending) {
            result.append(request)
            for follower in followers[request.request.number] ?? [] { place(follower) }
        }
        for request in first + roots { place(request) }
        return result
    }

    /// Whether following who each follows comes back to the same request.
    private func isInCircle(_ number: UInt32) -> Bool {
        var next = pending[number]?.request.after
        var seen: Set<UInt32> = []
        while let current = next, seen.insert(current).inserted {
            if current == number { return true }
            next = pending[current]?.request.after
        }
        return false
    }
}

extension Array {
    /// Sorted by a key; what has the same keeps its order.
    fileprivate func stablySorted(by key: (Element) -> Int) -> [Element] {
        let keys = map(key)
        return indices.sorted { (keys[$0], $0) < (keys[$1], $1) }.map { self[$0] }
    }
}
