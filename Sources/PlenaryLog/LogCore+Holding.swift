// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Synchronization

/// A group that finds no room where it is written, or no descriptor for the segment it should go to. Its events are
/// decided and nobody was told of them, so that it is neither refused nor lost: it waits, with all that comes
/// behind it, and is written again at the same place until that succeeds (docs/decisions/0177).
extension LogCore {
    /// Keeps what was not committed. A log that is to be closed waits for nothing.
    func hold(_ items: ArraySlice<LogItem>, _ error: LogError) {
        for case .close(_, let then) in items { return abandonHeld(error, then) }
        held = Array(items)
        shared.isStalled.store(true, ordering: .releasing)
        if let lack = error.lack { note(lack) }
        armRetry()
    }

    /// What comes while something is held keeps its place behind it.
    func holdBehind(_ items: [LogItem]) {
        held += items
        for case .close in items { return retryHeld() }
    }

    private func armRetry() {
        guard !isRetryArmed else { return }
        isRetryArmed = true
        queue.asyncAfter(deadline: .now() + .milliseconds(LogLimits.heldRetryMilliseconds)) { [self] in
            assumeIsolated { log in
                log.isRetryArmed = false
                log.retryHeld()
            }
        }
    }

    private func retryHeld() {
        guard isOpen, !held.isEmpty else { return }
        let items = held
        held = []
        process(items)
        if held.isEmpty { shared.isStalled.store(false, ordering: .releasing) }
    }
}
