// SPDX-License-Identifier: Apache-2.0

import Dispatch

/// A coarse repeating timer on an owner's queue that runs only while it is needed, so that an idle
/// process sleeps. It belongs to the queue it ticks on: start and stop it there.
package final class Ticker {
    private let queue: DispatchQueue
    private let intervalMilliseconds: Int
    private let tick: @Sendable () -> Void
    private var source: (any DispatchSourceTimer)?

    /// A stopped timer.
    package init(queue: DispatchQueue, intervalMilliseconds: Int = 250, tick: @escaping @Sendable () -> Void)
    {
        self.queue = queue
        self.intervalMilliseconds = intervalMilliseconds
        self.tick = tick
    }

    deinit { source?.cancel() }

    /// Whether it ticks now.
    package var isRunning: Bool { source != nil }

    /// Begins to tick; nothing happens when it already does.
    package func start() {
        guard source == nil else { return }
        let timer = DispatchSource.makeTimerSource(queue: queue)
        let interval = DispatchTimeInterval.milliseconds(intervalMilliseconds)
        timer.schedule(
            deadline: .now() + interval, repeating: interval,
            leeway: .milliseconds(max(1, intervalMilliseconds / 5)))
        timer.setEventHandler(handler: DispatchWorkItem(block: tick))
        timer.activate()
        source = timer
    }

    /// Stops; nothing happens when it already has.
    package func stop() {
        source?.cancel()
        source = nil
    }
}
