// SPDX-License-Identifier: Apache-2.0

import PlenaryRelay

/// What was asked and not yet answered, so that an engine attaches nothing to what it was not asked about.
package actor Wishes {
    private var open: [String] = []

    /// Nothing was asked yet.
    package init() {}

    /// Whether it may be asked; the oldest are given up where too many are open.
    package func add(_ id: String, _ language: String) -> Bool {
        let key = "\(id) \(language)"
        guard !open.contains(key) else { return false }
        open.append(key)
        if open.count > RelayLimits.openWishLimit { open.removeFirst() }
        return true
    }

    /// Whether it was asked.
    package func take(_ id: String, _ language: String) -> Bool {
        guard let index = open.firstIndex(of: "\(id) \(language)") else { return false }
        open.remove(at: index)
        return true
    }
}
