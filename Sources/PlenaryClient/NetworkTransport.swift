// SPDX-License-Identifier: Apache-2.0

/// Placeholder until the network layer has landed.
struct NetworkTransport: Transport {
    func open(
        _ configuration: ConnectionConfiguration, _ receive: @escaping @Sendable (TransportEvent) -> Void
    ) -> any TransportLink {
        preconditionFailure("no network yet")
    }
}
