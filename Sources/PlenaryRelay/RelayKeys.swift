// SPDX-License-Identifier: Apache-2.0

import PlenaryCrypto
import PlenaryTerms

/// Names for messages by which a second delivery is recognised. Those made of a text are keyed: without the key
/// nobody can try texts against them, and erasing the key's file makes them meaningless.
package struct RelayKeys: Sendable {
    /// Bytes of the key.
    package static let keyByteCount = 32
    /// What keys of entries of saved chats begin with, and no other token.
    package static let savedPrefix = "zf-"

    private let key: [UInt8]

    /// Keys under this secret, of any length.
    package init(key: [UInt8]) { self.key = key }

    /// Of each public entry of a saved chat: session, time, sender, keyed digest of the text, and which of several
    /// equal ones it is. The same for a longer version of the same file. 43 bytes.
    package func keys(of chat: SavedChat, session: String) -> [String] {
        var counts: [String: Int] = [:]
        return chat.entries.map { entry in
            let content = digest(sender: entry.sender, text: entry.text)
            let place = "\(session)\0\(entry.seconds)\0\(entry.sender)\0\(content)"
            counts[place, default: 0] += 1
            let whole = "\(place)\0\(counts[place] ?? 0)"
            let code = HMACSHA256.authenticate(Array(whole.utf8), key: key)
            return RelayKeys.savedPrefix + hex(code.prefix(20))
        }
    }

    /// What was said by whom, 32 hexadecimal digits.
    package func digest(sender: String, text: String) -> String {
        let whole = Array("\(sender)\0\(text)".utf8)
        return hex(HMACSHA256.authenticate(whole, key: key).prefix(16))
    }

    /// The server's token for a message that has an id of its own where it comes from: the same at each attempt,
    /// 64 bytes at most whatever the id.
    package static func token(origin: String, place: String, id: String) -> String {
        let whole = Array("\(origin)\0\(place)\0\(id)".utf8)
        return "rm-" + hex(SHA256Digest.hash(whole).prefix(20))
    }

    /// The token of a piece of a message; the first has the message's own.
    package static func piece(_ number: Int, of token: String) -> String {
        number == 0 ? token : "\(token).\(number)"
    }
}
