// SPDX-License-Identifier: Apache-2.0

import Glibc
import Synchronization

/// A server of this build with the people on it, in a temporary folder. However the test ends, a shell that
/// reads a pipe of ours notices, ends what was started, and removes the folder.
final class Community: Sendable {
    // MARK: Fixed at creation

    /// The folder of everything: the server's files, a home for each person, the socket of tmux.
    let folder: String
    /// The terminals of its people.
    let multiplexer: Multiplexer
    /// Ends the keeper when it is closed.
    private let control: Int32

    // MARK: Guarded

    private struct Running {
        var process: pid_t = 0
        var port: UInt16 = 0
        var plainPort: UInt16 = 0
        /// Links by the channel they open, each good for many.
        var invites: [String: String] = [:]
    }

    private let running = Mutex(Running())

    /// The one that all cases share which leave it alive.
    static let shared = Task { try await Community() }

    /// Each case has a channel of its own, and what happens in one is no news in another.
    static let channels = [
        "arrival", "arabic", "commands", "crash", "direct", "drafts", "flood", "frozen", "hostile", "keys",
        "layout", "lobby", "lost", "menus", "moderation", "narrow", "pasting", "pages", "plain", "practices",
        "question-ar", "question-ru", "replies", "search", "session-ar", "session-ru", "small", "stops",
        "storm", "talk",
        "threads",
        "unread", "wide",
    ]

    /// Ends everything that is named in the folder's files.
    private static let keeper = """
        read -r stop
        for process in $(cat "$1/processes"); do kill -9 "$process"; done
        for socket in "$1"/terminals/*; do tmux -S "$socket" kill-server; done
        cd /
        # What was ended may be writing still.
        for attempt in 1 2 3 4 5; do rm -rf -- "$1" && break; sleep 0.2; done
        """

    /// What a test needs otherwise than a community does: people come from one address, and type faster.
    private static let changes = [
        ("segment_size: 64MiB", "segment_size: 1MiB"),
        ("open_per_network: 16", "open_per_network: 1024"), ("open_per_site: 64", "open_per_site: 1024"),
        ("new_per_network: 32", "new_per_network: 4096"), ("command_burst: 10", "command_burst: off"),
        ("new_accounts_per_day: 3", "new_accounts_per_day: off"),
        ("byte_burst: 16KiB", "byte_burst: 1MiB"), ("bytes_per_second: 4KiB", "bytes_per_second: 1MiB"),
        ("  history: 10/10s", "  history: off"), ("  join: 10/10s", "  join: off"),
        ("  thread: 10/1m", "  thread: off"), ("  search: 10/1m", "  search: off"),
        ("  profile: 20/1m", "  profile: off"), ("  create_channel: 5/10m", "  create_channel: off"),
    ]

    init() async throws {
        var template = Array("/tmp/plenary-ends-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw Command.Failure(description: "no folder: \(errno)") }
        folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        control = try Command.startReader(["sh", "-c", Community.keeper, "sh", folder])
        mkdir(folder + "/terminals", 0o700)
        mkdir(folder + "/people", 0o700)
        multiplexer = try Multiplexer(folder: folder)
        try await Command.demand(
            [
                try Command.path(of: "plenaryd"), "setup", "localhost", "--directory", folder + "/server",
                "--address", "127.0.0.1", "--port", "0", "--any-file-system", "--profile", "open",
            ], home: folder)
        try adjust()
        try await start(port: 0)
    }

    deinit { close(control) }

    private func adjust() throws {
        let path = folder + "/server/plenaryd.yaml"
        var text = try TextFile.read(path)
        for (former, new) in Community.changes {
            guard text.contains(former) else { throw Command.Failure(description: "no \(former) in \(path)") }
            text = text.replacing(former, with: new)
        }
        // Senders that no client would be need no TLS.
        let plain = "listeners:\n  - address: 127.0.0.1\n    port: 0\n    tls: no\n"
        text = text.replacing(/listeners:[^\n]*\n/, with: plain)
        try TextFile.write(text, to: path)
        let channels = Community.channels.map { name in
            """
              - name: \(name)
                titles:
                  en: "Asking for and sharing practices"
                  ar: "طلب الممارسات وتبادلها"

            """
        }
        try TextFile.write("channels:\n" + channels.joined(), to: folder + "/server/community.yaml")
    }

    // MARK: The server

    var port: UInt16 { running.withLock { $0.port } }
    var plainPort: UInt16 { running.withLock { $0.plainPort } }

    /// Starts the server; at a port that it had before, or at any.
    func start(port: UInt16) async throws {
        let path = folder + "/server/plenaryd.yaml"
        if port != 0 {
            let text = try TextFile.read(path)
            try TextFile.write(
                text.replacing(/port: \d+(\s[^\n]*)?\n    tls: yes/) {
                    "port: \(port)\($0.output.1 ?? "")\n    tls: yes"
                },
                to: path)
        }
        let listening = folder + "/listening"
        unlink(listening)
        let process = try Command.start(
            [
                try Command.path(of: "plenaryd"), "run", "--config", path, "--listening-file", listening,
            ], home: folder, log: folder + "/log")
        try TextFile.append("\(process)\n", to: folder + "/processes")
        try await Patience.wait("the server to listen") {
            access(listening, R_OK) == 0
        } orElse: {
            (try? TextFile.read(self.folder + "/log")) ?? ""
        }
        var ports: [Substring: UInt16] = [:]
        for line in try TextFile.read(listening).split(separator: "\n") {
            let words = line.split(separator: " ")
            if words.count == 3 { ports[words[0]] = UInt16(words[2]) }
        }
        running.withLock { [ports] in
            $0.process = process
            $0.port = ports["tls"] ?? 0
            $0.plainPort = ports["plain"] ?? 0
        }
    }

    /// Sends the server a signal.
    func signal(_ number: Int32) { kill(running.withLock { $0.process }, number) }

    /// Ends the server without a chance to say another thing.
    func killServer() {
        signal(SIGKILL)
        Command.wait(for: running.withLock { $0.process })
    }

    // MARK: People

    /// Somebody new with a home of their own, in channels, the first of which the client opens.
    ///
    /// An invite's role counts in the closed profile only, so it is given by the operator.
    func join(
        _ account: String, _ channels: [String], role: String = "member", language: String = "en"
    ) async throws -> Resident {
        let home = folder + "/people/" + account
        mkdir(home, 0o700)
        let link = try await invite(channels[0])
        let person = Resident(account: account, home: home, community: self)
        try await person.plenary(
            "join", link, "--name", account, "--account", account, "--language", language, "--no-open",
            "--yes")
        try person.add(channels: Array(channels.dropFirst()))
        if role != "member" {
            try await Command.demand(
                [
                    try Command.path(of: "plenaryd"), "account", "role", "--config",
                    folder + "/server/plenaryd.yaml", account, role,
                ], home: folder)
        }
        return person
    }

    private func invite(_ channel: String) async throws -> String {
        if let known = running.withLock({ $0.invites[channel] }) { return known }
        let output = try await Command.demand(
            [
                try Command.path(of: "plenaryd"), "invite", "create", "--config",
                folder + "/server/plenaryd.yaml", "--channel", channel, "--uses", "1000",
            ], home: folder)
        guard let secrets = output.split(separator: "#").last?.prefix(while: { !$0.isWhitespace }) else {
            throw Command.Failure(description: "no invite: \(output)")
        }
        let link = "plenary://127.0.0.1:\(port)/\(channel)#\(secrets)"
        running.withLock { $0.invites[channel] = link }
        return link
    }
}

/// Somebody of the community, with a home folder.
struct Resident: Sendable {
    let account: String
    let home: String
    let community: Community

    /// Runs a command of theirs, which has to succeed; what it printed.
    @discardableResult
    func plenary(_ words: String..., input: String = "") async throws -> String {
        try await Command.demand([try Command.path(of: "plenary")] + words, home: home, input: input)
    }

    /// Posts texts, each a message.
    func post(_ texts: [String], to channel: String) async throws {
        try await plenary("post", "--lines", channel, input: texts.map { $0 + "\n" }.joined())
    }

    /// The texts of a channel on the server, the oldest first.
    func texts(of channel: String, limit: Int = 200) async throws -> [String] {
        try await plenary("history", "--limit", String(limit), channel).split(separator: "\n").map {
            String($0.split(separator: "\t", omittingEmptySubsequences: false).last ?? "")
        }
    }

    /// Another device of theirs: a home that knows the same key.
    func secondDevice() async throws -> Resident {
        let other = home + "-2"
        try await Command.demand(["cp", "-a", home, other], home: home)
        return Resident(account: account, home: other, community: community)
    }

    /// Has the client go to the server by another way.
    func setServer(_ server: String) throws {
        let path = home + "/.config/plenary/config"
        try TextFile.write(
            try TextFile.read(path).replacing(/server = \S+/, with: "server = \(server)"), to: path)
    }

    /// Has the client enter channels besides the first.
    func add(channels: [String]) throws {
        let path = home + "/.config/plenary/config"
        let text = try TextFile.read(path)
        let lines = channels.map { "channel = \($0)\n" }.joined()
        try TextFile.write(text + (text.hasSuffix("\n") ? "" : "\n") + lines, to: path)
    }
}

/// Files as text.
enum TextFile {
    static func read(_ path: String) throws -> String {
        guard let file = fopen(path, "r") else { throw Command.Failure(description: "no \(path)") }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = fread(&buffer, 1, buffer.count, file)
            guard count > 0 else { break }
            bytes += buffer[..<count]
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    static func write(_ text: String, to path: String) throws { try put(text, path, "w") }
    static func append(_ text: String, to path: String) throws { try put(text, path, "a") }

    private static func put(_ text: String, _ path: String, _ mode: String) throws {
        guard let file = fopen(path, mode) else { throw Command.Failure(description: "cannot write \(path)") }
        defer { fclose(file) }
        fputs(text, file)
    }
}

/// Waiting for facts. Nothing here waits for a time to pass, but a fact that does not come is a failure.
enum Patience {
    /// Seconds after which a fact is taken not to come: far more than any takes on a machine that is busy.
    static let limit = Duration.seconds(30)

    /// Returns once the fact holds; throws, with what is there instead, when it does not come.
    static func wait(
        _ what: String, for limit: Duration = Patience.limit, until isSo: () async throws -> Bool,
        orElse instead: () async -> String
    ) async throws {
        let end = ContinuousClock.now + limit
        while try await !isSo() {
            guard ContinuousClock.now < end else {
                throw Command.Failure(description: "waited for \(what), and there is\n\(await instead())")
            }
            try await yield()
        }
    }

    /// Leaves the machine to others for a moment before the next look.
    static func yield() async throws { try await Task.sleep(for: .milliseconds(5)) }
}
