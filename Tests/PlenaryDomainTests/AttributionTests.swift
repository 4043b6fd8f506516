// SPDX-License-Identifier: Apache-2.0

import PlenaryDomain
import PlenaryTerms
import Testing

/// Claims about speaking without a name (docs/extensions/attribution.md).
@Suite struct AttributionTests {
    /// `#am` with a sitting from 08:00 to 10:00 UTC, open in the scene's present if it is not said otherwise.
    private struct Scene {
        var town: Town
        var chair: SessionID
        var amina: SessionID
        var bo: SessionID

        init(_ policy: AttributionPolicy = .unattributed, isOpen: Bool = true) throws {
            town = Town()
            town.now = try Scene.time("07:00:00.000")
            chair = town.connect("helene", account: town.account("helene", role: .moderator))
            amina = town.connect("amina", account: town.account("amina"))
            bo = town.connect("bo", account: town.account("bo"))
            for id in [chair, amina, bo] { town.join(id, "#am") }
            var changes = MeetingChanges()
            changes.start = try Scene.time("08:00:00.000")
            changes.end = try Scene.time("10:00:00.000")
            #expect(town.say(.meetings(.schedule(channel: "#am", changes)), by: chair).refusals == [])
            if policy != .attributed {
                let set = town.say(.meetings(.attribution(channel: "#am", policy)), by: chair)
                #expect(set.refusals == [])
            }
            if isOpen { try open() }
        }

        mutating func open() throws {
            town.now = try Scene.time("08:00:00.000")
            town.apply(town.community.decideMeetings(at: town.now))
        }

        static func time(_ clock: String) throws -> Timestamp {
            try #require(Timestamp(iso8601: Array("2023-06-23T\(clock)Z".utf8)))
        }

        mutating func set(_ policy: AttributionPolicy) -> [Refusal] {
            town.say(.meetings(.attribution(channel: "#am", policy)), by: chair).refusals
        }
    }

    private func failure(_ code: MeetingFailure) -> [Refusal] { [.meeting(code: code, context: ["#am"])] }

    private func code(_ outcomes: [Outcome]) -> MeetingRefusal.Code? {
        if case .outsideMeeting(_, _, let refusal)? = outcomes.refusals.first { refusal.code } else { nil }
    }

    /// "Shown and stored as from `Participant-7!~p@unattributed`: … no account, no mentions, no token", and one label
    /// for one person.
    @Test func aMessageHoldsNothingOfWhoSaidIt() throws {
        var scene = try Scene()
        let tags: Text = "+plenary.chat/on-behalf=KE;+plenary.chat/kind=question;+example/me=amina;+reply=x"
        let first = scene.town.post(scene.amina, "#am", "bo: what now?", tags: tags, token: "t-1")
        let message = try #require(first.messages.first)
        #expect(message.actor.account == nil)
        #expect(message.actor.accountName == nil)
        #expect(message.actor.labelPolicy == .unattributed)
        #expect(message.mentions == [])
        #expect(message.clientTags == "+plenary.chat/kind=question;+reply=x")
        #expect(message.clientToken != "t-1")
        let second = scene.town.post(scene.amina, "#am", "again")
        #expect(second.messages.first?.actor == message.actor)
        #expect(second.events.count == 1)
        let other = scene.town.post(scene.bo, "#am", "mine").messages.first?.actor
        #expect(other != nil && other != message.actor)
        // Nor does anything that is in the log with it.
        for logged in scene.town.log.suffix(5) {
            let text = "\(logged.event)"
            #expect(!text.contains("amina!") && !text.contains("bo!"), "\(text)")
        }
    }

    /// "The same until the end, on all devices and after a restart"; a message sent twice is stored once.
    @Test func labelsAndTokensSurviveARestart() throws {
        var scene = try Scene()
        let first = scene.town.post(scene.amina, "#am", "one", token: "t-1").messages.first?.actor
        for events in [scene.town.log, scene.town.community.snapshotEvents()] {
            var town = scene.town
            town.community = Community(policy: scene.town.community.policy)
            for logged in events { town.community.apply(logged) }
            #expect(town.community.snapshotEvents() == scene.town.community.snapshotEvents())
            let again = town.connect("amina", account: town.account("amina"))
            town.join(again, "#am")
            let repeated = town.post(again, "#am", "one", token: "t-1")
            #expect(repeated.duplicates.count == 1 && repeated.messages.isEmpty)
            #expect(town.post(again, "#am", "two").messages.first?.actor == first)
        }
    }

    /// "Nobody tells any more who it was": without the key nobody speaks, and what is closed has none.
    @Test func withoutTheKeyNobodySpeaks() throws {
        var scene = try Scene()
        scene.town.hasLabelKeys = false
        #expect(code(scene.town.post(scene.amina, "#am", "lost")) == .labelsUnavailable)
        #expect(code(scene.town.post(scene.chair, "#am", "lost")) == .labelsUnavailable)
        scene.town.hasLabelKeys = true
        scene.town.now = try Scene.time("10:00:00.000")
        #expect(code(scene.town.post(scene.chair, "#am", "late")) == .closed)
    }

    /// There are so many labels; who has one goes on.
    @Test func whoComesWhenAllLabelsAreGivenIsToldSo() throws {
        var scene = try Scene()
        scene.town.community.policy.limits.rollCountLimit = 1
        #expect(scene.town.post(scene.amina, "#am", "one").messages.count == 1)
        for _ in 0..<100 { #expect(code(scene.town.post(scene.bo, "#am", "two")) == .labelsUnavailable) }
        #expect(scene.town.post(scene.amina, "#am", "three").messages.count == 1)
        scene.town.community.policy.limits.rollCountLimit = 2
        #expect(scene.town.post(scene.bo, "#am", "four").messages.count == 1)
    }

    @Test func numbersAreUniqueHoweverTheDigestsFall() throws {
        var scene = try Scene()
        var sources: Set<Text> = []
        for number in 0..<150 {
            let name = Text("p\(number)")
            let id = scene.town.connect(name.string, account: scene.town.account(name))
            scene.town.join(id, "#am")
            let source = scene.town.post(id, "#am", "here").messages.first?.actor.source
            sources.insert(try #require(source))
        }
        #expect(sources.count == 150)
    }

    // MARK: Setting it

    /// "Before the session opens and before anything was said"; "refused with …".
    @Test func itIsSetBeforeAnythingIsSaid() throws {
        var scene = try Scene(.attributed, isOpen: false)
        #expect(scene.set(.attributed) == failure(.already))
        #expect(scene.set(.unattributed) == [])
        #expect(scene.set(.delegation) == [])
        #expect(scene.set(.attributed) == [])
        scene.town.post(scene.chair, "#am", "a test")
        #expect(scene.set(.unattributed) == failure(.hasHistory))
        var open = try Scene(.attributed)
        #expect(open.set(.unattributed) == failure(.begun))
    }

    @Test(arguments: [("webcast", MeetingFailure.isWebcast), ("relay", .isRelayed)])
    func itIsRefusedWhereSpeakersAreSeen(word: String, code: MeetingFailure) throws {
        var scene = try Scene(.attributed, isOpen: false)
        var changes = MeetingChanges()
        changes.platform = ["zoom", Text(word)]
        let chair = scene.chair
        #expect(scene.town.say(.meetings(.schedule(channel: "#am", changes)), by: chair).refusals == [])
        #expect(scene.set(.unattributed) == failure(code))
        var second = try Scene(.unattributed, isOpen: false)
        let later = second.town.say(.meetings(.schedule(channel: "#am", changes)), by: second.chair)
        #expect(later.refusals == failure(code))
    }

    @Test func nothingIsRelayedIn() throws {
        let scene = try Scene()
        let channel = try #require(scene.town.channel("#am"))
        let relay = try #require(scene.town.community.sessions[scene.chair])
        let refusal = scene.town.community.meetingRefusal(
            relay, in: channel, thread: .mainLine, originTime: scene.town.now, at: scene.town.now)
        #expect(refusal?.code == .noRelay)
        #expect(scene.town.community.forbidsRelays(channel.id))
    }

    /// "The session can be cancelled or begun anew only while nothing was said."
    @Test func aChannelWithLabelsStaysOne() throws {
        var scene = try Scene()
        scene.town.post(scene.amina, "#am", "words")
        scene.town.now = try Scene.time("12:00:00.000")
        scene.town.apply(scene.town.community.decideMeetings(at: scene.town.now))
        let cancelled = scene.town.say(.meetings(.cancel(channel: "#am")), by: scene.chair)
        #expect(cancelled.refusals == failure(.hasHistory))
        var changes = MeetingChanges()
        changes.start = try Scene.time("14:00:00.000")
        changes.end = try Scene.time("15:00:00.000")
        let again = scene.town.say(.meetings(.schedule(channel: "#am", changes)), by: scene.chair)
        #expect(again.refusals == failure(.hasHistory))
    }

    // MARK: Where else somebody could be told

    @Test func threadsAndTypingTellNobody() throws {
        var scene = try Scene()
        let made = scene.town.say(
            .threads(.create(channel: "#am", root: nil, title: "Mandates")), by: scene.amina)
        guard case .threadCreated(let thread)? = made.events.last else {
            Issue.record("no thread: \(made)")
            return
        }
        #expect(thread.actor.labelPolicy == .unattributed)
        let renamed = scene.town.say(
            .threads(.change(target: "#am/1", .title("Laws"))), by: scene.amina)
        guard case .threadChanged(let change)? = renamed.events.last else {
            Issue.record("not renamed: \(renamed)")
            return
        }
        #expect(change.actor == thread.actor)
        #expect(
            scene.town.say(.threads(.change(target: "#am/1", .title("Mine"))), by: scene.bo).refusals.count
                == 1)
        #expect(scene.town.post(scene.amina, "#am", "", kind: .tagOnly, tags: "+typing=active").isEmpty)
        let reaction = scene.town.post(scene.amina, "#am", "", kind: .tagOnly, tags: "+react=x;+reply=y")
        #expect(reaction.messages.first?.actor.labelPolicy == .unattributed)
    }

    @Test func markersAreNotStored() throws {
        var scene = try Scene()
        let outcomes = scene.town.say(
            .reading(.setMarker(target: "#am", scene.town.now)), by: scene.amina)
        #expect(outcomes.events.isEmpty)
        #expect(outcomes.refusals.isEmpty)
    }

    /// "MUTE: `MOD #am MUTE Participant-7 10m`"; removing shows who goes.
    @Test func aModeratorMutesALabel() throws {
        var scene = try Scene()
        let actor = try #require(scene.town.post(scene.amina, "#am", "words").messages.first?.actor)
        let label = actor.name
        let muted = scene.town.say(
            .moderation(.act(target: "#am", .mute(who: label, seconds: 600, reason: ""))), by: scene.chair)
        #expect(muted.refusals == [])
        #expect(scene.town.post(scene.amina, "#am", "more").refusals.count == 1)
        #expect(scene.town.post(scene.bo, "#am", "more").refusals == [])
        let removed = scene.town.say(
            .moderation(.act(target: "#am", .remove(who: label, reason: ""))), by: scene.chair)
        #expect(removed.refusals.count == 1)
        let banned = scene.town.say(
            .moderation(.act(target: "#am", .ban(who: label, seconds: nil, reason: ""))), by: scene.chair)
        #expect(banned.refusals.count == 1)
        let lifted = scene.town.say(
            .moderation(.act(target: "#am", .unmute(who: label))), by: scene.chair)
        #expect(lifted.refusals == [])
        #expect(scene.town.post(scene.amina, "#am", "again").refusals == [])
    }

    /// Slow mode holds without a record of who wrote.
    @Test func slowModeHoldsForEachSession() throws {
        var scene = try Scene()
        scene.town.mode(scene.chair, "#am", [("+f", "30")])
        #expect(scene.town.post(scene.amina, "#am", "one").refusals == [])
        #expect(scene.town.post(scene.amina, "#am", "two").refusals.count == 1)
        #expect(scene.town.post(scene.bo, "#am", "one").refusals == [])
    }

    /// One's own message is looked up in the log, where its label stands, and taken back by it.
    @Test func onesOwnMessageIsTakenBackByItsLabel() throws {
        var scene = try Scene()
        scene.town.post(scene.amina, "#am", "oops")
        let found = try #require(scene.town.log.last)
        let id = MessageID(high: found.offset.value, low: 7)
        let asked = scene.town.say(
            .moderation(.redact(target: "#am", message: id, spelledMessage: "x", reason: "")), by: scene.amina
        )
        guard case .work(.fetchForRedaction)? = asked.last else {
            Issue.record("not looked up: \(asked)")
            return
        }
        let other = scene.town.say(
            .moderation(.redactFound(found, target: "#am", id: id, reason: "")), by: scene.bo)
        #expect(other.refusals.count == 1)
        let done = scene.town.say(
            .moderation(.redactFound(found, target: "#am", id: id, reason: "")), by: scene.amina)
        guard case .messageRedacted(let event)? = done.events.last else {
            Issue.record("not taken back: \(done)")
            return
        }
        #expect(event.actor.labelPolicy == .unattributed)
    }

    @Test func nobodyIsOnARoll() throws {
        var scene = try Scene()
        #expect(
            scene.town.log.allSatisfy { if case .meeting(.attended) = $0.event { false } else { true } })
        let roll = scene.town.say(.meetings(.roll(channel: "#am")), by: scene.chair)
        #expect(roll.refusals == failure(.noRoll))
    }

    @Test func labelsAreNobodysNames() throws {
        var town = Town()
        let id = town.connect("zoe")
        let outcomes = town.say(.registration(.nickname("Participant-7")), by: id)
        #expect(outcomes.refusals == [.nicknameInUse("Participant-7")])
        #expect(Community.isReserved(try AccountName("participant-x".utf8)))
    }

    // MARK: Delegations

    /// "Country and organisation of the verified profile; no person."
    @Test func delegationsSpeakByWhatIsVerified() throws {
        var scene = try Scene(.delegation)
        #expect(code(scene.town.post(scene.amina, "#am", "words")) == .profileNeeded)
        var profile = Profile()
        profile.country = CountryCode("KE")
        profile.organisation = "Ministry of Justice"
        let account = scene.town.account("amina")
        scene.town.record(.people(.profileSet(ProfileSet(account: account, profile: profile))))
        #expect(code(scene.town.post(scene.amina, "#am", "words")) == .profileNeeded)
        profile.verification = Profile.Verification(verifier: "sec", time: scene.town.now)
        scene.town.record(.people(.profileSet(ProfileSet(account: account, profile: profile))))
        let message = try #require(scene.town.post(scene.amina, "#am", "words").messages.first)
        #expect(message.actor.source == "KE/Ministry-of-Justice!~d@delegation")
        #expect(message.actor.account == nil)
        profile.organisation = Text(String(repeating: "é", count: 60))
        profile.verification = Profile.Verification(verifier: "sec", time: scene.town.now)
        scene.town.record(.people(.profileSet(ProfileSet(account: account, profile: profile))))
        let long = try #require(scene.town.post(scene.amina, "#am", "words").messages.first)
        #expect(long.actor.name == Text("KE/" + String(repeating: "é", count: 22)))
    }
}
