// SPDX-License-Identifier: Apache-2.0

import PlenaryDomain
import PlenaryTerms
import Testing

/// docs/extensions/relay.md
@Suite struct RelayingDecisions {
    /// `#tea` with ann, who moderates it, tec, a technician outside, and bob, a member.
    private func scene() -> (Town, ann: SessionID, tec: SessionID, bob: SessionID) {
        var town = Town(.closed)
        let ids = [("ann", ServerRole.secretariat), ("tec", .technician), ("bob", .member)].map {
            (name, role) in
            town.connect(name, account: town.account(Text(name), role: role), [.echoMessage])
        }
        town.join(ids[0], "#tea")
        town.join(ids[2], "#tea")
        return (town, ids[0], ids[1], ids[2])
    }

    private func relay(
        _ town: inout Town, _ id: SessionID, _ name: Text = "Li-Wei/zoom", _ text: Text = "hello",
        to target: Text = "#tea", token: Text? = nil
    ) -> [Outcome] {
        let origin = RelayedOrigin(
            name: name, origin: "zoom", originID: "m1", originTime: Timestamp(seconds: 1_600_000_000))
        return town.say(
            .messaging(
                .post(
                    PostedText(
                        target: target, kind: .privateMessage, text: text, clientToken: token, relay: origin,
                        verb: "RELAYMSG"))), by: id)
    }

    private func switchRelay(_ town: inout Town, _ id: SessionID, _ isOn: Bool = true) -> [Outcome] {
        town.say(.relaying(.switchRelay(channel: "#tea", isOn: isOn)), by: id)
    }

    private func code(_ code: RelayingFailure, _ context: Text...) -> [Refusal] {
        [.relaying(verb: "RELAYMSG", code: code, context: context)]
    }

    /// "A channel takes relayed messages only while that is switched on; it is off at first."
    @Test func nothingIsRelayedBeforeItIsSwitchedOn() {
        var (town, ann, tec, bob) = scene()
        #expect(relay(&town, tec).refusals == code(.notEnabled, "#tea"))
        #expect(
            switchRelay(&town, bob).refusals
                == [.relaying(verb: "RELAY", code: .privilegesNeeded, context: [])])
        #expect(switchRelay(&town, tec).events.count == 1)
        // What is so already is no event.
        #expect(switchRelay(&town, ann).events.isEmpty)
        let messages = relay(&town, tec).messages
        #expect(messages.first?.actor.source == "Li-Wei/zoom!~u@relayed")
        #expect(messages.first?.actor.account == nil)
        #expect(messages.first?.relay?.account == town.community.account(named: "tec")?.id)
        #expect(messages.first?.relay?.nickname == "tec")
        #expect(messages.first?.relay?.originTime == Timestamp(seconds: 1_600_000_000))
        #expect(switchRelay(&town, ann, false).events.count == 1)
        #expect(relay(&town, tec).refusals == code(.notEnabled, "#tea"))
    }

    /// "Others are refused with INVALID_NICK."
    @Test(arguments: [
        "regular", "invalid!nick/zoom", "/zoom", "a/", "a//b", "", "a b/zoom", "@a/zoom", "a/zoom\u{202E}",
        "#a/zoom",
    ])
    func aNameThatIsNoneIsRefused(name: String) {
        var (town, _, tec, _) = scene()
        _ = switchRelay(&town, tec)
        #expect(relay(&town, tec, Text(name)).refusals == code(.invalidName))
    }

    /// "3 to 96 bytes of UTF-8 in any script"; nicknames can have no slash.
    @Test func namesAreOfAnyScriptAndNobodysNickname() {
        for name in ["a/b", "Амина/zoom", "أمينة-ديالو/zoom", "李伟/teams", "O'Brien/zoom/1"] {
            #expect((try? RelayedName(name))?.spelling == name)
            #expect(throws: NameError.self) { try Nickname(name) }
        }
        #expect(throws: Never.self) { try RelayedName(String(repeating: "x", count: 91) + "/zoom") }
        #expect(throws: NameError.tooLong(byteCount: 97, limit: 96)) {
            try RelayedName(String(repeating: "x", count: 92) + "/zoom")
        }
    }

    /// "PRIVS_NEEDED", and "no channel, or none to be known: the same answer".
    @Test func whoMayNotRelayIsToldAndStrangersAreNot() {
        var (town, ann, tec, bob) = scene()
        _ = switchRelay(&town, ann)
        #expect(relay(&town, bob).refusals == code(.privilegesNeeded))
        town.mode(ann, "#tea", [("+s", nil)])
        #expect(relay(&town, tec).refusals == code(.invalidTarget, "#tea"))
        #expect(relay(&town, tec, to: "#none").refusals == code(.invalidTarget, "#none"))
        #expect(relay(&town, ann, to: "bob").refusals == code(.invalidTarget, "bob"))
    }

    /// "The token counts for the relay's account: a message sent again is stored once, also after a restart."
    @Test func theSameTokenIsStoredOnce() {
        var (town, ann, tec, _) = scene()
        _ = switchRelay(&town, ann)
        #expect(relay(&town, tec, token: "z1").messages.count == 1)
        let place = Offset(UInt64(town.log.count - 1))
        #expect(relay(&town, tec, "Other/zoom", token: "z1").duplicates == [place])
        var again = Community(policy: town.community.policy)
        for event in town.community.snapshotEvents() { again.apply(event) }
        #expect(again.snapshotEvents() == town.community.snapshotEvents())
        let account = town.community.account(named: "tec")?.id
        #expect(account.flatMap { again.tokens[$0]?.byToken["z1"]?.offset } == place)
        // Even when it is no longer taken.
        _ = switchRelay(&town, ann, false)
        #expect(relay(&town, tec, token: "z1").duplicates == [place])
    }

    /// "MOD #session MUTE Li-Wei/zoom … the mask is Li-Wei/zoom!*@relayed".
    @Test func aRelayedNameIsMutedAndBannedByModerators() {
        var (town, ann, tec, _) = scene()
        _ = switchRelay(&town, ann)
        town.say(
            .moderation(
                .act(target: "#tea", .mute(who: "Li-Wei/zoom", seconds: 60, reason: "abusive"))), by: ann)
        #expect(town.channel("#tea")?.masks[.bans]?.map(\.mask) == ["m:Li-Wei/zoom!*@relayed"])
        #expect(relay(&town, tec, "li-wei/ZOOM").refusals == code(.banned, "#tea"))
        #expect(relay(&town, tec, "Amina/zoom").messages.count == 1)
        town.now = town.now.advanced(bySeconds: 61)
        #expect(relay(&town, tec).messages.count == 1)
        town.mode(ann, "#tea", [("+b", "*/zoom!*@relayed")])
        #expect(relay(&town, tec).refusals == code(.banned, "#tea"))
        #expect(relay(&town, tec, "Li/teams").messages.count == 1)
    }

    /// "In a moderated channel (+m) a relay needs voice. Closed threads and closed main lines take nothing."
    @Test func moderatedAndClosedPlacesTakeNothing() {
        var (town, ann, tec, _) = scene()
        _ = switchRelay(&town, ann)
        town.mode(ann, "#tea", [("+m", nil)])
        #expect(relay(&town, tec).refusals == code(.notAllowed, "#tea"))
        #expect(relay(&town, ann).messages.count == 1)
        town.mode(ann, "#tea", [("-m", nil)])
        town.say(.threads(.create(channel: "#tea", root: nil, title: "One")), by: ann)
        #expect(relay(&town, tec, to: "#tea/1").messages.first?.thread == ThreadID(1))
        town.say(.threads(.change(target: "#tea/1", .state(.closed, reason: ""))), by: ann)
        #expect(relay(&town, ann, to: "#tea/1").refusals == code(.notAllowed, "#tea/1"))
    }

    /// A message of several lines with the tag is one relayed message.
    @Test func severalLinesAreOneMessage() {
        var (town, ann, tec, _) = scene()
        _ = switchRelay(&town, ann)
        town.say(
            .messaging(
                .openBatch(
                    reference: "1", target: "#tea", clientTags: "", clientToken: "z2", label: nil,
                    relay: RelayedOrigin(name: "Li/zoom"))), by: tec)
        for text: Text in ["one", "two"] {
            town.say(
                .messaging(
                    .batchLine(
                        reference: "1", target: "#tea", isNotice: false, text: text, isConcatenated: false)),
                by: tec)
        }
        let messages = town.say(.messaging(.closeBatch(reference: "1")), by: tec).messages
        #expect(messages.first?.lines.map(\.text) == ["one", "two"])
        #expect(messages.first?.actor.source == "Li/zoom!~u@relayed")
    }

    /// "BEAT … is kept in memory alone"; "WATCH (members) … until UNWATCH or until one leaves".
    @Test func beatsAreSeenAndNotStored() {
        var (town, ann, tec, bob) = scene()
        var counters = RelayCounters()
        counters.received = 4
        let beat = Command.relaying(.beat(channel: "#tea", counters))
        #expect(
            town.say(beat, by: tec).refusals
                == [.relaying(verb: "RELAY", code: .notEnabled, context: ["#tea"])])
        _ = switchRelay(&town, ann)
        let before = town.log.count
        #expect(
            town.say(beat, by: bob).refusals
                == [.relaying(verb: "RELAY", code: .privilegesNeeded, context: [])])
        town.say(beat, by: tec)
        #expect(town.log.count == before)
        let channel = town.channel("#tea")?.id ?? ChannelID(0)
        #expect(town.community.relayPulses[channel]?.counters.received == 4)
        town.say(.relaying(.watch(channel: "#tea", isOn: true)), by: bob)
        #expect(town.community.relayWatchers[channel] == [bob])
        town.say(.membership(.part(channel: "#tea", reason: nil)), by: bob)
        #expect(town.community.relayWatchers[channel] == nil)
        #expect(
            town.say(.relaying(.watch(channel: "#tea", isOn: true)), by: tec).refusals
                == [.relaying(verb: "RELAY", code: .privilegesNeeded, context: [])])
    }

    /// "When they join while it is, all people in the channel are told."
    @Test func whoJoinsIsTold() {
        var (town, ann, _, _) = scene()
        _ = switchRelay(&town, ann)
        let cat = town.connect("cat", account: town.account("cat"))
        let isTold = town.join(cat, "#tea").contains {
            if case .answer(.relaying(.notice)) = $0 { true } else { false }
        }
        #expect(isTold)
    }

    /// What a relay brought stays when its account is forgotten, and its name goes.
    @Test func aForgottenRelayLeavesItsMessages() throws {
        var (town, ann, tec, _) = scene()
        _ = switchRelay(&town, ann)
        let message = try #require(relay(&town, tec, token: "t").messages.first)
        let account = try #require(town.community.account(named: "tec")?.id)
        var names = ErasureNames()
        names.add("tec", of: account)
        guard
            case .replaced(.messagePosted(let changed)) = Event.messagePosted(message).erased(
                by: ErasurePlan(accounts: [account]), at: Offset(1), names)
        else {
            Issue.record("it is not changed")
            return
        }
        #expect(changed.relay?.nickname == ErasurePlan.pseudonym(of: account))
        #expect(changed.actor == message.actor)
        #expect(changed.lines == message.lines)
    }
}
