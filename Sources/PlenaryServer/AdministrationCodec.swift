// SPDX-License-Identifier: Apache-2.0

import PlenaryCrypto
import PlenaryDomain
import PlenaryTerms

/// The text on the admin socket.
///
/// A request is one line: a verb and `name=value` fields, separated by single spaces and ended by LF. An answer is
/// any number of `row` lines with fields, then `done`, or instead of all that one line `refused <code> <value>`.
/// Names are lower-case letters; in values every byte outside of letters, digits and `-._~:/#,+` is `%XX`. Unknown
/// fields are ignored, so that a newer client can talk to an older server.
package enum AdminCodec {
    /// Bytes of a request with its LF (limits.md 32). Longer: `refused malformed`.
    package static let requestByteLimit = 8192

    // MARK: Requests

    package static func encode(_ request: AdminRequest) -> [UInt8] {
        switch request {
        case .accountAdd(let name, let role, let isBot, let password):
            return line(
                "account-add",
                [("name", name), ("role", Text(role.word)), ("bot", isBot ? "yes" : "no")]
                    + passwordField(password))
        case .accountPassword(let name, let password):
            return line("account-password", [("name", name)] + passwordField(password))
        case .accountList: return line("account-list", [])
        case .accountState(let name, let isDisabled):
            return line("account-state", [("name", name), ("disabled", isDisabled ? "yes" : "no")])
        case .accountRole(let name, let role):
            return line("account-role", [("name", name), ("role", Text(role.word))])
        case .accountReset(let name, let code):
            return line(
                "account-reset",
                [
                    ("name", name), ("hash", Text(hex(code.codeHash))),
                    ("expires", Text(String(code.expires.microseconds))),
                ])
        case .inviteCreate(let invite):
            return line("invite-create", inviteFields(invite))
        case .inviteList: return line("invite-list", [])
        case .inviteRevoke(let handle): return line("invite-revoke", [("handle", handle)])
        case .erase(let order): return line("erase", fields(of: order))
        case .erasureList: return line("erasure-list", [])
        case .backupPoint: return line("backup-point", [])
        case .status: return line("status", [])
        case .reload: return line("reload", [])
        case .stop: return line("stop", [])
        case .people(let request): return encode(request)
        }
    }

    static func inviteFields(_ invite: InviteCreated) -> [(String, Text)] {
        var fields: [(String, Text)] = [
            ("hash", Text(hex(invite.codeHash))), ("handle", invite.handle),
            ("role", Text(invite.role.word)), ("uses", Text(String(invite.useLimit))),
        ]
        for channel in invite.channels { fields.append(("channel", channel)) }
        if let expires = invite.expires { fields.append(("expires", Text(String(expires.microseconds)))) }
        if let name = invite.accountName { fields.append(("name", name)) }
        return fields
    }

    /// Reads a request line without its LF; nil when it is none.
    package static func request(_ line: some Collection<UInt8>) -> AdminRequest? {
        guard let (verb, fields) = split(line) else { return nil }
        switch verb {
        case "account-add":
            guard let name = fields["name"],
                let role = fields["role"].flatMap({ ServerRole(word: $0.string) }),
                let isBot = flag(fields["bot"]), let password = password(fields["password"])
            else { return nil }
            return .accountAdd(name: name, role: role, isBot: isBot, password: password.hash)
        case "account-password":
            guard let name = fields["name"], let password = password(fields["password"]) else { return nil }
            return .accountPassword(name: name, password: password.hash)
        case "account-list": return .accountList
        case "account-state":
            guard let name = fields["name"], let isDisabled = flag(fields["disabled"]) else { return nil }
            return .accountState(name: name, isDisabled: isDisabled)
        case "account-role":
            guard let name = fields["name"],
                let role = fields["role"].flatMap({ ServerRole(word: $0.string) })
            else { return nil }
            return .accountRole(name: name, role: role)
        case "account-reset":
            guard let name = fields["name"], let hash = fields["hash"].flatMap({ bytes(hex: $0.string) }),
                hash.count == SHA256Digest.byteCount,
                let expires = fields["expires"].flatMap({ Int64($0.string) })
            else { return nil }
            let code = ResetCode(codeHash: hash, expires: Timestamp(microseconds: expires))
            return .accountReset(name: name, code: code)
        case "invite-create": return invite(fields).map { .inviteCreate($0) }
        case "invite-list": return .inviteList
        case "invite-revoke": return fields["handle"].map { .inviteRevoke(handle: $0) }
        case "erase": return erasure(fields).map { .erase($0) }
        case "erasure-list": return .erasureList
        case "backup-point": return .backupPoint
        case "status": return .status
        case "reload": return .reload
        case "stop": return .stop
        case "roster-entry": return rosterEntry(fields)
        default: return nil
        }
    }

    static func invite(_ fields: Fields) -> InviteCreated? {
        guard let hash = fields["hash"].flatMap({ bytes(hex: $0.string) }),
            hash.count == SHA256Digest.byteCount,
            let handle = fields["handle"], !handle.isEmpty,
            let role = fields["role"].flatMap({ ServerRole(word: $0.string) }),
            let useLimit = fields["uses"].flatMap({ UInt32($0.string) }), useLimit > 0
        else { return nil }
        var expires: Timestamp?
        if let text = fields["expires"] {
            guard let microseconds = Int64(text.string) else { return nil }
            expires = Timestamp(microseconds: microseconds)
        }
        return InviteCreated(
            codeHash: hash, handle: handle, role: role, channels: fields.all("channel"), expires: expires,
            useLimit: useLimit, accountName: fields["name"])
    }

    // MARK: Erasure

    private static func fields(of order: ErasureOrder) -> [(String, Text)] {
        var fields: [(String, Text)] = order.messages.map { ("message", $0) }
        if let account = order.account { fields.append(("account", account)) }
        return fields + [("reason", order.reason), ("dry", order.isDryRun ? "yes" : "no")]
    }

    private static func erasure(_ fields: Fields) -> ErasureOrder? {
        guard let reason = fields["reason"], let isDryRun = flag(fields["dry"]) else { return nil }
        let order = ErasureOrder(
            messages: fields.all("message"), account: fields["account"], reason: reason, isDryRun: isDryRun)
        return order.messages.isEmpty && order.account == nil ? nil : order
    }

    static func flag(_ text: Text?) -> Bool? {
        switch text {
        case "yes": true
        case "no": false
        default: nil
        }
    }

    private static func passwordField(_ password: PasswordHash?) -> [(String, Text)] {
        guard let password else { return [("password", "none")] }
        let numbers = "\(password.logN):\(password.r):\(password.p)"
        return [("password", Text("\(numbers):\(hex(password.salt)):\(hex(password.key))"))]
    }

    /// nil when the field is no hash; a hash of nil when it says that there is none.
    private static func password(_ text: Text?) -> (hash: PasswordHash?, Void)? {
        guard let text else { return nil }
        if text == "none" { return (nil, ()) }
        let parts = text.string.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 5, let logN = UInt8(parts[0]), let r = UInt8(parts[1]), let p = UInt8(parts[2]),
            let salt = bytes(hex: String(parts[3])), let key = bytes(hex: String(parts[4])),
            logN <= ScryptLimits.logNLimit, r > 0, p > 0, salt.count == ScryptLimits.saltByteCount,
            key.count == ScryptLimits.keyByteCount
        else { return nil }
        return (PasswordHash(logN: logN, r: r, p: p, salt: salt, key: key), ())
    }

    // MARK: Replies

    package static func encode(_ reply: AdminReply) -> [UInt8] {
        switch reply {
        case .done(let rows):
            return rows.flatMap { row in line("row", row.fields.map { ($0.name, Text($0.value)) }) }
                + line("done", [])
        case .refused(let refusal):
            let (code, value) = code(of: refusal)
            return line("refused", [("code", Text(code)), ("value", value)])
        }
    }

    /// Reads a whole answer; nil when it is cut short or is none.
    package static func reply(_ bytes: [UInt8]) -> AdminReply? {
        // Without its last LF an answer may be cut within a value.
        guard bytes.last == 10 else { return nil }
        var rows: [AdminRow] = []
        for lineBytes in bytes.split(separator: 10, omittingEmptySubsequences: true) {
            guard let (verb, fields) = split(lineBytes) else { return nil }
            switch verb {
            case "row": rows.append(AdminRow(fields: fields.pairs.map { ($0.name, $0.value.string) }))
            case "done": return .done(rows)
            case "refused":
                guard let code = fields["code"], let value = fields["value"] else { return nil }
                return .refused(refusal(code: code.string, value: value))
            default: return nil
            }
        }
        return nil
    }

    private static func code(of refusal: AdminRefusal) -> (String, Text) {
        switch refusal {
        case .accountExists(let name): ("account-exists", name)
        case .noSuchAccount(let name): ("no-such-account", name)
        case .nameInvalid(let name): ("name-invalid", name)
        case .noSuchInvite(let handle): ("no-such-invite", handle)
        case .inviteExists: ("invite-exists", "")
        case .noSuchChannel(let name): ("no-such-channel", name)
        case .noSuchMessage(let id): ("no-such-message", id)
        case .held(let name): ("held", name)
        case .configurationInvalid(let text): ("configuration-invalid", text)
        case .failed(let text): ("failed", text)
        case .malformed: ("malformed", "")
        }
    }

    private static func refusal(code: String, value: Text) -> AdminRefusal {
        switch code {
        case "account-exists": .accountExists(value)
        case "no-such-account": .noSuchAccount(value)
        case "name-invalid": .nameInvalid(value)
        case "no-such-invite": .noSuchInvite(value)
        case "invite-exists": .inviteExists
        case "no-such-channel": .noSuchChannel(value)
        case "no-such-message": .noSuchMessage(value)
        case "held": .held(value)
        case "configuration-invalid": .configurationInvalid(value)
        case "malformed": .malformed
        // A code of a later version: its value is all that can be shown.
        default: .failed(value)
        }
    }

    // MARK: Lines

    struct Fields {
        var pairs: [(name: String, value: Text)] = []
        subscript(name: String) -> Text? { pairs.first { $0.name == name }?.value }
        func all(_ name: String) -> [Text] { pairs.filter { $0.name == name }.map(\.value) }
    }

    static func line(_ verb: String, _ fields: [(String, Text)]) -> [UInt8] {
        var bytes = Array(verb.utf8)
        for (name, value) in fields {
            bytes.append(32)
            bytes += Array(name.utf8)
            bytes.append(61)
            for byte in value.bytes {
                if isPlain(byte) { bytes.append(byte) } else { bytes += Array("%\(hex([byte]))".utf8) }
            }
        }
        return bytes + [10]
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case 48...57, 65...90, 97...122, 35, 43, 44, 45, 46, 47, 58, 95, 126: true
        default: false
        }
    }

    private static func split(_ line: some Collection<UInt8>) -> (verb: String, fields: Fields)? {
        let words = line.split(separator: 32, omittingEmptySubsequences: false)
        guard let verb = words.first, !verb.isEmpty else { return nil }
        var fields = Fields()
        for word in words.dropFirst() {
            guard let equals = word.firstIndex(of: 61), equals != word.startIndex,
                let value = unescaped(word[word.index(after: equals)...])
            else { return nil }
            fields.pairs.append((String(decoding: word[..<equals], as: UTF8.self), Text(value)))
        }
        return (String(decoding: verb, as: UTF8.self), fields)
    }

    private static func unescaped(_ value: some Collection<UInt8>) -> [UInt8]? {
        var result: [UInt8] = []
        var rest = Array(value)[...]
        while let byte = rest.popFirst() {
            if byte == 37 {
                let digits = String(decoding: rest.prefix(2), as: UTF8.self)
                guard rest.count >= 2, let decoded = bytes(hex: digits)?.first else { return nil }
                result.append(decoded)
                rest = rest.dropFirst(2)
            } else {
                guard isPlain(byte) else { return nil }
                result.append(byte)
            }
        }
        // A text holds no NUL, CR or LF and is UTF-8, whoever sent it.
        let isText = !result.contains { $0 == 0 || $0 == 10 || $0 == 13 }
        return isText && String(validating: result, as: UTF8.self) != nil ? result : nil
    }
}
