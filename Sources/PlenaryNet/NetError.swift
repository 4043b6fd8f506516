// SPDX-License-Identifier: Apache-2.0

/// Why the network could not do what it was asked for.
package enum NetError: Error, Hashable, Sendable {
    /// A system call failed; its name and the error number.
    case systemCall(String, errno: Int32)
    /// The text is no numeric address.
    case notAnAddress(String)
    /// The host name has no address; the resolver's text.
    case notResolved(host: String, reason: String)
    /// There is no listener with this index.
    case noSuchListener(Int)

    /// The error number of a failed system call, else 0.
    package var number: Int32 {
        switch self {
        case .systemCall(_, let number): number
        case .notAnAddress, .notResolved, .noSuchListener: 0
        }
    }
}
