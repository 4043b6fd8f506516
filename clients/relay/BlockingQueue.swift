// SPDX-License-Identifier: Apache-2.0

import Dispatch

/// Threads for what the system can only do while a thread waits.
enum BlockingQueue {
    /// Reads standard input.
    static let input = DispatchQueue(label: "plenary.relay.input")
}
