// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Glibc
import PlenaryTerminal
import Synchronization

/// What a terminal tells.
package enum TerminalEvent: Sendable {
    /// Keys and text; never empty.
    case input([InputEvent])
    /// The terminal has another size: everything is to be painted anew.
    case resized(columns: Int, rows: Int)
    /// The process goes on after a stop, and the screen is ours again, blank.
    case resumed
    /// The terminal is gone. Nothing comes after this.
    case closed
}

/// Why the screen cannot be taken.
package enum TerminalError: Error, Hashable, Sendable {
    /// Standard input or output is no terminal.
    case isNoTerminal
}

/// The terminal on standard input and output: raw mode, keys, size, frames, and stops. It is given back
/// however the process ends (`TerminalRestoration`).
///
/// Bytes go out on one queue in the order of calls, so that a slow terminal holds nobody up: who paints asks
/// `isWriting` and skips a frame instead. Input comes on another queue, because it has to come while output
/// is stuck. There is one device in a process.
package final class TerminalDevice: Sendable {
    // MARK: Fixed at creation

    /// What the terminal tells, for one reader. It holds what was typed until it is read.
    package let events: AsyncStream<TerminalEvent>

    private let continuation: AsyncStream<TerminalEvent>.Continuation
    private let output = DispatchQueue(label: "plenary.terminal.output")
    private let input = DispatchQueue(label: "plenary.terminal.input")

    // MARK: Owned by the output queue

    private struct Screen {
        /// Nil while the screen is not ours.
        var encoder: FrameEncoder?
        var settings = termios()
        /// What to take again after a stop.
        var suspended: FrameEncoder?
        /// Watches the pipe of `TerminalRestoration.installWakers`, from the first time that the screen is
        /// taken.
        var waker: ReadSource?
    }

    private let screen = Mutex(Screen())
    private let unwritten = Atomic(0)

    // MARK: Owned by the input queue

    private struct Keyboard {
        var decoder = KeyDecoder()
        /// Counts reads, so that a time-out that came too late is known.
        var reads = 0
        var source: ReadSource?
    }

    private let keyboard = Mutex(Keyboard())

    /// Milliseconds after which a stop that the kernel did not grant is taken for refused.
    private static let stopPatienceMilliseconds = 300

    /// The device; the terminal is not touched yet.
    package init() {
        (events, continuation) = AsyncStream.makeStream(bufferingPolicy: .unbounded)
        TerminalRestoration.installAtExit()
    }

    // MARK: Callable from any queue

    /// Columns and rows now, within `GridLimits`; 80 by 24 where the terminal does not know.
    package var size: (columns: Int, rows: Int) {
        var size = winsize()
        guard ioctl(1, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0 else {
            return (80, 24)
        }
        return (
            min(Int(size.ws_col), GridLimits.columnLimit), min(Int(size.ws_row), GridLimits.rowLimit)
        )
    }

    /// Takes the screen: blank, in raw mode, keys coming. Nothing when it is ours already.
    package func enter(_ encoder: FrameEncoder) throws(TerminalError) {
        let isTaken = output.sync { takeScreen(encoder) }
        if !isTaken { throw .isNoTerminal }
    }

    /// Gives the screen back as it was, after everything written before. Nothing when it is not ours.
    package func leave() { output.sync { giveScreenBack() } }

    /// Gives the screen back and stops the process, with those started with it, as Control+Z does elsewhere.
    /// When it goes on, the screen is taken again and `resumed` comes.
    package func suspend() {
        output.async { [self] in
            guard let encoder = screen.withLock({ $0.encoder }) else { return }
            giveScreenBack()
            screen.withLock { $0.suspended = encoder }
            kill(0, SIGTSTP)
            // Without a shell that could make us go on the kernel does not stop us.
            output.asyncAfter(deadline: .now() + .milliseconds(Self.stopPatienceMilliseconds)) { [self] in
                if screen.withLock({ $0.suspended != nil }) { goOn() }
            }
        }
    }

    /// Writes bytes, one frame at a time, in the order of calls. Nothing while the screen is not ours.
    package func write(_ bytes: [UInt8]) {
        if bytes.isEmpty { return }
        unwritten.add(1, ordering: .relaxed)
        output.async { [self] in
            if screen.withLock({ $0.encoder != nil }) { send(bytes) }
            unwritten.subtract(1, ordering: .relaxed)
        }
    }

    /// Whether the terminal has not taken all bytes yet: the next frame had better wait.
    package var isWriting: Bool { unwritten.load(ordering: .relaxed) > 0 }

    /// Asks how wide the terminal paints ambiguous characters; answered by a cursor report, or by nothing.
    /// A full frame is to follow.
    package func probeWidth() {
        keyboard.withLock { $0.decoder.expectCursorReport() }
        write(FrameEncoder.widthProbe)
    }

    // MARK: On the output queue

    private func takeScreen(_ encoder: FrameEncoder) -> Bool {
        var settings = termios()
        let isOurs = screen.withLock { $0.encoder != nil }
        if isOurs { return true }
        guard isatty(1) == 1, tcgetattr(0, &settings) == 0 else { return false }
        prepare()
        screen.withLock { screen in
            screen.encoder = encoder
            screen.settings = settings
        }
        TerminalRestoration.arm(settings: settings, bytes: encoder.leave)
        TerminalRestoration.installHandlers()
        setRawMode(settings)
        send(encoder.enter)
        startReading()
        return true
    }

    private func giveScreenBack() {
        let (encoder, settings) = screen.withLock { screen in
            defer { screen.encoder = nil }
            return (screen.encoder, screen.settings)
        }
        guard let encoder else { return }
        stopReading()
        send(encoder.leave)
        // What the terminal still answers is not for the shell.
        var former = settings
        tcsetattr(0, TCSAFLUSH, &former)
        TerminalRestoration.disarm()
        TerminalRestoration.removeHandlers()
    }

    /// The process was stopped, by us or by somebody else, and goes on.
    private func goOn() {
        let (encoder, settings, suspended) = screen.withLock { screen in
            defer { screen.suspended = nil }
            return (screen.encoder, screen.settings, screen.suspended)
        }
        if let suspended {
            // A terminal that is gone by now shows when it is read.
            guard takeScreen(suspended) else { return close() }
        } else if let encoder {
            // Stopped without our doing: the shell may have changed anything.
            TerminalRestoration.arm(settings: settings, bytes: encoder.leave)
            setRawMode(settings)
            send(encoder.enter)
        } else {
            return
        }
        continuation.yield(.resumed)
        tellSize()
    }

    /// Once: from now on sizes and stops are noticed.
    private func prepare() {
        if screen.withLock({ $0.waker != nil }) { return }
        var ends: [Int32] = [-1, -1]
        // Without a pipe the size stays as it is, and a stop by others leaves a screen that Control+L mends.
        guard pipe(&ends) == 0 else { return }
        for end in ends {
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
        }
        let reader = ends[0]
        let source = DispatchSource.makeReadSource(fileDescriptor: reader, queue: output)
        source.setEventHandler { [self] in
            var signals = [UInt8](repeating: 0, count: 64)
            let count = read(reader, &signals, signals.count)
            guard count > 0 else { return }
            if signals[..<count].contains(UInt8(SIGCONT)) { goOn() }
            if signals[..<count].contains(UInt8(SIGWINCH)) { tellSize() }
        }
        screen.withLock { $0.waker = ReadSource(source: source) }
        source.resume()
        TerminalRestoration.installWakers(descriptor: ends[1])
    }

    private func tellSize() {
        guard screen.withLock({ $0.encoder != nil }) else { return }
        let size = size
        continuation.yield(.resized(columns: size.columns, rows: size.rows))
    }

    /// Keys come as they are struck, unechoed, and none of them is a signal; what is written stays as it is.
    private func setRawMode(_ former: termios) {
        var raw = former
        raw.c_iflag &= ~tcflag_t(BRKINT | ICRNL | IGNCR | INLCR | INPCK | ISTRIP | IXON)
        raw.c_oflag &= ~tcflag_t(OPOST)
        raw.c_cflag |= tcflag_t(CS8)
        raw.c_lflag &= ~tcflag_t(ECHO | ECHONL | ICANON | IEXTEN | ISIG)
        withUnsafeMutableBytes(of: &raw.c_cc) { characters in
            characters[Int(VMIN)] = 1
            characters[Int(VTIME)] = 0
        }
        // What was typed while we started is not thrown away.
        tcsetattr(0, TCSADRAIN, &raw)
    }

    private func send(_ bytes: [UInt8]) {
        do { try FileAccess.write(bytes, to: 1, path: "terminal") } catch {
            // A terminal that takes nothing has gone; there is nowhere to say so but to the reader of events.
            close()
        }
    }

    // MARK: On the input queue

    private func startReading() {
        let source = DispatchSource.makeReadSource(fileDescriptor: 0, queue: input)
        source.setEventHandler { [self] in readKeys() }
        keyboard.withLock { $0.source = ReadSource(source: source) }
        source.resume()
    }

    /// When this returns nothing reads from the terminal any more, and a child may.
    private func stopReading() {
        input.sync {
            keyboard.withLock { keyboard in
                keyboard.source?.source.cancel()
                keyboard.source = nil
                keyboard.decoder = KeyDecoder()
                keyboard.reads += 1
            }
        }
    }

    private func readKeys() {
        // Somebody else who reads the same terminal may have been faster; a read would wait then.
        var waiting = pollfd(fd: 0, events: Int16(POLLIN), revents: 0)
        guard poll(&waiting, 1, 0) == 1 else { return }
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = read(0, &buffer, buffer.count)
        if count < 0, errno == EINTR || errno == EAGAIN { return }
        guard count > 0 else { return close() }
        let (events, patience, reads) = keyboard.withLock { keyboard in
            keyboard.reads += 1
            let events = keyboard.decoder.decode(buffer[..<count])
            return (events, keyboard.decoder.patienceMilliseconds, keyboard.reads)
        }
        if !events.isEmpty { continuation.yield(.input(events)) }
        guard let patience else { return }
        input.asyncAfter(deadline: .now() + .milliseconds(patience)) { [self] in timeOut(after: reads) }
    }

    private func timeOut(after reads: Int) {
        let events = keyboard.withLock { $0.reads == reads ? $0.decoder.timeOut() : [] }
        if !events.isEmpty { continuation.yield(.input(events)) }
    }

    private func close() {
        keyboard.withLock { keyboard in
            keyboard.source?.source.cancel()
            keyboard.source = nil
        }
        continuation.yield(.closed)
        continuation.finish()
    }
}

// SAFETY: a source of Dispatch may be used from any thread, and this holds nothing else.
private struct ReadSource: @unchecked Sendable {
    let source: any DispatchSourceRead
}
