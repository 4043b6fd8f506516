// SPDX-License-Identifier: Apache-2.0

/// One change of a text, as it is taken back.
struct Edit: Sendable {
    /// Where it begins.
    var start: Int
    /// The clusters that stood there.
    var removed: ArraySlice<Character>
    /// How many stand there now.
    var count: Int
    /// Where the caret was before.
    var caret: Int
}

/// The steps that can be undone, within `InputLimits.undoStepLimit` and `undoClusterLimit`.
struct EditJournal: Sendable {
    private var edits: [Edit] = []
    private var clusterCount = 0

    /// Remembers a change; one that goes on where the last ended becomes part of it.
    mutating func note(_ edit: Edit, goesOn: Bool) {
        if goesOn, var last = edits.last, edit.start >= last.start,
            edit.start + edit.removed.count == last.start + last.count
        {
            last.count += edit.count - edit.removed.count
            edits[edits.endIndex - 1] = last
            return
        }
        var edit = edit
        // A slice would keep the whole old text alive.
        edit.removed = Array(edit.removed)[...]
        edits.append(edit)
        clusterCount += edit.removed.count
        while edits.count > InputLimits.undoStepLimit || clusterCount > InputLimits.undoClusterLimit {
            clusterCount -= edits.removeFirst().removed.count
        }
    }

    /// The last change, which is forgotten.
    mutating func takeLast() -> Edit? {
        guard let last = edits.popLast() else { return nil }
        clusterCount -= last.removed.count
        return last
    }
}
