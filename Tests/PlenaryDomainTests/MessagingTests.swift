// SPDX-License-Identifier: Apache-2.0

import PlenaryDomain
import PlenaryTerms
import Testing

/// Who may say what to whom, and what is kept of it (modern.ircd.chat, "Sending Messages"; IRCv3 multiline).
@Suite struct MessagingDecisions {
    private func pair() -> (Town, SessionID, SessionID) {
        var town = Town()
        let annAccount = town.account("ann")
        let bobAccount = town.account("bob")
        let ann = town.connect("ann", account: annAccount)
        let bob = town.connect("bob", account: bobAccount)
        town.join(ann, "#tea")
        return (town, ann, bob)
    }

    @Test func moderatedChannelsHearVoicedMembersOnly() {
        var (town, ann, bob) = pair()
        town.join(bob, "#tea")
        town.mode(ann, "#tea", [("+m", nil)])
        #expect(town.post(bob, "#tea", "x").refusals == [.cannotSendToChannel("#tea")])
        town.mode(ann, "#tea", [("+v", "bob")])
        #expect(town.post(bob, "#tea", "x").messages.count == 1)
    }

    @Test func strangersSpeakOnlyWhereExternalMessagesAreAllowed() {
        var (town, ann, bob) = pair()
        #expect(town.post(bob, "#tea", "x").refusals == [.cannotSendToChannel("#tea")])
        town.mode(ann, "#tea", [("-n", nil)])
        #expect(town.post(bob, "#tea", "x").messages.count == 1)
    }

    @Test func aBannedMemberIsSilentUntilVoicedOrExcepted() {
        var (town, ann, bob) = pair()
        town.join(bob, "#tea")
        town.mode(ann, "#tea", [("+b", "bob")])
        let banned = Refusal.moderation(
            .sanctioned(verb: "PRIVMSG", channel: "#tea", isMute: false, until: nil, reason: ""))
        #expect(town.post(bob, "#tea", "x").refusals == [banned])
        town.mode(ann, "#tea", [("+e", "bob")])
        #expect(town.post(bob, "#tea", "x").messages.count == 1)
        town.mode(ann, "#tea", [("-e", "bob"), ("+v", "bob")])
        #expect(town.post(bob, "#tea", "x").messages.count == 1)
    }

    @Test func aRefusedNoticeIsNotAnswered() {
        var (town, _, bob) = pair()
        #expect(town.post(bob, "#tea", "x", kind: .notice).refusals == [])
        #expect(town.post(bob, "nobody", "x", kind: .notice).refusals == [])
    }

    /// The longest line is 512 bytes with its source, for its readers (RFC 1459, 2.3).
    @Test(arguments: [-1, 0, 1])
    func aTextIsTakenUpToTheLastByteThatFits(excess: Int) throws {
        var (town, ann, _) = pair()
        let source = try #require(town.community.sessions[ann]?.source)
        let room = 512 - ":\(source) PRIVMSG #tea :\r\n".utf8.count
        let outcomes = town.post(ann, "#tea", .filler(room + excess))
        #expect(outcomes.refusals == (excess > 0 ? [.messageTooLong] : []))
        #expect(outcomes.messages.count == (excess > 0 ? 0 : 1))
    }

    @Test func talkBetweenAccountsIsStoredAndTalkWithGuestsIsNot() {
        var (town, ann, _) = pair()
        let guest = town.connect("guest")
        #expect(town.post(ann, "bob", "x").messages.count == 1)
        #expect(town.post(ann, "guest", "x").relayed.count == 1)
        #expect(town.post(guest, "ann", "x").relayed.count == 1)
        #expect(town.post(guest, "ann", "x").messages.isEmpty)
    }

    @Test func anAccountThatIsNotHereIsWrittenToByAccountsOnly() {
        var (town, ann, bob) = pair()
        let guest = town.connect("guest")
        town.quit(bob)
        #expect(town.post(ann, "bob", "x").messages.map(\.target) == ["bob"])
        #expect(town.post(guest, "bob", "x").refusals == [.noSuchNick("bob")])
        #expect(town.post(ann, "nobody", "x").refusals == [.noSuchNick("nobody")])
    }

    @Test func aMessageToOneselfIsStoredOnce() {
        var (town, ann, _) = pair()
        #expect(town.post(ann, "ann", "x").messages.count == 1)
    }

    @Test func awayPeopleAreSaidToBeAwayForMessagesOnly() {
        var (town, ann, bob) = pair()
        town.say(.presence(.away("at lunch")), by: bob)
        func isTold(_ kind: MessageKind) -> Bool {
            town.post(ann, "bob", "x", kind: kind).contains {
                if case .answer(.away("bob", "at lunch")) = $0 { true } else { false }
            }
        }
        #expect(isTold(.privateMessage))
        #expect(!isTold(.notice))
        #expect(!isTold(.tagOnly))
    }

    @Test(arguments: [
        ("+draft/react=a", true), ("+react=a;+x", true), ("+draft/unreact", true), ("+draft/persist", true),
        ("+typing=active", false), ("+reacting=a", false), ("", false),
    ])
    func onlyReactionsAndWhatAsksForItAreKept(tags: String, isKept: Bool) {
        var (town, ann, _) = pair()
        let outcomes = town.post(ann, "#tea", "", kind: .tagOnly, tags: Text(tags))
        #expect(outcomes.messages.isEmpty != isKept)
        #expect(outcomes.relayed.isEmpty == isKept)
    }

    @Test func nothingIsTakenWhenTheDiskIsFullButTypingAndRepetitions() {
        var (town, ann, _) = pair()
        town.post(ann, "#tea", "x", token: "t1")
        town.hasSpace = false
        #expect(town.post(ann, "#tea", "y").refusals == [.storageIsFull(verb: "PRIVMSG")])
        #expect(town.post(ann, "#tea", "y", kind: .notice).refusals == [.storageIsFull(verb: "NOTICE")])
        #expect(town.post(ann, "#tea", "", kind: .tagOnly, tags: "+typing=active").relayed.count == 1)
        #expect(town.post(ann, "#tea", "x", token: "t1").duplicates.count == 1)
    }

    // MARK: Idempotency (protocol.md, "A message sent twice is stored once")

    @Test func theSameTokenIsStoredOnceAndForItsAccountOnly() {
        var (town, ann, bob) = pair()
        town.join(bob, "#tea")
        let first = town.post(ann, "#tea", "x", token: "t1")
        #expect(first.messages.count == 1)
        let offset = Offset(UInt64(town.log.count - 1))
        #expect(town.post(ann, "#tea", "x", token: "t1").duplicates == [offset])
        #expect(town.post(bob, "#tea", "x", token: "t1").messages.count == 1)
    }

    @Test(arguments: [(1023, true), (1024, false)])
    func aTokenIsRememberedFor1024Tokens(laterCount: Int, isRemembered: Bool) {
        var (town, ann, _) = pair()
        town.post(ann, "#tea", "x", token: "first")
        for index in 0..<laterCount { town.post(ann, "#tea", "x", token: Text("t\(index)")) }
        #expect(town.post(ann, "#tea", "x", token: "first").duplicates.isEmpty != isRemembered)
    }

    @Test(arguments: [(86_399, true), (86_400, false), (86_401, false)])
    func aTokenIsRememberedForADay(secondsLater: Int64, isRemembered: Bool) {
        var (town, ann, _) = pair()
        town.post(ann, "#tea", "x", token: "t")
        town.now = town.now.advanced(bySeconds: secondsLater)
        #expect(town.post(ann, "#tea", "x", token: "t").duplicates.isEmpty != isRemembered)
    }

    @Test(arguments: [(0, false), (1, true), (64, true), (65, false)])
    func aTokenHasOneTo64Bytes(byteCount: Int, isTaken: Bool) {
        var (town, ann, _) = pair()
        let outcomes = town.post(ann, "#tea", "x", token: .filler(byteCount))
        #expect(outcomes.refusals == (isTaken ? [] : [.invalidClientToken(verb: "PRIVMSG")]))
    }

    @Test func tokensSurviveASnapshot() {
        var (town, ann, _) = pair()
        town.post(ann, "#tea", "x", token: "t1")
        let copy = Community.replayed(town.community.snapshotEvents(), town.community.policy)
        #expect(copy.tokens == town.community.tokens)
        #expect(copy.tokens.values.first?.byToken["t1"] != nil)
    }

    // MARK: Multiline

    private func open(_ town: inout Town, _ id: SessionID, _ target: Text = "#tea") {
        town.say(
            .messaging(
                .openBatch(reference: "1", target: target, clientTags: "", clientToken: nil, label: nil)),
            by: id)
    }

    @discardableResult
    private func line(
        _ town: inout Town, _ id: SessionID, _ text: Text, isNotice: Bool = false, concat: Bool = false,
        target: Text = "#tea", reference: Text = "1"
    ) -> [Outcome] {
        town.say(
            .messaging(
                .batchLine(
                    reference: reference, target: target, isNotice: isNotice, text: text,
                    isConcatenated: concat)), by: id)
    }

    private func close(_ town: inout Town, _ id: SessionID, reference: Text = "1") -> [Outcome] {
        town.say(.messaging(.closeBatch(reference: reference)), by: id)
    }

    @Test func aBatchIsOneMessageOfItsLines() {
        var (town, ann, _) = pair()
        open(&town, ann)
        line(&town, ann, "one", target: "#TEA")
        line(&town, ann, "")
        line(&town, ann, "two")
        line(&town, ann, " three", concat: true)
        let lines = close(&town, ann).messages.map(\.lines)
        #expect(
            lines == [
                [
                    MessageLine("one"), MessageLine(""), MessageLine("two"),
                    MessageLine(" three", isConcatenated: true),
                ]
            ])
        #expect(town.community.sessions[ann]?.openBatch == nil)
    }

    @Test(arguments: [(127, true), (128, true), (129, false)])
    func aBatchHasAtMost128Lines(count: Int, isTaken: Bool) {
        var (town, ann, _) = pair()
        open(&town, ann)
        for _ in 0..<count { line(&town, ann, "x") }
        let outcomes = close(&town, ann)
        #expect(outcomes.refusals == (isTaken ? [] : [.multilineMaxLines(128)]))
        #expect(outcomes.messages.isEmpty != isTaken)
    }

    /// Each line break that joins two lines counts one byte (IRCv3 multiline, "Batch types").
    @Test(arguments: [(-1, true), (0, true), (1, false)])
    func aBatchHasAtMost16384BytesWithItsLineBreaks(excess: Int, isTaken: Bool) {
        var (town, ann, _) = pair()
        open(&town, ann)
        // 64 lines: 63 breaks.
        let total = 16_384 - 63 + excess
        for index in 0..<64 { line(&town, ann, .filler(total / 64 + (index < total % 64 ? 1 : 0))) }
        let outcomes = close(&town, ann)
        #expect(outcomes.refusals == (isTaken ? [] : [.multilineMaxBytes(16_384)]))
    }

    @Test func concatenatedLinesHaveNoBreakToCount() {
        var (town, ann, _) = pair()
        open(&town, ann)
        for _ in 0..<64 { line(&town, ann, .filler(256), concat: true) }
        #expect(close(&town, ann).messages.count == 1)
    }

    @Test func whatIsWrongInABatchIsSaidOnceWhenItEnds() {
        var (town, ann, _) = pair()
        open(&town, ann)
        #expect(line(&town, ann, "x", target: "#other").refusals == [])
        line(&town, ann, "y")
        #expect(close(&town, ann).refusals == [.multilineInvalidTarget(expected: "#tea", found: "#other")])
        #expect(town.log.allSatisfy { !$0.event.isMessage })
    }

    @Test func aBatchOfBlankLinesAndOneOfTwoVerbsAreRefused() {
        var (town, ann, _) = pair()
        open(&town, ann)
        line(&town, ann, "")
        #expect(close(&town, ann).refusals.count == 1)
        open(&town, ann)
        line(&town, ann, "x")
        line(&town, ann, "y", isNotice: true)
        #expect(close(&town, ann).refusals.count == 1)
        open(&town, ann)
        #expect(close(&town, ann).refusals.count == 1)
    }

    @Test func aLineOrAnEndOfABatchThatIsNotOpenIsRefused() {
        var (town, ann, _) = pair()
        #expect(line(&town, ann, "x").refusals == [.batchInvalid(verb: "PRIVMSG", reference: "1")])
        #expect(close(&town, ann).refusals == [.batchInvalid(verb: "BATCH", reference: "1")])
        open(&town, ann)
        #expect(close(&town, ann, reference: "2").refusals.count == 1)
        #expect(town.community.sessions[ann]?.openBatch != nil)
    }

    @Test func onlyOneBatchIsOpenAtATime() {
        var (town, ann, _) = pair()
        open(&town, ann)
        let second = MessagingCommand.openBatch(
            reference: "2", target: "#tea", clientTags: "", clientToken: nil, label: nil)
        #expect(
            town.say(.messaging(second), by: ann).refusals == [.batchInvalid(verb: "BATCH", reference: "2")])
    }

    /// A batch has 10 seconds (limits.md 12); what comes later finds it closed.
    @Test(arguments: [(9, true), (10, true), (11, false)])
    func aBatchHasTenSeconds(seconds: Int64, isTaken: Bool) {
        var (town, ann, _) = pair()
        open(&town, ann)
        line(&town, ann, "x")
        town.now = town.now.advanced(bySeconds: seconds)
        line(&town, ann, "y")
        let outcomes = close(&town, ann)
        #expect(outcomes.messages.isEmpty != isTaken)
        #expect(outcomes.refusals.isEmpty == isTaken)
        #expect(town.community.sessions[ann]?.openBatch == nil)
    }

    @Test func aForgottenBatchDoesNotBlockTheNext() {
        var (town, ann, _) = pair()
        open(&town, ann)
        town.now = town.now.advanced(bySeconds: 11)
        open(&town, ann)
        line(&town, ann, "x")
        #expect(close(&town, ann).messages.count == 1)
    }

    @Test(arguments: [0, 1])
    func eachLineOfABatchHasToFitByItself(excess: Int) throws {
        var (town, ann, _) = pair()
        let source = try #require(town.community.sessions[ann]?.source)
        let room = 512 - ":\(source) PRIVMSG #tea :\r\n".utf8.count
        open(&town, ann)
        line(&town, ann, "short")
        line(&town, ann, .filler(room + excess))
        #expect(close(&town, ann).refusals == (excess > 0 ? [.messageTooLong] : []))
    }
}

extension Community {
    /// What a restart would make of these events.
    static func replayed(_ events: [LoggedEvent], _ policy: CommunityPolicy) -> Community {
        var community = Community(policy: policy)
        for event in events { community.apply(event) }
        return community
    }
}
