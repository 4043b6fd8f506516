// SPDX-License-Identifier: Apache-2.0

import PlenaryDomain
import PlenaryTerms
import Testing

/// Who gets into a channel, and how it ends (modern.ircd.chat, "Channel Operations"; decision 0073).
@Suite struct MembershipDecisions {
    @Test func whoJoinsANewNameInTheOpenProfileBecomesItsOperator() {
        var town = Town()
        let ann = town.connect("ann")
        town.join(ann, "#tea")
        #expect(town.channel("#tea")?.members[ann] == .channelOperator)
    }

    @Test func aPersonMayNotCreateChannelsInTheClosedProfile() {
        var town = Town(.closed)
        let account = town.account("ann")
        let ann = town.connect("ann", account: account)
        #expect(town.join(ann, "#tea").refusals == [.channelCreationDenied("#tea")])
        #expect(town.channel("#tea") == nil)
    }

    @Test func aChannelMadeInTheClosedProfileStaysWhenEverybodyLeft() {
        var town = Town(.closed) { $0.peopleMayCreateChannels = true }
        let account = town.account("ann")
        let ann = town.connect("ann", account: account)
        town.join(ann, "#tea")
        town.say(.membership(.part(channel: "#tea", reason: nil)), by: ann)
        #expect(town.channel("#tea")?.standingRoles[account] == .founder)
    }

    @Test func anUnownedChannelEndsWithItsLastMemberAndItsNumberIsNotUsedAgain() throws {
        var town = Town()
        let ann = town.connect("ann")
        let bob = town.connect("bob")
        town.join(ann, "#tea")
        town.join(bob, "#tea")
        let first = try #require(town.channel("#tea")?.id)
        town.quit(ann)
        #expect(town.channel("#tea") != nil)
        town.say(.membership(.part(channel: "#tea", reason: nil)), by: bob)
        #expect(town.channel("#tea") == nil)
        town.join(bob, "#tea")
        let second = try #require(town.channel("#tea")?.id)
        #expect(second > first)
    }

    @Test func kickingTheLastMemberDissolvesTheChannel() {
        var town = Town()
        let ann = town.connect("ann")
        town.join(ann, "#tea")
        town.say(.membership(.kick(channel: "#tea", nick: "ann", reason: nil)), by: ann)
        #expect(town.channel("#tea") == nil)
        #expect(town.community.sessions[ann]?.channels == [])
    }

    @Test(arguments: [(99, true), (100, false), (101, false)])
    func theHundredthChannelIsTheLast(joinedCount: Int, isLetIn: Bool) {
        var town = Town {
            $0.limits.joinedChannelCountLimit = 100
            $0.limits.rates = [:]
        }
        let ann = town.connect("ann")
        for index in 0..<joinedCount {
            // More than a minute each: how often one may join is another limit.
            town.now = town.now.advanced(bySeconds: 120)
            town.join(ann, Text("#c\(index)"))
        }
        town.now = town.now.advanced(bySeconds: 120)
        let outcomes = town.join(ann, "#last")
        #expect(outcomes.refusals == (isLetIn ? [] : [.tooManyChannels("#last")]))
        #expect(town.isIn(ann, "#last") == isLetIn)
    }

    @Test func theMemberLimitHoldsAtTheNumberAndCountsPeopleNotDevices() {
        var town = Town()
        let annAccount = town.account("ann")
        let ann = town.connect("ann", account: annAccount)
        let annToo = town.connect("ann", account: annAccount)
        let bob = town.connect("bob")
        let eve = town.connect("eve")
        town.join(ann, "#tea")
        town.mode(ann, "#tea", [("+l", "2")])
        town.join(annToo, "#tea")
        #expect(town.isIn(annToo, "#tea"))
        #expect(town.join(bob, "#tea").refusals == [])
        #expect(town.join(eve, "#tea").refusals == [.channelIsFull("#tea")])
    }

    @Test func aKeyIsAskedForAndAnInvitationStandsInForIt() {
        var town = Town()
        let ann = town.connect("ann")
        let bob = town.connect("bob")
        town.join(ann, "#tea")
        town.mode(ann, "#tea", [("+k", "sesame")])
        #expect(town.join(bob, "#tea").refusals == [.badChannelKey("#tea")])
        #expect(town.join(bob, "#tea", key: "Sesame").refusals == [.badChannelKey("#tea")])
        #expect(town.join(bob, "#tea", key: "sesame").refusals == [])
        town.say(.membership(.part(channel: "#tea", reason: nil)), by: bob)
        town.say(.membership(.invite(nick: "bob", channel: "#tea")), by: ann)
        #expect(town.join(bob, "#tea").refusals == [])
    }

    @Test func anInvitationIsUsedUpByJoining() {
        var town = Town()
        let ann = town.connect("ann")
        let bob = town.connect("bob")
        town.join(ann, "#tea")
        town.mode(ann, "#tea", [("+i", nil)])
        #expect(town.join(bob, "#tea").refusals == [.inviteOnly("#tea")])
        town.say(.membership(.invite(nick: "bob", channel: "#tea")), by: ann)
        #expect(town.join(bob, "#tea").refusals == [])
        town.say(.membership(.part(channel: "#tea", reason: nil)), by: bob)
        #expect(town.join(bob, "#tea").refusals == [.inviteOnly("#tea")])
    }

    @Test func aBanKeepsOutAnExceptionLetsInAndAnInvexOpensTheDoor() {
        var town = Town()
        let ann = town.connect("ann")
        let bob = town.connect("bob")
        town.join(ann, "#tea")
        town.mode(ann, "#tea", [("+b", "bob!*@*")])
        #expect(town.join(bob, "#tea").refusals == [banned("#tea")])
        town.mode(ann, "#tea", [("+e", "bob")])
        #expect(town.join(bob, "#tea").refusals == [])
        town.say(.membership(.part(channel: "#tea", reason: nil)), by: bob)
        town.mode(ann, "#tea", [("+i", nil), ("+I", "b?b")])
        #expect(town.join(bob, "#tea").refusals == [])
    }

    @Test func theAccountBanMeetsTheAccountUnderAnyNickname() {
        var town = Town()
        let ann = town.connect("ann")
        let account = town.account("bob")
        let bob = town.connect("robert", account: account)
        town.join(ann, "#tea")
        town.mode(ann, "#tea", [("+b", "$a:bob")])
        #expect(town.join(bob, "#tea").refusals == [banned("#tea")])
    }

    /// A private channel answers an outsider exactly as a name that does not exist (domain.md 5.2).
    @Test(arguments: [CommunityPolicy.Profile.closed])
    func aPrivateChannelLooksUnknownToOutsiders(profile: CommunityPolicy.Profile) {
        var town = Town(profile) { $0.limits.joinedChannelCountLimit = 1 }
        let adminAccount = town.account("root", role: .secretariat)
        let root = town.connect("root", account: adminAccount)
        town.join(root, "#secret")
        town.mode(root, "#secret", [("+i", nil), ("+s", nil)])
        let account = town.account("eve")
        let eve = town.connect("eve", account: account)
        func answers(_ town: inout Town, _ name: Text) -> [[Refusal]] {
            [
                town.join(eve, name).refusals,
                town.say(.membership(.part(channel: name, reason: nil)), by: eve).refusals,
                town.say(.membership(.kick(channel: name, nick: "root", reason: nil)), by: eve).refusals,
                town.say(.membership(.invite(nick: "root", channel: name)), by: eve).refusals,
                town.say(.topics(.show(channel: name)), by: eve).refusals,
                town.say(.topics(.set(channel: name, topic: "x")), by: eve).refusals,
                town.say(.modes(.show(target: name)), by: eve).refusals,
                town.post(eve, name, "x").refusals,
                town.post(eve, name, "", kind: .tagOnly).refusals,
                town.say(
                    .history(
                        .fetch(subcommand: "LATEST", target: name, selection: .latest(after: nil), limit: 1)),
                    by: eve
                ).refusals,
            ]
        }
        // Spelled in another case, so that an answer with the channel's own spelling would show.
        let known = answers(&town, "#SECRET")
        let unknown = answers(&town, "#NOWAYS")
        for (one, other) in zip(known, unknown) {
            #expect("\(one)".replacing("#SECRET", with: "#NOWAYS") == "\(other)")
        }
        // The same holds for somebody who is in as many channels as allowed.
        let hall = town.account("hall", role: .secretariat)
        let opener = town.connect("hall", account: hall)
        town.join(opener, "#hall")
        town.join(eve, "#hall")
        #expect(town.join(eve, "#SECRET").refusals == [.channelCreationDenied("#SECRET")])
        #expect(town.join(eve, "#NOWAYS").refusals == [.channelCreationDenied("#NOWAYS")])
    }

    @Test func aKickOfSeveralDevicesRemovesThemAll() {
        var town = Town()
        let ann = town.connect("ann")
        let account = town.account("bob")
        let bob = town.connect("bob", account: account)
        let bobToo = town.connect("bob", account: account)
        for id in [ann, bob, bobToo] { town.join(id, "#tea") }
        town.say(.membership(.kick(channel: "#tea", nick: "BOB", reason: "")), by: ann)
        #expect(!town.isIn(bob, "#tea") && !town.isIn(bobToo, "#tea"))
        let kicks = town.log.compactMap { if case .memberKicked(let event) = $0.event { event } else { nil } }
        #expect(kicks.map(\.reason) == ["ann"])
        #expect(kicks.map(\.nickname) == ["bob"])
    }

    @Test(arguments: [(389, true), (390, true), (391, false)])
    func aKickReasonIsRefusedBeyondItsLimit(byteCount: Int, isTaken: Bool) {
        var town = Town()
        let ann = town.connect("ann")
        let bob = town.connect("bob")
        town.join(ann, "#t")
        town.join(bob, "#t")
        let kick = MembershipCommand.kick(channel: "#t", nick: "bob", reason: .filler(byteCount))
        let outcomes = town.say(.membership(kick), by: ann)
        #expect(outcomes.refusals.isEmpty == isTaken)
        #expect(town.isIn(bob, "#t") != isTaken)
    }

    @Test func onlyOperatorsKickAndNobodyKicksAFounderBelowHim() {
        var town = Town(.closed) { $0.peopleMayCreateChannels = true }
        let annAccount = town.account("ann")
        let bobAccount = town.account("bob")
        let ann = town.connect("ann", account: annAccount)
        let bob = town.connect("bob", account: bobAccount)
        town.join(ann, "#tea")
        town.join(bob, "#tea")
        let kick = Command.membership(.kick(channel: "#tea", nick: "ann", reason: nil))
        #expect(town.say(kick, by: bob).refusals == [.channelOperatorNeeded("#tea")])
        town.mode(ann, "#tea", [("+o", "bob")])
        #expect(town.say(kick, by: bob).refusals == [.channelOperatorNeeded("#tea")])
        #expect(town.isIn(ann, "#tea"))
    }

    /// Replay on join goes to people on plain clients and to nobody else (protocol.md, decisions).
    @Test func theLastMessagesAreReplayedToPlainPeopleOnly() {
        var town = Town(.closed) { $0.replayCount = 7 }
        let root = town.account("root", role: .secretariat)
        let opener = town.connect("root", account: root)
        town.join(opener, "#tea")
        func isReplayed(_ name: Text, _ capabilities: Capabilities, isBot: Bool = false) -> [Int] {
            let account = town.account(name, isBot: isBot)
            let id = town.connect(name.string, account: account, capabilities)
            return town.join(id, "#tea").historyRequests.map(\.limit)
        }
        #expect(isReplayed("plain", []) == [7])
        #expect(isReplayed("irssi", [.serverTime, .multiPrefix]) == [7])
        #expect(isReplayed("goguma", [.chatHistory, .batch]) == [])
        #expect(isReplayed("bridge", [.batch, .messageTags], isBot: true) == [])
        var open = Town()
        let ann = open.connect("ann")
        open.join(ann, "#tea")
        let guest = open.connect("guest")
        #expect(open.join(guest, "#tea").historyRequests == [])
    }

    @Test func aStandingRoleReachesWhoeverIsThereWhenItIsGiven() throws {
        var town = Town(.closed)
        let root = town.account("root", role: .secretariat)
        let opener = town.connect("root", account: root)
        town.join(opener, "#tea")
        let account = town.account("ann")
        let ann = town.connect("ann", account: account)
        town.join(ann, "#tea")
        let channel = try #require(town.channel("#tea")?.id)
        let before = try #require(town.channel("#tea")?.audienceVersion)
        town.record(
            .memberRoleSet(MemberRoleSet(channel: channel, account: account, role: .voice, actor: nil)))
        #expect(town.channel("#tea")?.members[ann] == .voice)
        #expect(try #require(town.channel("#tea")?.audienceVersion) >= before)
    }
}

private func banned(_ channel: Text) -> Refusal {
    .moderation(.sanctioned(verb: "JOIN", channel: channel, isMute: false, until: nil, reason: ""))
}
