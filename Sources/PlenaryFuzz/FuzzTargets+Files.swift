// SPDX-License-Identifier: Apache-2.0

import PlenaryConfiguration
import PlenaryServer
import PlenaryTerminal
import PlenaryTerms

extension FuzzTarget {
    /// Files of operators, and bytes of a terminal.
    static let files = [
        FuzzTarget("roster", byteLimit: 1024, checkRoster),
        FuzzTarget("configuration", byteLimit: 1024, checkConfiguration),
        FuzzTarget("keys", byteLimit: 512, checkKeys),
    ]

    /// A table is read again when it is written with every field in quotes; each line of a roster comes to an entry
    /// that the admin socket carries, or to a reason.
    @Sendable private static func checkRoster(_ input: [UInt8]) throws(BrokenClaim) {
        if let table = try? SeparatedValues(input) {
            var written = ""
            for record in table.records {
                try claim(record.line >= 1, "lines count from 1")
                written +=
                    record.fields.map { "\"" + $0.replacing("\"", with: "\"\"") + "\"" }
                    .joined(separator: ",") + "\n"
            }
            let again = try? SeparatedValues(Array(written.utf8))
            try claim(again?.records.map(\.fields) == table.records.map(\.fields), "a table is read again")
        }
        guard let roster = try? Roster(input) else { return }
        for row in roster.rows {
            guard let entry = row.entry else {
                try claim(row.problem != nil, "line \(row.line) has an entry or a problem")
                continue
            }
            try claim((try? AccountName(entry.account.bytes)) != nil, "an account's name: \(entry.account)")
            let request = AdminRequest.people(.rosterEntry(entry, isDryRun: true))
            let line = AdminCodec.encode(request).dropLast()
            try claim(AdminCodec.request(line) == request, "an entry is carried: \(entry)")
        }
    }

    /// The first byte says which file it is. Whatever stands in it, mistakes are named with a place inside the file.
    @Sendable private static func checkConfiguration(_ input: [UInt8]) throws(BrokenClaim) {
        let bytes = Array(input.dropFirst())
        var findings = FindingList()
        switch (input.first ?? 0) % 3 {
        case 0:
            let read = readServerConfiguration(bytes, file: "f", findings: &findings)
            checkTogether(read, file: "f", findings: &findings)
        case 1: _ = readWholeCommunity(bytes, file: "f", findings: &findings)
        default: _ = readRoles(bytes, file: "f", findings: &findings)
        }
        // YAML ends lines with CR and with what Unicode has for it as well.
        let lineLimit = 2 + bytes.count { $0 == 10 || $0 == 13 || $0 == 0x85 || $0 == 0xA8 || $0 == 0xA9 }
        for finding in findings.findings {
            let position = finding.position
            try claim((1...lineLimit).contains(position.line), "a place in the file: \(finding)")
            try claim((1...bytes.count + 2).contains(position.column), "a place in the line: \(finding)")
            try claim(!finding.message.isEmpty, "a finding says something")
        }
    }

    /// However the bytes of a terminal are cut, they are the same keys, and text holds no control character.
    @Sendable private static func checkKeys(_ input: [UInt8]) throws(BrokenClaim) {
        let isAsked = (input.first ?? 0) & 1 == 1
        let bytes = Array(input.dropFirst())
        let whole = events(of: bytes, bytes.count, isAsked)
        for size in [1, 2 + Int(input.first ?? 0) % 7] {
            try claim(events(of: bytes, size, isAsked) == whole, "pieces of \(size) bytes")
        }
        for event in whole {
            switch event {
            case .text(let text):
                let isPlain = !text.isEmpty && !text.unicodeScalars.contains { isControl($0) }
                try claim(isPlain, "text is printable: \(text.debugDescription)")
            case .paste(let text):
                let isPlain = !text.unicodeScalars.contains { isControl($0) && $0 != "\n" && $0 != "\t" }
                try claim(isPlain, "a paste is printable: \(text.debugDescription)")
                try claim(text.utf8.count <= InputLimits.pasteByteLimit * 3, "a paste is bounded")
            case .key, .cursorReport, .focus: break
            }
        }
        // A moment without bytes may come anywhere.
        var decoder = KeyDecoder()
        for byte in bytes {
            _ = decoder.decode([byte])
            if decoder.patienceMilliseconds != nil, byte & 3 == 0 { _ = decoder.timeOut() }
        }
        _ = decoder.timeOut()
        try claim(decoder.patienceMilliseconds == nil, "after a moment nothing is open")
    }

    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
    }

    /// Neighbouring texts are one: they depend on the reads.
    private static func events(of bytes: [UInt8], _ size: Int, _ isAsked: Bool) -> [InputEvent] {
        var decoder = KeyDecoder()
        if isAsked { decoder.expectCursorReport() }
        var events: [InputEvent] = []
        for piece in pieces(of: bytes, size) { events += decoder.decode(piece) }
        events += decoder.timeOut()
        return events.reduce(into: []) { result, event in
            if case .text(let more) = event, case .text(let text)? = result.last {
                result[result.count - 1] = .text(text + more)
            } else {
                result.append(event)
            }
        }
    }
}
