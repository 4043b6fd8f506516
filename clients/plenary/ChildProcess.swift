// SPDX-License-Identifier: Apache-2.0

import Glibc
import PlenaryTerminal

/// Runs other programs: what `--exec` names, the person's editor, and what opens a link.
enum ChildProcess {
    /// Runs a command by the shell with this input and waits for it. Its end with another status than 0 is
    /// told and otherwise ignored; a shell that cannot be started is a failure.
    static func run(_ command: String, input: String, _ surroundings: Surroundings) throws(Failure) {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw failure(command, errno) }
        // Nothing else in this process starts children, so that none can inherit them before this.
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        let child: pid_t
        do throws(Failure) {
            child = try spawn(["sh", "-c", command], path: "/bin/sh", input: ends[0])
        } catch {
            close(ends[0])
            close(ends[1])
            throw error
        }
        close(ends[0])
        // A child that does not read its input is no error.
        try? FileAccess.write(Array(input.utf8), to: ends[1], path: "input of \(command)")
        close(ends[1])
        let code = wait(for: child)
        if code != 0 { surroundings.say(PlainText.oneLine("\(command) ended with status \(code)")) }
    }

    /// Runs a command by the shell on this terminal, `$1` being the argument, and waits; its exit status.
    static func runOnTerminal(_ command: String, argument: String) throws(Failure) -> Int32 {
        wait(for: try spawn(["sh", "-c", command, "sh", argument], path: "/bin/sh", input: 0))
    }

    /// Starts a program found in PATH with nothing to read and nobody to hear it, and waits until it has taken
    /// over or ended; its exit status.
    static func runQuietly(_ words: [String]) throws(Failure) -> Int32 {
        wait(for: try spawn(words, path: nil, input: nil))
    }

    /// `input` nil stands for no terminal at all.
    private static func spawn(_ words: [String], path: String?, input: Int32?) throws(Failure) -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        if let input {
            posix_spawn_file_actions_adddup2(&actions, input, 0)
        } else {
            for descriptor: Int32 in 0...2 {
                posix_spawn_file_actions_addopen(&actions, descriptor, "/dev/null", O_RDWR, 0)
            }
        }
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // We ignore SIGPIPE; the child should not inherit that.
        var defaults = sigset_t()
        sigemptyset(&defaults)
        sigaddset(&defaults, SIGPIPE)
        posix_spawnattr_setsigdefault(&attributes, &defaults)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF))
        var child: pid_t = 0
        var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) }
        arguments.append(nil)
        defer { for argument in arguments { free(argument) } }
        let name = words.first ?? ""
        let number =
            path.map { posix_spawn(&child, $0, &actions, &attributes, &arguments, environ) }
            ?? posix_spawnp(&child, name, &actions, &attributes, &arguments, environ)
        guard number == 0 else { throw failure(name, number) }
        return child
    }

    private static func wait(for child: pid_t) -> Int32 {
        var status: Int32 = 0
        while waitpid(child, &status, 0) < 0, errno == EINTR {}
        return status & 0x7F == 0 ? (status >> 8) & 0xFF : 128 + (status & 0x7F)
    }

    private static func failure(_ command: String, _ number: Int32) -> Failure {
        Failure(.unavailable, "\(command) cannot be run", "error \(number)")
    }
}
