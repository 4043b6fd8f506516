// SPDX-License-Identifier: Apache-2.0

import PlenaryCrypto
import PlenaryTerms

/// Offsets ↔ message ids, by one AES block with the server's secret key: opaque and unguessable to
/// everybody else, and resolvable without a table.
///
/// Not Sendable: the cipher keeps a context; each queue that needs one makes its own.
final class MessageIdentifiers {
    private let cipher: BlockCipher
    /// The other half of the block; an id that does not decrypt to it is not ours.
    private static let mark: UInt64 = 0x706C_656E_6172_7901
    /// The half of ids of messages that are shown and never stored.
    private static let unstoredMark: UInt64 = 0x706C_656E_6172_7902

    init(key: [UInt8]) throws(CryptoError) { cipher = try BlockCipher(key: key) }

    func id(of offset: Offset) -> MessageID {
        let (high, low) = cipher.encrypt(high: offset.value, low: MessageIdentifiers.mark)
        return MessageID(high: high, low: low)
    }

    /// An id for a message without a record; `ordinal` must not repeat while the key lives.
    func id(ofUnstored ordinal: UInt64) -> MessageID {
        let (high, low) = cipher.encrypt(high: ordinal, low: MessageIdentifiers.unstoredMark)
        return MessageID(high: high, low: low)
    }

    /// nil for every id that this server has not made for a record.
    func offset(of id: MessageID) -> Offset? {
        let (high, low) = cipher.decrypt(high: id.high, low: id.low)
        return low == MessageIdentifiers.mark ? Offset(high) : nil
    }
}
