// SPDX-License-Identifier: Apache-2.0

/// Handshakes of accepted connections that are not over, by their slots, in the order in which their peers were
/// last heard. Everything is done in constant time, for whoever floods the server has it done.
struct UnfinishedHandshakes {
    private struct Link {
        var previous = UnfinishedHandshakes.none
        var next = UnfinishedHandshakes.none
        var isUsed = false
    }

    private static let none = -1

    private var links: [Link] = []
    private var first = UnfinishedHandshakes.none
    private var last = UnfinishedHandshakes.none
    private(set) var count = 0

    /// The one whose peer has been silent for longest.
    var longestSilent: Int? { first == UnfinishedHandshakes.none ? nil : first }

    /// A handshake begins, or its peer is heard.
    mutating func heard(_ slot: Int) {
        remove(slot)
        while links.count <= slot { links.append(Link()) }
        links[slot] = Link(previous: last, next: UnfinishedHandshakes.none, isUsed: true)
        if last == UnfinishedHandshakes.none { first = slot } else { links[last].next = slot }
        last = slot
        count += 1
    }

    /// A handshake is over. Nothing happens when it was not here any more.
    mutating func remove(_ slot: Int) {
        guard slot < links.count, links[slot].isUsed else { return }
        let link = links[slot]
        if link.previous == UnfinishedHandshakes.none {
            first = link.next
        } else {
            links[link.previous].next = link.next
        }
        if link.next == UnfinishedHandshakes.none {
            last = link.previous
        } else {
            links[link.next].previous = link.previous
        }
        links[slot] = Link()
        count -= 1
    }
}
