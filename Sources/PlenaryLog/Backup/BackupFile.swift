// SPDX-License-Identifier: Apache-2.0

import PlenaryTerms

// `backup`, in a backup's directory: what the backup is, written last.
//
//     plenary-backup 1
//     log <32 hexadecimal digits>
//     next <number: every event below it is contained>
//     file <bytes> <SHA-256> <path within the backup>
//     end <CRC32C of all lines before, 8 hexadecimal digits>

/// The list of a backup's files.
package struct BackupFile: Hashable, Sendable {
    package struct Entry: Hashable, Sendable {
        package var byteCount: Int
        package var digest: String
        package var path: String
    }

    package var logID: LogID
    package var nextNumber: UInt64
    package var entries: [Entry] = []

    static func path(in directory: String) -> String { directory + "/backup" }

    init(logID: LogID, nextNumber: UInt64) {
        self.logID = logID
        self.nextNumber = nextNumber
    }

    func encoded() -> [UInt8] {
        var text = "plenary-backup 1\nlog \(hexadecimal(logID.high))\(hexadecimal(logID.low))\n"
        text += "next \(nextNumber)\n"
        for entry in entries { text += "file \(entry.byteCount) \(entry.digest) \(entry.path)\n" }
        return sealedText(text)
    }

    init(decoding bytes: [UInt8], path: String) throws(LogError) {
        var identity: LogID?
        var next: UInt64?
        for line in try linesOfSealedText(bytes, "plenary-backup 1", path) {
            let words = line.split(separator: " ", maxSplits: 3)
            switch (words.first, words.count) {
            case ("log", 2): identity = LogID(hexadecimal: words[1])
            case ("next", 2): next = UInt64(words[1])
            case ("file", 4):
                guard let byteCount = Int(words[1]), BackupFile.isInside(words[3]) else {
                    throw .damaged(path: path, position: 0, found: "the line \"\(line)\" has no known form")
                }
                entries.append(
                    Entry(byteCount: byteCount, digest: String(words[2]), path: String(words[3])))
            default:
                throw .damaged(path: path, position: 0, found: "the line \"\(line)\" has no known form")
            }
        }
        guard let identity, let next else {
            throw .damaged(path: path, position: 0, found: "it does not say what it is a backup of")
        }
        logID = identity
        nextNumber = next
    }

    /// Paths lead into the backup and nowhere else.
    private static func isInside(_ path: Substring) -> Bool {
        !path.hasPrefix("/") && !path.split(separator: "/").contains("..")
    }
}
