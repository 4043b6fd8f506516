// SPDX-License-Identifier: Apache-2.0

import Glibc

/// An IPv4 or IPv6 address with a port.
package struct NetworkAddress: Hashable, Sendable, CustomStringConvertible {
    /// The address family.
    package enum Family: UInt8, Sendable {
        case ipv4
        case ipv6
    }

    /// Whether it is IPv4 or IPv6. An IPv4-mapped IPv6 address counts as IPv4.
    package let family: Family
    /// The first 64 bits of the IPv6 or IPv4-mapped form, in host byte order.
    package let high: UInt64
    /// The last 64 bits of the IPv6 or IPv4-mapped form, in host byte order.
    package let low: UInt64
    /// The TCP port.
    package let port: UInt16
    /// The interface a link-local address belongs to, or 0.
    package let scope: UInt32

    private static let mappedPrefix: UInt64 = 0xFFFF_0000_0000

    /// An IPv4 address in host byte order.
    package init(ipv4 address: UInt32, port: UInt16) {
        family = .ipv4
        high = 0
        low = NetworkAddress.mappedPrefix | UInt64(address)
        self.port = port
        scope = 0
    }

    /// An IPv6 address; an IPv4-mapped one becomes IPv4.
    package init(ipv6High: UInt64, low: UInt64, port: UInt16, scope: UInt32 = 0) {
        let isMapped = ipv6High == 0 && low >> 32 == 0xFFFF
        family = isMapped ? .ipv4 : .ipv6
        high = ipv6High
        self.low = low
        self.port = port
        self.scope = isMapped ? 0 : scope
    }

    /// The address that `text` writes in numbers, such as `127.0.0.1` or `::1`.
    package init(numeric text: String, port: UInt16) throws(NetError) {
        var four = in_addr()
        if inet_pton(AF_INET, text, &four) == 1 {
            self.init(ipv4: UInt32(bigEndian: four.s_addr), port: port)
            return
        }
        var six = in6_addr()
        guard inet_pton(AF_INET6, text, &six) == 1 else { throw .notAnAddress(text) }
        let (high, low) = NetworkAddress.words(of: six)
        self.init(ipv6High: high, low: low, port: port)
    }

    private init(_ other: NetworkAddress, port: UInt16) {
        family = other.family
        high = other.high
        low = other.low
        scope = other.scope
        self.port = port
    }

    /// The same host at another port.
    package func withPort(_ port: UInt16) -> NetworkAddress { NetworkAddress(self, port: port) }

    /// 16 bytes in network order; an IPv4 address in its IPv4-mapped form.
    package var bytes: [UInt8] {
        [high, low].flatMap { word in
            stride(from: 56, through: 0, by: -8).map { UInt8(truncatingIfNeeded: word >> UInt64($0)) }
        }
    }

    /// The four bytes of an IPv4 address, in host byte order.
    var ipv4Word: UInt32 { UInt32(truncatingIfNeeded: low) }

    /// Whether it can only be this host itself.
    package var isLoopback: Bool {
        switch family {
        case .ipv4: ipv4Word >> 24 == 127
        case .ipv6: high == 0 && low == 1
        }
    }

    /// The address without the port, as it is written in numbers.
    package var host: String {
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        let isWritten: Bool
        switch family {
        case .ipv4:
            var address = in_addr(s_addr: ipv4Word.bigEndian)
            isWritten = inet_ntop(AF_INET, &address, &text, socklen_t(text.count)) != nil
        case .ipv6:
            var address = NetworkAddress.in6(high, low)
            isWritten = inet_ntop(AF_INET6, &address, &text, socklen_t(text.count)) != nil
        }
        precondition(isWritten, "Every address has a text that fits.")
        return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    package var description: String {
        family == .ipv4 ? "\(host):\(port)" : "[\(host)]:\(port)"
    }

    // MARK: The kernel's form

    /// The address in the kernel's form; nil for another family.
    init?(_ storage: sockaddr_storage) {
        // SAFETY: the kernel filled the storage with the structure its family names, and the
        // storage is large enough for each.
        var storage = storage
        switch Int32(storage.ss_family) {
        case AF_INET:
            let four = withUnsafeBytes(of: &storage) { $0.loadUnaligned(as: sockaddr_in.self) }
            self.init(ipv4: UInt32(bigEndian: four.sin_addr.s_addr), port: UInt16(bigEndian: four.sin_port))
        case AF_INET6:
            let six = withUnsafeBytes(of: &storage) { $0.loadUnaligned(as: sockaddr_in6.self) }
            let (high, low) = NetworkAddress.words(of: six.sin6_addr)
            self.init(
                ipv6High: high, low: low, port: UInt16(bigEndian: six.sin6_port), scope: six.sin6_scope_id)
        default:
            return nil
        }
    }

    /// Lends the kernel's form and its size in bytes.
    func withSocketAddress<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
        switch family {
        case .ipv4:
            var four = sockaddr_in()
            four.sin_family = sa_family_t(AF_INET)
            four.sin_port = port.bigEndian
            four.sin_addr.s_addr = ipv4Word.bigEndian
            return lend(&four, body)
        case .ipv6:
            var six = sockaddr_in6()
            six.sin6_family = sa_family_t(AF_INET6)
            six.sin6_port = port.bigEndian
            six.sin6_addr = NetworkAddress.in6(high, low)
            six.sin6_scope_id = scope
            return lend(&six, body)
        }
    }

    private func lend<Form, Result>(
        _ form: inout Form, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result
    ) -> Result {
        withUnsafePointer(to: &form) { pointer in
            // SAFETY: every kernel form of an address begins like `sockaddr`; the size says how much
            // of it there is, and the pointer stays in the call.
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<Form>.size))
            }
        }
    }

    private static func words(of address: in6_addr) -> (UInt64, UInt64) {
        // SAFETY: `in6_addr` is 16 plain bytes.
        withUnsafeBytes(of: address) { raw in
            (
                UInt64(bigEndian: raw.loadUnaligned(as: UInt64.self)),
                UInt64(bigEndian: raw.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
            )
        }
    }

    private static func in6(_ high: UInt64, _ low: UInt64) -> in6_addr {
        var address = in6_addr()
        // SAFETY: `in6_addr` is 16 plain bytes.
        withUnsafeMutableBytes(of: &address) { raw in
            raw.storeBytes(of: high.bigEndian, as: UInt64.self)
            raw.storeBytes(of: low.bigEndian, toByteOffset: 8, as: UInt64.self)
        }
        return address
    }
}
