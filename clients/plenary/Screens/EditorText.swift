// SPDX-License-Identifier: Apache-2.0

import Glibc

/// A text in the person's own editor.
enum EditorText {
    /// Opens `$VISUAL`, `$EDITOR` or vi on the text and returns what was saved; nil when it was given up.
    static func edit(_ text: String, _ workplace: Workplace) -> String? {
        let environment = workplace.surroundings.environment
        let editor = environment["VISUAL"] ?? environment["EDITOR"] ?? "vi"
        var path = Array((workplace.locations.state + "/text-XXXXXX").utf8CString)
        let descriptor = mkstemp(&path)
        guard descriptor >= 0 else { return nil }
        let name = String(decoding: path.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        defer { unlink(name) }
        do {
            try FileAccess.write(Array(text.utf8), to: descriptor, path: name)
            close(descriptor)
            guard try ChildProcess.runOnTerminal("\(editor) \"$1\"", argument: name) == 0 else { return nil }
            guard let bytes = try FileAccess.readPrivate(name) else { return nil }
            var edited = String(decoding: bytes, as: UTF8.self)
            if edited.hasSuffix("\n") { edited.removeLast() }
            return edited
        } catch {
            return nil
        }
    }
}
