// SPDX-License-Identifier: Apache-2.0

import Glibc
import Synchronization

/// What time it is. Injected wherever time matters, so that tests turn the hands themselves.
package struct Clock: Sendable {
    private let readWall: @Sendable () -> Int64
    private let readMonotonic: @Sendable () -> Int64

    /// A clock that reads both times from closures, in microseconds.
    package init(wall: @escaping @Sendable () -> Int64, monotonic: @escaping @Sendable () -> Int64) {
        readWall = wall
        readMonotonic = monotonic
    }

    /// Microseconds since 1 January 1970 UTC. May jump when the host's clock is set.
    package func now() -> Int64 { readWall() }

    /// Microseconds since some fixed point; never goes back. Deadlines are measured by it.
    package func monotonic() -> Int64 { readMonotonic() }

    /// The host's clocks.
    package static let system = Clock(
        wall: { read(CLOCK_REALTIME) }, monotonic: { read(CLOCK_MONOTONIC) })

    private static func read(_ id: clockid_t) -> Int64 {
        var time = timespec()
        let result = clock_gettime(id, &time)
        precondition(result == 0, "Linux always has the real-time and the monotonic clock.")
        return Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000
    }
}

/// A clock whose hands only a test moves.
package final class ManualClock: Sendable {
    private struct Hands {
        var wall: Int64
        var monotonic: Int64
    }

    private let hands: Mutex<Hands>

    /// A stopped clock; both times in microseconds.
    package init(wall: Int64 = 1_700_000_000_000_000, monotonic: Int64 = 1_000_000) {
        hands = Mutex(Hands(wall: wall, monotonic: monotonic))
    }

    /// This clock in the form that code under test takes.
    package var clock: Clock {
        Clock(
            wall: { self.hands.withLock { $0.wall } },
            monotonic: { self.hands.withLock { $0.monotonic } })
    }

    /// Moves both hands forward.
    package func advance(microseconds: Int64) {
        precondition(microseconds >= 0, "Time does not go back; set the wall clock instead.")
        hands.withLock { hands in
            hands.wall += microseconds
            hands.monotonic += microseconds
        }
    }

    /// Sets the wall clock alone, as an administrator might.
    package func setWall(_ microseconds: Int64) {
        hands.withLock { $0.wall = microseconds }
    }
}
