// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import Logging
import PlenaryConfiguration
import PlenaryLog
import PlenaryQueues
import PlenaryServer
import PlenaryTerms

/// Serves until it is told to stop.
struct RunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Serve until SIGTERM or SIGINT. SIGHUP reads the configuration again, all or nothing.")

    @OptionGroup var file: ConfigurationOption
    @Option(help: "trace, debug, info, notice, warning, error or critical.")
    var logLevel = "info"
    @Option(help: "Write \"tls|plain ADDRESS PORT\" for each listener here once people can connect.")
    var listeningFile: String?
    @Option(
        help: ArgumentHelp(
            "Take the time of day from this file, to play a day again; on loopback addresses only.",
            visibility: .hidden))
    var clockFile: String?

    func run() throws {
        try reporting {
            guard let level = Logger.Level(rawValue: logLevel) else {
                throw Failure(ExitCodes.usage, "\"\(logLevel)\" is no log level")
            }
            // Fixed hashing would let a stranger choose names that collide (docs/SECURITY.md).
            guard ProcessInfo.processInfo.environment["SWIFT_DETERMINISTIC_HASHING"] == nil else {
                throw Failure(ExitCodes.usage, "SWIFT_DETERMINISTIC_HASHING is set; unset it and start again")
            }
            let loaded = try file.load()
            LoggingSystem.bootstrap { LogfmtHandler(label: $0) }
            var logger = Logger(label: "plenaryd")
            logger.logLevel = level
            for finding in loaded.findings.sorted {
                logger.warning("configuration.warning", metadata: ["finding": "\(finding)"])
            }
            let bounds = ProcessBounds.set()
            let daemon = Daemon(
                path: file.resolvedPath, logger: logger, listeningFile: listeningFile,
                clock: try clock(for: loaded.server))
            let sources = watchSignals(daemon)
            Task { await daemon.start(bounds.fitted(loaded.server, logger)) }
            withExtendedLifetime(sources) { dispatchMain() }
        }
    }

    private func clock(for server: ServerConfiguration) throws(Failure) -> PlenaryQueues.Clock {
        guard let clockFile else { return .system }
        guard server.isOnLoopbackOnly else {
            throw Failure(ExitCodes.usage, "--clock-file goes with loopback addresses only")
        }
        return try ClockFile(path: clockFile).clock
    }

    private func watchSignals(_ daemon: Daemon) -> [any DispatchSourceSignal] {
        let works: [(Int32, @Sendable () async -> Void)] = [
            (SIGTERM, { await daemon.stop(because: "SIGTERM") }),
            (SIGINT, { await daemon.stop(because: "SIGINT") }),
            (SIGHUP, { _ = await daemon.reload() }),
        ]
        return works.map { number, work in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .main)
            source.setEventHandler { Task { await work() } }
            source.resume()
            return source
        }
    }
}

/// The process around a server: start, reload, stop, and the admin socket.
actor Daemon {
    private let path: String
    private let logger: Logger
    private let listeningFile: String?
    private let clock: PlenaryQueues.Clock
    private var server: Server?
    private var configuration: ServerConfiguration?
    private var adminSocket: AdminSocket?
    private var isStopping = false
    private let started = Date()

    init(path: String, logger: Logger, listeningFile: String?, clock: PlenaryQueues.Clock) {
        self.clock = clock
        self.path = path
        self.logger = logger
        self.listeningFile = listeningFile
    }

    // MARK: Start

    func start(_ configuration: ServerConfiguration) async {
        let logger = logger
        do {
            let server = try await Server.start(configuration, logger: logger, clock: clock) { error in
                // Nothing can be made durable any more: end at once, and let no more be promised.
                logger.critical("storage.failed", metadata: ["reason": "\(error.description)"])
                exit(error.exitCode)
            }
            let adminSocket = try AdminSocket.listen(in: configuration.dataDirectory) { request, then in
                Task { await self.handle(request, then: then) }
            }
            self.server = server
            self.configuration = configuration
            self.adminSocket = adminSocket
            try announce(server)
            if isStopping { await finish(server) }
        } catch let error as StartError {
            fail(error.exitCode, error.description)
        } catch let error as LogError {
            // Replay reads what opening has not: damage found there has its own code as well.
            fail(error.exitCode, error.description)
        } catch {
            fail(ExitCodes.inputOutput, "\(error)")
        }
    }

    private func fail(_ code: Int32, _ text: String) -> Never {
        logger.critical("start.failed", metadata: ["reason": "\(text)"])
        exit(code)
    }

    private func announce(_ server: Server) throws {
        var lines = ""
        for listener in server.listeners {
            let kind = listener.configuration.isTLS ? "tls" : "plain"
            lines += "\(kind) \(listener.bound.address.host) \(listener.bound.address.port)\n"
            logger.info(
                "listening",
                metadata: [
                    "kind": "\(kind)", "address": "\(listener.bound.address.host)",
                    "port": "\(listener.bound.address.port)",
                ])
        }
        if let listeningFile { try PrivateFile.write(Array(lines.utf8), to: listeningFile, mode: 0o644) }
        logger.notice("ready", metadata: ["version": "\(Server.version)", "pid": "\(getpid())"])
        Readiness.notify("READY=1")
    }

    // MARK: While it runs

    private func handle(_ request: AdminRequest, then: @escaping @Sendable (AdminReply) -> Void) async {
        guard let server, !isStopping else {
            return then(.refused(.failed("the server is starting or stopping")))
        }
        switch request {
        case .status: then(.done([status(server)]))
        case .reload: then(await reload())
        case .stop:
            then(.done([]))
            await stop(because: "request")
        case .accountAdd, .accountPassword, .accountList, .accountState, .accountRole, .accountReset,
            .inviteCreate, .inviteList,
            .inviteRevoke, .erase, .erasureList, .backupPoint, .people:
            server.administer(request, then: then)
        }
    }

    private func status(_ server: Server) -> AdminRow {
        let listeners = server.listeners.map { "\($0.bound.address.host):\($0.bound.address.port)" }
        return AdminRow([
            "version": Server.version, "pid": String(getpid()),
            "uptime_seconds": String(Int(Date().timeIntervalSince(started))),
            "listeners": listeners.joined(separator: ","), "data": configuration?.dataDirectory ?? "",
        ])
    }

    /// Reads the configuration again. With any error the present settings stay.
    func reload() async -> AdminReply {
        guard let server, let present = configuration else {
            return .refused(.failed("the server is starting"))
        }
        let loaded = loadConfiguration(at: path)
        for finding in loaded.findings.sorted {
            let level: Logger.Level = finding.severity == .error ? .error : .warning
            logger.log(level: level, "configuration.finding", metadata: ["finding": "\(finding)"])
        }
        if let first = loaded.findings.sorted.first(where: { $0.severity == .error }) {
            logger.error("reload.refused", metadata: ["errors": "\(loaded.findings.errorCount)"])
            return .refused(.configurationInvalid(Text("\(first)")))
        }
        do {
            try await server.reload(loaded.server)
        } catch {
            let reason = (error as? StartError)?.description ?? "\(error)"
            logger.error("reload.refused", metadata: ["reason": "\(reason)"])
            return .refused(.configurationInvalid(Text(reason)))
        }
        let waiting = Daemon.needingRestart(from: present, to: loaded.server)
        configuration = loaded.server
        logger.notice("reloaded", metadata: ["needs_restart": "\(waiting.joined(separator: ","))"])
        return .done([AdminRow(["needs_restart": waiting.joined(separator: ",")])])
    }

    /// Sections whose changes only a restart brings into use.
    private static func needingRestart(from old: ServerConfiguration, to new: ServerConfiguration) -> [String]
    {
        var sections: [String] = []
        if old.serverName != new.serverName { sections.append("server.name") }
        if old.listeners != new.listeners { sections.append("listeners") }
        if old.dataDirectory != new.dataDirectory || old.segmentByteCount != new.segmentByteCount
            || old.allowsAnyFileSystem != new.allowsAnyFileSystem
        {
            sections.append("storage")
        }
        if "\(old.network)" != "\(new.network)" || old.ioQueueCount != new.ioQueueCount {
            sections.append("connections")
        }
        if old.limits != new.limits { sections.append("session") }
        return sections
    }

    // MARK: Stop

    func stop(because reason: String) async {
        guard !isStopping else { return }
        isStopping = true
        logger.notice("stopping", metadata: ["because": "\(reason)"])
        Readiness.notify("STOPPING=1")
        // Before the start is done there is nothing to stop; the start sees the flag.
        if let server { await finish(server) }
    }

    private func finish(_ server: Server) async {
        adminSocket?.close()
        do {
            try await server.stop()
        } catch {
            let code = (error as? StartError)?.exitCode ?? ExitCodes.inputOutput
            logger.critical("stop.failed", metadata: ["reason": "\(error)"])
            exit(code)
        }
        logger.notice("stopped")
        exit(0)
    }
}
