// SPDX-License-Identifier: Apache-2.0

import Foundation
import FoundationNetworking
import PlenaryRelay

/// Matterbridge's HTTP API, by the system's HTTP client.
package struct MatterbridgeClient: Sendable {
    /// Why the API cannot be used.
    package struct Problem: Error, Sendable, CustomStringConvertible {
        /// In words.
        package var description: String
    }

    private let base: URL
    private let token: String?

    /// An API at this address: `https://`, or `http://` to this machine. Nil for any other.
    package init?(_ address: String, token: String?) {
        guard let base = URL(string: address), let host = base.host, base.user == nil else { return nil }
        let isLocal = ["127.0.0.1", "localhost", "::1", "[::1]"].contains(host)
        guard base.scheme == "https" || (base.scheme == "http" && isLocal) else { return nil }
        self.base = base
        self.token = token
    }

    private func request(_ path: String, method: String) -> URLRequest {
        var request = URLRequest(url: base.appendingPathComponent(path))
        request.httpMethod = method
        if let token { request.setValue("Bearer \(token)", forHTTPHeaderField: "Authorization") }
        return request
    }

    /// Bytes of the stream as they come. Ends, or throws, when the connection does.
    package func stream() -> AsyncThrowingStream<[UInt8], any Error> {
        var request = request("api/stream", method: "GET")
        // Between two messages a stream says nothing for as long as people say nothing.
        request.timeoutInterval = 86_400
        let (bytes, continuation) = AsyncThrowingStream<[UInt8], any Error>.makeStream(
            bufferingPolicy: .bufferingOldest(1024))
        let session = URLSession(
            configuration: .ephemeral, delegate: StreamReader(continuation), delegateQueue: nil)
        let task = session.dataTask(with: request)
        continuation.onTermination = { _ in
            task.cancel()
            session.invalidateAndCancel()
        }
        task.resume()
        return bytes
    }

    /// Takes what has gathered in the API's buffer, and empties it.
    package func gathered() async throws -> [UInt8] {
        var request = request("api/messages", method: "GET")
        request.timeoutInterval = 30
        return try await body(request)
    }

    /// Posts a message.
    package func post(_ message: JSONValue) async throws {
        var request = request("api/message", method: "POST")
        request.timeoutInterval = 30
        request.setValue("application/json", forHTTPHeaderField: "Content-Type")
        request.httpBody = Data(message.encoded.utf8)
        _ = try await body(request)
    }

    private func body(_ request: URLRequest) async throws -> [UInt8] {
        let (data, response) = try await URLSession.shared.data(for: request)
        let status = (response as? HTTPURLResponse)?.statusCode ?? 0
        guard status == 200 else { throw Problem(description: "the API answers \(status)") }
        return [UInt8](data)
    }
}

/// Hands on what a stream brings.
private final class StreamReader: NSObject, URLSessionDataDelegate {
    private let continuation: AsyncThrowingStream<[UInt8], any Error>.Continuation

    init(_ continuation: AsyncThrowingStream<[UInt8], any Error>.Continuation) {
        self.continuation = continuation
    }

    func urlSession(
        _ session: URLSession, dataTask: URLSessionDataTask, didReceive response: URLResponse,
        completionHandler: @escaping (URLSession.ResponseDisposition) -> Void
    ) {
        let status = (response as? HTTPURLResponse)?.statusCode ?? 0
        if status == 200 { return completionHandler(.allow) }
        continuation.finish(
            throwing: MatterbridgeClient.Problem(description: "the API answers \(status)"))
        completionHandler(.cancel)
    }

    func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) {
        if case .dropped = continuation.yield([UInt8](data)) {
            continuation.finish(
                throwing: MatterbridgeClient.Problem(description: "messages come faster than they are taken"))
        }
    }

    func urlSession(_ session: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?) {
        continuation.finish(throwing: error)
    }
}
