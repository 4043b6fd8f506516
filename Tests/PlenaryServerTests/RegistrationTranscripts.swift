// SPDX-License-Identifier: Apache-2.0

import PlenaryTestKit
import Testing

/// NICK, USER, CAP, PING, QUIT.
struct RegistrationTranscripts {
    /// modern.ircd.chat, "Connection Registration": "If the server supports and accepts the client's
    /// registration … RPL_WELCOME (001) … RPL_YOURHOST (002) … RPL_CREATED (003) … RPL_MYINFO (004) …
    /// at least one RPL_ISUPPORT (005)", then LUSERS, then the message of the day or ERR_NOMOTD.
    @Test(arguments: Transport.allCases)
    func nickAndUserAreWelcomed(over transport: Transport) async throws {
        try await Transcript.run(transport) { script in
            let ann = try await script.open("ann")
            ann.send("NICK ann", "USER ann 0 * :Ann Example")
            try await ann.expect(
                ":srv 001 ann :Welcome to the Plenary network, ann",
                ":srv 002 ann :Your host is plenary.test, running version plenary-*",
                ":srv 003 ann :This server was created *",
                ":srv 004 ann plenary.test plenary-* Bi Ibeiklmnoqstv")
            try await ann.skip(to: ":srv 422 ann :There is no message of the day")
            try await ann.expectNothing()
        }
    }
}
