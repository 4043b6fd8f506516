// SPDX-License-Identifier: Apache-2.0

import PlenaryDomain
import PlenaryTerms
import Testing

/// docs/extensions/language.md
@Suite struct LanguagesDecisions {
    /// `#tea` with ann of the secretariat, lin of the language desk, and the members bob and cat.
    private struct Scene {
        var town = Town(.closed)
        var ann: SessionID
        var lin: SessionID
        var bob: SessionID
        var cat: SessionID

        init() {
            var town = Town(.closed)
            let ids = [
                ("ann", ServerRole.secretariat), ("lin", .languageDesk), ("bob", .member), ("cat", .member),
            ].map { (name, role) in town.connect(name, account: town.account(Text(name), role: role)) }
            for id in ids { town.join(id, "#tea") }
            (ann, lin, bob, cat) = (ids[0], ids[1], ids[2], ids[3])
            self.town = town
        }

        var channel: ChannelID { town.channel("#tea")?.id ?? ChannelID(0) }

        /// Says something, and gives its place.
        mutating func say(
            _ id: SessionID, _ text: Text, language: String? = nil, to target: Text = "#tea"
        ) -> Offset {
            let tags = language.map { Text("+plenary.chat/lang=\($0)") } ?? ""
            town.post(id, target, text, tags: tags)
            return Offset(UInt64(town.log.count - 1))
        }

        /// Translates, and does the server's work of reading the original.
        mutating func translate(
            _ id: SessionID, _ original: Offset, _ language: String, _ provenance: Text = "human",
            _ text: Text = "words", engine: Text? = nil, to target: Text = "#tea", token: Text? = nil
        ) -> [Outcome] {
            let message = MessageID(high: original.value, low: 7)
            let outcomes = town.say(
                .messaging(
                    .post(
                        PostedText(
                            target: target, kind: .privateMessage, text: text,
                            clientTags: Text("+plenary.chat/lang=\(language)"), clientToken: token,
                            translation: TranslationRequest(
                                original: message, spelledOriginal: Text(message.text),
                                provenance: provenance, engine: engine)))), by: id)
            return finish(outcomes, id)
        }

        mutating func finish(_ outcomes: [Outcome], _ id: SessionID) -> [Outcome] {
            for case .work(.languages(.fetchOriginal(let offset, let text, let lines))) in outcomes {
                let found = town.log.first { $0.offset == offset }
                return town.say(.languages(.originalFound(found, text, lines)), by: id)
            }
            return outcomes
        }

        var newest: Offset { Offset(UInt64(town.log.count - 1)) }

        func codes(_ outcomes: [Outcome]) -> [LanguagesFailure] {
            outcomes.refusals.compactMap {
                if case .languages(_, let code, _) = $0 { code } else { nil }
            }
        }

        /// The state as it would be after a restart is the state as it is.
        func checkReplay() {
            var replayed = Community(policy: town.community.policy)
            for event in town.log { replayed.apply(event) }
            #expect(replayed.snapshotEvents() == town.community.snapshotEvents())
            var restored = Community(policy: town.community.policy)
            for event in town.community.snapshotEvents() { restored.apply(event) }
            #expect(restored.snapshotEvents() == town.community.snapshotEvents())
        }
    }

    /// F3: "given an original in es and translations in en (machine) and later en (human); a reader … sees the human
    /// text …; export lists all three with provenance; redacting the original redacts its translations".
    @Test func theBestTranslationCountsAndAllGoWithTheOriginal() {
        var scene = Scene()
        let original = scene.say(scene.bob, "¿Quién?", language: "es")
        #expect(scene.translate(scene.lin, original, "en", "machine", engine: "mt-1").messages.count == 1)
        let machine = scene.newest
        #expect(scene.translate(scene.lin, original, "en", "human").messages.count == 1)
        let human = scene.newest
        #expect(scene.translate(scene.lin, original, "en", "machine").messages.count == 1)
        let later = scene.newest
        let community = scene.town.community
        #expect(community.translations(of: original).map(\.offset) == [human, later, machine])
        #expect(community.currentTranslations(of: original, in: scene.channel).map(\.offset) == [human])
        #expect(community.original(of: human, in: .channel(scene.channel)) == original)
        scene.checkReplay()
        scene.town.say(
            .moderation(
                .redact(
                    target: "#tea", message: MessageID(high: original.value, low: 7), spelledMessage: "x",
                    reason: "")), by: scene.bob)
        #expect(scene.town.community.translations(of: original).isEmpty)
        for message in [original, machine, human, later] {
            #expect(scene.town.community.isRedacted(message, in: .channel(scene.channel)))
        }
        scene.checkReplay()
    }

    /// "never counted as unread, mentions nobody"
    @Test func aTranslationIsNotCounted() {
        var scene = Scene()
        let original = scene.say(scene.bob, "hola")
        let before = scene.town.community.ledgers[scene.channel]?.visibleCount(of: .mainLine)
        let made = scene.translate(scene.lin, original, "en", "human", "@cat hello").messages
        #expect(made.first?.mentions == [])
        #expect(scene.town.community.ledgers[scene.channel]?.visibleCount(of: .mainLine) == before)
        let logged = scene.town.log.last
        #expect(logged?.event.conversation == nil)
        #expect(logged?.event.home == .channel(scene.channel))
        #expect(logged?.event.isMessage == false)
    }

    /// "The permission `translate` is for one's own messages, `translate-all` for anybody's; `official` needs
    /// `translate-all`."
    @Test func whoMayTranslateWhat() {
        var scene = Scene()
        let own = scene.say(scene.bob, "hola")
        let others = scene.say(scene.cat, "salut")
        #expect(scene.translate(scene.bob, own, "en").messages.count == 1)
        #expect(scene.codes(scene.translate(scene.bob, own, "en", "official")) == [.privilegesNeeded])
        #expect(scene.codes(scene.translate(scene.bob, others, "en")) == [.privilegesNeeded])
        #expect(scene.translate(scene.lin, others, "en", "official").messages.count == 1)
    }

    /// "an attempt to translate with a malformed tag (`english!`) is refused and with `ar`, `zh-Hans`, `pt-BR`
    /// accepted"
    @Test func languagesAreWellFormed() {
        var scene = Scene()
        let original = scene.say(scene.bob, "hola")
        #expect(
            scene.translate(scene.lin, original, "english!").refusals
                == [.mark(verb: "PRIVMSG", .language("english!"))])
        for language in ["ar", "zh-Hans", "pt-BR"] {
            let made = scene.translate(scene.lin, original, language).messages
            #expect(made.first?.translation?.language.description == language)
        }
    }

    /// "unknown, redacted, hidden, or in another thread"; "it is a translation itself"; "the original says that it
    /// is in it".
    @Test func whatCannotBeTranslatedIsNamed() {
        var scene = Scene()
        let original = scene.say(scene.bob, "hola", language: "es")
        #expect(scene.codes(scene.translate(scene.lin, Offset(9_999), "en")) == [.unknownMessage])
        #expect(scene.codes(scene.translate(scene.lin, original, "ES")) == [.sameLanguage])
        _ = scene.translate(scene.lin, original, "en")
        #expect(scene.codes(scene.translate(scene.lin, scene.newest, "fr")) == [.isTranslation])
        #expect(scene.codes(scene.translate(scene.lin, original, "fr", "guess")) == [.invalidProvenance])
        #expect(
            scene.codes(scene.translate(scene.lin, original, "fr", "human", engine: "mt"))
                == [.invalidParameters])
        #expect(scene.codes(scene.translate(scene.lin, original, "fr", to: "bob")) == [.invalidTarget])
        let hidden = scene.say(scene.bob, "x")
        let name = Text(MessageID(high: hidden.value, low: 7).text)
        scene.town.say(
            .moderation(.act(target: "#tea", .hide(message: name, reason: "off-topic"))), by: scene.ann)
        #expect(scene.codes(scene.translate(scene.lin, hidden, "fr")) == [.unknownMessage])
    }

    /// "MOD HIDE hides them with it, and UNHIDE shows them again."
    @Test func whatIsHiddenIsHiddenInAllLanguages() {
        var scene = Scene()
        let original = scene.say(scene.bob, "hola")
        _ = scene.translate(scene.lin, original, "en")
        let place = scene.newest
        let name = Text(MessageID(high: original.value, low: 7).text)
        let conversation = Conversation.channel(scene.channel)
        scene.town.say(
            .moderation(.act(target: "#tea", .hide(message: name, reason: "off-topic"))), by: scene.ann)
        #expect(scene.town.community.hiding(of: place, in: conversation) != nil)
        scene.town.say(.moderation(.act(target: "#tea", .unhide(message: name))), by: scene.ann)
        #expect(scene.town.community.hiding(of: place, in: conversation) == nil)
    }

    /// "A moved message takes them along", and those of others stay.
    @Test func aMovedMessageTakesItsTranslationsAlong() {
        var scene = Scene()
        scene.town.say(.threads(.create(channel: "#tea", root: nil, title: "One")), by: scene.ann)
        let first = scene.say(scene.bob, "uno")
        let second = scene.say(scene.bob, "dos")
        _ = scene.translate(scene.lin, first, "en")
        let ofFirst = scene.newest
        _ = scene.translate(scene.lin, second, "en")
        let ofSecond = scene.newest
        scene.town.say(
            .threads(
                .move(
                    target: "#tea/0", message: MessageID(high: second.value, low: 7), .rest,
                    to: ThreadID(1), title: nil)), by: scene.ann)
        let ledger = scene.town.community.ledgers[scene.channel]
        #expect(ledger?.entry(of: second)?.thread == ThreadID(1))
        #expect(ledger?.entry(of: ofSecond)?.thread == ThreadID(1))
        #expect(ledger?.entry(of: ofFirst)?.thread == .mainLine)
        scene.checkReplay()
    }

    /// "ERASE, retention and forgetting an account erase them from all files with it."
    @Test func erasingTakesTheTranslations() {
        var scene = Scene()
        let original = scene.say(scene.bob, "hola")
        _ = scene.translate(scene.lin, original, "en")
        let place = scene.newest
        let erased = scene.town.say(
            .retention(
                .eraseMessage(
                    target: "#tea", message: MessageID(high: original.value, low: 7), spelledMessage: "x",
                    reason: "")), by: scene.bob
        ).events
        let plans = erased.compactMap { event in
            if case .erasure(.requested(let request)) = event { request.plan.messages } else { nil }
        }
        #expect(plans == [[original, place]])
        #expect(scene.town.community.translations(of: original).isEmpty)
        let second = scene.say(scene.bob, "dos")
        _ = scene.translate(scene.lin, second, "en")
        let bob = scene.town.account("bob")
        #expect(
            scene.town.community.translationPlans(ofMessagesBy: bob).map(\.messages) == [[scene.newest]])
    }

    /// What the log is after it was rewritten gives the same state.
    @Test func theRewrittenLogGivesTheSameLedger() {
        var scene = Scene()
        let original = scene.say(scene.bob, "hola")
        _ = scene.translate(scene.lin, original, "en")
        let plan = ErasurePlan(messages: [original, scene.newest])
        scene.town.record(.erasure(.requested(ErasureRequested(plan: plan, actor: nil, reason: ""))))
        scene.town.record(.erasure(.done(ErasureDone(request: scene.newest))))
        var replayed = Community(policy: scene.town.community.policy)
        for logged in scene.town.log {
            var logged = logged
            if case .replaced(let event) = logged.event.erased(by: plan, at: logged.offset, ErasureNames()) {
                logged.event = event
            }
            replayed.apply(logged)
        }
        #expect(replayed.snapshotEvents() == scene.town.community.snapshotEvents())
    }

    /// "LIMIT_REACHED 64"
    @Test func aMessageHasSoManyTranslations() {
        var scene = Scene()
        let original = scene.say(scene.bob, "hola")
        for _ in 0..<64 { #expect(scene.translate(scene.lin, original, "en").messages.count == 1) }
        #expect(scene.codes(scene.translate(scene.lin, original, "en")) == [.limitReached])
    }

    /// "`plenary.chat/id` makes it idempotent."
    @Test func theSameTokenTranslatesOnce() {
        var scene = Scene()
        let original = scene.say(scene.bob, "hola")
        #expect(scene.translate(scene.lin, original, "en", token: "t").messages.count == 1)
        let place = scene.newest
        #expect(scene.translate(scene.lin, original, "en", token: "t").duplicates == [place])
    }

    /// TRANSLATE, ORIGINAL and TRANSLATIONS name messages as plain clients do.
    @Test func plainClientsTranslateByName() {
        var scene = Scene()
        let original = scene.say(scene.bob, "hola")
        let outcomes = scene.town.say(
            .languages(
                .translate(
                    target: "#tea", message: "bob", language: "ar", provenance: "human", text: "مرحبا")),
            by: scene.lin)
        let made = scene.finish(outcomes, scene.lin).messages
        #expect(made.first?.translation?.original == original)
        let place = scene.newest
        let id = Text(MessageID(high: place.value, low: 7).text)
        for (name, isAlone, offsets) in [("bob~1", true, [original]), (id.string, false, [original, place])] {
            let asked = scene.town.say(
                .languages(.versions(target: "#tea", message: Text(name), isOriginalAlone: isAlone)),
                by: scene.cat)
            let fetched = asked.compactMap { outcome in
                if case .work(.languages(.fetchVersions(_, let offsets))) = outcome { offsets } else { nil }
            }
            #expect(fetched == [offsets])
        }
    }
}
