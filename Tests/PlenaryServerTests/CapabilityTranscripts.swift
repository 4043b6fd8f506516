// SPDX-License-Identifier: Apache-2.0

import PlenaryTestKit
import PlenaryWire
import Testing

/// CAP (IRCv3 capability negotiation 302).
struct CapabilityTranscripts {
    /// All names that may be asked for; `sts` and, in plain text, `sasl` may not.
    static var names: [String] { CapabilityNames.table.flatMap(\.names).filter { $0 != "sts" } }

    /// "Upon receiving either a CAP LS or CAP REQ command during connection registration, the server MUST not
    /// complete registration until the client sends a CAP END command."
    @Test(
        arguments: Transport.allCases, ["CAP LS", "CAP LS 302", "CAP REQ :multi-prefix", "CAP REQ :unknown"])
    func negotiationHoldsRegistration(over transport: Transport, by line: String) async throws {
        try await Transcript.run(transport, configure: { $0.offersSearch = true }) { script in
            let ann = try await script.open("ann")
            ann.send(line, "NICK ann", "USER ann 0 * :Ann")
            let lines = await ann.drain()
            #expect(!lines.isEmpty && lines.allSatisfy { $0.hasPrefix(":plenary.test CAP * ") })
            ann.send("CAP END")
            try await ann.expect(":srv 001 ann :*")
            try await ann.skip(to: ":srv 422 *")
            ann.send("CAP END")
            try await ann.expectNothing()
        }
    }

    /// conformance.md: "CAP LS without 302 (or with 301) is one line and without values, also after
    /// registration: all names must fit into 512 bytes" — also with the longest nickname.
    @Test(arguments: Transport.allCases)
    func anOldListIsOneLineWithoutValues(over transport: Transport) async throws {
        try await Transcript.run(transport, configure: { $0.offersSearch = true }) { script in
            let nick = String(repeating: "n", count: 32)
            let ann = try await script.open("ann")
            for request in ["CAP LS", "CAP LS 301", "CAP ls", "CAP LS nonsense"] {
                ann.send(request)
                let line = try await ann.next()
                #expect(line.hasPrefix(":plenary.test CAP * LS :") && !line.contains("="))
                #expect(line.contains("userhost-in-names") && line.contains("message-tags"))
            }
            ann.send("NICK \(nick)", "USER ann 0 * :Ann", "CAP END")
            try await ann.skip(to: ":srv 422 *")
            ann.send("CAP LS")
            let line = try await ann.next()
            #expect(line.hasPrefix(":plenary.test CAP \(nick) LS :") && !line.contains("="))
            try await ann.expectNothing()
        }
    }

    /// "IRC messages are always lines of characters terminated with a CR-LF pair, and these messages SHALL NOT exceed
    /// 512 characters in length" (RFC 1459, 2.3): also for a client without 302 that enabled everything by name.
    @Test(arguments: Transport.allCases)
    func whatAnOldClientEnabledIsListedInLinesThatAreNotTooLong(over transport: Transport) async throws {
        try await Transcript.run(transport, configure: { $0.offersSearch = true }) { script in
            let ann = try await script.open("ann")
            let names = CapabilityNames.table.map { $0.names[0] }
            ann.send("NICK \(String(repeating: "n", count: 32))")
            for name in names { ann.send("CAP REQ :\(name)") }
            let enabled = await ann.drain().filter { $0.contains(" ACK ") }.count
            ann.send("CAP LIST")
            let lines = await ann.drain()
            #expect(lines.allSatisfy { $0.utf8.count <= 510 && $0.contains(" LIST :") }, "\(lines)")
            let listed = lines.flatMap { $0.split(separator: ":").last?.split(separator: " ") ?? [] }
            #expect(enabled > 30 && listed.count == enabled, "\(lines)")
        }
    }

    /// "all but the last reply MUST have a parameter containing only an asterisk"; values only for 302. "If a
    /// client sends a lower CAP version … servers SHOULD return a CAP LS reply consistent with the request's
    /// version, but keep storing the original (higher) version", and 302 implies cap-notify.
    @Test(arguments: Transport.allCases, ["302", "307"])
    func aNewListHasValuesAndContinues(over transport: Transport, version: String) async throws {
        try await Transcript.run(transport, configure: { $0.offersSearch = true }) { script in
            let ann = try await script.open("ann")
            ann.send("CAP LS \(version)")
            let lines = await ann.drain()
            #expect(lines.count > 1)
            for line in lines.dropLast() { #expect(line.hasPrefix(":plenary.test CAP * LS * :")) }
            let last = try #require(lines.last)
            #expect(last.hasPrefix(":plenary.test CAP * LS :"))
            let words = lines.flatMap { line in
                line.split(separator: " ").drop { !$0.hasPrefix(":") || $0 == ":plenary.test" }.map {
                    $0.hasPrefix(":") ? String($0.dropFirst()) : String($0)
                }
            }
            #expect(Set(words.map { $0.split(separator: "=")[0] }) == Set(Self.names.map { $0[...] }))
            #expect(words.contains("sasl=PLAIN,EXTERNAL,PLENARY-RESUME"))
            #expect(words.contains("draft/multiline=max-bytes=16384,max-lines=128"))
            #expect(words.contains("draft/account-registration=before-connect,custom-account-name"))
            ann.send("CAP LS")
            let old = try await ann.next()
            #expect(old.hasPrefix(":plenary.test CAP * LS :") && !old.contains("="))
            ann.send("CAP REQ :-cap-notify", "CAP LIST")
            try await ann.expect(":srv CAP * NAK :-cap-notify", ":srv CAP * LIST :cap-notify")
            try await ann.expectNothing()
        }
    }

    /// "The capability identifier set must be accepted as a whole, or rejected entirely." conformance.md: "ACK
    /// keeps the order asked for"; "CAP LIST with nothing enabled has an empty last parameter".
    @Test(arguments: Transport.allCases)
    func requestsAreAcceptedOrRejectedAsAWhole(over transport: Transport) async throws {
        try await Transcript.run(transport, configure: { $0.offersSearch = true }) { script in
            let ann = try await script.open("ann")
            ann.send("CAP LIST", "CAP REQ :userhost-in-names multi-prefix", "CAP LIST")
            try await ann.expect(
                ":srv CAP * LIST :", ":srv CAP * ACK :userhost-in-names multi-prefix",
                ":srv CAP * LIST :multi-prefix userhost-in-names")
            ann.send("CAP REQ :away-notify nonsense", "CAP REQ :-multi-prefix Nonsense", "CAP LIST")
            try await ann.expect(
                ":srv CAP * NAK :away-notify nonsense", ":srv CAP * NAK :-multi-prefix Nonsense",
                ":srv CAP * LIST :multi-prefix userhost-in-names")
            ann.send("CAP REQ :multi-prefix -away-notify -userhost-in-names", "CAP LIST", "CAP REQ :")
            try await ann.expect(
                ":srv CAP * ACK :multi-prefix -away-notify -userhost-in-names",
                ":srv CAP * LIST :multi-prefix",
                ":srv CAP * ACK :")
            ann.send("CAP REQ sts", "CAP REQ :sts batch")
            try await ann.expect(":srv CAP * NAK :sts", ":srv CAP * NAK :sts batch")
            ann.send("NICK ann", "USER ann 0 * :Ann", "CAP END")
            try await ann.skip(to: ":srv 422 *")
            ann.send("CAP REQ :-multi-prefix", "CAP LIST")
            try await ann.expect(":srv CAP ann ACK :-multi-prefix", ":srv CAP ann LIST :")
            try await ann.expectNothing()
        }
    }

    /// A list asked for that is too long for one reply line is answered in several, none over 512 bytes
    /// (modern.ircd.chat, "Message Format": 512 bytes with CR LF).
    @Test(arguments: Transport.allCases)
    func aLongRequestIsAnsweredInLinesThatFit(over transport: Transport) async throws {
        try await Transcript.run(transport, configure: { $0.offersSearch = true }) { script in
            let ann = try await script.open("ann")
            let many = Array(repeating: "batch", count: 82).joined(separator: " ")
            let unknown = String(repeating: "x", count: 498)
            ann.send("CAP REQ :\(many)", "CAP REQ :\(unknown)", "CAP LIST")
            var count = 0
            while count < 82 {
                let line = try await ann.next()
                try #require(line.hasPrefix(":plenary.test CAP * ACK :"))
                count += line.split(separator: " ").count { $0.hasSuffix("batch") }
            }
            try await ann.expect(":srv CAP * NAK :xxx*", ":srv CAP * LIST :batch")
            try await ann.expectNothing()
        }
    }

    /// "If a client sends a subcommand which is not in the list above … numeric 410"; conformance.md: "410
    /// repeats the subcommand".
    @Test(arguments: Transport.allCases)
    func unknownSubcommandsAreNamed(over transport: Transport) async throws {
        try await Transcript.run(transport, configure: { $0.offersSearch = true }) { script in
            let ann = try await script.open("ann")
            ann.send("CAP FOO", "CAP", "CAP :two words", "CAP ::x")
            try await ann.expect(
                ":srv 410 * FOO :Invalid CAP command", ":srv 461 * CAP :*", ":srv 410 * two_words :*",
                ":srv 410 * * :*")
            try await ann.expectNothing()
        }
    }

    /// Every name of the table can be switched on and off again, and CAP LIST shows it.
    @Test(arguments: Transport.allCases)
    func everyNameCanBeSwitchedOnAndOff(over transport: Transport) async throws {
        try await Transcript.run(transport, configure: { $0.offersSearch = true }) { script in
            let ann = try await script.register("ann")
            for name in Self.names {
                ann.send("CAP REQ \(name)", "CAP LIST", "CAP REQ -\(name)", "CAP LIST")
                try await ann.expect(
                    ":srv CAP ann ACK :\(name)", ":srv CAP ann LIST :*", ":srv CAP ann ACK :-\(name)",
                    ":srv CAP ann LIST :")
            }
            try await ann.expectNothing()
        }
    }

    /// IRCv3 sasl-3.2: "Servers MUST NAK any sasl capability request if the authentication layer is
    /// unavailable": passwords are taken under TLS only.
    @Test func plainTextIsNotOfferedSASL() async throws {
        try await Transcript.run(.plain) { script in
            let ann = try await script.open("ann")
            ann.send("CAP LS 302")
            #expect(await ann.drain().allSatisfy { !$0.contains("sasl") })
            ann.send("CAP REQ sasl", "AUTHENTICATE PLAIN")
            try await ann.expect(":srv CAP * NAK :sasl", ":srv 904 * :SASL authentication failed")
            try await ann.expectNothing()
        }
    }

    /// IRCv3 sts: "servers MUST send this key [duration] to securely connected clients … MUST send this key
    /// [port] to non-securely connected clients"; only to 302, and a request is answered NAK.
    @Test(arguments: [Transport.tls, .plain])
    func strictTransportSecurityIsAnnounced(over transport: Transport) async throws {
        try await Transcript.run(transport, configure: { $0.stsDurationSeconds = 300 }) { script in
            let ann = try await script.open("ann")
            ann.send("CAP LS", "CAP REQ sts")
            let old = try await ann.next()
            #expect(!old.contains("sts"))
            try await ann.expect(":srv CAP * NAK :sts")
            ann.send("CAP LS 302")
            let words = await ann.drain().joined(separator: " ").split(separator: " ")
            let value = try #require(words.first { $0.hasPrefix("sts=") })
            if transport == .tls {
                #expect(value == "sts=duration=300")
            } else {
                #expect(value.hasPrefix("sts=port="))
            }
        }
    }
}
