// SPDX-License-Identifier: Apache-2.0

import Glibc
import PlenaryClient
import PlenaryScreens

/// Times as people write and read them.
package struct TimeText: Sendable {
    /// Whether times are shown in UTC and not in the local zone.
    package var usesUTC: Bool
    /// The language of the names of months.
    package var language: Language

    /// Shows local times, or UTC.
    package init(usesUTC: Bool, language: Language = .english) {
        self.usesUTC = usesUTC
        self.language = language
    }

    /// `14:31` today, `20 Nov 14:31` on another day, with the year in another year.
    package func short(_ time: Timestamp, now: Timestamp) -> String {
        Catalogue(language).moment(local(time), now: local(now))
    }

    private func local(_ time: Timestamp) -> LocalTime {
        LocalTime(time, offsetSeconds: usesUTC ? 0 : parts(time).tm_gmtoff)
    }

    /// Seconds by which the shown clocks are ahead of UTC at a moment.
    package func offset(at time: Timestamp) -> Int64 {
        if usesUTC { return 0 }
        return Int64(parts(time).tm_gmtoff)
    }

    private func parts(_ time: Timestamp) -> tm {
        var seconds = time_t(time.seconds)
        var result = tm()
        if usesUTC { gmtime_r(&seconds, &result) } else { localtime_r(&seconds, &result) }
        return result
    }

    /// Seconds of `90`, `90s`, `10m`, `2h`, `3d`, `1w`, `500ms` (rounded up); nil for anything else.
    package static func seconds(_ text: String) -> Int64? {
        milliseconds(text).map { ($0 + 999) / 1000 }
    }

    /// The same in milliseconds. At most ten years.
    package static func milliseconds(_ text: String) -> Int64? {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        guard !digits.isEmpty, let count = Int64(digits) else { return nil }
        let unit: Int64
        switch text.dropFirst(digits.count) {
        case "ms": unit = 1
        case "", "s": unit = 1000
        case "m", "min": unit = 60_000
        case "h": unit = 3_600_000
        case "d": unit = 86_400_000
        case "w": unit = 604_800_000
        default: return nil
        }
        let (product, overflow) = count.multipliedReportingOverflow(by: unit)
        return overflow || product > 315_360_000_000 ? nil : product
    }

    /// A moment: a duration ago (`10m`, `2h`), `now`, `today`, `yesterday`, a day (`2023-06-23`, from its
    /// beginning in the shown zone), or a moment of RFC 3339, also with a zone (`2023-06-23T10:00+02:00`).
    package func moment(_ text: String, now: Timestamp) -> Timestamp? {
        if let ago = TimeText.seconds(text) { return now.advanced(bySeconds: -ago) }
        switch text {
        case "now": return now
        case "today": return beginningOfDay(now, offset: 0)
        case "yesterday": return beginningOfDay(now, offset: -1)
        default: break
        }
        if let exact = Timestamp(iso8601: text.utf8) { return exact }
        let bytes = Array(text.utf8)
        guard bytes.count >= 10, let day = Timestamp(iso8601: bytes[..<10] + Array("T00:00:00Z".utf8)) else {
            return nil
        }
        if bytes.count == 10 { return shifted(day) }
        return TimeText.zoned(bytes[10...], of: day, local: self)
    }

    /// What stands behind the day: `T10:00`, `T10:00:30`, with `Z`, `±hh:mm` or nothing (shown zone).
    private static func zoned(_ rest: ArraySlice<UInt8>, of day: Timestamp, local: TimeText) -> Timestamp? {
        guard rest.first == UInt8(ascii: "T") || rest.first == 32 else { return nil }
        let text = String(decoding: rest.dropFirst(), as: UTF8.self)
        let zoneStart = text.firstIndex { $0 == "Z" || $0 == "+" || $0 == "-" } ?? text.endIndex
        let clock = text[..<zoneStart].split(separator: ":", omittingEmptySubsequences: false)
        let zone = text[zoneStart...]
        guard clock.count == 2 || clock.count == 3, clock.allSatisfy({ $0.utf8.count == 2 }),
            let hour = Int64(clock[0]), let minute = Int64(clock[1]), (0..<24).contains(hour),
            (0..<60).contains(minute)
        else { return nil }
        var second: Int64 = 0
        if clock.count == 3 {
            guard let value = Int64(clock[2]), (0...60).contains(value) else { return nil }
            second = value
        }
        let moment = day.advanced(bySeconds: hour * 3600 + minute * 60 + second)
        if zone.isEmpty { return local.shifted(moment) }
        if zone == "Z" { return moment }
        let offset = zone.dropFirst().split(separator: ":", omittingEmptySubsequences: false)
        guard offset.count == 2, offset.allSatisfy({ $0.utf8.count == 2 }), let hours = Int64(offset[0]),
            let minutes = Int64(offset[1]),
            (0...14).contains(hours), (0..<60).contains(minutes)
        else { return nil }
        let shift = hours * 3600 + minutes * 60
        return moment.advanced(bySeconds: zone.first == "+" ? -shift : shift)
    }

    /// The moment at which clocks of the shown zone read what UTC clocks read at `time`.
    private func shifted(_ time: Timestamp) -> Timestamp {
        if usesUTC { return time }
        var seconds = time_t(time.seconds)
        var parts = tm()
        gmtime_r(&seconds, &parts)
        parts.tm_isdst = -1
        return Timestamp(seconds: Int64(mktime(&parts)))
    }

    private func beginningOfDay(_ now: Timestamp, offset: Int32) -> Timestamp {
        var day = parts(now)
        day.tm_hour = 0
        day.tm_min = 0
        day.tm_sec = 0
        day.tm_mday += offset
        day.tm_isdst = -1
        return Timestamp(seconds: Int64(usesUTC ? timegm(&day) : mktime(&day)))
    }
}
