// SPDX-License-Identifier: Apache-2.0

import Glibc
import PlenaryNet
import Testing

struct SegmentSizeTests {
    /// RFC 9293, 3.8.6.3: "an ACK SHOULD be generated for at least every second full-sized segment"; a single one may
    /// be acknowledged up to 500 ms later. A page of history waited for that once for each 64 KiB.
    @Test func aSegmentIsNeverAsLargeAsTheSendBuffer() async throws {
        let net = try Loopback(reaction: Loopback.silence)
        let listener = try await net.server.listen(on: Loopback.anyPort)
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        try #require(descriptor >= 0)
        defer { close(descriptor) }
        var name = sockaddr_in()
        name.sin_family = sa_family_t(AF_INET)
        name.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        name.sin_port = listener.address.port.bigEndian
        let isConnected = withUnsafePointer(to: &name) { pointer in
            // SAFETY: sockaddr_in begins as sockaddr does, and its size is given.
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        try #require(isConnected == 0)
        var segment: Int32 = 0
        var size = socklen_t(MemoryLayout<Int32>.size)
        try #require(getsockopt(descriptor, Int32(IPPROTO_TCP), TCP_MAXSEG, &segment, &size) == 0)
        let limits = NetLimits()
        #expect(Int(segment) <= limits.segmentByteLimit)
        #expect(limits.segmentByteLimit * 4 <= limits.kernelSendBufferByteCount)
        await net.end()
    }
}
