// SPDX-License-Identifier: Apache-2.0

import PlenaryClient

/// Records of threads and of reading.
extension Records {
    /// `thread`, as `threads` lists them.
    package static func thread(_ thread: ThreadInfo, now: Timestamp) -> JSONValue {
        record(
            "thread",
            [
                ("time", .string(now.iso8601)), ("channel", .string(name(thread.channel))),
                ("thread", .number(thread.number)), ("title", .string(thread.title)),
                ("state", .string(thread.state.rawValue)), ("pinned", .bool(thread.pinRank != nil)),
                ("rank", .number(thread.pinRank)), ("messages", .number(thread.messageCount)),
                ("unread", .number(thread.unreadCount)), ("mentions", .number(thread.mentionCount)),
                ("level", .string(thread.level.rawValue)),
                ("last_time", .optional(thread.lastTime?.iso8601)),
                ("started_by", .optional(thread.creator)), ("created", .optional(thread.created?.iso8601)),
                ("root", .optional(thread.rootMessageID)), ("answer", .optional(thread.answerMessageID)),
            ])
    }

    /// `moved`: messages went to another thread.
    package static func moved(_ event: ThreadEvent, now: Timestamp) -> JSONValue {
        record(
            "moved",
            [
                ("time", .string(now.iso8601)), ("channel", .string(name(event.thread.channel))),
                ("thread", .number(event.thread.number)), ("to", .number(event.destination)),
                ("count", .number(event.movedCount)), ("id", .optional(event.movedMessageID)),
            ])
    }

    /// `marker`: how far has been read.
    package static func marker(
        channel: String, thread: Int?, readUntil: Timestamp, now: Timestamp
    ) -> JSONValue {
        record(
            "marker",
            [
                ("time", .string(now.iso8601)), ("channel", .string(name(channel))),
                ("thread", .number(thread)), ("read_until", .string(readUntil.iso8601)),
            ])
    }
}
