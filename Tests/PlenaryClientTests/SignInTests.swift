// SPDX-License-Identifier: Apache-2.0

import PlenaryClient
import PlenaryCrypto
import PlenaryTerms
import Testing

/// Which way a client signs in, and what it falls back to (IRCv3 sasl-3.2; RFC 7677).
struct SignInTests {
    private let now = Timestamp(microseconds: 1_700_000_000_000_000)

    private func session(_ offer: String, token: Bool = false) -> ClientSession {
        var configuration = SessionConfiguration(nickname: "user")
        configuration.credentials = .password(account: "user", password: "pencil")
        if token {
            configuration.resumeToken = ResumeToken(account: "user", token: "abc", expires: now)
        }
        var session = ClientSession(configuration, nonce: "rOprNGfwEbeRWgbNEkqO")
        _ = session.start()
        _ = hear(&session, ":s CAP * LS :sasl=\(offer)")
        return session
    }

    private func hear(_ session: inout ClientSession, _ line: String) -> [String] {
        session.receive(Array((line + "\r\n").utf8), now: now).compactMap {
            if case .send(let bytes) = $0 {
                String(decoding: bytes, as: UTF8.self).split(separator: "\r\n").joined()
            } else {
                nil
            }
        }
    }

    private func coded(_ text: String) -> String { base64(Array(text.utf8)) }

    /// RFC 7677, 3: the messages of the example, word by word.
    @Test func scramSaysWhatTheRFCSays() {
        var session = session("PLAIN,SCRAM-SHA-256")
        #expect(hear(&session, ":s CAP * ACK :sasl") == ["AUTHENTICATE SCRAM-SHA-256"])
        let first = hear(&session, "AUTHENTICATE +")
        #expect(first == ["AUTHENTICATE " + coded("n,,n=user,r=rOprNGfwEbeRWgbNEkqO")])
        let server =
            "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096"
        let proof = hear(&session, "AUTHENTICATE " + coded(server))
        let wanted =
            "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
            + "p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ="
        #expect(proof == ["AUTHENTICATE " + coded(wanted)])
        let signature = "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="
        #expect(hear(&session, "AUTHENTICATE " + coded(signature)) == ["AUTHENTICATE +"])
        #expect(hear(&session, ":s 903 * :ok") == ["CAP END"])
    }

    /// A server that does not show that it knows the password's verifier is left.
    @Test func aServerWithoutItsSignatureIsLeft() {
        for last in ["AUTHENTICATE " + coded("v=AAAA"), ":s 903 * :ok"] {
            var session = session("PLAIN,SCRAM-SHA-256")
            _ = hear(&session, ":s CAP * ACK :sasl")
            _ = hear(&session, "AUTHENTICATE +")
            _ = hear(&session, "AUTHENTICATE " + coded("r=rOprNGfwEbeRWgbNEkqOx,s=AAAA,i=4096"))
            #expect(hear(&session, last) == [])
            #expect(session.phase == .closed)
        }
    }

    @Test func aWeakOrForeignChallengeIsNotAnswered() {
        for challenge in [
            "r=other,s=AAAA,i=4096", "r=rOprNGfwEbeRWgbNEkqO,s=AAAA,i=4096",
            "r=rOprNGfwEbeRWgbNEkqOx,s=AAAA,i=4095", "r=rOprNGfwEbeRWgbNEkqOx,s=AAAA,i=1000001", "x",
        ] {
            var session = session("SCRAM-SHA-256")
            _ = hear(&session, ":s CAP * ACK :sasl")
            _ = hear(&session, "AUTHENTICATE +")
            #expect(hear(&session, "AUTHENTICATE " + coded(challenge)) == [])
            #expect(session.phase == .closed)
        }
    }

    /// docs/extensions/resume.md: the token first; refused, the password.
    @Test func theTokenIsTriedFirstAndThenThePassword() {
        var session = session("PLAIN,EXTERNAL,PLENARY-RESUME", token: true)
        #expect(hear(&session, ":s CAP * ACK :sasl") == ["AUTHENTICATE PLENARY-RESUME"])
        #expect(hear(&session, "AUTHENTICATE +") == ["AUTHENTICATE " + coded("user\u{0}abc")])
        #expect(hear(&session, ":s 904 * :no") == ["AUTHENTICATE PLAIN"])
        #expect(session.isTokenRefused)
        #expect(hear(&session, "AUTHENTICATE +") == ["AUTHENTICATE " + coded("\u{0}user\u{0}pencil")])
        #expect(hear(&session, ":s 904 * :no") == [])
        #expect(session.phase == .closed)
    }

    @Test func anOldServerGetsThePasswordAlone() {
        var session = session("PLAIN", token: true)
        #expect(hear(&session, ":s CAP * ACK :sasl") == ["AUTHENTICATE PLAIN"])
    }
}
