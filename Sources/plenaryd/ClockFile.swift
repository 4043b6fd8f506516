// SPDX-License-Identifier: Apache-2.0

import Glibc
import PlenaryQueues
import PlenaryServer
import Synchronization

/// A clock whose hands somebody else moves: the time of day stands in a file, as microseconds since
/// 1 January 1970 UTC in 8 bytes, little-endian. With it a day that is over can be played again at the speed of
/// the player (docs/DEMO.md). Time-outs go by the host's monotonic clock as ever.
final class ClockFile: Sendable {
    private let descriptor: Int32
    private let last: Mutex<Int64>

    /// Opens the file; throws when it cannot be read or holds no time.
    init(path: String) throws(Failure) {
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw Failure(ExitCodes.notFound, "the clock file \(path) cannot be opened: errno \(errno)")
        }
        guard let time = ClockFile.read(descriptor) else {
            close(descriptor)
            throw Failure(ExitCodes.badInput, "the clock file \(path) has no 8 bytes")
        }
        last = Mutex(time)
    }

    deinit { close(descriptor) }

    /// The clock of a server that goes by the file. A time that cannot be read is the one before.
    var clock: Clock {
        Clock(
            wall: {
                self.last.withLock { last in
                    if let time = ClockFile.read(self.descriptor) { last = time }
                    return last
                }
            }, monotonic: { Clock.system.monotonic() })
    }

    private static func read(_ descriptor: Int32) -> Int64? {
        var bytes = [UInt8](repeating: 0, count: 8)
        guard pread(descriptor, &bytes, 8, 0) == 8 else { return nil }
        return bytes.reversed().reduce(0) { $0 << 8 | Int64($1) }
    }
}

extension ServerConfiguration {
    /// Whether nobody but this machine can connect: a clock that is set by a file is for no others.
    var isOnLoopbackOnly: Bool {
        listeners.allSatisfy { $0.address == "::1" || $0.address.hasPrefix("127.") }
    }
}
