// SPDX-License-Identifier: Apache-2.0

// The bot of docs/CLIENT-LIBRARY.md, compiled as it stands there (a test compares them).

import PlenaryClient

/// Answers `!time` in one channel, for ever.
struct ClockBot {
    static func run(host: String, identity: ClientIdentity, pin: Pin) async throws {
        var session = SessionConfiguration(nickname: "clock", realName: "Clock", credentials: .certificate)
        session.isBot = true
        var configuration = ConnectionConfiguration(
            endpoint: Endpoint(host: host, security: .tls(.pinned([pin]))), session: session)
        configuration.clientIdentity = identity
        configuration.channels = ["#practices"]

        let connection = PlenaryConnection(configuration)
        try await connection.start()
        for await event in connection.events {
            switch event {
            case .message(let message) where message.text == "!time" && !message.isOwn && !message.isHistory:
                try await connection.enqueue(
                    "It is \(message.time.iso8601).", to: message.conversation, replyTo: message.id)
            case .delivery(_, let message, .failed(let error)):
                print("not sent: \(message.text): \(error)")
            case .gap(let gap):
                print("messages are missing in \(gap.conversation)")
            case .stateChanged(let state):
                print(state)
            default: break
            }
        }
    }
}
