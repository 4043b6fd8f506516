// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Glibc
import Synchronization

/// TCP on this machine, as far as tests need it.
enum Loopback {
    static func connect(_ port: UInt16) throws -> Int32 {
        let descriptor = try make()
        let result = withAddress(port) { Glibc.connect(descriptor, $0, $1) }
        guard result == 0 else {
            close(descriptor)
            throw Command.Failure(description: "nobody listens at \(port): error \(errno)")
        }
        return descriptor
    }

    /// Listens at a port of the kernel's choice.
    static func listen() throws -> (descriptor: Int32, port: UInt16) {
        let descriptor = try make()
        guard withAddress(0, { Glibc.bind(descriptor, $0, $1) }) == 0, Glibc.listen(descriptor, 16) == 0
        else {
            throw Command.Failure(description: "no port: error \(errno)")
        }
        var address = sockaddr_in()
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        withUnsafeMutablePointer(to: &address) { place in
            place.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                _ = getsockname(descriptor, generic, &length)
            }
        }
        return (descriptor, UInt16(bigEndian: address.sin_port))
    }

    /// Sends everything; false when the other side has gone.
    @discardableResult
    static func send(_ bytes: some Collection<UInt8>, to descriptor: Int32) -> Bool {
        var rest = Array(bytes)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    private static func make() throws -> Int32 {
        let descriptor = socket(
            AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw Command.Failure(description: "no socket: error \(errno)") }
        return descriptor
    }

    private static func withAddress<Value>(
        _ port: UInt16, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Value
    ) -> Value {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        address.sin_port = port.bigEndian
        let length = socklen_t(MemoryLayout<sockaddr_in>.size)
        return withUnsafePointer(to: &address) { place in
            place.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, length) }
        }
    }
}

/// Somebody without any client, who may send whatever comes to mind.
final class RawGuest: Sendable {
    private let descriptor: Int32

    /// A guest who is in a channel.
    init(_ nickname: String, at community: Community, in channels: String...) throws {
        descriptor = try Loopback.connect(community.plainPort)
        say("NICK \(nickname)", "USER guest 0 * :\(nickname)")
        try wait(for: " 422 ")
        for channel in channels {
            say("JOIN \(channel)")
            try wait(for: " 366 ")
        }
    }

    deinit { close(descriptor) }

    func say(_ lines: String...) {
        Loopback.send(lines.map { $0 + "\r\n" }.joined().utf8, to: descriptor)
    }

    /// Reads until the words came.
    func wait(for words: String) throws {
        var limit = timeval(tv_sec: 20, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        var text = ""
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while !text.contains(words) {
            let count = read(descriptor, &buffer, buffer.count)
            guard count > 0 else { throw Command.Failure(description: "no \(words) in \(text)") }
            text += String(decoding: buffer[..<count], as: UTF8.self)
        }
    }

    /// Waits until the server has taken everything that was said.
    func settle() throws {
        let token = "settled-\(UInt32.random(in: 0...UInt32.max))"
        say("PING \(token)")
        try wait(for: token)
    }
}

/// A way to the server that can be cut.
final class Relay: Sendable {
    let port: UInt16
    private let listener: Int32
    private let target: UInt16
    private let queue = DispatchQueue(label: "relay", attributes: .concurrent)

    private struct Lines {
        var isCut = false
        var open: [Int32] = []
    }
    private let lines = Mutex(Lines())

    init(to target: UInt16) throws {
        self.target = target
        (listener, port) = try Loopback.listen()
        queue.async { [self] in accept() }
    }

    /// Ends all connections, and every new one at once.
    func cut() {
        let open = lines.withLock { lines in
            lines.isCut = true
            defer { lines.open = [] }
            return lines.open
        }
        for descriptor in open { shutdown(descriptor, Int32(SHUT_RDWR)) }
    }

    /// Lets connections through again.
    func mend() { lines.withLock { $0.isCut = false } }

    /// Ends it.
    func end() {
        cut()
        shutdown(listener, Int32(SHUT_RDWR))
    }

    private func accept() {
        while true {
            let client = Glibc.accept(listener, nil, nil)
            guard client >= 0 else { break }
            guard let server = try? Loopback.connect(target) else {
                close(client)
                continue
            }
            let isCut = lines.withLock { lines in
                if !lines.isCut { lines.open += [client, server] }
                return lines.isCut
            }
            if isCut {
                close(client)
                close(server)
                continue
            }
            queue.async { [self] in pump(client, server) }
            queue.async { [self] in pump(server, client) }
        }
        close(listener)
    }

    /// The descriptors stay open until the process ends: closed ones might be somebody else's by the time of a cut.
    private func pump(_ source: Int32, _ sink: Int32) {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = read(source, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0, Loopback.send(buffer[..<count], to: sink) else { break }
        }
        shutdown(sink, Int32(SHUT_RDWR))
    }
}
