// SPDX-License-Identifier: Apache-2.0

/// The capabilities a session negotiated. Names, aliases and values are data of the wire layer.
public struct Capabilities: OptionSet, Hashable, Sendable {
    public var rawValue: UInt64
    public init(rawValue: UInt64) { self.rawValue = rawValue }

    public static let messageTags = Capabilities(rawValue: 1 << 0)
    public static let serverTime = Capabilities(rawValue: 1 << 1)
    public static let accountTag = Capabilities(rawValue: 1 << 2)
    public static let batch = Capabilities(rawValue: 1 << 3)
    public static let labeledResponse = Capabilities(rawValue: 1 << 4)
    public static let echoMessage = Capabilities(rawValue: 1 << 5)
    public static let standardReplies = Capabilities(rawValue: 1 << 6)
    public static let sasl = Capabilities(rawValue: 1 << 7)
    public static let accountNotify = Capabilities(rawValue: 1 << 8)
    public static let extendedJoin = Capabilities(rawValue: 1 << 9)
    public static let multiPrefix = Capabilities(rawValue: 1 << 10)
    public static let userhostInNames = Capabilities(rawValue: 1 << 11)
    public static let awayNotify = Capabilities(rawValue: 1 << 12)
    public static let inviteNotify = Capabilities(rawValue: 1 << 13)
    public static let changeHost = Capabilities(rawValue: 1 << 14)
    public static let setName = Capabilities(rawValue: 1 << 15)
    public static let extendedMonitor = Capabilities(rawValue: 1 << 16)
    public static let noImplicitNames = Capabilities(rawValue: 1 << 17)
    public static let chatHistory = Capabilities(rawValue: 1 << 18)
    public static let eventPlayback = Capabilities(rawValue: 1 << 19)
    public static let multiline = Capabilities(rawValue: 1 << 20)
    public static let capNotify = Capabilities(rawValue: 1 << 21)
    public static let accountRegistration = Capabilities(rawValue: 1 << 22)
    public static let idempotency = Capabilities(rawValue: 1 << 23)
    public static let sts = Capabilities(rawValue: 1 << 25)
    public static let threads = Capabilities(rawValue: 1 << 26)
    public static let readMarker = Capabilities(rawValue: 1 << 27)
    public static let messageRedaction = Capabilities(rawValue: 1 << 28)
    public static let search = Capabilities(rawValue: 1 << 29)
    public static let metadata = Capabilities(rawValue: 1 << 37)
    // Accounts: 34 to 36
    public static let resume = Capabilities(rawValue: 1 << 34)
    // Moderation
    public static let moderation = Capabilities(rawValue: 1 << 31)
    // Sittings
    public static let sessions = Capabilities(rawValue: 1 << 35)
    public static let attribution = Capabilities(rawValue: 1 << 36)
    // The floor
    public static let floor = Capabilities(rawValue: 1 << 38)
    // Languages and relays
    public static let language = Capabilities(rawValue: 1 << 39)
    public static let relayMessages = Capabilities(rawValue: 1 << 40)
    // Outcomes and questionnaires: 41 and 42
    public static let outcomes = Capabilities(rawValue: 1 << 41)
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
