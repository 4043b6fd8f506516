// SPDX-License-Identifier: Apache-2.0

/// What the full-screen client keeps and shows at most.
package enum ScreenLimits {
    /// Entries of one place held in memory. Beyond it the part farthest from what is read is dropped, and
    /// asked for
    /// again when it is scrolled to.
    package static let timelineEntryLimit = 2000
    /// Places whose entries are held. Beyond it those looked at longest ago are dropped, and loaded when
    /// opened.
    package static let timelineCountLimit = 24
    /// Messages asked for at once when scrolling.
    package static let pageMessageCount = 100
    /// Screen rows that one message may take in the list. Of a longer one the rest is shown when it is
    /// opened.
    package static let messageRowLimit = 200
    /// Conversations with single persons in the list. Beyond it the one silent for longest goes.
    package static let directCountLimit = 50
    /// Own messages kept for recalling with Up.
    package static let recallCountLimit = 50
    /// Rows of a list of matches (palette, search, completion).
    package static let matchCountLimit = 200
    /// Columns below which lines are printed one after the other instead.
    package static let columnMinimum = 30
    /// Rows below which lines are printed one after the other instead.
    package static let rowMinimum = 8
    /// Columns and rows a screen is painted for at most; a wider terminal keeps a margin.
    package static let columnLimit = 500
    package static let rowLimit = 200
    /// Lines of a pasted text above which it is asked whether it is to be one message.
    package static let pasteLineLimit = 10
    /// Milliseconds within which a second Ctrl+C quits.
    package static let quitMilliseconds: Int64 = 2000
    /// Seconds for which an act of moderation can be taken back by one key.
    package static let undoSeconds: Int64 = 20
    /// Rows of the question before the answers in a box.
    package static let questionRowLimit = 6
    /// Seconds before a session from which on the banner tells of it.
    package static let nearMeetingSeconds: Int64 = 86_400
    /// Hours after which a queued message is sent only when the person agrees.
    package static let staleQueueHours: Int64 = 24
}
