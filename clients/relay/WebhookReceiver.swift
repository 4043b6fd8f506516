// SPDX-License-Identifier: Apache-2.0

import PlenaryClient
import PlenaryRelay

/// What is answered to a request.
package struct WebhookAnswer: Sendable, Hashable {
    /// The HTTP status.
    package var status: Int
    /// The body, JSON.
    package var body: String

    /// An answer of these parts.
    package init(_ status: Int, _ body: String = "{}") {
        self.status = status
        self.body = body
    }
}

/// A request, as far as it matters here.
package struct WebhookRequest: Sendable {
    /// `POST`.
    package var method: String
    /// The path, without what stands behind `?`.
    package var path: String
    /// `x-zm-signature`.
    package var signature: String?
    /// `x-zm-request-timestamp`.
    package var timestamp: String?
    /// The bytes as they came; nil when there were too many.
    package var body: [UInt8]?

    /// A request of these parts.
    package init(method: String, path: String, signature: String?, timestamp: String?, body: [UInt8]?) {
        self.method = method
        self.path = path
        self.signature = signature
        self.timestamp = timestamp
        self.body = body
    }
}

/// Decides what a webhook gets as its answer. 200 for a message only when the server has stored it; 503 when it may be
/// stored later, upon which the platform tries again; 200 as well for what must not be sent again.
package struct WebhookReceiver: Sendable {
    private let secrets: WebhookSecrets
    private let path: String
    private let meetings: [String: String]
    private let link: any Delivering
    private let now: @Sendable () -> Timestamp
    private let log: @Sendable (String) -> Void

    /// Seconds by which a request may be older than it says it is, without a word in the log.
    private static let staleSeconds: Int64 = 300

    /// A receiver at this path for these meetings.
    package init(
        secrets: WebhookSecrets, path: String, meetings: [String: String], link: any Delivering,
        now: @escaping @Sendable () -> Timestamp, log: @escaping @Sendable (String) -> Void
    ) {
        self.secrets = secrets
        self.path = path
        self.meetings = meetings
        self.link = link
        self.now = now
        self.log = log
    }

    /// The answer, when it is known.
    package func answer(_ request: WebhookRequest) async -> WebhookAnswer {
        guard request.path == path else { return WebhookAnswer(404) }
        guard request.method == "POST" else { return WebhookAnswer(405) }
        guard let body = request.body else { return WebhookAnswer(413) }
        guard let signature = request.signature, let timestamp = request.timestamp,
            let signer = secrets.signer(signature: signature, timestamp: timestamp, body: body)
        else {
            await link.count { $0.badSignature += 1 }
            return WebhookAnswer(401)
        }
        // Whether a retry is signed anew is documented nowhere, so that age alone refuses nothing.
        if let seconds = Int64(timestamp), abs(now().seconds - seconds) > WebhookReceiver.staleSeconds {
            log("a signed request says it is of \(Timestamp(seconds: seconds).iso8601)")
        }
        switch WebhookEvent(body) {
        case .challenge(let token):
            guard let answer = secrets.answer(toChallenge: token, signer: signer) else {
                return WebhookAnswer(500)
            }
            return WebhookAnswer(200, answer.encoded)
        case .message(let meeting, let message): return await deliver(message, from: meeting)
        case .notPublic:
            await link.count { $0.privateDropped += 1 }
            return WebhookAnswer(200)
        case .unfit(let refusal):
            await link.count { $0.refused += 1 }
            log("not relayed: \(refusal)")
            return WebhookAnswer(200)
        case .meeting(let id, let isRunning):
            await link.note(meeting: id, isRunning: isRunning)
            return WebhookAnswer(200)
        case .other(let event):
            await link.count { $0.ignored += 1 }
            log("an event that means nothing here: \(event)")
            return WebhookAnswer(200)
        case .malformed(let reason):
            await link.count { $0.ignored += 1 }
            log("a signed body that cannot be read: \(reason)")
            return WebhookAnswer(400)
        }
    }

    private func deliver(_ message: RelayMessage, from meeting: String) async -> WebhookAnswer {
        guard let channel = meetings[meeting] else {
            await link.count { $0.refused += 1 }
            log("meeting \(meeting) has no channel here")
            return WebhookAnswer(200)
        }
        let outcome = await link.deliver(
            message, to: channel, withinMilliseconds: RelayLimits.confirmationMilliseconds)
        switch outcome {
        case .stored, .duplicate, .refused: return WebhookAnswer(200)
        case .unavailable(let reason):
            log("503: \(reason)")
            return WebhookAnswer(503)
        }
    }
}
