// SPDX-License-Identifier: Apache-2.0

import PlenaryTestKit
import Testing

/// MONITOR and extended-monitor.
struct PresenceMonitorTranscripts {
    /// IRCv3 monitor: 730 and 731 when targets are added, come and go; 732 and 733 for `L`; `-` and `C` are
    /// silent. conformance.md: "731 names the nick as it was last spelled; a change of case is no news."
    @Test(arguments: Transport.allCases)
    func watchersAreToldOfComingAndGoing(over transport: Transport) async throws {
        try await Transcript.run(transport) { script in
            let ann = try await script.register("ann")
            _ = try await script.register("here")
            ann.send("MONITOR + HERE,bob,bob,1wrong", "MONITOR L", "MONITOR S", "MONITOR l")
            try await ann.expect(
                ":srv 730 ann :here!~here@*", ":srv 731 ann :bob", ":srv 732 ann :*",
                ":srv 733 ann :End of MONITOR list",
                ":srv 730 ann :here!~here@*", ":srv 731 ann :bob", ":srv 732 ann :*", ":srv 733 ann :*")
        }
        try await Transcript.run(transport) { script in
            let ann = try await script.register("ann")
            ann.send("MONITOR + bob,eve")
            try await ann.expect(":srv 731 ann :bob,eve")
            let bob = try await script.register("Bob")
            try await ann.expect(":srv 730 ann :Bob!~Bob@*")
            bob.send("NICK BOB", "NICK rob", "NICK eve")
            try await ann.expect(":srv 731 ann :BOB", ":srv 730 ann :eve!~Bob@*")
            bob.send("QUIT")
            try await ann.expect(":srv 731 ann :eve")
            ann.send("MONITOR - EVE", "MONITOR L", "MONITOR C", "MONITOR L")
            try await ann.expect(":srv 732 ann :bob", ":srv 733 ann :*", ":srv 733 ann :*")
            let eve = try await script.register("eve")
            eve.disconnect()
            try await ann.expectNothing()
        }
    }

    /// 734: "the limit parameter is the maximum number of targets …, the targets parameter is the list of
    /// targets, as the client sent them, that cannot be added"; ISUPPORT MONITOR=100.
    @Test(arguments: Transport.allCases)
    func monitorListsAreLimited(over transport: Transport) async throws {
        try await Transcript.run(transport) { script in
            let ann = try await script.register("ann")
            for start in stride(from: 0, to: 99, by: 33) {
                ann.send("MONITOR + " + (start..<start + 33).map { "nick\($0)" }.joined(separator: ","))
            }
            await ann.drain()
            ann.send("MONITOR + hundred,Over,MORE", "MONITOR + nick5", "MONITOR", "MONITOR +", "MONITOR x y")
            try await ann.expect(
                ":srv 731 ann :hundred", ":srv 734 ann 100 Over,MORE :Monitor list is full.",
                ":srv 731 ann :nick5",
                ":srv 461 ann MONITOR :*", ":srv 461 ann MONITOR :*", ":srv 461 ann MONITOR :*")
            ann.send("MONITOR L")
            let lines = try await ann.skip(to: ":srv 733 *")
            #expect(lines.dropLast().flatMap { $0.split(separator: ",") }.count == 100)
        }
    }

    /// IRCv3 extended-monitor: "If away-notify is also enabled, the client will get AWAY notifications for
    /// monitored nicks", likewise ACCOUNT, CHGHOST and SETNAME; whether the watched one has the capability does
    /// not matter (conformance.md). Nobody gets anything twice.
    @Test(arguments: Transport.allCases)
    func extendedMonitorFollowsChanges(over transport: Transport) async throws {
        try await Transcript.run(transport) { script in
            try await script.addAccount("bobby", password: "correct horse")
            let all = ["extended-monitor", "away-notify", "account-notify", "chghost", "setname"]
            let ann = try await script.register("ann", capabilities: all)
            let eve = try await script.register("eve", capabilities: ["extended-monitor", "setname"])
            let max = try await script.register("max", capabilities: Array(all.dropFirst()))
            let bob = try await script.register("bob", capabilities: ["sasl"])
            for client in [ann, eve, max] {
                client.send("MONITOR + bob")
                try await client.expect(":srv 730 * :bob!*")
            }
            ann.send("JOIN #c")
            await ann.drain()
            bob.send("JOIN #c", "AWAY :out", "AWAY", "SETNAME :Robert")
            try await ann.expect(
                ":bob!* JOIN #c", ":bob!* AWAY :out", ":bob!* AWAY", ":bob!* SETNAME :Robert")
            try await eve.expect(":bob!* SETNAME :Robert")
            bob.send("AUTHENTICATE PLAIN", "AUTHENTICATE \(bob.plain("bobby", "correct horse"))")
            try await ann.expect(":bob!~bob@<old> CHGHOST ~bob <new>", ":bob!~bob@<new> ACCOUNT bobby")
            try await eve.expectNothing()
            try await max.expectNothing()
            try await ann.expectNothing()
        }
    }
}
