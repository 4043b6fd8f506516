// SPDX-License-Identifier: Apache-2.0

import Glibc
import PlenaryClient

/// Everything outside that a command touches; tests put their own in its place.
package struct Surroundings: Sendable {
    /// Environment variables.
    package var environment: [String: String]
    /// Whether standard input, output and error are terminals.
    package var isInputTerminal: Bool
    package var isOutputTerminal: Bool
    package var isErrorTerminal: Bool
    /// Writes to standard output.
    package var writeOutput: @Sendable ([UInt8]) -> Void
    /// Writes to standard error.
    package var writeError: @Sendable ([UInt8]) -> Void
    /// Reads standard input to its end.
    package var readInput: @Sendable () throws(FileError) -> [UInt8]
    /// Lines of standard input as they come, without their line break.
    package var inputLines: @Sendable () -> AsyncStream<[UInt8]>
    /// Asks a question on the terminal and reads one line; hides what is typed where `isSecret`.
    package var ask: @Sendable (_ question: String, _ isSecret: Bool) -> String?
    /// Asks a question on the terminal and takes one key.
    package var askKey: @Sendable (_ question: String) -> String?
    /// Columns that the terminal gives a text; nil when it does not tell.
    package var measureWidth: @Sendable (String) -> Int?
    /// What time it is.
    package var now: @Sendable () -> Timestamp
    /// Makes a connection.
    package var connect: @Sendable (ConnectionConfiguration, any OutgoingQueue) -> PlenaryConnection
    /// Waits; false when cancelled.
    package var sleep: @Sendable (_ milliseconds: Int64) async -> Bool
    /// Ends the process at once. A test's returns never.
    package var exit: @Sendable (Int32) -> Never

    /// The real ones.
    package static let real = Surroundings(
        environment: readEnvironment(),
        isInputTerminal: isatty(0) == 1, isOutputTerminal: isatty(1) == 1, isErrorTerminal: isatty(2) == 1,
        writeOutput: { bytes in
            do { try FileAccess.write(bytes, to: 1, path: "standard output") } catch {
                // The reader has gone (`| head`): a quiet success. A full disk is not.
                if errno == EPIPE { Glibc.exit(ExitCode.done.rawValue) }
                let words = Array("cannot write: \(error)\n".utf8)
                // Nothing is left to tell it to if this fails too.
                try? FileAccess.write(words, to: 2, path: "standard error")
                Glibc.exit(ExitCode.cannotWrite.rawValue)
            }
        },
        // Nowhere to report that errors cannot be reported.
        writeError: { try? FileAccess.write($0, to: 2, path: "standard error") },
        readInput: { () throws(FileError) in try FileAccess.readAll(0, path: "standard input") },
        inputLines: { TerminalInput.lines() },
        ask: { TerminalInput.ask($0, isSecret: $1) },
        askKey: { TerminalProbe.key($0) },
        measureWidth: { TerminalProbe.width(of: $0) },
        now: {
            var time = timespec()
            clock_gettime(CLOCK_REALTIME, &time)
            return Timestamp(microseconds: Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000)
        },
        connect: { PlenaryConnection($0, queue: $1) },
        sleep: { milliseconds in
            do { try await Task.sleep(nanoseconds: UInt64(max(milliseconds, 0)) * 1_000_000) } catch {
                return false
            }
            return true
        },
        exit: { Glibc.exit($0) })

    private static func readEnvironment() -> [String: String] {
        var result: [String: String] = [:]
        var place = environ
        // SAFETY: `environ` is a list of C strings that ends with a null pointer; read once at start.
        while let entry = place.pointee {
            let text = String(cString: entry)
            if let equals = text.firstIndex(of: "=") {
                result[String(text[..<equals])] = String(text[text.index(after: equals)...])
            }
            place += 1
        }
        return result
    }

    /// Whether somebody can be asked.
    package var canAsk: Bool { isInputTerminal && isErrorTerminal }

    /// Writes a line of data.
    package func print(_ line: String) { writeOutput(Array((line + "\n").utf8)) }

    /// Writes a line of talk.
    package func say(_ line: String) { writeError(Array((line + "\n").utf8)) }
}
