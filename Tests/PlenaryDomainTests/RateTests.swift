// SPDX-License-Identifier: Apache-2.0

import PlenaryDomain
import PlenaryTerms
import Testing

/// Counts over all sessions: wrong passwords by network and account.
@Suite struct RateTests {
    private struct Scene {
        var town = Town { $0.limits.rememberedRateCountLimit = 3 }
        let id: SessionID

        init() { id = town.connect("ann") }

        mutating func fail(_ account: Text, times: Int = 1) {
            for _ in 0..<times { town.community.apply(.rated(id, .failLogin, account: account, town.now)) }
        }

        func isHeldBack(_ account: Text) -> Bool {
            town.community.rateRefusal(.failLogin, by: id, account: account, at: town.now) != nil
        }
    }

    /// "More: those that are over are forgotten." Four are kept for a moment; the fifth makes room.
    @Test func whatIsOverIsForgottenBeforeAnythingElse() {
        var scene = Scene()
        for account: Text in ["a", "b", "c"] { scene.fail(account, times: 5) }
        scene.town.now = scene.town.now.advanced(bySeconds: 301)
        scene.fail("d", times: 5)
        #expect(scene.isHeldBack("d"))
        for number in 0..<2 { scene.fail(Text("e\(number)"), times: 5) }
        #expect(scene.isHeldBack("d"), "the three that were over went")
        #expect(!scene.isHeldBack("a"))
    }

    /// Memory is bounded whoever guesses from wherever: when all are new, counting begins anew.
    @Test(arguments: [3, 4, 5, 300]) func soManyAreCountedAtOneTime(count: Int) {
        var scene = Scene()
        scene.fail("a0", times: 5)
        for number in 1..<count { scene.fail(Text("a\(number)")) }
        #expect(scene.isHeldBack("a0") == (count <= 4))
    }
}
