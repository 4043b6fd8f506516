// SPDX-License-Identifier: Apache-2.0

extension CountedPhrase {
    /// Spanish. Not yet reviewed by a native reader.
    var spanish: PluralForms {
        switch self {
        case .messages:
            .init(one: "{count} mensaje", many: "{count} de mensajes", other: "{count} mensajes")
        case .newMessages:
            .init(
                one: "{count} mensaje nuevo", many: "{count} de mensajes nuevos",
                other: "{count} mensajes nuevos")
        case .messagesFound:
            .init(
                one: "{count} mensaje encontrado", many: "{count} de mensajes encontrados",
                other: "{count} mensajes encontrados")
        case .messagesWaiting:
            .init(
                one: "{count} mensaje por enviar", many: "{count} de mensajes por enviar",
                other: "{count} mensajes por enviar")
        case .replies:
            .init(one: "{count} respuesta", many: "{count} de respuestas", other: "{count} respuestas")
        case .lines: .init(one: "{count} línea", many: "{count} de líneas", other: "{count} líneas")
        case .threads: .init(one: "{count} hilo", many: "{count} de hilos", other: "{count} hilos")
        case .here:
            .init(one: "{count} presente", many: "{count} de presentes", other: "{count} presentes")
        case .peopleHere:
            .init(
                one: "{count} persona presente", many: "{count} de personas presentes",
                other: "{count} personas presentes")
        case .seconds:
            .init(one: "{count} segundo", many: "{count} de segundos", other: "{count} segundos")
        case .inSeconds:
            .init(one: "en {count} segundo", many: "en {count} de segundos", other: "en {count} segundos")
        case .forMinutes:
            .init(
                one: "durante {count} minuto", many: "durante {count} de minutos",
                other: "durante {count} minutos")
        case .forHours:
            .init(
                one: "durante {count} hora", many: "durante {count} de horas", other: "durante {count} horas")
        case .forDays:
            .init(
                one: "durante {count} día", many: "durante {count} de días", other: "durante {count} días")
        }
    }
}
