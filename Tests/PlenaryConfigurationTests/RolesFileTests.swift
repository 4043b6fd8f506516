// SPDX-License-Identifier: Apache-2.0

import Foundation
import PlenaryConfiguration
import PlenaryDomain
import Testing

/// Claims about `roles.yaml`.
@Suite struct RolesFileTests {
    private static func read(_ text: String) -> (table: RoleTable, findings: [String]) {
        var findings = FindingList()
        let table = readRoles(Array(text.utf8), file: "r.yaml", findings: &findings)
        return (table, findings.sorted.map { String($0.description.dropFirst("r.yaml:".count)) })
    }

    @Test func theShippedFileIsTheDefaults() throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let shipped = Array(try Data(contentsOf: root.appendingPathComponent("Config/roles.yaml")))
        #expect(Array(ShippedFiles.roles.utf8) == shipped)
        let (table, findings) = RolesFileTests.read(ShippedFiles.roles)
        #expect(findings == [])
        #expect(table == RoleTable())
        let uncommented = ShippedFiles.roles.split(separator: "\n").filter { line in
            line.hasPrefix("  ") && !line.contains(" # ")
        }
        #expect(uncommented == [], "every line says why")
    }

    @Test func aRoleThatIsLeftOutKeepsWhatItHas() {
        let (table, findings) = RolesFileTests.read(
            "roles:\n  observer: [read-public, report]\n  technician: []\n")
        #expect(findings == [])
        #expect(table[.observer] == Permissions([.readPublic, .report]))
        #expect(table[.technician] == [])
        #expect(table[.member] == RoleTable()[.member])
    }

    @Test(arguments: [
        ("roles:\n  membre: [post]\n", ["2:3: error: unknown role \"membre\"; did you mean \"member\"?"]),
        (
            "roles:\n  member:\n    - read-pubic\n",
            ["3:7: error: member: unknown word \"read-pubic\"; did you mean \"read-public\"?"]
        ),
        (
            "roles:\n  member: post\n",
            ["2:11: error: member: expected a list of words such as \"- post\", found \"post\""]
        ),
        ("role:\n  member: []\n", ["1:1: error: unknown key \"role\"; this file knows roles"]),
        ("roles:\n  guest: [manage-accounts]\n", ["2:11: error: guest cannot have manage-accounts"]),
        (
            "roles:\n  channel-moderator: [erase-person]\n",
            ["2:23: error: channel-moderator cannot have erase-person"]
        ),
        ("roles:\n  member: [post, post]\n", ["2:18: warning: member: post stands here twice"]),
        (
            "roles:\n  secretariat: [post]\n",
            [
                "1:1: error: no role has manage-accounts; nobody could administer the community, nor change that"
            ]
        ),
    ])
    func aMistakeIsNamedWithItsPlace(text: String, expected: [String]) {
        #expect(RolesFileTests.read(text).findings == expected)
    }

    @Test func theFileIsFoundFromTheServersOne() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
            "plenary-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appendingPathComponent("p.yaml").path
        try Data("community:\n  roles: roles.yaml\n".utf8).write(to: URL(fileURLWithPath: path))
        let missing = loadConfiguration(at: path)
        #expect(
            missing.findings.findings.contains { $0.description.contains(":2:10: error: community.roles") })
        let roles = folder.appendingPathComponent("roles.yaml")
        try Data("roles:\n  guest: []\n".utf8).write(to: roles)
        let loaded = loadConfiguration(at: path)
        #expect(loaded.findings.errorCount == 0)
        #expect(loaded.server.policy.roles.guest == [])
    }
}
