// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Unix stream sockets by path. A path longer than `sun_path` is reached through its folder's descriptor.
package enum UnixSocket {
    /// Seconds that one write to the other side may take. Then the rest is dropped.
    private static let writeTimeoutSeconds = 5

    /// A listening, non-blocking socket of mode 0600; what was there before is removed.
    package static func listen(at path: String) throws(StartError) -> Int32 {
        let descriptor = make(isBlocking: false)
        guard descriptor >= 0 else { throw failure("create", path) }
        unlink(path)
        let mask = umask(0o177)
        let isBound = with(path) { address, length in bind(descriptor, address, length) }
        umask(mask)
        guard isBound == 0, Glibc.listen(descriptor, 8) == 0 else {
            let error = failure("listen on", path)
            close(descriptor)
            throw error
        }
        return descriptor
    }

    /// A connected, blocking socket whose reads and writes end after `timeoutSeconds`; nil when nobody listens.
    package static func connect(to path: String, timeoutSeconds: Int) throws(StartError) -> Int32? {
        let descriptor = make(isBlocking: true)
        guard descriptor >= 0 else { throw failure("create a socket for", path) }
        var timeout = timeval(tv_sec: timeoutSeconds, tv_usec: 0)
        let size = socklen_t(MemoryLayout<timeval>.size)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &timeout, size)
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &timeout, size)
        let result = with(path) { address, length in Glibc.connect(descriptor, address, length) }
        if result == 0 { return descriptor }
        let code = errno
        close(descriptor)
        if code == ENOENT || code == ECONNREFUSED || code == ENOTDIR { return nil }
        errno = code
        throw failure("connect to", path)
    }

    /// The next connection, non-blocking; the error's negative number when there is none.
    package static func accept(_ listening: Int32) -> Int32 {
        let descriptor = Glibc.accept(listening, nil, nil)
        guard descriptor >= 0 else { return -errno }
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
        return descriptor
    }

    /// Whether the other side runs as this process's user or as root.
    package static func isOwnerOrRoot(_ descriptor: Int32) -> Bool {
        guard let peer = peer(of: descriptor) else { return false }
        return peer.uid == 0 || peer.uid == geteuid()
    }

    /// The process on the other side, as the kernel noted it.
    package static func peer(of descriptor: Int32) -> (pid: Int32, uid: UInt32)? {
        // struct ucred, which the Glibc module leaves out: pid, uid and gid, four bytes each (unix(7)).
        var credentials: [UInt32] = [0, 0, 0]
        var length = socklen_t(12)
        guard getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &credentials, &length) == 0, length == 12 else {
            return nil
        }
        return (Int32(bitPattern: credentials[0]), credentials[1])
    }

    /// Writes all, waiting for a slow reader a few seconds at most. Whether all was written.
    @discardableResult
    package static func write(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            // SAFETY: the pointer is used within the call, with the slice's own count.
            let count = rest.withUnsafeBytes {
                send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            if count > 0 {
                rest = rest.dropFirst(count)
                continue
            }
            if count < 0, errno == EINTR { continue }
            guard count < 0, errno == EAGAIN, waitUntilWritable(descriptor) else { return false }
        }
        return true
    }

    private static func waitUntilWritable(_ descriptor: Int32) -> Bool {
        var interest = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        return poll(&interest, 1, Int32(writeTimeoutSeconds * 1000)) > 0
            && interest.revents & Int16(POLLOUT) != 0
    }

    private static func make(isBlocking: Bool) -> Int32 {
        let flags = Int32(SOCK_CLOEXEC.rawValue) | (isBlocking ? 0 : Int32(SOCK_NONBLOCK.rawValue))
        return socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | flags, 0)
    }

    private static func failure(_ verb: String, _ path: String) -> StartError {
        let code = errno
        return StartError(
            exitCode: code == EACCES || code == EPERM ? 77 : 74,
            "cannot \(verb) \(path): \(String(cString: strerror(code)))")
    }

    /// Calls with the address of a path.
    private static func with(_ path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32) -> Int32 {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        var name = Array(path.utf8)
        let capacity = MemoryLayout.size(ofValue: address.sun_path) - 1
        var folder: Int32 = -1
        defer { if folder >= 0 { close(folder) } }
        if name.count > capacity {
            let slash = path.lastIndex(of: "/") ?? path.startIndex
            folder = open(
                path[..<slash].isEmpty ? "." : String(path[..<slash]), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
            guard folder >= 0 else { return -1 }
            name = Array("/proc/self/fd/\(folder)\(path[slash...])".utf8)
            guard name.count <= capacity else {
                errno = ENAMETOOLONG
                return -1
            }
        }
        // SAFETY: `name` fits with its closing zero, checked above; the struct outlives both uses.
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: name) }
        return withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
    }
}
