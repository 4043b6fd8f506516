// SPDX-License-Identifier: Apache-2.0

import CPlenary
import Dispatch

/// How the process of a server takes memory.
package enum ServerMemory {
    /// Arenas of malloc. A queue runs on another thread each time, so that what is freed lies about in the arenas of
    /// all threads: with as many as glibc would make, eight for each core, more than half of the memory is of no use
    /// to anybody (docs/decisions/0174).
    private static let arenaLimit: Int32 = 2
    /// Seconds after which the system is given what lies free in the arenas. malloc by itself gives back only what is
    /// free at an arena's end (docs/decisions/0183).
    private static let giveBackSeconds = 60

    private static let queue = DispatchQueue(label: "plenary.memory", qos: .utility)

    /// Bounds the waste as long as the process runs; to be called before the server is started.
    package static func boundWaste() {
        plenary_limit_arenas(arenaLimit)
        giveBackLater()
    }

    /// Gives the system the whole pages that lie free between others. An arena waits while it is walked.
    package static func giveBack() { plenary_give_memory_back() }

    private static func giveBackLater() {
        queue.asyncAfter(deadline: .now() + .seconds(giveBackSeconds)) {
            giveBack()
            giveBackLater()
        }
    }
}
