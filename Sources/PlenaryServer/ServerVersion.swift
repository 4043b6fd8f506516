// SPDX-License-Identifier: Apache-2.0

/// The version this server says it is: in 002, 004, VERSION and `plenaryd version`.
package enum ServerVersion {
    package static let text = "0.1.0"
    /// The newest log format this server writes and the oldest it reads (docs/LOG-FORMAT.md).
    package static let logFormat = "1.0"
}
