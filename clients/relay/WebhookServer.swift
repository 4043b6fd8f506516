// SPDX-License-Identifier: Apache-2.0

import FlyingFox
import FlyingSocks
import Foundation
import PlenaryRelay

/// Where the relay listens for webhooks. Only on this machine: TLS, and limits on headers, are the reverse proxy's
/// (docs/decisions/0166-flyingfox-behind-a-proxy.md).
package enum WebhookAddress: Sendable, Hashable {
    /// `127.0.0.1:PORT` or another address of the loopback.
    case ip4(String, UInt16)
    /// `[::1]:PORT`.
    case ip6(UInt16)
    /// A socket in the file system.
    case unix(String)

    /// Reads `PORT`, `127.0.0.1:PORT`, `[::1]:PORT` or `/path`; nil for any address that is not this machine's own.
    package init?(_ text: String) {
        if text.hasPrefix("/") {
            guard text.utf8.count <= 100 else { return nil }
            self = .unix(text)
            return
        }
        if let port = UInt16(text) {
            self = .ip4("127.0.0.1", port)
            return
        }
        guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]) else {
            return nil
        }
        let host = text[..<colon]
        if host == "[::1]" {
            self = .ip6(port)
            return
        }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4, parts.allSatisfy({ UInt8($0) != nil }), parts[0] == "127" else { return nil }
        self = .ip4(String(host), port)
    }
}

/// The HTTP side of the webhook.
package struct WebhookServer: Sendable {
    private let server: HTTPServer

    /// A server at this address, which asks the receiver.
    package init(_ address: WebhookAddress, _ receiver: WebhookReceiver) throws {
        let handler = ClosureHTTPHandler { request in
            let answer = await receiver.answer(try await WebhookServer.read(request))
            // Each connection has one request: what the proxy sends behind it is never taken for the next one.
            var headers: HTTPHeaders = [.contentType: "application/json", .connection: "close"]
            if answer.status == 503 { headers[HTTPHeader("Retry-After")] = "60" }
            return HTTPResponse(
                statusCode: WebhookServer.status(answer.status), headers: headers,
                body: Data(answer.body.utf8))
        }
        func configured(_ address: some SocketAddress) -> HTTPServer {
            HTTPServer(
                config: .init(
                    address: address, timeout: 10, sharedRequestReplaySize: 0,
                    pool: PatientPool(base: HTTPServer.defaultPool(), seconds: 15), logger: .disabled),
                handler: handler)
        }
        switch address {
        case .ip4(let host, let port): server = configured(try sockaddr_in.inet(ip4: host, port: port))
        case .ip6(let port): server = configured(sockaddr_in6.loopback(port: port))
        case .unix(let path): server = configured(sockaddr_un.unix(path: path))
        }
    }

    /// Serves until it is stopped; throws when it cannot listen.
    package func run() async throws { try await server.run() }

    /// The port it listens on, once it does.
    package func port() async throws -> UInt16? {
        try await server.waitUntilListening()
        switch await server.listeningAddress {
        case .ip4(_, let port), .ip6(_, let port): return port
        case .unix, nil: return nil
        }
    }

    /// Stops listening.
    package func stop() async { await server.stop(timeout: 1) }

    private static func read(_ request: HTTPRequest) async throws -> WebhookRequest {
        var body: [UInt8]? = []
        if let count = request.bodySequence.count, count > RelayLimits.webhookByteLimit {
            body = nil
        } else {
            for try await chunk in request.bodySequence {
                guard (body?.count ?? 0) + chunk.count <= RelayLimits.webhookByteLimit else {
                    body = nil
                    break
                }
                body?.append(contentsOf: chunk)
            }
        }
        return WebhookRequest(
            method: request.method.rawValue, path: request.path,
            signature: request.headers[HTTPHeader("x-zm-signature")],
            timestamp: request.headers[HTTPHeader("x-zm-request-timestamp")], body: body)
    }

    private static func status(_ code: Int) -> HTTPStatusCode {
        switch code {
        case 200: .ok
        case 400: .badRequest
        case 401: .unauthorized
        case 404: .notFound
        case 405: .methodNotAllowed
        case 413: .payloadTooLarge
        case 503: .serviceUnavailable
        default: .internalServerError
        }
    }
}

/// Waits for sockets as the pool below does, but not for ever: a connection that says nothing, or takes nothing, for
/// this long is given up. The library itself has no limit on a request's first part.
struct PatientPool: AsyncSocketPool {
    let base: any AsyncSocketPool
    let seconds: Int64

    func prepare() async throws { try await base.prepare() }

    func run() async throws { try await base.run() }

    func suspendSocket(_ socket: Socket, untilReadyFor events: Socket.Events) async throws {
        // The listening socket has no peer, and waits as long as it takes.
        guard (try? socket.remotePeer()) != nil else {
            return try await base.suspendSocket(socket, untilReadyFor: events)
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await base.suspendSocket(socket, untilReadyFor: events) }
            group.addTask {
                try await Task.sleep(for: .seconds(seconds))
                throw SocketError.disconnected
            }
            defer { group.cancelAll() }
            try await group.next()
        }
    }
}
