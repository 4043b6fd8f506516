// SPDX-License-Identifier: Apache-2.0

import COpenSSL

/// Bytes in memory as the library's own kind of stream, for reading and writing PEM.
final class MemoryBIO {
    /// The library's stream, owned by this object.
    let pointer: OpaquePointer

    /// An empty stream to write to.
    init() throws(CryptoError) {
        guard let pointer = BIO_new(BIO_s_mem()) else { throw .library("memory stream") }
        self.pointer = pointer
    }

    /// A stream that holds a copy of `bytes`.
    convenience init(reading bytes: [UInt8]) throws(CryptoError) {
        try self.init()
        var written = 0
        guard bytes.isEmpty || BIO_write_ex(pointer, bytes, bytes.count, &written) == 1,
            written == bytes.count
        else { throw .library("memory stream") }
    }

    deinit { BIO_free(pointer) }

    /// A copy of what was written and not read yet.
    func contents() -> [UInt8] {
        var start: UnsafeMutablePointer<CChar>?
        let count = plenary_BIO_get_mem_data(pointer, &start)
        guard let start, count > 0 else { return [] }
        // SAFETY: the stream owns `count` bytes at `start` and is not touched before they are copied.
        return Array(UnsafeRawBufferPointer(start: start, count: count))
    }
}
