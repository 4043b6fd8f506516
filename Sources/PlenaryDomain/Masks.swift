// SPDX-License-Identifier: Apache-2.0

import PlenaryTerms

/// Whether a pattern with `*` and `?` matches the whole text, ASCII case ignored.
/// Work is at most the product of both lengths, and one pass for patterns with a single star.
package func matchesMask(_ text: [UInt8], _ pattern: [UInt8]) -> Bool {
    func folded(_ byte: UInt8) -> UInt8 { byte >= 65 && byte <= 90 ? byte | 0x20 : byte }
    var textIndex = 0
    var patternIndex = 0
    var starIndex: Int?
    var resumeIndex = 0
    while textIndex < text.count {
        if patternIndex < pattern.count, pattern[patternIndex] == 42 {
            starIndex = patternIndex
            resumeIndex = textIndex
            patternIndex += 1
        } else if patternIndex < pattern.count,
            pattern[patternIndex] == 63 || folded(pattern[patternIndex]) == folded(text[textIndex])
        {
            textIndex += 1
            patternIndex += 1
        } else if let star = starIndex {
            patternIndex = star + 1
            resumeIndex += 1
            textIndex = resumeIndex
        } else {
            return false
        }
    }
    while patternIndex < pattern.count, pattern[patternIndex] == 42 { patternIndex += 1 }
    return patternIndex == pattern.count
}

extension Session {
    /// Whether a mask of a channel list means this session. `$a:name` matches an account, `$a` any
    /// (IRCv3 account-extban); everything else matches `nick!user@host`.
    package func matches(_ mask: Text) -> Bool {
        if mask.bytes.starts(with: Array("$a".utf8)) {
            guard let accountName else { return false }
            if mask.bytes.count == 2 { return true }
            return mask.bytes.count > 3 && mask.bytes[2] == 58
                && matchesMask(accountName.bytes, Array(mask.bytes[3...]))
        }
        return matchesMask(source.bytes, mask.bytes)
    }
}

extension Channel {
    /// The entry that bans a session now; nil for none, and for whom an exception holds.
    package func ban(of session: Session, at now: Timestamp) -> MaskEntry? {
        guard let bans = masks[.bans], !bans.isEmpty,
            let found = bans.first(where: { $0.isAlive(at: now) && session.matches($0.mask) })
        else { return nil }
        return isExcepted(session) ? nil : found
    }

    /// The entry that mutes a session now (`m:` and a mask). Exceptions with `m:` hold against mutes alone.
    package func muteEntry(of session: Session, at now: Timestamp) -> MaskEntry? {
        guard let bans = masks[.bans], !bans.isEmpty,
            let found = bans.first(where: { entry in
                entry.isAlive(at: now) && entry.mutedMask.map { session.matches($0) } ?? false
            })
        else { return nil }
        let isFreed = masks[.exceptions]?.contains { $0.mutedMask.map { session.matches($0) } ?? false }
        return isFreed ?? false || isExcepted(session) ? nil : found
    }

    /// The entry that bans or mutes somebody whose words are relayed, by the source that they have. What holds for
    /// accounts never means them.
    func sanction(ofRelayed source: Text, at now: Timestamp) -> MaskEntry? {
        func matches(_ mask: Text) -> Bool {
            mask.bytes.first != UInt8(ascii: "$") && matchesMask(source.bytes, mask.bytes)
        }
        guard
            let found = masks[.bans]?.first(where: { entry in
                entry.isAlive(at: now) && matches(entry.mutedMask ?? entry.mask)
            })
        else { return nil }
        let isFreed = masks[.exceptions]?.contains { entry in
            if let muted = entry.mutedMask { return found.mutedMask != nil && matches(muted) }
            return matches(entry.mask)
        }
        return isFreed ?? false ? nil : found
    }

    private func isExcepted(_ session: Session) -> Bool {
        masks[.exceptions]?.contains { session.matches($0.mask) } ?? false
    }

    package func isInvited(_ session: Session) -> Bool {
        if session.invitations.contains(id) { return true }
        if let account = session.account, standingRoles[account] != nil { return true }
        return masks[.invitations]?.contains { session.matches($0.mask) } ?? false
    }
}

extension MaskEntry {
    /// Whether the entry has not come to its end.
    package func isAlive(at now: Timestamp) -> Bool { until.map { $0 > now } ?? true }

    /// Whom a mute is about; nil when the entry is none.
    package var mutedMask: Text? {
        let (isMute, mask) = splitMute(mask)
        return isMute ? mask : nil
    }
}

/// `m:mask`, also spelled `$m:mask`, as the mask behind it; a mute of nobody is none.
package func splitMute(_ mask: Text) -> (isMute: Bool, mask: Text) {
    for prefix: StaticString in ["m:", "$m:"] {
        let count = prefix.utf8CodeUnitCount
        let isPrefixed = prefix.withUTF8Buffer { mask.bytes.starts(with: $0) }
        if isPrefixed, mask.byteCount > count { return (true, Text(mask.bytes[count...])) }
    }
    return (false, mask)
}

/// Bytes of a mask of a channel list, completed. Longer: refused with 696.
private let maskByteLimit = 128

/// A name for people to read, in any script, without what would make its neighbours unreadable: control
/// characters and bidirectional embeddings, overrides and isolates (limits.md 34; Unicode, UAX 9).
package func displayName(_ text: Text) -> Text {
    var result: [UInt8] = []
    var index = 0
    while index < text.bytes.count {
        let rest = text.bytes[index...]
        let scalar = Array(rest.prefix(3))
        if rest.first.map({ $0 < 32 || $0 == 127 }) ?? false {
            index += 1
        } else if scalar.starts(with: [0xC2]), scalar.count > 1, scalar[1] < 0xA0 {
            index += 2
        } else if scalar.starts(with: [0xE2, 0x80]), scalar.count > 2, (0xAA...0xAE).contains(scalar[2]) {
            index += 3
        } else if scalar.starts(with: [0xE2, 0x81]), scalar.count > 2, (0xA6...0xA9).contains(scalar[2]) {
            index += 3
        } else {
            result.append(text.bytes[index])
            index += 1
        }
    }
    return Text(result)
}

/// Whether a mask is one word that may stand anywhere in a line.
package func isWellFormed(_ mask: Text) -> Bool {
    mask.byteCount <= maskByteLimit && !mask.isEmpty && mask.bytes[0] != 58
        && mask.bytes.allSatisfy { $0 > 32 && $0 != 127 && $0 != 44 }
}

/// A mask completed to `nick!user@host` (modern.ircd.chat, "MODE", lists).
package func completedMask(_ mask: Text) -> Text {
    let bytes = mask.bytes
    let (isMute, who) = splitMute(mask)
    if isMute { return Text("m:") + completedMask(who) }
    if bytes.first == UInt8(ascii: "$") { return mask }
    let hasBang = bytes.contains(33)
    let hasAt = bytes.contains(64)
    switch (hasBang, hasAt) {
    case (true, true): return mask
    case (true, false): return mask + "@*"
    case (false, true): return "*!" + mask
    case (false, false): return mask + "!*@*"
    }
}
