// SPDX-License-Identifier: Apache-2.0

import PlenaryCrypto
import PlenaryNet
import Testing

/// A server's and a client's certificate and the contexts made of them.
struct Identity {
    let certificatePEM: [UInt8]
    let keyPEM: [UInt8]

    init(_ name: String = "localhost", names: [String] = ["localhost", "127.0.0.1"]) throws {
        (certificatePEM, keyPEM) = try Certificate.makeSelfSigned(
            commonName: name, subjectAlternativeNames: names, validDays: 10)
    }

    func serverContext(protocols: [String] = []) throws -> TLSContext {
        try TLSContext.server(
            certificateChainPEM: certificatePEM, keyPEM: keyPEM, applicationProtocols: protocols)
    }

    func clientContext(trusting server: Identity? = nil, protocols: [String] = []) throws -> TLSContext {
        try TLSContext.client(
            certificateChainPEM: certificatePEM, keyPEM: keyPEM, authoritiesPEM: server?.certificatePEM,
            usesSystemAuthorities: false, applicationProtocols: protocols)
    }
}

/// Two engines and the wires between them, without a socket.
final class EnginePair {
    let serverWindows = TLSWindows()
    let clientWindows = TLSWindows()
    let server: TLSEngine
    let client: TLSEngine
    var toServer: [UInt8] = []
    var toClient: [UInt8] = []

    init(
        _ serverContext: TLSContext, _ clientContext: TLSContext, name: String = "localhost", trust: TLSTrust
    ) throws {
        server = try TLSEngine.server(context: serverContext, windows: serverWindows)
        client = try TLSEngine.client(
            context: clientContext, windows: clientWindows, serverName: name, trust: trust)
    }

    func collect() {
        toServer += Array(clientWindows.output)
        clientWindows.clearOutput()
        toClient += Array(serverWindows.output)
        serverWindows.clearOutput()
    }

    /// Hands the wire's bytes over in pieces until both are established or neither has anything to say.
    func shakeHands(pieceByteCount: Int = .max) throws {
        _ = try client.handshake()
        collect()
        while !toServer.isEmpty || !toClient.isEmpty {
            let forServer = Array(toServer.prefix(pieceByteCount))
            toServer.removeFirst(forServer.count)
            try forServer.withUnsafeBytes { try serverWindows.withInput($0) { _ = try server.handshake() } }
            let forClient = Array(toClient.prefix(pieceByteCount))
            toClient.removeFirst(forClient.count)
            try forClient.withUnsafeBytes { try clientWindows.withInput($0) { _ = try client.handshake() } }
            collect()
        }
    }

    /// What the server reads out of wire bytes.
    func serverReads(_ wire: [UInt8]) throws -> (bytes: [UInt8], last: TLSEngine.Reading) {
        try wire.withUnsafeBytes { try serverWindows.withInput($0) { try drain(server) } }
    }

    private func drain(_ engine: TLSEngine) throws -> (bytes: [UInt8], last: TLSEngine.Reading) {
        var read: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 20_000)
        while true {
            let reading = try buffer.withUnsafeMutableBytes { try engine.read(into: $0) }
            guard case .bytes(let count) = reading else { return (read, reading) }
            read += buffer[0..<count]
        }
    }

    func clientWrites(_ bytes: [UInt8]) throws -> [UInt8] {
        var rest = bytes[...]
        var wire: [UInt8] = []
        while !rest.isEmpty {
            let count = try rest.withUnsafeBytes { try client.write($0) }
            rest = rest.dropFirst(count)
            wire += Array(clientWindows.output)
            clientWindows.clearOutput()
        }
        return wire
    }
}

@Suite struct TLSEngineTests {
    private let serverIdentity: Identity
    private let clientIdentity: Identity

    init() throws {
        serverIdentity = try Identity()
        clientIdentity = try Identity("device", names: [])
    }

    private func makePair(name: String = "localhost", trust: TLSTrust = .authorities) throws -> EnginePair {
        try EnginePair(
            serverIdentity.serverContext(), clientIdentity.clientContext(trusting: serverIdentity),
            name: name,
            trust: trust)
    }

    @Test(arguments: [1, 2, 5, 100, Int.max]) func handshakeSucceedsInPiecesOfAnySize(
        _ pieceByteCount: Int
    ) throws {
        let pair = try makePair()
        try pair.shakeHands(pieceByteCount: pieceByteCount)
        #expect(pair.server.isEstablished && pair.client.isEstablished)
        let info = try #require(try pair.server.info())
        #expect(info.version == "TLSv1.3")
        #expect(info.serverName == "localhost")
        #expect(
            try info.peerCertificate?.fingerprint
                == Certificate.fingerprint(ofPEM: clientIdentity.certificatePEM))
        let seen = try #require(try pair.client.info()?.peerCertificate)
        #expect(seen.isTrusted && seen.distrustReason.isEmpty)
        #expect(try seen.publicKeyPin == Certificate.publicKeyPin(ofPEM: serverIdentity.certificatePEM))
    }

    @Test(arguments: [1, 16_383, 16_384, 16_385, 50_000]) func bytesOfAnyCountArrive(_ count: Int) throws {
        let pair = try makePair()
        try pair.shakeHands()
        let sent = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        let wire = try pair.clientWrites(sent)
        #expect(try pair.serverReads(wire).bytes == sent)
    }

    @Test func bytesArriveByteByByte() throws {
        let pair = try makePair()
        try pair.shakeHands()
        let wire = try pair.clientWrites(Array("PRIVMSG".utf8))
        var read: [UInt8] = []
        for byte in wire { read += try pair.serverReads([byte]).bytes }
        #expect(read == Array("PRIVMSG".utf8))
    }

    @Test func closeNotifyIsTheEnd() throws {
        let pair = try makePair()
        try pair.shakeHands()
        var wire = try pair.clientWrites([1, 2])
        pair.client.close()
        wire += Array(pair.clientWindows.output)
        let (bytes, last) = try pair.serverReads(wire)
        #expect(bytes == [1, 2] && last == .ended)
    }

    @Test func everyDamagedRecordIsRefused() throws {
        let pair = try makePair()
        try pair.shakeHands()
        var wire = try pair.clientWrites(Array("hello".utf8))
        wire[wire.count - 1] ^= 1
        #expect(throws: TLSError.self) { try pair.serverReads(wire) }
        #expect(pair.serverWindows.output.count > 0, "an alert says so")
    }

    @Test func damagedHandshakesAreRefusedOrWaitButNeverTrap() throws {
        let seed = UInt64.random(in: .min ... .max)
        var random = SplitMix(state: seed)
        let model = try makePair()
        _ = try model.client.handshake()
        let hello = Array(model.clientWindows.output)
        for _ in 0..<500 {
            let pair = try makePair()
            var damaged = hello
            for _ in 0...random.next() % 4 {
                damaged[random.next() % damaged.count] = UInt8(truncatingIfNeeded: random.next())
            }
            damaged = Array(damaged.prefix(1 + random.next() % damaged.count))
            let outcome = Result {
                try damaged.withUnsafeBytes {
                    try pair.serverWindows.withInput($0) { try pair.server.handshake() }
                }
            }
            if case .success(.completed) = outcome { Issue.record("completed by garbage, seed \(seed)") }
        }
    }

    @Test func garbageIsRefused() throws {
        for text in [
            "GET / HTTP/1.1\r\n\r\n", "NICK ann\r\nUSER ann 0 * :Ann\r\n", String(repeating: "\0", count: 64),
        ] {
            let pair = try makePair()
            #expect(throws: TLSError.self) {
                try Array(text.utf8).withUnsafeBytes {
                    try pair.serverWindows.withInput($0) { _ = try pair.server.handshake() }
                }
            }
        }
    }

    @Test func anUnknownAuthorityIsRejected() throws {
        let pair = try EnginePair(
            serverIdentity.serverContext(), clientIdentity.clientContext(), trust: .authorities)
        #expect {
            try pair.shakeHands()
        } throws: { error in
            guard case TLSError.certificateRejected = error else { return false }
            return true
        }
        #expect(!pair.client.isEstablished)
    }

    @Test(arguments: ["other.example", "127.0.0.2"]) func anotherNameIsRejected(_ name: String) throws {
        let pair = try makePair(name: name)
        #expect {
            try pair.shakeHands()
        } throws: { error in
            guard case TLSError.certificateRejected = error else { return false }
            return true
        }
    }

    @Test func anAddressIsANameToo() throws {
        let pair = try makePair(name: "127.0.0.1")
        try pair.shakeHands()
        #expect(pair.client.isEstablished)
        #expect(try pair.server.info()?.serverName == nil, "an address is not announced (RFC 6066, 3)")
    }

    @Test func aPinIsEnoughAndNothingElseIs() throws {
        let pin = try Certificate.publicKeyPin(ofPEM: serverIdentity.certificatePEM)
        let unknown = try clientIdentity.clientContext()
        let right = try EnginePair(
            serverIdentity.serverContext(), unknown, name: "elsewhere", trust: .pinned(pin))
        try right.shakeHands()
        #expect(right.client.isEstablished)
        let wrong = try EnginePair(
            serverIdentity.serverContext(), unknown, trust: .pinned([UInt8](repeating: 0, count: 32)))
        #expect(throws: TLSError.pinMismatch) { try wrong.shakeHands() }
        #expect(!wrong.client.isEstablished)
    }

    @Test func theCallerIsToldWhatToDecideAbout() throws {
        let pair = try EnginePair(
            serverIdentity.serverContext(), clientIdentity.clientContext(), name: "x.example",
            trust: .callerDecides)
        try pair.shakeHands()
        let certificate = try #require(try pair.client.info()?.peerCertificate)
        #expect(!certificate.isTrusted && !certificate.distrustReason.isEmpty)
        #expect(certificate.names == ["localhost", "127.0.0.1"])
    }

    @Test func aClientNeedsNoCertificate() throws {
        let bare = try TLSContext.client(
            authoritiesPEM: serverIdentity.certificatePEM, usesSystemAuthorities: false)
        let pair = try EnginePair(serverIdentity.serverContext(), bare, trust: .authorities)
        try pair.shakeHands()
        #expect(try pair.server.info()?.peerCertificate == nil)
    }

    @Test func applicationProtocolsHaveToMeet() throws {
        let server = try serverIdentity.serverContext(protocols: ["irc", "http/1.1"])
        func pair(_ offered: [String]) throws -> EnginePair {
            try EnginePair(
                server, clientIdentity.clientContext(trusting: serverIdentity, protocols: offered),
                trust: .authorities)
        }
        let met = try pair(["h2", "http/1.1", "irc"])
        try met.shakeHands()
        #expect(try met.client.info()?.applicationProtocol == "irc", "the server's preference counts")
        let silent = try pair([])
        try silent.shakeHands()
        #expect(silent.server.isEstablished)
        let stranger = try pair(["h2"])
        #expect(throws: TLSError.self) { try stranger.shakeHands() }
    }

    @Test func contextsRefuseWhatDoesNotFit() throws {
        let other = try Identity("other")
        #expect(throws: TLSError.keyDoesNotMatch) {
            try TLSContext.server(certificateChainPEM: serverIdentity.certificatePEM, keyPEM: other.keyPEM)
        }
        #expect(throws: TLSError.invalidKey) {
            try TLSContext.server(certificateChainPEM: serverIdentity.certificatePEM, keyPEM: [1, 2, 3])
        }
        #expect(throws: TLSError.invalidCertificate("no PEM certificate")) {
            try TLSContext.server(certificateChainPEM: serverIdentity.keyPEM, keyPEM: serverIdentity.keyPEM)
        }
    }

    @Test func sharedWindowsServeManyEnginesInTurn() throws {
        let windows = TLSWindows()
        let context = try serverIdentity.serverContext()
        let clientContext = try clientIdentity.clientContext(trusting: serverIdentity)
        var pairs: [(TLSEngine, TLSEngine)] = []
        for _ in 0..<20 {
            pairs.append(
                (
                    try .server(context: context, windows: windows),
                    try .client(
                        context: clientContext, windows: windows, serverName: "localhost", trust: .authorities
                    )
                ))
        }
        var wires = [[UInt8]](repeating: [], count: pairs.count)
        for _ in 0..<3 {
            for (index, (server, client)) in pairs.enumerated() {
                for engine in [client, server] {
                    let input = wires[index]
                    _ = try input.withUnsafeBytes { try windows.withInput($0) { try engine.handshake() } }
                    wires[index] = Array(windows.output)
                    windows.clearOutput()
                }
            }
        }
        #expect(pairs.allSatisfy { $0.0.isEstablished && $0.1.isEstablished })
    }
}
