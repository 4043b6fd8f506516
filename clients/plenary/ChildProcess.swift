// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Runs what `--exec` names.
enum ChildProcess {
    /// Runs a command by the shell with this input and waits for it. Its end with another status than 0 is
    /// told and otherwise ignored; a shell that cannot be started is a failure.
    static func run(_ command: String, input: String, _ surroundings: Surroundings) throws(Failure) {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw failure(command, errno) }
        // Nothing else in this process starts children, so that none can inherit them before this.
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, ends[0], 0)
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
        let words: [String] = ["sh", "-c", command]
        var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) }
        arguments.append(nil)
        defer { for argument in arguments { free(argument) } }
        let number = posix_spawn(&child, "/bin/sh", &actions, &attributes, &arguments, environ)
        close(ends[0])
        guard number == 0 else {
            close(ends[1])
            throw failure(command, number)
        }
        // A child that does not read its input is no error.
        try? FileAccess.write(Array(input.utf8), to: ends[1], path: "input of \(command)")
        close(ends[1])
        var status: Int32 = 0
        while waitpid(child, &status, 0) < 0, errno == EINTR {}
        if status != 0 {
            let code = status & 0x7F == 0 ? (status >> 8) & 0xFF : 128 + (status & 0x7F)
            surroundings.say(PlainText.oneLine("\(command) ended with status \(code)"))
        }
    }

    private static func failure(_ command: String, _ number: Int32) -> Failure {
        Failure(.unavailable, "\(command) cannot be run", "error \(number)")
    }
}
