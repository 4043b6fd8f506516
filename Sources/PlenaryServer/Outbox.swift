// SPDX-License-Identifier: Apache-2.0

import PlenaryNet
import PlenaryTerms

/// What leaves the community's queue for one shard, in order.
package struct ShardBatch: Sendable {
    package enum Item: Sendable {
        case send(Chunk, to: ConnectionID)
        case fan(Fan)
        /// Send what is queued, then close.
        case close(ConnectionID)
        /// The session is registered: full send queue, and time-outs of a registered session. `isUnlimited`: it speaks
        /// for many, and may say as much as they do.
        case registered(ConnectionID, isUnlimited: Bool)
    }

    package var items: [Item] = []
}

/// The same bytes for many. Who is excepted gets only the parts that are not its own.
package struct Fan: Sendable {
    /// Shared with the audience's cache; never copied for a message.
    package var recipients: [ConnectionID]
    package var bytes: [UInt8]
    /// Parts of `bytes` that a recipient does not get, in order.
    package var exceptions: [(recipient: ConnectionID, range: Range<Int>)] = []
}

/// Collects deliveries of one round of the community's queue, by shard.
///
/// Order: whatever two deliveries have a recipient in common leave in the order in which they were put
/// here. Consecutive deliveries to one unchanged audience become one run of bytes.
struct Outbox {
    private(set) var batches: [ShardBatch]
    /// The audience of the last items, while nothing else came between; with its item in each shard by group.
    private var openAudience: UInt64 = 0
    private var openFans: [Int] = []

    init(shardCount: Int) { batches = Array(repeating: ShardBatch(), count: shardCount) }

    var isEmpty: Bool { batches.allSatisfy { $0.items.isEmpty } }

    mutating func send(_ bytes: [UInt8], to session: SessionID) {
        guard !bytes.isEmpty else { return }
        add(.send(Chunk(bytes), to: session.connection), session)
    }

    mutating func close(_ session: SessionID) { add(.close(session.connection), session) }

    mutating func registered(_ session: SessionID, isUnlimited: Bool) {
        add(.registered(session.connection, isUnlimited: isUnlimited), session)
    }

    private mutating func add(_ item: ShardBatch.Item, _ session: SessionID) {
        openAudience = 0
        batches[session.connection.shard].items.append(item)
    }

    /// The same event to an audience, in one form for each of its groups; an empty form is for nobody.
    mutating func fan(_ forms: [[UInt8]], to audience: Audience, except sender: SessionID?) {
        if openAudience != audience.id {
            openAudience = audience.id
            openFans.removeAll(keepingCapacity: true)
            for _ in 0..<audience.groups.count * batches.count { openFans.append(-1) }
        }
        for (group, form) in zip(audience.groups.indices, forms) where !form.isEmpty {
            for shard in batches.indices where !audience.groups[group].recipients[shard].isEmpty {
                fan(form, group: group, shard: shard, audience, sender?.connection)
            }
        }
    }

    private mutating func fan(
        _ form: [UInt8], group: Int, shard: Int, _ audience: Audience, _ sender: ConnectionID?
    ) {
        let isExcepted = sender.map { $0.shard == shard && audience.groups[group].contains($0) } ?? false
        let place = group * batches.count + shard
        let index = openFans[place]
        guard index >= 0 else {
            openFans[place] = batches[shard].items.count
            var fan = Fan(recipients: audience.groups[group].recipients[shard], bytes: form)
            if isExcepted, let sender { fan.exceptions.append((sender, 0..<form.count)) }
            batches[shard].items.append(.fan(fan))
            return
        }
        // Taken out while it grows, so that its bytes are not copied.
        guard case .fan(var fan) = batches[shard].items[index] else {
            preconditionFailure("an open fan is a fan")
        }
        batches[shard].items[index] = .close(ConnectionID(rawValue: 0))
        let start = fan.bytes.count
        fan.bytes += form
        if isExcepted, let sender { fan.exceptions.append((sender, start..<fan.bytes.count)) }
        batches[shard].items[index] = .fan(fan)
    }

    /// Empties the box.
    mutating func take() -> [ShardBatch] {
        openAudience = 0
        let taken = batches
        batches = Array(repeating: ShardBatch(), count: taken.count)
        return taken
    }
}

extension SessionID {
    package init(_ connection: ConnectionID) { self.init(connection.rawValue) }
    var connection: ConnectionID { ConnectionID(rawValue: value) }
}
