// SPDX-License-Identifier: Apache-2.0

import PlenaryDomain
import PlenaryServer
import PlenaryTestKit

/// One server with a session of each role, and a channel of its own for each role and place.
final class PermissionStage {
    let script: Transcript
    let boss: TranscriptClient
    private let stranger: TranscriptClient
    private let victim: TranscriptClient
    private var clients: [MatrixRole: TranscriptClient] = [:]
    private var target: TranscriptClient?
    private var missingCount = 0

    private static let password = "correct horse"
    private static let capabilities = ["message-tags", "echo-message"]

    init(_ script: Transcript) async throws {
        self.script = script
        for (name, role) in [
            ("boss", ServerRole.secretariat), ("stranger", .member), ("victim", .member), ("target", .member),
            ("observer", .observer), ("member", .member), ("desk", .languageDesk),
            ("rapporteur", .rapporteur), ("technician", .technician), ("moderator", .moderator),
            ("chair", .member), ("secretary", .secretariat),
        ] {
            try await script.addAccount(name, password: PermissionStage.password, role: role)
        }
        boss = try await PermissionStage.arrive(script, "boss")
        stranger = try await PermissionStage.arrive(script, "stranger")
        victim = try await PermissionStage.arrive(script, "victim")
    }

    /// The closed profile for those with an account; guests are let in by the open one alone.
    static func run(guests: Bool, _ body: (PermissionStage) async throws -> Void) async throws {
        let prepare = { (configuration: inout ServerConfiguration) in
            configuration.policy.profile = guests ? .open : .closed
            configuration.offersSearch = true
        }
        try await Transcript.run(.memory, configure: prepare) { script in
            try await body(try await PermissionStage(script))
        }
    }

    private static func arrive(_ script: Transcript, _ name: String) async throws -> TranscriptClient {
        try await script.register(name, capabilities: capabilities, password: password)
    }

    private func nickname(_ role: MatrixRole) -> String {
        switch role {
        case .languageDesk: "desk"
        case .channelModerator: "chair"
        case .secretariat: "secretary"
        case .guest, .observer, .member, .rapporteur, .technician, .moderator: role.rawValue
        }
    }

    private func client(_ role: MatrixRole) async throws -> TranscriptClient {
        if let known = clients[role] { return known }
        let made =
            role == .guest
            ? try await script.register("guest", capabilities: PermissionStage.capabilities)
            : try await PermissionStage.arrive(script, nickname(role))
        clients[role] = made
        return made
    }

    // MARK: Walking

    /// What all rows come to for one role in one place.
    func walk(
        _ role: MatrixRole, _ place: MatrixPlace, _ rows: [MatrixRow]
    ) async throws -> [String: Verdict] {
        let client = try await client(role)
        var found: [String: Verdict] = [:]
        guard place != .anywhere else {
            for row in rows { found[row.command] = try await elsewhere(row, client) }
            return found
        }
        let channel =
            "#\(place == .publicChannel ? "open" : place == .inside ? "in" : "out")-\(role.rawValue)"
        try await prepare(channel, isPrivate: place != .publicChannel)
        for row in rows {
            if place == .outside {
                // Whoever may enter without having been let in has entered by JOIN.
                client.send("PART \(channel)")
                await client.drain()
            } else {
                await enter(channel, client, role)
            }
            found[row.command] = try await cell(row, channel, client, role, isInside: place != .outside)
        }
        return found
    }

    private func prepare(_ channel: String, isPrivate: Bool) async throws {
        boss.send("JOIN \(channel)", "THREAD \(channel) CREATE * :First", "PRIVMSG \(channel) :hello")
        if isPrivate { boss.send("MODE \(channel) +is") }
        boss.send("INVITE victim \(channel)")
        await boss.drain()
        victim.send("JOIN \(channel)")
        await victim.drain()
    }

    /// Lets the person in, as far as the role can be let in.
    private func enter(_ channel: String, _ client: TranscriptClient, _ role: MatrixRole) async {
        boss.send("INVITE \(client.name) \(channel)")
        await boss.drain()
        client.send("JOIN \(channel)")
        await client.drain()
        guard role == .channelModerator else { return }
        boss.send("MODE \(channel) +o \(client.name)")
        await boss.drain()
        await client.drain()
    }

    private func cell(
        _ row: MatrixRow, _ channel: String, _ client: TranscriptClient, _ role: MatrixRole, isInside: Bool
    ) async throws -> Verdict {
        var message = "AAAAAAAAAAAAAAAAAAAAAA"
        switch row.needs {
        case .nothing: break
        case .absence:
            client.send("PART \(channel)")
            await client.drain()
            if isInside { boss.send("INVITE \(client.name) \(channel)") }
        case .ownMessage:
            client.send("PRIVMSG \(channel) :mine")
            message = await identifier(in: await client.drain()) ?? message
        case .othersMessage:
            boss.send("PRIVMSG \(channel) :theirs")
            message = await identifier(in: await boss.drain()) ?? message
        }
        await boss.drain()
        await client.drain()
        missingCount += 1
        let missing = "#none-\(missingCount)"
        let answer = await say(row, channel, message, client)
        let reference = await say(row, missing, message, client)
        for line in row.after { boss.send(line.replacing("%c", with: channel)) }
        await boss.drain()
        if row.command == "KICK" {
            victim.send("JOIN \(channel)")
            await victim.drain()
        }
        if answer == reference { return .unknown }
        return PermissionStage.isRefusal(answer) ? .no : .yes
    }

    /// What is answered, with the channel's name taken out.
    private func say(
        _ row: MatrixRow, _ channel: String, _ message: String, _ client: TranscriptClient
    ) async -> [String] {
        for line in row.lines {
            client.send(line.replacing("%c", with: channel).replacing("%m", with: message))
        }
        return await client.drain().map { $0.replacing(channel, with: "%c") }
    }

    private func identifier(in lines: [String]) async -> String? {
        let tags = lines.last { $0.contains(" PRIVMSG ") && $0.hasPrefix("@") }?
            .dropFirst().split(separator: " ").first?.split(separator: ";")
        return tags?.first { $0.hasPrefix("msgid=") }.map { String($0.dropFirst("msgid=".count)) }
    }

    private func elsewhere(_ row: MatrixRow, _ client: TranscriptClient) async throws -> Verdict {
        if row.command == "KILL", target == nil {
            target = try await PermissionStage.arrive(script, "target")
        }
        for line in row.lines { client.send(line) }
        let answer = await client.drain()
        let isRefused = PermissionStage.isRefusal(answer)
        if row.command == "KILL", !isRefused { target = nil }
        return isRefused ? .no : .yes
    }

    static func isRefusal(_ lines: [String]) -> Bool {
        lines.contains { line in
            let words = line.split(separator: " ").drop { $0.hasPrefix("@") || $0.hasPrefix(":") }
            guard let verb = words.first else { return false }
            return verb == "FAIL" || (Int(verb).map { (400...599).contains($0) } ?? false)
        }
    }
}
