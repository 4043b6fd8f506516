// SPDX-License-Identifier: Apache-2.0

/// Every bound of search, with its unit and what happens there (docs/extensions/search.md, "Limits and errors").
package enum SearchLimits {
    /// Bytes of a query's text. A longer one is refused.
    package static let textByteLimit = 256
    /// Words and phrases of a query. More are refused.
    package static let termCountLimit = 8
    /// Letters that the last word of a query needs to find the words that begin with it.
    package static let prefixLetterCount = 3
    /// Messages of one page; the caller may want fewer.
    package static let pageLimit = 50
    /// Milliseconds one search may run before it is given up.
    package static let searchMilliseconds = 200
    /// Searches that may wait while one runs. A further one is refused.
    package static let waitingLimit = 32
    /// Bytes of one word in the index. What is behind them is not indexed, and not looked for.
    package static let tokenByteLimit = 128
    /// Document symbols of one message that are indexed besides the tagged ones.
    package static let symbolCountLimit = 32
    /// Events of one transaction.
    package static let batchEventLimit = 2_000
    /// Milliseconds that events are gathered into one transaction while they come one by one.
    package static let gatherMilliseconds = 100
    /// Events waiting for the index. Beyond it those that wait are let go, and are asked for again.
    package static let pendingEventLimit = 20_000
    /// Bytes of the page cache of each of the two connections.
    package static let cacheByteLimit = 32 << 20
    /// Pages of 4 KiB in the write-ahead log after which they are moved into the file. Each such time syncs.
    package static let checkpointPageCount = 4_000
    /// Times the index is begun anew within one process before it is given up: the disk must be broken.
    package static let rebuildLimit = 3
    /// Hundredths of all messages up to which the places searched are looked up in the index. In a larger
    /// share of the messages it is quicker to look at each message that the words find.
    package static let narrowShare = 5
}
