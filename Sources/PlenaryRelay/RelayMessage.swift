// SPDX-License-Identifier: Apache-2.0

import PlenaryTerms

/// A public message of the other side, ready to be posted. There is no form for a private one.
package struct RelayMessage: Sendable, Hashable {
    /// Where it comes from: `zoom`.
    package var origin: String
    /// The meeting or room it was said in, there; part of what makes its id unique.
    package var place: String
    /// Its id there.
    package var originID: String
    /// When it was said there, if that is told.
    package var originTime: Timestamp?
    /// Who said it, as written there.
    package var sender: String
    /// The text, cleaned.
    package var text: String
    /// Its language (BCP 47), if told.
    package var language: String?
    /// The id there of what it answers.
    package var replyTo: String?
    /// The server's token; the same at each attempt.
    package var token: String

    /// A message of these parts; throws why it cannot be relayed.
    package init(
        origin: String, place: String, originID: String, originTime: Timestamp?, sender: String, text: String,
        language: String? = nil, replyTo: String? = nil, token: String? = nil
    ) throws(RelayRefusal) {
        guard RelayText.isOrigin(origin) else {
            throw RelayRefusal(.invalidOrigin, "an origin is 1 to 16 of a-z, 0-9 and hyphen")
        }
        guard RelayText.isOriginID(originID) else {
            throw RelayRefusal(
                .invalidID, "an id has 1 to \(RelayLimits.originIDByteLimit) bytes without control characters"
            )
        }
        let cleaned = RelayText.cleaned(text)
        guard !cleaned.isEmpty else { throw RelayRefusal(.blank, "the text is empty") }
        guard cleaned.utf8.count <= RelayLimits.textByteLimit else {
            let count = cleaned.utf8.count
            throw RelayRefusal(
                .tooLong, "the text has \(count) bytes, \(RelayLimits.textByteLimit) are relayed")
        }
        self.origin = origin
        self.place = place
        self.originID = originID
        self.originTime = originTime
        self.sender = sender
        self.text = cleaned
        self.language = language
        self.replyTo = replyTo.flatMap { RelayText.isOriginID($0) ? $0 : nil }
        self.token = token ?? RelayKeys.token(origin: origin, place: place, id: originID)
    }

    /// The nickname under which it appears: `Name/zoom`.
    package var nickname: String { RelayText.name(sender) + "/" + origin }

    /// The pieces in which it is posted, with their tokens.
    package var pieces: [(text: String, token: String)] {
        RelayText.pieces(text).enumerated().map { ($1, RelayKeys.piece($0, of: token)) }
    }
}

/// Why a message is not relayed.
package struct RelayRefusal: Error, Hashable, Sendable, CustomStringConvertible {
    /// What kind of reason it is.
    package enum Code: String, Sendable, Hashable {
        /// The origin's name cannot be used.
        case invalidOrigin = "INVALID_ORIGIN"
        /// The id cannot be carried.
        case invalidID = "INVALID_ID"
        /// There is no text.
        case blank = "BLANK_MSG"
        /// There is too much text.
        case tooLong = "TOO_LONG"
        /// It was not said to everybody.
        case notPublic = "NOT_PUBLIC"
        /// Its meeting or channel is not on the list.
        case unlisted = "UNLISTED"
        /// The record cannot be read.
        case malformed = "MALFORMED"
    }
    /// What kind of reason it is.
    package var code: Code
    /// The reason in words, without the message's text.
    package var reason: String
    /// `CODE: reason`.
    package var description: String { "\(code.rawValue): \(reason)" }

    /// A refusal for this reason.
    package init(_ code: Code, _ reason: String) {
        self.code = code
        self.reason = reason
    }
}
