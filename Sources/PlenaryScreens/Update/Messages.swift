// SPDX-License-Identifier: Apache-2.0

import PlenaryClient
import PlenaryTerminal

/// Keys in the list of messages.
extension ScreenModel {
    mutating func takeInMessages(_ input: InputEvent) -> [Effect] {
        switch input {
        case .key(.up, _): return moveSelection(-1)
        case .key(.down, _): return moveSelection(1)
        case .key(.home, _): return moveToFirst()
        case .key(.end, _): return scrollToEnd()
        case .key(.enter, _): return openSelected()
        case .key(.left, _), .key(.right, _):
            let isForward = (input == .key(.right, [])) != language.isRightToLeft
            return isForward
                ? enter(layout.side == nil ? .composer : .threads)
                : enter(layout.list == nil ? .composer : .channels)
        case .text(let text):
            return takeLetters(text)
        case .key(.character("y"), .control): return perform(.copy)
        case .paste:
            focus = .composer
            return takeInComposer(input)
        case .key, .cursorReport, .focus: return []
        }
    }

    /// Each letter by itself, for keys struck in quick succession come as one text. What follows a letter that
    /// opened something is for that.
    private mutating func takeLetters(_ text: String) -> [Effect] {
        var effects: [Effect] = []
        for index in text.indices {
            guard dialogs.isEmpty, focus == .messages else {
                return effects + take(.text(String(text[index...])))
            }
            effects += takeLetter(text[index])
        }
        return effects
    }

    private mutating func moveToFirst() -> [Effect] {
        guard let first = timelines[place]?.entries.first else { return [] }
        select(first.key)
        return []
    }

    /// A letter on the key where the Latin one is, whatever the keyboard's layout.
    private mutating func takeLetter(_ character: Character) -> [Effect] {
        let typed = PhysicalKeys.asciiPunctuation(character) ?? PhysicalKeys.latin(character) ?? character
        switch typed {
        case " ": return perform(.markRead)
        case "m": return perform(.menu)
        case "r": return perform(.reply)
        case "e": return perform(.edit)
        case "y": return perform(.copy)
        case "o": return perform(.openLink)
        case "t": return perform(.showOriginal)
        case "p": return perform(.pin)
        case "d": return perform(isModerator && selectedPost?.isOwn != true ? .remove : .delete)
        case "n": return openNextUnread()
        case "/": return perform(.search)
        case "j": return moveSelection(1)
        case "k": return moveSelection(-1)
        case "g": return moveToFirst()
        case "G": return scrollToEnd()
        case "?": return perform(.help)
        default: return []
        }
    }

    /// Enter: fills a gap, opens the thread that grew from a message, or answers it.
    private mutating func openSelected() -> [Effect] {
        guard let key = selectedKey, let timeline = timelines[place], let index = timeline.index(ofKey: key)
        else {
            return []
        }
        switch timeline.entries[index].content {
        case .gap: return loadGap(index, timeline)
        case .post(let post):
            if let number = post.threadRoot { return open(Place(place.conversation, thread: number)) }
            return answer(post)
        case .note: return []
        }
    }

    /// Writes an answer to a message: in the thread that grew from it, or here.
    mutating func answer(_ post: Post) -> [Effect] {
        guard post.removal == nil else { return [] }
        var effects: [Effect] = []
        if let number = post.threadRoot { effects = open(Place(place.conversation, thread: number)) }
        if marking[place] == .correction { composer.clear() }
        forgetReply()
        answering[place] = post
        focus = .composer
        selectedKey = nil
        return effects
    }

    /// Asks for what is missing between the neighbours of a gap.
    private mutating func loadGap(_ index: Int, _ timeline: Timeline) -> [Effect] {
        guard !timeline.isLoading else { return [] }
        let before = timeline.entries[..<index].reversed().lazy.compactMap(\.post).first
        let after = timeline.entries[(index + 1)...].lazy.compactMap(\.post).first
        let end = after.map(reference(to:)) ?? .time(now)
        let start =
            before.map(reference(to:)) ?? .time(timeline.entries[index].time.advanced(bySeconds: -86_400))
        return load(place, .gap(key: timeline.entries[index].key, after: start, before: end))
    }

    /// The first link in a message.
    func link(in post: Post) -> String? {
        post.text.split(whereSeparator: { $0.isWhitespace || "<>\"'()".contains($0) }).map(String.init).first
        {
            $0.hasPrefix("https://") || $0.hasPrefix("http://")
        }
    }
}
