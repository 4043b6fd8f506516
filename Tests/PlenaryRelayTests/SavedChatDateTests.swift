// SPDX-License-Identifier: Apache-2.0

import PlenaryRelay
import PlenaryTerms
import Testing

/// Times without day and zone become moments.
@Suite struct SavedChatDateTests {
    /// A zone two hours ahead of UTC that goes back to one hour at 01:00 UTC of 29 October 2023, and forward at 01:00
    /// UTC of 26 March 2023, as in Geneva.
    private let geneva = SavedChatDates { seconds in
        seconds >= 1_679_792_400 && seconds < 1_698_541_200 ? 7200 : 3600
    }

    private func moments(_ times: [String], _ day: String) throws -> ([String], SavedChatDates.Doubts) {
        let chat = try Fixture.chat(text: times.map { "\($0)\t From A : x\n" }.joined())
        let (moments, doubts) = geneva.moments(of: chat, on: try #require(SavedChatDates.Day(day)))
        return (moments.map { String($0.iso8601.prefix(16)) }, doubts)
    }

    @Test func aClockOfTheDayBecomesUTC() throws {
        #expect(try moments(["10:05:00"], "2023-06-23").0 == ["2023-06-23T08:05"])
        #expect(
            try moments(["23:50:00", "00:10:00"], "2023-06-23").0 == ["2023-06-23T21:50", "2023-06-23T22:10"])
    }

    @Test func theHourThatComesTwiceKeepsTheOrder() throws {
        let (moments, doubts) = try moments(["02:30:00", "02:50:00", "02:10:00", "03:00:00"], "2023-10-29")
        #expect(moments == ["2023-10-29T00:30", "2023-10-29T00:50", "2023-10-29T01:10", "2023-10-29T02:00"])
        #expect(doubts.repeatedCount == 3)
    }

    @Test func theHourThatIsLeftOutIsTakenAsIfItWereThere() throws {
        let (moments, doubts) = try moments(["02:30:00"], "2023-03-26")
        #expect(moments == ["2023-03-26T01:30"])
        #expect(doubts.skippedCount == 1)
    }

    @Test(arguments: ["2023-02-29", "2023-6-23", "23.06.2023", ""]) func noDayIsRefused(text: String) {
        #expect(SavedChatDates.Day(text) == nil)
    }
}
