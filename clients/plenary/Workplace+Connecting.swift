// SPDX-License-Identifier: Apache-2.0

import PlenaryClient

/// Connections that last for one command.
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
        KnownChannels.remember([channel], self)
    }

    /// Connects, does one thing and closes the connection.
    package func once<Value: Sendable>(
        _ what: String, _ body: (PlenaryConnection) async throws(ClientError) -> Value
    ) async throws(Failure) -> Value {
        let connection = try await connect(what, profile: try profile())
        let value = try await ask(connection, what, body)
        await connection.close()
        return value
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

    /// Asks something on a connection; what goes wrong is a failure of `what`, and the connection is closed.
    package func ask<Value: Sendable>(
        _ connection: PlenaryConnection, _ what: String,
        _ body: (PlenaryConnection) async throws(ClientError) -> Value
    ) async throws(Failure) -> Value {
        do throws(ClientError) { return try await body(connection) } catch {
            await connection.close()
            throw Failure(error, doing: what)
        }
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
