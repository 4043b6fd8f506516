// SPDX-License-Identifier: Apache-2.0

import PlenaryScreens
import Testing

import struct PlenaryTerms.Timestamp

@Suite struct LocalTimeTests {
    /// 23 November 2026, 14:31:07 UTC, a Monday.
    private let now = Timestamp(seconds: 1_795_444_267)

    private func local(_ time: Timestamp, hours: Int = 0) -> LocalTime {
        LocalTime(time, offsetSeconds: hours * 3600)
    }

    @Test func theOffsetMovesClockAndCalendar() {
        let utc = local(now)
        #expect(
            [utc.year, utc.month, utc.day, utc.hour, utc.minute, utc.weekday] == [2026, 11, 23, 14, 31, 1])
        let tokyo = local(now, hours: 10)
        #expect([tokyo.day, tokyo.hour, tokyo.weekday] == [24, 0, 2])
        let before = local(Timestamp(seconds: -1), hours: -1)
        #expect(
            [before.year, before.month, before.day, before.hour, before.weekday] == [1969, 12, 31, 22, 3])
    }

    @Test func aMomentFarAwayIsShownAndDoesNotTrap() {
        for microseconds in [Int64.min, Int64.max] {
            let time = local(Timestamp(microseconds: microseconds), hours: 14)
            #expect((0...6).contains(time.weekday))
            for language in Language.allCases {
                #expect(!Catalogue(language).day(time, today: local(now)).isEmpty)
            }
        }
    }

    @Test func theLineBetweenDaysNamesWeekdayDayAndMonth() {
        let expected: [Language: String] = [
            .english: "Monday 23 November", .french: "lundi 23 novembre", .spanish: "lunes 23 de noviembre",
            .russian: "понедельник, 23 ноября", .chinese: "11月23日 星期一",
            .arabic: "الاثنين 23 تشرين\u{A0}الثاني/نوفمبر",
        ]
        for language in Language.allCases {
            #expect(Catalogue(language).day(local(now), today: local(now)) == expected[language])
        }
        let other = LocalTime(Timestamp(seconds: 1_700_000_000), offsetSeconds: 0)
        #expect(Catalogue(.english).day(other, today: local(now)) == "Tuesday 14 November 2023")
        #expect(Catalogue(.spanish).day(other, today: local(now)) == "martes 14 de noviembre de 2023")
    }

    @Test func theColumnSaysTimeYesterdayOrDay() {
        let english = Catalogue(.english)
        func days(_ count: Int64) -> LocalTime { local(now.advanced(bySeconds: -86_400 * count)) }
        #expect(english.shortDay(days(0), today: local(now)) == "14:31")
        #expect(english.shortDay(days(1), today: local(now)) == "yesterday")
        #expect(english.shortDay(days(3), today: local(now)) == "20 Nov")
        #expect(english.shortDay(days(400), today: local(now)) == "19 Oct 2025")
        #expect(english.moment(days(3), now: local(now)) == "20 Nov 14:31")
        #expect(Catalogue(.chinese).moment(days(400), now: local(now)) == "2025年10月19日 14:31")
    }

    /// The widest day of the last year in the column of 11.
    @Test(arguments: Language.allCases)
    func noDayOfTheYearIsWiderThanItsColumn(language: Language) {
        for day in 0..<365 {
            let text = Catalogue(language).shortDay(
                LocalTime(Timestamp(seconds: 1_767_225_600 + Int64(day) * 86_400), offsetSeconds: 0),
                today: local(Timestamp(seconds: 1_798_700_000)))
            #expect(CatalogueTests.columns(text) <= 11, "\(text)")
        }
    }

    @Test(arguments: Language.allCases)
    func everyMonthAndWeekdayHasAName(language: Language) {
        var names: Set<String> = []
        for day in 0..<366 {
            let time = LocalTime(Timestamp(seconds: 1_735_689_600 + Int64(day) * 86_400), offsetSeconds: 0)
            names.insert(Catalogue(language).day(time, today: time))
        }
        #expect(names.count == 366)
    }
}
