// SPDX-License-Identifier: Apache-2.0

import PlenaryClient
import PlenaryTestKit
import Testing
import plenary

/// A closed community: in by invite, then by this device's key.
@Suite struct PlenaryClosedTests {
    @Test func anInviteMakesAnAccountOfThisDeviceOnce() async throws {
        let server = try await LoopbackServer.start { $0.policy.profile = .closed }
        let code = try await server.makeInvite(code: "K7QF-2M9D-TR4X", channel: "#practices")
        let link = "plenary://127.0.0.1:\(server.tlsPort)/practices#\(code)&pin=sha256:\(server.publicKeyPin)"
        let amina = try Stage()
        #expect(await amina.run("join", link, "--name", "Amina B., Kenya") == 0, "\(amina.errorOutput)")
        #expect(await amina.run("post", "practices", "hello") == 0, "\(amina.errorOutput)")
        #expect(await amina.run("history", "practices") == 0, "\(amina.errorOutput)")
        #expect(amina.outputLines.last?.hasSuffix("\tamina.b\thello") == true, "\(amina.output)")
        #expect(await amina.run("whoami") == 0)
        #expect(amina.outputLines.last == "amina.b")

        let second = try Stage()
        #expect(await second.run("join", link, "--name", "Bob") == 79, "\(second.errorOutput)")
        let wrong = link.replacing(code, with: "AAAA-AAAA-AAAA")
        #expect(await second.run("join", wrong, "--name", "Bob") == 79)
        let guest = try Stage()
        let place = ["--server", "127.0.0.1:\(server.tlsPort)", "--pin", server.publicKeyPin, "--guest"]
        #expect(await guest.run(place + ["post", "practices", "x"]) == 79, "\(guest.errorOutput)")
        try await server.stop()
    }
}
