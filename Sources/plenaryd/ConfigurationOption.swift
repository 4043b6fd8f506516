// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import PlenaryConfiguration
import PlenaryServer

/// Which configuration a command works with.
struct ConfigurationOption: ParsableArguments {
    @Option(
        name: .customLong("config"),
        help: "The configuration file. Default: plenaryd.yaml here, else /etc/plenary/plenaryd.yaml.")
    var path: String?

    /// The file: the one named, the one here, or the system's.
    var resolvedPath: String {
        if let path { return path }
        return FileManager.default.fileExists(atPath: "plenaryd.yaml")
            ? "plenaryd.yaml" : "/etc/plenary/plenaryd.yaml"
    }

    /// The configuration, or a failure that lists every error of it.
    func load() throws -> LoadedConfiguration {
        let loaded = loadConfiguration(at: resolvedPath)
        guard loaded.findings.errorCount > 0 else { return loaded }
        let list = loaded.findings.sorted.map(\.description).joined(separator: "\n")
        throw Failure(
            ExitCodes.configuration,
            "the configuration has \(loaded.findings.errorCount) errors\n\(list)\nNothing was started or changed."
        )
    }
}
