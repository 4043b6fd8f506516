// SPDX-License-Identifier: Apache-2.0

/// Where the log is and how it is cut into files.
package struct LogConfiguration: Sendable {
    /// The data directory; made with mode 0700 when it does not exist.
    package var directory: String
    /// Bytes of a segment file before the next one begins, a multiple of 4,096, at least 16 KiB.
    package var segmentByteCount: Int
    /// Seconds after which a segment that holds events is closed even when it is not full.
    package var rotationSeconds: Int
    /// Milliseconds from the last sync of a burst to its watermark; nil for none (tests write it themselves).
    package var watermarkDelayMilliseconds: Int?
    /// Whether network file systems and memory file systems are allowed. Tests only: they keep no promise.
    package var allowsAnyFileSystem: Bool
    /// Whether the next segment is zero-filled ahead, which makes each commit cheaper
    /// (docs/decisions/0024); without it, it is only reserved.
    package var fillsNextSegment: Bool

    package init(
        directory: String, segmentByteCount: Int = 64 << 20, rotationSeconds: Int = 86_400,
        watermarkDelayMilliseconds: Int? = LogLimits.watermarkDelayMilliseconds,
        allowsAnyFileSystem: Bool = false,
        fillsNextSegment: Bool = true
    ) {
        precondition(
            segmentByteCount >= 16_384 && segmentByteCount % 4_096 == 0 && segmentByteCount <= 1 << 30,
            "a segment is a multiple of 4,096 bytes, from 16 KiB to 1 GiB")
        self.directory = directory
        self.segmentByteCount = segmentByteCount
        self.rotationSeconds = rotationSeconds
        self.watermarkDelayMilliseconds = watermarkDelayMilliseconds
        self.allowsAnyFileSystem = allowsAnyFileSystem
        self.fillsNextSegment = fillsNextSegment
    }
}
