// SPDX-License-Identifier: Apache-2.0

import PlenaryTerms

/// The namespace of this project's own capabilities and tags; changed here and nowhere else.
package enum Vendor {
    package static let name = "plenary.chat"
    /// Tag: the sender's idempotency token.
    package static let clientTokenTag = name + "/id"
    /// Tag: the thread a message belongs to.
    package static let threadTag = name + "/thread"
    /// Tag: the thread that grew from a message.
    package static let threadRootTag = name + "/thread-root"
    /// Tag of a list's opening line: nothing follows.
    package static let threadsEndTag = name + "/threads-end"
    /// Tag: the source is a label, by this policy.
    package static let attributionTag = name + "/attribution"
    /// Client-only tag: what a message is for. With those of its language and references it is defined where the
    /// values are checked, which knows no wire.
    package static let kindTag = MessageMark.kindTag
    package static let languageTag = MessageMark.languageTag
    package static let referencesTag = MessageMark.referencesTag
    package static let onBehalfTag = MessageMark.onBehalfTag
    /// Tag of a relayed message that came after its session had ended.
    package static let lateTag = name + "/late"
    /// Tag of IRCv3 relaymsg (draft): the nickname of the relay.
    package static let relayTag = "draft/relaymsg"
}
