// SPDX-License-Identifier: Apache-2.0

extension CountedPhrase {
    /// Russian; `other` is the form behind a fraction. Not yet reviewed by a native reader.
    var russian: PluralForms {
        switch self {
        case .messages: .russian("{count} сообщение", "{count} сообщения", "{count} сообщений")
        case .newMessages:
            .russian("{count} новое сообщение", "{count} новых сообщения", "{count} новых сообщений")
        case .messagesFound:
            .russian("найдено {count} сообщение", "найдено {count} сообщения", "найдено {count} сообщений")
        case .messagesWaiting:
            .russian(
                "{count} сообщение ждёт отправки", "{count} сообщения ждут отправки",
                "{count} сообщений ждут отправки")
        case .replies: .russian("{count} ответ", "{count} ответа", "{count} ответов")
        case .lines: .russian("{count} строка", "{count} строки", "{count} строк")
        case .threads: .russian("{count} обсуждение", "{count} обсуждения", "{count} обсуждений")
        case .here: .russian("{count} на месте", "{count} на месте", "{count} на месте")
        case .peopleHere:
            .russian("{count} человек на месте", "{count} человека на месте", "{count} человек на месте")
        case .seconds: .russian("{count} секунда", "{count} секунды", "{count} секунд")
        case .inSeconds: .russian("через {count} секунду", "через {count} секунды", "через {count} секунд")
        case .forMinutes: .russian("на {count} минуту", "на {count} минуты", "на {count} минут")
        case .forHours: .russian("на {count} час", "на {count} часа", "на {count} часов")
        case .forDays: .russian("на {count} день", "на {count} дня", "на {count} дней")
        }
    }
}

extension PluralForms {
    /// Behind a fraction stands the same form as behind 2, 3 and 4.
    fileprivate static func russian(_ one: String, _ few: String, _ many: String) -> PluralForms {
        PluralForms(one: one, few: few, many: many, other: few)
    }
}
