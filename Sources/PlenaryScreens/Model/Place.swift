// SPDX-License-Identifier: Apache-2.0

/// Where one can be: a channel's main line, a thread of it, or a conversation with one person.
package struct Place: Sendable, Hashable {
    /// The channel with its `#`, or the person's nickname; as first spelled.
    package var conversation: String
    /// The thread; nil for the main line and for a person.
    package var thread: Int?

    /// A channel, a thread of it, or a person.
    package init(_ conversation: String, thread: Int? = nil) {
        self.conversation = conversation
        self.thread = thread
    }

    /// `#practices/12`, as commands and the wire name it. The main line alone has `/0` in history and markers
    /// only.
    package init(target: String) {
        let parts = target.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        if parts.count == 2, let number = Int(parts[1]), Place.isChannel(target) {
            self.init(String(parts[0]), thread: number == 0 ? nil : number)
        } else {
            self.init(target)
        }
    }

    /// Whether it is a channel or a thread.
    package var isChannel: Bool { Place.isChannel(conversation) }
    /// The channel to which a thread belongs; the place itself otherwise.
    package var mainLine: Place { Place(conversation) }
    /// How commands address it.
    package var target: String { thread.map { "\(conversation)/\($0)" } ?? conversation }
    /// How its own history and marker are addressed: the main line is thread 0.
    package var historyTarget: String { isChannel ? "\(conversation)/\(thread ?? 0)" : conversation }

    static func isChannel(_ name: String) -> Bool { name.hasPrefix("#") || name.hasPrefix("&") }

    /// Names are compared without regard to the case of ASCII letters, which is all a channel's name may
    /// hold.
    package static func == (left: Place, right: Place) -> Bool {
        left.thread == right.thread && Place.areSame(left.conversation, right.conversation)
    }

    /// Hashes what `==` compares.
    package func hash(into hasher: inout Hasher) {
        for byte in conversation.utf8 { hasher.combine(Place.lower(byte)) }
        hasher.combine(thread)
    }

    static func areSame(_ one: String, _ other: String) -> Bool {
        one.utf8.count == other.utf8.count && zip(one.utf8, other.utf8).allSatisfy { lower($0) == lower($1) }
    }

    private static func lower(_ byte: UInt8) -> UInt8 { byte >= 65 && byte <= 90 ? byte | 32 : byte }
}
