// SPDX-License-Identifier: Apache-2.0

extension ShippedFiles {
    /// `Config/community.yaml`.
    package static let community = #"""
        # The channels of the community; each one that does not exist yet is created when the server starts.
        # Names are lower-case ASCII and never change their meaning; titles are what people read, one in each
        # language. kind: open (the default), moderated (only voiced members post) or private (unlisted, joined by
        # invitation). replay: messages shown on joining to clients that cannot ask for history. threads: who may
        # begin them (all, moderators or nobody). main_line: open, or closed to everybody but moderators. retain: days
        # that messages are kept, e.g. 730d; without it, for ever. A name that falls out of use becomes an alias, so that
        # its history stays where it was. session: when people meet in it, on the clocks of its zone; outside of that only
        # moderators write (docs/extensions/sessions.md). doors: before the start; grace: after the end, for replies in threads.
        # questionnaires: a list beside channels, described in docs/extensions/questionnaires.md ("The file").
        # The titles are drafts that the language services have not reviewed yet.

        channels:
          - name: announcements
            kind: moderated
            titles:
              en: "Announcements"
              fr: "Annonces"
              es: "Anuncios"
              ru: "Объявления"
              zh: "公告"
              ar: "إعلانات"
          - name: lobby
            titles:
              en: "Welcome and introductions"
              fr: "Accueil et présentations"
              es: "Bienvenida y presentaciones"
              ru: "Приветствие и знакомство"
              zh: "欢迎与介绍"
              ar: "ترحيب وتعارف"
          - name: practices
            titles:
              en: "Asking for and sharing practices"
              fr: "Demande et partage de pratiques"
              es: "Solicitud e intercambio de prácticas"
              ru: "Запросы и обмен практикой"
              zh: "做法征询与分享"
              ar: "طلب الممارسات وتبادلها"
          - name: t1-institutional-setup
            titles:
              en: "Institutional set-up and mandate"
              fr: "Cadre institutionnel et mandat"
              es: "Estructura institucional y mandato"
              ru: "Институциональная структура и мандат"
              zh: "机构设置与任务授权"
              ar: "الهيكل المؤسسي والولاية"
          - name: t2-coordination-consultation
            aliases: [cap-coordination, cap-consultation]
            titles:
              en: "Coordination and consultation capacities"
              fr: "Capacités de coordination et de consultation"
              es: "Capacidades de coordinación y consulta"
              ru: "Потенциал в области координации и консультаций"
              zh: "协调与协商能力"
              ar: "قدرات التنسيق والتشاور"
          - name: t3-national-linkages
            titles:
              en: "Links with other national implementation and follow-up processes"
              fr: "Liens avec les autres processus nationaux de mise en œuvre et de suivi"
              es: "Vínculos con otros procesos nacionales de aplicación y seguimiento"
              ru: "Связь с другими национальными процессами осуществления и последующей деятельности"
              zh: "与其他国家执行和后续行动进程的联系"
              ar: "الصلات بالعمليات الوطنية الأخرى للتنفيذ والمتابعة"
          - name: cap-engagement
            titles:
              en: "Engagement with human rights mechanisms"
              fr: "Collaboration avec les mécanismes des droits de l'homme"
              es: "Colaboración con los mecanismos de derechos humanos"
              ru: "Взаимодействие с правозащитными механизмами"
              zh: "与人权机制的合作"
              ar: "التعاون مع آليات حقوق الإنسان"
          - name: cap-information
            titles:
              en: "Information management and tracking tools"
              fr: "Gestion de l'information et outils de suivi"
              es: "Gestión de la información y herramientas de seguimiento"
              ru: "Управление информацией и средства отслеживания"
              zh: "信息管理与跟踪工具"
              ar: "إدارة المعلومات وأدوات التتبع"
          - name: sdg-links
            titles:
              en: "Human rights recommendations and the SDGs"
              fr: "Recommandations relatives aux droits de l'homme et ODD"
              es: "Recomendaciones de derechos humanos y ODS"
              ru: "Рекомендации по правам человека и ЦУР"
              zh: "人权建议与可持续发展目标"
              ar: "توصيات حقوق الإنسان وأهداف التنمية المستدامة"
          - name: hub-feedback
            titles:
              en: "Feedback on the virtual knowledge hub"
              fr: "Observations sur le pôle virtuel de connaissances"
              es: "Comentarios sobre el centro virtual de conocimientos"
              ru: "Отзывы о виртуальном центре знаний"
              zh: "对虚拟知识中心的反馈"
              ar: "ملاحظات على مركز المعارف الافتراضي"
          - name: session-2023-06-23-am
            titles:
              en: "Seminar, 23 June 2023, morning session"
              fr: "Séminaire du 23 juin 2023, séance du matin"
              es: "Seminario, 23 de junio de 2023, sesión de la mañana"
              ru: "Семинар, 23 июня 2023 года, утреннее заседание"
              zh: "研讨会,2023年6月23日,上午会议"
              ar: "الحلقة الدراسية، 23 حزيران/يونيه 2023، الجلسة الصباحية"
            session:
              start: 2023-06-23 10:00
              end: 2023-06-23 12:00
              zone: Europe/Zurich
              doors: 30m
              grace: 15m
              room: "Palais des Nations, Room XVII"
              platform: [zoom, relay, webcast]
              documents: [A/HRC/50/64, A/HRC/RES/51/33, HR/PUB/16/1]
              floor: { open: -15m, close: +30m, limit.state: 3m, limit.other: 2m, reply: 2m x1 }
          - name: session-2023-06-23-pm
            titles:
              en: "Seminar, 23 June 2023, afternoon session"
              fr: "Séminaire du 23 juin 2023, séance de l'après-midi"
              es: "Seminario, 23 de junio de 2023, sesión de la tarde"
              ru: "Семинар, 23 июня 2023 года, дневное заседание"
              zh: "研讨会,2023年6月23日,下午会议"
              ar: "الحلقة الدراسية، 23 حزيران/يونيه 2023، جلسة بعد الظهر"
            session:
              start: 2023-06-23 15:00
              end: 2023-06-23 17:00
              zone: Europe/Zurich
              doors: 30m
              grace: 15m
              room: "Palais des Nations, Room XVII"
              platform: [zoom, relay, webcast]
              documents: [A/HRC/50/64, A/HRC/RES/51/33, HR/PUB/16/1]
              floor: { open: -15m, close: +30m, limit.state: 3m, limit.other: 2m, reply: 2m x1 }
          - name: help-desk
            titles:
              en: "Technical help"
              fr: "Assistance technique"
              es: "Asistencia técnica"
              ru: "Техническая помощь"
              zh: "技术支持"
              ar: "الدعم التقني"
          - name: secretariat
            kind: private
            titles:
              en: "Secretariat"
              fr: "Secrétariat"
              es: "Secretaría"
              ru: "Секретариат"
              zh: "秘书处"
              ar: "الأمانة"
          - name: moderators
            kind: private
            titles:
              en: "Moderators"
              fr: "Modération"
              es: "Moderación"
              ru: "Модераторы"
              zh: "主持人"
              ar: "المشرفون"
          - name: rapporteurs
            kind: private
            titles:
              en: "Rapporteurs"
              fr: "Rapporteurs"
              es: "Relatores"
              ru: "Докладчики"
              zh: "报告员"
              ar: "المقررون"
          - name: language-desk
            kind: private
            titles:
              en: "Language desk"
              fr: "Pôle linguistique"
              es: "Servicio de idiomas"
              ru: "Языковая служба"
              zh: "语言服务"
              ar: "خدمة اللغات"
          - name: civil-society
            kind: private
            replay: 0                      # who joins sees no earlier message: people's safety comes first
            titles:
              en: "Civil society"
              fr: "Société civile"
              es: "Sociedad civil"
              ru: "Гражданское общество"
              zh: "民间社会"
              ar: "المجتمع المدني"
          - name: nhri
            kind: private
            titles:
              en: "National human rights institutions"
              fr: "Institutions nationales des droits de l'homme"
              es: "Instituciones nacionales de derechos humanos"
              ru: "Национальные правозащитные учреждения"
              zh: "国家人权机构"
              ar: "المؤسسات الوطنية لحقوق الإنسان"

        """#
}
