// SPDX-License-Identifier: Apache-2.0

import PlenaryTestKit
import Testing

/// REGISTER and VERIFY (IRCv3 account-registration), and what an account means for its nickname.
struct AccountsTranscripts {
    /// "REGISTER SUCCESS <account> <message> … Afterward, the client is assumed to be authenticated to the
    /// <account> as if it used SASL." `*` is the present nickname.
    @Test(arguments: Transport.allCases)
    func theOpenProfileRegistersAtOnce(over transport: Transport) async throws {
        try await Transcript.run(transport) { script in
            let ann = try await script.register("ann", capabilities: ["account-notify", "chghost"])
            ann.send("REGISTER * * :correct horse")
            try await ann.expectInAnyOrder(
                ":srv REGISTER SUCCESS ann :Account ann is registered", ":srv 900 ann ann!~ann@* ann :*",
                ":ann!* CHGHOST *", ":ann!* ACCOUNT ann")
            ann.send("REGISTER other * :correct horse", "VERIFY other code")
            try await ann.expect(
                ":srv FAIL REGISTER ALREADY_AUTHENTICATED other :*",
                ":srv FAIL VERIFY ALREADY_AUTHENTICATED other :*")
            let second = try await script.register("ann", password: "correct horse")
            second.send("PING x")
            try await second.expect(":srv PONG *")
            try await script.restart()
            _ = try await script.register("ann", password: "correct horse")
        }
    }

    /// The codes of the specification, each in its case; limits.md 25: a password has 10 to 300 bytes.
    @Test(arguments: Transport.allCases)
    func badRegistrationsAreRefused(over transport: Transport) async throws {
        try await Transcript.run(transport) { script in
            try await script.addAccount("ann", password: "correct horse")
            let bob = try await script.register("bob")
            _ = try await script.register("eve")
            bob.send(
                "REGISTER ann * :correct horse", "REGISTER EVE * :correct horse",
                "REGISTER 1bob * :correct horse",
                "REGISTER :", "REGISTER bob * :123456789", "REGISTER bob * *")
            try await bob.expect(
                ":srv FAIL REGISTER ACCOUNT_EXISTS ann :*", ":srv FAIL REGISTER ACCOUNT_EXISTS EVE :*",
                ":srv FAIL REGISTER BAD_ACCOUNT_NAME 1bob :*", ":srv 461 bob REGISTER :*",
                ":srv FAIL REGISTER WEAK_PASSWORD bob :*", ":srv FAIL REGISTER UNACCEPTABLE_PASSWORD bob :*")
            bob.send("REGISTER bob * :\(String(repeating: "p", count: 301))")
            try await bob.expect(":srv FAIL REGISTER UNACCEPTABLE_PASSWORD bob :*")
            bob.send("REGISTER bob * :\(String(repeating: "p4x", count: 100))")
            try await bob.expect(":srv REGISTER SUCCESS bob :*", ":srv 900 bob *")
            let raw = try await script.open("raw")
            raw.send(
                "CAP LS 302", "REGISTER * * :correct horse", "NICK raw", "REGISTER * * :a long enough one")
            await raw.drain()
            raw.send("USER raw 0 * :x", "CAP END", "VERIFY raw code")
            try await raw.skip(to: ":srv 422 raw *")
            try await raw.expect(":srv FAIL VERIFY ALREADY_AUTHENTICATED raw :*")
        }
    }

    /// "FAIL REGISTER NEED_NICK * <message> Sent by the server if the client sends REGISTER before sending a
    /// NICK command"; a nick in use cannot be registered by somebody else before connecting.
    @Test(arguments: Transport.allCases)
    func registeringBeforeConnecting(over transport: Transport) async throws {
        try await Transcript.run(transport) { script in
            _ = try await script.register("ann")
            let raw = try await script.open("raw")
            raw.send("REGISTER * * :correct horse", "CAP LS", "NICK ann", "REGISTER * * :correct horse")
            try await raw.expect(
                ":srv FAIL REGISTER NEED_NICK \\* :*", ":srv CAP \\* LS :*",
                ":srv FAIL REGISTER ACCOUNT_EXISTS ann :*")
            raw.send("NICK bob", "REGISTER * me@example.org :correct horse", "USER bob 0 * :Bob", "CAP END")
            try await raw.expect(
                ":srv REGISTER SUCCESS bob :*", ":srv 900 bob bob!\\*@* bob :*", ":srv 001 bob :*")
        }
    }

    /// In the closed profile nobody comes in without an account, and the invite code is what VERIFY takes
    /// (protocol.md 21). The code survives being read out; used up, expired and wrong ones are INVALID_CODE.
    @Test(arguments: Transport.allCases)
    func theClosedProfileTakesInviteCodes(over transport: Transport) async throws {
        try await Transcript.run(transport, configure: { $0.policy.profile = .closed }) { script in
            try await script.addInvite("K7QZ-11M0", useLimit: 1)
            let ann = try await script.open("ann")
            ann.send("CAP LS 302", "NICK Guest", "USER ann 0 * :Ann")
            await ann.drain()
            ann.send(
                "REGISTER Ann * :correct horse", "VERIFY Ann WRONG", "VERIFY bob K7QZ-11M0",
                "VERIFY ann k7qzilmo")
            try await ann.expect(
                ":srv REGISTER VERIFICATION_REQUIRED Ann :*", ":srv FAIL VERIFY INVALID_CODE Ann :*",
                ":srv FAIL VERIFY INVALID_CODE bob :*", ":srv VERIFY SUCCESS Ann :Account Ann is verified",
                ":srv 900 Guest * Ann :*")
            ann.send("CAP END")
            try await ann.expect(":srv 001 Ann :*")
            try await ann.skip(to: ":srv 422 *")
            ann.send("NICK other", "NICK ANN")
            try await ann.expect(
                ":srv 432 Ann other :Here your nickname is your account name, Ann", ":Ann!* NICK :ANN")
            let bob = try await script.open("bob")
            bob.send("CAP LS 302", "NICK bob", "USER bob 0 * :Bob")
            await bob.drain()
            bob.send("REGISTER bob * :correct horse", "VERIFY bob K7QZ11M0")
            try await bob.expect(
                ":srv REGISTER VERIFICATION_REQUIRED bob :*", ":srv FAIL VERIFY INVALID_CODE bob :*")
            bob.send("CAP END")
            try await bob.expect(":srv FAIL * ACCOUNT_REQUIRED :*", "ERROR :*")
            try await bob.expectClosed()
        }
    }

    /// An invite may reserve a name and give a seat in an invite-only channel; guessing codes ends after three.
    @Test(arguments: Transport.allCases)
    func invitesReserveNamesAndSeats(over transport: Transport) async throws {
        try await Transcript.run(
            transport,
            configure: {
                $0.policy.profile = .closed
                $0.channels = [.init(name: "board", titles: [])]
                $0.channels[0].isPrivate = true
            }
        ) { script in
            try await script.addInvite("SEAT", channels: ["#board"], accountName: "maria")
            let eve = try await script.open("eve")
            eve.send("CAP LS 302", "NICK eve", "USER eve 0 * :Eve")
            await eve.drain()
            eve.send("REGISTER eve * :correct horse", "VERIFY eve SEAT", "VERIFY eve A", "VERIFY eve B")
            try await eve.expect(":srv REGISTER VERIFICATION_REQUIRED eve :*")
            for _ in 0..<3 { try await eve.expect(":srv FAIL VERIFY INVALID_CODE eve :*") }
            try await eve.expect("ERROR :*")
            let maria = try await script.open("maria")
            maria.send("CAP LS 302", "NICK maria", "USER maria 0 * :Maria")
            await maria.drain()
            maria.send("REGISTER maria * :correct horse", "VERIFY maria SEAT", "CAP END")
            try await maria.skip(to: ":srv 422 *")
            maria.send("JOIN #board", "JOIN #mine")
            try await maria.expect(":maria!* JOIN #board")
            try await maria.skip(to: ":srv 366 *")
            try await maria.expect(":srv 403 maria #mine :*")
        }
    }

    /// The name of an account is its holder's: others hear 433. Several devices share it, and the person
    /// leaves when the last one does (docs/decisions/0072).
    @Test(arguments: Transport.allCases)
    func oneNameSeveralDevices(over transport: Transport) async throws {
        try await Transcript.run(transport) { script in
            try await script.addAccount("ann", password: "correct horse")
            let bob = try await script.register("bob")
            bob.send("NICK ann", "MONITOR + ann", "JOIN #c")
            try await bob.expect(":srv 433 bob ann :*", ":srv 731 bob :ann")
            await bob.drain()
            let phone = try await script.register("ann", password: "correct horse")
            let laptop = try await script.register("ann", password: "correct horse")
            phone.send("JOIN #c")
            await phone.drain()
            laptop.send("JOIN #c")
            await laptop.drain()
            try await bob.expect(":srv 730 bob :ann!~ann@*", ":ann!* JOIN #c")
            bob.send("NAMES #c", "WHO #c", "WHO ann", "ISON ann", "USERHOST ann")
            try await bob.expect(
                ":srv 353 bob = #c :ann @bob", ":srv 366 *", ":srv 352 bob #c * ann H :0 ann",
                ":srv 352 bob #c *",
                ":srv 315 *", ":srv 352 bob #c * ann H :0 ann", ":srv 315 *", ":srv 303 bob :ann",
                ":srv 302 bob :ann=+~ann@*")
            phone.send("QUIT")
            try await phone.expect("ERROR :*")
            try await bob.expectNothing()
            laptop.send("QUIT :good night")
            try await laptop.expect("ERROR :*")
            try await bob.expect(":ann!* QUIT :Quit: good night", ":srv 731 bob :ann")
        }
    }
}
