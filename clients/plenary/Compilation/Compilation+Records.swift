// SPDX-License-Identifier: Apache-2.0

import PlenaryClient

/// The form for programs: one record a line, the sessions, then the outcomes with their sources.
extension Compilation {
    package var records: String {
        var lines: [JSONValue] = sessions.map { session in
            Records.record(
                "compiled_session",
                [
                    ("channel", .string(Records.name(session.channel))),
                    ("title", .string(session.meeting?.title ?? "")),
                    ("start", .optional(session.meeting?.start.iso8601)),
                    ("end", .optional(session.meeting?.end.iso8601)),
                    ("attribution", .string(session.meeting?.attribution ?? "attributed")),
                    ("messages", .integer(Int64(session.messages.count { $0.translationOf == nil }))),
                ])
        }
        for session in sessions {
            if let statistics = session.statistics {
                lines.append(Records.statistics(statistics, channel: session.channel))
            }
        }
        for theme in themes {
            for (index, mark) in marks(of: theme) { lines.append(record(mark, in: index)) }
        }
        lines += sources.map(record)
        return lines.map { $0.text + "\n" }.joined()
    }

    private func record(_ mark: OutcomeMark, in index: Int) -> JSONValue {
        Records.record(
            "compiled_outcome",
            [
                ("channel", .string(Records.name(sessions[index].channel))),
                ("number", .integer(Int64(mark.number))), ("kind", .string(mark.kind)),
                ("theme", .optional(mark.theme)), ("summary", .string(mark.summary)),
                ("sources", .array(numbers(of: mark, in: index).map { .integer(Int64($0)) })),
            ])
    }

    private func record(_ source: Source) -> JSONValue {
        let session = sessions[source.session]
        var members: [(String, JSONValue)] = [
            ("number", .integer(Int64(source.number))), ("channel", .string(Records.name(session.channel))),
        ]
        switch source.content {
        case .gone: members.append(("redacted", .bool(true)))
        case .message(let message, let translations):
            members += [
                ("redacted", .bool(false)), ("id", .optional(message.id)),
                ("time", .string(message.time.iso8601)),
                ("from", session.isAttributed ? .string(message.sender.nickname) : .null),
                ("origin", .optional(message.origin)), ("lang", .optional(Transcript.language(message))),
                ("refs", .array(message.marks.references.map { .string($0) })),
                ("text", .string(message.text)),
                (
                    "translations",
                    .array(
                        translations.map { translation in
                            .object([
                                ("lang", .optional(Transcript.language(translation))),
                                ("provenance", .optional(translation.provenance)),
                                ("text", .string(translation.text)),
                            ])
                        })
                ),
            ]
        case .thread(let thread, _, let count):
            members += [
                ("redacted", .bool(false)), ("thread", .integer(Int64(thread.number))),
                ("title", .string(thread.title)), ("messages", .integer(Int64(count))),
            ]
        }
        return Records.record("compiled_source", members)
    }
}
