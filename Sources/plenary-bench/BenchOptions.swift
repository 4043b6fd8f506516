// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// What every scenario can be told.
struct BenchOptions: ParsableArguments {
    @Option(help: "Rounds, each with the server and the reference one after the other.") var rounds = 3
    @Option(help: "Seconds of each measured window.") var seconds = 0.5
    @Option(help: "Where data is written: the disk that is measured.") var directory = "/var/tmp"

    func validate() throws {
        guard (1...100).contains(rounds) else { throw ValidationError("--rounds is 1 to 100") }
        guard seconds > 0, seconds <= 600 else { throw ValidationError("--seconds is above 0, at most 600") }
    }
}

/// Why a measurement did not come about.
struct BenchError: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}
