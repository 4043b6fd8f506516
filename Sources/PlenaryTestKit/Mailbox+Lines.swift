// SPDX-License-Identifier: Apache-2.0

import Dispatch

extension Mailbox {
    /// Takes all lines that have come, waiting for the first; empty at the deadline, nil once the
    /// connection is closed and everything is taken.
    package func takeLines(until deadline: DispatchTime) async -> [String]? {
        _ = await wait(until: deadline) { !$0.lines.isEmpty || $0.isClosed }
        return read { state in
            defer { state.lines = [] }
            return state.lines.isEmpty && state.isClosed ? nil : state.lines
        }
    }
}
