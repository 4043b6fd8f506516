// SPDX-License-Identifier: Apache-2.0

import PlenaryCrypto
import PlenaryDomain
import PlenaryQueues
import PlenaryServer
import PlenaryTerms
import PlenaryTestKit
import Testing

/// PASSWORD, ROLE and reset codes (docs/extensions/accounts.md).
struct PasswordsTranscripts {
    private func cheap(_ configuration: inout ServerConfiguration) {
        configuration.limits.passwordCost.logN = 4
        configuration.limits.passwordCost.p = 1
    }

    /// "PASSWORD <old> <new>": the old one is asked for, and holds no longer afterwards.
    @Test(arguments: Transport.allCases)
    func aPasswordIsChangedByWhoKnowsIt(over transport: Transport) async throws {
        try await Transcript.run(transport, configure: cheap) { script in
            try await script.addAccount("ann", password: "correct horse")
            let ann = try await script.register("ann", password: "correct horse")
            ann.send(
                "PASSWORD wrong :battery staple", "PASSWORD * :battery staple",
                "PASSWORD :correct horse", "PASSWORD * short")
            try await ann.expect(
                ":srv FAIL PASSWORD INVALID_CREDENTIALS * :Password incorrect",
                ":srv FAIL PASSWORD INVALID_CREDENTIALS * :*", ":srv 461 ann PASSWORD :*",
                ":srv FAIL PASSWORD WEAK_PASSWORD * :The password is too short; at least 10 bytes")
            let bob = try await script.register("bob")
            bob.send("PASSWORD * :battery staple")
            try await bob.expect(":srv FAIL PASSWORD ACCOUNT_REQUIRED * :*")
        }
    }

    /// "The old one may not hold a space; then sign in with a certificate". A certificate proves more than the
    /// password does, so that `*` stands for it; the new one signs in at once.
    @Test(arguments: Transport.allCases)
    func aCertificateSetsANewPassword(over transport: Transport) async throws {
        try await Transcript.run(transport, configure: cheap) { script in
            try await script.addAccount("ann", password: "old-one-is-long")
            let arrival = Arrival(certificate: try TestCertificate("ann"))
            let first = try await script.register("ann", password: "old-one-is-long", arrival)
            first.send("DEVICES ADD x", "PASSWORD old-one-is-long second-one-is-long")
            try await first.expect(
                ":srv NOTE DEVICES *", ":srv NOTE PASSWORD CHANGED :The password was changed")
            let ann = try await script.open("ann", arrival)
            ann.send("CAP REQ sasl", "AUTHENTICATE EXTERNAL", "AUTHENTICATE +", "CAP END", "NICK ann")
            ann.send("USER ann 0 * :Ann")
            try await ann.skip(to: ":srv 422 *")
            ann.send("PASSWORD * :third one is long")
            try await ann.expect(":srv NOTE PASSWORD CHANGED :*")
            for (password, answer) in [
                ("old-one-is-long", "904"), ("second-one-is-long", "904"), ("third one is long", "900"),
            ] {
                let other = try await script.open("other")
                other.send(
                    "CAP REQ sasl", "AUTHENTICATE PLAIN", "AUTHENTICATE \(other.plain("ann", password))")
                try await other.expect(":srv CAP *", "AUTHENTICATE +", ":srv \(answer) *")
            }
        }
    }

    /// limits.md 25: 10 to 300 bytes, and none that everybody has.
    @Test(arguments: [
        ("123456789", "WEAK_PASSWORD"), ("1234567890", "WEAK_PASSWORD"), ("Password1234!", "WEAK_PASSWORD"),
        ("aaaaaaaaaaaa", "WEAK_PASSWORD"), ("q1w2e3r4t5", "WEAK_PASSWORD"), ("annabel12345", "WEAK_PASSWORD"),
        ("пароль12345", "WEAK_PASSWORD"), (String(repeating: "ab3", count: 100), ""),
        (String(repeating: "ab3", count: 100) + "x", "UNACCEPTABLE_PASSWORD"),
        ("tab\u{9}is a control", "UNACCEPTABLE_PASSWORD"), ("abc-def-gh", ""),
    ])
    func newPasswordsAreLookedAt(password: String, code: String) async throws {
        try await Transcript.run(.memory, configure: cheap) { script in
            let ann = try await script.register("annabel")
            ann.send("REGISTER * * :\(password)")
            try await ann.expect(
                code.isEmpty ? ":srv REGISTER SUCCESS annabel :*" : ":srv FAIL REGISTER \(code) annabel :*")
        }
    }

    /// OpaqueString (RFC 8265, 4.2.2): "any instances of non-ASCII space MUST be mapped to SPACE".
    @Test func aNoBreakSpaceIsASpace() async throws {
        try await Transcript.run(.memory, configure: cheap) { script in
            let ann = try await script.register("ann")
            ann.send("REGISTER * * :correct\u{A0}horse")
            try await ann.expect(":srv REGISTER SUCCESS ann :*", ":srv 900 *")
            let again = try await script.register("ann", password: "correct horse")
            again.send("QUIT")
        }
    }

    /// "plenaryd account reset prints a code": it signs in once, within its time, and sets a new password.
    @Test(arguments: Transport.allCases)
    func aResetCodeCountsOnce(over transport: Transport) async throws {
        let clock = ManualClock()
        func profile(_ configuration: inout ServerConfiguration) {
            cheap(&configuration)
            configuration.policy.profile = .closed
        }
        try await Transcript.run(transport, clock: clock, configure: profile) { script in
            try await script.addAccount("ann", password: "correct horse")
            let now = Timestamp(microseconds: clock.clock.now())
            let code = ResetCode(
                codeHash: SHA256Digest.hash(Invite.normalized("ABCD-EFGH")),
                expires: now.advanced(bySeconds: 100))
            try await script.administer(.accountReset(name: "ann", code: code))
            let ann = try await script.open("ann")
            ann.send("CAP LS 302", "NICK ann", "USER ann 0 * :Ann")
            await ann.drain()
            ann.send("VERIFY bob ABCD-EFGH", "VERIFY ann nothing", "VERIFY ann abcd-efgh", "CAP END")
            try await ann.expect(
                ":srv FAIL VERIFY INVALID_CODE bob :*", ":srv FAIL VERIFY INVALID_CODE ann :*",
                ":srv VERIFY SUCCESS ann :*", ":srv 900 ann *")
            try await ann.skip(to: ":srv 422 *")
            let second = try await script.open("second")
            second.send("VERIFY ann ABCD-EFGH")
            try await second.expect(":srv FAIL VERIFY INVALID_CODE ann :*")
            ann.send("PASSWORD * :battery staple")
            try await ann.expect(":srv NOTE PASSWORD CHANGED :*")
            let other = try await script.register("ann", password: "battery staple")
            other.send("QUIT")
            try await script.administer(.accountReset(name: "ann", code: code))
            try await script.turnClock(seconds: 100)
            let late = try await script.open("late")
            late.send("VERIFY ann ABCD-EFGH")
            try await late.expect(":srv FAIL VERIFY INVALID_CODE ann :*")
        }
    }

    /// "Whoever is signed in to it has the role at once", and nobody sets the own one.
    @Test(arguments: Transport.allCases)
    func aRoleIsSetForLiveSessions(over transport: Transport) async throws {
        try await Transcript.run(transport) { script in
            try await script.addAccount("chair", password: "correct horse", role: .secretariat)
            try await script.addAccount("ann", password: "correct horse")
            let chair = try await script.register("chair", password: "correct horse")
            let ann = try await script.register("ann", password: "correct horse")
            ann.send("INVITECODE LIST", "ROLE ann secretariat")
            try await ann.expect(
                ":srv FAIL INVITECODE PRIVS_NEEDED LIST :*", ":srv FAIL ROLE PRIVS_NEEDED ann :*")
            chair.send(
                "ROLE Ann moderator", "ROLE nobody member", "ROLE ann king", "ROLE chair member", "ROLE ann")
            try await chair.expect(
                ":srv NOTE ROLE SET ann moderator :", ":srv FAIL ROLE NO_SUCH_ACCOUNT nobody :*",
                ":srv FAIL ROLE INVALID_PARAMS king :*", ":srv FAIL ROLE PRIVS_NEEDED chair :*",
                ":srv 461 chair ROLE :*")
            ann.send("INVITECODE LIST")
            try await ann.expect(":srv NOTE INVITECODE END 0 :")
            try await script.administer(.accountRole(name: "ann", role: .member))
            ann.send("INVITECODE LIST")
            try await ann.expect(":srv FAIL INVITECODE PRIVS_NEEDED LIST :*")
        }
    }
}
