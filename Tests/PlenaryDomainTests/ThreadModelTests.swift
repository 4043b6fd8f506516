// SPDX-License-Identifier: Apache-2.0

import Foundation
import PlenaryDomain
import Testing

/// Whatever people do with threads in whatever order, counts, lists, histories and reading state are what
/// docs/extensions/threads.md says, at once and after a restart.
@Suite struct ThreadModelTests {
    /// Fixed ones, one that differs each time and is printed, and more for a soak.
    static let seeds: [UInt64] = {
        let environment = ProcessInfo.processInfo.environment
        if let seed = environment["PLENARY_SEED"].flatMap({ UInt64($0) }) { return [seed] }
        let drawn = environment["PLENARY_SOAK"] == nil ? 1 : 50
        return [1, 2, 3] + (0..<drawn).map { _ in UInt64.random(in: 4...999_999_999) }
    }()

    @Test(arguments: seeds) func tenThousandDeedsLeaveWhatTheSpecificationSays(seed: UInt64) {
        print("seed \(seed)")
        var story = ThreadStory(seed: seed)
        for _ in 0..<10_000 {
            let isRight = story.advance()
            guard isRight else {
                Issue.record("\(story.report)")
                return
            }
        }
        // A story in which little happens proves little.
        let happened = story.counts.filter { $0.key.hasPrefix("did") }
        for what in ["post", "new", "change", "move", "policy", "level", "marker", "redact"] {
            #expect(happened["did \(what)", default: 0] >= 20, "seed \(seed): too few of \(what)")
        }
        if ProcessInfo.processInfo.environment["PLENARY_SEED"] != nil {
            for (what, count) in story.counts.sorted(by: { $0.key < $1.key }) { print(count, what) }
        }
    }
}
