// SPDX-License-Identifier: Apache-2.0

import Foundation
import PlenaryCrypto

/// The meeting platform as the relay knows it: signed events, and a chat that somebody saves afterwards.
struct DemoPlatform {
    static let secret = "demo-secret-of-the-platform"
    static let meetings = [DemoDay.morning: 81_234_567_890, DemoDay.afternoon: 81_234_567_891]

    let port: UInt16
    /// Lines of the saved chat by channel.
    private(set) var saved: [String: [String]] = [:]

    init(port: UInt16) { self.port = port }

    // MARK: The saved chat

    /// Puts a message into the chat that is saved afterwards: everything but what was forged.
    mutating func save(_ message: PlatformMessage, sender: String, at time: Int64) {
        if case .forged = message.delivery { return }
        let local = time + 7200
        func two(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let clock = "\(two(local / 3600 % 24)):\(two(local / 60 % 60)):\(two(local % 60))"
        let recipient = message.audience == .everyone ? "Everyone" : "Host (Direct Message)"
        saved[message.channel, default: []].append(
            "\(clock) From \(sender) to \(recipient):\n\t\(message.text)")
    }

    // MARK: Events

    /// The body of an event as the platform sends it.
    static func body(_ message: PlatformMessage, sender: String, at time: Int64) throws -> [UInt8] {
        let date = Date(timeIntervalSince1970: TimeInterval(time))
        var chat: [String: Any] = [
            "date_time": ISO8601DateFormatter().string(from: date), "sender_session_id": "s\(message.sender)",
            "sender_name": sender, "sender_type": "guest",
            "recipient_type": message.audience == .everyone ? "everyone" : "host", "message_id": message.id,
            "message_content": message.text,
        ]
        if message.audience == .one { chat["recipient_session_id"] = "s0" }
        let object: [String: Any] = [
            "id": meetings[message.channel] ?? 0, "uuid": "u/\(message.channel)==", "chat_message": chat,
        ]
        let event: [String: Any] = [
            "event": "meeting.chat_message_sent", "event_ts": time * 1000,
            "payload": ["account_id": "demo", "object": object],
        ]
        return Array(try JSONSerialization.data(withJSONObject: event, options: [.sortedKeys]))
    }

    /// Sends an event and returns the status of the answer.
    func deliver(_ body: [UInt8], at time: Int64, secret: String = DemoPlatform.secret) throws -> Int {
        let stamp = String(time)
        let signed = Array("v0:\(stamp):".utf8) + body
        let signature = HMACSHA256.authenticate(signed, key: Array(secret.utf8))
            .map { String(format: "%02x", $0) }.joined()
        let head =
            "POST /zoom HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            + "Content-Length: \(body.count)\r\nx-zm-request-timestamp: \(stamp)\r\n"
            + "x-zm-signature: v0=\(signature)\r\nConnection: close\r\n\r\n"
        let answer = try LoopbackSocket.exchange(port: port, Array(head.utf8) + body)
        let words = String(decoding: answer.prefix(64), as: UTF8.self).split(separator: " ")
        guard words.count > 1, let status = Int(words[1]) else {
            throw DemoFailure(
                "the relay's answer is none of HTTP: \(String(decoding: answer.prefix(64), as: UTF8.self))")
        }
        return status
    }
}

/// A connection to a port of this machine.
enum LoopbackSocket {
    /// Sends bytes and returns all that comes until the other side closes.
    static func exchange(port: UInt16, _ bytes: [UInt8]) throws -> [UInt8] {
        let descriptor = try connected(port)
        defer { close(descriptor) }
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 else { throw DemoFailure("port \(port) takes nothing: errno \(errno)") }
            sent += count
        }
        var answer: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = read(descriptor, &buffer, buffer.count)
            guard count > 0 else { return answer }
            answer += buffer[..<count]
        }
    }

    private static func connected(_ port: UInt16) throws -> Int32 {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = self.address(port)
        let result = withUnsafePointer(to: &address) {
            // SAFETY: the address is a sockaddr_in, whose size is given, and lives for the call.
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard descriptor >= 0, result == 0 else {
            close(descriptor)
            throw DemoFailure("nobody listens at port \(port)")
        }
        return descriptor
    }

    private static func address(_ port: UInt16) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return address
    }

    /// A port that is free now.
    static func freePort() throws -> UInt16 {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = self.address(0)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let result = withUnsafeMutablePointer(to: &address) {
            // SAFETY: the address is a sockaddr_in, whose size is given, and lives for both calls.
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, length) | getsockname(descriptor, $0, &length)
            }
        }
        guard descriptor >= 0, result == 0 else { throw DemoFailure("no port is free: errno \(errno)") }
        return UInt16(bigEndian: address.sin_port)
    }
}
