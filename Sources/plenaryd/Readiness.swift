// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Tells systemd how the start goes (sd_notify(3)); says nothing where nobody asked.
enum Readiness {
    /// Sends one datagram to the socket named in NOTIFY_SOCKET.
    static func notify(_ state: String) {
        guard let name = ProcessInfo.processInfo.environment["NOTIFY_SOCKET"], !name.isEmpty else { return }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        var path = Array(name.utf8)
        guard path.count < MemoryLayout.size(ofValue: address.sun_path) else { return }
        // A leading @ means a name without a file, which begins with a zero byte (unix(7)).
        if path[0] == UInt8(ascii: "@") { path[0] = 0 }
        // SAFETY: the path fits, checked above; the struct outlives the call that reads it.
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path) }
        let length = socklen_t(MemoryLayout<sa_family_t>.size + path.count)
        let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        let bytes = Array(state.utf8)
        // SAFETY: the pointer is used within the call only, and `length` counts what was filled in.
        _ = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                sendto(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL), $0, length)
            }
        }
    }
}
