// SPDX-License-Identifier: Apache-2.0

import Foundation
import PlenaryCrypto
import PlenaryDomain
import PlenaryServer
import PlenaryTerms

/// Reading secrets: from a terminal without echo, or from standard input; never from arguments.
enum Terminal {
    static var isOutputTerminal: Bool { isatty(STDOUT_FILENO) == 1 }

    /// A new password: asked twice on a terminal, or the first line of standard input.
    static func newPassword(
        of account: String, fromStandardInput: Bool, limits: CommunityLimits
    ) throws -> [UInt8] {
        let lengths = limits.passwordByteLimits
        var password: [UInt8]
        if fromStandardInput {
            password = try standardInputLine()
        } else {
            guard isatty(STDIN_FILENO) == 1, isatty(STDERR_FILENO) == 1 else {
                throw Failure(
                    ExitCodes.usage, "there is no terminal to ask for the password on; use --password-stdin")
            }
            password = try ask("New password: ")
            var again = try ask("Once more: ")
            defer { cleanse(&again) }
            guard constantTimeEquals(password, again) else {
                throw Failure(ExitCodes.badInput, "the two passwords differ; nothing was changed")
            }
        }
        guard lengths.contains(password.count) else {
            let byteCount = password.count
            cleanse(&password)
            throw Failure(
                ExitCodes.badInput,
                "the password has \(byteCount) bytes; \(lengths.lowerBound) to \(lengths.upperBound) are allowed"
            )
        }
        guard String(validating: password, as: UTF8.self) != nil, !password.contains(0) else {
            cleanse(&password)
            throw Failure(ExitCodes.badInput, "the password is not UTF-8")
        }
        switch limits.passwordProblem(password, account: Text(account)) {
        case nil: return password
        case .passwordIsCommon:
            cleanse(&password)
            throw Failure(ExitCodes.badInput, "the password is too easy to guess; choose another one")
        default:
            cleanse(&password)
            throw Failure(ExitCodes.badInput, "the password holds control characters")
        }
    }

    private static func standardInputLine() throws -> [UInt8] {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 512)
        while bytes.count <= 4096 {
            let count = read(STDIN_FILENO, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            bytes += buffer[..<count]
            if buffer[..<count].contains(10) { break }
        }
        cleanse(&buffer)
        let line = Array(bytes.prefix { $0 != 10 && $0 != 13 })
        cleanse(&bytes)
        guard !line.isEmpty else { throw Failure(ExitCodes.badInput, "standard input holds no password") }
        return line
    }

    private static func ask(_ prompt: String) throws -> [UInt8] {
        FileHandle.standardError.write(Data(prompt.utf8))
        var settings = termios()
        guard tcgetattr(STDIN_FILENO, &settings) == 0 else {
            throw Failure(ExitCodes.inputOutput, "the terminal's echo cannot be switched off")
        }
        var silent = settings
        silent.c_lflag &= ~tcflag_t(ECHO)
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent)
        defer {
            tcsetattr(STDIN_FILENO, TCSAFLUSH, &settings)
            FileHandle.standardError.write(Data("\n".utf8))
        }
        return try standardInputLine()
    }

    /// A password's hash at today's cost; the password is overwritten.
    static func hash(_ password: inout [UInt8]) throws -> PasswordHash {
        defer { cleanse(&password) }
        do {
            return try PasswordWorker.makeHash(of: password)
        } catch {
            throw Failure(ExitCodes.inputOutput, "the password could not be hashed: \(error)")
        }
    }
}
