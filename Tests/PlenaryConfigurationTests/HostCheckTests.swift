// SPDX-License-Identifier: Apache-2.0

import PlenaryConfiguration
import PlenaryServer
import Testing

/// What `plenaryd doctor` says of a machine (docs/OPERATING.md, "When something is wrong").
struct HostCheckTests {
    private static let day: Int64 = 86_400

    private func results(
        connectionLimit: Int = 1000, allowsAnyFileSystem: Bool = false,
        _ change: (inout HostFacts) -> Void = { _ in }
    ) -> [HostCheck] {
        var facts = HostFacts(
            now: 1_700_000_000, descriptorLimit: 65_536, openSSL: ("OpenSSL 3.0.17", 3), isSuperuser: false)
        facts.isClockSynchronised = true
        facts.freeByteCount = 1 << 40
        facts.certificateEnd = facts.now + 90 * HostCheckTests.day
        change(&facts)
        var server = ServerConfiguration()
        server.dataDirectory = "/data"
        server.segmentByteCount = 64 << 20
        server.network.connectionLimit = connectionLimit
        server.allowsAnyFileSystem = allowsAnyFileSystem
        return HostChecks(server, facts).results
    }

    private func state(_ name: String, in results: [HostCheck]) -> HostCheck.State? {
        results.first { $0.name == name }?.state
    }

    @Test func aGoodMachineHasNothingToMend() {
        let results = results()
        #expect(
            results.map(\.name) == [
                "certificate", "disk", "space", "descriptors", "clock", "openssl", "user",
            ])
        #expect(results.allSatisfy { $0.state == .ok && $0.advice.isEmpty })
    }

    @Test(arguments: [(21, HostCheck.State.ok), (20, .warning), (1, .warning), (0, .problem), (-3, .problem)])
    func aCertificateIsWarnedOfBeforeItEnds(days: Int, expected: HostCheck.State) {
        let results = results { $0.certificateEnd = $0.now + Int64(days) * HostCheckTests.day }
        #expect(state("certificate", in: results) == expected)
        #expect(results.first?.advice == (expected == .ok ? "" : "Renew it, then run: plenaryd reload"))
    }

    @Test(arguments: [(16, HostCheck.State.ok), (15, .warning), (2, .warning), (1, .problem)])
    func roomIsCountedInSegments(segments: Int, expected: HostCheck.State) {
        #expect(state("space", in: results { $0.freeByteCount = segments * 64 << 20 }) == expected)
    }

    /// docs/DURABILITY.md: messages are refused below a twentieth of the file system as well.
    @Test func roomIsAlsoAShareOfTheFileSystem() {
        let total = 20 << 40
        func atFree(_ free: Int) -> HostCheck.State? {
            state(
                "space",
                in: results {
                    $0.totalByteCount = total
                    $0.freeByteCount = free
                })
        }
        #expect(atFree(total / 20) == .ok)
        #expect(atFree(total / 20 - 1) == .problem)
    }

    @Test(arguments: [(1256, HostCheck.State.ok), (1255, .warning)])
    func connectionsNeedDescriptors(limit: Int, expected: HostCheck.State) {
        let results = results { $0.descriptorLimit = UInt64(limit) }
        #expect(state("descriptors", in: results) == expected)
        let advice = results.first { $0.name == "descriptors" }?.advice ?? ""
        #expect(advice.contains("LimitNOFILE=1256") == (expected == .warning))
    }

    @Test func aDiskThatKeepsNoPromiseIsAProblemUnlessItWasAllowed() {
        #expect(state("disk", in: results { $0.unsuitableFileSystem = "NFS (network)" }) == .problem)
        let allowed = results(allowsAnyFileSystem: true) { $0.unsuitableFileSystem = "NFS (network)" }
        #expect(state("disk", in: allowed) == .warning)
    }

    @Test func theRestIsSaidAsItIs() {
        #expect(state("clock", in: results { $0.isClockSynchronised = false }) == .warning)
        #expect(state("clock", in: results { $0.isClockSynchronised = nil }) == .warning)
        #expect(state("openssl", in: results { $0.openSSL = ("OpenSSL 1.1.1w", 1) }) == .problem)
        #expect(state("user", in: results { $0.isSuperuser = true }) == .warning)
        #expect(state("certificate", in: results { $0.certificateEnd = nil }) == nil)
        #expect(state("space", in: results { $0.freeByteCount = nil }) == nil)
    }
}
