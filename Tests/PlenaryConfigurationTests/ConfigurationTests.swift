// SPDX-License-Identifier: Apache-2.0

import Foundation
import PlenaryConfiguration
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
    return text
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
}
