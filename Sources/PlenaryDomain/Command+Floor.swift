// SPDX-License-Identifier: Apache-2.0

import PlenaryTerms

/// FLOOR (docs/extensions/floor.md). Targets and numbers are as the client spelled them.
package struct FloorCommand: Sendable {
    package var channel: Text
    package var deed: FloorDeed

    package init(channel: Text, deed: FloorDeed) {
        self.channel = channel
        self.deed = deed
    }
}

package enum FloorDeed: Sendable {
    case list
    case request(FloorWish)
    /// A right of reply to a statement; nil for one that was not made from this list.
    case reply(to: FloorNumber?, FloorWish)
    case point(FloorWish)
    /// nil: the asker's only request.
    case withdraw(FloorNumber?)
    case swap(FloorNumber)
    /// nil: whoever is next.
    case grant(FloorNumber?)
    case yield
    case stop
    case extend(seconds: UInt32)
    case open
    case reopen
    case close
    case cut
    case order(FloorPolicy)
    case place(FloorNumber, after: FloorNumber?)
    case draw(seed: UInt64)
    case settings([FloorPair])
}

/// One rule of POLICY, unescaped.
package struct FloorPair: Hashable, Sendable {
    package var key: Text
    package var value: Text

    package init(key: Text, value: Text) {
        self.key = key
        self.value = value
    }
}

/// What names a request: its position in the published list, or its own number, which never changes (`r7`).
package enum FloorNumber: Hashable, Sendable {
    case position(Int)
    case request(UInt32)

    /// Reads `3` or `r7`; nil for anything else.
    package init?(_ text: Text) {
        let isRequest = text.bytes.first == UInt8(ascii: "r") || text.bytes.first == UInt8(ascii: "R")
        let digits = isRequest ? text.bytes.dropFirst() : text.bytes[...]
        guard !digits.isEmpty, digits.allSatisfy({ (48...57).contains($0) }),
            let number = UInt32(String(decoding: digits, as: UTF8.self)), number > 0
        else { return nil }
        self = isRequest ? .request(number) : .position(Int(number))
    }

    /// As it is spelled.
    package var text: Text {
        switch self {
        case .position(let position): Text(String(position))
        case .request(let number): Text("r\(number)")
        }
    }
}

/// The attributes of a request; what is missing follows from the asker's profile.
package struct FloorWish: Hashable, Sendable {
    package var item: Text = ""
    package var behalf: Text = ""
    package var category: FloorCategory?
    package var delegation: CountryCode?
    package var region: RegionalGroup?
    package var language: LanguageTag?
    package var attendance: Attendance?
    /// A person without an account, or in the room, for whom it is entered.
    package var name: Text?
    package var after: FloorNumber?

    package init() {}
}

package enum FloorAnswer: Sendable {
    case list(ChannelID)
}

/// Codes of docs/extensions/floor.md, "Errors".
package enum FloorFailure: String, CaseIterable, Hashable, Sendable {
    case invalidTarget = "INVALID_TARGET"
    case privilegesNeeded = "PRIVS_NEEDED"
    case accountRequired = "ACCOUNT_REQUIRED"
    case subcommandInvalid = "SUBCOMMAND_INVALID"
    case invalidParameters = "INVALID_PARAMS"
    case notOpen = "NOT_OPEN"
    case listClosed = "LIST_CLOSED"
    case already = "ALREADY"
    case limitReached = "LIMIT_REACHED"
    case noSuchEntry = "NO_SUCH_ENTRY"
    case notYours = "NOT_YOURS"
    case floorTaken = "FLOOR_TAKEN"
    case nobodySpeaks = "NOBODY_SPEAKS"
    case repliesUsed = "REPLIES_USED"
    case rateLimited = "RATE_LIMITED"
    /// Nobody is named in this session.
    case noNames = "NO_NAMES"
}
