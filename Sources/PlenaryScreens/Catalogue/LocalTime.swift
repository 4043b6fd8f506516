// SPDX-License-Identifier: Apache-2.0

import PlenaryTerms

/// A moment as clock and calendar show it in some place.
package struct LocalTime: Sendable, Hashable {
    /// The year, from 0 to 9999.
    package let year: Int
    /// The month, from 1 to 12.
    package let month: Int
    /// The day of the month.
    package let day: Int
    /// The hour, from 0 to 23.
    package let hour: Int
    /// The minute.
    package let minute: Int
    /// Days since 1 January 1970 in that place.
    package let dayNumber: Int64

    /// The day of the week, 0 for Sunday.
    package var weekday: Int {
        // 1 January 1970 was a Thursday.
        let remainder = Int((dayNumber % 7 + 4) % 7)
        return remainder < 0 ? remainder + 7 : remainder
    }

    /// What the clock shows at a moment where it is `offsetSeconds` before UTC.
    package init(_ time: Timestamp, offsetSeconds: Int) {
        let local = time.advanced(bySeconds: Int64(offsetSeconds))
        var text: [UInt8] = []
        local.appendISO8601(to: &text)
        func number(_ start: Int, _ length: Int) -> Int {
            text.dropFirst(start).prefix(length).reduce(0) { $0 * 10 + Int($1 &- 48) }
        }
        year = number(0, 4)
        month = number(5, 2)
        day = number(8, 2)
        hour = number(11, 2)
        minute = number(14, 2)
        let (quotient, remainder) = local.seconds.quotientAndRemainder(dividingBy: 86_400)
        dayNumber = remainder < 0 ? quotient - 1 : quotient
    }
}
