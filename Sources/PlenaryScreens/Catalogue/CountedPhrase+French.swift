// SPDX-License-Identifier: Apache-2.0

extension CountedPhrase {
    /// French. Not yet reviewed by a native reader.
    var french: PluralForms {
        switch self {
        case .messages:
            .init(one: "{count} message", many: "{count} de messages", other: "{count} messages")
        case .newMessages:
            .init(
                one: "{count} nouveau message", many: "{count} de nouveaux messages",
                other: "{count} nouveaux messages")
        case .messagesFound:
            .init(
                one: "{count} message trouvé", many: "{count} de messages trouvés",
                other: "{count} messages trouvés")
        case .messagesWaiting:
            .init(
                one: "{count} message en attente d’envoi", many: "{count} de messages en attente d’envoi",
                other: "{count} messages en attente d’envoi")
        case .replies: .init(one: "{count} réponse", many: "{count} de réponses", other: "{count} réponses")
        case .lines: .init(one: "{count} ligne", many: "{count} de lignes", other: "{count} lignes")
        case .threads: .init(one: "{count} fil", many: "{count} de fils", other: "{count} fils")
        case .here:
            .init(one: "{count} présent", many: "{count} de présents", other: "{count} présents")
        case .peopleHere:
            .init(
                one: "{count} personne présente", many: "{count} de personnes présentes",
                other: "{count} personnes présentes")
        case .seconds: .init(one: "{count} seconde", many: "{count} de secondes", other: "{count} secondes")
        case .inSeconds:
            .init(
                one: "dans {count} seconde", many: "dans {count} de secondes", other: "dans {count} secondes")
        case .forMinutes:
            .init(
                one: "pendant {count} minute", many: "pendant {count} de minutes",
                other: "pendant {count} minutes")
        case .forHours:
            .init(
                one: "pendant {count} heure", many: "pendant {count} d’heures",
                other: "pendant {count} heures")
        case .forDays:
            .init(
                one: "pendant {count} jour", many: "pendant {count} de jours", other: "pendant {count} jours")
        }
    }
}
