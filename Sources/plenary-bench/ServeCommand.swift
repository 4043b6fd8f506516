// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Dispatch
import Glibc
import Logging
import PlenaryDomain
import PlenaryServer

/// A server for measurements, every throttle off: the slot of an outside load generator.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Runs a server with every throttle off, for a load generator.")

    @Flag(
        name: .customLong("search"),
        help: "Keep a search index, which takes some 60 us of CPU a message beside the rest.")
    var offersSearch = false
    @Option(help: "Plain port on 127.0.0.1; 0 takes any.") var port: UInt16 = 6667
    @Option(help: "TLS port on 127.0.0.1; 0 takes any.") var tlsPort: UInt16 = 6697
    @Option(help: "Data directory; made when it does not exist.") var data: String
    @Option(help: "Certificate file, PEM.") var certificate: String?
    @Option(help: "Key file, PEM.") var key: String?
    @Option(help: "Number of io queues.") var ioQueues = 1
    @Flag(
        name: .customLong("shipped-limits"),
        help: "Limit sessions as shipped, but for what counts the one network that all load comes from.")
    var hasShippedLimits = false
    @Option(help: "Bytes of a segment of the log.") var segmentBytes = 64 << 20
    @Flag(help: "Take a data directory on any file system, even one that loses what it was told to keep.")
    var anyFileSystem = false

    func run() async throws {
        ServerMemory.boundWaste()
        var configuration = ServerConfiguration.unthrottled(dataDirectory: data)
        configuration.listeners = [
            ListenerConfiguration(address: "127.0.0.1", port: port, isTLS: false),
            ListenerConfiguration(address: "127.0.0.1", port: tlsPort, isTLS: true),
        ]
        configuration.certificateFile = certificate
        configuration.privateKeyFile = key
        configuration.ioQueueCount = ioQueues
        configuration.segmentByteCount = segmentBytes
        configuration.allowsAnyFileSystem = anyFileSystem
        configuration.offersSearch = offersSearch
        configuration.policy.limits.historyMessageCountLimit = 1000
        configuration.policy.limits.joinedChannelCountLimit = 10_000
        if hasShippedLimits { ServeCommand.limit(&configuration) }
        // Watched before anybody knows that it runs, so that no signal is lost.
        let (termination, source) = ServeCommand.watchTermination()
        let server = try await Server.start(configuration, logger: Logger(label: "plenary-bench")) { error in
            print(error)
            Glibc.exit(error.exitCode)
        }
        let ports = server.listeners.map { "\($0.bound.address.port)" }
        print("listening " + ports.joined(separator: " "))
        fflush(nil)
        for await _ in termination { break }
        source.cancel()
        try await server.stop()
    }

    /// As shipped, but that a whole community and all guessers come from one address here.
    private static func limit(_ configuration: inout ServerConfiguration) {
        let shipped = ServerConfiguration()
        configuration.limits = shipped.limits
        configuration.limits.loginFailureLimit = nil
        configuration.limits.newAccountsPerDay = nil
        let delay = configuration.policy.limits.loginDelaySecondsLimit
        configuration.policy.limits = shipped.policy.limits
        configuration.policy.limits.loginDelaySecondsLimit = delay
        for act in [RatedAct.failToken, .failCode] { configuration.policy.limits.rates[act] = nil }
        configuration.network.handshakeLimit = shipped.network.handshakeLimit
        configuration.network.waitingHandshakeLimit = shipped.network.waitingHandshakeLimit
        configuration.network.sendQueueByteLimit = shipped.network.sendQueueByteLimit
        configuration.network.softSendQueueByteLimit = shipped.network.softSendQueueByteLimit
    }

    private static func watchTermination() -> (AsyncStream<Void>, any DispatchSourceSignal) {
        signal(SIGTERM, SIG_IGN)
        let (stream, continuation) = AsyncStream.makeStream(of: Void.self)
        let source = DispatchSource.makeSignalSource(signal: SIGTERM)
        source.setEventHandler { continuation.yield() }
        source.activate()
        return (stream, source)
    }
}
