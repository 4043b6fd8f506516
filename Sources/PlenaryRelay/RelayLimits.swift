// SPDX-License-Identifier: Apache-2.0

/// What the relay accepts from the other side and keeps, each with what happens beyond it.
package enum RelayLimits {
    /// Bytes of a saved chat file. More: the file is refused.
    package static let savedChatByteLimit = 16 << 20
    /// Entries of a saved chat file, private ones and reactions included. More: the file is refused.
    package static let savedChatEntryLimit = 50_000
    /// Earlier entries that may be what a reply answers. More: the reply stays unlinked.
    package static let replyCandidateLimit = 1000
    /// Bytes of one message's text. More: it is refused and counted.
    package static let textByteLimit = 16_384
    /// Bytes of one piece of a longer text, each posted as a message (the server's multiline limit is 4096).
    package static let pieceByteLimit = 3800
    /// Lines of one piece (the server's multiline limit is 32, and a long line takes several).
    package static let pieceLineLimit = 12
    /// Bytes of an id of the other side. More: the message is refused.
    package static let originIDByteLimit = 200
    /// Bytes of a relayed sender's name, without `/` and the origin. Longer: cut between characters.
    package static let nameByteLimit = 40
    /// Bytes of an origin's name, such as `zoom`. More: the message is refused.
    package static let originByteLimit = 16
    /// Levels of arrays and objects in JSON. More: it is refused.
    package static let jsonDepthLimit = 32
    /// Values in one JSON text. More: it is refused.
    package static let jsonValueLimit = 20_000
    /// Bytes of a webhook's body. More: 413.
    package static let webhookByteLimit = 1 << 20
    /// Bytes of a challenge's token. More: 400.
    package static let challengeByteLimit = 256
    /// Bytes of one line or object of an adapter. More: it is refused, and the rest of the line skipped.
    package static let adapterRecordByteLimit = 65_536
    /// Deliveries remembered to recognise what comes twice. The oldest are forgotten.
    package static let deliveryLimit = 50_000
    /// Messages taken over and not yet confirmed. More: 503, or the adapter waits.
    package static let inFlightLimit = 512
    /// Of those, pieces sent to the server at one time; the rest waits its turn. A server that takes two commands a
    /// second has answered so many before its flood control, or the client's patience, ends.
    package static let sendWindowLimit = 32
    /// Translations asked for and not yet answered. More: the oldest are given up.
    package static let openWishLimit = 10_000
    /// Milliseconds in which a webhook must have its answer: Zoom allows 3 seconds. Later: 503.
    package static let confirmationMilliseconds: Int64 = 2500
    /// Seconds after which a message counts as late.
    package static let lateSeconds: Int64 = 60
    /// Seconds by which a saved message may differ from a relayed one and still be the same.
    package static let matchToleranceSeconds: Int64 = 180
    /// Seconds between two signs of life.
    package static let beatSeconds: Int64 = 20
    /// Seconds without a sign of life after which a relay counts as silent.
    package static let silenceSeconds: Int64 = 60
    /// Seconds in which messages of one person are merged for the other side.
    package static let burstSeconds: Int64 = 60
    /// Hours in which the consent line is not repeated after a restart.
    package static let consentHours: Int64 = 12
}
