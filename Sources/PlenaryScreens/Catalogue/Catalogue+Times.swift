// SPDX-License-Identifier: Apache-2.0

import PlenaryClient

/// Days and times in words. The standard C library knows the languages of the machine only, and the program
/// carries no tables of ICU; these are all there is to know.
extension Catalogue {
    /// `14:37`, in all six languages.
    package func clock(_ time: LocalTime) -> String {
        Catalogue.two(time.hour) + ":" + Catalogue.two(time.minute)
    }

    /// `Monday 23 November`, with the year in another year: the line between two days.
    package func day(_ time: LocalTime, today: LocalTime) -> String {
        let year = time.year == today.year ? nil : String(time.year)
        let weekday = Catalogue.weekday(time.weekday, language)
        let day = String(time.day)
        let month = Catalogue.longMonth(time.month, language)
        switch language {
        case .arabic: return "\(weekday) \(day) \(month)" + (year.map { " \($0)" } ?? "")
        case .chinese: return (year.map { "\($0)年" } ?? "") + "\(month)\(day)日 \(weekday)"
        case .english: return "\(weekday) \(day) \(month)" + (year.map { " \($0)" } ?? "")
        case .french: return "\(weekday) \(day == "1" ? "1er" : day) \(month)" + (year.map { " \($0)" } ?? "")
        case .russian: return "\(weekday), \(day) \(month)" + (year.map { " \($0)" } ?? "")
        case .spanish: return "\(weekday) \(day) de \(month)" + (year.map { " de \($0)" } ?? "")
        }
    }

    /// `14:37` today, `yesterday`, `20 Nov`, `20 Nov 2025`: what fits into a column of 11.
    package func shortDay(_ time: LocalTime, today: LocalTime) -> String {
        if time.dayNumber == today.dayNumber { return clock(time) }
        if time.dayNumber == today.dayNumber &- 1 { return yesterday }
        return date(time, today: today)
    }

    /// `14:37` today, `20 Nov 14:37` on another day, `20 Nov 2025 14:37` in another year.
    package func moment(_ time: LocalTime, now: LocalTime) -> String {
        if time.dayNumber == now.dayNumber { return clock(time) }
        return "\(date(time, today: now)) \(clock(time))"
    }

    /// How far a session is.
    package func state(of meeting: Meeting, clock: (Timestamp) -> String) -> String {
        switch meeting.state {
        case .scheduled, .doors: text(.opensAt, [.time: clock(meeting.start)])
        case .open: text(.openUntil, [.time: clock(meeting.end)])
        case .suspended: text(.suspended)
        case .grace: text(.repliesUntil, [.time: clock(meeting.end)])
        case .closed: text(.closed)
        }
    }

    /// The day before today.
    package var yesterday: String {
        switch language {
        case .arabic: "أمس"
        case .chinese: "昨天"
        case .english: "yesterday"
        case .french: "hier"
        case .russian: "вчера"
        case .spanish: "ayer"
        }
    }

    private func date(_ time: LocalTime, today: LocalTime) -> String {
        let month = Catalogue.shortMonth(time.month, language)
        if language == .chinese {
            return (time.year == today.year ? "" : "\(time.year)年") + "\(time.month)月\(time.day)日"
        }
        return "\(time.day) \(month)" + (time.year == today.year ? "" : " \(time.year)")
    }

    private static func two(_ value: Int) -> String { value < 10 ? "0\(value)" : String(value) }

    /// Empty for a number that is none of a month or weekday, which `LocalTime` never gives.
    private static func name(_ number: Int, among names: String) -> String {
        let list = names.split(separator: " ")
        return number >= 0 && number < list.count ? String(list[number]) : ""
    }

    /// From 0, Sunday.
    private static func weekday(_ number: Int, _ language: Language) -> String {
        switch language {
        case .arabic: name(number, among: "الأحد الاثنين الثلاثاء الأربعاء الخميس الجمعة السبت")
        case .chinese: name(number, among: "星期日 星期一 星期二 星期三 星期四 星期五 星期六")
        case .english: name(number, among: "Sunday Monday Tuesday Wednesday Thursday Friday Saturday")
        case .french: name(number, among: "dimanche lundi mardi mercredi jeudi vendredi samedi")
        case .russian: name(number, among: "воскресенье понедельник вторник среда четверг пятница суббота")
        case .spanish: name(number, among: "domingo lunes martes miércoles jueves viernes sábado")
        }
    }

    /// From 1. Arabic names a month twice, as the documents of the United Nations do, because the names of
    /// the east are not those of the west; the space in such a name is one that does not break.
    private static func longMonth(_ number: Int, _ language: Language) -> String {
        switch language {
        case .arabic:
            name(
                number - 1,
                among: "كانون\u{A0}الثاني/يناير شباط/فبراير آذار/مارس نيسان/أبريل أيار/مايو حزيران/يونيه "
                    + "تموز/يوليه آب/أغسطس أيلول/سبتمبر تشرين\u{A0}الأول/أكتوبر تشرين\u{A0}الثاني/نوفمبر "
                    + "كانون\u{A0}الأول/ديسمبر")
        case .chinese: "\(number)月"
        case .english:
            name(
                number - 1,
                among: "January February March April May June July August September October November December"
            )
        case .french:
            name(
                number - 1,
                among: "janvier février mars avril mai juin juillet août septembre octobre novembre décembre")
        case .russian:
            name(
                number - 1,
                among: "января февраля марта апреля мая июня июля августа сентября октября ноября декабря")
        case .spanish:
            name(
                number - 1,
                among:
                    "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre"
            )
        }
    }

    /// From 1, for columns.
    private static func shortMonth(_ number: Int, _ language: Language) -> String {
        switch language {
        case .arabic:
            name(
                number - 1,
                among: "يناير فبراير مارس أبريل مايو يونيه يوليه أغسطس سبتمبر أكتوبر نوفمبر ديسمبر")
        case .chinese: "\(number)月"
        case .english: name(number - 1, among: "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec")
        case .french:
            name(number - 1, among: "janv. févr. mars avr. mai juin juil. août sept. oct. nov. déc.")
        case .russian:
            name(number - 1, among: "янв. февр. марта апр. мая июня июля авг. сент. окт. нояб. дек.")
        case .spanish: name(number - 1, among: "ene feb mar abr may jun jul ago sep oct nov dic")
        }
    }
}
