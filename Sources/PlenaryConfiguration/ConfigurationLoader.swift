// SPDX-License-Identifier: Apache-2.0

import PlenaryServer

/// A configuration read from its files, with all that was found wrong.
package struct LoadedConfiguration: Sendable {
    /// Fit to run with when `findings` holds no error. Its paths work from the present directory.
    package var server: ServerConfiguration
    package var read: ReadConfiguration
    package var findings: FindingList
}

/// The path up to and with its last slash; empty for a plain name. By hand, for Foundation's own way to do
/// this traps on a name of one letter.
func folder(of path: String) -> String {
    path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
}

/// Reads `plenaryd.yaml` and the community and roles files it names. Never throws: what is wrong is a finding.
package func loadConfiguration(at path: String) -> LoadedConfiguration {
    var findings = FindingList()
    let start = FilePosition(line: 1, column: 1)
    let bytes: [UInt8]
    switch readWhole(path, byteLimit: YAMLLimits.fileByteLimit) {
    case .success(let contents): bytes = contents
    case .failure(let error):
        findings.error(path, start, "the file cannot be read: \(error.text)")
        let server = ServerConfiguration()
        return LoadedConfiguration(
            server: server, read: ReadConfiguration(server: server, communityFile: nil, positions: [:]),
            findings: findings)
    }
    var read = readServerConfiguration(bytes, file: path, findings: &findings)
    let folder = folder(of: path)
    func resolved(_ name: String) -> String { name.hasPrefix("/") ? name : folder + name }
    read.server.dataDirectory = resolved(read.server.dataDirectory)
    read.server.certificateFile = read.server.certificateFile.map(resolved)
    read.server.privateKeyFile = read.server.privateKeyFile.map(resolved)
    if let name = read.communityFile {
        let communityPath = resolved(name)
        switch readWhole(communityPath, byteLimit: YAMLLimits.fileByteLimit) {
        case .success(let contents):
            let community = readWholeCommunity(contents, file: communityPath, findings: &findings)
            read.server.channels = community.channels
            read.server.questionnaires = community.questionnaires
        case .failure(let error):
            let place = read.positions["community.file"] ?? start
            findings.error(path, place, "community.file: \(communityPath): \(error.text)")
        }
    }
    if let name = read.rolesFile {
        let rolesPath = resolved(name)
        switch readWhole(rolesPath, byteLimit: YAMLLimits.fileByteLimit) {
        case .success(let contents):
            read.server.policy.roles = readRoles(contents, file: rolesPath, findings: &findings)
        case .failure(let error):
            let place = read.positions["community.roles"] ?? start
            findings.error(path, place, "community.roles: \(rolesPath): \(error.text)")
        }
    }
    read.server.utcOffset = zoneOffset
    checkTogether(read, file: path, findings: &findings)
    return LoadedConfiguration(server: read.server, read: read, findings: findings)
}
