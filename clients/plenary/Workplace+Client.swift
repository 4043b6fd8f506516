// SPDX-License-Identifier: Apache-2.0

import PlenaryClient

extension Workplace {
    /// Opens the client and returns when the person has left it. `chat`, `join` and `try` all come through
    /// here, so that they open the same one.
    func openClient(profile: Profile, target: Target?) async throws(Failure) -> ExitCode {
        try await ChatRunner(self, profile, target).run()
    }
}
