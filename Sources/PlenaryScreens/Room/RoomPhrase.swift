// SPDX-License-Identifier: Apache-2.0

/// What the room display says. All but English not yet reviewed by native readers.
package enum RoomPhrase: CaseIterable, Sendable, Hashable {
    case floor, nobodySpeaks, next, timeIsUp, speakingFor
    case opensAt, openUntil, suspended, repliesUntil, closed
    case relaySilent, relayOff, roomIsOffline, unattributed, delegationsOnly, removed
    case translated, machineTranslated

    /// The words, with gaps.
    func template(in language: Language) -> String {
        switch language {
        case .english: english
        case .french: french
        case .spanish: spanish
        case .russian: russian
        case .chinese: chinese
        case .arabic: arabic
        }
    }

    private var english: String {
        switch self {
        case .floor: "Floor"
        case .nobodySpeaks: "Nobody has the floor"
        case .next: "Next"
        case .timeIsUp: "Time"
        case .speakingFor: "on behalf of {name}"
        case .opensAt: "Opens at {time}"
        case .openUntil: "Open until {time}"
        case .suspended: "Suspended"
        case .repliesUntil: "Over; replies in threads until {time}"
        case .closed: "Over"
        case .relaySilent: "Nothing from the relay for {seconds} s"
        case .relayOff: "The relay is off"
        case .roomIsOffline: "No connection; trying again"
        case .unattributed: "No names: use what you hear, never say who said it"
        case .delegationsOnly: "Delegations are named, persons are not"
        case .removed: "[removed]"
        case .translated: "translated from {language}"
        case .machineTranslated: "translated from {language} by a machine"
        }
    }

    private var french: String {
        switch self {
        case .floor: "Parole"
        case .nobodySpeaks: "Personne n'a la parole"
        case .next: "Ensuite"
        case .timeIsUp: "Temps écoulé"
        case .speakingFor: "au nom de {name}"
        case .opensAt: "Ouverture à {time}"
        case .openUntil: "Ouverte jusqu'à {time}"
        case .suspended: "Suspendue"
        case .repliesUntil: "Terminée ; réponses dans les fils jusqu'à {time}"
        case .closed: "Terminée"
        case .relaySilent: "Rien du relais depuis {seconds} s"
        case .relayOff: "Le relais est arrêté"
        case .roomIsOffline: "Pas de connexion ; nouvel essai"
        case .unattributed: "Sans noms : utilisez les propos, ne dites jamais de qui ils viennent"
        case .delegationsOnly: "Les délégations sont nommées, pas les personnes"
        case .removed: "[retiré]"
        case .translated: "traduit de : {language}"
        case .machineTranslated: "traduit de : {language}, par une machine"
        }
    }

    private var spanish: String {
        switch self {
        case .floor: "Palabra"
        case .nobodySpeaks: "Nadie tiene la palabra"
        case .next: "A continuación"
        case .timeIsUp: "Tiempo"
        case .speakingFor: "en nombre de {name}"
        case .opensAt: "Se abre a las {time}"
        case .openUntil: "Abierta hasta las {time}"
        case .suspended: "Suspendida"
        case .repliesUntil: "Terminada; respuestas en los hilos hasta las {time}"
        case .closed: "Terminada"
        case .relaySilent: "Nada del enlace desde hace {seconds} s"
        case .relayOff: "El enlace está parado"
        case .roomIsOffline: "Sin conexión; nuevo intento"
        case .unattributed: "Sin nombres: use lo que oye, nunca diga quién lo dijo"
        case .delegationsOnly: "Se nombra a las delegaciones, no a las personas"
        case .removed: "[retirado]"
        case .translated: "traducido de: {language}"
        case .machineTranslated: "traducido de: {language}, por una máquina"
        }
    }

    private var russian: String {
        switch self {
        case .floor: "Слово"
        case .nobodySpeaks: "Слово никому не предоставлено"
        case .next: "Далее"
        case .timeIsUp: "Время"
        case .speakingFor: "от имени {name}"
        case .opensAt: "Начало в {time}"
        case .openUntil: "Открыто до {time}"
        case .suspended: "Перерыв"
        case .repliesUntil: "Завершено; ответы в обсуждениях до {time}"
        case .closed: "Завершено"
        case .relaySilent: "От трансляции чата ничего нет {seconds} с"
        case .relayOff: "Трансляция чата выключена"
        case .roomIsOffline: "Нет связи; новая попытка"
        case .unattributed: "Без имён: используйте сказанное, не называйте говорившего"
        case .delegationsOnly: "Называются делегации, а не люди"
        case .removed: "[удалено]"
        case .translated: "перевод, язык оригинала: {language}"
        case .machineTranslated: "машинный перевод, язык оригинала: {language}"
        }
    }

    private var chinese: String {
        switch self {
        case .floor: "发言"
        case .nobodySpeaks: "目前无人发言"
        case .next: "接下来"
        case .timeIsUp: "时间到"
        case .speakingFor: "代表{name}"
        case .opensAt: "{time}开始"
        case .openUntil: "开放至{time}"
        case .suspended: "暂停"
        case .repliesUntil: "已结束；可在话题中回复至{time}"
        case .closed: "已结束"
        case .relaySilent: "中继已{seconds}秒无消息"
        case .relayOff: "中继已关闭"
        case .roomIsOffline: "连接中断；正在重试"
        case .unattributed: "不记名：可引用内容，不得透露发言者"
        case .delegationsOnly: "只显示代表团，不显示个人"
        case .removed: "[已移除]"
        case .translated: "译自{language}"
        case .machineTranslated: "机器译自{language}"
        }
    }

    private var arabic: String {
        switch self {
        case .floor: "الكلمة"
        case .nobodySpeaks: "لا أحد يأخذ الكلمة"
        case .next: "التالي"
        case .timeIsUp: "انتهى الوقت"
        case .speakingFor: "باسم {name}"
        case .opensAt: "تُفتح في {time}"
        case .openUntil: "مفتوحة حتى {time}"
        case .suspended: "معلّقة"
        case .repliesUntil: "انتهت؛ الردود في المواضيع حتى {time}"
        case .closed: "انتهت"
        case .relaySilent: "لا شيء من الناقل منذ {seconds} ث"
        case .relayOff: "الناقل متوقف"
        case .roomIsOffline: "لا اتصال؛ محاولة جديدة"
        case .unattributed: "بلا أسماء: استخدموا ما يُقال ولا تذكروا قائله"
        case .delegationsOnly: "تُذكر الوفود دون الأشخاص"
        case .removed: "[أُزيل]"
        case .translated: "مترجم عن {language}"
        case .machineTranslated: "ترجمة آلية عن {language}"
        }
    }
}

extension Catalogue {
    /// A text of the room display, its gaps filled with the values as they are.
    package func text(_ phrase: RoomPhrase, _ values: [Placeholder: String] = [:]) -> String {
        Template.fill(spaced(phrase.template(in: language)), values)
    }
}
