// SPDX-License-Identifier: Apache-2.0

import PlenaryDomain
import PlenaryTerms

/// What the index knows of a message besides its words, each as one token of the column `tags`. A letter says what
/// it is; nothing of it has a space. References are in lower case, as symbols are compared.
enum IndexTag {
    static func channel(_ channel: ChannelID) -> String { "c\(channel.value)" }
    static func direct(_ one: AccountID, _ other: AccountID) -> String {
        "d\(min(one, other).value).\(max(one, other).value)"
    }
    /// Stands at both sides' direct messages.
    static func participant(_ account: AccountID) -> String { "p\(account.value)" }
    static func author(_ account: AccountID) -> String { "a\(account.value)" }
    /// Who said what a relay brought. Quotation marks, which part tokens, are written in another way.
    static func relayedAuthor(_ key: String) -> String {
        "n"
            + key.replacing("%", with: "%25").replacing("\"", with: "%22").replacing("'", with: "%27")
    }
    static func kind(_ kind: MessageMark.Kind) -> String { "k" + kind.rawValue }
    static func language(_ range: String) -> String { "l" + asciiFolded(range.utf8) }
    static func reference(_ reference: DocumentReference) -> String {
        "r" + asciiFolded(reference.description.utf8)
    }

    /// All tags of a message, separated by spaces.
    static func all(of message: MessagePosted, text: [UInt8]) -> String {
        var tags: [String] = []
        switch message.conversation {
        case .channel(let id): tags.append(channel(id))
        case .direct(let one, let other):
            tags += [direct(one, other), participant(one)]
            if one != other { tags.append(participant(other)) }
        }
        if let account = message.actor.account { tags.append(author(account)) }
        if message.relay != nil {
            tags.append(relayedAuthor(asciiFolded(Array(message.actor.source.bytes.prefix { $0 != 33 }))))
        }
        // A mark that is wrong was refused when it was sent; of one that is here nevertheless nothing is known.
        let marks = (try? MessageMarks(clientTags: message.clientTags)) ?? MessageMarks()
        if let kind = marks.kind { tags.append(self.kind(kind)) }
        tags += marks.language?.ranges.map(language) ?? []
        var references = marks.references
        for symbol in DocumentReference.symbols(in: text, countLimit: SearchLimits.symbolCountLimit)
        where !references.contains(symbol) {
            references.append(symbol)
        }
        for document in references.compactMap(\.document) where !references.contains(document) {
            references.append(document)
        }
        tags += references.map(reference)
        return tags.joined(separator: " ")
    }
}

extension Conversation {
    /// One number for each conversation, for the index's tables: a channel's own, and below zero the direct ones,
    /// of which both accounts can be told again. Account numbers are below 2^31.
    var place: Int64 {
        switch self {
        case .channel(let channel): Int64(channel.value)
        case .direct(let one, let other):
            -1 - (Int64(one.value & 0x7FFF_FFFF) << 31 | Int64(other.value & 0x7FFF_FFFF))
        }
    }
}
