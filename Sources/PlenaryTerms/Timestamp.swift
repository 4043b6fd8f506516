// SPDX-License-Identifier: Apache-2.0

/// A moment in UTC, in microseconds since 1970-01-01T00:00:00Z. The wire shows milliseconds.
public struct Timestamp: Hashable, Comparable, Sendable {
    /// Since 1970-01-01T00:00:00Z; negative before.
    public var microseconds: Int64

    /// A moment by microseconds since 1970.
    public init(microseconds: Int64) { self.microseconds = microseconds }
    /// A moment by seconds since 1970.
    public init(seconds: Int64) { self.microseconds = seconds &* 1_000_000 }

    /// Earlier.
    public static func < (left: Timestamp, right: Timestamp) -> Bool {
        left.microseconds < right.microseconds
    }

    /// Whole seconds since 1970, rounded down.
    public var seconds: Int64 { Timestamp.floor(microseconds, 1_000_000) }

    /// The year in UTC, 0 to 9999.
    public var year: UInt16 {
        let floorDay = Timestamp.floor(seconds, 86_400)
        return UInt16(clamping: min(9999, Timestamp.civil(daysSince1970: Int(floorDay)).year))
    }

    /// The beginning of the day in UTC.
    public var dayStart: Timestamp { Timestamp(seconds: Timestamp.floor(seconds, 86_400) &* 86_400) }

    /// Division that rounds down, for any dividend: nothing is added to it that could overflow.
    private static func floor(_ dividend: Int64, _ divisor: Int64) -> Int64 {
        let (quotient, remainder) = dividend.quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? quotient - 1 : quotient
    }

    /// The last microsecond of the millisecond that the wire shows for this time.
    public var millisecondEnd: Timestamp {
        Timestamp(microseconds: Timestamp.floor(microseconds, 1000) &* 1000 &+ 999)
    }

    /// So many seconds later.
    public func advanced(bySeconds seconds: Int64) -> Timestamp {
        Timestamp(microseconds: microseconds &+ seconds &* 1_000_000)
    }

    /// `2023-06-23T08:00:00.123Z`, the form of IRCv3 server-time: milliseconds, always UTC.
    public var iso8601: String {
        var bytes: [UInt8] = []
        appendISO8601(to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Appends the 24 bytes of `iso8601`. Years outside 0…9999 are clamped to those bounds.
    public func appendISO8601(to bytes: inout [UInt8]) {
        let milliseconds = Int(Timestamp.floor(microseconds, 1000))
        let floorDay = (milliseconds >= 0 ? milliseconds : milliseconds - 86_399_999) / 86_400_000
        let inDay = milliseconds - floorDay * 86_400_000
        let (year, month, day) = Timestamp.civil(daysSince1970: floorDay)
        func digit(_ value: Int) { bytes.append(UInt8(truncatingIfNeeded: 48 + value % 10)) }
        func append(_ value: Int, _ width: Int) {
            if width > 3 { digit(value / 1000) }
            if width > 2 { digit(value / 100) }
            digit(value / 10)
            digit(value)
        }
        append(min(max(year, 0), 9999), 4)
        bytes.append(45)
        append(month, 2)
        bytes.append(45)
        append(day, 2)
        bytes.append(84)
        append(inDay / 3_600_000, 2)
        bytes.append(58)
        append(inDay / 60_000 % 60, 2)
        bytes.append(58)
        append(inDay / 1000 % 60, 2)
        bytes.append(46)
        append(inDay % 1000, 3)
        bytes.append(90)
    }

    /// Reads `YYYY-MM-DDThh:mm:ss[.fraction]Z`; nil when the text has another form or names no real moment.
    public init?(iso8601 text: some Sequence<UInt8>) {
        let bytes = Array(text)
        guard bytes.count >= 20, bytes.count <= 32, bytes.last == 90 else { return nil }
        func number(_ start: Int, _ length: Int) -> Int? {
            var value = 0
            for byte in bytes[start..<start + length] {
                guard byte >= 48, byte <= 57 else { return nil }
                value = value * 10 + Int(byte - 48)
            }
            return value
        }
        guard let year = number(0, 4), let month = number(5, 2), let day = number(8, 2),
            let hour = number(11, 2),
            let minute = number(14, 2), let second = number(17, 2), bytes[4] == 45, bytes[7] == 45,
            bytes[10] == 84,
            bytes[13] == 58, bytes[16] == 58, (1...12).contains(month), day >= 1, hour < 24, minute < 60,
            second <= 60,
            day <= Timestamp.dayCount(ofMonth: month, year: year)
        else { return nil }
        var fraction = 0
        if bytes.count > 20 {
            guard bytes[19] == 46, bytes.count > 21, let digits = number(20, bytes.count - 21) else {
                return nil
            }
            fraction = digits
            var width = bytes.count - 21
            while width < 6 {
                fraction *= 10
                width += 1
            }
            while width > 6 {
                fraction /= 10
                width -= 1
            }
        }
        let days = Timestamp.daysSince1970(year: year, month: month, day: day)
        let seconds = Int64(days * 86_400 + hour * 3600 + minute * 60 + second)
        self.init(microseconds: seconds * 1_000_000 + Int64(fraction))
    }

    // The proleptic Gregorian calendar by eras of 400 years (Hinnant, "chrono-compatible date algorithms").

    static func civil(daysSince1970: Int) -> (year: Int, month: Int, day: Int) {
        let shifted = daysSince1970 + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (5 * dayOfYear + 2) / 153
        let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        return (
            yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * marchMonth + 2) / 5 + 1
        )
    }

    static func daysSince1970(year: Int, month: Int, day: Int) -> Int {
        let shiftedYear = month <= 2 ? year - 1 : year
        let era = (shiftedYear >= 0 ? shiftedYear : shiftedYear - 399) / 400
        let yearOfEra = shiftedYear - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    static func dayCount(ofMonth month: Int, year: Int) -> Int {
        switch month {
        case 2: return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ? 29 : 28
        case 4, 6, 9, 11: return 30
        default: return 31
        }
    }
}
