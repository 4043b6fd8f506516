// SPDX-License-Identifier: Apache-2.0

import Testing

/// Who may do what is decided in one file (docs/PERMISSIONS.md). Elsewhere a role is stored, or shown.
enum RightsRules {
    static let decider = "Sources/PlenaryDomain/Permissions.swift"

    /// Files that store a role, say what one is, or show it.
    static let mayRead: Set<String> = [
        decider,
        // Stored.
        "Sources/PlenaryDomain/Channel.swift", "Sources/PlenaryDomain/Session.swift",
        "Sources/PlenaryDomain/Community+Apply.swift", "Sources/PlenaryDomain/Credentials+Apply.swift",
        "Sources/PlenaryDomain/Community+Snapshot.swift",
        // Shown: prefixes of names, WHO's fields.
        "Sources/PlenaryDialect/Membership.swift", "Sources/PlenaryDialect/Presence.swift",
    ]

    static func breaches(_ files: [SourceFile]) -> [Breach] {
        let targets: Set<String> = ["PlenaryDomain", "PlenaryDialect", "PlenaryServer"]
        let role = /\.serverRole\b/
        let operatorSeat = /[A-Za-z0-9_)\]?]\.isOperator\b/
        let anySeat = /(contains|isSuperset|isDisjoint)\(.*\.(founder|channelOperator)/
        var breaches: [Breach] = []
        for file in files where targets.contains(file.target) && !mayRead.contains(file.path) {
            for (index, line) in file.code.enumerated() {
                guard line.contains(role) || line.contains(operatorSeat) || line.contains(anySeat) else {
                    continue
                }
                breaches.append(
                    Breach(path: file.path, line: index + 1, message: "ask Community.permits instead"))
            }
        }
        return breaches
    }
}

@Suite struct RightsTests {
    @Test func rolesAreReadInOneFile() {
        #expect(RightsRules.breaches(SourceTree.files(in: ["Sources"])) == [])
    }

    @Test(arguments: [
        "if session.serverRole == .moderator { a() }", "guard roles.isOperator else { return }",
        "if (channel.members[id] ?? []).contains(.founder) { a() }",
        "let a = !roles(of: id, in: channel).isDisjoint(with: [.channelOperator])",
    ])
    func aPlantedDecisionIsFound(code: String) {
        let file = SourceFile(path: "Sources/PlenaryDomain/Planted.swift", text: code)
        #expect(RightsRules.breaches([file]).count == 1)
    }

    @Test(arguments: [
        "case .isOperator: \"a\"", "permits(.moderate, session)", "roles.insert(.channelOperator)",
    ])
    func whatIsNoDecisionPasses(code: String) {
        let file = SourceFile(path: "Sources/PlenaryDomain/Planted.swift", text: code)
        #expect(RightsRules.breaches([file]) == [])
    }
}
