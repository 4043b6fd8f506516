// SPDX-License-Identifier: Apache-2.0

import PlenaryClient
import Synchronization

/// `--timeout`: closes the connection when the time is up, so that whatever waits for it fails, and says
/// afterwards that this was the reason.
package final class Alarm: Sendable {
    private struct State: Sendable {
        var hasRung = false
        var connection: PlenaryConnection?
        var task: Task<Void, Never>?
    }

    private let state = Mutex(State())

    /// Begins to run at once; never rings without a limit.
    package init(_ workplace: Workplace, milliseconds: Int64?) {
        guard let milliseconds else { return }
        let sleep = workplace.surroundings.sleep
        let task = Task { [self] in
            guard await sleep(milliseconds) else { return }
            let connection = state.withLock { state in
                state.hasRung = true
                return state.connection
            }
            await connection?.close()
        }
        state.withLock { $0.task = task }
    }

    /// The connection to close; closed at once when the time is up already.
    package func watch(_ connection: PlenaryConnection) {
        let isLate = state.withLock { state in
            state.connection = connection
            return state.hasRung
        }
        if isLate { Task { await connection.close() } }
    }

    /// Whether the time is up.
    package var hasRung: Bool { state.withLock { $0.hasRung } }

    /// Stops it.
    package func cancel() { state.withLock { $0.task }?.cancel() }

    /// The failure as it is, or that the time was up.
    package func translate(_ failure: Failure, _ what: String) -> Failure {
        hasRung ? Failure(.timedOut, what, "the time given by --timeout has passed") : failure
    }
}
