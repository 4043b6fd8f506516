// SPDX-License-Identifier: Apache-2.0

/// The namespace of this project's own capabilities and tags; changed here and nowhere else.
package enum Vendor {
    package static let name = "plenary.chat"
    /// Tag: the sender's idempotency token.
    package static let clientTokenTag = name + "/id"
    /// Tag: the thread a message belongs to.
    package static let threadTag = name + "/thread"
}
