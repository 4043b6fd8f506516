// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Dispatch
import Glibc
import Logging
import PlenaryServer

/// A server for measurements, every throttle off: the slot of an outside load generator.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Runs a server with every throttle off, for a load generator.")

    @Option(help: "Plain port on 127.0.0.1; 0 takes any free one.") var port: UInt16 = 6667
    @Option(help: "TLS port on 127.0.0.1.") var tlsPort: UInt16 = 6697
    @Option(help: "Data directory; made when it does not exist.") var data: String
    @Option(help: "Certificate file, PEM.") var certificate: String?
    @Option(help: "Key file, PEM.") var key: String?
    @Option(help: "Number of io queues.") var ioQueues = 1
    @Option(help: "Bytes of a segment of the log.") var segmentBytes = 64 << 20
    @Flag(help: "Take a data directory on any file system, even one that loses what it was told to keep.")
    var anyFileSystem = false

    func run() async throws {
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
        let server = try await Server.start(configuration, logger: Logger(label: "plenary-bench")) { error in
            print(error)
            Glibc.exit(error.exitCode)
        }
        // One line for whoever started it and waits: it listens, and where.
        let ports = server.listeners.map { String($0.bound.address.port) }.joined(separator: " ")
        print("listening \(ports)")
        fflush(nil)
        await ServeCommand.terminationSignal()
        try await server.stop()
    }

    private static func terminationSignal() async {
        signal(SIGTERM, SIG_IGN)
        let source = DispatchSource.makeSignalSource(signal: SIGTERM)
        await withCheckedContinuation { done in
            source.setEventHandler {
                source.setEventHandler {}
                done.resume()
            }
            source.activate()
        }
        source.cancel()
    }
}
