// SPDX-License-Identifier: Apache-2.0

/// The capabilities a session negotiated. Names, aliases and values are data of the wire layer.
public struct Capabilities: OptionSet, Hashable, Sendable {
    /// One bit for each capability; a bit is never used for another one.
    public var rawValue: UInt64
    /// Those whose bits are set.
    public init(rawValue: UInt64) { self.rawValue = rawValue }

    /// IRCv3 `message-tags`.
    public static let messageTags = Capabilities(rawValue: 1 << 0)
    /// IRCv3 `server-time`.
    public static let serverTime = Capabilities(rawValue: 1 << 1)
    /// IRCv3 `account-tag`.
    public static let accountTag = Capabilities(rawValue: 1 << 2)
    /// IRCv3 `batch`.
    public static let batch = Capabilities(rawValue: 1 << 3)
    /// IRCv3 `labeled-response`.
    public static let labeledResponse = Capabilities(rawValue: 1 << 4)
    /// IRCv3 `echo-message`.
    public static let echoMessage = Capabilities(rawValue: 1 << 5)
    /// IRCv3 `standard-replies`.
    public static let standardReplies = Capabilities(rawValue: 1 << 6)
    /// IRCv3 `sasl` 3.2.
    public static let sasl = Capabilities(rawValue: 1 << 7)
    /// IRCv3 `account-notify`.
    public static let accountNotify = Capabilities(rawValue: 1 << 8)
    /// IRCv3 `extended-join`.
    public static let extendedJoin = Capabilities(rawValue: 1 << 9)
    /// IRCv3 `multi-prefix`.
    public static let multiPrefix = Capabilities(rawValue: 1 << 10)
    /// IRCv3 `userhost-in-names`.
    public static let userhostInNames = Capabilities(rawValue: 1 << 11)
    /// IRCv3 `away-notify`.
    public static let awayNotify = Capabilities(rawValue: 1 << 12)
    /// IRCv3 `invite-notify`.
    public static let inviteNotify = Capabilities(rawValue: 1 << 13)
    /// IRCv3 `chghost`.
    public static let changeHost = Capabilities(rawValue: 1 << 14)
    /// IRCv3 `setname`.
    public static let setName = Capabilities(rawValue: 1 << 15)
    /// IRCv3 `extended-monitor`.
    public static let extendedMonitor = Capabilities(rawValue: 1 << 16)
    /// IRCv3 `no-implicit-names`.
    public static let noImplicitNames = Capabilities(rawValue: 1 << 17)
    /// IRCv3 `draft/chathistory`.
    public static let chatHistory = Capabilities(rawValue: 1 << 18)
    /// IRCv3 `draft/event-playback`.
    public static let eventPlayback = Capabilities(rawValue: 1 << 19)
    /// IRCv3 `draft/multiline`.
    public static let multiline = Capabilities(rawValue: 1 << 20)
    /// IRCv3 `cap-notify`.
    public static let capNotify = Capabilities(rawValue: 1 << 21)
    /// IRCv3 `draft/account-registration`.
    public static let accountRegistration = Capabilities(rawValue: 1 << 22)
    /// docs/extensions/idempotency.md.
    public static let idempotency = Capabilities(rawValue: 1 << 23)
    /// IRCv3 `sts`; offered, never requested.
    public static let sts = Capabilities(rawValue: 1 << 25)
    /// docs/extensions/threads.md.
    public static let threads = Capabilities(rawValue: 1 << 26)
    /// IRCv3 `draft/read-marker`.
    public static let readMarker = Capabilities(rawValue: 1 << 27)
    /// IRCv3 `draft/message-redaction`.
    public static let messageRedaction = Capabilities(rawValue: 1 << 28)
    /// docs/extensions/search.md.
    public static let search = Capabilities(rawValue: 1 << 29)
    /// IRCv3 `draft/metadata-2`.
    public static let metadata = Capabilities(rawValue: 1 << 37)
    // Accounts: 34 to 36
    /// docs/extensions/resume.md.
    public static let resume = Capabilities(rawValue: 1 << 34)
    // Moderation
    /// docs/extensions/moderation.md.
    public static let moderation = Capabilities(rawValue: 1 << 31)
    // Sittings
    /// docs/extensions/sessions.md.
    public static let sessions = Capabilities(rawValue: 1 << 35)
    /// docs/extensions/attribution.md.
    public static let attribution = Capabilities(rawValue: 1 << 36)
    // The floor
    /// docs/extensions/floor.md.
    public static let floor = Capabilities(rawValue: 1 << 38)
    // Languages and relays
    /// docs/extensions/language.md.
    public static let language = Capabilities(rawValue: 1 << 39)
    /// `draft/relaymsg` (docs/extensions/relay.md).
    public static let relayMessages = Capabilities(rawValue: 1 << 40)
    // Outcomes and questionnaires: 41 and 42
    /// docs/extensions/outcomes.md.
    public static let outcomes = Capabilities(rawValue: 1 << 41)
    /// docs/extensions/questionnaires.md.
    public static let questionnaires = Capabilities(rawValue: 1 << 42)
}

/// The six official languages, in which every text of the server exists.
public enum Language: String, CaseIterable, Hashable, Sendable {
    case arabic = "ar"
    case chinese = "zh"
    case english = "en"
    case french = "fr"
    case russian = "ru"
    case spanish = "es"
}
