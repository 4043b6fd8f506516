// SPDX-License-Identifier: Apache-2.0

import PlenaryTerms

/// Limits of what the rules of a speakers' list may say (docs/extensions/floor.md, "Limits").
package enum FloorLimits {
    /// Seconds of one statement, reply or point of order, and of one EXTEND. Beyond: INVALID_PARAMS.
    package static let secondsLimits: ClosedRange<UInt32> = 5...7200
    /// Rights of reply of one delegation. More: INVALID_PARAMS.
    package static let replyCountLimit = 5
    /// Seconds from the chair's grant to the end of a statement, with all that was added. More: LIMIT_REACHED.
    package static let statementSecondsLimit: Int64 = 4 * 3600
    /// Seconds before the end at which the speaker is warned.
    package static let warningSeconds: Int64 = 30
    /// Bytes of an agenda item. More: INVALID_PARAMS.
    package static let itemByteLimit = 40
    /// Bytes of a name that is given for a person. More: INVALID_PARAMS.
    package static let nameByteLimit = 100
    /// Requests in one list, of all queues. More: LIMIT_REACHED.
    package static let requestCountLimit = 500
    /// Statements of one list that are remembered. More: the floor is not given until a new list is opened.
    package static let statementCountLimit = 2000
}

/// The rules of one speakers' list: when it takes requests, how long people speak, who speaks first.
package struct FloorSettings: Hashable, Sendable {
    /// From when requests are taken; nil: from when the chair opens the list.
    package var opens: Timestamp?
    /// Until when, this moment excluded; nil: until the chair closes it.
    package var closes: Timestamp?
    /// Seconds of a statement by category; for those that are missing `otherSeconds`.
    package var limits: [FloorCategory: UInt32] = [.state: 180]
    package var otherSeconds: UInt32 = 120
    /// Seconds of the first, the second, … reply of a delegation: as many as there are replies.
    package var replySeconds: [UInt32] = [180, 120]
    package var pointSeconds: UInt32 = 120
    package var policy = FloorPolicy.firstCome
    /// What the last lots were drawn with.
    package var seed: UInt64?

    package init() {}

    /// Seconds of a statement.
    package func seconds(of category: FloorCategory) -> UInt32 { limits[category] ?? otherSeconds }
}

extension FloorSettings {
    /// Sets one rule by its key, as in `POLICY` and in the configuration of sessions; false when the key is not
    /// known or the value is none.
    ///
    /// `open` and `close` are a time as in server-time, `-15m` or `+30m` from `start`, or `*` for none; `limit.state`
    /// and the other categories, `limit.other` and `limit.point` a duration; `limit.reply`, or `reply`, the durations
    /// of the first, second, … reply, `3m,2m`, or `2m x2`; `order` a policy other than lots, which need a seed.
    package mutating func set(_ key: String, to value: String, start: Timestamp? = nil) -> Bool {
        switch key {
        case "open":
            guard let time = FloorSettings.time(value, start: start) else { return false }
            opens = time.value
        case "close":
            guard let time = FloorSettings.time(value, start: start) else { return false }
            closes = time.value
        case "limit.other":
            guard let seconds = FloorSettings.seconds(value) else { return false }
            otherSeconds = seconds
        case "limit.point":
            guard let seconds = FloorSettings.seconds(value) else { return false }
            pointSeconds = seconds
        case "limit.reply", "reply":
            guard let seconds = FloorSettings.replies(value) else { return false }
            replySeconds = seconds
        case "order":
            guard let known = FloorPolicy(word: value), known != .lots else { return false }
            policy = known
        default:
            guard key.hasPrefix("limit."), let category = FloorCategory(word: String(key.dropFirst(6))),
                let seconds = FloorSettings.seconds(value)
            else { return false }
            limits[category] = seconds
        }
        return true
    }

    /// All rules by their keys, in a stable order, as `set` reads them.
    package var pairs: [(key: String, value: String)] {
        var pairs: [(key: String, value: String)] = []
        if let opens { pairs.append(("open", opens.iso8601)) }
        if let closes { pairs.append(("close", closes.iso8601)) }
        for category in FloorCategory.allCases {
            if let seconds = limits[category] { pairs.append(("limit.\(category.word)", "\(seconds)s")) }
        }
        pairs.append(("limit.other", "\(otherSeconds)s"))
        pairs.append(("limit.point", "\(pointSeconds)s"))
        let replies = replySeconds.map { "\($0)s" }.joined(separator: ",")
        pairs.append(("limit.reply", replies.isEmpty ? "none" : replies))
        pairs.append(("order", policy.word))
        if let seed { pairs.append(("seed", String(seed))) }
        return pairs
    }

    /// A moment that may be none.
    private struct Moment { var value: Timestamp? }

    private static func time(_ text: String, start: Timestamp?) -> Moment? {
        if text == "*" { return Moment(value: nil) }
        if let time = Timestamp(iso8601: text.utf8) { return Moment(value: time) }
        guard let sign = text.first, sign == "+" || sign == "-", let start,
            let seconds = duration(String(text.dropFirst())), seconds <= 86_400
        else { return nil }
        return Moment(value: start.advanced(bySeconds: sign == "-" ? -Int64(seconds) : Int64(seconds)))
    }

    /// `180`, `90s`, `3m` or `1h`, within the limits of a statement.
    package static func seconds(_ text: String) -> UInt32? {
        duration(text).flatMap { FloorLimits.secondsLimits.contains($0) ? $0 : nil }
    }

    private static func duration(_ text: String) -> UInt32? {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        guard !digits.isEmpty, digits.count <= 6, let number = UInt32(digits) else { return nil }
        switch text.dropFirst(digits.count) {
        case "", "s": return number
        case "m": return number * 60
        case "h": return number * 3600
        default: return nil
        }
    }

    private static func replies(_ text: String) -> [UInt32]? {
        if text == "none" { return [] }
        let parts = text.split(separator: " ", omittingEmptySubsequences: true)
        if parts.count == 2, parts[1].first == "x" {
            guard let seconds = seconds(String(parts[0])), let count = Int(parts[1].dropFirst()),
                (0...FloorLimits.replyCountLimit).contains(count)
            else { return nil }
            return [UInt32](repeating: seconds, count: count)
        }
        let words = text.split(separator: ",", omittingEmptySubsequences: false)
        guard words.count <= FloorLimits.replyCountLimit else { return nil }
        var replies: [UInt32] = []
        for word in words {
            guard let seconds = seconds(String(word)) else { return nil }
            replies.append(seconds)
        }
        return replies
    }
}
