// SPDX-License-Identifier: Apache-2.0

import PlenaryTerms
import PlenaryWire

/// The protocol from the client's side, for one connection: bytes in, events and bytes out.
///
/// A pure value: no socket, no clock, no randomness. Whoever owns the connection calls `start` when it is
/// established, `receive` for every piece of bytes, and carries out what is returned, in order.
public struct ClientSession: Sendable {
    /// How far this connection has come.
    public enum Phase: Sendable, Hashable {
        /// Nothing sent yet.
        case idle
        /// Capabilities are being agreed on.
        case negotiating
        /// SASL runs.
        case authenticating
        /// An account is being made.
        case registeringAccount
        /// Waiting for the welcome.
        case registering
        /// Registered.
        case ready
        /// Ended.
        case closed
    }

    // MARK: What the connection is known to be

    /// How far this connection has come.
    public internal(set) var phase = Phase.idle
    /// The nickname in use, or asked for.
    public internal(set) var nickname: String
    /// The account signed in to.
    public internal(set) var account: String?
    /// The server's name, from its welcome.
    public internal(set) var serverName = ""
    /// What the server told by 005.
    public internal(set) var features = ServerFeatures()
    /// Capabilities in use.
    public internal(set) var capabilities: Set<String> = []
    /// Capabilities offered, with their values.
    public internal(set) var offeredCapabilities: [String: String] = [:]
    /// Channels this session is in, by folded name.
    public internal(set) var channels: [String: Channel] = [:]

    // MARK: Owned by registration

    let configuration: SessionConfiguration
    var isCapabilityListComplete = false
    var openCapabilityRequestCount = 0
    var didEndNegotiation = false
    var didAuthenticate = false
    var didRegisterAccount = false
    var nicknameTryCount = 0
    var saslPayload: [String] = []
    /// The mechanism under way, and those still to be tried after it.
    var mechanism = ""
    var otherMechanisms: [String] = []
    var scram: ScramClient?
    /// Whether the server would not have the resume token.
    package internal(set) var isTokenRefused = false
    /// Whether the token signed in.
    var didResume = false
    /// Random text for SCRAM; without it SCRAM is not used.
    let nonce: String
    /// `!user@host` of this session, as the server shows it; empty until it is seen.
    var ownMask = ""

    // MARK: Owned by reading

    var splitter: LineSplitter
    let limits: WireLimits
    var batches: [String: OpenBatch] = [:]
    var batchedLineCount = 0

    // MARK: Owned by requests

    var pending: [String: PendingRequest] = [:]
    /// Labels of requests that end with a PONG, oldest first, where the server has no labels.
    var barriers: [String] = []
    var nextRequestNumber: UInt64 = 1
    var nextBatchNumber: UInt64 = 1

    var outputs: [SessionOutput] = []

    /// A session that has not begun.
    public init(_ configuration: SessionConfiguration) { self.init(configuration, nonce: "") }

    /// The same with random text for SCRAM.
    package init(_ configuration: SessionConfiguration, nonce: String) {
        self.configuration = configuration
        self.nonce = nonce
        nickname = configuration.nickname
        var limits = WireLimits.fromServer
        limits.bodyByteLimit = ClientLimits.bodyByteLimit
        self.limits = limits
        splitter = LineSplitter(limits: limits)
    }

    // MARK: Entry points

    /// The connection is established: asks for capabilities and names itself.
    public mutating func start() -> [SessionOutput] {
        phase = .negotiating
        write("CAP", ["LS", "302"])
        write("NICK", [nickname])
        write("USER", [configuration.username, "0", "*", configuration.realName], trailing: true)
        return takeOutputs()
    }

    /// Takes bytes as they arrive, in pieces of any size. `now` stamps what has no server-time.
    public mutating func receive(_ bytes: [UInt8], now: Timestamp) -> [SessionOutput] {
        var lines: [[UInt8]?] = []
        bytes.withUnsafeBytes { buffer in
            splitter.split(buffer) { piece in
                switch piece {
                case .line(let line): lines.append(Array(line))
                case .overlong: lines.append(nil)
                }
            }
        }
        for line in lines where phase != .closed {
            guard let line else {
                emit(.malformedLine("a line is too long"))
                continue
            }
            do {
                guard let parsed = try Line.parse(line, limits: limits) else { continue }
                handle(parsed, now: now)
            } catch {
                emit(.malformedLine(describe(error)))
            }
        }
        return takeOutputs()
    }

    /// Sends a command and collects its answer, which comes as `.completed` with this id.
    ///
    /// With labeled-response the label finds the answer. Without it, the command is followed by a PING and
    /// whatever the server says to this session until the PONG counts as the answer.
    public mutating func request(
        _ verb: String, _ parameters: [String], tags: [String: String] = [:]
    ) -> (id: RequestID, outputs: [SessionOutput]) {
        let id = beginRequest { session, label in
            session.write(verb, parameters, tags: session.labelled(tags, label))
        }
        return (id, takeOutputs())
    }

    /// Sends a command whose answer nobody waits for.
    public mutating func send(_ verb: String, _ parameters: [String]) -> [SessionOutput] {
        write(verb, parameters)
        return takeOutputs()
    }

    /// A PING whose PONG comes as `.completed`.
    public mutating func ping() -> (id: RequestID, outputs: [SessionOutput]) {
        let id = takeRequestID()
        let token = "plenary-\(id.number)"
        pending[token] = PendingRequest(id: id, endsWithPong: true)
        barriers.append(token)
        write("PING", [token])
        return (id, takeOutputs())
    }

    /// Says good-bye; the server closes the connection.
    public mutating func quit(_ reason: String) -> [SessionOutput] {
        write("QUIT", [reason], trailing: true)
        return takeOutputs()
    }

    // MARK: Sending

    mutating func write(
        _ verb: String, _ parameters: [String], tags: [String: String] = [:], trailing: Bool = false
    ) {
        let isTagging = capabilities.contains("message-tags") || capabilities.contains("labeled-response")
        let sorted = isTagging ? tags.sorted { $0.key < $1.key } : []
        let line = Line(
            tags: LineTags(sorted.map { LineTag($0.key, Text($0.value)) }), verb: verb,
            ClientSession.wireParameters(parameters), hasTrailing: trailing)
        outputs.append(.send(line.encoded()))
    }

    /// Makes any text safe to stand in a line: line breaks and NUL become spaces, and a middle parameter
    /// that is empty, holds a space or begins with a colon is replaced by `*` with a hyphen for each space.
    static func wireParameters(_ parameters: [String]) -> [Text] {
        parameters.enumerated().map { index, parameter in
            var bytes = parameter.utf8.map { $0 == 13 || $0 == 10 || $0 == 0 ? 32 : $0 }
            if index < parameters.count - 1 {
                bytes = bytes.map { $0 == 32 ? 45 : $0 }
                if bytes.isEmpty || bytes.first == 58 { bytes.insert(42, at: 0) }
            }
            return Text(bytes)
        }
    }

    mutating func emit(_ event: ClientEvent) { outputs.append(.event(event)) }

    mutating func end(_ error: ClientError) {
        guard phase != .closed else { return }
        phase = .closed
        outputs.append(.ended(error))
    }

    mutating func takeOutputs() -> [SessionOutput] {
        defer { outputs = [] }
        return outputs
    }

    /// Whether two names mean the same to this server.
    public func isSameName(_ one: String, _ other: String) -> Bool {
        features.fold(one) == features.fold(other)
    }

    func isOwnNickname(_ name: String) -> Bool { isSameName(name, nickname) }

    private func describe(_ error: LineError) -> String {
        switch error {
        case .tagsTooLong(let count, let limit): "\(count) bytes of tags, \(limit) are allowed"
        case .tooManyTags(let limit): "more than \(limit) tags"
        case .bodyTooLong(let count, let limit): "\(count) bytes, \(limit) are allowed"
        case .invalidUTF8(let verb): "no valid UTF-8 in \(verb)"
        case .forbiddenByte(let byte, let verb): "byte \(byte) in \(verb)"
        case .missingVerb: "a line without a verb"
        }
    }
}

/// What the owner of the connection has to do.
public enum SessionOutput: Sendable, Hashable {
    /// Send these bytes, one line with its CR LF.
    case send([UInt8])
    /// Tell the application.
    case event(ClientEvent)
    /// A request's answer is complete.
    case completed(RequestID, Reply)
    /// The session is over: close the connection.
    case ended(ClientError)
}

/// A request under way in one session.
public struct RequestID: Sendable, Hashable {
    /// Rises by one.
    public let number: UInt64
}

struct PendingRequest: Sendable {
    let id: RequestID
    var endsWithPong: Bool
    var reply = Reply()
}
