// SPDX-License-Identifier: Apache-2.0

import PlenaryTestKit
import Testing

/// OPER and KILL.
struct OperatorsTranscripts {
    /// conformance.md: "OPER gives 381 and one MODE line"; modern.ircd.chat, "OPER message": a wrong password is
    /// 464. The role is the account's; `MODE -o` gives it back, `MODE +o` alone gives nothing.
    @Test(arguments: Transport.allCases)
    func operatorsShowTheirPassword(over transport: Transport) async throws {
        try await Transcript.run(transport) { script in
            try await script.addAccount("root", password: "correct horse", role: .secretariat)
            try await script.addAccount("bob", password: "correct horse")
            let ann = try await script.register("ann", capabilities: ["labeled-response", "batch"])
            ann.send("MODE ann +o", "OPER root", "OPER root wrong", "OPER bob :correct horse")
            try await ann.expect(
                ":srv 461 ann OPER :*", ":srv 464 ann :Password incorrect", ":srv 464 ann :Password incorrect"
            )
            ann.send("@label=o OPER ROOT :correct horse", "MODE ann", "LUSERS", "WHOIS ann")
            try await ann.expect(
                "@label=o :srv BATCH +<b> labeled-response",
                "@batch=<b> :srv 381 ann :You are now an operator of this server",
                "@batch=<b> :ann!* MODE ann +o",
                ":srv BATCH -<b>", ":srv 221 ann +o", ":srv 251 *", ":srv 252 ann 1 :operator(s) online")
            try await ann.skip(to: ":srv 313 ann ann :is an administrator of this server")
            try await ann.skip(to: ":srv 318 *")
            ann.send("MODE ann -o", "MODE ann")
            try await ann.expect(":ann!* MODE ann -o", ":srv 221 ann +")
            ann.send("OPER root nonsense")
            try await ann.expect(":srv 464 *", "ERROR :Closing link: Too many failed sign-ins")
        }
    }

    /// conformance.md: "KILL without being an operator is 481"; once the connection is closed, the others have
    /// their QUIT and the nick is free. All devices of the person end.
    @Test(arguments: Transport.allCases)
    func administratorsMayDisconnect(over transport: Transport) async throws {
        try await Transcript.run(transport) { script in
            try await script.addAccount("root", password: "correct horse", role: .secretariat)
            try await script.addAccount("mod", password: "correct horse", role: .moderator)
            try await script.addAccount("eve", password: "correct horse")
            let root = try await script.register("root", password: "correct horse")
            let mod = try await script.register("mod", password: "correct horse")
            let phone = try await script.register("eve", password: "correct horse")
            let laptop = try await script.register("eve", password: "correct horse")
            for client in [mod, phone, laptop] {
                client.send("JOIN #c")
                await client.drain()
            }
            await mod.drain()
            mod.send("KILL eve :go", "KILL eve")
            try await mod.expect(":srv 481 mod :*", ":srv 461 mod KILL :*")
            root.send("KILL nobody :go", "KILL EVE :spamming")
            try await root.expect(":srv 401 root nobody :*")
            for device in [phone, laptop] {
                try await device.expect("ERROR :Closing link: Disconnected by root: spamming")
                try await device.expectClosed()
            }
            try await mod.expect(":eve!* QUIT :Disconnected by root: spamming")
            root.send("WHOIS eve")
            try await root.expect(":srv 401 root eve :*", ":srv 318 *")
            try await mod.expectNothing()
            root.send("KILL root :enough")
            try await root.expect("ERROR :Closing link: Disconnected by root: enough")
            try await root.expectClosed()
        }
    }
}
