// SPDX-License-Identifier: Apache-2.0

import PlenaryClient
import PlenaryScreens
import PlenaryTerminal

/// What can be known of the terminal, and the one thing that only a reader can tell.
extension DoctorCommand {
    func checkTerminal(_ workplace: Workplace) {
        let environment = workplace.surroundings.environment
        let locale =
            ["LC_ALL", "LC_CTYPE", "LANG"].compactMap { environment[$0] }.first { !$0.isEmpty } ?? ""
        let word = locale.lowercased()
        let isUTF8 = word.contains("utf-8") || word.contains("utf8")
        report(
            "locale", isUTF8 ? "ok" : "problem", locale.isEmpty ? "none is set" : locale, workplace,
            advice: isUTF8 ? "" : "Other programs here may garble six languages: export LANG=C.UTF-8")
        guard workplace.surroundings.isOutputTerminal else {
            return report("terminal", "ok", "the output is none: the line mode is used", workplace)
        }
        let kind = environment["TERM"] ?? ""
        if kind.isEmpty || kind == "dumb" {
            return report(
                "terminal", "ok", "TERM is \(kind.isEmpty ? "not set" : kind): the line mode is used",
                workplace)
        }
        let size = TerminalProbe.size().map { ", \($0.columns) by \($0.rows)" } ?? ""
        report("terminal", "ok", kind + size, workplace)
        checkWidths(workplace)
    }

    /// Terminals that draw these signs two columns wide shift what stands behind them.
    private func checkWidths(_ workplace: Workplace) {
        guard workplace.surroundings.isInputTerminal else { return }
        let widths = ["●", "│"].map { ($0, workplace.surroundings.measureWidth($0)) }
        guard widths.allSatisfy({ $0.1 != nil }) else {
            return report("widths", "unknown", "the terminal does not tell where its cursor is", workplace)
        }
        let text = widths.map { "\($0.0) \($0.1 ?? 0)" }.joined(separator: ", ")
        let isNarrow = widths.allSatisfy { $0.1 == 1 }
        report(
            "widths", isNarrow ? "ok" : "problem", "columns: \(text)", workplace,
            advice: isNarrow ? "" : "Use plain signs: plenary config set ui.glyphs ascii")
    }

    /// Shows one text twice, in our order and in the terminal's, and keeps which of both is readable.
    func settleDirection(_ workplace: Workplace) throws(Failure) -> ExitCode {
        let surroundings = workplace.surroundings
        for line in DoctorCommand.scripts { surroundings.print(line) }
        surroundings.print("1  \(DoctorCommand.ourOrder)")
        surroundings.print("2  \(DoctorCommand.terminalOrder)")
        guard workplace.canAsk else {
            workplace.say(
                "If 1 reads properly: plenary config set ui.bidi app. If 2: plenary config set ui.bidi terminal"
            )
            return .done
        }
        let language = JoinCommand.language(of: workplace)
        guard
            let value = DoctorCommand.direction(
                surroundings.askKey(DoctorCommand.question(language)) ?? "")
        else {
            workplace.say("ui.bidi stays \(workplace.settings.value("ui.bidi"))")
            return .done
        }
        var workplace = workplace
        workplace.settings.values["ui.bidi"] = value
        try workplace.settings.write(workplace.locations)
        workplace.say("ui.bidi = \(value)")
        return .done
    }

    /// What a key stands for, on any of the six keyboards; nil for no choice.
    package static func direction(_ key: String) -> String? {
        switch key.first {
        case "1", "١", "１": "app"
        case "2", "٢", "２": "terminal"
        default: nil
        }
    }

    private static func question(_ language: Language) -> String {
        switch language {
        case .arabic: "أي السطرين يُقرأ قراءة سليمة، 1 أم 2؟ (أي مفتاح آخر: بلا تغيير) "
        case .chinese: "哪一行阿拉伯文显示正确，1 还是 2？（其他键：不变）"
        case .english: "Which Arabic line reads properly, 1 or 2? (another key: no change) "
        case .french: "Quelle ligne arabe se lit correctement, 1 ou 2 ? (autre touche : sans changement) "
        case .russian: "Какая арабская строка читается правильно, 1 или 2? (другая клавиша: без изменений) "
        case .spanish: "¿Qué línea en árabe se lee bien, 1 o 2? (otra tecla: sin cambios) "
        }
    }

    private static let scripts = [
        "   English: follow-up tracking", "   Français : suivi des recommandations",
        "   Русский: отслеживание рекомендаций", "   中文：建议的后续跟踪",
        "   Español: seguimiento de las recomendaciones",
    ]

    /// In the order in which it is spoken, for terminals that reorder.
    static let terminalOrder = "مرحبا بكم في 2026"

    /// The same text in the order in which it is seen, its letters joined, and shielded from a terminal that
    /// would reorder it: LRO … PDF (Unicode Standard Annex 9).
    static var ourOrder: String {
        let line = Typesetter(bidi: .app).line(StyledText(terminalOrder), columns: 80)
        return "\u{202D}" + line.glyphs.map(\.text).joined() + "\u{202C}"
    }
}
