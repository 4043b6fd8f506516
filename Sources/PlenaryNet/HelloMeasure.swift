// SPDX-License-Identifier: Apache-2.0

/// Reads from a client's first bytes how long its ClientHello will be (RFC 8446, 4 and 5.1). The library makes room
/// for all of a message as soon as its length is there, up to 128 KiB for nine bytes, so that it must not see them.
struct HelloMeasure {
    /// A record's header and a message's.
    private static let byteCount = 9
    private static let handshakeRecord: UInt8 = 22
    private static let clientHello: UInt8 = 1

    private let byteLimit: Int
    private var start: [UInt8] = []

    init(byteLimit: Int) { self.byteLimit = byteLimit }

    /// Looks at what comes next; throws when the hello is longer than the limit, or hides how long it is.
    mutating func look(at bytes: UnsafeRawBufferPointer) throws(TLSError) {
        guard start.count < HelloMeasure.byteCount, !bytes.isEmpty else { return }
        // SAFETY: at most nine bytes are copied, within the bounds that the buffer knows, while the caller lends it.
        start += bytes.prefix(HelloMeasure.byteCount - start.count)
        // What is no handshake the library refuses by itself.
        guard start.count == HelloMeasure.byteCount, start[0] == HelloMeasure.handshakeRecord else { return }
        guard Int(start[3]) << 8 | Int(start[4]) >= 4 else {
            throw .protocolFailed(reason: 0, text: "a first record without a whole header of a message")
        }
        let length = Int(start[6]) << 16 | Int(start[7]) << 8 | Int(start[8])
        guard start[5] != HelloMeasure.clientHello || length <= byteLimit else {
            throw .protocolFailed(reason: 0, text: "a ClientHello of \(length) bytes")
        }
    }
}
