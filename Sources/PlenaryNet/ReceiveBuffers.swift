// SPDX-License-Identifier: Apache-2.0

/// The two buffers a shard receives into, one connection after the other: bytes from the socket, and
/// what TLS makes of them. Shared, so that an idle connection has none.
final class ReceiveBuffers {
    let wire: UnsafeMutableRawBufferPointer
    let plain: UnsafeMutableRawBufferPointer

    init(readByteLimit: Int) {
        let count = min(max(readByteLimit, 1024), 1 << 20)
        // SAFETY: allocated here, freed once in `deinit`, lent only for calls of the owning shard.
        wire = .allocate(byteCount: count, alignment: 16)
        // Besides what comes in, a record that had begun earlier may become complete: 16 KiB.
        plain = .allocate(byteCount: count + 32_768, alignment: 16)
    }

    deinit {
        wire.deallocate()
        plain.deallocate()
    }
}
