// SPDX-License-Identifier: Apache-2.0

import PlenaryCrypto
import PlenaryDomain
import PlenaryLog
import PlenaryQueues
import PlenaryServer

/// How a transcript's bytes travel.
package enum Transport: String, CaseIterable, Sendable {
    /// Community and log, with lines handed over in memory: no sockets, no edge.
    case memory
    /// The whole server on a loopback socket under TLS.
    case tls
    /// The whole server on a loopback socket in plain text.
    case plain

    /// The forms every transcript passes unless its subject says otherwise. Plain text differs from TLS
    /// in what is offered, so transcripts that are about that ask for it.
    package static let allCases: [Transport] = [.memory, .tls]
}

/// How a client comes.
package struct Arrival: Sendable {
    /// Whether the connection counts as TLS; over sockets it is.
    package var isTLS = true
    /// Shown in the handshake.
    package var certificate: TestCertificate?
    /// The cloak of the network it comes from; in memory only, over sockets the real one counts.
    package var network: String
    /// Offered in the handshake (ALPN); none by default.
    package var applicationProtocols: [String]

    package init(
        isTLS: Bool = true, certificate: TestCertificate? = nil, network: String = "memory.guest",
        applicationProtocols: [String] = []
    ) {
        self.network = network
        self.isTLS = isTLS
        self.certificate = certificate
        self.applicationProtocols = applicationProtocols
    }
}

/// A client certificate with its key.
package struct TestCertificate: Sendable {
    package let certificatePEM: [UInt8]
    package let keyPEM: [UInt8]
    /// SHA-256 of the certificate, 32 bytes.
    package let fingerprint: [UInt8]

    /// A new self-signed one.
    package init(_ name: String) throws {
        let made = try Certificate.makeSelfSigned(
            commonName: name, subjectAlternativeNames: [name], validDays: 10)
        certificatePEM = made.certificatePEM
        keyPEM = made.keyPEM
        fingerprint = try Certificate.fingerprint(ofPEM: made.certificatePEM)
    }
}

/// One connection to a server under test.
package protocol TestConnection: Sendable {
    var mailbox: Mailbox { get }
    func send(_ bytes: [UInt8])
    /// Ends the connection without a word.
    func close()
}

/// A server, whatever its bytes travel by.
package protocol ServerUnderTest: Sendable {
    func connect(_ arrival: Arrival) async throws -> any TestConnection
    func administer(_ request: AdminRequest) async -> AdminReply
    func durableState() async -> [LoggedEvent]
    /// Lets time-outs be looked at, after the clock was turned. Nothing without an edge.
    func tick() async
    func reload(_ configuration: ServerConfiguration) async throws
    func stop() async throws
}

extension Transport {
    package func start(
        _ configuration: ServerConfiguration, clock: Clock?
    ) async throws
        -> any ServerUnderTest
    {
        for _ in 0..<100 {
            do {
                return try await startOnce(configuration, clock: clock)
            } catch let error as LogError where error.exitCode == 75 {
                // Held for a moment by a program that another test is starting; see DurableStateCheck.
                try await Task.sleep(for: .milliseconds(10))
            } catch let error as StartError where error.exitCode == 75 {
                try await Task.sleep(for: .milliseconds(10))
            }
        }
        return try await startOnce(configuration, clock: clock)
    }

    private func startOnce(
        _ configuration: ServerConfiguration, clock: Clock?
    ) async throws -> any ServerUnderTest {
        switch self {
        case .memory: try await MemoryServer.start(configuration, clock: clock ?? .system)
        case .tls, .plain: try await TestServer.start(configuration, clock: clock)
        }
    }
}
