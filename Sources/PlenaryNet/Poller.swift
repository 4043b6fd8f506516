// SPDX-License-Identifier: Apache-2.0

import CPlenary
import Glibc

/// What a connection waits for. Errors and hang-ups are always reported.
struct Interest: OptionSet, Sendable {
    let rawValue: UInt32
    static let input = Interest(rawValue: EPOLLIN.rawValue)
    static let output = Interest(rawValue: EPOLLOUT.rawValue)
    static let broken = Interest(rawValue: EPOLLERR.rawValue | EPOLLHUP.rawValue)
}

/// One epoll set: which of many descriptors are ready. Level-triggered, so that nothing has to be
/// remembered between wakes. Belongs to one queue.
final class Poller {
    /// Descriptors reported at once.
    static let batchLimit = 512

    /// The set's own descriptor, which is readable while anything in the set is ready.
    let descriptor: Int32
    private let events: UnsafeMutablePointer<epoll_event>

    init() throws(NetError) {
        descriptor = epoll_create1(Int32(EPOLL_CLOEXEC))
        guard descriptor >= 0 else { throw .systemCall("epoll_create1", errno: errno) }
        // SAFETY: plain structures, zeroed here, filled by the kernel, freed once in `deinit`.
        events = .allocate(capacity: Poller.batchLimit)
        events.initialize(repeating: epoll_event(), count: Poller.batchLimit)
    }

    deinit {
        events.deallocate()
        close(descriptor)
    }

    /// Watches a descriptor; `token` comes back with its events.
    func add(_ watched: Int32, _ interest: Interest, token: UInt64) throws(NetError) {
        try control(EPOLL_CTL_ADD, watched, interest, token)
    }

    /// Changes what a descriptor is watched for.
    func change(_ watched: Int32, _ interest: Interest, token: UInt64) throws(NetError) {
        try control(EPOLL_CTL_MOD, watched, interest, token)
    }

    /// Watches it no longer.
    func remove(_ watched: Int32) throws(NetError) {
        try control(EPOLL_CTL_DEL, watched, [], 0)
    }

    private func control(
        _ operation: Int32, _ watched: Int32, _ interest: Interest, _ token: UInt64
    )
        throws(NetError)
    {
        var event = epoll_event(events: interest.rawValue, data: epoll_data_t(u64: token))
        guard epoll_ctl(descriptor, operation, watched, &event) == 0 else {
            throw .systemCall("epoll_ctl", errno: errno)
        }
    }

    /// How many are ready now; does not wait. Ask for each by `event(at:)` before the next poll.
    func poll() -> Int {
        // The only error possible with a valid set and buffer is a signal: nothing is ready then,
        // and the set's descriptor stays readable.
        max(0, Int(epoll_wait(descriptor, events, Int32(Poller.batchLimit), 0)))
    }

    /// One of the events the last poll reported.
    func event(at index: Int) -> (token: UInt64, ready: Interest) {
        precondition(index >= 0 && index < Poller.batchLimit, "Only reported events can be asked for.")
        return (events[index].data.u64, Interest(rawValue: events[index].events))
    }
}
