// SPDX-License-Identifier: Apache-2.0

import PlenaryClient

/// An invite: `plenary://HOST[:PORT]/CHANNEL#CODE&pin=sha256:HEX`. Everything behind the host may be
/// missing; `pin` may come twice (the key in use and the next one). What a newer link adds is ignored.
package struct InviteLink: Hashable, Sendable {
    /// The server's name or address.
    package var host: String
    /// Its TLS port.
    package var port: UInt16
    /// The first channel, with its `#`.
    package var channel: String?
    /// The one-time code.
    package var code: String?
    /// The server's keys.
    package var pins: [Pin]
    /// A name the secretariat suggests.
    package var name: String?

    /// Reads a link; throws what is wrong with it, in words.
    package init(_ text: String) throws(Failure) {
        func wrong(_ reason: String) -> Failure {
            Failure(
                .usage, "this is no invite link", reason,
                "It looks like plenary://chat.example.org/practices#CODE&pin=sha256:…, in single quotes.")
        }
        guard text.hasPrefix("plenary://") else { throw wrong("it does not begin with plenary://") }
        guard text.utf8.allSatisfy({ $0 > 32 && $0 != 127 }) else { throw wrong("it holds a space") }
        var rest = text.dropFirst("plenary://".count)
        var fragment: Substring = ""
        if let hash = rest.firstIndex(of: "#") {
            fragment = rest[rest.index(after: hash)...]
            rest = rest[..<hash]
        }
        let place = rest.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        do { (host, port) = try InviteLink.hostAndPort(String(place.first ?? "")) } catch {
            throw wrong(error.why)
        }
        if place.count > 1, !place[1].isEmpty { channel = InviteLink.channelName(String(place[1])) }
        pins = []
        for (index, part) in fragment.split(separator: "&").enumerated() {
            let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if pair.count == 1 {
                if index == 0 { code = String(part) }
                continue
            }
            switch pair[0] {
            case "pin":
                guard let pin = Pin(String(pair[1])) else {
                    throw wrong("its pin has not 64 hexadecimal digits")
                }
                pins.append(pin)
            case "name": name = InviteLink.percentDecoded(String(pair[1]))
            default: continue
            }
        }
    }

    /// Reads `HOST`, `HOST:PORT` or `[ADDRESS]:PORT`.
    package static func hostAndPort(_ text: String) throws(Failure) -> (host: String, port: UInt16) {
        func wrong(_ reason: String) -> Failure { Failure(.usage, "\(text) is no server", reason) }
        var host = text[...]
        var port = Endpoint.defaultPort
        if text.hasPrefix("[") {
            guard let close = text.firstIndex(of: "]") else {
                throw wrong("the address has no closing bracket")
            }
            host = text[text.index(after: text.startIndex)..<close]
            let rest = text[text.index(after: close)...]
            if !rest.isEmpty {
                guard rest.first == ":", let number = UInt16(rest.dropFirst()), number > 0 else {
                    throw wrong("its port is no number from 1 to 65535")
                }
                port = number
            }
        } else if text.count(where: { $0 == ":" }) == 1, let colon = text.firstIndex(of: ":") {
            host = text[..<colon]
            guard let number = UInt16(text[text.index(after: colon)...]), number > 0 else {
                throw wrong("its port is no number from 1 to 65535")
            }
            port = number
        }
        let isName =
            !host.isEmpty && host.utf8.count <= 253
            && host.utf8.allSatisfy {
                switch $0 {
                case 45, 46, 48...58, 65...90, 95, 97...122: true
                default: false
                }
            }
        guard isName else { throw wrong("a host name has letters, digits, dots and hyphens") }
        return (String(host), port)
    }

    /// The channel's name with its `#`, which people may leave out because shells take it for a comment.
    package static func channelName(_ text: String) -> String {
        text.hasPrefix("#") || text.hasPrefix("&") ? text : "#" + text
    }

    private static func percentDecoded(_ text: String) -> String {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), rest.count >= 2,
                let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
            {
                bytes.append(value)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte == UInt8(ascii: "+") ? 32 : byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
