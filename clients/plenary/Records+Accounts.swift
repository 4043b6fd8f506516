// SPDX-License-Identifier: Apache-2.0

import PlenaryClient

/// Records of sessions and invites.
extension Records {
    /// A row of SESSIONS LIST.
    package struct SessionRow {
        let id: String
        let since: Timestamp
        let signIn: String
        /// `this`, `here`, or `away` for a token without a session.
        let state: String
        let label: String

        /// A row of these parts.
        package init(id: String, since: Timestamp, signIn: String, state: String, label: String) {
            self.id = id
            self.since = since
            self.signIn = signIn
            self.state = state
            self.label = label
        }

        /// Nil for a line that is none.
        init?(_ line: ServerLine) {
            guard let id = line.parameter(2),
                let since = line.parameter(3).flatMap({ Timestamp(iso8601: $0.utf8) }),
                let signIn = line.parameter(4), let state = line.parameter(5)
            else { return nil }
            self.id = id
            self.since = since
            self.signIn = signIn
            self.state = state
            label = line.parameter(6) ?? ""
        }
    }

    /// `session`.
    package static func session(_ row: SessionRow, now: Timestamp) -> JSONValue {
        record(
            "session",
            [
                ("time", .string(now.iso8601)), ("id", .string(row.id)),
                ("since", .string(row.since.iso8601)), ("sign_in", .string(row.signIn)),
                ("state", .string(row.state)), ("label", .string(row.label)),
            ])
    }

    /// `invite`: with code and link just after it was made, and never again.
    package static func invite(
        handle: String, code: String?, link: String?, attributes: String, now: Timestamp
    ) -> JSONValue {
        var values: [String: String] = [:]
        for pair in attributes.split(separator: ";") {
            let parts = pair.split(separator: "=", maxSplits: 1).map(String.init)
            if parts.count == 2 { values[parts[0]] = parts[1] }
        }
        return record(
            "invite",
            [
                ("time", .string(now.iso8601)), ("id", .string(handle)), ("code", .optional(code)),
                ("link", .optional(link)), ("role", .optional(values["role"])),
                ("uses", .optional(values["uses"])), ("expires", .optional(values["expires"])),
                ("channels", .optional(values["channels"])), ("name", .optional(values["name"])),
                ("by", .optional(values["by"])),
            ])
    }
}
