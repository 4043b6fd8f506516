// SPDX-License-Identifier: Apache-2.0

import PlenaryDomain
import PlenaryTerms

/// Bodies of what happened to credentials and roles of accounts.
extension EventCodec {
    static func eventType(of event: AccountEvent) -> EventType {
        switch event {
        case .roleSet: .accountRoleSet
        case .resumeTokenIssued: .resumeTokenIssued
        case .resumeTokenRevoked: .resumeTokenRevoked
        case .scramVerifierSet: .scramVerifierSet
        case .resetCodeSet: .resetCodeSet
        }
    }

    static func append(_ event: AccountEvent, to bytes: inout [UInt8]) {
        switch event {
        case .roleSet(let event):
            bytes.appendField(FieldTag.account, event.account.value)
            bytes.appendFieldUnlessZero(FieldTag.kind, event.role.rawValue)
            if let actor = event.actor { append(actor, to: &bytes) }
        case .resumeTokenIssued(let event):
            bytes.appendField(FieldTag.account, event.account.value)
            bytes.appendField(FieldTag.digest, event.tokenHash)
            if let certificate = event.certificate { bytes.appendField(FieldTag.certificate, certificate) }
            bytes.appendFieldUnlessEmpty(FieldTag.label, event.label)
            bytes.appendField(FieldTag.time, event.expires.microseconds)
        case .resumeTokenRevoked(let event):
            bytes.appendField(FieldTag.account, event.account.value)
            bytes.appendField(FieldTag.digest, event.tokenHash)
        case .scramVerifierSet(let event):
            bytes.appendField(FieldTag.account, event.account.value)
            guard let verifier = event.verifier else { return }
            bytes.appendNested(FieldTag.verifier) { bytes in
                bytes.appendField(FieldTag.count, verifier.iterationCount)
                bytes.appendField(FieldTag.salt, verifier.salt)
                bytes.appendField(FieldTag.storedKey, verifier.storedKey)
                bytes.appendField(FieldTag.serverKey, verifier.serverKey)
            }
        case .resetCodeSet(let event):
            bytes.appendField(FieldTag.account, event.account.value)
            guard let code = event.code else { return }
            bytes.appendField(FieldTag.digest, code.codeHash)
            bytes.appendField(FieldTag.time, code.expires.microseconds)
        }
    }

    static func decodeAccountEvent(
        _ type: EventType, _ fields: EventFields
    ) throws(EventCodecError) -> AccountEvent {
        let account = try fields.requiredAccount()
        switch type {
        case .accountRoleSet:
            return .roleSet(
                AccountRoleSet(account: account, role: try fields.serverRole(), actor: fields.actor))
        case .resumeTokenIssued:
            return .resumeTokenIssued(
                ResumeTokenIssued(
                    account: account, tokenHash: try fields.requiredDigest(),
                    certificate: fields.certificate, label: fields.label,
                    expires: try fields.requiredExpiry()))
        case .resumeTokenRevoked:
            return .resumeTokenRevoked(
                ResumeTokenRevoked(account: account, tokenHash: try fields.requiredDigest()))
        case .scramVerifierSet:
            return .scramVerifierSet(ScramVerifierSet(account: account, verifier: fields.verifier))
        case .resetCodeSet:
            guard let digest = fields.digest else {
                return .resetCodeSet(ResetCodeSet(account: account, code: nil))
            }
            let code = ResetCode(codeHash: digest, expires: try fields.requiredExpiry())
            return .resetCodeSet(ResetCodeSet(account: account, code: code))
        default: throw .unknownType(type.rawValue)
        }
    }
}

extension EventFields {
    fileprivate func requiredExpiry() throws(EventCodecError) -> Timestamp {
        guard let time else { throw .missingField(tag: FieldTag.time) }
        return Timestamp(microseconds: time)
    }

    static func verifier(_ start: FieldCursor) throws(EventCodecError) -> ScramVerifier {
        var cursor = start
        var verifier = ScramVerifier(iterationCount: 0, salt: [], storedKey: [], serverKey: [])
        while let field = try cursor.next() {
            switch field.tag {
            case FieldTag.count: verifier.iterationCount = try cursor.integer(field)
            case FieldTag.salt: verifier.salt = cursor.bytes(field)
            case FieldTag.storedKey: verifier.storedKey = cursor.bytes(field)
            case FieldTag.serverKey: verifier.serverKey = cursor.bytes(field)
            default: break
            }
        }
        return verifier
    }
}
