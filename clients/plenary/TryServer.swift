// SPDX-License-Identifier: Apache-2.0

import Glibc
import PlenaryClient

/// A private server on loopback in a temporary folder, set up as an operator would, with the default community.
package struct TryServer: Sendable {
    /// The folder of everything; only its user may enter it.
    let folder: String
    /// Where it listens.
    let port: UInt16
    /// Its key, and the code that lets one person in as secretariat.
    let invite: InviteLink

    /// Milliseconds that setting up, and then starting, may take.
    private static let startLimit: Int32 = 10_000

    /// What a trial needs otherwise than a community does. All visitors come from one address and tell in a
    /// moment what people say in a day; and two log segments of 64 MiB are too much for a temporary folder.
    private static let changes = [
        "storage.segment_size": "1MiB", "connections.open_per_network": "64", "session.command_burst": "off",
    ]

    // MARK: Start

    /// Sets a server up and starts it; its own texts are in `language`. End it by `TryKeeper.release`.
    static func start(
        language: String, channel: String, _ environment: [String: String]
    ) throws(Failure) -> TryServer {
        let program = try findProgram(environment)
        let folder = try makeFolder(environment)
        let pipes: (control: Int32, status: Int32)
        do throws(Failure) {
            pipes = try TryKeeper.hold(server: program, folder: folder, channel: channel)
        } catch {
            // It is empty, and nobody's but ours.
            rmdir(folder)
            throw error
        }
        defer { close(pipes.status) }
        do throws(Failure) {
            try awaitSetup(folder, pipes.status)
            let path = folder + "/server/plenaryd.yaml"
            var changes = changes
            changes["server.language"] = language
            try write(adjusted(try read(path), changes), to: path)
            try tell("go\n", pipes.control)
            let port = try awaitListening(folder, pipes.status)
            // The link that was printed names port 0, for the kernel had not chosen one yet.
            let secrets = try read(folder + "/invite").drop { $0 != "#" }.prefix { !$0.isNewline }
            let invite = try InviteLink("plenary://127.0.0.1:\(port)/\(channel)\(secrets)")
            return TryServer(folder: folder, port: port, invite: invite)
        } catch {
            TryKeeper.release()
            throw error
        }
    }

    /// Beside this program, as they are built and installed together; else where the shell would find it.
    private static func findProgram(_ environment: [String: String]) throws(Failure) -> String {
        var buffer = [UInt8](repeating: 0, count: Int(PATH_MAX))
        let count = readlink("/proc/self/exe", &buffer, buffer.count)
        var folders: [Substring] = []
        if count > 0 {
            let own = String(decoding: buffer[..<count], as: UTF8.self)
            folders.append(own[..<(own.lastIndex(of: "/") ?? own.startIndex)])
        }
        folders += (environment["PATH"] ?? "").split(separator: ":")
        for folder in folders where access("\(folder)/plenaryd", X_OK) == 0 { return "\(folder)/plenaryd" }
        throw Failure(
            .unavailable, "no server was started",
            "its program, plenaryd, is neither beside this one nor in PATH",
            "Build it: swift build -c release --product plenaryd")
    }

    private static func makeFolder(_ environment: [String: String]) throws(Failure) -> String {
        var place = environment["TMPDIR"] ?? ""
        // A relative path would mean another place to a server that works elsewhere.
        if !place.hasPrefix("/") { place = "/tmp" }
        while place.count > 1, place.hasSuffix("/") { place.removeLast() }
        var template = Array("\(place)/plenary-try-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else {
            throw Failure(
                .cannotCreate, "no server was started", "no folder can be made in \(place): error \(errno)",
                "Name another place: TMPDIR=/path plenary try")
        }
        return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    private static func awaitSetup(_ folder: String, _ status: Int32) throws(Failure) {
        var waiting = pollfd(fd: status, events: Int16(POLLIN), revents: 0)
        while true {
            let count = poll(&waiting, 1, startLimit)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw notStarted(folder, "it was not set up in time") }
            break
        }
        var answer: UInt8 = 0
        guard Glibc.read(status, &answer, 1) == 1, answer == UInt8(ascii: "0") else {
            throw notStarted(folder, "it could not be set up")
        }
    }

    /// The port, once the server listens. It tells so by a file, and its end by closing the pipe.
    private static func awaitListening(_ folder: String, _ status: Int32) throws(Failure) -> UInt16 {
        for _ in 0..<(startLimit / 2) {
            if access(folder + "/listening", R_OK) == 0 {
                let words = try read(folder + "/listening").split(whereSeparator: \.isWhitespace)
                guard words.count >= 3, words[0] == "tls", let port = UInt16(words[2]) else {
                    throw notStarted(folder, "it does not say where it listens")
                }
                return port
            }
            var waiting = pollfd(fd: status, events: 0, revents: 0)
            if poll(&waiting, 1, 2) > 0 { throw notStarted(folder, "it ended at once") }
        }
        throw notStarted(folder, "it did not listen in time")
    }

    /// With the last line of the server's own log, which says more.
    private static func notStarted(_ folder: String, _ reason: String) -> Failure {
        let log = (try? FileAccess.read(folder + "/log")).map { String(decoding: $0, as: UTF8.self) } ?? ""
        let last = log.split(whereSeparator: \.isNewline).last.map { ": \($0)" } ?? ""
        return Failure(.unavailable, "no server was started", reason + last)
    }

    // MARK: Files

    private static func read(_ path: String) throws(Failure) -> String {
        do throws(FileError) { return String(decoding: try FileAccess.read(path), as: UTF8.self) } catch {
            throw Failure(.unavailable, "no server was started", "\(error)")
        }
    }

    private static func write(_ text: String, to path: String) throws(Failure) {
        do throws(FileError) { try FileAccess.writePrivate(Array(text.utf8), to: path) } catch {
            throw Failure(.cannotWrite, "no server was started", "\(error)")
        }
    }

    private static func tell(_ text: String, _ descriptor: Int32) throws(Failure) {
        do throws(FileError) {
            try FileAccess.write(Array(text.utf8), to: descriptor, path: "the keeper's pipe")
        } catch {
            throw Failure(.unavailable, "no server was started", "\(error)")
        }
    }

    /// A configuration with other values of some keys, each named with its section: `limits.topic`. Throws for
    /// one that is not there, which means that this program and the server are not of one version.
    package static func adjusted(_ text: String, _ changes: [String: String]) throws(Failure) -> String {
        var left = changes
        var section: Substring = ""
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            guard let colon = line.firstIndex(of: ":"), let first = line.first, first != "#" else {
                return String(line)
            }
            if first != " " { section = line[..<colon] }
            let key = line[..<colon].drop { $0 == " " }
            guard let value = left.removeValue(forKey: "\(section).\(key)") else { return String(line) }
            return line[..<colon] + ": " + value
        }
        guard left.isEmpty else {
            throw Failure(
                .configuration, "no server was started",
                "its configuration has no \(left.keys.sorted().joined(separator: ", "))",
                "Use plenary and plenaryd of one version.")
        }
        return lines.joined(separator: "\n")
    }
}
