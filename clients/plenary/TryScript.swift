// SPDX-License-Identifier: Apache-2.0

import PlenaryClient

/// Who visits the trial community, and what they say there. The same every time. The people do not exist.
package struct TryScript: Sendable {
    /// Somebody who visits.
    package struct Visitor: Sendable {
        /// Account and nickname.
        package var account: String
        /// Display name.
        package var name: String
        /// Two letters (ISO 3166-1).
        package var country: String
        /// One of the codes of docs/extensions/people.md.
        package var affiliation: String
        /// What they write in.
        package var language: String
        /// What they answer, one after the other and then from the beginning.
        package var answers: [String]
    }

    /// One message. In every text, `{you}` stands for the person who tries.
    package struct Line: Sendable {
        /// The account that says it.
        package var by: String
        /// A channel, or `channel/word` for a thread that an earlier line began under that word.
        package var place: String
        /// The text.
        package var text: String
        /// Its kind and references.
        package var marks = Marks()
        /// The thread that begins with it, by its word and its title.
        package var begins: (word: String, title: String)?
    }

    /// Something that happens after the person has come.
    package enum Deed: Sendable {
        /// Somebody says something.
        case say(Line)
        /// Somebody leaves a channel, or enters it again.
        case leave(String, channel: String)
        case enter(String, channel: String)
        /// Somebody is away, with a word on it, or back.
        case away(String, String)
        case back(String)
    }

    /// A deed, so many seconds after the one before.
    package struct Moment: Sendable {
        package var seconds: Int64
        package var deed: Deed
    }

    /// The secretariat: lets the others in, and hears all that is said.
    package var host: Visitor
    /// The others, one for each official language.
    package var visitors: [Visitor]
    /// Channels in which all of them are, the first one that is opened first; without `#`.
    package var channels: [String]
    /// What was said before the person comes.
    package var history: [Line]
    /// What happens then.
    package var life: [Moment]
    /// Seconds after which a message of the person is answered.
    package var answerSeconds: Int64 = 4

    /// The host and the visitors.
    package var everybody: [Visitor] { [host] + visitors }
}
