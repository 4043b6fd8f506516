// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import PlenaryClient
import PlenaryScreens

/// `plenary version`.
package struct VersionCommand: Verb {
    package static let configuration = CommandConfiguration(
        commandName: "version", abstract: "Print the version.")

    @OptionGroup package var global: GlobalOptions
    @Flag(name: [.short, .long], help: "Also the languages, and which of them a native reader has reviewed.")
    package var verbose = false

    /// The version of this client.
    package static let number = "0.1.0"

    /// For the argument library.
    package init() {}

    package func perform(_ surroundings: Surroundings) async throws(Failure) -> ExitCode {
        if global.json {
            surroundings.print(Records.version(now: surroundings.now()).text)
            return .done
        }
        surroundings.print("plenary \(VersionCommand.number)")
        guard verbose else { return .done }
        for language in Language.allCases {
            let review = Catalogue(language).isReviewed ? "" : ", not reviewed by a native reader"
            surroundings.print("\(language.rawValue) \(language.ownName)\(review)")
        }
        return .done
    }
}
