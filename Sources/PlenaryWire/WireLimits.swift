// SPDX-License-Identifier: Apache-2.0

/// What a line may measure. One value for lines from clients, one for lines from a server.
package struct WireLimits: Hashable, Sendable {
    /// Data of the tag section in bytes, without the `@` and the closing space
    /// (IRCv3 message-tags, "Size limit": 4094 from a client, 8190 from a server). Longer: 417, line dropped.
    package var tagDataByteLimit: Int
    /// Everything after the tags, in bytes, counting CR LF (RFC 1459, 2.3). Longer: 417, line dropped.
    package var bodyByteLimit = 512
    /// Tags on one line. More: 417, line dropped.
    package var tagCountLimit = 64
    /// Parameters of one line (RFC 1459, 2.3). The last one takes all the rest.
    package var parameterCountLimit = 15

    /// Lines that a client sends.
    package static let fromClient = WireLimits(tagDataByteLimit: 4094)
    /// Lines that a server sends.
    package static let fromServer = WireLimits(tagDataByteLimit: 8190)

    /// The longest line with its tags and CR LF, in bytes; what a splitter has to keep at most.
    package var lineByteLimit: Int { tagDataByteLimit + 2 + bodyByteLimit }

    package init(tagDataByteLimit: Int) { self.tagDataByteLimit = tagDataByteLimit }
}

/// Names and tokens on the wire.
package enum TokenLimits {
    /// A label's value in bytes (IRCv3 labeled-response). Longer: the label is ignored.
    package static let labelByteLimit = 64
    /// An idempotency token in bytes. Longer or empty: FAIL INVALID_TOKEN.
    package static let clientTokenByteLimit = 64
    /// One `AUTHENTICATE` parameter in bytes (IRCv3 sasl-3.1). Longer: 905.
    package static let authenticateChunkByteLimit = 400
    /// A whole base64 response, in bytes. Longer: 905.
    package static let authenticateByteLimit = 4096
}
