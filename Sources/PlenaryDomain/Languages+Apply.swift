// SPDX-License-Identifier: Apache-2.0

import PlenaryTerms

/// The translations of one channel's messages. Durable; erased ones are in it no more.
package struct TranslationShelf: Hashable, Sendable {
    private var byOriginal: [Offset: [Translation]] = [:]
    private var originals: [Offset: Offset] = [:]

    package init() {}

    mutating func add(_ translation: Translation) {
        guard originals.updateValue(translation.original, forKey: translation.offset) == nil else { return }
        byOriginal[translation.original, default: []].append(translation)
    }

    /// Takes out translations that are erased. What translates an erased message is erased by the same plan, or stays
    /// for a legal hold.
    mutating func forget(_ messages: [Offset]) {
        for message in messages {
            guard let original = originals.removeValue(forKey: message) else { continue }
            byOriginal[original]?.removeAll { $0.offset == message }
            if byOriginal[original]?.isEmpty ?? false { byOriginal[original] = nil }
        }
    }

    /// In the order in which they were made.
    package func translations(of original: Offset) -> [Translation] { byOriginal[original] ?? [] }

    /// What a message is a translation of; nil for all others.
    package func original(of message: Offset) -> Offset? { originals[message] }

    /// All of them, by their places.
    var all: [Translation] { byOriginal.values.joined().sorted { $0.offset < $1.offset } }
}

extension Community {
    // MARK: Reading

    /// A message's translations that may be shown, the best of each language before those that it supersedes.
    package func translations(of original: Offset, in channel: ChannelID) -> [Translation] {
        guard let shelf = shelves[channel], let ledger = ledgers[channel] else { return [] }
        return shelf.translations(of: original).filter { translation in
            ledger.entry(of: translation.offset)?.flags.isDisjoint(with: [.redacted, .hidden]) ?? false
        }.sorted {
            $0.language == $1.language
                ? $0.supersedes($1) : $0.language.description < $1.language.description
        }
    }

    /// The same in whatever channel the message is.
    package func translations(of original: Offset) -> [Translation] {
        shelves.keys.sorted().lazy.map { self.translations(of: original, in: $0) }.first { !$0.isEmpty } ?? []
    }

    /// The best translation of each language.
    package func currentTranslations(of original: Offset, in channel: ChannelID) -> [Translation] {
        var seen: Set<LanguageTag> = []
        return translations(of: original, in: channel).filter { seen.insert($0.language).inserted }
    }

    /// What a message of a channel is a translation of; nil for all others.
    package func original(of message: Offset, in conversation: Conversation) -> Offset? {
        guard case .channel(let channel) = conversation else { return nil }
        return shelves[channel]?.original(of: message)
    }

    /// The places of a message's translations, shown or not, without those that are erased.
    func translationOffsets(of original: Offset, in channel: ChannelID) -> [Offset] {
        shelves[channel]?.translations(of: original).map(\.offset) ?? []
    }

    /// Plans that erase all translations of what an account wrote: they say the same words.
    package func translationPlans(ofMessagesBy account: AccountID) -> [ErasurePlan] {
        translationPlans(of: shelves.keys.sorted().flatMap { ledgers[$0]?.messages(by: account) ?? [] })
    }

    /// The same for single messages, in whatever channels they are.
    package func translationPlans(of messages: some Sequence<Offset>) -> [ErasurePlan] {
        guard !shelves.isEmpty else { return [] }
        let offsets = messages.flatMap { message in
            shelves.keys.sorted().flatMap { translationOffsets(of: message, in: $0) }
        }
        var plans: [ErasurePlan] = []
        var rest = offsets[...]
        while !rest.isEmpty {
            let part = rest.prefix(ErasurePlan.messageCountLimit)
            plans.append(ErasurePlan(messages: Set(part)))
            rest = rest.dropFirst(part.count)
        }
        return plans
    }

    // MARK: Applying

    mutating func apply(_ event: LanguagesEvent) {
        switch event {
        case .translationsRemembered(let event):
            for translation in event.translations {
                shelves[event.channel, default: TranslationShelf()].add(translation)
            }
        }
    }

    /// A translation stands beside its original; it is no message to be counted.
    mutating func noteTranslation(_ message: MessagePosted, offset: Offset, time: Timestamp) {
        guard case .channel(let channel) = message.conversation, let made = message.translation else {
            return
        }
        let translation = Translation(
            offset: offset, time: time, original: made.original, language: made.language,
            provenance: made.provenance)
        shelves[channel, default: TranslationShelf()].add(translation)
    }

    /// Translations of one record, so that its body stays below its limit.
    private static let translationsOfRecord = 256

    /// Which messages translate which, as the shortest list of events.
    func languagesSnapshot() -> [LoggedEvent] {
        var events: [LoggedEvent] = []
        for (channel, shelf) in shelves.sorted(by: { $0.key < $1.key }) {
            var rest = shelf.all[...]
            while !rest.isEmpty {
                let part = Array(rest.prefix(Community.translationsOfRecord))
                let remembered = TranslationsRemembered(channel: channel, translations: part)
                events.append(
                    LoggedEvent(
                        offset: .none, time: part.last?.time ?? Timestamp(microseconds: 0),
                        event: .languages(.translationsRemembered(remembered))))
                rest = rest.dropFirst(part.count)
            }
        }
        return events
    }
}
