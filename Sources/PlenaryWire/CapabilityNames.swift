// SPDX-License-Identifier: Apache-2.0

import PlenaryTerms

/// Capability names on the wire. Ratified and draft spellings of one capability stand in one row.
package enum CapabilityNames {
    /// Canonical name first, then the aliases that are accepted and listed as well.
    package static let table: [(capability: Capabilities, names: [String])] = [
        (.messageTags, ["message-tags"]),
        (.serverTime, ["server-time"]),
        (.accountTag, ["account-tag"]),
        (.batch, ["batch"]),
        (.labeledResponse, ["labeled-response"]),
        (.echoMessage, ["echo-message"]),
        (.standardReplies, ["standard-replies"]),
        (.sasl, ["sasl"]),
        (.accountNotify, ["account-notify"]),
        (.extendedJoin, ["extended-join"]),
        (.multiPrefix, ["multi-prefix"]),
        (.userhostInNames, ["userhost-in-names"]),
        (.awayNotify, ["away-notify"]),
        (.inviteNotify, ["invite-notify"]),
        (.changeHost, ["chghost"]),
        (.setName, ["setname"]),
        (.extendedMonitor, ["extended-monitor"]),
        (.noImplicitNames, ["no-implicit-names", "draft/no-implicit-names"]),
        (.chatHistory, ["draft/chathistory"]),
        (.eventPlayback, ["draft/event-playback"]),
        (.multiline, ["draft/multiline"]),
        (.capNotify, ["cap-notify"]),
        (.accountRegistration, ["draft/account-registration"]),
        (.idempotency, [Vendor.name + "/idempotency"]),
        (.threads, [Vendor.name + "/threads"]),
        (.readMarker, ["draft/read-marker"]),
        (.messageRedaction, ["draft/message-redaction"]),
        (.search, ["draft/search"]),
        (.metadata, ["draft/metadata-2"]),
        (.moderation, [Vendor.name + "/moderation"]),
        (.sts, ["sts"]),
        (.resume, [Vendor.name + "/resume"]),
        (.sessions, [Vendor.name + "/sessions"]),
        (.attribution, [Vendor.name + "/attribution"]),
        (.floor, [Vendor.name + "/floor"]),
        (.relayMessages, ["draft/relaymsg"]),
        (.language, [Vendor.name + "/language"]),
        (.outcomes, [Vendor.name + "/outcomes"]),
        (.questionnaires, [Vendor.name + "/questionnaires"]),
    ]

    /// The capability with this name, whatever the spelling.
    package static func capability(named name: String) -> Capabilities? {
        table.first { $0.names.contains(name) }?.capability
    }

    package static func name(of capability: Capabilities) -> String? {
        table.first { $0.capability == capability }?.names.first
    }
}

/// Client-only tags with two spellings: what is sent as one is relayed as it came, and both are understood.
package enum TagAliases {
    package static let reply = ["+reply", "+draft/reply"]
    package static let channelContext = ["+channel-context", "+draft/channel-context"]
    package static let react = ["+react", "+draft/react"]
    package static let unreact = ["+unreact", "+draft/unreact"]
    package static let typing = ["+typing", "+draft/typing"]
    package static let persist = ["+draft/persist"]
}
