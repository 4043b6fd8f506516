// SPDX-License-Identifier: Apache-2.0

import PlenaryCrypto
import PlenaryNet
import PlenaryTerms

/// Hosts that tell nothing: a keyed hash of the network for guests, so that a ban meets a network, and
/// of the account for members, so that it follows them. No address passes this point.
struct Cloaks: Sendable {
    private let key: [UInt8]

    init(key: [UInt8]) { self.key = key }

    /// A guest's host: equal within one IPv4 address or one IPv6 /64.
    func host(of address: NetworkAddress) -> Text {
        var bytes = address.bytes
        // IPv4 stands in its mapped form and keeps all its bytes.
        if !(bytes[0..<10].allSatisfy { $0 == 0 }) { bytes.removeLast(8) }
        return name(of: Array("network ".utf8) + bytes, suffix: ".guest")
    }

    /// A member's host.
    func host(of account: AccountID) -> Text {
        name(of: Array("account \(account.value)".utf8), suffix: ".member")
    }

    private func name(of message: [UInt8], suffix: String) -> Text {
        let digest = HMACSHA256.authenticate(message, key: key)
        return Text(base32(digest.prefix(8)).lowercased().prefix(12) + suffix)
    }
}

extension Text {
    fileprivate init(_ text: some StringProtocol) { self.init(String(text)) }
}
