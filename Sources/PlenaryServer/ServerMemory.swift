// SPDX-License-Identifier: Apache-2.0

import CPlenary

/// How the process of a server takes memory.
package enum ServerMemory {
    /// Arenas of malloc. A queue runs on another thread each time, so that what is freed lies about in the arenas of
    /// all threads: with as many as glibc would make, eight for each core, more than half of the memory is of no use
    /// to anybody (docs/decisions/0174).
    private static let arenaLimit: Int32 = 2

    /// Bounds the waste; to be called before the server is started.
    package static func limitArenas() { plenary_limit_arenas(arenaLimit) }
}
