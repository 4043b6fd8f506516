// SPDX-License-Identifier: Apache-2.0

import PlenaryTerms

/// Questionnaires and their answers (docs/extensions/questionnaires.md).
package enum QuestionnaireEvent: Hashable, Sendable {
    /// In place of what was defined under the name before.
    case defined(QuestionnaireDefinition)
    case opened(name: Text, actor: Actor?)
    /// For good.
    case closed(name: Text, actor: Actor?)
    case answered(QuestionnaireAnswered)

    package var name: Text {
        switch self {
        case .defined(let definition): definition.name
        case .opened(let name, _), .closed(let name, _): name
        case .answered(let event): event.name
        }
    }
}

/// What somebody answered, all of it, in place of what the same one answered before. Of an anonymous questionnaire it
/// has nothing that leads to the account once the questionnaire's key is destroyed.
package struct QuestionnaireAnswered: Hashable, Sendable {
    package var name: Text
    package var answerer: Answerer
    package var answers: [QuestionAnswer]

    package init(name: Text, answerer: Answerer, answers: [QuestionAnswer]) {
        self.name = name
        self.answerer = answerer
        self.answers = answers
    }
}

package enum Answerer: Hashable, Sendable {
    case account(AccountID)
    /// A keyed digest of the account: the same for a second answer, and nobody's without the key.
    case digest([UInt8])
}

package struct QuestionAnswer: Hashable, Sendable {
    /// The question's name.
    package var question: Text
    /// A number, options, or one text.
    package var values: [Text]

    package init(question: Text, values: [Text]) {
        self.question = question
        self.values = values
    }
}

package struct QuestionnaireDefinition: Hashable, Sendable {
    /// Lower-case letters, digits and hyphens.
    package var name: Text
    package var titles: [ChannelTitle] = []
    /// When it opens and closes by itself; nil: by hand.
    package var opens: Timestamp?
    package var closes: Timestamp?
    /// The time zone that the times were given in, for people; empty for UTC.
    package var zone: Text = ""
    package var isAnonymous = false
    package var questions: [Question] = []

    package init(name: Text) { self.name = name }

    package struct Question: Hashable, Sendable {
        package var name: Text
        package var texts: [ChannelTitle]
        package var kind: Kind

        package init(name: Text, texts: [ChannelTitle], kind: Kind) {
            self.name = name
            self.texts = texts
            self.kind = kind
        }
    }

    package enum Kind: Hashable, Sendable {
        /// A whole number between the two.
        case scale(low: UInt8, high: UInt8)
        case choice([Option], isMultiple: Bool)
        case text
    }

    package struct Option: Hashable, Sendable {
        package var name: Text
        package var texts: [ChannelTitle]

        package init(name: Text, texts: [ChannelTitle]) {
            self.name = name
            self.texts = texts
        }
    }
}

extension [ChannelTitle] {
    /// The text in a language, else in English, else in any.
    package func text(in language: Language) -> Text {
        (first { $0.language == language } ?? first { $0.language == .english } ?? first)?.title ?? ""
    }
}
