// SPDX-License-Identifier: Apache-2.0

import PlenaryDomain
import PlenaryTerms

/// Reads `roles.yaml`: what each role may do. A role that the file leaves out keeps what it has by default.
package func readRoles(_ bytes: [UInt8], file: String, findings: inout FindingList) -> RoleTable {
    var reader = RolesFileReader(file: file)
    if let root = composeConfiguration(bytes, file: file, findings: &reader.findings) {
        reader.readRoot(root)
    }
    findings.add(reader.findings)
    return reader.table
}

/// A row of the file: a role of accounts, or one of the two that are none.
private enum RoleRow: Hashable {
    case role(ServerRole)
    case guest
    case channelModerator

    static let guestWord = "guest"
    static let channelModeratorWord = "channel-moderator"
    static let words = ServerRole.allCases.map(\.word) + [guestWord, channelModeratorWord]

    init?(word: String) {
        switch word {
        case RoleRow.guestWord: self = .guest
        case RoleRow.channelModeratorWord: self = .channelModerator
        default:
            guard let role = ServerRole(word: word) else { return nil }
            self = .role(role)
        }
    }

    /// What the row may not hold, for it would give it to people whom nobody knows, or mean nothing in one channel.
    var forbidden: Permissions {
        switch self {
        case .role: []
        case .guest: Permissions([.manageAccounts, .erasePerson, .readAll, .invite, .eraseOwn])
        case .channelModerator:
            Permissions([.manageAccounts, .erasePerson, .readAll, .createChannel, .seeStatus])
        }
    }
}

private struct RolesFileReader {
    let file: String
    var table = RoleTable()
    var findings = FindingList()
    private var lines: [RoleRow: Int] = [:]

    init(file: String) { self.file = file }

    mutating func readRoot(_ root: ConfigurationNode) {
        guard case .mapping(let entries) = root.content else {
            findings.error(file, root.position, "expected \"roles:\", found \(root.kind)")
            return
        }
        for entry in entries {
            guard entry.key == "roles" else {
                findings.error(
                    file, entry.position, "unknown key \"\(shortened(entry.key))\"; this file knows roles")
                continue
            }
            guard case .mapping(let rows) = entry.node.content else {
                findings.error(
                    file, entry.node.position,
                    "roles: expected roles with their words, found \(entry.node.kind)")
                continue
            }
            for row in rows { readRow(row) }
        }
        if !ServerRole.allCases.contains(where: { table[$0].contains(.manageAccounts) }) {
            findings.error(
                file, root.position,
                "no role has manage-accounts; nobody could administer the community, nor change that")
        }
    }

    private mutating func readRow(_ entry: ConfigurationNode.Entry) {
        guard let row = RoleRow(word: entry.key) else {
            let near = nearestName(to: entry.key, in: RoleRow.words).map { "; did you mean \"\($0)\"?" }
            let hint = near ?? "; there is \(RoleRow.words.joined(separator: ", "))"
            findings.error(file, entry.position, "unknown role \"\(shortened(entry.key))\"\(hint)")
            return
        }
        guard let permissions = readWords(entry, row) else { return }
        switch row {
        case .role(let role): table.roles[role] = permissions
        case .guest: table.guest = permissions
        case .channelModerator: table.channelModerator = permissions
        }
    }

    /// The words of a row; nil when it is no list. `[]` takes everything away.
    private mutating func readWords(_ entry: ConfigurationNode.Entry, _ row: RoleRow) -> Permissions? {
        guard case .list(let items) = entry.node.content else {
            findings.error(
                file, entry.node.position,
                "\(entry.key): expected a list of words such as \"- post\", found \(entry.node.kind)")
            return nil
        }
        let words = Permission.allCases.map(\.rawValue)
        var found: [Permission] = []
        for item in items {
            guard case .value(let text, _) = item.content else {
                findings.error(file, item.position, "\(entry.key): expected a word, found \(item.kind)")
                continue
            }
            guard let permission = Permission(rawValue: text) else {
                let near = nearestName(to: text, in: words).map { "; did you mean \"\($0)\"?" }
                let hint = near ?? "; there is \(words.joined(separator: ", "))"
                findings.error(
                    file, item.position, "\(entry.key): unknown word \"\(shortened(text))\"\(hint)")
                continue
            }
            if found.contains(permission) {
                findings.warning(file, item.position, "\(entry.key): \(text) stands here twice")
            }
            if row.forbidden.contains(permission) {
                findings.error(file, item.position, "\(entry.key) cannot have \(text)")
            }
            found.append(permission)
        }
        return Permissions(found)
    }
}
