// SPDX-License-Identifier: Apache-2.0

import PlenaryDomain
import PlenaryServer
import PlenaryTerms
import Testing

/// Claims about what operators ask: the text on the socket and the decision.
@Suite struct AdministrationTests {
    private static let hash = PasswordHash(
        logN: 15, r: 8, p: 3, salt: Array(repeating: 1, count: 16), key: Array(repeating: 2, count: 32))

    private static let requests: [AdminRequest] = [
        .accountAdd(name: "maria", role: .moderator, isBot: false, password: hash),
        .accountAdd(name: "", role: .member, isBot: true, password: nil),
        .accountPassword(name: "a b=c%\t\u{7F}", password: nil), .accountList,
        .accountState(name: "منى", isDisabled: true),
        .inviteCreate(
            InviteCreated(
                codeHash: Array(0..<32), handle: "h", role: .member, channels: ["#a", "#b/1"],
                expires: Timestamp(microseconds: 5), useLimit: 3, accountName: "maria")),
        .inviteCreate(
            InviteCreated(
                codeHash: Array(0..<32), handle: "h", role: .member, channels: [], expires: nil, useLimit: 1)),
        .inviteList, .inviteRevoke(handle: "h"), .status, .reload, .stop,
        .erase(ErasureOrder(messages: ["a1", "b2"], account: nil, reason: "personal-data", isDryRun: true)),
        .erase(ErasureOrder(messages: [], account: "maria", reason: "r", isDryRun: false)),
        .erasureList, .backupPoint,
        .people(.rosterEntry(RosterEntry(account: "bo", profile: Profile()), isDryRun: true)),
        .people(.rosterEntry(everything, isDryRun: false)),
    ]

    private static var everything: RosterEntry {
        var profile = Profile()
        profile.displayName = "Мария И."
        profile.affiliation = .civilSociety
        profile.country = CountryCode("KE")
        profile.organisation = "A = B"
        profile.languages = ["fr", "ar"].compactMap { LanguageTag($0) }
        profile.attendance = .inPerson
        profile.region = .noGroup
        return RosterEntry(
            account: "maria.i", profile: profile, mayUpdate: true, isVerified: true,
            invite: InviteCreated(
                codeHash: Array(0..<32), handle: "h", role: .member, channels: ["#a"], expires: nil,
                useLimit: 1))
    }

    @Test(arguments: requests)
    func everyRequestIsReadBackAsItWas(request: AdminRequest) {
        let bytes = AdminCodec.encode(request)
        #expect(bytes.last == 10 && bytes.dropLast().allSatisfy { $0 >= 32 && $0 < 127 })
        #expect(AdminCodec.request(bytes.dropLast()) == request)
    }

    @Test func everyReplyIsReadBackAndACutOneIsNone() {
        let replies: [AdminReply] = [
            .done([]), .done([AdminRow(["a": "b c", "empty": ""]), AdminRow(["a": "é\u{202E}"])]),
            .refused(.accountExists("maria")), .refused(.noSuchAccount("x")), .refused(.nameInvalid("9")),
            .refused(.noSuchInvite("h")), .refused(.inviteExists), .refused(.noSuchChannel("#c")),
            .refused(.noSuchMessage("x")), .refused(.held("#c")),
            .refused(.configurationInvalid("p:1:1: error")), .refused(.failed("why")), .refused(.malformed),
        ]
        for reply in replies {
            let bytes = AdminCodec.encode(reply)
            #expect(AdminCodec.reply(bytes) == reply)
            for end in 0..<bytes.count {
                #expect(AdminCodec.reply(Array(bytes[..<end])) == nil, "cut at \(end)")
            }
        }
    }

    @Test(arguments: [
        "", " ", "account-add", "account-add name=a role=king bot=no password=none",
        "account-add name=a role=person bot=no password=15:8:3:00:00", "account-state name=a disabled=maybe",
        "invite-create hash=00 handle=h role=person uses=1", "nonsense", "account-list =a",
        "account-list a=%0",
        "account-list a=%GG", "account-password name=%00 password=none",
        "account-password name=%FF password=none",
    ])
    func aLineThatIsNoRequestIsRefused(line: String) {
        #expect(AdminCodec.request(Array(line.utf8)) == nil)
    }

    @Test func randomBytesNeverTrapTheReaders() {
        let seed = UInt64.random(in: 0 ... .max)
        var state = seed
        for _ in 0..<2000 {
            var bytes = AdminCodec.encode(AdministrationTests.requests[Int(state % 12)])
            for _ in 0..<4 {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                bytes[Int(state >> 33) % bytes.count] = UInt8(truncatingIfNeeded: state >> 20)
            }
            _ = AdminCodec.request(bytes)
            _ = AdminCodec.reply(bytes)
        }
    }

    private func community(after requests: AdminRequest...) -> Community {
        var community = Community(policy: CommunityPolicy())
        var offset = Offset(0)
        for request in requests {
            for event in decide(request, in: community, at: Timestamp(seconds: 1)).events {
                community.apply(LoggedEvent(offset: offset, time: Timestamp(seconds: 1), event: event))
                offset = offset.next
            }
        }
        return community
    }

    private func add(_ name: Text) -> AdminRequest {
        .accountAdd(name: name, role: .member, isBot: false, password: nil)
    }

    private func reply(_ request: AdminRequest, _ community: Community) -> AdminReply {
        decide(request, in: community, at: Timestamp(seconds: 2)).reply
    }

    @Test func anAccountExistsOnceWhateverItsCase() {
        let present = community(after: add("Maria"))
        #expect(reply(add("mARIA"), present) == .refused(.accountExists("mARIA")))
        #expect(decide(add("mARIA"), in: present, at: Timestamp(seconds: 2)).events == [])
    }

    @Test func disablingEndsSessionsOnceAndIsNotRepeated() {
        let present = community(after: add("maria"))
        let decision = decide(
            .accountState(name: "maria", isDisabled: true), in: present, at: Timestamp(seconds: 2))
        #expect(decision.events.count == 1 && decision.disconnected.count == 1)
        let after = community(after: add("maria"), .accountState(name: "maria", isDisabled: true))
        let again = decide(
            .accountState(name: "maria", isDisabled: true), in: after, at: Timestamp(seconds: 3))
        #expect(again.events == [] && again.disconnected == [])
    }

    @Test func anInviteForAMissingChannelOrATakenNameIsRefused() {
        func invite(channels: [Text] = [], name: Text? = nil) -> AdminRequest {
            .inviteCreate(
                InviteCreated(
                    codeHash: Array(0..<32), handle: "h", role: .member, channels: channels, expires: nil,
                    useLimit: 1, accountName: name))
        }
        let present = community(after: add("maria"))
        #expect(reply(invite(channels: ["#no"]), present) == .refused(.noSuchChannel("#no")))
        #expect(reply(invite(name: "Maria"), present) == .refused(.accountExists("Maria")))
        let invited = community(after: invite())
        #expect(reply(invite(), invited) == .refused(.inviteExists))
        #expect(reply(.inviteRevoke(handle: "x"), invited) == .refused(.noSuchInvite("x")))
        let revoked = community(after: invite(), .inviteRevoke(handle: "h"))
        #expect(reply(.inviteList, revoked) == .done([]))
    }
}
