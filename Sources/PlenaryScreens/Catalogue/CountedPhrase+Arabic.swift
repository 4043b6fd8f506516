// SPDX-License-Identifier: Apache-2.0

extension CountedPhrase {
    /// Arabic, where one and two are said by the noun itself. Not yet reviewed by a native reader.
    var arabic: PluralForms {
        switch self {
        case .messages:
            .arabic("لا رسائل", "رسالة واحدة", "رسالتان", "{count} رسائل", "{count} رسالة", "{count} رسالة")
        case .newMessages:
            .arabic(
                "لا رسائل جديدة", "رسالة جديدة واحدة", "رسالتان جديدتان", "{count} رسائل جديدة",
                "{count} رسالة جديدة", "{count} رسالة جديدة")
        case .messagesFound:
            .arabic(
                "لم يُعثر على رسائل", "عُثر على رسالة واحدة", "عُثر على رسالتين", "عُثر على {count} رسائل",
                "عُثر على {count} رسالة", "عُثر على {count} رسالة")
        case .messagesWaiting:
            .arabic(
                "لا رسائل تنتظر الإرسال", "رسالة واحدة تنتظر الإرسال", "رسالتان تنتظران الإرسال",
                "{count} رسائل تنتظر الإرسال", "{count} رسالة تنتظر الإرسال", "{count} رسالة تنتظر الإرسال")
        case .replies: .arabic("لا ردود", "رد واحد", "ردّان", "{count} ردود", "{count} ردًّا", "{count} رد")
        case .lines:
            .arabic("لا أسطر", "سطر واحد", "سطران", "{count} أسطر", "{count} سطرًا", "{count} سطر")
        case .threads:
            .arabic(
                "لا مواضيع", "موضوع واحد", "موضوعان", "{count} مواضيع", "{count} موضوعًا", "{count} موضوع")
        case .here:
            .arabic(
                "لا حاضرين", "حاضر واحد", "حاضران", "{count} حاضرين", "{count} حاضرًا", "{count} حاضر")
        case .peopleHere:
            .arabic(
                "لا أحد هنا", "شخص واحد هنا", "شخصان هنا", "{count} أشخاص هنا", "{count} شخصًا هنا",
                "{count} شخص هنا")
        case .seconds:
            .arabic(
                "{count} ثانية", "ثانية واحدة", "ثانيتان", "{count} ثوانٍ", "{count} ثانية", "{count} ثانية")
        case .inSeconds:
            .arabic(
                "بعد {count} ثانية", "بعد ثانية واحدة", "بعد ثانيتين", "بعد {count} ثوانٍ",
                "بعد {count} ثانية", "بعد {count} ثانية")
        case .forMinutes:
            .arabic(
                "لمدة {count} دقيقة", "لمدة دقيقة واحدة", "لمدة دقيقتين", "لمدة {count} دقائق",
                "لمدة {count} دقيقة", "لمدة {count} دقيقة")
        case .forHours:
            .arabic(
                "لمدة {count} ساعة", "لمدة ساعة واحدة", "لمدة ساعتين", "لمدة {count} ساعات",
                "لمدة {count} ساعة", "لمدة {count} ساعة")
        case .forDays:
            .arabic(
                "لمدة {count} يوم", "لمدة يوم واحد", "لمدة يومين", "لمدة {count} أيام",
                "لمدة {count} يومًا", "لمدة {count} يوم")
        }
    }
}

extension PluralForms {
    fileprivate static func arabic(
        _ zero: String, _ one: String, _ two: String, _ few: String, _ many: String, _ other: String
    ) -> PluralForms {
        PluralForms(zero: zero, one: one, two: two, few: few, many: many, other: other)
    }
}
