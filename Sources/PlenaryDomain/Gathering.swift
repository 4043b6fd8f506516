// SPDX-License-Identifier: Apache-2.0

import PlenaryTerms

/// What outcomes, practices and questionnaires have in common: where a thing was said, and why it was not done.

/// What a mark or a practice rests on, in one channel.
package enum GatheredSource: Hashable, Sendable {
    case message(Offset)
    case thread(ThreadID)
}

/// A named value as it was typed; the key in lower case.
package struct GatheredValue: Hashable, Sendable {
    package var key: Text
    package var value: Text

    package init(key: Text, value: Text) {
        self.key = key
        self.value = value
    }
}

/// Codes of docs/extensions/outcomes.md, practices.md and questionnaires.md, "Errors".
package enum GatheringFailure: String, CaseIterable, Hashable, Sendable {
    case accountRequired = "ACCOUNT_REQUIRED"
    case privilegesNeeded = "PRIVS_NEEDED"
    case invalidTarget = "INVALID_TARGET"
    case subcommandInvalid = "SUBCOMMAND_INVALID"
    case invalidParameters = "INVALID_PARAMS"
    case unknownMessage = "UNKNOWN_MSGID"
    case noSuchThread = "NO_SUCH_THREAD"
    case noSuchTheme = "NO_SUCH_THEME"
    case noSuchOutcome = "NO_SUCH_OUTCOME"
    case noSuchPractice = "NO_SUCH_PRACTICE"
    case wrongState = "WRONG_STATE"
    case noSuchForm = "NO_SUCH_FORM"
    case noSuchQuestion = "NO_SUCH_QUESTION"
    case invalidAnswer = "INVALID_ANSWER"
    case notOpen = "NOT_OPEN"
    case notClosed = "NOT_CLOSED"
    case nothingBegun = "NOTHING_BEGUN"
    case tooFew = "TOO_FEW"
    case keyUnavailable = "KEY_UNAVAILABLE"
    case textTooLong = "TEXT_TOO_LONG"
    case limitReached = "LIMIT_REACHED"
    case rateLimited = "RATE_LIMITED"
    case storageFull = "STORAGE_FULL"
}

/// A text of several that people read later, apart from the talk that it came from.
package enum GatheredText {
    /// Whether it has something to read, no controls, and nothing that changes the writing direction.
    package static func isValid(_ text: Text, byteLimit: Int) -> Bool {
        guard text.byteCount <= byteLimit else { return false }
        let scalars = text.string.unicodeScalars
        return scalars.contains { !$0.properties.isWhitespace }
            && !scalars.contains { ThreadTitle.isForbidden($0.value) }
    }
}

extension Community {
    /// A source as people name it: `/12` or `#channel/12` for a thread, else a message as MOD takes it. It must
    /// resolve to something that everybody in the channel may read.
    func source(
        named name: Text, in channel: Channel, verb: Text, _ moment: Moment
    ) throws(Refusal) -> GatheredSource {
        if let slash = name.bytes.lastIndex(of: 47) {
            let place = name.bytes[..<slash]
            guard place.isEmpty || self.channel(named: place)?.id == channel.id,
                let thread = ThreadID(digits: name.bytes[(slash + 1)...]), channel.threads[thread] != nil
            else { throw .gathering(verb: verb, code: .noSuchThread, context: [name]) }
            return .thread(thread)
        }
        guard let entry = try? messageNamed(name, in: channel, moment), entry.isVisible else {
            throw .gathering(verb: verb, code: .unknownMessage, context: [name])
        }
        return .message(entry.offset)
    }

    /// Whether a source can still be read: a message that was redacted, erased or hidden cannot.
    package func isReadable(_ source: GatheredSource, in channel: ChannelID) -> Bool {
        switch source {
        case .message(let offset): ledgers[channel]?.entry(of: offset)?.isVisible ?? false
        case .thread(let thread): channels[channel]?.threads[thread] != nil
        }
    }

    /// A channel that the session reads; the same refusal for one that it may not know and for none.
    func gathered(_ name: Text, _ session: Session, verb: Text) throws(Refusal) -> Channel {
        guard let channel = channel(named: name),
            isMember(session.id, of: channel) || permits(.readAll, session)
        else { throw .gathering(verb: verb, code: .invalidTarget, context: [name]) }
        return channel
    }

    /// A channel in which the session has a permission.
    func gathered(
        _ name: Text, _ session: Session, with permission: Permission, verb: Text
    ) throws(Refusal) -> Channel {
        guard let channel = channel(named: name), isVisible(channel, to: session.id) else {
            throw .gathering(verb: verb, code: .invalidTarget, context: [name])
        }
        guard permits(permission, session, in: channel) else {
            throw .gathering(
                verb: verb, code: .privilegesNeeded, context: [channel.name.text])
        }
        return channel
    }
}
