// SPDX-License-Identifier: Apache-2.0

import Glibc

/// The zones of this system (IANA time zone database).
package enum ZoneOffsets {
    /// Seconds by which a zone is ahead of UTC, by moment. Throws for a name that the system does not know. The zone
    /// holds for the whole process: one command reads one file.
    package static func make(_ name: String) throws(Failure) -> @Sendable (Int64) -> Int64 {
        let isName =
            !name.isEmpty && name.utf8.count <= 64 && !name.hasPrefix("/") && !name.contains("..")
            && name.utf8.allSatisfy { byte in
                switch byte {
                case 43, 45, 47...57, 65...90, 95, 97...122: true
                default: false
                }
            }
        let folder = getenv("TZDIR").map { String(cString: $0) } ?? "/usr/share/zoneinfo"
        guard isName, name == "UTC" || access("\(folder)/\(name)", R_OK) == 0 else {
            throw Failure(
                .usage, "--tz \(name) is no time zone of this system", "", "Write for example Europe/Zurich.")
        }
        setenv("TZ", name == "UTC" ? "UTC0" : ":\(folder)/\(name)", 1)
        tzset()
        return { seconds in
            var moment = time_t(seconds)
            var parts = tm()
            guard localtime_r(&moment, &parts) != nil else { return 0 }
            return Int64(parts.tm_gmtoff)
        }
    }
}
