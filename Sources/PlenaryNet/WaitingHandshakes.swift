// SPDX-License-Identifier: Apache-2.0

/// Connections whose handshake waits for another's end, first come, first served. Those that are
/// closed meanwhile stay in the list until their turn, and are counted apart.
struct WaitingHandshakes {
    private var ids: [ConnectionID] = []
    private var start = 0
    /// Connections that really wait.
    private(set) var count = 0

    mutating func append(_ id: ConnectionID) {
        ids.append(id)
        count += 1
    }

    /// One that was in the list is closed.
    mutating func forgetOne() { count -= 1 }

    /// The next in the list, which may be closed already; `count` does not change.
    mutating func next() -> ConnectionID? {
        guard start < ids.count else { return nil }
        let id = ids[start]
        start += 1
        if start == ids.count {
            ids.removeAll(keepingCapacity: ids.count <= 1024)
            start = 0
        } else if start >= 1024 {
            ids.removeFirst(start)
            start = 0
        }
        return id
    }
}
