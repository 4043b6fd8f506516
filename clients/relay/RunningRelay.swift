// SPDX-License-Identifier: Apache-2.0

import PlenaryClient
import PlenaryRelay

/// A relay while it runs: its link to the server, its sign of life, and its status file.
package struct RunningRelay: Sendable {
    /// The link.
    package let link: ServerLink
    private let station: Station
    private let adapter: String
    private let channels: [String]
    private let started: Timestamp

    /// Connects and begins; a server that cannot be reached is tried again for ever.
    package static func start(
        _ station: Station, adapter: String, channels: [String], hears: Bool, switchesOn: Bool
    ) async throws(Failure) -> RunningRelay {
        guard !station.settings.contact.isEmpty || !station.settings.consent.isEmpty else {
            throw Failure(
                .configuration, "people must be told whom to ask for erasure", "",
                "Set `contact` in the settings.")
        }
        try station.makeFolder()
        let isAlone: Bool
        let record: DeliveryRecord
        do throws(FileError) {
            isAlone = try RelayFiles.claim("\(station.folder)/running")
            record = try DeliveryRecord(path: "\(station.folder)/delivered", isAlone: isAlone)
        } catch { throw Failure(error, doing: "the relay's record cannot be used", .cannotCreate) }
        guard isAlone else {
            throw Failure(
                .configuration, "another relay runs with \(station.folder)", "",
                "Give each its own folder: --state FOLDER")
        }
        let connection = try station.connection(channels: hears ? channels : [], reconnects: true)
        let link = ServerLink(
            connection, station.settings, record: record, keys: try station.digestKey(), now: Station.now,
            log: Station.log)
        do throws(ClientError) { try await link.start() } catch {
            throw Failure(error, doing: "the relay cannot begin")
        }
        let relay = RunningRelay(
            link: link, station: station, adapter: adapter, channels: channels, started: Station.now())
        Task { await relay.beat(switchesOn: switchesOn) }
        Task { await relay.keepStatus() }
        return relay
    }

    /// Gives the server a sign of life, again and again; at the first one, looks whether channels take relays.
    private func beat(switchesOn: Bool) async {
        var seen: Set<String> = []
        while await link.ending == nil {
            for channel in channels where await link.connection.isOnline {
                do throws(ClientError) {
                    if seen.insert(channel).inserted { try await look(at: channel, switchesOn: switchesOn) }
                    try await link.connection.beat(of: channel, counters: link.counters.beat)
                } catch {
                    seen.remove(channel)
                    Station.log("no sign of life for \(channel): \(error)")
                }
            }
            // The first beat follows the first connection.
            let pause = seen.isEmpty ? 1 : RelayLimits.beatSeconds
            guard (try? await Task.sleep(for: .seconds(pause))) != nil else { return }
        }
    }

    private func look(at channel: String, switchesOn: Bool) async throws(ClientError) {
        guard try await !link.connection.relayStatus(of: channel).isOn else { return }
        if switchesOn {
            try await link.connection.setRelay(true, in: channel)
            Station.log("\(channel) takes relayed messages now; its people were told")
        } else {
            Station.log("\(channel) takes no relayed messages yet: a moderator types RELAY \(channel) ON")
        }
    }

    private func keepStatus() async {
        var lastProblem = ""
        while true {
            let ending = await link.ending
            let status = StatusFile(
                adapter: adapter, channels: channels, started: started, updated: Station.now(),
                isOnline: await link.connection.isOnline, counters: await link.counters,
                meetings: await link.meetings)
            do throws(FileError) {
                let bytes = Array((status.json.encoded + "\n").utf8)
                try RelayFiles.writePrivate(bytes, to: "\(station.folder)/status.json", isSynced: false)
                lastProblem = ""
            } catch {
                if lastProblem != "\(error)" { Station.log("the status cannot be written: \(error)") }
                lastProblem = "\(error)"
            }
            guard ending == nil, (try? await Task.sleep(for: .seconds(5))) != nil else { return }
        }
    }

    /// What must be told on the other side, unless it was told within some hours.
    package func consentLine(channel: String, other: String) -> String? {
        let path = "\(station.folder)/consent"
        // A file that cannot be read is none: it is told again.
        let bytes = (try? RelayFiles.readPrivate(path)) ?? nil
        let last = bytes.flatMap { Timestamp(iso8601: $0.prefix { $0 != 10 }) }
        let now = Station.now()
        guard Self.isConsentDue(at: now, last: last) else { return nil }
        do throws(FileError) {
            try RelayFiles.writePrivate(Array((now.iso8601 + "\n").utf8), to: path)
        } catch { Station.log("when it was told cannot be kept: \(error)") }
        return station.settings.consentLine(channel: channel, other: other)
    }

    /// Whether it is told (again), having been told at that time.
    package static func isConsentDue(at now: Timestamp, last: Timestamp?) -> Bool {
        last.map { now >= $0.advanced(bySeconds: RelayLimits.consentHours * 3600) } ?? true
    }

    /// Ends, and tells with what code: that of the connection if it ended for good.
    package func finish() async -> ExitCode {
        let ending = await link.ending
        await link.stop()
        guard let ending else { return .done }
        let failure = Failure(ending, doing: "the relay has ended")
        for line in failure.lines { Output.say(line) }
        return failure.code
    }
}

/// What `plenary-relay status` shows.
package struct StatusFile: Sendable, Hashable {
    /// Which adapter runs.
    package var adapter: String
    /// Its channels.
    package var channels: [String]
    /// When it began.
    package var started: Timestamp
    /// When this was written.
    package var updated: Timestamp
    /// Whether the server is connected.
    package var isOnline: Bool
    /// What it has counted.
    package var counters: RelayCounters
    /// Meetings of which it was told, and whether they run.
    package var meetings: [String: Bool]

    /// One object.
    package var json: JSONValue {
        .object([
            "v": .integer(1), "adapter": .string(adapter), "channels": .array(channels.map { .string($0) }),
            "started": .string(started.iso8601), "updated": .string(updated.iso8601),
            "online": .bool(isOnline),
            "counters": .object(
                counters.named.map { JSONValue.Member(name: $0.name, value: .integer($0.value)) }),
            "meetings": .object(
                meetings.sorted { $0.key < $1.key }.map {
                    JSONValue.Member(name: $0.key, value: .string($0.value ? "running" : "ended"))
                }),
        ])
    }
}
