// SPDX-License-Identifier: Apache-2.0

/// Where things are in a data directory.
package struct LogPaths: Sendable {
    package let directory: String

    package init(_ directory: String) { self.directory = directory }

    package var lock: String { directory + "/LOCK" }
    package var manifest: String { directory + "/MANIFEST" }
    package var segments: String { directory + "/log" }
    package var snapshots: String { directory + "/snap" }
    /// The next segment, while it is made ready.
    package var nextSegment: String { segments + "/next.tmp" }

    package func segment(_ firstNumber: UInt64) -> String { segments + "/" + segmentFileName(firstNumber) }
    package func index(_ firstNumber: UInt64) -> String {
        segments + "/" + segmentFileName(firstNumber, "idx")
    }
    package func snapshot(_ upTo: UInt64) -> String { snapshots + "/" + segmentFileName(upTo, "snap") }
}
