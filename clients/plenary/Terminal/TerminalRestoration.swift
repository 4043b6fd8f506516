// SPDX-License-Identifier: Apache-2.0

import Glibc
import Synchronization

/// Gives the terminal back however the process ends: by itself, by a signal, by a crash. Nobody shall be left
/// in a shell that shows nothing of what is typed.
///
/// All of it runs in signal handlers, on any thread, at any moment. So it touches only memory that was filled
/// before the handlers were installed, takes no lock, allocates nothing, and calls only functions that POSIX
/// permits there (signal-safety(7)): `tcsetattr`, `poll`, `write`, `sigaction`, `pthread_sigmask`, `raise`,
/// `kill`, `getpid`, `_exit`. A handler that runs out of stack itself is not helped: it has no stack of its
/// own.
enum TerminalRestoration {
    /// What handlers read. Filled by `arm` while `isArmed` is false, read by them only after they have turned
    /// it from true to false.
    private struct Storage {
        var settings = termios()
        var bytes: (UnsafeMutablePointer<UInt8>, count: Int)
        /// Where a byte wakes the owner of the terminal; negative before there is one.
        var wakeDescriptor: Int32 = -1
    }

    private static let byteLimit = 128
    private static let isArmed = Atomic(false)

    // SAFETY: allocated once and never freed. Written while `isArmed` is false only, by the terminal's owner
    // alone, and read by whoever turned it to false: should the owner arm again meanwhile, after a stop that
    // was not its own, it writes what is there already. `wakeDescriptor` is written before the handlers that
    // read it are installed. A pointer, because access through it makes no exclusivity records, which a signal
    // might interrupt half made.
    nonisolated(unsafe) private static let storage = {
        let storage = UnsafeMutablePointer<Storage>.allocate(capacity: 1)
        storage.initialize(to: Storage(bytes: (.allocate(capacity: byteLimit), count: 0)))
        return storage
    }()

    // SAFETY: as above; one action for each signal number, written before our handler for it is installed.
    nonisolated(unsafe) private static let former = {
        let actions = UnsafeMutablePointer<sigaction>.allocate(capacity: 65)
        actions.initialize(repeating: sigaction(), count: 65)
        return actions
    }()

    private static let ending = [SIGINT, SIGTERM, SIGHUP, SIGQUIT]
    private static let crashing = [SIGSEGV, SIGBUS, SIGILL, SIGTRAP, SIGFPE, SIGABRT]

    // MARK: For the terminal's owner

    /// From now on the terminal is given back with these settings and bytes, whatever happens.
    static func arm(settings: termios, bytes: [UInt8]) {
        precondition(bytes.count <= byteLimit, "What leaves the screen has to fit into its storage.")
        isArmed.store(false, ordering: .sequentiallyConsistent)
        storage.pointee.settings = settings
        for (index, byte) in bytes.enumerated() { storage.pointee.bytes.0[index] = byte }
        storage.pointee.bytes.count = bytes.count
        isArmed.store(true, ordering: .sequentiallyConsistent)
    }

    /// The terminal has been given back.
    static func disarm() { isArmed.store(false, ordering: .sequentiallyConsistent) }

    /// Gives the terminal back if nobody has done so yet.
    static func restore() {
        guard isArmed.exchange(false, ordering: .sequentiallyConsistent) else { return }
        // Before the bytes: a terminal that was stopped by Control+S takes none, and must be usable all the
        // same.
        tcsetattr(0, TCSANOW, &storage.pointee.settings)
        var start = 0
        while start < storage.pointee.bytes.count {
            var waiting = pollfd(fd: 1, events: Int16(POLLOUT), revents: 0)
            guard poll(&waiting, 1, 200) == 1 else { return }
            let count = write(1, storage.pointee.bytes.0 + start, storage.pointee.bytes.count - start)
            guard count > 0 else { return }
            start += count
        }
    }

    /// Watches for the ends that a process can be told: while the screen is ours.
    static func installHandlers() {
        for signal in ending { install(signal) { TerminalRestoration.end($0) } }
        for signal in crashing { install(signal) { TerminalRestoration.crash($0) } }
        install(SIGTSTP) { TerminalRestoration.stop($0) }
    }

    /// Leaves signals to whoever had them before.
    static func removeHandlers() {
        for signal in ending + crashing + [SIGTSTP] { sigaction(signal, former + Int(signal), nil) }
    }

    /// Has a byte, the signal's number, written here when the size of the terminal changes or the process
    /// goes on after a stop. A pipe and not a source of Dispatch for the signal itself, which blocks the
    /// signal on some thread, and children would inherit that.
    static func installWakers(descriptor: Int32) {
        storage.pointee.wakeDescriptor = descriptor
        install(SIGWINCH) { TerminalRestoration.wake($0) }
        install(SIGCONT) { TerminalRestoration.wake($0) }
    }

    /// Has the terminal given back when the process exits by itself.
    static func installAtExit() { atexit { TerminalRestoration.restore() } }

    private static func install(_ signal: Int32, _ handler: @convention(c) (Int32) -> Void) {
        var action = sigaction()
        action.__sigaction_handler.sa_handler = handler
        action.sa_flags = SA_RESTART
        sigemptyset(&action.sa_mask)
        sigaction(signal, &action, former + Int(signal))
    }

    // MARK: Within signal handlers

    private static func end(_ signal: Int32) {
        restore()
        _exit(128 + signal)
    }

    /// Then the crash goes its way: by the former action, at the same instruction, or raised again where
    /// it was sent.
    private static func crash(_ signal: Int32) {
        restore()
        sigaction(signal, former + Int(signal), nil)
        raise(signal)
    }

    /// Stops as if we had never watched, and goes on when the shell says so.
    private static func stop(_ signal: Int32) {
        let number = errno
        restore()
        var ours = sigaction()
        var plain = sigaction()
        plain.__sigaction_handler.sa_handler = SIG_DFL
        sigaction(signal, &plain, &ours)
        var mask = sigset_t()
        var before = sigset_t()
        sigemptyset(&mask)
        sigaddset(&mask, signal)
        pthread_sigmask(SIG_UNBLOCK, &mask, &before)
        raise(signal)
        pthread_sigmask(SIG_SETMASK, &before, nil)
        sigaction(signal, &ours, nil)
        // Where no shell could make us go on, the kernel does not stop us, and nobody else says so.
        kill(getpid(), SIGCONT)
        errno = number
    }

    private static func wake(_ signal: Int32) {
        let number = errno
        var byte = UInt8(truncatingIfNeeded: signal)
        // A full pipe wakes as well.
        write(storage.pointee.wakeDescriptor, &byte, 1)
        errno = number
    }
}
