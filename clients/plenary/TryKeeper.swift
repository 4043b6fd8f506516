// SPDX-License-Identifier: Apache-2.0

import Glibc
import Synchronization

/// The process that keeps the server and the folder of `plenary try`. It is a shell in a process group of its
/// own, which the keys of the terminal do not interrupt, and it watches a pipe: when this process ends, in
/// whatever way, the pipe is closed, and the keeper stops the server, removes the folder and ends as well.
enum TryKeeper {
    /// Takes the program, the folder and the channel. Tells on standard output how the set-up ended, waits
    /// for a line on standard input, and serves until that is closed. While it serves, the server alone holds
    /// the output, which therefore is closed when the server ends.
    private static let script = """
        trap : HUP INT TERM
        server=$1 folder=$2 channel=$3
        "$server" setup localhost --directory "$folder/server" --address 127.0.0.1 --port 0 \
            --any-file-system --channel "$channel" >"$folder/invite" 2>"$folder/log"
        echo $?
        if read -r go; then
            "$server" run --config "$folder/server/plenaryd.yaml" --listening-file "$folder/listening" \
                </dev/null 2>"$folder/log" &
            exec >/dev/null
            read -r stop
            kill "$!" 2>/dev/null
            wait "$!"
        fi
        cd /
        rm -rf -- "$folder"
        """

    // There is one keeper at most. Atomic, so that whoever comes first releases it.
    private static let control = Atomic<Int32>(-1)
    private static let process = Atomic<Int32>(0)

    /// Starts the keeper, which sets the server up at once. Returns the end of a pipe by which it is told to
    /// go on, and the end by which it tells. Both belong to the keeper: `release` closes the first.
    static func hold(
        server: String, folder: String, channel: String
    ) throws(Failure) -> (
        control: Int32, status: Int32
    ) {
        var orders: [Int32] = [-1, -1]
        var answers: [Int32] = [-1, -1]
        guard pipe(&orders) == 0 else { throw failure(errno) }
        guard pipe(&answers) == 0 else {
            let number = errno
            for end in orders { close(end) }
            throw failure(number)
        }
        // No child of this process may hold the pipe open.
        for end in orders + answers { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        defer {
            close(orders[0])
            close(answers[1])
        }
        let child: pid_t
        do throws(ChildProcess.StartError) {
            child = try ChildProcess.spawn(
                ["sh", "-c", script, "sh", server, folder, channel], path: "/bin/sh",
                [.descriptor(orders[0]), .descriptor(answers[1]), .nothing], isApart: true)
        } catch {
            close(orders[1])
            close(answers[0])
            throw failure(error.number)
        }
        control.store(orders[1], ordering: .sequentiallyConsistent)
        process.store(child, ordering: .sequentiallyConsistent)
        return (orders[1], answers[0])
    }

    private static func failure(_ number: Int32) -> Failure {
        Failure(.unavailable, "no server was started", "no process could be made: error \(number)")
    }

    /// Has the server stopped and the folder removed, and waits for that, 5 s at most. Only for an end in good
    /// order: after a signal other threads may still write into the folder, and the keeper waits for their end.
    static func release() {
        let descriptor = control.exchange(-1, ordering: .sequentiallyConsistent)
        guard descriptor >= 0 else { return }
        close(descriptor)
        let keeper = process.exchange(0, ordering: .sequentiallyConsistent)
        for _ in 0..<1000 {
            let ended = waitpid(keeper, nil, WNOHANG)
            if ended == keeper || (ended < 0 && errno != EINTR) { return }
            usleep(5000)
        }
    }
}
