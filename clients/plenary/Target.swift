// SPDX-License-Identifier: Apache-2.0

/// A command's target: `practices`, `#practices`, `practices/12` (thread 12) or `@amina.b`.
package struct Target: Hashable, Sendable {
    /// As the wire has it: `#practices/12`, or a nickname.
    package var wire: String
    /// As people write it: `practices/12`, `@amina.b`.
    package var shown: String
    /// The thread's number.
    package var thread: Int?
    /// Whether it is a person.
    package var isPerson: Bool

    /// The channel's name with `#`, without the thread; the nickname of a person.
    package var conversation: String {
        wire.split(separator: "/", maxSplits: 1).first.map(String.init) ?? wire
    }

    /// Reads a target; throws for one that cannot be.
    package init(_ text: String) throws(Failure) {
        func wrong(_ reason: String) -> Failure {
            Failure(
                .usage, "\(text) is no channel and no person", reason,
                "Write practices, practices/12 or @amina.b")
        }
        guard !text.isEmpty else { throw wrong("it is empty") }
        guard text.utf8.allSatisfy({ $0 > 32 && $0 != 127 && $0 != 44 }) else {
            throw wrong("names have no spaces and no commas")
        }
        if text.hasPrefix("@") {
            guard text.count > 1 else { throw wrong("there is no name behind the @") }
            wire = String(text.dropFirst())
            shown = text
            isPerson = true
            return
        }
        let channel = InviteLink.channelName(text)
        guard channel.utf8.count > 1 else { throw wrong("there is no name behind the #") }
        let parts = channel.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count <= 2 else { throw wrong("a thread's number stands behind one slash") }
        if parts.count == 2 {
            guard let number = Target.threadNumber(parts[1]) else {
                throw wrong("\(parts[1]) is no thread's number")
            }
            thread = number
        }
        wire = channel
        shown = String(channel.drop { $0 == "#" })
        isPerson = false
    }

    /// A thread's number, 0 for the main line: digits without leading zeros, below 2^32.
    package static func threadNumber(_ text: some StringProtocol) -> Int? {
        guard text.utf8.allSatisfy({ $0 >= 48 && $0 <= 57 }), text.utf8.count <= 10,
            text.utf8.count == 1 || !text.hasPrefix("0"), let number = Int(text), number < 1 << 32
        else { return nil }
        return number
    }

    /// The same channel with another thread; nil for the whole channel.
    package func with(thread: Int?) -> Target {
        var target = self
        target.thread = thread
        target.wire = conversation + (thread.map { "/\($0)" } ?? "")
        target.shown = String(target.wire.drop { $0 == "#" })
        return target
    }

    /// Reads a target that must be a thread; throws for any other one.
    package static func thread(_ text: String) throws(Failure) -> Target {
        let target = try Target(text)
        guard !target.isPerson, let number = target.thread, number > 0 else {
            throw Failure(
                .usage, "\(text) is no thread", "a thread has its channel's name and a number",
                "Write practices/12 (plenary threads lists them)")
        }
        return target
    }

    /// Reads a target that must be a channel as a whole; throws for any other one.
    package static func channel(_ text: String) throws(Failure) -> Target {
        let target = try Target(text)
        guard !target.isPerson, target.thread == nil else {
            throw Failure(.usage, "\(text) is no channel", "", "Write the channel alone, such as practices")
        }
        return target
    }
}
