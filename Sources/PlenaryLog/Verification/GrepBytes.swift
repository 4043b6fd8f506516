// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Where `plenaryd log grep-bytes` found something.
package struct ByteFinding: Hashable, Sendable {
    package var path: String
    /// Bytes from the file's beginning.
    package var position: Int
    /// Which of the patterns, from 0.
    package var pattern: Int

    package init(path: String, position: Int, pattern: Int) {
        self.path = path
        self.position = position
        self.pattern = pattern
    }
}

/// What a search through all files of a directory came to.
package struct ByteSearch: Hashable, Sendable {
    package private(set) var findings: [ByteFinding] = []
    package private(set) var fileCount = 0
    /// Files that are there and could not be read: of them nothing is proved.
    package private(set) var unreadable: [String] = []

    private static let stepByteCount = 1 << 20

    /// Looks for exact bytes in every file below a directory, whatever its name. The directory may be in use; a file
    /// that goes meanwhile is passed over. Symbolic links are not followed.
    package init(directory: String, patterns: [[UInt8]]) {
        search(directory, patterns.map { $0 })
    }

    private mutating func search(_ directory: String, _ patterns: [[UInt8]]) {
        guard let names = namesIn(directory) else {
            unreadable.append(directory)
            return
        }
        for name in names.sorted() {
            let path = directory + "/" + name
            var facts = stat()
            guard lstat(path, &facts) == 0 else { continue }
            switch facts.st_mode & S_IFMT {
            case S_IFDIR: search(path, patterns)
            case S_IFREG: searchFile(path, patterns)
            default: break
            }
        }
    }

    private mutating func searchFile(_ path: String, _ patterns: [[UInt8]]) {
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard file >= 0 else {
            if errno != ENOENT { unreadable.append(path) }
            return
        }
        defer { close(file) }
        fileCount += 1
        // What a pattern may have begun before is carried over.
        let overlap = (patterns.map(\.count).max() ?? 1) - 1
        var window: [UInt8] = []
        var start = 0
        var carried = 0
        var buffer = [UInt8](repeating: 0, count: ByteSearch.stepByteCount)
        while true {
            let count = read(file, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else {
                unreadable.append(path)
                return
            }
            if count == 0 { return }
            window += buffer[..<count]
            for (place, pattern) in patterns.enumerated() where !pattern.isEmpty {
                // A short pattern that lay in what was carried over was found the first time.
                let seen = max(0, carried - pattern.count + 1)
                for position in ByteSearch.positions(of: pattern, in: window, from: seen) {
                    findings.append(
                        ByteFinding(path: path, position: start + position, pattern: place))
                }
            }
            carried = min(overlap, window.count)
            start += window.count - carried
            window.removeFirst(window.count - carried)
        }
    }

    private static func positions(of pattern: [UInt8], in window: [UInt8], from start: Int) -> [Int] {
        var found: [Int] = []
        window.withUnsafeBytes { bytes in
            guard let base = bytes.baseAddress, let first = pattern.first else { return }
            var position = start
            // SAFETY: memchr and memcmp look at no more than is said, and the pattern fits before the end.
            while position <= bytes.count - pattern.count,
                let hit = memchr(base + position, Int32(first), bytes.count - pattern.count - position + 1)
            {
                let place = UnsafeRawPointer(hit) - base
                if memcmp(base + place, pattern, pattern.count) == 0 { found.append(place) }
                position = place + 1
            }
        }
        return found
    }
}
