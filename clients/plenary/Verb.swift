// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import PlenaryClient

/// A command: parsed by the argument library, carried out here.
package protocol Verb: ParsableCommand, Sendable {
    /// The options every command has.
    var global: GlobalOptions { get }
    /// Does the work. What goes wrong is thrown as a `Failure`, which the caller shows.
    func perform(_ surroundings: Surroundings) async throws(Failure) -> ExitCode
}
