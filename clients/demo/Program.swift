// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation

/// Plays a day of a community from beginning to end against the real programs, over TLS (docs/DEMO.md).
@main struct DemoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plenary-demo", abstract: "Play the seminar of 23 June 2023, and compile its report.",
        discussion:
            "Everything is made up but the times and the shape of the day. Nothing is left behind but the report."
    )

    @Option(help: "Where plenaryd, plenary and plenary-relay are; beside this program without it.")
    var programs: String?
    @Option(help: "Where the report goes.") var report = "demo-report.md"
    @Option(help: "A report of an earlier run, which this one must equal byte for byte.") var compare: String?
    @Flag(help: "Keep the folder with log, journals and saved chats.") var keep = false

    func run() async throws {
        let folder = try makeFolder()
        defer { if !keep { try? FileManager.default.removeItem(atPath: folder) } }
        let began = ContinuousClock.now
        let own =
            programs
            ?? URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
            .path
        let community = try DemoCommunity(
            folder: folder,
            programs: DemoProgram(
                folder: own, environment: ["HOME": folder + "/home", "PATH": "/usr/bin:/bin", "TZ": "UTC"]))
        defer { community.stop() }
        let player = try DemoPlayer(day: DemoDay(), community: community)
        try await play(player, community)
        let report = try await finish(player, community)
        try Data(report.utf8).write(to: URL(fileURLWithPath: self.report))
        if let compare {
            guard FileManager.default.contents(atPath: compare) == Data(report.utf8) else {
                throw DemoFailure("the report differs from \(compare)")
            }
            print("✓ byte for byte the report of \(compare)")
        }
        print("report: \(self.report), \(report.utf8.count) bytes; played in \(ContinuousClock.now - began)")
        if keep { print("kept: \(folder)") }
    }

    private func makeFolder() throws -> String {
        let folder = NSTemporaryDirectory() + "plenary-demo-\(UUID().uuidString.prefix(8))"
        try FileManager.default.createDirectory(
            atPath: folder + "/home", withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700])
        return folder
    }

    private func play(_ player: DemoPlayer, _ community: DemoCommunity) async throws {
        try community.clock.set(DemoDay.time(5, 0))
        try community.setUp()
        try community.start()
        try await player.gather(secretariatCode: try community.firstInvite())
        print("\(player.day.people.count) people in ten categories, \(player.tally.people) of them here")
        try await player.play()
        let tally = player.tally
        print(
            "\(tally.posts) posted, \(tally.relayed.count) relayed, \(tally.translations) translations, "
                + "\(tally.threads) threads, \(tally.refused) refused in good order")
        print(
            "\(tally.repeated) events repeated, \(tally.retried) retried, \(tally.privateDropped) private, "
                + "\(tally.forged) forged, \(tally.lost) lost by the platform, \(tally.powerCuts) power cut")
        print(
            "\(tally.floorRequests) requests for the floor, \(tally.statements) statements, "
                + "\(tally.answers) answers, \(tally.marks) outcomes")
    }

    /// Checks, and the report: compiled twice, the second time by a server that was started again.
    private func finish(_ player: DemoPlayer, _ community: DemoCommunity) async throws -> String {
        var checks = DemoChecks(day: player.day, community: community, tally: player.tally)
        try await checks.everythingOnce()
        try checks.reconciled()
        try await checks.floors()
        try await checks.feedback()
        let first = try await compile(community, isFirst: true)
        await player.end()
        community.stop()
        try community.start()
        let second = try await compile(community, isFirst: false)
        community.stop()
        guard first == second else { throw DemoFailure("the report is another one after a restart") }
        try checks.nothingPrivate()
        for line in checks.lines { print("✓ \(line)") }
        print("✓ the report is the same, byte for byte, after a restart")
        return first
    }

    private func compile(_ community: DemoCommunity, isFirst: Bool) async throws -> String {
        let home = community.folder + "/home"
        if isFirst { try await enrolSecretariat(community, home) }
        let file = community.folder + "/report.md"
        try community.programs.run(
            "plenary", ["compile", DemoDay.morning, DemoDay.afternoon, "-o", file, "--no-input"], home: home)
        return try String(contentsOfFile: file, encoding: .utf8)
    }

    /// The secretariat's own machine: a second key of the rapporteur's account would do as well.
    private func enrolSecretariat(_ community: DemoCommunity, _ home: String) async throws {
        guard let host = community.connections[Staff.secretariat.rawValue], let pin = community.pins.first
        else { throw DemoFailure("the secretariat is not there") }
        let made = try await host.request("INVITECODE", ["CREATE", "uses=1;expires=1d;role=secretariat"])
        guard let code = made.lines.first(where: { $0.isNote("INVITECODE", "CREATED") })?.parameter(3) else {
            throw DemoFailure("no invite was made: \(made.refusal?.text ?? "")")
        }
        let link = "plenary://127.0.0.1:\(community.port)/\(DemoDay.morning)#\(code)&pin=\(pin)"
        try community.programs.run(
            "plenary",
            [
                "join", link, "--account", "reporter", "--name", "Reporter", "--language", "en", "--yes",
                "--no-open", "--no-input",
            ], home: home)
    }
}
