// SPDX-License-Identifier: Apache-2.0

import Glibc

/// The steps below TLS, one by one, as `plenary doctor` tells of them. What commands use does them at once.
enum ServerProbe {
    /// An address as text, and what connecting to it came to.
    struct Attempt: Sendable {
        var address: String
        /// Nil when it answered.
        var problem: String?
        /// How long that took.
        var milliseconds: Int64
    }

    /// Milliseconds to wait for one address.
    private static let connectLimit: Int32 = 5000

    /// Looks a name up and tries its addresses in order, up to the first one that answers. Throws, in words,
    /// when the name is not known.
    static func reach(_ host: String, _ port: UInt16) throws(Failure) -> [Attempt] {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        // SAFETY: getaddrinfo makes the list; it is walked to its null end and freed once, when this returns.
        var list: UnsafeMutablePointer<addrinfo>?
        let code = getaddrinfo(host, String(port), &hints, &list)
        guard code == 0 else {
            throw Failure(
                .unavailable, "the name \(host) is not known", String(cString: gai_strerror(code)),
                "Check the spelling, then the network.")
        }
        defer { freeaddrinfo(list) }
        var attempts: [Attempt] = []
        var next = list
        while let entry = next {
            let attempt = connect(to: entry.pointee)
            attempts.append(attempt)
            if attempt.problem == nil { break }
            next = entry.pointee.ai_next
        }
        return attempts
    }

    private static func connect(to entry: addrinfo) -> Attempt {
        var text = [CChar](repeating: 0, count: Int(NI_MAXHOST))
        let code = getnameinfo(
            entry.ai_addr, entry.ai_addrlen, &text, socklen_t(text.count), nil, 0, NI_NUMERICHOST)
        let bytes = text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
        let address = code == 0 ? String(decoding: bytes, as: UTF8.self) : "?"
        let start = monotonicMilliseconds()
        let number = result(of: entry)
        return Attempt(
            address: address, problem: number == 0 ? nil : words(number),
            milliseconds: monotonicMilliseconds() - start)
    }

    /// The error's number, 0 when the connection came about.
    private static func result(of entry: addrinfo) -> Int32 {
        let kind = entry.ai_socktype | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
        let descriptor = socket(entry.ai_family, kind, entry.ai_protocol)
        guard descriptor >= 0 else { return errno }
        defer { close(descriptor) }
        if Glibc.connect(descriptor, entry.ai_addr, entry.ai_addrlen) == 0 { return 0 }
        guard errno == EINPROGRESS else { return errno }
        var waiting = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        var count = poll(&waiting, 1, connectLimit)
        while count < 0, errno == EINTR { count = poll(&waiting, 1, connectLimit) }
        guard count > 0 else { return count == 0 ? ETIMEDOUT : errno }
        var number: Int32 = 0
        var size = socklen_t(MemoryLayout<Int32>.size)
        guard getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &number, &size) == 0 else { return errno }
        return number
    }

    private static func words(_ number: Int32) -> String {
        var buffer = [CChar](repeating: 0, count: 256)
        guard strerror_r(number, &buffer, buffer.count) == 0 else { return "error \(number)" }
        return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    static func monotonicMilliseconds() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    }
}
