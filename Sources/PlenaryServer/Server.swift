// SPDX-License-Identifier: Apache-2.0

import Logging
import PlenaryCrypto
import PlenaryDialect
import PlenaryDomain
import PlenaryLog
import PlenaryNet
import PlenaryQueues
import PlenarySearch
import PlenaryTerms

/// A running server: the log, the community, the network, and the order in which they start and stop.
package final class Server: Sendable {
    /// This build's version, as VERSION and `plenaryd version` say it.
    package static let version = "0.1.0"

    /// The open listeners, in the order of the configuration (an address `*` gives two).
    package let listeners: [(configuration: ListenerConfiguration, bound: BoundListener)]
    /// SHA-256 of the certificate and of its public key; nil without TLS.
    package let certificate: CertificateIdentity?
    /// What opening the log found and did.
    package let recovery: RecoveryReport
    let owner: CommunityOwner
    private let network: Network
    private let log: LogWriter
    private let logger: Logger
    private let inbox: Inbox<Inbound>
    private let started: Timestamp

    private init(_ parts: ServerParts) {
        listeners = parts.listeners
        certificate = parts.certificate
        recovery = parts.recovery
        owner = parts.owner
        network = parts.network
        log = parts.log
        logger = parts.logger
        inbox = parts.inbox
        started = parts.started
    }

    // MARK: Start

    /// Opens the log, rebuilds the community, and listens. `onFailure` is called once if the log can no
    /// longer make anything durable; the process must then end with the code. With `ticksItself` off time
    /// passes for time-outs only when `tick` is called: for tests, which own the clock, and may own the disk.
    package static func start(
        _ configuration: ServerConfiguration, logger: Logger, clock: Clock = .system,
        ticksItself: Bool = true, files: any FileLayer = RealFiles(),
        onFailure: @escaping @Sendable (StartError) -> Void
    ) async throws -> Server {
        let started = Timestamp(microseconds: clock.now())
        let opened = try openLog(configuration, clock, files)
        let keys = try ServerKeys.load(dataDirectory: configuration.dataDirectory)
        var community = Community(policy: configuration.effectivePolicy)
        try opened.replay { community.apply($0) }
        let recovery = opened.report
        let log = opened.start { error in
            onFailure(StartError(exitCode: error.exitCode, error.description))
        }
        var tls: TLSMaterial?
        if configuration.listeners.contains(where: \.isTLS) { tls = try TLSMaterial.load(configuration) }
        let shardCount = configuration.ioQueueCount > 0 ? configuration.ioQueueCount : 1
        let relay = DeliveryRelay()
        // An index that is not kept up would keep what is erased.
        if !configuration.offersSearch {
            SearchIndex.remove(directory: configuration.dataDirectory + "/index")
        }
        let search =
            configuration.offersSearch
            ? SearchDesk(configuration, logID: opened.logID, history: opened.history, logger: logger) : nil
        let owner = try CommunityOwner(
            community: community, facts: configuration.facts(started: started), keys: keys, log: log,
            history: opened.history,
            search: search, logger: logger, nextOffset: opened.nextOffset, lastTime: opened.lastTime,
            clock: clock,
            shardCount: shardCount,
            passwords: PasswordWorker(
                waitingLimit: configuration.limits.hashQueueLimit, cost: configuration.limits.passwordCost),
            utcOffset: configuration.utcOffset, dataDirectory: configuration.dataDirectory,
            deliver: { relay.deliver($0) })
        let inbox = owner.makeInbox()
        log.setRotationHandler { _ in _ = inbox.post(.rotated) }
        await owner.seed(configuration.channels, configuration.questionnaires)
        _ = inbox.post(.erasuresDue)
        let network = try makeNetwork(
            configuration, clock, ticksItself, shardCount, keys, inbox, log)
        relay.use(network.shards)
        if ticksItself { await owner.startTicking() }
        let listeners = try await listen(configuration, network, tls)
        return Server(
            ServerParts(
                listeners: listeners, certificate: tls?.identity, recovery: recovery, owner: owner,
                network: network, log: log, logger: logger, inbox: inbox, started: started))
    }

    private static func openLog(
        _ configuration: ServerConfiguration, _ clock: Clock, _ files: any FileLayer
    ) throws -> OpenedLog {
        do {
            return try Log.open(
                LogConfiguration(
                    directory: configuration.dataDirectory, segmentByteCount: configuration.segmentByteCount,
                    allowsAnyFileSystem: configuration.allowsAnyFileSystem), files: files, clock: clock)
        } catch {
            throw StartError(exitCode: error.exitCode, error.description)
        }
    }

    private static func makeNetwork(
        _ configuration: ServerConfiguration, _ clock: Clock, _ ticksItself: Bool, _ shardCount: Int,
        _ keys: ServerKeys, _ inbox: Inbox<Inbound>, _ log: LogWriter
    ) throws -> Network {
        var options = NetworkOptions()
        options.shardCount = shardCount
        options.limits = configuration.network
        options.clock = clock
        options.ticksItself = ticksItself
        options.refusalText = { _ in Server.refusal }
        let limits = configuration.limits
        let name = Text(configuration.serverName)
        let cloaks = Cloaks(key: keys.cloakKey)
        let backPressure = BackPressure {
            log.pendingByteCount > LogLimits.pendingByteLimit
                || inbox.waitingCount > Server.waitingRequestLimit
        }
        return try Network(options: options) { _ in
            Edge(limits: limits, serverName: name, cloaks: cloaks, backPressure: backPressure) { round in
                _ = inbox.post(contentsOf: round)
                backPressure.update()
            }
        }
    }

    /// Requests that may wait for the community's queue before clients are no longer read.
    private static let waitingRequestLimit = 65_536

    private static let refusal: [UInt8] = {
        let reason = text(.tooManyConnections, in: .english)
        return Array("ERROR :".utf8) + text(.closingLink, in: .english, [.reason: reason]).bytes + [13, 10]
    }()

    private static func listen(
        _ configuration: ServerConfiguration, _ network: Network, _ tls: TLSMaterial?
    ) async throws -> [(configuration: ListenerConfiguration, bound: BoundListener)] {
        var listeners: [(configuration: ListenerConfiguration, bound: BoundListener)] = []
        for listener in configuration.listeners {
            for address in try listener.addresses() {
                guard listener.isTLS || address.isLoopback || listener.allowsPlainTextOffLoopback else {
                    throw StartError(
                        exitCode: 78,
                        "\(listener.address):\(listener.port) would take passwords in plain text from the network; "
                            + "use TLS, or say so in the configuration"
                    )
                }
                do {
                    let bound = try await network.listen(
                        on: address, context: listener.isTLS ? tls?.context : nil)
                    listeners.append((listener, bound))
                } catch {
                    throw StartError(exitCode: 69, "cannot listen on \(address): \(error)")
                }
            }
        }
        return listeners
    }

    // MARK: While it runs

    /// New certificate, texts and policy for whoever connects from now on; nobody is disconnected.
    /// Throws without having changed anything when the new configuration does not hold.
    package func reload(_ configuration: ServerConfiguration) async throws {
        var tls: TLSMaterial?
        if listeners.contains(where: { $0.configuration.isTLS }) { tls = try TLSMaterial.load(configuration) }
        for listener in listeners where listener.configuration.isTLS {
            guard let context = tls?.context else { continue }
            try await network.setContext(context, forListener: listener.bound.index)
        }
        let change = Reconfiguration(
            policy: configuration.effectivePolicy, facts: configuration.facts(started: started),
            channels: configuration.channels, questionnaires: configuration.questionnaires)
        _ = inbox.post(.reconfigured(change))
    }

    /// Carries out what an operator asks of the community; `then` runs once it is durable.
    package func administer(_ request: AdminRequest, then: @escaping @Sendable (AdminReply) -> Void) {
        _ = inbox.post(.administration(request, then: then))
    }

    /// Says ERROR to everybody, flushes, syncs, closes the log.
    package func stop() async throws {
        await owner.stopTicking()
        await network.stopAccepting()
        await withCheckedContinuation { done in
            _ = inbox.post(.stop { done.resume() })
        }
        await network.shutdown()
        let snapshot = await owner.lastSnapshot()
        let failure: LogError? = await withCheckedContinuation { done in
            log.close(snapshot: snapshot) { done.resume(returning: $0) }
        }
        await owner.search?.close()
        if let failure { throw StartError(exitCode: failure.exitCode, failure.description) }
    }

    /// Lets time-outs be looked at now. Tests call it after they turned the clock.
    package func tick() async {
        for shard in network.shards { await shard.tick() }
        await owner.tick()
    }

    /// About how many bytes wait for the disk.
    package var pendingByteCount: Int { log.pendingByteCount }

    /// The durable state as the shortest list of events; tests compare it before and after a restart.
    package func durableState() async -> [LoggedEvent] { await owner.durableState() }
}

private struct ServerParts {
    var listeners: [(configuration: ListenerConfiguration, bound: BoundListener)]
    var certificate: CertificateIdentity?
    var recovery: RecoveryReport
    var owner: CommunityOwner
    var network: Network
    var log: LogWriter
    var logger: Logger
    var inbox: Inbox<Inbound>
    var started: Timestamp
}
