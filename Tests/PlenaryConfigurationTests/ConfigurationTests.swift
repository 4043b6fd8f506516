// SPDX-License-Identifier: Apache-2.0

import Foundation
import PlenaryConfiguration
import PlenaryCrypto
import PlenaryServer
import PlenaryTerms
import Testing

private let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

private func shipped(_ name: String) throws -> [UInt8] {
    Array(try Data(contentsOf: root.appendingPathComponent("Config/\(name)")))
}

private func described(_ value: some Any) -> String {
    var text = ""
    dump(value, to: &text)
    // Dictionaries have no order of their own.
    return text.split(separator: "\n").sorted().joined(separator: "\n")
}

private func findings(_ text: String) -> FindingList {
    var findings = FindingList()
    let read = readServerConfiguration(Array(text.utf8), file: "p.yaml", findings: &findings)
    checkTogether(read, file: "p.yaml", findings: &findings)
    return findings
}

@Suite struct ShippedFileTests {
    @Test func shippedFileIsRightAndEqualsTheDefaults() throws {
        var list = FindingList()
        let read = readServerConfiguration(try shipped("plenaryd.yaml"), file: "p.yaml", findings: &list)
        checkTogether(read, file: "p.yaml", findings: &list)
        #expect(list.findings.map(\.description) == [])
        var defaults = ServerConfiguration()
        defaults.listeners = ConfigurationDefaults.listeners
        #expect(described(read.server) == described(defaults))
        #expect(read.communityFile == "community.yaml")
        #expect(read.rolesFile == "roles.yaml")
    }

    @Test func theProgramHoldsTheShippedFilesAsTheyAre() throws {
        #expect(Array(ShippedFiles.server.utf8) == (try shipped("plenaryd.yaml")))
        #expect(Array(ShippedFiles.community.utf8) == (try shipped("community.yaml")))
    }

    @Test func shippedFileNamesEveryKeyWithItsReasonInFewLines() throws {
        let text = String(decoding: try shipped("plenaryd.yaml"), as: UTF8.self)
        var list = FindingList()
        let read = readServerConfiguration(Array(text.utf8), file: "p.yaml", findings: &list)
        for setting in Settings.all {
            #expect(read.positions[setting.path] != nil, "\(setting.path) is not in the shipped file")
        }
        #expect(text.split(separator: "\n", omittingEmptySubsequences: false).count <= 120)
    }

    @Test func everyDefaultIsAcceptedAsItIsWritten() throws {
        let defaults = ServerConfiguration()
        for setting in Settings.all {
            let sections = setting.section.split(separator: ".")
            var text = ""
            for (depth, section) in sections.enumerated() {
                text += String(repeating: "  ", count: depth) + section + ":\n"
            }
            text +=
                String(repeating: "  ", count: sections.count)
                + "\(setting.key): \(setting.written(defaults))\n"
            #expect(findings(text).errorCount == 0, "\(text)")
        }
    }

    @Test func shippedCommunityHasTheChannelsInSixLanguages() throws {
        var list = FindingList()
        let channels = readCommunity(try shipped("community.yaml"), file: "c.yaml", findings: &list)
        #expect(list.findings.map(\.description) == [])
        #expect(channels.count == 19)
        #expect(channels.allSatisfy { $0.titles.count == 6 })
        #expect(
            channels.filter(\.isPrivate).map(\.name) == [
                "secretariat", "moderators", "rapporteurs", "language-desk", "civil-society", "nhri",
            ])
        #expect(channels.filter(\.isModerated).map(\.name) == ["announcements"])
        let second = try #require(channels.first { $0.name == "t2-coordination-consultation" })
        #expect(second.aliases == ["cap-coordination", "cap-consultation"])
        #expect(channels.first { $0.name == "civil-society" }?.replayCount == 0)
        #expect(channels.allSatisfy { $0.name.utf8.count <= 28 })
    }
}

@Suite struct BrokenFileTests {
    @Test(arguments: BrokenFile.all)
    func mistakeIsNamedWithItsPlace(file: BrokenFile) {
        let found = findings(file.text).findings.map { String($0.description.dropFirst("p.yaml:".count)) }
        for expected in file.expected {
            #expect(found.contains { $0.hasPrefix(expected) }, "expected \(expected), found \(found)")
        }
        #expect(found.count == file.expected.count, "\(found)")
    }

    @Test func thereAreAtLeastFortyBrokenFiles() {
        #expect(BrokenFile.all.count >= 40)
    }

    @Test func manyMistakesAreReportedAtOnceInOrderOfPlace() {
        let list = findings("tls:\n  stts: 1\nlimits:\n  monitor: x\n  targets: 0\nserver:\n  name: \"\"\n")
        #expect(list.sorted.map(\.position.line) == [2, 4, 5, 7])
    }

    @Test func theNumberOfFindingsIsBounded() {
        let text = "server:\n" + (0..<1000).map { "  k\($0): 1\n" }.joined()
        let list = findings(text)
        #expect(list.findings.count == FindingList.countLimit)
        #expect(list.errorCount == 1000)
    }

    @Test func bytesThatAreNotUTF8AreRefusedWithTheirPlace() {
        var list = FindingList()
        let bytes = Array("server:\n  name: a".utf8) + [0xFF, 10]
        _ = readServerConfiguration(bytes, file: "p.yaml", findings: &list)
        #expect(list.findings.map(\.description) == ["p.yaml:2:10: error: not UTF-8; save the file as UTF-8"])
    }

    @Test func aFileIsReadUpToItsLimitAndNotAbove() {
        func findingCount(byteCount: Int) -> Int {
            let text = "server:\n  name: a\n"
            let filling = (byteCount - text.utf8.count) / 100
            var bytes = Array(text.utf8)
            for _ in 0..<filling { bytes += Array(("#" + String(repeating: "x", count: 98) + "\n").utf8) }
            bytes += Array(repeating: 10, count: byteCount - bytes.count)
            var list = FindingList()
            _ = readServerConfiguration(bytes, file: "p.yaml", findings: &list)
            return list.errorCount
        }
        #expect(findingCount(byteCount: 262_144) == 0)
        #expect(findingCount(byteCount: 262_145) == 1)
    }

    /// Any bytes at all: never a trap, and never a file without mistakes unless it is one.
    @Test func randomChangesOfTheShippedFileNeverTrap() throws {
        let seed = UInt64.random(in: 0 ... .max)
        var random = SplitMix(state: seed)
        let original = try shipped("plenaryd.yaml")
        let signs = Array("{}[]&*!|>%@`\"'#:-?,\n\t \u{0}ab09".utf8) + [0xC3, 0xFF]
        for _ in 0..<400 {
            var bytes = original
            for _ in 0..<Int(random.next() % 8 + 1) {
                let place = Int(random.next() % UInt64(bytes.count))
                switch random.next() % 3 {
                case 0: bytes[place] = signs[Int(random.next() % UInt64(signs.count))]
                case 1: bytes.insert(signs[Int(random.next() % UInt64(signs.count))], at: place)
                default: bytes.removeSubrange(place..<min(bytes.count, place + Int(random.next() % 40)))
                }
            }
            var list = FindingList()
            let read = readServerConfiguration(bytes, file: "p.yaml", findings: &list)
            checkTogether(read, file: "p.yaml", findings: &list)
            for finding in list.findings where finding.position.line < 1 || finding.position.column < 1 {
                Issue.record("seed \(seed): \(finding)")
            }
        }
    }
}

/// A small generator with a seed that can be printed.
private struct SplitMix: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

@Suite struct LoaderTests {
    private func directory() throws -> URL {
        let url = FileManager.default.temporaryDirectory.appendingPathComponent(
            "plenary-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        return url
    }

    @Test func pathsCountFromTheFilesOwnFolder() throws {
        let folder = try directory()
        defer { try? FileManager.default.removeItem(at: folder) }
        try Data("storage:\n  directory: d\ncommunity:\n  file: c.yaml\n".utf8)
            .write(to: folder.appendingPathComponent("p"))
        try Data("channels:\n  - name: a\n    titles: {en: b}\n".utf8)
            .write(to: folder.appendingPathComponent("c.yaml"))
        let loaded = loadConfiguration(at: folder.path + "/p")
        #expect(loaded.findings.errorCount == 0)
        #expect(loaded.server.dataDirectory == folder.path + "/d")
        #expect(loaded.server.channels.map(\.name) == ["a"])
    }

    @Test(arguments: ["x", "", "/", "nowhere/at/all.yaml"])
    func aFileThatIsNotThereIsAnErrorAndNoTrap(path: String) {
        #expect(loadConfiguration(at: path).findings.errorCount == 1)
    }

    @Test func aMissingCommunityFileIsNamedWhereItIsAskedFor() throws {
        let folder = try directory()
        defer { try? FileManager.default.removeItem(at: folder) }
        try Data("community:\n  file: c.yaml\n".utf8).write(to: folder.appendingPathComponent("p"))
        let finding = try #require(loadConfiguration(at: folder.path + "/p").findings.findings.first)
        #expect(finding.position == FilePosition(line: 2, column: 9))
    }
}

@Suite struct EnvironmentTests {
    private func findings(_ change: (inout ServerConfiguration) -> Void, disk: String? = nil) -> [String] {
        var server = ServerConfiguration()
        change(&server)
        let read = ReadConfiguration(server: server, communityFile: nil, positions: [:])
        let checks = EnvironmentChecks(
            read, file: "p", now: 1_700_000_000, untrustedFileSystem: { _ in disk })
        var list = FindingList()
        checks.checkCertificates(&list)
        checks.checkStorage(&list)
        return list.findings.map { "\($0.severity): \($0.message)" }
    }

    private func files(name: String, validDays: Int) throws -> (folder: URL, certificate: String, key: String)
    {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
            "plenary-\(UUID().uuidString)")
        try FileManager.default.createDirectory(
            at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        let made = try Certificate.makeSelfSigned(
            commonName: name, subjectAlternativeNames: [name], validDays: validDays)
        let certificate = folder.appendingPathComponent("c.pem")
        let key = folder.appendingPathComponent("k.pem")
        try Data(made.certificatePEM).write(to: certificate)
        try Data(made.keyPEM).write(to: key)
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: key.path)
        return (folder, certificate.path, key.path)
    }

    @Test func certificateForAnotherNameIsAWarning() throws {
        let made = try files(name: "other.example", validDays: 3650)
        defer { try? FileManager.default.removeItem(at: made.folder) }
        let found = findings {
            $0.certificateFile = made.certificate
            $0.privateKeyFile = made.key
            $0.dataDirectory = made.folder.path
        }
        #expect(found == ["warning: the certificate is not for localhost, but for other.example"])
    }

    @Test func keyOfAnotherCertificateAndOpenKeyFileAreErrors() throws {
        let made = try files(name: "localhost", validDays: 3650)
        let other = try files(name: "localhost", validDays: 3650)
        defer {
            try? FileManager.default.removeItem(at: made.folder)
            try? FileManager.default.removeItem(at: other.folder)
        }
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: other.key)
        let found = findings {
            $0.certificateFile = made.certificate
            $0.privateKeyFile = other.key
            $0.dataDirectory = made.folder.path
        }
        #expect(found.count == 2)
        #expect(found.contains("error: this private key does not belong to the certificate"))
        #expect(found.contains { $0.contains("can be read by others than its owner; run: chmod 600") })
    }

    @Test func missingFilesNonsenseAndUntrustedDisksAreErrors() throws {
        let made = try files(name: "localhost", validDays: 3650)
        defer { try? FileManager.default.removeItem(at: made.folder) }
        let missing = findings {
            $0.certificateFile = "/nowhere/c.pem"
            $0.privateKeyFile = "/nowhere/k.pem"
            $0.dataDirectory = made.folder.path
        }
        #expect(missing.count == 2 && missing.allSatisfy { $0.contains("No such file or directory") })
        let swapped = findings {
            $0.certificateFile = made.key
            $0.privateKeyFile = made.key
            $0.dataDirectory = made.folder.path
        }
        #expect(swapped == ["error: \(made.key) is not a PEM certificate"])
        let disk = findings({ $0.dataDirectory = made.folder.path }, disk: "tmpfs")
        #expect(disk.count == 1 && disk.allSatisfy { $0.contains("is on tmpfs") })
        let file = findings { $0.dataDirectory = made.key }
        #expect(file == ["error: \(made.key) is not a directory"])
    }
}

@Suite struct CommunityFileTests {
    private func messages(_ text: String) -> [String] {
        var list = FindingList()
        _ = readCommunity(Array(text.utf8), file: "c", findings: &list)
        return list.findings.filter { $0.severity == .error }.map { String($0.description.dropFirst(2)) }
    }

    @Test(arguments: [
        ("chanels: []\n", "1:1: error: unknown key \"chanels\""),
        ("channels: a\n", "1:11: error: channels: expected a list"),
        ("channels:\n  - a\n", "2:5: error: a channel: expected name and titles"),
        ("channels:\n  - titles: {en: a}\n", "2:5: error: this channel has no name"),
        ("channels:\n  - name: a b\n", "2:11: error: \"a b\" is no channel name"),
        ("channels:\n  - name: a/b\n", "2:11: error: \"a/b\" is no channel name: it holds \"/\""),
        ("channels:\n  - name: \"\"\n", "2:11: error: \"\" is no channel name: it is empty"),
        ("channels:\n  - name: a\n  - name: A\n", "3:11: error: #A was already named in line 2"),
        ("channels:\n  - name: a\n    aliases: [a]\n", "3:15: error: #a was already named in line 2"),
        (
            "channels:\n  - name: a\n    kind: secret\n",
            "3:11: error: kind: expected open, moderated or private"
        ),
        (
            "channels:\n  - name: a\n    threads: some\n",
            "3:14: error: threads: expected all, moderators or nobody"
        ),
        (
            "channels:\n  - name: a\n    retain: 0d\n",
            "3:13: error: retain: expected 1d to 36500d, or forever"
        ),
        ("channels:\n  - name: a\n    retain: 36501d\n", "3:13: error: retain: expected 1d to 36500d"),
        ("channels:\n  - name: a\n    retain: soon\n", "3:13: error: retain: expected 1d to 36500d"),
        ("channels:\n  - name: a\n    main_line: shut\n", "3:16: error: main_line: expected open or closed"),
        ("channels:\n  - name: a\n    replay: 101\n", "3:13: error: replay: expected a number from 0 to 100"),
        ("channels:\n  - name: a\n    titles: {de: b}\n", "3:14: error: unknown language \"de\""),
        (
            "channels:\n  - name: a\n    title: b\n",
            "3:5: error: unknown key \"title\" in a channel; did you mean"
        ),
        ("channels:\n  - name: a\n    titles:\n      en: \"\"\n", "4:11: error: the title must not be empty"),
    ])
    func mistakeIsNamedWithItsPlace(text: String, expected: String) {
        let found = messages(text)
        #expect(found.count == 1 && found.allSatisfy { $0.hasPrefix(expected) }, "\(found)")
    }

    @Test func aNameOfTheGreatestLengthPassesAndALongerOneDoesNot() {
        func text(_ byteCount: Int) -> String {
            "channels:\n  - name: " + String(repeating: "a", count: byteCount) + "\n"
        }
        #expect(messages(text(63)) == [])
        #expect(messages(text(64)).count == 1)
    }

    @Test func aMissingTitleIsAWarning() {
        var list = FindingList()
        _ = readCommunity(
            Array("channels:\n  - name: a\n    titles: {en: b}\n".utf8), file: "c", findings: &list)
        #expect(list.findings.map(\.description) == ["c:2:5: warning: #a has no title in ar, zh, fr, ru, es"])
    }

    @Test func whoMayBeginThreadsIsReadForEachChannel() {
        var list = FindingList()
        let text = "channels:\n  - name: a\n    threads: moderators\n    main_line: closed\n  - name: b\n"
        let channels = readCommunity(Array(text.utf8), file: "c", findings: &list)
        #expect(channels.map(\.threadCreation) == [.moderators, .all])
        #expect(channels.map(\.isMainLineClosed) == [true, false])
    }
}
