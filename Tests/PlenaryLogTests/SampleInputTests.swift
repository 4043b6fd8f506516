// SPDX-License-Identifier: Apache-2.0

import Foundation
import PlenaryDomain
import PlenaryLog
import Testing

/// The samples of events as inputs for the fuzzer (Sources/PlenaryFuzz): the record's type and the body, of each type
/// the longest one.
struct SampleInputTests {
    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("corpora/event")

    @Test(.enabled(if: ProcessInfo.processInfo.environment["PLENARY_CORPUS"] == "write"))
    func samplesAreWritten() throws {
        var longest: [UInt8: [UInt8]] = [:]
        for event in Sample.everyEvent {
            let type = EventCodec.type(of: event)
            var bytes = [type]
            EventCodec.append(event, to: &bytes)
            if bytes.count > longest[type]?.count ?? 0 { longest[type] = bytes }
        }
        for (type, bytes) in longest {
            try Data(bytes).write(to: Self.folder.appendingPathComponent("sample-\(type)"))
        }
    }
}
