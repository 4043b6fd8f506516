// SPDX-License-Identifier: Apache-2.0

import PlenaryClient
import PlenaryTerminal

/// Boxes over the screen: choosing and filling in.
extension ScreenModel {
    mutating func takeInDialog(_ input: InputEvent) -> [Effect] {
        guard var dialog = dialogs.popLast() else { return [] }
        let most = max(dialog.shown.count - 1, 0)
        switch input {
        case .key(.escape, _), .key(.character("c"), .control): return []
        // The key that opened the menu closes it.
        case .key(.function(2), _), .key(.character("p"), .control): return []
        case .key(.enter, _), .key(.character("j"), .control): return confirm(dialog)
        case .key(.up, _), .key(.backTab, _): dialog.selected = max(dialog.selected - 1, 0)
        case .key(.down, _), .key(.tab, _): dialog.selected = min(dialog.selected + 1, most)
        case .key(.pageUp, _): dialog.selected = max(dialog.selected - 10, 0)
        case .key(.pageDown, _): dialog.selected = min(dialog.selected + 10, most)
        case .key(let key, let modifiers): dialog.edit { _ = $0.handle(key, modifiers) }
        case .text(let text), .paste(let text): dialog.edit { $0.insert(PlainText.oneLine(text)) }
        case .cursorReport, .focus: break
        }
        dialogs.append(dialog)
        return []
    }

    /// Enter. What it means nothing for stays open.
    private mutating func confirm(_ dialog: Dialog) -> [Effect] {
        if let question = dialog.question {
            let text = PlainText.oneLine(dialog.input.text)
            guard question.mayBeEmpty || text.contains(where: { !$0.isWhitespace }) else {
                dialogs.append(dialog)
                return []
            }
            return answer(question, text)
        }
        let shown = dialog.shown
        guard shown.indices.contains(dialog.selected) else {
            dialogs.append(dialog)
            return []
        }
        return choose(shown[dialog.selected].choice)
    }

    private mutating func choose(_ choice: Dialog.Choice) -> [Effect] {
        switch choice {
        case .menu(let action): return perform(action)
        case .open(let place): return open(place)
        case .join(let channel): return [.join(channel)]
        case .language(let language): return speak(language)
        case .propose(let draft): return propose(draft)
        case .ownReason(let draft):
            dialogs.append(.ask(StyledText(catalogue.text(.promptReason), .bold), .reasonText(draft)))
        case .moderate(let draft): return carryOut(draft)
        case .deleteOwn(let id, let place): return [.redact(id: id, place)]
        case .leave(let channel): return [.leave(channel)]
        case .pasteAsOneMessage(let text):
            if !composer.paste(text) {
                notice = StyledText(
                    catalogue.text(
                        .textTooLong,
                        [.count: String(text.utf8.count), .limit: String(composer.byteLimit)]), .bold)
            }
        case .sendWaiting: return [.start(discardingWaiting: false)]
        case .discardWaiting: return [.start(discardingWaiting: true)]
        case .setting(let key, let value): return change(key, value)
        case .cancel: break
        }
        return []
    }

    private mutating func answer(_ question: Dialog.Question, _ text: String) -> [Effect] {
        switch question {
        case .threadTitle(let channel, let root):
            return [.createThread(channel: channel, title: text, root: root)]
        case .newTitle(let thread): return [.changeThread(thread, .title(text))]
        case .channelName: return [.join(text.hasPrefix("#") ? text : "#" + text)]
        case .personName: return open(Place(personName(text)))
        case .topic(let channel):
            return [.ask(verb: "TOPIC", parameters: [channel, text], title: catalogue.text(.setTopic))]
        case .reasonText(var draft):
            draft.code = "other"
            draft.text = text
            return propose(draft)
        case .threadNumber(var draft):
            guard let number = threadNumber(text) else {
                dialogs.append(.ask(StyledText(catalogue.text(.promptThread), .bold), question, filled: text))
                return []
            }
            draft.destination = String(number)
            return propose(draft)
        case .inviteName(let channel):
            let title = catalogue.text(.invitePerson)
            return [.ask(verb: "INVITE", parameters: [personName(text), channel], title: title)]
        case .nickname: return [.ask(verb: "NICK", parameters: [text], title: catalogue.text(.takeName))]
        case .awayText: return [.ask(verb: "AWAY", parameters: [text], title: catalogue.text(.goAway))]
        case .date(let place):
            guard let start = startOfDay(text) else {
                dialogs.append(.ask(StyledText(catalogue.text(.promptDate), .bold), question, filled: text))
                return []
            }
            return load(place, .around(.time(start)))
        }
    }

    // MARK: Language and settings

    mutating func speak(_ language: Language) -> [Effect] {
        catalogue = Catalogue(language)
        return [
            .keepSetting(key: "lang", value: language.rawValue),
            .ask(verb: "LANGUAGE", parameters: [language.rawValue], title: ""), .redraw,
        ]
    }

    private mutating func change(_ key: String, _ value: String) -> [Effect] {
        switch key {
        case "ui.bidi": typesetter.bidi = Typesetter.BidiHandling(rawValue: value) ?? .app
        case "ui.theme": theme = Theme(rawValue: value) ?? .automatic
        case "ui.glyphs": glyphs = value == "ascii" ? .ascii : .unicode
        default: break
        }
        return [.keepSetting(key: key, value: value), .redraw]
    }
}
