// SPDX-License-Identifier: Apache-2.0

import PlenaryNet
import PlenaryTestKit
import Testing

/// The application's protocol in the handshake (RFC 7301; "irc" is registered with IANA for RFC 1459).
struct ApplicationProtocolTranscripts {
    /// "In the event that the server supports no protocols that the client advertises, then the server SHALL respond
    /// with a fatal "no_application_protocol" alert" (RFC 7301, 3.2). So no browser can be led here with a request
    /// that was meant for another service of the same certificate.
    @Test(arguments: [["http/1.1"], ["h2", "http/1.1"], ["ircs"], ["IRC"], ["ir", "c"]])
    func whoeverMeansAnotherProtocolIsRefused(_ offered: [String]) async throws {
        try await Transcript.run(.tls) { script in
            await #expect(throws: TestServerError.refused(.tls(.alertReceived(120)))) {
                _ = try await script.open("web", Arrival(applicationProtocols: offered))
            }
            let ann = try await script.register("ann")
            ann.send("PING still-here")
            try await ann.expect(":srv PONG plenary.test :still-here")
        }
    }

    /// "clients … advertise the list"; one that offers none is like those from before there was such a list.
    @Test(arguments: [[], ["irc"], ["h2", "irc"]])
    func whoeverMeansThisProtocolOrSaysNothingIsLetIn(_ offered: [String]) async throws {
        try await Transcript.run(.tls) { script in
            let ann = try await script.open("ann", Arrival(applicationProtocols: offered))
            ann.send("PING here")
            try await ann.expect(":srv PONG plenary.test :here")
        }
    }
}
