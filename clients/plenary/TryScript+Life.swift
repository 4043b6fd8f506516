// SPDX-License-Identifier: Apache-2.0

import PlenaryClient

/// What happens while the person is there. Slow enough to be read, and over after a quarter of an hour.
extension TryScript {
    static let standardLife: [Moment] = [
        after(
            8, "lucia.m", "practices/tracking",
            "@{you} Bienvenida o bienvenido. ¿Cómo llevan el seguimiento en su país?"),
        after(
            20, "amina.b", "practices", "Has anybody published the tracking table itself, not only a summary?"
        ),
        after(
            14, "fatou.d", "practices", "Oui, le nôtre est en ligne depuis mars, sans les noms des agents."),
        Moment(seconds: 10, deed: .away("li.wei", "开会")),
        after(
            16, "samir.h", "practices/tracking", "لكل توصية عندنا رقم لا يتغير، حتى إذا تغيرت الجهة المسؤولة."
        ),
        after(
            25, "olga.k", "t1-institutional-setup/mandate",
            "У нас указ. Закон готовили два года, но без мандата ждать было нельзя."),
        after(
            18, "lucia.m", "t1-institutional-setup/mandate",
            "Aquí es un decreto, y cada ministerio nombró dos puntos focales."),
        after(22, "fatou.d", "lobby", "Bonjour à celles et ceux qui arrivent. La liste des fils : F3."),
        Moment(seconds: 15, deed: .back("li.wei")),
        after(12, "li.wei", "practices/parliament", "我回来了。议会委员会下周讨论我们的年度报告。"),
        after(
            24, "amina.b", "practices/parliament",
            "Do members of parliament see the draft before the cabinet does?"),
        after(20, "li.wei", "practices/parliament", "先由内阁审议，然后同一天送交议会和民间社会。"),
        Moment(seconds: 20, deed: .leave("samir.h", channel: "lobby")),
        after(
            18, "helene.m", "announcements",
            "The notes of the last online meeting are on the hub, in six languages."),
        after(
            26, "olga.k", "cap-information/tools",
            "Мы начинали с электронной таблицы. База данных понадобилась на третий год."),
        after(22, "samir.h", "cap-information/tools", "الجدول يكفي في البداية، بشرط أن يكون له مالك واحد."),
        Moment(seconds: 14, deed: .enter("samir.h", channel: "lobby")),
        after(20, "lucia.m", "practices", "Subí la plantilla. Cualquier corrección, en el hilo, por favor."),
        after(
            24, "fatou.d", "practices/tracking",
            "Merci Lucia. Chez nous il manque la colonne des délais, je l'ajoute."),
        Moment(seconds: 30, deed: .away("olga.k", "обед")),
        after(30, "amina.b", "practices/tracking", "Deadlines are what our committee asks about first."),
        after(34, "samir.h", "practices", "هل من تجربة في إشراك البلديات في المتابعة؟", kind: .question),
        after(
            28, "lucia.m", "practices",
            "Sí: tres municipios llenan sus filas desde este año. Cuento más en la reunión."),
        Moment(seconds: 25, deed: .back("olga.k")),
        after(20, "olga.k", "practices", "У нас области отчитываются раз в полгода, по той же таблице."),
        after(40, "li.wei", "t1-institutional-setup", "请问各国的联络人是否有固定任期？", kind: .question),
        after(30, "fatou.d", "t1-institutional-setup", "Deux ans chez nous, renouvelables une fois."),
        Moment(seconds: 35, deed: .away("amina.b", "Committee until four")),
        after(45, "helene.m", "lobby", "The help desk is open until 18:00, Geneva time: help-desk."),
        after(60, "samir.h", "practices/parliament", "البرلمان عندنا يناقش خطة العمل الوطنية مرة كل سنة."),
        after(
            50, "olga.k", "practices/tracking", "Шаблон попробовали сегодня: двадцать рекомендаций за час."),
        Moment(seconds: 60, deed: .back("amina.b")),
        after(30, "amina.b", "practices", "Back. Our committee adopted the national action plan today."),
        after(12, "lucia.m", "practices", "¡Felicitaciones!"),
        after(8, "fatou.d", "practices", "Félicitations, Amina !"),
        after(40, "li.wei", "practices", "祝贺。能否分享行动计划的目录？"),
    ]

    private static func after(
        _ seconds: Int64, _ account: String, _ place: String, _ text: String, kind: Marks.Kind? = nil
    ) -> Moment {
        Moment(seconds: seconds, deed: .say(line(account, place, text, kind: kind)))
    }
}
