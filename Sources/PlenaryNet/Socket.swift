// SPDX-License-Identifier: Apache-2.0

import CPlenary
import Glibc

/// What a call on a non-blocking socket brought.
enum SocketResult: Hashable, Sendable {
    /// So many bytes; 0 when receiving means the end of the stream.
    case bytes(Int)
    case wouldBlock
    case failed(errno: Int32)
}

/// What accepting brought.
package enum AcceptResult: Hashable, Sendable {
    /// A connected socket, not blocking, and where its peer is.
    case accepted(descriptor: Int32, remote: NetworkAddress)
    /// Nobody waits.
    case wouldBlock
    /// This one was lost before it could be accepted; others may wait.
    case lost
    /// There are no descriptors or no memory for more connections now.
    case exhausted(errno: Int32)
    case failed(errno: Int32)
}

/// The system calls on sockets, each with its result as a value. Descriptors here never block and
/// are not inherited by other programs.
enum Socket {
    private static let stream = Int32(SOCK_STREAM.rawValue) | nonBlocking
    private static let nonBlocking = Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue)

    private static func family(_ address: NetworkAddress) -> Int32 {
        switch address.family {
        case .ipv4: AF_INET
        case .ipv6: AF_INET6
        }
    }

    /// A socket that listens at `address`; port 0 lets the kernel choose. IPv6 takes no IPv4.
    static func listen(at address: NetworkAddress, backlog: Int32) throws(NetError) -> Int32 {
        let descriptor = socket(family(address), stream, 0)
        guard descriptor >= 0 else { throw .systemCall("socket", errno: errno) }
        do throws(NetError) {
            try set(descriptor, SOL_SOCKET, SO_REUSEADDR, 1)
            if address.family == .ipv6 { try set(descriptor, Int32(IPPROTO_IPV6), IPV6_V6ONLY, 1) }
            let bound = address.withSocketAddress { bind(descriptor, $0, $1) }
            guard bound == 0 else { throw .systemCall("bind \(address)", errno: errno) }
            guard Glibc.listen(descriptor, backlog) == 0 else { throw .systemCall("listen", errno: errno) }
        } catch {
            Glibc.close(descriptor)
            throw error
        }
        return descriptor
    }

    /// Makes a descriptor handed on by another program like one of ours: not blocking, not inherited.
    static func prepareToAccept(_ descriptor: Int32) throws(NetError) {
        let flags = fcntl(descriptor, F_GETFL)
        guard flags >= 0, fcntl(descriptor, F_SETFL, flags | O_NONBLOCK) >= 0,
            fcntl(descriptor, F_SETFD, FD_CLOEXEC) >= 0
        else { throw .systemCall("fcntl", errno: errno) }
    }

    /// Sets what every connection has: no waiting for more to send, and the configured bounds. Linux
    /// hands these on from a listening socket to those it accepts, so they cost nothing there.
    static func configure(_ descriptor: Int32, limits: NetLimits) throws(NetError) {
        try set(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, 1)
        try set(descriptor, Int32(IPPROTO_TCP), TCP_MAXSEG, Int32(limits.segmentByteLimit))
        if limits.userTimeoutSeconds > 0, limits.userTimeoutSeconds < Int(Int32.max) / 1000 {
            try set(descriptor, Int32(IPPROTO_TCP), TCP_USER_TIMEOUT, Int32(limits.userTimeoutSeconds) * 1000)
        }
        if limits.kernelSendBufferByteCount > 0 {
            // The kernel doubles the figure for its own bookkeeping (socket(7), SO_SNDBUF).
            let count = Int32(clamping: limits.kernelSendBufferByteCount / 2)
            try set(descriptor, SOL_SOCKET, SO_SNDBUF, count)
        }
    }

    private static func set(
        _ descriptor: Int32, _ level: Int32, _ option: Int32, _ value: Int32
    )
        throws(NetError)
    {
        var value = value
        let result = setsockopt(descriptor, level, option, &value, socklen_t(MemoryLayout<Int32>.size))
        guard result == 0 else { throw .systemCall("setsockopt \(level) \(option)", errno: errno) }
    }

    /// An integer option of a socket.
    static func option(_ descriptor: Int32, _ level: Int32, _ option: Int32) throws(NetError) -> Int32 {
        var value: Int32 = 0
        var size = socklen_t(MemoryLayout<Int32>.size)
        guard getsockopt(descriptor, level, option, &value, &size) == 0 else {
            throw .systemCall("getsockopt", errno: errno)
        }
        return value
    }

    /// Where a socket is bound to.
    static func localAddress(_ descriptor: Int32) throws(NetError) -> NetworkAddress {
        var storage = sockaddr_storage()
        var size = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let result = withUnsafeMutablePointer(to: &storage) { pointer in
            // SAFETY: the storage is made to hold, and be seen as, any kernel form of an address.
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &size) }
        }
        guard result == 0 else { throw .systemCall("getsockname", errno: errno) }
        guard let address = NetworkAddress(storage) else {
            throw .systemCall("getsockname", errno: EAFNOSUPPORT)
        }
        return address
    }

    /// Takes one waiting connection.
    static func accept(_ listener: Int32) -> AcceptResult {
        var storage = sockaddr_storage()
        var size = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let descriptor = withUnsafeMutablePointer(to: &storage) { pointer in
            // SAFETY: as in `localAddress`.
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                plenary_accept(listener, $0, &size)
            }
        }
        guard descriptor >= 0 else { return acceptFailure(errno) }
        guard let remote = NetworkAddress(storage) else {
            Glibc.close(descriptor)
            return .lost
        }
        return .accepted(descriptor: descriptor, remote: remote)
    }

    /// What an error of accept4 means (accept(2), "Error handling": errors of the network belong to
    /// the one connection and are to be treated like EAGAIN, by trying again).
    static func acceptFailure(_ number: Int32) -> AcceptResult {
        switch number {
        case EAGAIN:
            .wouldBlock
        case EMFILE, ENFILE, ENOBUFS, ENOMEM:
            .exhausted(errno: number)
        case EINTR, ECONNABORTED, ENETDOWN, EPROTO, ENOPROTOOPT, EHOSTDOWN, ENONET, EHOSTUNREACH,
            EOPNOTSUPP, ENETUNREACH, EPERM, ETIMEDOUT:
            .lost
        default:
            .failed(errno: number)
        }
    }

    /// Begins to connect; done, or failed, when the socket becomes writable.
    static func connect(to address: NetworkAddress, limits: NetLimits) throws(NetError) -> Int32 {
        let descriptor = socket(family(address), stream, 0)
        guard descriptor >= 0 else { throw .systemCall("socket", errno: errno) }
        do throws(NetError) {
            try configure(descriptor, limits: limits)
            let result = address.withSocketAddress { Glibc.connect(descriptor, $0, $1) }
            guard result == 0 || errno == EINPROGRESS || errno == EINTR else {
                throw .systemCall("connect \(address)", errno: errno)
            }
        } catch {
            Glibc.close(descriptor)
            throw error
        }
        return descriptor
    }

    /// The error a socket has met, 0 for none; reading it clears it.
    static func takeError(_ descriptor: Int32) -> Int32 {
        do { return try option(descriptor, SOL_SOCKET, SO_ERROR) } catch { return EBADF }
    }

    /// Receives what fits.
    static func receive(_ descriptor: Int32, into buffer: UnsafeMutableRawBufferPointer) -> SocketResult {
        while true {
            let count = recv(descriptor, buffer.baseAddress, buffer.count, 0)
            if count >= 0 { return .bytes(count) }
            if errno == EAGAIN { return .wouldBlock }
            if errno != EINTR { return .failed(errno: errno) }
        }
    }

    /// Sends what the kernel takes; never raises a signal.
    static func send(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> SocketResult {
        while true {
            let count = Glibc.send(descriptor, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL))
            if count >= 0 { return .bytes(count) }
            if errno == EAGAIN { return .wouldBlock }
            if errno != EINTR { return .failed(errno: errno) }
        }
    }

    /// Says that nothing more will be sent. A peer that is already gone makes it fail, which nobody
    /// needs to know.
    static func endSending(_ descriptor: Int32) {
        _ = shutdown(descriptor, Int32(SHUT_WR))
    }

    /// Gives the descriptor back. Whoever calls it is the last to know the number.
    static func close(_ descriptor: Int32) {
        Glibc.close(descriptor)
    }
}
