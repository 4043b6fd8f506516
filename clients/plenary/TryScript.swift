// SPDX-License-Identifier: Apache-2.0

import PlenaryClient

/// Who visits the trial community, and what they say there. The same every time. The people do not exist.
struct TryScript: Sendable {
    /// Somebody who visits.
    struct Visitor: Sendable {
        /// Account and nickname.
        var account: String
        /// Display name.
        var name: String
        /// Two letters (ISO 3166-1).
        var country: String
        /// One of the codes of docs/extensions/people.md.
        var affiliation: String
        /// What they write in.
        var language: String
        /// What they answer, one after the other and then from the beginning.
        var answers: [String]
    }

    /// One message. In every text, `{you}` stands for the person who tries.
    struct Line: Sendable {
        /// The account that says it.
        var by: String
        /// A channel, or `channel/word` for a thread that an earlier line began under that word.
        var place: String
        /// The text.
        var text: String
        /// Its kind and references.
        var marks = Marks()
        /// The thread that begins with it, by its word and its title.
        var begins: (word: String, title: String)?
    }

    /// Something that happens after the person has come.
    enum Deed: Sendable {
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
    struct Moment: Sendable {
        var seconds: Int64
        var deed: Deed
    }

    /// The secretariat: lets the others in, and hears all that is said.
    var host: Visitor
    /// The others, one for each official language.
    var visitors: [Visitor]
    /// Channels in which all of them are, the first one that is opened first; without `#`.
    var channels: [String]
    /// What was said before the person comes.
    var history: [Line]
    /// What happens then.
    var life: [Moment]
    /// Seconds after which a message of the person is answered.
    var answerSeconds: Int64 = 4

    /// The host and the visitors.
    var everybody: [Visitor] { [host] + visitors }
}
