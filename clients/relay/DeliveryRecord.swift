// SPDX-License-Identifier: Apache-2.0

import Glibc
import PlenaryRelay
import PlenaryTerms

/// What has been delivered, on disk, so that what comes again after a restart or after the server's memory of tokens
/// has passed is recognised.
///
/// Format, one delivery a line, fields separated by tabs:
///
///     token  message-id  time  digest  origin-id
///
/// `time` is RFC 3339; `digest` is the keyed digest of sender and text (`RelayKeys`). Neither names nor texts are in
/// it. A line that is not whole, as a power cut leaves one, is passed over. Appended at once and synced every second:
/// what a power cut takes within that second the server knows by its token.
package struct DeliveryRecord {
    /// One delivery.
    package struct Delivery: Sendable, Hashable {
        /// The server's id of the message.
        package var messageID: String
        /// Its id on the other side.
        package var originID: String
        /// The keyed digest of sender and text.
        package var digest: String
    }

    private let path: String
    private let descriptor: Int32
    private var deliveries: [String: Delivery] = [:]
    private var order: [String] = []
    private var byMessage: [String: String] = [:]
    private var digests: Set<String> = []
    private var isUnsynced = false

    /// The record in this file, which need not exist. It is made shorter only by who has it alone.
    package init(path: String, isAlone: Bool) throws(FileError) {
        self.path = path
        let bytes = try RelayFiles.readPrivate(path) ?? []
        var lines = bytes.split(separator: 10, omittingEmptySubsequences: false)
        // What stands behind the last line break was never finished.
        if !lines.isEmpty { lines.removeLast() }
        var found: [(String, String)] = []
        for line in lines {
            let fields = line.split(separator: 9, omittingEmptySubsequences: false).map {
                String(decoding: $0, as: UTF8.self)
            }
            guard fields.count == 5, !fields[0].isEmpty else { continue }
            deliveries[fields[0]] = Delivery(messageID: fields[1], originID: fields[4], digest: fields[3])
            found.append((fields[0], fields[2]))
        }
        let kept = found.suffix(RelayLimits.deliveryLimit)
        for (token, _) in found.dropLast(kept.count) { deliveries[token] = nil }
        order = kept.map(\.0)
        for delivery in deliveries.values { Self.index(delivery, &byMessage, &digests) }
        if isAlone, kept.count < lines.count || bytes.last ?? 10 != 10 {
            let known = deliveries
            let text = kept.compactMap { token, time in
                known[token].map { Self.line(token, $0, time: time) }
            }
            try RelayFiles.writePrivate(Array(text.joined().utf8), to: path)
        }
        descriptor = try RelayFiles.openAppending(path)
    }

    private static func index(
        _ delivery: Delivery, _ byMessage: inout [String: String], _ digests: inout Set<String>
    ) {
        byMessage[delivery.messageID] = delivery.originID
        digests.insert(delivery.digest)
    }

    private static func line(_ token: String, _ delivery: Delivery, time: String) -> String {
        "\(token)\t\(delivery.messageID)\t\(time)\t\(delivery.digest)\t\(delivery.originID)\n"
    }

    /// The delivery under a token.
    package subscript(_ token: String) -> Delivery? { deliveries[token] }

    /// The other side's id of a message of the channel that came from there.
    package func originID(ofMessage id: String) -> String? { byMessage[id] }

    /// Whether this was delivered once, from whatever source.
    package func has(digest: String) -> Bool { digests.contains(digest) }

    /// Notes a delivery. Throws when it cannot be written; it is known until the end of the process all the same.
    package mutating func append(
        token: String, _ delivery: Delivery, at time: Timestamp
    ) throws(FileError) {
        guard deliveries[token] == nil else { return }
        deliveries[token] = delivery
        order.append(token)
        Self.index(delivery, &byMessage, &digests)
        if order.count > RelayLimits.deliveryLimit * 2 {
            for old in order.prefix(RelayLimits.deliveryLimit) {
                if let gone = deliveries.removeValue(forKey: old) {
                    byMessage[gone.messageID] = nil
                    digests.remove(gone.digest)
                }
            }
            order.removeFirst(RelayLimits.deliveryLimit)
        }
        isUnsynced = true
        let line = Self.line(token, delivery, time: time.iso8601)
        try RelayFiles.write(Array(line.utf8), to: descriptor, path: path)
    }

    /// Puts what was noted on the disk.
    package mutating func sync() throws(FileError) {
        guard isUnsynced else { return }
        isUnsynced = false
        guard fdatasync(descriptor) == 0 else { throw FileError(system: path) }
    }
}
