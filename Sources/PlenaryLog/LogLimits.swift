// SPDX-License-Identifier: Apache-2.0

/// Every bound of the log, with its unit and what happens there.
package enum LogLimits {
    /// Bytes of one record's body. `EventCodec` never reaches it with the domain's limits; a longer
    /// event is our own mistake and stops the server before anything of it is written.
    package static let bodyByteLimit = 65_536
    /// Bytes of one event inside a snapshot, where one event may gather many (remembered tokens).
    package static let snapshotBodyByteLimit = 8 << 20
    /// Records of one batch, that is of one write and one sync. What waits beyond it is the next batch.
    package static let batchRecordLimit = 4_096
    /// Bytes of one batch; whichever bound comes first ends it.
    package static let batchByteLimit = 1 << 20
    /// Bytes waiting for the disk at which the server stops reading from clients.
    package static let pendingByteLimit = 8 << 20
    /// Milliseconds from the last sync of a burst to its watermark (docs/DURABILITY.md, "The window").
    package static let watermarkDelayMilliseconds = 200
    /// Milliseconds between looks at the free space while it is low.
    package static let spaceCheckMilliseconds = 2_000
    /// Milliseconds until a group that found no room is written again.
    package static let heldRetryMilliseconds = 250
    /// Records between two entries of an index's sparse part.
    package static let sparseIndexStride = 64
    /// Records one history query may look at. A query that reaches it answers with what it has.
    package static let historyScanRecordLimit = 5_000
    /// Bytes of loaded indexes of sealed segments kept; the least recently used goes first.
    package static let indexCacheByteLimit = 64 << 20
    /// Open descriptors of sealed segments kept by the history reader.
    package static let openSegmentLimit = 64
    /// Bytes between two wanted records that are read through rather than skipped.
    package static let readThroughByteLimit = 8 << 10
    /// Bytes of one read of a segment by the history reader.
    package static let historyReadByteLimit = 1 << 20
    /// Bytes of records in one stretch of a scan; the record that reaches it is the last.
    package static let scanByteLimit = 1 << 20
    /// Bytes of one read while records are passed over by offset; a longer record is read by itself.
    package static let scanReadByteLimit = 32 << 10
    /// Index entries waiting for the history reader before it is woken to take them.
    package static let indexInboxLimit = 8_192
    /// Bytes of a rewritten segment gathered before they are written.
    package static let rewriteStepByteCount = 1 << 20
    /// Snapshots kept, the newest and one before it.
    package static let keptSnapshotCount = 2
    /// Seconds a segment must last for the next one to be zero-filled ahead rather than only reserved.
    package static let filledSegmentSeconds = 30
    /// Bytes zero-filled at a time in the next segment, each step synced by itself so that it never
    /// holds up a commit for long.
    package static let fillStepByteCount = 1 << 20
}
