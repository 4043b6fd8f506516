// SPDX-License-Identifier: Apache-2.0

/// Why a connection was not let in (limits.md 1-3).
package enum AdmissionRefusal: Hashable, Sendable {
    case connectionLimit
    case unregisteredConnectionLimit
    case openPerNetworkLimit
    case openPerSiteLimit
    case newPerNetworkLimit
}

/// What a shard tells about the connections it was given.
package enum AdmissionReport: Hashable, Sendable {
    case registered
    case closed(NetworkAddress, wasRegistered: Bool)
}

/// Counts connections and says which are too many. A value that reads no clock: times are monotonic
/// microseconds given by the caller.
package struct Admission {
    /// An IPv4 address or an IPv6 /64: what one household or one host has.
    private struct NetworkKey: Hashable {
        let family: NetworkAddress.Family
        let word: UInt64

        init(_ address: NetworkAddress) {
            family = address.family
            word = address.family == .ipv4 ? address.low : address.high
        }
    }

    private struct Window {
        let began: Int64
        var count: Int
    }

    private let limits: NetLimits
    /// Connections let in and not closed.
    package private(set) var openCount = 0
    /// Those of them not yet registered.
    package private(set) var unregisteredCount = 0
    private var openPerNetwork: [NetworkKey: Int] = [:]
    private var openPerSite: [UInt64: Int] = [:]
    private var recent: [NetworkKey: Window] = [:]

    /// Nobody is there yet.
    package init(limits: NetLimits) { self.limits = limits }

    /// Counts a connection in, or says why not. Attempts that are refused count as new connections,
    /// too.
    package mutating func admit(_ address: NetworkAddress, now: Int64) -> AdmissionRefusal? {
        let network = NetworkKey(address)
        let isCounted = limits.countsLoopback || !address.isLoopback
        if isCounted, limits.newPerNetworkLimit < .max,
            noteAttempt(network, now: now) > limits.newPerNetworkLimit
        {
            return .newPerNetworkLimit
        }
        guard openCount < limits.connectionLimit else { return .connectionLimit }
        guard unregisteredCount < limits.unregisteredConnectionLimit else {
            return .unregisteredConnectionLimit
        }
        guard !isCounted || openPerNetwork[network, default: 0] < limits.openPerNetworkLimit else {
            return .openPerNetworkLimit
        }
        if isCounted, address.family == .ipv6,
            openPerSite[site(address), default: 0] >= limits.openPerSiteLimit
        {
            return .openPerSiteLimit
        }
        openCount += 1
        unregisteredCount += 1
        openPerNetwork[network, default: 0] += 1
        if address.family == .ipv6 { openPerSite[site(address), default: 0] += 1 }
        return nil
    }

    /// Takes a shard's report into account.
    package mutating func note(_ report: AdmissionReport) {
        switch report {
        case .registered:
            unregisteredCount -= 1
        case .closed(let address, let wasRegistered):
            openCount -= 1
            if !wasRegistered { unregisteredCount -= 1 }
            decrement(&openPerNetwork, NetworkKey(address))
            if address.family == .ipv6 { decrement(&openPerSite, site(address)) }
        }
    }

    private mutating func noteAttempt(_ network: NetworkKey, now: Int64) -> Int {
        let length = Int64(clamping: limits.newConnectionWindowSeconds).multipliedReportingOverflow(
            by: 1_000_000)
        let windowLength = length.overflow ? Int64.max : length.partialValue
        if let window = recent[network], now - window.began < windowLength {
            recent[network] = Window(began: window.began, count: window.count + 1)
            return window.count + 1
        }
        if recent.count >= limits.rememberedNetworkLimit {
            recent = recent.filter { now - $0.value.began < windowLength }
            if recent.count >= limits.rememberedNetworkLimit { recent.removeAll() }
        }
        recent[network] = Window(began: now, count: 1)
        return 1
    }

    private func site(_ address: NetworkAddress) -> UInt64 { address.high >> 16 }

    private func decrement<Key>(_ counts: inout [Key: Int], _ key: Key) {
        guard let count = counts[key] else { return }
        counts[key] = count > 1 ? count - 1 : nil
    }
}
