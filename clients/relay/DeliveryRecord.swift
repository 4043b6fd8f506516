// SPDX-License-Identifier: Apache-2.0

import Glibc
import PlenaryRelay
import PlenaryTerms

/// What has been delivered, on disk, so that what comes again after a restart or after the server's memory of tokens
/// has passed is recognised.
///
/// Format, one delivery a line, fields separated by tabs:
///
///     token  message-id  time  digest  origin-id  said  channel
///
/// `time`, of the delivery, and `said`, at the origin, are RFC 3339, the latter empty where it was not told; `digest`
/// is the keyed digest of sender and text (`RelayKeys`). Neither names nor texts are in it. A line that is not whole,
/// as a power cut leaves one, is passed over. Appended at once and synced every second: what a power cut takes within
/// that second the server knows by its token.
package struct DeliveryRecord {
    /// One delivery.
    package struct Delivery: Sendable, Hashable {
        /// The server's id of the message.
        package var messageID: String
        /// Its id on the other side.
        package var originID: String
        /// The keyed digest of sender and text.
        package var digest: String
        /// When it was said there, if that was told.
        package var said: Timestamp?
        /// Where it was delivered to; empty in records of older relays.
        package var channel: String

        /// A delivery of these parts.
        package init(
            messageID: String, originID: String, digest: String, said: Timestamp?, channel: String
        ) {
            self.channel = channel
            self.messageID = messageID
            self.originID = originID
            self.digest = digest
            self.said = said
        }
    }

    private let path: String
    private let descriptor: Int32
    private var deliveries: [String: Delivery] = [:]
    private var order: [String] = []
    private var byMessage: [String: String] = [:]
    private var digests: Set<String> = []
    /// Tokens of what came out of saved files, by digest, as long as no other delivery was known for it.
    private var imports: [String: [String]] = [:]
    private var isUnsynced = false
    /// Bytes of the file that were read.
    private var knownByteCount = 0

    /// The record in this file, which need not exist. It is made shorter only by who has it alone.
    package init(path: String, isAlone: Bool) throws(FileError) {
        self.path = path
        let bytes = try RelayFiles.readPrivate(path) ?? []
        let (found, lineCount) = Self.read(bytes)
        let kept = found.suffix(RelayLimits.deliveryLimit)
        var text: [UInt8]?
        if isAlone, kept.count < lineCount || bytes.last ?? 10 != 10 {
            text = kept.flatMap { Self.line($0.token, $0.delivery, time: $0.time).utf8 }
        }
        if let text { try RelayFiles.writePrivate(text, to: path) }
        descriptor = try RelayFiles.openAppending(path)
        knownByteCount = text?.count ?? bytes.count
        for one in kept { take(one.token, one.delivery) }
    }

    /// The deliveries of whole lines, and how many whole lines there are. What stands behind the last line break was
    /// never finished.
    private static func read(
        _ bytes: some BidirectionalCollection<UInt8>
    ) -> (found: [(token: String, delivery: Delivery, time: String)], lineCount: Int) {
        var lines = bytes.split(separator: 10, omittingEmptySubsequences: false)
        if !lines.isEmpty { lines.removeLast() }
        let found: [(token: String, delivery: Delivery, time: String)] = lines.compactMap { line in
            let fields = line.split(separator: 9, omittingEmptySubsequences: false).map {
                String(decoding: $0, as: UTF8.self)
            }
            // Records of older relays do not tell when it was said, and where.
            guard fields.count == 5 || fields.count == 7, !fields[0].isEmpty else { return nil }
            let delivery = Delivery(
                messageID: fields[1], originID: fields[4], digest: fields[3],
                said: fields.count == 7 ? Timestamp(iso8601: fields[5].utf8) : nil,
                channel: fields.count == 7 ? fields[6] : "")
            return (fields[0], delivery, fields[2])
        }
        return (found, lines.count)
    }

    private mutating func take(_ token: String, _ delivery: Delivery) {
        guard deliveries[token] == nil else { return }
        deliveries[token] = delivery
        order.append(token)
        digests.insert(delivery.digest)
        if token.hasPrefix(RelayKeys.savedPrefix) {
            imports[delivery.digest, default: []].append(token)
        } else if let claimed = imports[delivery.digest]?.firstIndex(where: {
            deliveries[$0]?.messageID == delivery.messageID
        }) {
            imports[delivery.digest]?.remove(at: claimed)
        }
        byMessage[delivery.messageID] = delivery.originID
    }

    private static func line(_ token: String, _ delivery: Delivery, time: String) -> String {
        "\(token)\t\(delivery.messageID)\t\(time)\t\(delivery.digest)\t\(delivery.originID)"
            + "\t\(delivery.said?.iso8601 ?? "")\t\(delivery.channel)\n"
    }

    /// Reads what others have added meanwhile: `reconcile` beside a running relay.
    package mutating func catchUp() throws(FileError) {
        let added = try RelayFiles.readPrivate(path, from: knownByteCount) ?? []
        guard let end = added.lastIndex(of: 10) else { return }
        knownByteCount += end + 1
        for one in Self.read(added[...end]).found { take(one.token, one.delivery) }
    }

    /// A message that came out of a saved file into this channel with these words, said within some minutes of that
    /// time, and that no delivery of another way is known for.
    package func importedDelivery(digest: String, said: Timestamp, channel: String) -> Delivery? {
        imports[digest]?.lazy.compactMap { deliveries[$0] }.first { delivery in
            guard delivery.channel == channel, let time = delivery.said else { return false }
            return abs(time.seconds - said.seconds) <= RelayLimits.matchToleranceSeconds
        }
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
        take(token, delivery)
        if order.count > RelayLimits.deliveryLimit * 2 {
            for old in order.prefix(RelayLimits.deliveryLimit) {
                if let gone = deliveries.removeValue(forKey: old) {
                    byMessage[gone.messageID] = nil
                    digests.remove(gone.digest)
                    imports[gone.digest]?.removeAll { $0 == old }
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
