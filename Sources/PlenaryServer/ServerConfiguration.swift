// SPDX-License-Identifier: Apache-2.0

import PlenaryDomain
import PlenaryNet
import PlenarySearch
import PlenaryTerms

/// All that an operator can set, with its default. Read from YAML by `PlenaryConfiguration`; no I/O here.
package struct ServerConfiguration: Sendable {
    package var serverName = "localhost"
    /// Shown in 002, 004 and LUSERS texts.
    package var networkName = "Plenary"
    package var description = "A community of practice"
    package var messageOfTheDay: [String] = []
    package var administrator = Administrator()
    package var defaultLanguage = Language.english

    package var listeners: [ListenerConfiguration] = []
    /// PEM files; both nil: a self-signed certificate is made in the data directory at first start.
    package var certificateFile: String?
    package var privateKeyFile: String?
    /// Seconds that STS is announced for; 0 switches it off.
    package var stsDurationSeconds = 0

    package var dataDirectory = "data"
    /// Whether a search index is kept, in `<data>/index`.
    package var offersSearch = true
    /// Milliseconds one search may take (limits.md 21). Longer: FAIL SEARCH TIMED_OUT.
    package var searchMilliseconds = SearchLimits.searchMilliseconds
    package var segmentByteCount = 64 << 20
    package var allowsAnyFileSystem = false

    package var policy = CommunityPolicy()
    package var channels: [ChannelConfiguration] = []
    /// Questionnaires that are there from the start, from `community.yaml`.
    package var questionnaires: [QuestionnaireDefinition] = []
    package var network = NetLimits()
    package var limits = SessionLimits()
    /// Number of io queues; 0 is chosen from the machine.
    package var ioQueueCount = 0
    /// What zones' clocks are ahead of UTC: the tables of zones belong to whoever reads the configuration.
    package var utcOffset: ZoneOffset = utcOnly

    package init() {}

    package struct Administrator: Hashable, Sendable {
        package var name = ""
        package var organisation = ""
        package var email = ""
        package init() {}
    }
}

/// What a zone's clocks are ahead of UTC at a time, in seconds; nil for a name that is no IANA zone's.
package typealias ZoneOffset = @Sendable (_ zone: Text, Timestamp) -> Int32?

/// Knows no zone but UTC.
@Sendable package func utcOnly(zone: Text, at time: Timestamp) -> Int32? { zone == "UTC" ? 0 : nil }

package struct ListenerConfiguration: Hashable, Sendable {
    /// An IPv4 or IPv6 address; `*` is every address of both families.
    package var address: String
    /// 0 takes any free port.
    package var port: UInt16
    package var isTLS: Bool
    /// Plain text on an address that is not loopback, on purpose.
    package var allowsPlainTextOffLoopback = false

    package init(address: String, port: UInt16, isTLS: Bool) {
        self.address = address
        self.port = port
        self.isTLS = isTLS
    }
}

/// A channel that exists from the start, from `community.yaml`.
package struct ChannelConfiguration: Hashable, Sendable {
    /// Without the `#`.
    package var name: String
    package var titles: [ChannelTitle]
    /// Only voiced members and above may speak.
    package var isModerated = false
    /// Not listed, and joined by invitation only.
    package var isPrivate = false
    package var replayCount: Int?
    /// Who may begin threads in it, at first; moderators change it with THREAD POLICY.
    package var threadCreation = ThreadCreationPolicy.all
    /// Whether its main line takes messages of moderators only, at first.
    package var isMainLineClosed = false
    /// Days that its messages are kept, at first; nil: for ever. The secretariat changes it with RETAIN.
    package var retentionDays: UInt32?
    /// The sitting it is for, until somebody changes that with SESSION.
    package var meeting: MeetingConfiguration?
    /// Other names that lead here.
    package var aliases: [String] = []

    package init(name: String, titles: [ChannelTitle]) {
        self.name = name
        self.titles = titles
    }
}

/// The `session:` of a channel.
package struct MeetingConfiguration: Hashable, Sendable {
    package var schedule: MeetingSchedule
    package var agenda: [AgendaItem] = []
    package var documents: [MeetingDocument] = []
    /// To whom what is said is attributed (docs/extensions/attribution.md).
    package var attribution = AttributionPolicy.attributed

    /// The rules of its speakers' list.
    package var floor: FloorSettings?

    package init(schedule: MeetingSchedule) { self.schedule = schedule }
}

/// What one connection may ask of the server (limits.md 5–8, 14, 15, 22–24, 26). `nil` switches a limit off.
package struct SessionLimits: Hashable, Sendable {
    /// Seconds from connecting to the welcome. Longer: ERROR, close.
    package var registrationSeconds = 30
    /// Lines before the welcome. More: ERROR, close.
    package var registrationLineLimit = 64
    /// Bytes before the welcome. More: ERROR, close.
    package var registrationByteLimit = 16_384
    /// Seconds of silence before a PING is sent, and before the connection is closed.
    package var pingAfterSeconds = 90
    package var closeAfterSilenceSeconds = 150
    /// Seconds that a line may stay unfinished. Longer: close.
    package var unfinishedLineSeconds = 30
    /// Lines too long within 60 s. More: close.
    package var overlongLineLimit = 3
    /// Command tokens: burst, and tokens a second; nil: no flood control.
    package var commandBurst: Int? = 10
    package var commandsPerSecond = 2
    /// Tokens beyond the burst that a session has once, at its welcome: channels to enter, history to fetch.
    package var arrivalCommandAllowance = 40
    /// Bytes: burst, and bytes a second.
    package var byteBurst = 16_384
    package var bytesPerSecond = 4096
    /// Seconds of work a session may be behind. More: "Excess Flood", close.
    package var backlogSecondsLimit = 60
    /// Failed logins within 5 minutes, per account and network; then 904 after a delay.
    package var loginFailureLimit: Int? = 5
    /// Password hashes being computed or waiting. More: "try again".
    package var hashQueueLimit = 32
    /// What new password hashes cost.
    package var passwordCost = PasswordCost()

    /// New accounts a day per network.
    package var newAccountsPerDay: Int? = 3

    package init() {}
}
