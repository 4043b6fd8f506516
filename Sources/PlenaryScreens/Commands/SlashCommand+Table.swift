// SPDX-License-Identifier: Apache-2.0

extension SlashCommand {
    /// What there is to know of a command.
    struct Entry {
        var group: ActionGroup
        var parameters: String
        var summary: ActionPhrase
        /// Words separated by spaces.
        var aliases: [Language: String]

        init(
            _ group: ActionGroup, _ parameters: String, _ summary: ActionPhrase, en: String = "", ar: String,
            zh: String, fr: String, ru: String, es: String
        ) {
            self.group = group
            self.parameters = parameters
            self.summary = summary
            aliases = [
                .arabic: ar, .chinese: zh, .english: en, .french: fr, .russian: ru, .spanish: es,
            ]
        }
    }

    /// The table of commands.
    var entry: Entry {
        switch self {
        case .join:
            Entry(
                .places, "NAME", .enterChannel, ar: "انضم ادخل",
                zh: "加入", fr: "entrer rejoindre", ru: "войти", es: "entrar")
        case .leave:
            Entry(
                .places, "", .leaveChannel, en: "part", ar: "غادر",
                zh: "离开", fr: "sortir quitter-canal", ru: "уйти выйти", es: "salir")
        case .list:
            Entry(
                .places, "[filter]", .listChannels, en: "channels", ar: "قائمة",
                zh: "列表", fr: "liste", ru: "список", es: "lista")
        case .who:
            Entry(
                .places, "", .showPeople, en: "names", ar: "من",
                zh: "谁", fr: "qui", ru: "кто", es: "quién quien")
        case .whois:
            Entry(
                .places, "NAME", .showPerson, ar: "من-هو",
                zh: "资料", fr: "qui-est", ru: "кто-это", es: "quién-es quien-es")
        case .msg:
            Entry(
                .places, "NAME text", .writeToPerson, en: "query", ar: "رسالة",
                zh: "私聊", fr: "message", ru: "сообщение", es: "mensaje")
        case .invite:
            Entry(
                .places, "[NAME]", .invitePerson, ar: "ادع دعوة",
                zh: "邀请", fr: "inviter", ru: "пригласить", es: "invitar")
        case .notify:
            Entry(
                .places, "all, mentions, none", .chooseNotices, ar: "تنبيه",
                zh: "提醒", fr: "notifier", ru: "уведомлять", es: "avisos")
        case .mute:
            Entry(
                .places, "[NAME 10m REASON]", .muteAnything, ar: "كتم",
                zh: "禁言 静音", fr: "sourdine silence", ru: "заглушить", es: "silenciar")
        case .unmute:
            Entry(
                .places, "[NAME]", .unmuteAnything, ar: "إلغاء-الكتم",
                zh: "解除禁言", fr: "parole", ru: "вернуть-слово", es: "palabra")
        case .me:
            Entry(
                .messages, "text", .sayDoing, ar: "أنا",
                zh: "我", fr: "moi", ru: "я", es: "yo")
        case .ask:
            Entry(
                .messages, "[text]", .askQuestion, ar: "اسأل",
                zh: "提问", fr: "demander", ru: "спросить", es: "preguntar")
        case .reply:
            Entry(
                .messages, "text", .replyInThread, en: "r", ar: "رد",
                zh: "回复", fr: "répondre repondre", ru: "ответить", es: "responder")
        case .channel:
            Entry(
                .messages, "[text]", .switchTarget, ar: "قناة",
                zh: "频道", fr: "canal", ru: "канал", es: "canal")
        case .read:
            Entry(
                .messages, "[5, all]", .readAgain, ar: "اقرأ",
                zh: "阅读", fr: "lire", ru: "читать", es: "leer")
        case .next:
            Entry(
                .messages, "", .goToUnread, ar: "التالي",
                zh: "下一个", fr: "suivant", ru: "дальше", es: "siguiente")
        case .history:
            Entry(
                .messages, "[20]", .showOlder, ar: "تاريخ",
                zh: "历史", fr: "historique", ru: "история", es: "historial")
        case .goto:
            Entry(
                .messages, "DATE", .goToDate, ar: "انتقل",
                zh: "转到", fr: "aller", ru: "перейти", es: "ir")
        case .search:
            Entry(
                .messages, "words", .searchMessages, ar: "بحث",
                zh: "搜索", fr: "chercher", ru: "искать", es: "buscar")
        case .edit:
            Entry(
                .messages, "[text]", .editMessage, ar: "تعديل",
                zh: "编辑", fr: "modifier", ru: "изменить", es: "editar")
        case .delete:
            Entry(
                .messages, "", .deleteMessage, ar: "امسح",
                zh: "撤回", fr: "effacer", ru: "стереть", es: "borrar")
        case .copy:
            Entry(
                .messages, "", .copyMessage, ar: "انسخ",
                zh: "复制", fr: "copier", ru: "копировать", es: "copiar")
        case .open:
            Entry(
                .messages, "", .openLink, ar: "افتح",
                zh: "打开", fr: "ouvrir", ru: "открыть", es: "abrir")
        case .retry:
            Entry(
                .messages, "", .retryUnsent, ar: "أعد-الإرسال",
                zh: "重发", fr: "renvoyer", ru: "повторить", es: "reintentar")
        case .report:
            Entry(
                .messages, "NAME [REASON] text", .reportToModerators, ar: "بلاغ",
                zh: "举报", fr: "signaler", ru: "жалоба", es: "avisar")
        case .name:
            Entry(
                .person, "NEW", .takeName, en: "nick", ar: "اسم",
                zh: "改名", fr: "nom", ru: "имя", es: "nombre")
        case .away:
            Entry(
                .person, "[text]", .goAway, ar: "غائب بعيد",
                zh: "暂离 离开一下", fr: "absent", ru: "отсутствую отошел отошёл", es: "ausente")
        case .back:
            Entry(
                .person, "", .comeBack, ar: "عدت",
                zh: "回来", fr: "retour", ru: "вернулся вернулась", es: "volver")
        case .lang:
            Entry(
                .person, "[ar, zh, en, fr, ru, es]", .changeLanguage, en: "language", ar: "لغة",
                zh: "语言", fr: "langue", ru: "язык", es: "idioma")
        case .threads:
            Entry(
                .threads, "[open, closed, mine, unread]", .listThreads, ar: "مواضيع",
                zh: "话题列表 主题列表", fr: "fils", ru: "обсуждения темы", es: "hilos")
        case .thread:
            Entry(
                .threads, "N, new TITLE, title TEXT, close [REASON], reopen", .useThread, ar: "موضوع خيط",
                zh: "话题 主题串", fr: "fil", ru: "обсуждение тема-n", es: "hilo")
        case .follow:
            Entry(
                .threads, "", .followThread, ar: "تابع",
                zh: "关注", fr: "suivre", ru: "следить", es: "seguir")
        case .say:
            Entry(
                .languages, "LANG text", .sayLanguage, ar: "قل",
                zh: "说", fr: "dire", ru: "сказать", es: "decir")
        case .translate:
            Entry(
                .languages, "LANG text", .attachTranslation, ar: "ترجم",
                zh: "翻译", fr: "traduire", ru: "перевести", es: "traducir")
        case .original:
            Entry(
                .languages, "", .showOriginal, ar: "الأصل",
                zh: "原文", fr: "original", ru: "оригинал", es: "original")
        case .session:
            Entry(
                .session, "open, pause, close, extend 10m", .runSession, ar: "جلسة",
                zh: "会议", fr: "séance seance", ru: "заседание", es: "sesión sesion")
        case .agenda:
            Entry(
                .session, "", .showAgenda, ar: "جدول-الأعمال",
                zh: "议程", fr: "ordre-du-jour", ru: "повестка", es: "agenda")
        case .floor:
            Entry(
                .session, "request [ITEM], withdraw, list, give NAME, stop", .useFloor, ar: "الكلمة",
                zh: "发言", fr: "prise-de-parole", ru: "слово", es: "turno")
        case .docs:
            Entry(
                .session, "", .showDocuments, ar: "وثائق",
                zh: "文件", fr: "documents", ru: "документы", es: "documentos")
        case .relay:
            Entry(
                .session, "status, start, stop", .runRelay, ar: "بث",
                zh: "转接", fr: "relais", ru: "трансляция", es: "relevo")
        case .remove:
            Entry(
                .moderation, "MESSAGE REASON", .removeMessage, ar: "احذف",
                zh: "删除", fr: "supprimer", ru: "удалить", es: "eliminar")
        case .hide:
            Entry(
                .moderation, "MESSAGE REASON", .hideMessage, ar: "أخف",
                zh: "隐藏", fr: "masquer", ru: "скрыть", es: "ocultar")
        case .unhide:
            Entry(
                .moderation, "MESSAGE", .unhideMessage, ar: "أظهر",
                zh: "取消隐藏", fr: "montrer", ru: "показать", es: "mostrar")
        case .ban:
            Entry(
                .moderation, "NAME [7d] REASON", .banPerson, ar: "احظر",
                zh: "封禁", fr: "exclure", ru: "бан", es: "excluir")
        case .unban:
            Entry(
                .moderation, "NAME", .unbanPerson, ar: "ارفع-الحظر",
                zh: "解封", fr: "réadmettre readmettre", ru: "разбан", es: "readmitir")
        case .kick:
            Entry(
                .moderation, "NAME REASON", .removePerson, ar: "أخرج",
                zh: "移出", fr: "retirer", ru: "вывести", es: "retirar")
        case .slow:
            Entry(
                .moderation, "30s, off", .slowDown, ar: "بطيء",
                zh: "慢速", fr: "lent", ru: "медленно", es: "lento")
        case .topic:
            Entry(
                .moderation, "[text]", .setTopic, ar: "عنوان",
                zh: "主题", fr: "sujet", ru: "тема", es: "tema")
        case .pin:
            Entry(
                .moderation, "", .pinThread, ar: "ثبت",
                zh: "置顶", fr: "épingler epingler", ru: "закрепить", es: "fijar")
        case .unpin:
            Entry(
                .moderation, "", .unpinThread, ar: "ألغ-التثبيت",
                zh: "取消置顶", fr: "détacher detacher", ru: "открепить", es: "soltar")
        case .move:
            Entry(
                .moderation, "[MESSAGE] N", .moveMessage, ar: "انقل",
                zh: "移动", fr: "déplacer deplacer", ru: "перенести", es: "trasladar mover")
        case .lock:
            Entry(
                .moderation, "[REASON]", .lockPlace, ar: "أقفل",
                zh: "锁定", fr: "verrouiller", ru: "запереть", es: "bloquear")
        case .unlock:
            Entry(
                .moderation, "[REASON]", .unlockPlace, ar: "فك-القفل",
                zh: "解锁", fr: "déverrouiller deverrouiller", ru: "отпереть", es: "desbloquear")
        case .modlog:
            Entry(
                .moderation, "", .showModerationLog, ar: "السجل",
                zh: "管理记录", fr: "journal", ru: "журнал", es: "registro")
        case .help:
            Entry(
                .program, "[TOPIC]", .showHelp, en: "?", ar: "مساعدة",
                zh: "帮助", fr: "aide", ru: "помощь справка", es: "ayuda")
        case .menu:
            Entry(
                .program, "", .openMenu, ar: "خيارات",
                zh: "菜单", fr: "menu", ru: "меню", es: "menú")
        case .where:
            Entry(
                .program, "", .sayWhere, ar: "أين",
                zh: "哪里", fr: "où ou", ru: "где", es: "dónde donde")
        case .status:
            Entry(
                .program, "", .showStatus, ar: "حالة",
                zh: "状态", fr: "état etat", ru: "состояние", es: "estado")
        case .reconnect:
            Entry(
                .program, "", .connectNow, ar: "اتصل",
                zh: "重连", fr: "reconnecter", ru: "переподключить", es: "reconectar")
        case .export:
            Entry(
                .program, "", .saveDiscussion, ar: "تصدير",
                zh: "导出", fr: "exporter", ru: "экспорт", es: "exportar")
        case .plain:
            Entry(
                .program, "", .changeToPlain, ar: "بسيط",
                zh: "纯文本", fr: "simple", ru: "просто", es: "sencillo")
        case .settings:
            Entry(
                .program, "", .changeSettings, ar: "إعدادات",
                zh: "设置", fr: "réglages reglages", ru: "настройки", es: "ajustes")
        case .quit:
            Entry(
                .program, "", .quitProgram, en: "exit", ar: "خروج",
                zh: "退出", fr: "quitter", ru: "выход", es: "adiós adios")
        case .quote:
            Entry(
                .raw, "LINE", .sendRawLine, ar: "خام",
                zh: "原始", fr: "brut", ru: "дословно", es: "crudo")
        }
    }
}
