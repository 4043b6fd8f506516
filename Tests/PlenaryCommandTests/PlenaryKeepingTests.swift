// SPDX-License-Identifier: Apache-2.0

import PlenaryClient
import PlenaryDomain
import PlenaryServer
import PlenaryTestKit
import Testing
import plenary

/// erase, hold, retain and mydata, against a real server with two of the secretariat.
@Suite struct PlenaryKeepingTests {
    private func signedIn(_ name: String, _ server: LoopbackServer) async throws -> Stage {
        let stage = try Stage(input: "correct horse\n")
        let place = ["login", "127.0.0.1:\(server.tlsPort)", "--pin", server.publicKeyPin]
        let code = await stage.run(place + ["--account", name, "--password-stdin"])
        #expect(code == 0, "\(stage.errorOutput)")
        stage.forget()
        return stage
    }

    private func run(
        _ body: (LoopbackServer, _ amina: Stage, _ sec: Stage, _ two: Stage) async throws -> Void
    ) async throws {
        let server = try await LoopbackServer.start { $0.policy.profile = .closed }
        for (name, role) in [("amina", ServerRole.member), ("sec", .secretariat), ("two", .secretariat)] {
            try await server.addAccount(name, password: "correct horse", role: role)
        }
        try await body(
            server, try await signedIn("amina", server), try await signedIn("sec", server),
            try await signedIn("two", server))
        try await server.stop()
    }

    @Test func whatIsErasedIsGoneFromTheHistory() async throws {
        try await run { _, amina, sec, _ in
            #expect(await amina.run("post", "practices", "a slip of the pen") == 0)
            let id = try #require(amina.outputLines.last)
            // Nobody can be asked here, so that nothing is done without --yes.
            #expect(await amina.run("erase", "message", "practices", id) == 64)
            #expect(await sec.run("hold", "on", "practices", "--reason", "inquiry") == 0)
            #expect(await amina.run("erase", "message", "practices", id, "--yes") == 77)
            #expect(amina.errorOutput.contains("A legal hold keeps it."), "\(amina.errorOutput)")
            #expect(await sec.run("hold", "list") == 0)
            #expect(sec.outputLines.last?.hasPrefix("#practices\t") ?? false)
            #expect(await sec.run("hold", "off", "practices") == 0)
            #expect(
                await amina.run("erase", "message", "practices", id, "--yes") == 0, "\(amina.errorOutput)")
            amina.forget()
            #expect(await amina.run("history", "practices") == 0)
            #expect(amina.outputLines == [])
        }
    }

    @Test func twoOfTheSecretariatForgetAPerson() async throws {
        try await run { _, amina, sec, two in
            #expect(await amina.run("erase", "account", "sec", "--yes") == 77)
            #expect(await sec.run("erase", "account", "amina", "--reason", "asked", "--yes") == 0)
            #expect(sec.errorOutput.contains("Somebody else of the secretariat confirms"))
            #expect(await sec.run("erase", "account", "@amina", "--yes") == 77)
            #expect(await two.run("erase", "list", "--json") == 0)
            #expect(
                two.outputLines.last?.contains("\"state\":\"proposed\",\"what\":\"amina\",\"by\":\"sec\"")
                    ?? false)
            #expect(await two.run("erase", "account", "amina", "--yes") == 0)
            #expect(two.errorOutput.contains("amina is being forgotten."))
            #expect(await amina.run("whoami") == 79)
        }
    }

    @Test func daysAreSetAndPrinted() async throws {
        try await run { _, amina, sec, _ in
            #expect(await sec.run("retain", "practices", "365", "--yes") == 0, "\(sec.errorOutput)")
            #expect(await amina.run("retain", "practices") == 0)
            #expect(amina.outputLines.last == "365")
            #expect(await amina.run("retain", "practices", "forever") == 77)
            #expect(await sec.run("retain", "practices", "forever") == 0)
            #expect(sec.outputLines.last == "forever")
        }
    }

    @Test func ownRecordsAreOneJSONObjectALine() async throws {
        try await run { _, amina, sec, _ in
            #expect(await amina.run("post", "practices", "one; two=three \\ four 好") == 0)
            #expect(await sec.run("post", "practices", "not hers") == 0)
            amina.forget()
            #expect(await amina.run("mydata") == 0, "\(amina.errorOutput)")
            let lines = amina.outputLines
            #expect(lines.contains { $0.contains("\"kind\":\"account\",\"fields\":{\"name\":\"amina\"") })
            #expect(lines.contains { $0.contains("\"kind\":\"device-added\"") })
            #expect(lines.contains { $0.contains("\"text\":\"one; two=three \\\\ four 好\"") })
            #expect(!amina.output.contains("not hers"))
        }
    }
}
