// SPDX-License-Identifier: Apache-2.0

import Glibc
import Synchronization

/// A directory of its own for one test, removed with all it holds when the value goes away.
package final class TemporaryDirectory: Sendable {
    /// Absolute, without a slash at its end.
    package let path: String

    /// Makes a new one below `TMPDIR` or `/tmp`; throws the error number.
    package init() throws {
        let parent = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        var template = Array("\(parent)/plenary-test-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw TemporaryDirectoryError(errorNumber: errno) }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        _ = TemporaryDirectory.removesAtExit
        TemporaryDirectory.open.withLock { _ = $0.insert(path) }
    }

    deinit {
        TemporaryDirectory.open.withLock { _ = $0.remove(path) }
        TemporaryDirectory.remove(path)
    }

    /// Those that are there. A server that still runs when the process ends keeps its directory alive; what is
    /// left then is removed at the exit.
    private static let open = Mutex<Set<String>>([])
    private static let removesAtExit: Void = {
        atexit { TemporaryDirectory.removeAll() }
    }()

    private static func removeAll() {
        for path in open.withLock({ $0 }) { remove(path) }
    }

    /// The names in a directory, sorted; none when it does not exist.
    package static func names(in path: String) -> [String] {
        guard let directory = opendir(path) else { return [] }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    /// Removes a file, or a directory with all it holds. What is not there is as good as removed.
    package static func remove(_ path: String) {
        for name in names(in: path) { remove(path + "/" + name) }
        if unlink(path) != 0 { _ = rmdir(path) }
    }
}

/// No directory could be made.
package struct TemporaryDirectoryError: Error, Sendable {
    /// As in `errno`.
    package let errorNumber: Int32
}
