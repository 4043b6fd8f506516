// SPDX-License-Identifier: Apache-2.0

/// What people say on the day, in the six languages. `{state}` is a State other than the speaker's, `{count}` a
/// number, `{symbol}` a document. All of it is made up; nobody said any of it.
struct Sentences {
    var questions: [String]
    var practices: [String]
    var remarks: [String]

    static func of(_ language: DemoLanguage) -> Sentences {
        switch language {
        case .english: english
        case .french: french
        case .spanish: spanish
        case .russian: russian
        case .chinese: chinese
        case .arabic: arabic
        }
    }

    static let english = Sentences(
        questions: [
            "Has anyone given their mechanism a basis in law? A decree, or an act of parliament?",
            "How do you keep focal points in ministries when staff change every {count} months?",
            "Who has linked {symbol} to the national planning cycle?",
            "How does {state} involve parliament before the report is adopted?",
        ],
        practices: [
            "We cluster recommendations by theme and give each cluster one lead ministry, with {count} focal points.",
            "Our committee meets every {count} weeks; minutes go to all ministries within five days.",
            "A standing secretariat of {count} people made the difference: memory no longer leaves with people.",
            "We publish the state of each recommendation on a public page, and civil society comments there.",
        ],
        remarks: [
            "Thank you. The point about clear terms of reference is well taken.",
            "The mock-up should let us filter practices by type of mechanism.",
            "Could the hub offer templates for terms of reference?",
            "Agreed with {state}: local government has to be at the table.",
            "For small administrations, one unified calendar of reporting helps more than another tool.",
        ])

    static let french = Sentences(
        questions: [
            "Qui a donné à son mécanisme une base législative plutôt qu'un simple arrêté ?",
            "Comment associez-vous les collectivités locales au suivi de {symbol} ?",
            "Quelle est la fréquence des réunions de coordination chez vous ? Tous les {count} mois ?",
        ],
        practices: [
            "Notre comité interministériel se réunit tous les {count} mois, avec l'INDH comme observatrice.",
            "Chaque recommandation a un chef de file et une échéance ; {count} ministères sont concernés.",
            "Un décret fixe le mandat, la composition et le budget du secrétariat permanent.",
        ],
        remarks: [
            "Merci. L'expérience de {state} nous serait très utile.",
            "La maquette est claire ; il manque une recherche par thème en arabe.",
            "Le renouvellement des points focaux reste notre plus grande difficulté.",
            "Nous partageons l'avis exprimé en salle sur le rôle du parlement.",
        ])

    static let spanish = Sentences(
        questions: [
            "¿Qué países han creado su mecanismo por ley y con presupuesto propio?",
            "¿Cómo vinculan {symbol} con los planes nacionales de desarrollo?",
            "¿Cuántas personas trabajan en la secretaría? Nosotros somos {count}.",
        ],
        practices: [
            "Usamos un sistema público de seguimiento con {count} indicadores por recomendación.",
            "La mesa interinstitucional se reúne cada {count} semanas y publica sus actas.",
            "Cada ministerio tiene un titular y un suplente: así el cambio de personal no nos deja sin memoria.",
        ],
        remarks: [
            "Gracias. Coincidimos con {state} en la importancia del mandato claro.",
            "Sería útil que el centro virtual permitiera comparar mandatos.",
            "La sociedad civil debe participar desde la planificación, no solo al final.",
        ])

    static let russian = Sentences(
        questions: [
            "У кого мандат механизма закреплён законом, а не распоряжением правительства?",
            "Как вы связываете {symbol} с национальными планами действий?",
            "Как часто собираются координаторы? У нас раз в {count} месяца.",
        ],
        practices: [
            "У нас {count} координаторов в министерствах, и каждый отвечает за свой блок рекомендаций.",
            "Единый календарь отчётности утверждён на {count} лет вперёд.",
            "Постоянный секретариат ведёт базу рекомендаций и готовит проекты докладов.",
        ],
        remarks: [
            "Спасибо. Опыт {state} нам очень интересен.",
            "Просим сделать в центре знаний поиск на русском языке.",
            "Согласны: без участия парламента выполнение идёт медленнее.",
        ])

    static let chinese = Sentences(
        questions: [
            "哪些国家通过立法设立了国家机制?",
            "各部委联络人更换时,你们如何保证工作的连续性?",
            "{symbol} 的建议如何与国家规划衔接?",
        ],
        practices: [
            "我们把建议按主题归类,每一类由一个部委牵头,共有{count}个联络点。",
            "协调会议每{count}个月举行一次,会议纪要在五天内送达各部委。",
            "常设秘书处负责数据库,人员变动不再影响工作。",
        ],
        remarks: [
            "谢谢。{state}的经验对我们很有帮助。",
            "希望知识中心能够按机制类型检索做法。",
            "同意会场发言:地方政府也应参与。",
        ])

    static let arabic = Sentences(
        questions: [
            "من لديه آلية وطنية منشأة بقانون وليس بقرار إداري؟",
            "كيف تربطون {symbol} بخطة التنمية الوطنية؟",
            "كيف تحافظون على جهات الاتصال عند تغيّر الموظفين كل {count} أشهر؟",
        ],
        practices: [
            "لدينا لجنة وطنية دائمة تضم {count} وزارة وتجتمع كل شهر.",
            "صنّفنا التوصيات حسب الموضوع، ولكل مجموعة وزارة مسؤولة وموعد محدد.",
            "الأمانة الدائمة تحفظ الذاكرة المؤسسية وتعدّ مسودات التقارير.",
        ],
        remarks: [
            "شكراً. تجربة {state} مفيدة جداً لنا.",
            "نقترح أن تتيح المنصة البحث باللغة العربية حسب الموضوع.",
            "نتفق مع ما قيل في القاعة بشأن دور البرلمان.",
        ])
}

/// The languages of the meeting.
enum DemoLanguage: String, CaseIterable {
    case english = "en"
    case french = "fr"
    case spanish = "es"
    case russian = "ru"
    case chinese = "zh"
    case arabic = "ar"
}
