// SPDX-License-Identifier: Apache-2.0

import PlenaryScreens

/// What `plenary join` asks and says, in the six languages: a newcomer has not been told yet how to change
/// the language.
struct JoinTexts {
    let language: Language

    /// The prompt for the language; how to keep it stands behind its own name.
    var languageQuestion: String {
        let keep =
            switch language {
            case .arabic: "اضغط Enter للإبقاء عليها، أو اكتب رمز لغة أخرى"
            case .chinese: "按 Enter 保留，或输入其他语言的代码"
            case .english: "Enter keeps it, or type another one's code"
            case .french: "Entrée la conserve, ou tapez le code d'une autre"
            case .russian: "Enter оставит его, или введите код другого"
            case .spanish: "Intro lo conserva, o escriba el código de otro"
            }
        let others = Language.allCases.filter { $0 != language }.map { "\($0.rawValue) \($0.ownName)" }
        return "\(word): \(language.ownName). \(keep) (\(others.joined(separator: ", "))): "
    }

    private var word: String {
        switch language {
        case .arabic: "اللغة"
        case .chinese: "语言"
        case .english: "Language"
        case .french: "Langue"
        case .russian: "Язык"
        case .spanish: "Idioma"
        }
    }

    /// The prompt for the display name, with what is taken by Enter alone.
    func nameQuestion(_ suggestion: String?) -> String {
        let text =
            switch language {
            case .arabic: "اسمك كما سيراه الآخرون"
            case .chinese: "您的姓名（其他人看到的）"
            case .english: "Your name, as others will see it"
            case .french: "Votre nom, tel que les autres le verront"
            case .russian: "Ваше имя, как его увидят другие"
            case .spanish: "Su nombre, como lo verán los demás"
            }
        return asked(text, suggestion)
    }

    /// The prompt for the account's name.
    func accountQuestion(_ suggestion: String?) -> String {
        let text =
            switch language {
            case .arabic: "اسمك المختصر بحروف لاتينية"
            case .chinese: "您的简称（用拉丁字母）"
            case .english: "Your short name, in Latin letters"
            case .french: "Votre nom court, en lettres latines"
            case .russian: "Ваше краткое имя, латинскими буквами"
            case .spanish: "Su nombre corto, en letras latinas"
            }
        return asked(text, suggestion)
    }

    private func asked(_ text: String, _ suggestion: String?) -> String {
        text + (suggestion.map { " [\($0)]" } ?? "") + ": "
    }

    /// What is kept of somebody, in three lines (docs/PRIVACY.md has the whole).
    var privacyNotice: [String] {
        switch language {
        case .arabic:
            [
                "ما تكتبه يُحفظ ويقرؤه أعضاء القناة، الآن ولاحقا.",
                "يمكنك سحبه أو طلب محوه. لا يُحفظ عنوان شبكة ولا بريد إلكتروني.",
                "كل ما يُحفظ عنك: plenary mydata. لا تنشر ما قد يعرض أحدا للخطر.",
            ]
        case .chinese:
            [
                "您写的内容会被保存，频道成员现在和以后都能看到。",
                "您可以撤回，也可以要求删除。不保存网络地址和电子邮件。",
                "查看所存的一切：plenary mydata。请勿发布可能危及他人的内容。",
            ]
        case .english:
            [
                "What you write is kept and read by the channel's members, now and later.",
                "You can take it back or have it erased. No network address or e-mail is kept.",
                "All that is kept of you: plenary mydata. Post nothing that endangers anyone.",
            ]
        case .french:
            [
                "Vos messages sont conservés et lus par les membres du canal, aussi plus tard.",
                "Vous pouvez les retirer ou les faire effacer. Aucune adresse n'est conservée.",
                "Vos données : plenary mydata. Ne publiez rien qui mette quelqu'un en danger.",
            ]
        case .russian:
            [
                "Ваши сообщения хранятся, и участники канала читают их сейчас и потом.",
                "Их можно отозвать или стереть. Сетевой адрес и почта не хранятся.",
                "Все данные о Вас: plenary mydata. Не пишите того, что опасно для людей.",
            ]
        case .spanish:
            [
                "Sus mensajes se guardan y los leen los miembros del canal, también después.",
                "Puede retirarlos o pedir que se borren. No se guarda ninguna dirección.",
                "Sus datos: plenary mydata. No publique nada que ponga a alguien en peligro.",
            ]
        }
    }

    /// The prompt below the notice.
    var noticeQuestion: String {
        switch language {
        case .arabic: "Enter للموافقة، Ctrl+C للانصراف: "
        case .chinese: "按 Enter 同意，按 Ctrl+C 离开："
        case .english: "Enter to agree, Ctrl+C to leave: "
        case .french: "Entrée pour accepter, Ctrl+C pour quitter : "
        case .russian: "Enter — согласие, Ctrl+C — выход: "
        case .spanish: "Intro para aceptar, Ctrl+C para salir: "
        }
    }

    /// While the server is reached.
    func connecting(to host: String, isPinned: Bool) -> String {
        switch language {
        case .arabic: "جار الاتصال بـ \(host) …" + (isPinned ? " تم التحقق من هويته." : "")
        case .chinese: "正在连接 \(host) …" + (isPinned ? "身份已核对。" : "")
        case .english: "Connecting to \(host) …" + (isPinned ? " its identity is checked." : "")
        case .french: "Connexion à \(host) …" + (isPinned ? " son identité est vérifiée." : "")
        case .russian: "Соединение с \(host) …" + (isPinned ? " подлинность проверена." : "")
        case .spanish: "Conectando con \(host) …" + (isPinned ? " su identidad está comprobada." : "")
        }
    }

    /// When all is done.
    func joined(as account: String, on server: String) -> String {
        switch language {
        case .arabic: "أنت \(account) على \(server). للعودة في أي وقت: plenary"
        case .chinese: "您在 \(server) 上的简称是 \(account)。随时回来：plenary"
        case .english: "You are \(account) on \(server). Back any time with: plenary"
        case .french: "Vous êtes \(account) sur \(server). Pour revenir : plenary"
        case .russian: "Вы — \(account) на \(server). Вернуться: plenary"
        case .spanish: "Usted es \(account) en \(server). Para volver: plenary"
        }
    }
}
