// SPDX-License-Identifier: Apache-2.0

import PlenaryDomain
import PlenaryTerms

private let account = AccountID(7)
private let digest = [UInt8](repeating: 0xAB, count: 32)
private let time = Timestamp(microseconds: 1_700_000_000_123_456)
private let verifier = ScramVerifier(
    iterationCount: 65_536, salt: [1, 2, 3], storedKey: digest, serverKey: digest.reversed() + [1])

/// Every event of credentials and roles, with and without what may be absent.
let accountEvents: [Event] = [
    .account(
        .roleSet(
            AccountRoleSet(
                account: account, role: .moderator,
                actor: Actor(source: "chair!c@h", account: AccountID(1), accountName: "chair")))),
    .account(.roleSet(AccountRoleSet(account: account, role: .member, actor: nil))),
    .account(
        .resumeTokenIssued(
            ResumeTokenIssued(
                account: account, tokenHash: digest, certificate: [9, 9], label: "téléphone", expires: time))),
    .account(
        .resumeTokenIssued(
            ResumeTokenIssued(account: account, tokenHash: digest, certificate: nil, label: "", expires: time)
        )),
    .account(.resumeTokenRevoked(ResumeTokenRevoked(account: account, tokenHash: digest))),
    .account(.scramVerifierSet(ScramVerifierSet(account: account, verifier: verifier))),
    .account(.scramVerifierSet(ScramVerifierSet(account: account, verifier: nil))),
    .account(
        .resetCodeSet(
            ResetCodeSet(account: account, code: ResetCode(codeHash: digest, expires: time)))),
    .account(.resetCodeSet(ResetCodeSet(account: account, code: nil))),
    .inviteCreated(
        InviteCreated(
            codeHash: digest, handle: "abcd1234", role: .member, channels: ["#a"], expires: time, useLimit: 5,
            accountName: "ann", creator: AccountID(1))),
]
