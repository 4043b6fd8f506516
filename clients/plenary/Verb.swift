// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import PlenaryClient

/// A command: parsed by the argument library, carried out here.
package protocol Verb: ParsableCommand, Sendable {
    /// The options every command has.
    var global: GlobalOptions { get }
    /// Does the work. What goes wrong is thrown as a `Failure`, which the caller shows.
    func perform(_ surroundings: Surroundings) async throws(Failure) -> ExitCode
}

/// A command's target: `practices`, `#practices`, `practices/12` (thread 12) or `@amina.b`.
package struct Target: Hashable, Sendable {
    /// As the wire has it: `#practices/12`, or a nickname.
    package var wire: String
    /// As people write it: `practices/12`, `@amina.b`.
    package var shown: String
    /// The thread's number.
    package var thread: Int?
    /// Whether it is a person.
    package var isPerson: Bool

    /// The channel's name with `#`, without the thread; the nickname of a person.
    package var conversation: String {
        wire.split(separator: "/", maxSplits: 1).first.map(String.init) ?? wire
    }

    /// Reads a target; throws for one that cannot be.
    package init(_ text: String) throws(Failure) {
        func wrong(_ reason: String) -> Failure {
            Failure(
                .usage, "\(text) is no channel and no person", reason,
                "Write practices, practices/12 or @amina.b")
        }
        guard !text.isEmpty else { throw wrong("it is empty") }
        guard text.utf8.allSatisfy({ $0 > 32 && $0 != 127 && $0 != 44 }) else {
            throw wrong("names have no spaces and no commas")
        }
        if text.hasPrefix("@") {
            guard text.count > 1 else { throw wrong("there is no name behind the @") }
            wire = String(text.dropFirst())
            shown = text
            isPerson = true
            return
        }
        let channel = InviteLink.channelName(text)
        guard channel.utf8.count > 1 else { throw wrong("there is no name behind the #") }
        let parts = channel.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count <= 2 else { throw wrong("a thread's number stands behind one slash") }
        if parts.count == 2 {
            guard let number = Target.threadNumber(parts[1]) else {
                throw wrong("\(parts[1]) is no thread's number")
            }
            thread = number
        }
        wire = channel
        shown = String(channel.drop { $0 == "#" })
        isPerson = false
    }

    /// A thread's number, 0 for the main line: digits without leading zeros, below 2^32.
    package static func threadNumber(_ text: some StringProtocol) -> Int? {
        guard text.utf8.allSatisfy({ $0 >= 48 && $0 <= 57 }), text.utf8.count <= 10,
            text.utf8.count == 1 || !text.hasPrefix("0"), let number = Int(text), number < 1 << 32
        else { return nil }
        return number
    }

    /// The same channel with another thread; nil for the whole channel.
    package func with(thread: Int?) -> Target {
        var target = self
        target.thread = thread
        target.wire = conversation + (thread.map { "/\($0)" } ?? "")
        target.shown = String(target.wire.drop { $0 == "#" })
        return target
    }

    /// Reads a target that must be a thread; throws for any other one.
    package static func thread(_ text: String) throws(Failure) -> Target {
        let target = try Target(text)
        guard !target.isPerson, let number = target.thread, number > 0 else {
            throw Failure(
                .usage, "\(text) is no thread", "a thread has its channel's name and a number",
                "Write practices/12 (plenary threads lists them)")
        }
        return target
    }

    /// Reads a target that must be a channel as a whole; throws for any other one.
    package static func channel(_ text: String) throws(Failure) -> Target {
        let target = try Target(text)
        guard !target.isPerson, target.thread == nil else {
            throw Failure(.usage, "\(text) is no channel", "", "Write the channel alone, such as practices")
        }
        return target
    }
}

extension Workplace {
    /// A connection that is online. It does not come back by itself: a command fails and says so.
    package func connect(
        _ what: String, profile: Profile, channels: [String] = [], queue: any OutgoingQueue = MemoryQueue(),
        alarm: Alarm? = nil, change: (inout ConnectionConfiguration) -> Void = { _ in }
    ) async throws(Failure) -> PlenaryConnection {
        var configuration = try configuration(for: profile)
        configuration.reconnects = false
        configuration.session.wantsMemberLists = false
        configuration.channels = channels
        change(&configuration)
        let connection = surroundings.connect(configuration, queue)
        alarm?.watch(connection)
        do throws(ClientError) {
            try await connection.start()
            try await connection.waitUntilOnline()
        } catch {
            let failure = Failure(error, doing: what)
            throw alarm?.translate(failure, what) ?? failure
        }
        await chooseLanguage(connection)
        return connection
    }

    /// Asks for the server's texts in the person's language. A server that has no languages refuses, and
    /// speaks as it did.
    private func chooseLanguage(_ connection: PlenaryConnection) async {
        let language = ConfigCommand.origin(of: "lang", "en", self).value
        guard language != "en" else { return }
        _ = try? await connection.request("LANGUAGE", [language])
    }

    /// Joins a channel that exists, or throws why not. Asked for its modes first, because a moderator's JOIN
    /// would create what is only misspelt.
    package func join(
        _ channel: String, _ connection: PlenaryConnection, _ what: String
    ) async throws(Failure) {
        _ = try await ask(connection, what, "MODE", [channel])
        do throws(ClientError) { try await connection.join(channel) } catch {
            throw Failure(error, doing: what)
        }
    }

    /// Enters a target's channel, does something there and closes the connection.
    package func visit<Value: Sendable>(
        _ target: Target, _ what: String,
        _ body: (PlenaryConnection) async throws(ClientError) -> Value
    ) async throws(Failure) -> Value {
        let connection = try await connect(what, profile: try profile())
        do throws(Failure) {
            if !target.isPerson { try await join(target.conversation, connection, what) }
            let value: Value
            do throws(ClientError) { value = try await body(connection) } catch {
                throw Failure(error, doing: what)
            }
            await connection.close()
            return value
        } catch {
            await connection.close()
            throw error
        }
    }

    /// Enters the profile's channels and others. One that cannot be entered is told of and left out.
    package func joinAll(
        _ others: [Target], _ connection: PlenaryConnection, _ what: String
    ) async -> [String] {
        var names = (try? profile().channels) ?? []
        names += others.filter { !$0.isPerson }.map(\.conversation)
        var joined: [String] = []
        for name in names where !joined.contains(name) {
            do throws(Failure) {
                try await join(name, connection, what)
                joined.append(name)
            } catch {
                say("\(Records.name(name)) is left out: \(error.why)")
            }
        }
        return joined
    }

    /// Sends a command and throws its refusal.
    package func ask(
        _ connection: PlenaryConnection, _ what: String, _ verb: String, _ parameters: [String] = []
    ) async throws(Failure) -> Reply {
        let reply: Reply
        do throws(ClientError) { reply = try await connection.request(verb, parameters) } catch {
            throw Failure(error, doing: what)
        }
        if let refusal = reply.refusal { throw Failure(refusal, doing: what) }
        return reply
    }
}
