// SPDX-License-Identifier: Apache-2.0

import PlenaryClient
import PlenaryTerminal

/// A box over the screen: a list to choose from, a line to fill in, or both.
package struct Dialog: Sendable {
    /// One thing to choose.
    package struct Option: Sendable {
        package var label: StyledText
        /// What the filter is compared with, in all that it may be called.
        package var words: String
        /// A key or command that does the same.
        package var hint: StyledText
        package var choice: Choice

        /// An option of these parts.
        package init(
            _ label: StyledText, words: String = "", hint: StyledText = StyledText(), _ choice: Choice
        ) {
            self.label = label
            self.words = words
            self.hint = hint
            self.choice = choice
        }
    }

    /// What choosing comes to.
    package enum Choice: Sendable, Hashable {
        case menu(MenuAction)
        case open(Place)
        case join(String)
        case language(Language)
        /// Goes on with an act of which one more part is known now.
        case propose(ModerationDraft)
        /// Asks for the reason in the moderator's own words.
        case ownReason(ModerationDraft)
        case moderate(ModerationDraft)
        case deleteOwn(id: String, Place)
        case leave(String)
        case setting(key: String, value: String)
        case pasteAsOneMessage(String)
        case sendWaiting
        case discardWaiting
        case cancel
    }

    /// What a filled-in line is for.
    package enum Question: Sendable, Hashable {
        case threadTitle(channel: String, root: String?)
        case newTitle(Place)
        case channelName
        case personName
        case topic(String)
        case reasonText(ModerationDraft)
        case threadNumber(ModerationDraft)
        case inviteName(channel: String)
        case nickname
        case awayText
        case date(Place)

        /// Whether nothing is an answer: it takes a topic away.
        package var mayBeEmpty: Bool { if case .topic = self { true } else { false } }
    }

    package var title: StyledText
    /// What is said before the list: what will happen, for example.
    package var lines: [StyledText] = []
    package var options: [Option] = []
    /// Whether typing narrows the list.
    package var isFilterable = false
    /// What the line being filled in is for; nil: there is only a list.
    package var question: Question?
    /// The filter, or the answer.
    package var input = LineEditor()
    package var selected = 0

    /// The options that match what was typed.
    package var shown: [Option] {
        guard isFilterable, !input.text.isEmpty else { return options }
        return options.filter { Match.isMatch(input.text, $0.words) }
    }

    /// Changes what was typed, where something can be typed. Another text has other matches.
    mutating func edit(_ body: (inout LineEditor) -> Void) {
        guard isFilterable || question != nil else { return }
        let before = input.text
        body(&input)
        if input.text != before { selected = 0 }
    }

    /// A list.
    package static func list(
        _ title: StyledText, lines: [StyledText] = [], _ options: [Option], isFilterable: Bool = false
    ) -> Dialog {
        var dialog = Dialog(title: title)
        dialog.lines = lines
        dialog.options = options
        dialog.isFilterable = isFilterable
        return dialog
    }

    /// A line to fill in.
    package static func ask(_ title: StyledText, _ question: Question, filled: String = "") -> Dialog {
        var dialog = Dialog(title: title)
        dialog.question = question
        dialog.input.insert(filled)
        return dialog
    }

    private init(title: StyledText) { self.title = title }
}

/// What is looked for, and what was found.
package struct SearchState: Sendable {
    package struct Found: Sendable {
        package var place: Place
        package var post: Post
    }
    package var input = LineEditor()
    /// The words whose answer is shown, or awaited.
    package var asked = ""
    package var isWaiting = false
    package var found: [Found] = []
    package var failure: String?
    package var selected = 0

    /// Nothing looked for yet.
    package init() {}
}
