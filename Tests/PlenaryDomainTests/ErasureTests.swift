// SPDX-License-Identifier: Apache-2.0

import PlenaryDomain
import PlenaryTerms
import Testing

/// What erasing makes of each event, and of the state (docs/DURABILITY.md, "Erasure").
struct ErasureTests {
    private static let ann = Actor(source: "ann!~ann@cloak", account: AccountID(7), accountName: "Ann")
    private static let bob = Actor(source: "bob!~bob@cloak", account: AccountID(8), accountName: "bob")
    private static let former = Actor(
        source: "former-member-7!~former@erased", account: AccountID(7), accountName: "former-member-7")
    private static let plan = ErasurePlan(accounts: [AccountID(7)])

    private static let names: ErasureNames = {
        var names = ErasureNames()
        names.add("Ann", of: AccountID(7))
        return names
    }()

    private func erased(_ event: Event, _ plan: ErasurePlan = plan) -> ErasedForm {
        event.erased(by: plan, at: Offset(5), Self.names)
    }

    private func message(_ actor: Actor, in conversation: Conversation = .channel(ChannelID(1))) -> Event {
        .messagePosted(
            MessagePosted(
                conversation: conversation, target: "#tea", kind: .notice, actor: actor,
                clientTags: "+a=b", lines: [MessageLine("secret")], clientToken: "t",
                thread: ThreadID(2), mentions: [AccountID(8)]))
    }

    @Test func aMessageBecomesAStubThatSaysWhereItStoodAndNothingElse() {
        let stub = Event.erasure(
            .messageErased(
                MessageErased(
                    conversation: .channel(ChannelID(1)), thread: ThreadID(2), wasMessage: true)))
        let here = ErasurePlan(messages: [Offset(5)])
        #expect(erased(message(Self.bob), here) == .replaced(stub))
        #expect(erased(message(Self.bob), ErasurePlan(messages: [Offset(6)])) == .unchanged)
        #expect(erased(message(Self.ann)) == .replaced(stub))
        #expect(erased(message(Self.bob)) == .unchanged)
        #expect(erased(stub, here) == .unchanged, "the second time changes nothing")
        #expect(stub.conversation == .channel(ChannelID(1)) && !stub.isMessage)
    }

    @Test func whatAnAccountOwnsIsRemoved() {
        let account = AccountID(7)
        let own: [Event] = [
            .credentialSet(CredentialSet(account: account, password: nil)),
            .certificateAdded(CertificateAdded(account: account, fingerprint: [1], label: "laptop")),
            .certificateRemoved(CertificateRemoved(account: account, fingerprint: [1])),
            .markerSet(
                MarkerSet(
                    account: account, conversation: .channel(ChannelID(1)), thread: nil,
                    time: Timestamp(microseconds: 1))),
            .threadLevelSet(
                ThreadLevelSet(account: account, channel: ChannelID(1), thread: ThreadID(1), level: .mute)),
            .threadCueSet(ThreadCueSet(account: account, isPlain: true)),
        ]
        for event in own {
            #expect(erased(event) == .removed)
            #expect(erased(event, ErasurePlan(accounts: [AccountID(8)])) == .unchanged)
        }
    }

    @Test func whatAnAccountDidStaysWithoutItsName() {
        let channel = ChannelID(1)
        func topic(_ actor: Actor) -> Event {
            .topicSet(TopicSet(channel: channel, channelName: "#tea", topic: "agenda", actor: actor))
        }
        #expect(erased(topic(Self.ann)) == .replaced(topic(Self.former)))
        #expect(erased(topic(Self.bob)) == .unchanged)
        #expect(erased(topic(Self.former)) == .unchanged, "the second time changes nothing")
        func kick(_ nick: Text, _ actor: Actor) -> Event {
            .memberKicked(
                MemberKicked(
                    channel: channel, channelName: "#tea", nickname: nick, reason: "spam", actor: actor))
        }
        #expect(erased(kick("ANN", Self.bob)) == .replaced(kick("former-member-7", Self.bob)))
        #expect(erased(kick("bob", Self.bob)) == .unchanged)
        func modes(_ changes: [ModeChange]) -> Event {
            .modesChanged(
                ModesChanged(channel: channel, channelName: "#tea", changes: changes, actor: Self.bob))
        }
        let before = modes([
            ModeChange(letter: 111, isAdded: true, argument: "ann", account: AccountID(7)),
            ModeChange(letter: 98, isAdded: true, argument: "ann!*@1.2.3.4"),
            ModeChange(letter: 98, isAdded: true, argument: "eve!*@*"),
            ModeChange(letter: 107, isAdded: true, argument: "ann"),
        ])
        let after = modes([
            ModeChange(letter: 111, isAdded: true, argument: "former-member-7", account: AccountID(7)),
            ModeChange(letter: 98, isAdded: true, argument: "former-member-7!~former@erased"),
            ModeChange(letter: 98, isAdded: true, argument: "eve!*@*"),
            ModeChange(letter: 107, isAdded: true, argument: "ann"),
        ])
        #expect(erased(before) == .replaced(after))
        let created = AccountCreated(account: AccountID(7), name: "Ann", role: .member)
        var renamed = created
        renamed.name = "former-member-7"
        #expect(erased(.accountCreated(created)) == .replaced(.accountCreated(renamed)))
        let redeemed = InviteRedeemed(codeHash: [1], account: AccountID(7))
        #expect(
            erased(.inviteRedeemed(redeemed))
                == .replaced(.inviteRedeemed(InviteRedeemed(codeHash: [1], account: AccountID(0)))))
    }

    /// The state after the request is the one that the rewritten log gives; a snapshot keeps what is open.
    @Test func theStateFollowsTheRewrittenLog() {
        let events: [Event] = [
            .accountCreated(AccountCreated(account: AccountID(7), name: "Ann", role: .member)),
            .accountCreated(AccountCreated(account: AccountID(8), name: "bob", role: .member)),
            .certificateAdded(CertificateAdded(account: AccountID(7), fingerprint: [1], label: "laptop")),
            .channelCreated(
                ChannelCreated(
                    channel: ChannelID(1), name: "#tea", founder: nil, isPermanent: true, replayCount: 0)),
            .threadCreated(
                ThreadCreated(
                    channel: ChannelID(1), channelName: "#tea", thread: ThreadID(2), title: "Talk",
                    root: nil, actor: Self.ann)),
            message(Self.ann), message(Self.bob), message(Self.ann), message(Self.bob),
            .messagesMoved(
                MessagesMoved(
                    channel: ChannelID(1), channelName: "#tea", source: ThreadID(2),
                    destination: .mainLine, messages: [Offset(5), Offset(6)], actor: Self.bob)),
            .topicSet(
                TopicSet(channel: ChannelID(1), channelName: "#tea", topic: "agenda", actor: Self.ann)),
        ]
        let plan = ErasurePlan(messages: [Offset(8)], accounts: [AccountID(7)])
        let request = Event.erasure(.requested(ErasureRequested(plan: plan, actor: nil, reason: "r")))
        func state(_ events: [(Int, Event)]) -> Community {
            var community = Community(policy: CommunityPolicy())
            for (place, event) in events {
                community.apply(
                    LoggedEvent(
                        offset: Offset(UInt64(place)), time: Timestamp(microseconds: Int64(place)),
                        event: event))
            }
            return community
        }
        let live = state(Array(events.enumerated().map { ($0.offset, $0.element) }) + [(11, request)])
        let rewritten = events.enumerated().compactMap { place, event -> (Int, Event)? in
            switch event.erased(by: plan, at: Offset(UInt64(place)), Self.names) {
            case .unchanged: (place, event)
            case .replaced(let other): (place, other)
            case .removed: nil
            }
        }
        #expect(rewritten.count == events.count - 1)
        let replayed = state(rewritten + [(11, request)])
        #expect(live.snapshotEvents() == replayed.snapshotEvents())
        #expect(live.openErasures.keys.sorted() == [Offset(11)])
        #expect(live.ledgers[ChannelID(1)]?.visibleCount(of: .mainLine) == 1)
        #expect(live.ledgers[ChannelID(1)]?.visibleCount(of: ThreadID(2)) == 0)
        #expect(live.account(named: "ann") == nil && live.account(named: "former-member-7") != nil)
        #expect(live.isBeingForgotten(AccountID(7)))
        var fromSnapshot = Community(policy: CommunityPolicy())
        for event in live.snapshotEvents() { fromSnapshot.apply(event) }
        #expect(fromSnapshot.openErasures == live.openErasures)
        #expect(fromSnapshot.snapshotEvents() == live.snapshotEvents())
        let done = Event.erasure(.done(ErasureDone(request: Offset(11))))
        let ended = state(rewritten + [(11, request), (12, done)])
        #expect(ended.openErasures.isEmpty)
    }

    @Test func aRequestHasALimit() {
        func plan(_ count: Int) -> ErasurePlan {
            ErasurePlan(messages: Set((0..<count).map { Offset(UInt64($0)) }))
        }
        #expect(plan(ErasurePlan.messageCountLimit - 1).isWithinLimits)
        #expect(plan(ErasurePlan.messageCountLimit).isWithinLimits)
        #expect(!plan(ErasurePlan.messageCountLimit + 1).isWithinLimits)
        let accounts = Set((0...ErasurePlan.accountCountLimit).map { AccountID(UInt32($0)) })
        #expect(!ErasurePlan(accounts: accounts).isWithinLimits)
    }
}
