// SPDX-License-Identifier: Apache-2.0

/// A record's ordinal in the log, from 0. Rises by exactly one from event to event, for ever.
public struct Offset: Hashable, Comparable, Sendable {
    /// The number itself.
    public var value: UInt64
    /// That number.
    public init(_ value: UInt64) { self.value = value }
    /// By number, which is the order in which they were given.
    public static func < (left: Offset, right: Offset) -> Bool { left.value < right.value }
    /// The one of the event that follows.
    public var next: Offset { Offset(value &+ 1) }
    /// Of an event that is no record of its own: those a snapshot is made of.
    public static let none = Offset(.max)
}

/// A channel's number; never reused, not even by a later channel of the same name.
public struct ChannelID: Hashable, Comparable, Sendable {
    /// The number itself.
    public var value: UInt32
    /// That number.
    public init(_ value: UInt32) { self.value = value }
    /// By number, which is the order in which they were given.
    public static func < (left: ChannelID, right: ChannelID) -> Bool { left.value < right.value }
}

/// A thread's number within its channel, from 1; never reused.
public struct ThreadID: Hashable, Comparable, Sendable {
    /// The channel's own line, outside all threads.
    public static let mainLine = ThreadID(0)
    /// The number itself.
    public var value: UInt32
    /// That number.
    public init(_ value: UInt32) { self.value = value }
    /// By number, which is the order in which they were given.
    public static func < (left: ThreadID, right: ThreadID) -> Bool { left.value < right.value }
}

/// An account's number; never reused, below 2^31.
public struct AccountID: Hashable, Comparable, Sendable {
    /// The number itself.
    public var value: UInt32
    /// That number.
    public init(_ value: UInt32) { self.value = value }
    /// By number, which is the order in which they were given.
    public static func < (left: AccountID, right: AccountID) -> Bool { left.value < right.value }
}

/// One registered or registering presence. The server uses its connection's id; never stored.
public struct SessionID: Hashable, Comparable, Sendable {
    /// The number itself.
    public var value: UInt64
    /// That number.
    public init(_ value: UInt64) { self.value = value }
    /// By number, which is the order in which they were given.
    public static func < (left: SessionID, right: SessionID) -> Bool { left.value < right.value }
}

/// Where messages stand in order: a channel, or the talk of two accounts.
public enum Conversation: Hashable, Sendable {
    case channel(ChannelID)
    /// The lower account id comes first, so that both sides name the same conversation.
    case direct(AccountID, AccountID)

    /// The talk of these two, whoever is named first.
    public static func between(_ one: AccountID, _ other: AccountID) -> Conversation {
        one < other ? .direct(one, other) : .direct(other, one)
    }
}

/// A message's public name (IRCv3 message-ids): 16 opaque bytes, shown as 22 letters of base64url.
/// The server makes it from the offset with a secret key, so it can be resolved without a table.
public struct MessageID: Hashable, Sendable {
    /// Bits 127 to 64.
    public var high: UInt64
    /// Bits 63 to 0.
    public var low: UInt64

    /// Those 128 bits.
    public init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    private static let alphabet = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

    /// Appends the 22 letters.
    public func append(to bytes: inout [UInt8]) {
        var high = high
        var low = low
        // 128 bits are 21 groups of six and one of two, which is padded with four zero bits.
        for _ in 0..<21 {
            bytes.append(MessageID.alphabet[Int(high >> 58)])
            high = high << 6 | low >> 58
            low <<= 6
        }
        bytes.append(MessageID.alphabet[Int(high >> 58)])
    }

    /// 22 letters of base64url.
    public var text: String {
        var bytes: [UInt8] = []
        append(to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Reads the 22 letters; nil for any other text.
    public init?(_ text: some Collection<UInt8>) {
        guard text.count == 22 else { return nil }
        var high: UInt64 = 0
        var low: UInt64 = 0
        var index = 0
        for letter in text {
            let six: UInt64
            switch letter {
            case 65...90: six = UInt64(letter - 65)
            case 97...122: six = UInt64(letter - 71)
            case 48...57: six = UInt64(letter + 4)
            case 45: six = 62
            case 95: six = 63
            default: return nil
            }
            if index < 21 {
                high = high << 6 | low >> 58
                low = low << 6 | six
            } else {
                guard six & 15 == 0 else { return nil }
                high = high << 2 | low >> 62
                low = low << 2 | six >> 4
            }
            index += 1
        }
        self.init(high: high, low: low)
    }
}
