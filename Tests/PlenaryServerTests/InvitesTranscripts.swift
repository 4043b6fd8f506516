// SPDX-License-Identifier: Apache-2.0

import PlenaryQueues
import PlenaryServer
import PlenaryTestKit
import Testing

/// INVITECODE (docs/extensions/invites.md).
struct InvitesTranscripts {
    private func closed(_ configuration: inout ServerConfiguration) {
        configuration.policy.profile = .closed
        configuration.channels = [.init(name: "board", titles: []), .init(name: "practices", titles: [])]
        configuration.channels[0].isPrivate = true
    }

    private func signUp(
        _ script: Transcript, _ name: String, code: String, network: String = "memory.guest"
    ) async throws -> TranscriptClient {
        let client = try await script.open(name, Arrival(network: network))
        client.send("CAP LS 302", "NICK \(name)", "USER \(name) 0 * :\(name)")
        await client.drain()
        client.send("REGISTER \(name) * :correct horse", "VERIFY \(name) \(code)", "CAP END")
        return client
    }

    /// "The code is told once, in the answer to CREATE": whoever has it signs up with the role and the seat.
    @Test(arguments: Transport.allCases)
    func aModeratorsCodeBringsSomebodyIn(over transport: Transport) async throws {
        try await Transcript.run(transport, configure: closed) { script in
            try await script.addAccount("chair", password: "correct horse", role: .secretariat)
            let chair = try await script.register("chair", password: "correct horse")
            chair.send("INVITECODE CREATE role=rapporteur;channels=#board;expires=2h;uses=2;name=ann")
            try await chair.expect(
                ":srv NOTE INVITECODE CREATED <handle> <code> :This code is shown only once; pass it on now")
            chair.send("INVITECODE LIST")
            try await chair.expect(
                ":srv NOTE INVITECODE CODE <handle> role=rapporteur;uses=0/2;*name=ann;by=chair :",
                ":srv NOTE INVITECODE END 1 :")
            let ann = try await signUp(script, "ann", code: script["code"])
            try await ann.skip(to: ":srv VERIFY SUCCESS ann :*")
            try await ann.skip(to: ":srv 422 *")
            ann.send("JOIN #board")
            try await ann.expect(":ann!* JOIN #board")
            let state = await script.server.durableState()
            #expect(state.contains { "\($0.event)".contains("role: PlenaryDomain.ServerRole.rapporteur") })
        }
    }

    /// "A code gives no more than its maker has": a moderator makes no administrator, no eternal code, and no seat
    /// in a private channel that he does not moderate; that channel answers as if it did not exist.
    @Test(arguments: Transport.allCases)
    func nobodyGivesMoreThanHeHas(over transport: Transport) async throws {
        try await Transcript.run(transport, configure: closed) { script in
            try await script.addAccount("mod", password: "correct horse", role: .moderator)
            try await script.addAccount("ann", password: "correct horse")
            let mod = try await script.register("mod", password: "correct horse")
            mod.send(
                "INVITECODE CREATE role=secretariat", "INVITECODE CREATE expires=never",
                "INVITECODE CREATE channels=#board", "INVITECODE CREATE channels=#nothing",
                "INVITECODE CREATE uses=0", "INVITECODE CREATE uses=1001", "INVITECODE CREATE expires=91d",
                "INVITECODE CREATE name=mod", "INVITECODE CREATE role=king", "INVITECODE CREATE x=y",
                "INVITECODE", "INVITECODE X", "INVITECODE REVOKE nothing")
            try await mod.expect(
                ":srv FAIL INVITECODE PRIVS_NEEDED role :*", ":srv FAIL INVITECODE PRIVS_NEEDED expires :*",
                ":srv FAIL INVITECODE NO_SUCH_CHANNEL #board :*",
                ":srv FAIL INVITECODE NO_SUCH_CHANNEL #nothing :*",
                ":srv FAIL INVITECODE INVALID_PARAMS uses :*", ":srv FAIL INVITECODE INVALID_PARAMS uses :*",
                ":srv FAIL INVITECODE INVALID_PARAMS expires :*",
                ":srv FAIL INVITECODE INVALID_PARAMS name :*", ":srv FAIL INVITECODE INVALID_PARAMS role :*",
                ":srv FAIL INVITECODE INVALID_PARAMS x :*", ":srv 461 mod INVITECODE :*",
                ":srv FAIL INVITECODE INVALID_PARAMS X :*", ":srv FAIL INVITECODE NO_SUCH_CODE nothing :*")
            mod.send(
                "INVITECODE CREATE uses=1000;expires=90d;role=moderator;channels=#practices",
                "INVITECODE REVOKE x")
            try await mod.expect(
                ":srv NOTE INVITECODE CREATED <one> <code> :*", ":srv FAIL INVITECODE NO_SUCH_CODE x :*")
            let ann = try await script.register("ann", password: "correct horse")
            ann.send("INVITECODE CREATE", "INVITECODE LIST", "INVITECODE REVOKE \(script["one"])")
            try await ann.expect(
                ":srv FAIL INVITECODE PRIVS_NEEDED CREATE :*", ":srv FAIL INVITECODE PRIVS_NEEDED LIST :*",
                ":srv FAIL INVITECODE PRIVS_NEEDED REVOKE :*")
        }
    }

    /// "A code is revoked by its handle", by its maker or who manages accounts; others see it not at all.
    @Test(arguments: Transport.allCases)
    func revokedCodesBringNobodyIn(over transport: Transport) async throws {
        try await Transcript.run(transport, configure: closed) { script in
            for name in ["mod", "other"] {
                try await script.addAccount(name, password: "correct horse", role: .moderator)
            }
            try await script.addAccount("chair", password: "correct horse", role: .secretariat)
            let mod = try await script.register("mod", password: "correct horse")
            let other = try await script.register("other", password: "correct horse")
            let chair = try await script.register("chair", password: "correct horse")
            mod.send("INVITECODE CREATE")
            try await mod.expect(":srv NOTE INVITECODE CREATED <handle> <code> :*")
            other.send("INVITECODE LIST", "INVITECODE REVOKE \(script["handle"])")
            try await other.expect(
                ":srv NOTE INVITECODE END 0 :", ":srv FAIL INVITECODE NO_SUCH_CODE <handle> :*")
            chair.send("INVITECODE REVOKE \(script["handle"])", "INVITECODE LIST")
            try await chair.expect(
                ":srv NOTE INVITECODE REVOKED <handle> :", ":srv NOTE INVITECODE END 0 :")
            let eve = try await signUp(script, "eve", code: script["code"])
            try await eve.skip(to: ":srv FAIL VERIFY INVALID_CODE eve :*")
        }
    }

    /// limits.md 26 counts new accounts of a network; whoever has an invite is counted by the invite: an office
    /// signs up together. Wrong codes are counted: ten in ten minutes, then a network waits.
    @Test func anOfficeSignsUpTogetherAndGuessersWait() async throws {
        let clock = ManualClock()
        try await Transcript.run(
            .memory, clock: clock,
            configure: {
                self.closed(&$0)
                $0.policy.limits.rates = ServerConfiguration().policy.limits.rates
                $0.limits.newAccountsPerDay = 3
            }
        ) { script in
            try await script.addInvite("OFFICE", useLimit: 5)
            for name in ["a1", "a2", "a3", "a4", "a5"] {
                let client = try await signUp(script, name, code: "OFFICE")
                try await client.skip(to: ":srv VERIFY SUCCESS \(name) :*")
            }
            for index in 0..<10 {
                let eve = try await signUp(script, "eve\(index)", code: "WRONG")
                try await eve.skip(to: ":srv FAIL VERIFY INVALID_CODE eve\(index) :*")
            }
            try await script.addInvite("MORE", useLimit: 2)
            let held = try await signUp(script, "held", code: "MORE")
            try await held.skip(to: ":srv FAIL REGISTER RATE_LIMITED :*")
            let elsewhere = try await signUp(script, "else", code: "MORE", network: "another.guest")
            try await elsewhere.skip(to: ":srv VERIFY SUCCESS else :*")
            try await script.turnClock(seconds: 601)
            let later = try await signUp(script, "later", code: "MORE")
            try await later.skip(to: ":srv VERIFY SUCCESS later :*")
        }
    }
}
