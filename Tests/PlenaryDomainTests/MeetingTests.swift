// SPDX-License-Identifier: Apache-2.0

import PlenaryDomain
import PlenaryTerms
import Testing

/// Claims about sittings (docs/extensions/sessions.md). The seed's morning: 10:00 to 12:00 in Geneva, which is 08:00 to
/// 10:00 UTC.
@Suite struct MeetingTests {
    /// `#am` with a sitting, a moderator, a member and somebody with a relay's permission.
    struct Scene {
        var town: Town
        var chair: SessionID
        var member: SessionID
        var relay: SessionID

        init(
            doors: UInt32 = 1800, grace: UInt32 = 900, _ change: (inout CommunityPolicy) -> Void = { _ in }
        ) throws {
            town = Town { change(&$0) }
            town.microsecondsPerEvent = 0
            town.now = try Scene.time("07:00:00.000")
            let mod = town.account("helene", role: .moderator)
            chair = town.connect("helene", account: mod)
            member = town.connect("amina", account: town.account("amina"))
            relay = town.connect("zoom", account: town.account("zoom"))
            town.join(chair, "#am")
            town.join(member, "#am")
            town.join(relay, "#am")
            // A relay may relay, and moderates nothing.
            town.community.adopt(Scene.policy(town.community.policy))
            var changes = MeetingChanges()
            changes.start = try Scene.time("08:00:00.000")
            changes.end = try Scene.time("10:00:00.000")
            changes.doorsSeconds = doors
            changes.graceSeconds = grace
            let outcomes = town.say(.meetings(.schedule(channel: "#am", changes)), by: chair)
            #expect(outcomes.refusals == [])
        }

        static func policy(_ old: CommunityPolicy) -> CommunityPolicy {
            var policy = old
            let own = policy.roles[.member]
            policy.roles.roles[.member] = own.union(Permissions([.relay]))
            return policy
        }

        static func time(_ clock: String) throws -> Timestamp {
            try #require(Timestamp(iso8601: Array("2023-06-23T\(clock)Z".utf8)))
        }

        /// Lets the clock do what it does once a second.
        mutating func tick(_ clock: String) throws -> [MeetingActed] {
            town.now = try Scene.time(clock)
            let outcomes = town.community.decideMeetings(at: town.now)
            town.apply(outcomes)
            return outcomes.meetingActs
        }

        mutating func post(
            _ clock: String, by id: SessionID? = nil, to target: Text = "#am"
        ) throws -> Refusal? {
            town.now = try Scene.time(clock)
            return town.post(id ?? member, target, "words").refusals.first
        }

        mutating func act(
            _ clock: String, _ act: RequestedMeetingAct, by id: SessionID? = nil
        ) throws -> [Outcome] {
            town.now = try Scene.time(clock)
            return town.say(.meetings(.act(channel: "#am", act)), by: id ?? chair)
        }

        var meeting: Meeting? { town.channel("#am").flatMap { town.community.meetings[$0.id] } }
        var isMarked: Bool { town.channel("#am")?.flags.contains(.moderated) ?? false }
    }

    func code(_ refusal: Refusal?) -> MeetingRefusal.Code? {
        if case .outsideMeeting(_, _, let refusal)? = refusal { refusal.code } else { nil }
    }

    /// F2: "at 07:59:59Z a participant's post is refused with a machine-readable code not-open and the opening time; at
    /// 08:00:00Z posts pass; … at 10:00:00Z it closes by itself": to the microsecond, and without any tick before.
    @Test func theGateIsExactWithoutATick() throws {
        var scene = try Scene()
        let refusal = try scene.post("07:59:59.999999")
        #expect(
            refusal
                == .outsideMeeting(
                    verb: "PRIVMSG", target: "#am",
                    MeetingRefusal(
                        code: .notOpen, channel: try #require(scene.town.channel("#am")).id,
                        opens: try Scene.time("08:00:00.000"))))
        #expect(try scene.post("08:00:00.000") == nil)
        #expect(try scene.post("09:59:59.999999") == nil)
        #expect(code(try scene.post("10:00:00.000")) == .closed)
    }

    /// "At any time moderators write."
    @Test func moderatorsWriteAtAnyTime() throws {
        var scene = try Scene()
        for clock in ["07:00:00.000", "07:45:00.000", "08:00:00.000", "10:00:00.000", "11:00:00.000"] {
            #expect(try scene.post(clock, by: scene.chair) == nil, "\(clock)")
        }
    }

    /// "Doors: … people with voice try whether they are heard."
    @Test func voicedPeopleTestWhileDoorsAreOpen() throws {
        var scene = try Scene()
        scene.town.mode(scene.chair, "#am", [("+v", "amina")])
        #expect(code(try scene.post("07:29:59.999999")) == .notOpen)
        #expect(try scene.post("07:30:00.000") == nil)
        #expect(code(try scene.post("07:45:00.000", by: scene.relay)) == .notOpen)
    }

    /// "Grace: … replies in threads only."
    @Test func threadsTakeRepliesDuringTheGrace() throws {
        var scene = try Scene()
        scene.town.now = try Scene.time("09:00:00.000")
        scene.town.say(.threads(.create(channel: "#am", root: nil, title: "Mandates")), by: scene.member)
        #expect(code(try scene.post("10:05:00.000")) == .closed)
        #expect(try scene.post("10:14:59.999999", to: "#am/1") == nil)
        #expect(code(try scene.post("10:15:00.000", to: "#am/1")) == .closed)
        scene.town.now = try Scene.time("10:05:00.000")
        let created = scene.town.say(
            .threads(.create(channel: "#am", root: nil, title: "Another")), by: scene.member)
        #expect(code(created.refusals.first) == .closed)
    }

    /// Reactions and topics are held back like messages.
    @Test func reactionsAndTopicsAreHeldBackToo() throws {
        var scene = try Scene()
        scene.town.mode(scene.chair, "#am", [("-t", nil)])
        scene.town.now = try Scene.time("07:59:59.999999")
        let reaction = scene.town.post(scene.member, "#am", "", kind: .tagOnly, tags: "+react=x")
        #expect(code(reaction.refusals.first) == .notOpen)
        let topic = scene.town.say(.topics(.set(channel: "#am", topic: "Mine")), by: scene.member)
        #expect(code(topic.refusals.first) == .notOpen)
    }

    /// "At pause only moderators pass"; a pause that is not ended does not keep the session from ending.
    @Test func aPauseOverTheEndEndsWithTheSession() throws {
        var scene = try Scene()
        _ = try scene.act("09:00:00.000", .suspend)
        #expect(code(try scene.post("09:00:00.000")) == .suspended)
        #expect(try scene.post("09:00:01.000", by: scene.chair) == nil)
        _ = try scene.act("09:30:00.000", .resume)
        #expect(try scene.post("09:30:00.000") == nil)
        _ = try scene.act("09:50:00.000", .suspend)
        #expect(try scene.tick("10:00:00.500").map(\.kind) == [.closed])
        #expect(code(try scene.post("10:00:01.000")) == .closed)
        let late = try scene.act("10:00:02.000", .resume)
        #expect(late.refusals == [.meeting(code: .closed, context: ["#am"])])
        // What was is still known: who wrote when is asked of messages that come late.
        let meeting = try #require(scene.meeting)
        #expect(meeting.state(at: try Scene.time("09:29:59.999999")) == .suspended)
        #expect(meeting.state(at: try Scene.time("09:30:00.000")) == .open)
    }

    /// "It closes by itself unless extended", also when the chair comes a little late.
    @Test func anExtensionMovesTheEnd() throws {
        var scene = try Scene()
        _ = try scene.act("09:55:00.000", .extend(bySeconds: 600))
        #expect(try scene.tick("10:00:00.500").isEmpty)
        #expect(try scene.post("10:09:59.999999") == nil)
        #expect(code(try scene.post("10:10:00.000")) == .closed)
        #expect(try scene.tick("10:10:00.500").map(\.kind) == [.closed])
        _ = try scene.act("10:12:00.000", .extendUntil(try Scene.time("10:20:00.000")))
        #expect(try scene.post("10:19:59.999999") == nil)
        #expect(try scene.tick("10:20:00.000").map(\.kind) == [.closed])
        let past = try scene.act("10:21:00.000", .extendUntil(try Scene.time("10:21:00.000")))
        #expect(past.refusals.count == 1)
        _ = try scene.tick("11:00:00.000")
        let over = try scene.act("11:00:00.000", .extend(bySeconds: 60))
        #expect(over.refusals == [.meeting(code: .closed, context: ["#am"])])
    }

    @Test func theChairOpensEarlyAndClosesEarly() throws {
        var scene = try Scene()
        _ = try scene.act("07:40:00.000", .open)
        #expect(try scene.post("07:40:00.000") == nil)
        #expect(try scene.tick("08:00:00.500").isEmpty)
        _ = try scene.act("09:00:00.000", .close)
        #expect(code(try scene.post("09:00:00.000")) == .closed)
        _ = try scene.act("09:05:00.000", .close)
        #expect(scene.meeting?.state(at: try Scene.time("09:05:00.000")) == .closed)
        #expect(try scene.tick("12:00:00.000").isEmpty)
    }

    /// "The tick records what happened by itself … a restart in between loses nothing and doubles nothing."
    @Test func eachStepIsRecordedOnceHoweverLate() throws {
        var scene = try Scene()
        #expect(try scene.tick("07:29:59.000").isEmpty)
        let steps = try scene.tick("10:05:00.000")
        #expect(steps.map(\.kind) == [.doors, .opened, .closed])
        #expect(
            steps.map(\.time) == [
                try Scene.time("07:30:00.000"), try Scene.time("08:00:00.000"),
                try Scene.time("10:00:00.000"),
            ])
        #expect(steps.allSatisfy { $0.actor == nil })
        // The log alone gives the same state, and nothing is due in it that is recorded already.
        var again = Community(policy: scene.town.community.policy)
        for logged in scene.town.log { again.apply(logged) }
        #expect(again.snapshotEvents() == scene.town.community.snapshotEvents())
        #expect(again.decideMeetings(at: scene.town.now).meetingActs.isEmpty)
        var restored = Community(policy: scene.town.community.policy)
        for logged in scene.town.community.snapshotEvents() { restored.apply(logged) }
        #expect(restored.snapshotEvents() == scene.town.community.snapshotEvents())
        #expect(restored.meetings == scene.town.community.meetings)
        #expect(try scene.tick("10:15:00.000").map(\.kind) == [.ended])
        #expect(try scene.tick("10:15:01.000").isEmpty)
    }

    /// An act of the chair comes behind what the clock did before it.
    @Test func anActComesBehindWhatIsDue() throws {
        var scene = try Scene()
        let outcomes = try scene.act("08:00:00.200", .suspend)
        #expect(outcomes.meetingActs.map(\.kind) == [.doors, .opened, .suspended])
    }

    /// "A session whose times are over when it is scheduled by the configuration is closed, and nobody is told."
    @Test func aScheduleOfThePastIsClosedSilently() throws {
        var scene = try Scene()
        scene.town.join(scene.chair, "#old")
        let id = try #require(scene.town.channel("#old")).id
        scene.town.now = try Scene.time("12:00:00.000")
        let schedule = MeetingSchedule(
            start: try Scene.time("08:00:00.000"), end: try Scene.time("10:00:00.000"))
        scene.town.apply(
            scene.town.community.decideConfiguredMeeting(
                schedule, agenda: [], documents: [], in: id, at: scene.town.now))
        #expect(scene.town.community.meetings[id]?.noted == .closed)
        #expect(scene.town.community.decideMeetings(at: scene.town.now).meetingActs.isEmpty == false)
        // Those of `#am` alone.
        #expect(
            scene.town.community.decideMeetings(at: scene.town.now).meetingActs.allSatisfy {
                $0.channel != id
            })
    }

    /// The configuration is applied when it differs, until somebody changed it live, and never to what has begun.
    @Test func theConfigurationYieldsToPeople() throws {
        var scene = try Scene()
        let id = try #require(scene.town.channel("#am")).id
        let schedule = MeetingSchedule(
            start: try Scene.time("14:00:00.000"), end: try Scene.time("15:00:00.000"))
        #expect(
            scene.town.community.decideConfiguredMeeting(
                schedule, agenda: [], documents: [], in: id, at: scene.town.now
            ).isEmpty)
        scene.town.join(scene.chair, "#pm")
        let afternoon = try #require(scene.town.channel("#pm")).id
        let items = [AgendaItem(number: 1, titles: [ChannelTitle(language: .english, title: "Mandates")])]
        func read() -> [Outcome] {
            scene.town.community.decideConfiguredMeeting(
                schedule, agenda: items, documents: [MeetingDocument(symbol: "A/1", titles: [])],
                in: afternoon, at: scene.town.now)
        }
        scene.town.apply(read())
        #expect(scene.town.community.meetings[afternoon]?.agenda.count == 1)
        #expect(read().isEmpty)
    }

    // MARK: Mode m

    /// "Mode m is set when not open and taken away when open"; it is a sign and decides nothing.
    @Test func theSignFollowsTheSession() throws {
        var scene = try Scene()
        #expect(scene.isMarked)
        // Before any tick the sign is still there, and people write.
        #expect(try scene.post("08:00:00.000") == nil)
        #expect(scene.isMarked)
        _ = try scene.tick("08:00:00.500")
        #expect(!scene.isMarked)
        _ = try scene.act("08:30:00.000", .suspend)
        #expect(scene.isMarked)
        _ = try scene.act("08:31:00.000", .resume)
        #expect(!scene.isMarked)
        _ = try scene.tick("10:00:00.000")
        #expect(scene.isMarked)
        scene.town.now = try Scene.time("11:00:00.000")
        scene.town.say(.meetings(.cancel(channel: "#am")), by: scene.chair)
        #expect(!scene.isMarked)
        #expect(try scene.post("11:00:01.000") == nil)
    }

    /// A mode that a moderator set counts as it always does.
    @Test func aModeratorsOwnModeCounts() throws {
        var scene = try Scene()
        _ = try scene.tick("08:00:00.500")
        scene.town.mode(scene.chair, "#am", [("+m", nil)])
        #expect(try scene.post("08:01:00.000") == .cannotSendToChannel("#am"))
        _ = try scene.act("08:30:00.000", .suspend)
        _ = try scene.act("08:31:00.000", .resume)
        #expect(scene.isMarked)
    }

    // MARK: Late messages

    /// "A message relayed late … with an origin time inside the session is still accepted and flagged late": until 90
    /// minutes after the end.
    @Test func lateRelaysAreTakenForNinetyMinutes() throws {
        let scene = try Scene()
        let community = scene.town.community
        let channel = try #require(scene.town.channel("#am"))
        let relay = try #require(community.sessions[scene.relay])
        let said = try Scene.time("09:59:59.000")
        func refusal(_ origin: Timestamp?, _ clock: String) throws -> MeetingRefusal.Code? {
            community.meetingRefusal(
                relay, in: channel, thread: .mainLine, originTime: origin, at: try Scene.time(clock))?.code
        }
        #expect(try refusal(said, "10:30:00.000") == nil)
        #expect(try refusal(said, "11:29:59.999999") == nil)
        #expect(try refusal(said, "11:30:00.000") == .closed)
        #expect(try refusal(said, "11:30:00.001") == .closed)
        #expect(try refusal(Scene.time("07:59:59.999"), "09:00:00.000") == .notOpen)
        #expect(try refusal(Scene.time("10:00:00.000"), "10:05:00.000") == .closed)
        #expect(try refusal(nil, "10:05:00.000") == .closed)
        // A time that is not yet is now.
        #expect(try refusal(Scene.time("09:00:00.000"), "07:00:00.000") == .notOpen)
        #expect(community.isLate(originTime: said, in: channel, at: try Scene.time("10:00:00.000")))
        #expect(!community.isLate(originTime: said, in: channel, at: try Scene.time("09:59:59.999999")))
    }

    // MARK: Limits and rights

    @Test func whoDoesNotModerateChangesNothing() throws {
        var scene = try Scene()
        let outcomes = try scene.act("07:45:00.000", .open, by: scene.member)
        #expect(outcomes.refusals == [.meeting(code: .privilegesNeeded, context: ["#am"])])
        let none = scene.town.say(.meetings(.info(channel: "#nowhere")), by: scene.member)
        #expect(none.refusals == [.meeting(code: .invalidTarget, context: ["#nowhere"])])
    }
}
