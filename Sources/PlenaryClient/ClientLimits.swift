// SPDX-License-Identifier: Apache-2.0

/// What the client accepts from a server and keeps in memory, so that a hostile or broken server
/// cannot make it grow without end.
enum ClientLimits {
    /// Bytes of one line without its tags, counting CR LF. Wider than RFC 1459, because other servers
    /// send longer lines. A longer line is dropped and reported as `malformedLine`.
    static let bodyByteLimit = 8192
    /// Batches open at one time. More: the connection is closed as a protocol violation.
    static let openBatchLimit = 64
    /// Lines inside all open batches. More: the connection is closed as a protocol violation.
    static let batchedLineLimit = 20_000
    /// Members known of one channel. Further ones are not listed.
    static let memberLimit = 100_000
    /// Channels known. Further ones are not listed.
    static let channelLimit = 4096
    /// Capability names kept. Further ones are ignored.
    static let capabilityLimit = 512
    /// Tokens of 005 kept. Further ones are ignored.
    static let featureLimit = 512
    /// Message ids remembered per conversation to recognise a message that comes twice.
    static let recentIDLimit = 8192
    /// Live messages held back per conversation while its history is fetched. More: a gap is reported.
    static let heldMessageLimit = 10_000
    /// Conversations whose position is kept.
    static let conversationLimit = 4096
    /// Pages fetched to bridge an absence. What is older is reported as a gap.
    static let syncPageLimit = 50
    /// Messages asked for at once where the server states no limit of its own.
    static let historyPageLimit = 100
    /// Messages sent and not yet echoed at one time; the rest waits in the queue.
    static let sendWindowLimit = 8
    /// Messages waiting to be sent. Further ones are refused with `queueIsFull`.
    static let outgoingLimit = 200
    /// Events not yet taken by the application. When it is full the connection ends with `eventsNotTaken`.
    static let eventBufferLimit = 65_536
    /// Seconds before the end of a resume token from which a new one is asked for.
    static let resumeRenewalSeconds = 1_296_000
    /// Seconds that leaving waits for a resume token on its way. Longer: the password is used once more.
    static let tokenPatienceSeconds: Int64 = 2
    /// Bytes of a row that comes in several lines. A longer one is dropped.
    static let rowByteLimit = 65_536
    /// Bytes of an answer in words that go in one line, whose limit is 512, even if each has to be escaped.
    static let answerPieceByteLimit = 180
    /// Nicknames tried when the first one is taken.
    static let nicknameTryLimit = 4
}

/// Seconds (unless named otherwise) after which the client acts.
public struct ClientTimeouts: Sendable, Hashable {
    /// From the attempt to the established, verified connection. Longer: the attempt has failed.
    public var connectSeconds: Int64 = 15
    /// From the established connection to the server's welcome. Longer: the attempt has failed.
    public var registrationSeconds: Int64 = 30
    /// Silence after which a PING is sent.
    public var pingAfterSeconds: Int64 = 30
    /// Silence after that PING after which the connection counts as dead.
    public var deadAfterPingSeconds: Int64 = 15
    /// For the answer to a request.
    public var requestSeconds: Int64 = 30
    /// First pause before connecting again; doubled each time.
    public var firstRetrySeconds: Int64 = 1
    /// Longest pause before connecting again.
    public var longestRetrySeconds: Int64 = 60

    /// The values of the manual: 15, 30, 30 + 15, 30, and pauses of 1, 2, 4 … 60 seconds.
    public init() {}
}
