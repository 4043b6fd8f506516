// SPDX-License-Identifier: Apache-2.0

import PlenaryRelay
import PlenaryTerms
import Testing

/// What a saved chat says against what the channel has.
@Suite struct ReconciliationTests {
    private func expected(
        _ key: String, _ seconds: Int64, _ text: String, wasDelivered: Bool = false
    )
        -> Reconciliation.Expected
    {
        Reconciliation.Expected(
            key: key, time: Timestamp(seconds: seconds), nickname: "A/zoom", text: text,
            wasDelivered: wasDelivered)
    }

    private func found(
        _ id: String, _ seconds: Int64, _ text: String, origin: String? = nil, name: String = "A/zoom"
    )
        -> Reconciliation.Found
    {
        Reconciliation.Found(
            id: id, time: Timestamp(seconds: seconds), nickname: name, text: text, originID: origin)
    }

    @Test func theKeyMatchesWhateverTheTime() {
        let result = Reconciliation([expected("k", 0, "x")], [found("m", 99_999, "y", origin: "k")])
        #expect(result.matches == ["m"])
        #expect(result.missing.isEmpty && result.onlyHere.isEmpty)
    }

    @Test(arguments: [179, 180, 181]) func textsMatchWithinTheTolerance(seconds: Int64) {
        let result = Reconciliation([expected("k", 1000, "x")], [found("m", 1000 + seconds, "x")])
        #expect(result.missing.isEmpty == (seconds <= 180))
    }

    @Test func aRepeatedTextIsMatchedWithItsOwnTime() {
        let result = Reconciliation(
            [expected("1", 100, "yes"), expected("2", 160, "yes")], [found("m", 160, "yes")])
        #expect(result.missing == [0])
        #expect(result.matches == [nil, "m"])
    }

    @Test func anotherSenderIsAnotherMessage() {
        let result = Reconciliation([expected("k", 0, "x")], [found("m", 0, "x", name: "B/zoom")])
        #expect(result.missing == [0])
        #expect(result.onlyHere.map(\.id) == ["m"])
    }

    @Test func whatWasDeliveredAndTakenOutIsNotMissing() {
        let result = Reconciliation([expected("k", 0, "x", wasDelivered: true)], [])
        #expect(result.missing.isEmpty)
        #expect(result.removedCount == 1)
    }

    @Test func onlyWhatWasSaidDuringTheFileIsOnlyHere() {
        let result = Reconciliation(
            [expected("k", 1000, "x")],
            [found("a", 819, "y"), found("b", 820, "y"), found("c", 1180, "y"), found("d", 1181, "y")])
        #expect(result.onlyHere.map(\.id) == ["b", "c"])
    }
}
