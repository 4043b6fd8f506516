// SPDX-License-Identifier: Apache-2.0

import PlenaryCrypto
import PlenaryTerms

/// Keys of anonymous questionnaires, one file each, from opening to closing (docs/decisions/0163). They are not in
/// backups: a backup would keep what is to be destroyed.
final class QuestionnaireKeys {
    static let byteCount = 32
    /// Bytes of a digest in the log.
    static let digestByteCount = 16

    private let directory: String
    private var keys: [Text: [UInt8]] = [:]

    init(directory: String) { self.directory = directory }

    /// Stands for an account in one questionnaire; nil without its key.
    func digest(of account: AccountID, in name: Text) -> [UInt8]? {
        keys[name].map { key in
            let message = Array("account \(account.value)".utf8)
            return Array(
                HMACSHA256.authenticate(message, key: key).prefix(QuestionnaireKeys.digestByteCount))
        }
    }

    /// Draws a key; when this returns it is on the disk. One that is there already stays.
    func make(_ name: Text) throws {
        if try load(name) { return }
        let key = try SecureRandom.bytes(QuestionnaireKeys.byteCount)
        try PrivateFile.makeDirectory(directory)
        try PrivateFile.write(key, to: path(name))
        keys[name] = key
    }

    /// Reads a key back at a start; false when there is none.
    func load(_ name: Text) throws -> Bool {
        guard let key = try PrivateFile.read(path(name), byteLimit: 64) else { return false }
        guard key.count == QuestionnaireKeys.byteCount else {
            throw StartError(exitCode: 65, "\(path(name)) holds \(key.count) bytes and not 32")
        }
        keys[name] = key
        return true
    }

    /// Forgets a key; what takes its file away, to be done once the end is in the log.
    func forget(_ name: Text) -> @Sendable () throws -> Void {
        keys[name] = nil
        let path = path(name)
        return { try PrivateFile.destroy(path) }
    }

    /// Names are letters, digits and hyphens, so that none leads out of the folder.
    private func path(_ name: Text) -> String { "\(directory)/\(name).key" }
}
