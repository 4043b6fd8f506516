// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Glibc

/// Reading from the terminal or a pipe.
enum TerminalInput {
    /// Bytes of one line that are kept; a longer one is cut there.
    static let lineByteLimit = 65_536

    /// Lines of standard input as they come. Read on a thread of its own, because a file cannot be waited
    /// for otherwise and reading may block for ever.
    static func lines() -> AsyncStream<[UInt8]> {
        AsyncStream { continuation in
            let queue = DispatchQueue(label: "plenary.input")
            queue.async {
                var rest: [UInt8] = []
                var buffer = [UInt8](repeating: 0, count: 4096)
                while true {
                    let count = read(0, &buffer, buffer.count)
                    if count < 0, errno == EINTR { continue }
                    guard count > 0 else { break }
                    for byte in buffer[..<count] {
                        if byte == 10 {
                            if rest.last == 13 { rest.removeLast() }
                            continuation.yield(rest)
                            rest = []
                        } else if rest.count < lineByteLimit {
                            rest.append(byte)
                        }
                    }
                }
                if !rest.isEmpty { continuation.yield(rest) }
                continuation.finish()
            }
        }
    }

    /// Asks on standard error and reads one line; nil at the end of input. Secrets are not echoed.
    static func ask(_ question: String, isSecret: Bool) -> String? {
        // A question that cannot be shown is answered by nobody.
        try? FileAccess.write(Array(question.utf8), to: 2, path: "standard error")
        var saved = termios()
        let hides = isSecret && tcgetattr(0, &saved) == 0
        if hides {
            var hidden = saved
            hidden.c_lflag &= ~tcflag_t(ECHO)
            tcsetattr(0, TCSAFLUSH, &hidden)
        }
        defer {
            if hides {
                tcsetattr(0, TCSAFLUSH, &saved)
                try? FileAccess.write([10], to: 2, path: "standard error")
            }
        }
        var line: [UInt8] = []
        var byte: UInt8 = 0
        while true {
            let count = read(0, &byte, 1)
            if count < 0, errno == EINTR { continue }
            guard count == 1 else { return line.isEmpty ? nil : String(decoding: line, as: UTF8.self) }
            if byte == 10 { return String(decoding: line, as: UTF8.self) }
            if line.count < lineByteLimit { line.append(byte) }
        }
    }
}
