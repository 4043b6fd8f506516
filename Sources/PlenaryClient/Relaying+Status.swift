// SPDX-License-Identifier: Apache-2.0

import PlenaryTerms
import PlenaryWire

/// How the relay of a channel does (docs/extensions/relay.md, "RELAY").
public struct RelayStatus: Sendable, Hashable {
    /// The channel with its `#`.
    public var channel: String
    /// Whether the channel takes relayed messages.
    public var isOn: Bool
    /// Who relays; nil before the first sign of life.
    public var relay: String?
    /// The last sign of life.
    public var lastBeat: Timestamp?
    /// What the relay counts: `in`, `duplicate`, `private-dropped`, `late`, `refused`.
    public var counters: [String: Int]

    /// `RELAY <channel> STATUS <on or off> <relay or *> <time or *> <counters>`.
    package init?(_ line: ServerLine) {
        guard line.verb == "RELAY", line.parameter(1) == "STATUS", let channel = line.parameter(0),
            let word = line.parameter(2)
        else { return nil }
        self.channel = channel
        isOn = word == "on"
        relay = line.parameter(3).flatMap { $0 == "*" ? nil : $0 }
        lastBeat = line.parameter(4).flatMap { Timestamp(iso8601: $0.utf8) }
        counters = Attributes.read(line.parameter(5) ?? "").compactMapValues { Decimal.number($0) }
    }
}

extension Message {
    /// The relay that brought it; nil for what was said here.
    public var relayedBy: String? { tags[RelayedPost.capability] }
    /// The platform that it comes from, such as `zoom`.
    public var origin: String? { tags[RelayedPost.originTag] }
    /// Whether it came when its session was over.
    public var isLate: Bool { tags[Vendor.name + "/late"] != nil }
}

extension PlenaryConnection {
    /// How the relay of a channel does.
    public func relayStatus(of channel: String) async throws(ClientError) -> RelayStatus {
        try await relay(channel, ["STATUS"])
    }

    /// Has every sign of life of the channel's relay told by `ClientEvent.relay`, until the channel is left.
    public func watchRelay(of channel: String) async throws(ClientError) -> RelayStatus {
        try await relay(channel, ["WATCH"])
    }

    /// Lets a channel take relayed messages, or no more.
    public func setRelay(_ isOn: Bool, in channel: String) async throws(ClientError) {
        _ = try await answer("RELAY", [channel, isOn ? "ON" : "OFF"])
    }

    private func relay(_ channel: String, _ words: [String]) async throws(ClientError) -> RelayStatus {
        let lines = try await answer("RELAY", [channel] + words).lines
        guard let status = lines.compactMap({ RelayStatus($0) }).last else {
            throw .protocolViolation("the server did not tell how the relay of \(channel) does")
        }
        return status
    }
}
