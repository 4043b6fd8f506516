// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// What several queues report to one test.
final class LockedList<Element: Sendable>: Sendable {
    private let elements = Mutex<[Element]>([])
    func add(_ element: Element) { elements.withLock { $0.append(element) } }
    var all: [Element] { elements.withLock { $0 } }
}
