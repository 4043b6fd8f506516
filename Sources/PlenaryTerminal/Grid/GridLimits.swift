// SPDX-License-Identifier: Apache-2.0

/// How large a screen may be, so that a terminal that claims 65,535 columns does not cost gigabytes.
package enum GridLimits {
    /// Columns of a screen. What a terminal has beyond stays empty.
    package static let columnLimit = 1024
    /// Rows of a screen. What a terminal has beyond stays empty.
    package static let rowLimit = 512
}
