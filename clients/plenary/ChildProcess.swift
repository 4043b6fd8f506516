// SPDX-License-Identifier: Apache-2.0

import Glibc
import PlenaryTerminal

/// Runs other programs: what `--exec` names, the person's editor, what opens a link, and the keeper of `plenary try`.
enum ChildProcess {
    /// Where a program reads from, or writes to.
    enum Stream {
        /// Where we do.
        case ours
        /// Nowhere.
        case nothing
        case descriptor(Int32)
    }

    /// No process could be made: the system's number for why.
    struct StartError: Error {
        var number: Int32
    }

    /// Runs a command by the shell with this input and waits for it. Its end with another status than 0 is
    /// told and otherwise ignored; a shell that cannot be started is a failure.
    static func run(_ command: String, input: String, _ surroundings: Surroundings) throws(Failure) {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw failure(command, errno) }
        // Nothing else in this process starts children, so that none can inherit them before this.
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        let child: pid_t
        do throws(StartError) {
            child = try spawn(["sh", "-c", command], path: "/bin/sh", [.descriptor(ends[0])])
        } catch {
            close(ends[0])
            close(ends[1])
            throw failure("sh", error.number)
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
        try start(["sh", "-c", command, "sh", argument], path: "/bin/sh", [])
    }

    /// Starts a program found in PATH with nothing to read and nobody to hear it, and waits until it has taken
    /// over or ended; its exit status.
    static func runQuietly(_ words: [String]) throws(Failure) -> Int32 {
        try start(words, path: nil, [.nothing, .nothing, .nothing])
    }

    private static func start(_ words: [String], path: String?, _ streams: [Stream]) throws(Failure) -> Int32
    {
        do throws(StartError) {
            return wait(for: try spawn(words, path: path, streams))
        } catch {
            throw failure(words.first ?? "", error.number)
        }
    }

    /// Starts a program and does not wait. `path` nil: the first word is looked for in PATH. `streams` are its
    /// input, output and errors; what is left out is ours. `isApart`: in a process group of its own, and no signal
    /// of a terminal is ignored because we ignore it.
    static func spawn(
        _ words: [String], path: String?, _ streams: [Stream], isApart: Bool = false
    ) throws(StartError) -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for (number, stream) in streams.enumerated() {
            switch stream {
            case .ours: break
            case .nothing: posix_spawn_file_actions_addopen(&actions, Int32(number), "/dev/null", O_RDWR, 0)
            case .descriptor(let end): posix_spawn_file_actions_adddup2(&actions, end, Int32(number))
            }
        }
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // We ignore SIGPIPE; the child should not inherit that.
        var defaults = sigset_t()
        sigemptyset(&defaults)
        for number in isApart ? [SIGPIPE, SIGHUP, SIGINT, SIGTERM] : [SIGPIPE] {
            sigaddset(&defaults, number)
        }
        posix_spawnattr_setsigdefault(&attributes, &defaults)
        posix_spawnattr_setpgroup(&attributes, 0)
        let flags = isApart ? POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP : POSIX_SPAWN_SETSIGDEF
        posix_spawnattr_setflags(&attributes, Int16(flags))
        var child: pid_t = 0
        // SAFETY: the strings are ours, end with a null pointer, and are freed after posix_spawn has used them.
        var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) }
        arguments.append(nil)
        defer { for argument in arguments { free(argument) } }
        let number =
            path.map { posix_spawn(&child, $0, &actions, &attributes, &arguments, environ) }
            ?? posix_spawnp(&child, words.first ?? "", &actions, &attributes, &arguments, environ)
        guard number == 0 else { throw StartError(number: number) }
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
