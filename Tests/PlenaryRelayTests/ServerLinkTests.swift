// SPDX-License-Identifier: Apache-2.0

import PlenaryClient
import PlenaryRelay
import PlenaryTerms
import Testing
import plenary_relay

/// From an adapter to the server and back (docs/RELAY.md, "What is promised").
@Suite struct ServerLinkTests {
    @Test func aMessageIsStoredOnceHoweverOftenItComes() async throws {
        let stage = try await RelayStage()
        let message = try RelayStage.message(1)
        #expect(await stage.link.deliver(message, to: "#c", withinMilliseconds: nil) == .stored(id: "m0"))
        #expect(await stage.link.deliver(message, to: "#c", withinMilliseconds: nil) == .duplicate(id: "m0"))
        #expect(stage.server.state.withLock { $0.stored.count } == 1)
        let counters = await stage.link.counters
        #expect(counters.arrived == 1 && counters.duplicate == 1 && counters.late == 1)
        #expect(counters.beat == "in=1;duplicate=1;private-dropped=0;late=1;refused=0")
    }

    @Test func aRestartKnowsWhatWasDelivered() async throws {
        let stage = try await RelayStage()
        _ = await stage.link.deliver(try RelayStage.message(1), to: "#c", withinMilliseconds: nil)
        let record = try DeliveryRecord(path: stage.folder + "/delivered", isAlone: true)
        #expect(record[try RelayStage.message(1).token]?.messageID == "m0")
        #expect(record.originID(ofMessage: "m0") == "m-1")
    }

    /// docs/RELAY.md, "Once": reconcile runs beside the relay, and the platform tries again after 85 minutes.
    @Test func whatWasImportedMeanwhileIsNotStoredAgainWhenItComesLate() async throws {
        let stage = try await RelayStage()
        let said = Timestamp(seconds: 1_687_507_400)
        func imported(
            _ number: Int, at time: Timestamp, in channel: String = "#c"
        ) throws -> DeliveryRecord.Delivery {
            let message = try RelayStage.message(0, text: "yes")
            let digest = RelayKeys(key: [7]).digest(sender: message.nickname, text: message.text)
            return .init(
                messageID: "f\(number)", originID: "zf-\(number)", digest: digest, said: time,
                channel: channel)
        }
        var other = try DeliveryRecord(path: stage.folder + "/delivered", isAlone: false)
        try other.append(token: "zf-1", imported(1, at: said), at: said)
        // Somebody said the same the day before.
        try other.append(token: "zf-2", imported(2, at: said.advanced(bySeconds: -86_400)), at: said)
        // And at the same time in another room.
        try other.append(token: "zf-3", imported(3, at: said, in: "#d"), at: said)
        func deliver(_ number: Int, _ time: Int64) async throws -> DeliveryOutcome {
            let message = try RelayStage.message(number, text: "yes", time: time)
            return await stage.link.deliver(message, to: "#c", withinMilliseconds: nil)
        }
        // On time: it cannot have been imported.
        #expect(try await deliver(1, 1_687_507_550) == .stored(id: "m0"))
        #expect(try await deliver(2, 1_687_507_402) == .duplicate(id: "f1"))
        // The same again is that one; another one that says the same is not.
        #expect(try await deliver(2, 1_687_507_402) == .duplicate(id: "f1"))
        #expect(try await deliver(3, 1_687_507_403) == .stored(id: "m1"))
        let again = try DeliveryRecord(path: stage.folder + "/delivered", isAlone: true)
        let digest = try imported(1, at: said).digest
        #expect(again.importedDelivery(digest: digest, said: said, channel: "#c") == nil)
        #expect(again[try RelayStage.message(2).token]?.messageID == "f1")
    }

    @Test func aBrokenRecordLosesItsLastLineOnly() async throws {
        let folder = try RelayStage.folder()
        let path = folder + "/delivered"
        try RelayFiles.writePrivate(
            Array("t1\tm1\t2023-06-23T08:05:00.000Z\td\to1\nnonsense\nt2\tm2\t2023".utf8), to: path)
        let stage = try await RelayStage(folder: folder)
        let record = try DeliveryRecord(path: path, isAlone: true)
        #expect(record["t1"]?.originID == "o1")
        #expect(record["t2"] == nil)
        _ = stage.folder
    }

    @Test func whatComesAgainWhileItIsUnderWayWaitsForTheSameEcho() async throws {
        let stage = try await RelayStage()
        stage.server.state.withLock { $0.holdsEchoes = true }
        let message = try RelayStage.message(1)
        let link = stage.link
        async let first = link.deliver(message, to: "#c", withinMilliseconds: nil)
        await stage.server.held(1)
        // Nothing waits behind the one that is not confirmed.
        async let second = link.deliver(message, to: "#c", withinMilliseconds: 0)
        guard case .unavailable = await second else {
            Issue.record("not expired")
            return
        }
        stage.server.release()
        #expect(await first == .stored(id: "m0"))
        #expect(stage.server.state.withLock { $0.stored.count } == 1)
    }

    @Test func manyMessagesAreUnderWayAtOnceAndKeepTheirOrder() async throws {
        let stage = try await RelayStage()
        stage.server.state.withLock { $0.holdsEchoes = true }
        let messages = try (0..<200).map { try RelayStage.message($0) }
        let link = stage.link
        async let outcomes = link.deliver(all: messages, to: "#c")
        // The window is full before the first echo has come.
        await stage.server.held(RelayLimits.sendWindowLimit)
        stage.server.release()
        #expect(await outcomes == (0..<200).map { .stored(id: "m\($0)") })
        #expect(stage.server.state.withLock { $0.stored.map(\.text) } == messages.map(\.text))
    }

    @Test(arguments: [511, 512, 513]) func noMoreThanTheLimitIsUnderWay(count: Int) async throws {
        let stage = try await RelayStage()
        stage.server.state.withLock { $0.holdsEchoes = true }
        let messages = try (0..<count).map { try RelayStage.message($0) }
        let link = stage.link
        async let outcomes = link.deliver(all: messages, to: "#c")
        await stage.server.held(RelayLimits.sendWindowLimit)
        stage.server.release()
        let stored = await outcomes.count { if case .stored = $0 { true } else { false } }
        #expect(stored == min(count, 512))
    }

    @Test func whenTheServerIsAwayItIsToldToComeAgain() async throws {
        let stage = try await RelayStage()
        stage.server.state.withLock { $0.holdsEchoes = true }
        let link = stage.link
        let message = try RelayStage.message(1)
        async let first = link.deliver(message, to: "#c", withinMilliseconds: nil)
        await stage.server.held(1)
        stage.server.breakConnection()
        guard case .unavailable = await first else {
            Issue.record("stored without an echo")
            return
        }
        guard case .unavailable = await link.deliver(message, to: "#c", withinMilliseconds: nil) else {
            Issue.record("stored without a server")
            return
        }
        #expect(await link.counters.arrived == 0)
    }

    @Test func anUnlistedChannelAndARefusalAreFinal() async throws {
        let stage = try await RelayStage()
        let message = try RelayStage.message(1)
        guard
            case .refused("UNLISTED", _) = await stage.link.deliver(
                message, to: "#d", withinMilliseconds: nil)
        else {
            Issue.record("an unlisted channel")
            return
        }
        stage.server.state.withLock { $0.refusal = "NOT_ENABLED" }
        guard
            case .refused("NOT_ENABLED", _) = await stage.link.deliver(
                message, to: "#c", withinMilliseconds: nil)
        else {
            Issue.record("not refused")
            return
        }
        #expect(await stage.link.counters.refused == 2)
    }

    @Test func aLongTextIsOneDeliveryOfSeveralPieces() async throws {
        let stage = try await RelayStage()
        let message = try RelayStage.message(1, text: String(repeating: "word ", count: 2000))
        #expect(message.pieces.count == 3)
        #expect(await stage.link.deliver(message, to: "#c", withinMilliseconds: nil) == .stored(id: "m0"))
        let tokens = stage.server.state.withLock { $0.stored.map(\.token) }
        #expect(tokens == [message.token, message.token + ".1", message.token + ".2"])
    }

    @Test func whatItBroughtItselfDoesNotGoBack() async throws {
        let stage = try await RelayStage()
        let source = ":Li/zoom!~u@relayed PRIVMSG #c :"
        stage.server.hear("@msgid=a1;draft/relaymsg=relay \(source)mine")
        stage.server.hear("@msgid=a2;draft/relaymsg=other \(source)of another relay")
        stage.server.hear("@msgid=a3;plenary.chat/hidden=abusive :amina!a@h PRIVMSG #c :hidden")
        stage.server.hear("@msgid=a4 :amina!a@h PRIVMSG #d :elsewhere")
        stage.server.hear("@msgid=a5;+draft/reply=m0 :amina!a@h PRIVMSG #c :said here")
        var texts: [String] = []
        for await (_, message) in stage.link.outgoing {
            texts.append(message.text)
            if message.id == "a5" { break }
        }
        #expect(texts == ["of another relay", "said here"])
    }

    @Test func aSessionIsReconciledAndWhatIsMissingIsBroughtOnce() async throws {
        let stage = try await RelayStage()
        let chat = try Fixture.chat("shape-a-acceptance.txt")
        let dates = SavedChatDates { _ in 7200 }
        let day = try #require(SavedChatDates.Day("2023-06-23"))
        let messages = try SavedChatImport.messages(
            of: chat, dates.moments(of: chat, on: day).moments, RelayKeys(key: [7]), session: "s",
            language: nil)
        #expect(messages.count == 15)
        // The session was relayed live, under the platform's own ids; two messages were lost.
        for (index, message) in messages.enumerated() where index != 3 && index != 8 {
            let live = try RelayMessage(
                origin: "zoom", place: "u==", originID: "live-\(index)", originTime: message.originTime,
                sender: message.sender, text: message.text)
            _ = await stage.link.deliver(live, to: "#c", withinMilliseconds: nil)
        }
        // Another process, which knows nothing of what was delivered live.
        let importer = try await RelayStage(server: stage.server)
        let saved = SavedChatImport(chat: chat, messages: messages, channel: "#c", link: importer.link)
        let first = try await saved.compare()
        #expect(
            SavedChatReport.lines(first, messages) == [
                "13 of 15 matched; 2 missing; 0 only here", "missing: 2023-06-23T08:01:10.000Z Li Wei 李伟",
                "missing: 2023-06-23T08:07:12.000Z José M.",
            ])
        #expect(await saved.post(first.missing).count == 2)
        #expect(stage.server.state.withLock { $0.stored.count } == 15)
        let second = try await saved.compare()
        #expect(SavedChatReport.lines(second, messages) == ["15 of 15 matched; 0 missing; 0 only here"])
        #expect(second.removedCount == 0)
        #expect(stage.server.state.withLock { $0.stored.count } == 15)
    }
}
