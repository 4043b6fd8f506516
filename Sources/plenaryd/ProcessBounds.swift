// SPDX-License-Identifier: Apache-2.0

import Foundation
import Logging
import PlenaryConfiguration
import PlenaryServer

/// What the process takes of the machine (limits.md 3 and 40).
struct ProcessBounds {
    /// File descriptors that this process may have.
    let descriptorLimit: UInt64

    /// As many descriptors as the system allows this process, for a shell often gives only 1,024; and no image of its
    /// memory on the disk, for keys and messages are in it.
    static func set() -> ProcessBounds {
        ServerMemory.boundWaste()
        var core = rlimit()
        if getrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &core) == 0 {
            core.rlim_cur = 0
            setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &core)
        }
        var files = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &files) == 0 else {
            return ProcessBounds(descriptorLimit: .max)
        }
        files.rlim_cur = files.rlim_max
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &files)
        return ProcessBounds(descriptorLimit: UInt64(files.rlim_max))
    }

    /// The configuration with no more connections than there are descriptors for: the newest is closed, rather than
    /// the log left without one.
    func fitted(_ configuration: ServerConfiguration, _ logger: Logger) -> ServerConfiguration {
        let own = HostChecks.ownDescriptorCount
        let room = Int(clamping: descriptorLimit > own ? descriptorLimit - own : 1)
        guard configuration.network.connectionLimit > room else { return configuration }
        logger.warning(
            "connections.limited",
            metadata: [
                "wanted": "\(configuration.network.connectionLimit)", "possible": "\(room)",
                "descriptors": "\(descriptorLimit)",
            ])
        var fitted = configuration
        fitted.network.connectionLimit = room
        return fitted
    }
}
