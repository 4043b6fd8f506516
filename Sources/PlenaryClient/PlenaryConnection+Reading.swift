// SPDX-License-Identifier: Apache-2.0

import PlenaryWire

/// How far this account has read (IRCv3 read-marker), and taking messages out (IRCv3 message-redaction).
extension PlenaryConnection {
    /// Says that everything up to a moment has been read: of a channel with all its threads, of one thread
    /// (`#c/12`), of the main line (`#c/0`) or of a direct conversation. Returns the marker that holds, which
    /// is a later one where more had been read already.
    @discardableResult
    public func markRead(_ target: String, upTo time: Timestamp) async throws(ClientError) -> Timestamp {
        guard let marker = try await marker(target, ["timestamp=" + time.iso8601]) else {
            throw .protocolViolation("the server kept no marker for \(target)")
        }
        return marker
    }

    /// How far this account has read; nil when nothing has been.
    public func marker(of target: String) async throws(ClientError) -> Timestamp? {
        try await marker(target, [])
    }

    private func marker(_ target: String, _ words: [String]) async throws(ClientError) -> Timestamp? {
        try require(
            session.capabilities.contains("draft/read-marker"),
            "this server keeps no markers of reading (draft/read-marker)")
        let reply = try await answer("MARKREAD", [target] + words)
        let folded = session.features.fold(target)
        for line in reply.lines.reversed() where line.verb == "MARKREAD" {
            guard let name = line.parameter(0), session.features.fold(name) == folded,
                let marker = ReadMarker(line)
            else { continue }
            return marker.time
        }
        throw .protocolViolation("the server did not tell the marker of \(target)")
    }

    /// Takes a message out of a conversation: its text is gone for everybody, for ever. `redacted` follows.
    public func redact(
        _ messageID: String, in target: String, reason: String? = nil
    ) async throws(ClientError) {
        try require(
            session.capabilities.contains("draft/message-redaction"),
            "this server takes no message out (draft/message-redaction)")
        _ = try await answer("REDACT", [target, messageID] + (reason.map { [$0] } ?? []))
    }
}
