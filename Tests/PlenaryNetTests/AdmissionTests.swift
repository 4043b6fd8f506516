// SPDX-License-Identifier: Apache-2.0

import PlenaryNet
import Testing

@Suite struct AdmissionTests {
    private func four(_ host: UInt32) -> NetworkAddress { NetworkAddress(ipv4: host, port: 1) }
    private func six(_ high: UInt64, _ low: UInt64 = 1) -> NetworkAddress {
        NetworkAddress(ipv6High: high, low: low, port: 1)
    }
    private func limits(_ change: (inout NetLimits) -> Void) -> NetLimits {
        var limits = NetLimits.unrestrictedAdmission
        change(&limits)
        return limits
    }

    @Test func openConnectionsOfOneAddressAreLimited() {
        var admission = Admission(limits: limits { $0.openPerNetworkLimit = 2 })
        #expect(admission.admit(four(1), now: 0) == nil)
        #expect(admission.admit(four(1), now: 0) == nil, "at the limit")
        #expect(admission.admit(four(1), now: 0) == .openPerNetworkLimit, "above it")
        #expect(admission.admit(four(2), now: 0) == nil, "another address has its own")
        admission.note(.closed(four(1), wasRegistered: false))
        #expect(admission.admit(four(1), now: 0) == nil, "a closed one makes room")
        #expect(admission.openCount == 3)
    }

    @Test func thisHostsOwnAddressesCountOnlyWhenAskedTo() {
        let loopback = four(0x7F00_0001)
        var lenient = Admission(limits: limits { $0.openPerNetworkLimit = 1 })
        #expect(lenient.admit(loopback, now: 0) == nil)
        #expect(lenient.admit(loopback, now: 0) == nil)
        var strict = Admission(
            limits: limits {
                $0.openPerNetworkLimit = 1
                $0.countsLoopback = true
            })
        #expect(strict.admit(loopback, now: 0) == nil)
        #expect(strict.admit(loopback, now: 0) == .openPerNetworkLimit)
    }

    @Test func addressesOfOneIPv6NetworkCountTogether() {
        var admission = Admission(limits: limits { $0.openPerNetworkLimit = 2 })
        let high: UInt64 = 0x2001_0DB8_0001_0002
        #expect(admission.admit(six(high, 1), now: 0) == nil)
        #expect(admission.admit(six(high, 2), now: 0) == nil)
        #expect(admission.admit(six(high, 3), now: 0) == .openPerNetworkLimit)
        #expect(admission.admit(six(high + 1, 1), now: 0) == nil)
    }

    @Test func networksOfOneIPv6SiteCountTogether() {
        var admission = Admission(limits: limits { $0.openPerSiteLimit = 3 })
        let high: UInt64 = 0x2001_0DB8_0001_0000
        for network in 0..<3 as Range<UInt64> { #expect(admission.admit(six(high + network), now: 0) == nil) }
        #expect(admission.admit(six(high + 3), now: 0) == .openPerSiteLimit)
        #expect(admission.admit(six(high + 0x1_0000), now: 0) == nil, "another site")
        admission.note(.closed(six(high), wasRegistered: false))
        #expect(admission.admit(six(high + 3), now: 0) == nil)
    }

    @Test func newConnectionsAreLimitedWithinTheWindow() {
        var admission = Admission(
            limits: limits {
                $0.newPerNetworkLimit = 3
                $0.newConnectionWindowSeconds = 600
            })
        for _ in 0..<3 {
            #expect(admission.admit(four(1), now: 0) == nil)
            admission.note(.closed(four(1), wasRegistered: false))
        }
        #expect(admission.admit(four(1), now: 599_999_999) == .newPerNetworkLimit)
        #expect(admission.admit(four(1), now: 600_000_000) == nil, "the window is over")
    }

    @Test func rememberedNetworksAreBounded() {
        var admission = Admission(
            limits: limits {
                $0.newPerNetworkLimit = 1
                $0.rememberedNetworkLimit = 10
            })
        for host in 0..<11 as Range<UInt32> { #expect(admission.admit(four(host), now: 0) == nil) }
        #expect(admission.admit(four(0), now: 1) == nil, "the counts began anew")
    }

    @Test func unregisteredConnectionsAreLimited() {
        var admission = Admission(limits: limits { $0.unregisteredConnectionLimit = 2 })
        #expect(admission.admit(four(1), now: 0) == nil)
        #expect(admission.admit(four(2), now: 0) == nil)
        #expect(admission.admit(four(3), now: 0) == .unregisteredConnectionLimit)
        admission.note(.registered)
        #expect(admission.admit(four(3), now: 0) == nil)
        admission.note(.closed(four(1), wasRegistered: true))
        #expect(admission.unregisteredCount == 2)
        admission.note(.closed(four(2), wasRegistered: false))
        #expect(admission.unregisteredCount == 1)
    }

    @Test func allConnectionsAreLimited() {
        var admission = Admission(limits: limits { $0.connectionLimit = 1 })
        #expect(admission.admit(four(1), now: 0) == nil)
        #expect(admission.admit(four(2), now: 0) == .connectionLimit)
    }
}

@Suite struct NetworkAddressTests {
    @Test(arguments: [
        ("127.0.0.1", "127.0.0.1:80", true), ("::1", "[::1]:80", true),
        ("::ffff:127.0.0.1", "127.0.0.1:80", true),
        ("192.0.2.1", "192.0.2.1:80", false), ("2001:db8::7", "[2001:db8::7]:80", false),
        ("127.255.255.254", "127.255.255.254:80", true), ("128.0.0.1", "128.0.0.1:80", false),
    ])
    func numericAddressesAreReadAndWritten(_ text: String, _ written: String, _ isLoopback: Bool) throws {
        let address = try NetworkAddress(numeric: text, port: 80)
        #expect(address.description == written)
        #expect(address.isLoopback == isLoopback)
        #expect(address.bytes.count == 16)
    }

    @Test func bytesAreInNetworkOrder() throws {
        let four = try NetworkAddress(numeric: "1.2.3.4", port: 0)
        #expect(four.bytes == [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 1, 2, 3, 4])
        let six = try NetworkAddress(numeric: "102:304::ff", port: 0)
        #expect(six.bytes == [1, 2, 3, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255])
    }

    @Test(arguments: ["", "localhost", "1.2.3", "1.2.3.4.5", "::g", "127.0.0.1\n"])
    func otherTextsAreRefused(_ text: String) {
        #expect(throws: NetError.notAnAddress(text)) { try NetworkAddress(numeric: text, port: 0) }
    }
}
