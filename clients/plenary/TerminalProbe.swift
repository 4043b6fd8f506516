// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Asking the terminal itself, and its keyboard for one key. For the few commands that need it outside of the
/// full screen.
package enum TerminalProbe {
    /// Milliseconds that a terminal may take to answer.
    private static let answerLimit: Int32 = 300

    /// Columns that a text takes, which the terminal is asked for; nil where there is none or it keeps silent.
    /// The text is printed at the beginning of the line and wiped out again.
    static func width(of text: String) -> Int? {
        guard isatty(0) == 1, isatty(1) == 1 else { return nil }
        return unbuffered {
            let wiped = "\r" + String(repeating: " ", count: 2 * text.count) + "\r"
            guard write("\r\(text)\u{1B}[6n") else { return nil }
            defer { _ = write(wiped) }
            var answer: [UInt8] = []
            while answer.count < 64, let byte = readByte() {
                answer.append(byte)
                if byte == UInt8(ascii: "R") { break }
            }
            return column(in: answer).map { $0 - 1 }
        }
    }

    /// The column in a report `ESC [ row ; column R`; nil for another answer.
    package static func column(in answer: [UInt8]) -> Int? {
        guard answer.last == UInt8(ascii: "R"), let start = answer.lastIndex(of: UInt8(ascii: ";")) else {
            return nil
        }
        return Int(String(decoding: answer[(start + 1)...].dropLast(), as: UTF8.self))
    }

    /// Columns and rows; nil where the output is no terminal.
    static func size() -> (columns: Int, rows: Int)? {
        var size = winsize()
        guard ioctl(1, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
        return (Int(size.ws_col), Int(size.ws_row))
    }

    /// Asks on standard error and takes one key without waiting for Enter; nil at the end of input. A key of
    /// another script is one character of several bytes, which arrive together.
    static func key(_ question: String) -> String? {
        // A question that cannot be shown is answered by nobody.
        try? FileAccess.write(Array(question.utf8), to: 2, path: "standard error")
        defer { try? FileAccess.write([10], to: 2, path: "standard error") }
        return unbuffered {
            var buffer = [UInt8](repeating: 0, count: 16)
            var count = read(0, &buffer, buffer.count)
            while count < 0, errno == EINTR { count = read(0, &buffer, buffer.count) }
            // Ctrl+C and Ctrl+D.
            guard count > 0, buffer[0] != 3, buffer[0] != 4 else { return nil }
            return String(decoding: buffer[..<count], as: UTF8.self)
        }
    }

    /// Runs something while keys arrive at once and are not shown. Ctrl+C is a key as well, so that the terminal
    /// is never left like this.
    private static func unbuffered<Value>(_ body: () -> Value) -> Value {
        var saved = termios()
        guard tcgetattr(0, &saved) == 0 else { return body() }
        var changed = saved
        changed.c_lflag &= ~tcflag_t(ICANON | ECHO | ISIG)
        tcsetattr(0, TCSAFLUSH, &changed)
        defer { tcsetattr(0, TCSAFLUSH, &saved) }
        return body()
    }

    private static func readByte() -> UInt8? {
        var waiting = pollfd(fd: 0, events: Int16(POLLIN), revents: 0)
        var byte: UInt8 = 0
        guard poll(&waiting, 1, answerLimit) > 0, read(0, &byte, 1) == 1 else { return nil }
        return byte
    }

    private static func write(_ text: String) -> Bool {
        do throws(FileError) {
            try FileAccess.write(Array(text.utf8), to: 1, path: "the terminal")
            return true
        } catch {
            return false
        }
    }
}
