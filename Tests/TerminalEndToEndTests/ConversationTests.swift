// SPDX-License-Identifier: Apache-2.0

import Testing

/// People who write to each other in the full-screen client.
@Suite(.fewAtATime) struct ConversationTests {
    @Test func theClientOpensOnTheNewestMessagesWithTheCursorInTheComposer() async throws {
        let community = try await Community.shared.value
        let ann = try await community.join("ann", ["arrival"])
        try await ann.post((1...60).map { "Message \($0)." }, to: "arrival")
        let bo = try await community.join("bo", ["arrival"])
        let terminal = try await Terminal.client(of: bo)
        try await terminal.wait(for: "Message 60.", "online")
        try await terminal.expectGolden("arrival-80x24")
        await terminal.close()
    }

    @Test func whatOneWritesTheOtherSeesAndDeliveryIsQuiet() async throws {
        let community = try await Community.shared.value
        let amina = try await Terminal.client(of: community.join("amina.b", ["talk"]))
        try await amina.wait(for: "online", "1 here")
        let li = try await Terminal.client(of: community.join("li.wei", ["talk"]))
        try await li.wait(for: "online", "2 here")
        try await amina.say("We use the same matrix.")
        try await li.wait(for: "We use the same matrix.")
        try await li.say("我们每季度更新共享矩阵。")
        try await amina.wait(for: "我们每季度更新共享矩阵。")
        try await amina.wait(without: "sending…", "queued")
        try await amina.expectGolden("talk-amina")
        try await li.expectGolden("talk-li")
        await amina.close()
        await li.close()
    }

    @Test func anAnswerGoesToItsThreadAndTheListShowsIt() async throws {
        let community = try await Community.shared.value
        let fatou = try await community.join("fatou.d", ["replies"])
        try await fatou.post(["How do you follow recommendations?", "Who signs the report?"], to: "replies")
        try await fatou.plenary("thread", "new", "replies", "Follow-up tracking")
        let olga = try await Terminal.client(of: community.join("olga.k", ["replies"]))
        try await olga.wait(for: "1 thread", "Who signs the report?")
        try await olga.press("F3")
        try await olga.wait(for: "THREADS IN #replies", "Follow-up tracking")
        try await olga.press("Enter")
        try await olga.wait(for: "To #replies/1")
        try await olga.say("Мы ведём сводную таблицу.")
        try await olga.wait(for: "olga.k", "Мы ведём сводную таблицу.")
        #expect(try await fatou.texts(of: "replies/1") == ["Мы ведём сводную таблицу."])
        try await olga.press("F3")
        try await olga.wait(for: "THREADS IN #replies", "preview")
        try await olga.expectGolden("threads-80x24")
        await olga.close()
    }

    @Test func aThreadIsBegunWithF9AndFilledByReplying() async throws {
        let community = try await Community.shared.value
        let lucia = try await community.join("lucia.m", ["threads"])
        try await lucia.post(["Who has a template for the annex?"], to: "threads")
        let terminal = try await Terminal.client(of: lucia)
        try await terminal.wait(for: "online", "template for the annex?")
        // The selected message becomes the thread's root.
        try await terminal.press("BTab")
        try await terminal.wait(for: "Enter reply")
        try await terminal.press("F9")
        try await terminal.wait(for: "Title of the new thread:")
        try await terminal.say("Annex templates")
        try await terminal.wait(for: "To #threads/1", "Annex templates")
        try await terminal.say("Mine has four pages.")
        try await terminal.wait(for: "Mine has four pages.")
        try await terminal.press("Escape")
        try await terminal.wait(for: "[/1 · 1 reply]")
        try await terminal.expectGolden("thread-root")
        let listed = try await lucia.plenary("threads", "threads")
        #expect(listed.contains("Annex templates"), "\(listed)")
        await terminal.close()
    }

    @Test func aDirectConversationIsOpenedFromTheListOfPeople() async throws {
        let community = try await Community.shared.value
        let samir = try await Terminal.client(of: community.join("samir.h", ["direct"]))
        try await samir.wait(for: "online", "1 here")
        let helene = try await Terminal.client(of: community.join("helene.m", ["direct"]))
        try await helene.wait(for: "2 here")
        try await helene.press("F4")
        try await helene.wait(for: "HERE (2)")
        try await helene.type("sam")
        try await helene.wait(without: "● helene.m")
        try await helene.press("Enter")
        try await helene.wait(for: "To samir.h")
        try await helene.say("Can we talk about the annex?")
        try await helene.wait(for: "Can we talk about the annex?")
        try await samir.wait(for: "DIRECT", "helene.m")
        try await samir.expectGolden("direct-news")
        try await samir.press("F8")
        try await samir.wait(for: "Can we talk about the annex?", "To helene.m")
        try await samir.say("نعم، بعد الظهر.")
        try await helene.wait(for: "samir.h", "ﺮﻬﻈﻟﺍ ﺪﻌﺑ ،ﻢﻌﻧ")
        try await helene.expectGolden("direct-answer")
        await samir.close()
        await helene.close()
    }

    @Test func theUnreadLineStandsWhereTheOtherDeviceStoppedReading() async throws {
        let community = try await Community.shared.value
        let writer = try await community.join("unread.writer", ["unread"])
        let first = try await community.join("unread.reader", ["unread"])
        let second = try await first.secondDevice()
        try await writer.post(["one", "two", "three"], to: "unread")
        try await read(on: first, until: "three")
        try await writer.post(["four", "five"], to: "unread")
        let terminal = try await Terminal.client(of: second, name: "-2")
        try await terminal.wait(for: "five", "new since")
        try await terminal.expectGolden("unread-line")
        try await terminal.press("C-c")
        try await terminal.press("C-c")
        #expect(try await terminal.waitForEnd() == 0)
        await terminal.close()
        // What the second device has read is no news on the first.
        let again = try await Terminal.client(of: first)
        let screen = try await again.wait(for: "five", "online")
        #expect(!screen.contains("new since"), "\(screen)")
        await again.close()
    }

    private func read(on device: Resident, until words: String) async throws {
        let terminal = try await Terminal.client(of: device)
        try await terminal.wait(for: words, "online")
        try await terminal.press("C-c")
        try await terminal.press("C-c")
        #expect(try await terminal.waitForEnd() == 0)
        await terminal.close()
    }

    @Test func aModeratorHidesAMessageWithAReasonAndEverybodySeesIt() async throws {
        let community = try await Community.shared.value
        let author = try await community.join("mod.author", ["moderation"])
        let chair = try await community.join("mod.chair", ["moderation"], role: "moderator")
        try await author.post(["Buy my book.", "We meet on Thursday."], to: "moderation")
        let reader = try await Terminal.client(of: author)
        try await reader.wait(for: "Buy my book.", "online")
        let moderator = try await Terminal.client(of: chair)
        try await moderator.wait(for: "Buy my book.", "2 here")
        try await moderator.press("Up", "Up", "F2")
        try await moderator.wait(for: "What would you like to do?")
        try await moderator.type("hide")
        try await moderator.wait(for: "Hide")
        try await moderator.press("Enter")
        try await moderator.wait(for: "Reason:", "off topic")
        try await moderator.press("Enter")
        try await moderator.wait(for: "This will hide the message of mod.author.", "Reason: off topic")
        try await moderator.expectGolden("hide-preview")
        try await moderator.press("Enter")
        let seen = try await reader.wait(for: "hidden: off topic")
        #expect(!seen.contains("Buy my book."), "\(seen)")
        try await moderator.wait(for: "hidden: off topic")
        let log = try await chair.plenary("mod", "log", "moderation")
        #expect(log.contains("hide"), "\(log)")
        await reader.close()
        await moderator.close()
    }
}
