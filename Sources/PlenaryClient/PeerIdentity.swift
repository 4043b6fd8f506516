// SPDX-License-Identifier: Apache-2.0

/// SHA-256 of a server's public key (SubjectPublicKeyInfo): what an invite pins.
public struct Pin: Sendable, Hashable, CustomStringConvertible {
    /// 32 bytes.
    public let bytes: [UInt8]

    /// Nil unless there are 32 bytes.
    public init?(bytes: [UInt8]) {
        guard bytes.count == 32 else { return nil }
        self.bytes = bytes
    }

    /// Reads `sha256:` and 64 hexadecimal digits; the prefix and colons between digits may be left out.
    public init?(_ text: String) {
        var digits = Array(text.utf8)
        let prefix = Array("sha256:".utf8)
        if digits.starts(with: prefix) { digits.removeFirst(prefix.count) }
        digits.removeAll { $0 == UInt8(ascii: ":") }
        guard digits.count == 64 else { return nil }
        var bytes: [UInt8] = []
        var high: UInt8?
        for digit in digits {
            let value: UInt8
            switch digit {
            case 48...57: value = digit - 48
            case 65...70: value = digit - 55
            case 97...102: value = digit - 87
            default: return nil
            }
            if let first = high {
                bytes.append(first << 4 | value)
                high = nil
            } else {
                high = value
            }
        }
        self.init(bytes: bytes)
    }

    /// 64 hexadecimal digits.
    public var hex: String { hexadecimal(bytes) }
    /// `sha256:` and 64 hexadecimal digits.
    public var description: String { "sha256:" + hex }

    /// Eight pronounceable words of five letters for reading aloud: the first 128 bits, 16 to a word, as
    /// consonant, vowel, consonant, vowel, consonant (D. Wilkerson, "A Proposal for Proquints", 2009).
    public var words: [String] {
        let consonants = Array("bdfghjklmnprstvz".utf8)
        let vowels = Array("aiou".utf8)
        return stride(from: 0, to: 16, by: 2).map { index in
            let pair = Int(bytes[index]) << 8 | Int(bytes[index + 1])
            return String(
                decoding: [
                    consonants[pair >> 12], vowels[pair >> 10 & 3], consonants[pair >> 6 & 15],
                    vowels[pair >> 4 & 3], consonants[pair & 15],
                ], as: UTF8.self)
        }
    }
}

/// Who a server says it is: its public key and certificate.
public struct PeerIdentity: Sendable, Hashable {
    /// SHA-256 of the public key; the same as long as the server keeps its key.
    public var pin: Pin
    /// SHA-256 of the certificate, which changes with each renewal. 64 hexadecimal digits.
    public var certificateFingerprint: String
    /// The certificate's subject, for people.
    public var subject: String

    /// An identity of these parts.
    public init(pin: Pin, certificateFingerprint: String, subject: String) {
        self.pin = pin
        self.certificateFingerprint = certificateFingerprint
        self.subject = subject
    }
}
