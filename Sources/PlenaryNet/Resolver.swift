// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Glibc

/// Host names to addresses. The C library blocks meanwhile, so it happens on a queue of its own.
package enum Resolver {
    private static let queue = DispatchQueue(label: "plenary.resolve")

    /// The addresses of a host in the order they should be tried; a numeric address is its own.
    /// Throws `notResolved` with the resolver's text.
    package static func addresses(of host: String, port: UInt16) async throws(NetError) -> [NetworkAddress] {
        if let address = try? NetworkAddress(numeric: host, port: port) { return [address] }
        let result: Result<[NetworkAddress], NetError> = await withCheckedContinuation { continuation in
            resolve(host, port: port) { continuation.resume(returning: $0) }
        }
        return try result.get()
    }

    /// The same with a callback, which is called on the resolver's queue.
    package static func resolve(
        _ host: String, port: UInt16,
        completion: @escaping @Sendable (Result<[NetworkAddress], NetError>) -> Void
    ) {
        queue.async { completion(lookUp(host, port: port)) }
    }

    private static func lookUp(_ host: String, port: UInt16) -> Result<[NetworkAddress], NetError> {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        hints.ai_flags = AI_ADDRCONFIG
        var list: UnsafeMutablePointer<addrinfo>?
        let code = getaddrinfo(host, nil, &hints, &list)
        guard code == 0 else {
            let reason = gai_strerror(code).map { String(cString: $0) } ?? "error \(code)"
            return .failure(.notResolved(host: host, reason: reason))
        }
        defer { freeaddrinfo(list) }
        var addresses: [NetworkAddress] = []
        var place = list
        // SAFETY: the list and what it points to belong to the C library until `freeaddrinfo`.
        while let entry = place?.pointee {
            var storage = sockaddr_storage()
            if let address = entry.ai_addr, Int(entry.ai_addrlen) <= MemoryLayout<sockaddr_storage>.size {
                withUnsafeMutableBytes(of: &storage) {
                    $0.copyMemory(from: UnsafeRawBufferPointer(start: address, count: Int(entry.ai_addrlen)))
                }
                if let found = NetworkAddress(storage)?.withPort(port), !addresses.contains(found) {
                    addresses.append(found)
                }
            }
            place = entry.ai_next
        }
        guard !addresses.isEmpty else {
            return .failure(.notResolved(host: host, reason: "the name has no address"))
        }
        return .success(addresses)
    }
}
