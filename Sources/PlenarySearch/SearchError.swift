// SPDX-License-Identifier: Apache-2.0

/// Why there is no answer to a search, or no index.
package enum SearchError: Error, Hashable, Sendable, CustomStringConvertible {
    /// As many wait as may (`SearchLimits.waitingLimit`).
    case busy
    /// It ran for longer than a search may (`SearchLimits.searchMilliseconds`).
    case timedOut
    /// The index was damaged and is empty now; it fills again.
    case rebuilding
    /// The index was closed.
    case closed
    /// It cannot be opened, or was begun anew too often. The file and the reason are in the text.
    case unusable(String)

    package var description: String {
        switch self {
        case .busy: "too many searches are waiting. Try again in a moment."
        case .timedOut: "the search took too long. Add a word or a time to it."
        case .rebuilding: "the search index is being rebuilt."
        case .closed: "the search index is closed."
        case .unusable(let reason):
            "the search index cannot be used: \(reason). Everything else works. Check the disk, then start again."
        }
    }
}

/// Why a text is nothing to search for.
package enum SearchTextError: Error, Hashable, Sendable {
    case tooLong(byteCount: Int, limit: Int)
    case tooManyTerms(limit: Int)
    /// It has neither letters nor digits.
    case noWords
}
