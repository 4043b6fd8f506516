// SPDX-License-Identifier: Apache-2.0

import PlenaryNet
import Synchronization

/// Brings what the gate let through to the shards. The network is made after the community that speaks
/// through it, so the shards are filled in once, before anybody is connected.
final class DeliveryRelay: Sendable {
    private let shards = Mutex<[IOShard]>([])

    func use(_ shards: [IOShard]) { self.shards.withLock { $0 = shards } }

    /// Called on the log's queue, one round after the other; by the community's while the log waits for room.
    func deliver(_ batches: [ShardBatch]) {
        let shards = self.shards.withLock { $0 }
        for (shard, batch) in zip(shards, batches) where !batch.items.isEmpty {
            shard.post { shard in
                guard let edge = shard.handler as? Edge else {
                    preconditionFailure("the handler of every shard is an edge")
                }
                edge.deliver(batch, on: shard)
            }
        }
    }
}
