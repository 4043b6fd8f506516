// SPDX-License-Identifier: Apache-2.0

import PlenaryClient

/// What is there when the person comes: who, and what they said before.
extension TryScript {
    /// The one that `plenary try` plays.
    package static let standard = TryScript(
        host: host, visitors: visitors,
        channels: ["practices", "lobby", "announcements", "t1-institutional-setup", "cap-information"],
        history: standardHistory, life: standardLife)

    /// A line of this script: its language is that of who says it.
    static func line(
        _ account: String, _ place: String, _ text: String, kind: Marks.Kind? = nil,
        references: [String] = [], begins: (word: String, title: String)? = nil
    ) -> Line {
        let language = ([host] + visitors).first { $0.account == account }?.language
        return Line(
            by: account, place: place, text: text,
            marks: Marks(kind: kind, language: language, references: references), begins: begins)
    }

    private static let standardHistory: [Line] = [
        line(
            "helene.m", "announcements",
            "Next online meeting: Thursday, 14:00 Geneva time, with interpretation. Agenda in the lobby.",
            kind: .announcement),
        line("fatou.d", "lobby", "Bonjour à toutes et à tous, je suis le mécanisme national depuis Dakar."),
        line("olga.k", "lobby", "Здравствуйте! Бишкек, межведомственный совет по правам человека."),
        line("li.wei", "lobby", "大家好，很高兴和各位交流。"),
        line("lucia.m", "lobby", "Hola desde Asunción. Me alegra encontrarlos de nuevo."),
        line("samir.h", "lobby", "تحية من تونس. سعيد بلقائكم مرة أخرى."),
        line("amina.b", "lobby", "Good morning from Nairobi. Good to see you all again."),
        line(
            "fatou.d", "practices",
            "Comment suivez-vous les recommandations d'un cycle de l'EPU au suivant ?", kind: .question,
            begins: ("tracking", "Suivi d'un cycle de l'EPU à l'autre")),
        line(
            "olga.k", "practices/tracking", "Мы ведём сводную таблицу, обновляем её раз в квартал.",
            kind: .practice),
        line("li.wei", "practices/tracking", "我们每季度更新共享矩阵，每个部门填写自己的一列。", kind: .practice),
        line(
            "samir.h", "practices/tracking",
            "نستخدم قاعدة بيانات وطنية (NRTD) منذ 2019، ولكل توصية جهة مسؤولة وموعد.", kind: .practice),
        line(
            "amina.b", "practices/tracking",
            "@lucia.m could you share the template from your committee?"),
        line(
            "lucia.m", "practices/tracking",
            "Sí, la subo hoy. Sigue el orden del informe A/HRC/50/64, y tiene cuatro páginas.",
            references: ["doc:A/HRC/50/64"]),
        line(
            "li.wei", "practices", "国家机制怎样与议会协调？有没有固定的程序？", kind: .question,
            begins: ("parliament", "国家机制与议会的协调")),
        line(
            "amina.b", "practices/parliament",
            "A joint sitting twice a year, and one clerk who follows our table between them.", kind: .practice
        ),
        line(
            "lucia.m", "practices/parliament",
            "Tenemos un acuerdo firmado con la comisión de derechos humanos del Congreso."),
        line(
            "amina.b", "practices",
            "Our committee meets on Thursday. Who sends the draft report to civil society first, and when?"),
        line("fatou.d", "practices", "Quatre semaines avant. Les réponses reçues sont annexées au rapport."),
        line("olga.k", "practices", "За три недели, и публикуем ответы на сайте совета."),
        line(
            "olga.k", "t1-institutional-setup", "Что лучше закрепляет мандат механизма: указ или закон?",
            kind: .question, begins: ("mandate", "Мандат: указ или закон?")),
        line(
            "samir.h", "t1-institutional-setup/mandate",
            "عندنا مرسوم حكومي، ثم أصبح المبدأ في القانون بعد سنتين.", kind: .practice),
        line(
            "fatou.d", "t1-institutional-setup/mandate",
            "Un décret d'abord : il peut venir vite, et la loi garde ce qui a marché.", kind: .lesson),
        line(
            "samir.h", "cap-information", "بأي أداة تبدأ دولة صغيرة: جدول أم قاعدة بيانات؟", kind: .question,
            begins: ("tools", "جدول أم قاعدة بيانات؟")),
        line(
            "lucia.m", "cap-information/tools",
            "Con una tabla. Lo difícil no es el programa, es que alguien la mantenga.", kind: .lesson),
        line(
            "helene.m", "lobby",
            "@{you} Welcome. Say who you are if you like; practices is where most of the talk is."),
    ]

    private static let host = Visitor(
        account: "helene.m", name: "Hélène M.", country: "CH", affiliation: "un-body", language: "en",
        answers: [
            "@{you} Thank you. If you miss a channel, tell me here.",
            "@{you} I pass that on to the language desk.",
            "@{you} Noted for the agenda of Thursday.",
        ])

    private static let visitors = [
        Visitor(
            account: "fatou.d", name: "Fatou D.", country: "SN", affiliation: "national-mechanism",
            language: "fr",
            answers: [
                "@{you} Merci, c'est utile. Combien de personnes y travaillent chez vous ?",
                "Nous faisons l'inverse : chaque ministère remplit ses lignes, et nous vérifions.",
                "Est-ce que votre modèle est public ? J'aimerais le montrer à notre comité.",
                "D'accord. Chez nous, c'est le délai qui manque le plus souvent.",
            ]),
        Visitor(
            account: "li.wei", name: "李伟", country: "CN", affiliation: "national-mechanism", language: "zh",
            answers: [
                "@{you} 谢谢，这个做法很有参考价值。由哪个部门负责？",
                "我们也遇到过同样的问题，后来改为每季度更新一次。",
                "能否把表格的样式发给大家看看？",
                "同意。关键是每条建议都有明确的负责单位。",
            ]),
        Visitor(
            account: "samir.h", name: "سمير ح.", country: "TN", affiliation: "national-mechanism",
            language: "ar",
            answers: [
                "@{you} شكرا، هذا مفيد. من يتولى التحديث عندكم؟",
                "واجهنا المشكلة نفسها، والحل كان تعيين جهة اتصال في كل وزارة.",
                "هل يمكن نشر النموذج هنا حتى نطلع عليه؟",
                "أوافق. المهم أن يكون لكل توصية موعد واضح.",
            ]),
        Visitor(
            account: "olga.k", name: "Ольга К.", country: "KG", affiliation: "national-mechanism",
            language: "ru",
            answers: [
                "@{you} Спасибо, это полезно. Кто у вас отвечает за обновление?",
                "У нас было так же, пока не назначили ответственных в каждом министерстве.",
                "Можно посмотреть вашу таблицу? Нам пригодился бы пример.",
                "Согласна. Главное, чтобы у каждой рекомендации был срок.",
            ]),
        Visitor(
            account: "lucia.m", name: "Lucía M.", country: "PY", affiliation: "national-mechanism",
            language: "es",
            answers: [
                "@{you} Gracias, nos sirve mucho. ¿Quién actualiza los datos?",
                "Nos pasó lo mismo; lo resolvimos con dos puntos focales por ministerio.",
                "¿Podrías compartir la plantilla? La llevo a nuestro comité el jueves.",
                "De acuerdo. Sin un plazo por recomendación no se avanza.",
            ]),
        Visitor(
            account: "amina.b", name: "Amina B.", country: "KE", affiliation: "national-mechanism",
            language: "en",
            answers: [
                "@{you} Thank you, that helps. How many people work on it?",
                "We had the same difficulty, until each ministry named two focal points.",
                "Could you post the template here? I would like to show it to our committee.",
                "Agreed. What our committee asks about first is the deadline.",
            ]),
    ]
}
