// SPDX-License-Identifier: Apache-2.0

import PlenaryDomain
import PlenaryTerms

/// What an operator asks of the community from outside: by `plenaryd`'s own commands, never by a client.
/// Passwords and invite codes are hashed by who asks, so that no secret reaches this layer.
package enum AdminRequest: Hashable, Sendable {
    case accountAdd(name: Text, role: ServerRole, isBot: Bool, password: PasswordHash?)
    /// nil removes the password; certificates stay.
    case accountPassword(name: Text, password: PasswordHash?)
    case accountList
    case accountState(name: Text, isDisabled: Bool)
    case accountRole(name: Text, role: ServerRole)
    /// The hash of a code that signs in once, to set a new password.
    case accountReset(name: Text, code: ResetCode)
    case inviteCreate(InviteCreated)
    case inviteList
    case inviteRevoke(handle: Text)
    // Erasure and backup: answered by a running server only
    case erase(ErasureOrder)
    /// Requests that are not done yet.
    case erasureList
    /// What a backup copies now.
    case backupPoint
    /// Answered by the server, not by the community.
    case status
    /// Read the configuration again, all or nothing.
    case reload
    /// Stop in good order.
    case stop
    case people(PeopleRequest)
}

/// One row of an answer: names and values, in order of display.
package struct AdminRow: Hashable, Sendable {
    package var fields: [(name: String, value: String)]

    package init(_ fields: KeyValuePairs<String, String>) {
        self.fields = fields.map { (name: $0.key, value: $0.value) }
    }

    package init(fields: [(name: String, value: String)]) { self.fields = fields }

    package subscript(name: String) -> String? { fields.first { $0.name == name }?.value }

    package static func == (left: AdminRow, right: AdminRow) -> Bool {
        left.fields.map(\.name) == right.fields.map(\.name)
            && left.fields.map(\.value) == right.fields.map(\.value)
    }

    package func hash(into hasher: inout Hasher) {
        for field in fields {
            hasher.combine(field.name)
            hasher.combine(field.value)
        }
    }
}

package enum AdminReply: Hashable, Sendable {
    /// All that was asked is durable.
    case done([AdminRow])
    case refused(AdminRefusal)
}

/// Why a request was not carried out. The raw value is the word on the admin socket.
package enum AdminRefusal: Hashable, Sendable {
    case accountExists(Text)
    case noSuchAccount(Text)
    case nameInvalid(Text)
    case noSuchInvite(Text)
    case inviteExists
    case noSuchChannel(Text)
    /// No message has this id.
    case noSuchMessage(Text)
    /// A legal hold on this channel or account keeps what was to be erased.
    case held(Text)
    /// The configuration was not accepted; the server keeps its present settings.
    case configurationInvalid(Text)
    /// The server could not do it, for a reason of its own.
    case failed(Text)
    /// The request could not be read.
    case malformed

    /// For operators: what happened, to what, and what to do next.
    package var text: String {
        switch self {
        case .accountExists(let name): "an account \(name) exists already"
        case .noSuchAccount(let name): "there is no account \(name); see: plenaryd account list"
        case .nameInvalid(let name):
            "\"\(name)\" is no account name: ASCII letters, digits and -._, at most 32, not a digit first"
        case .noSuchInvite(let handle): "there is no invite \(handle); see: plenaryd invite list"
        case .inviteExists: "an invite with this code or handle exists already; run the command again"
        case .noSuchChannel(let name): "there is no channel \(name)"
        case .noSuchMessage(let id): "there is no message \(id); nothing is erased"
        case .held(let name): "a legal hold on \(name) keeps it; nothing is erased"
        case .configurationInvalid(let text): "the configuration was not accepted: \(text)"
        case .failed(let text): "\(text)"
        case .malformed: "the request could not be read; client and server may be of different versions"
        }
    }
}

/// What a request comes to, before it happens.
package struct AdminDecision: Sendable {
    /// To be logged and applied, in this order; empty when nothing changes.
    package var events: [Event]
    /// To be said once the events are durable.
    package var reply: AdminReply
    /// Accounts whose sessions end because of it.
    package var disconnected: [AccountID] = []
}

/// Decides a request by the community's state alone; the same for a running server and for a closed log.
/// `status`, `reload` and `stop` concern the process and are answered by its owner.
package func decide(_ request: AdminRequest, in community: Community, at now: Timestamp) -> AdminDecision {
    switch request {
    case .accountAdd(let name, let role, let isBot, let password):
        return decideAccountAdd(name, role, isBot, password, community)
    case .accountPassword(let name, let password):
        guard let account = community.account(named: name) else { return refuse(.noSuchAccount(name)) }
        return AdminDecision(
            events: [.credentialSet(CredentialSet(account: account.id, password: password))]
                + community.revocations(of: account.id),
            reply: .done([row(of: account)]))
    case .accountRole(let name, let role):
        guard var account = community.account(named: name) else { return refuse(.noSuchAccount(name)) }
        let set = AccountRoleSet(account: account.id, role: role, actor: nil)
        let events: [Event] = account.role == role ? [] : [.account(.roleSet(set))]
        account.role = role
        return AdminDecision(events: events, reply: .done([row(of: account)]))
    case .accountReset(let name, let code):
        guard let account = community.account(named: name) else { return refuse(.noSuchAccount(name)) }
        return AdminDecision(
            events: [.account(.resetCodeSet(ResetCodeSet(account: account.id, code: code)))],
            reply: .done([row(of: account)]))
    case .accountList:
        let accounts = community.accounts.values.sorted { $0.id < $1.id }
        return AdminDecision(events: [], reply: .done(accounts.map(row(of:))))
    case .accountState(let name, let isDisabled):
        guard var account = community.account(named: name) else { return refuse(.noSuchAccount(name)) }
        guard account.isDisabled != isDisabled else {
            return AdminDecision(events: [], reply: .done([row(of: account)]))
        }
        account.isDisabled = isDisabled
        return AdminDecision(
            events: [.accountStateSet(AccountStateSet(account: account.id, isDisabled: isDisabled))]
                + (isDisabled ? community.revocations(of: account.id) : []),
            reply: .done([row(of: account)]), disconnected: isDisabled ? [account.id] : [])
    case .inviteCreate(let invite): return decideInvite(invite, community)
    case .inviteList:
        let invites = community.invites.values.filter { !$0.isRevoked }
            .sorted { ($0.time, $0.created.handle.string) < ($1.time, $1.created.handle.string) }
        return AdminDecision(events: [], reply: .done(invites.map { row(of: $0, at: now) }))
    case .inviteRevoke(let handle):
        let found = community.invites.first { $0.value.created.handle == handle && !$0.value.isRevoked }
        guard let (hash, invite) = found else { return refuse(.noSuchInvite(handle)) }
        return AdminDecision(
            events: [.inviteRevoked(InviteRevoked(codeHash: hash))], reply: .done([row(of: invite, at: now)]))
    case .people(let request): return decide(request, in: community, at: now)
    case .status, .reload, .stop, .erase, .erasureList, .backupPoint:
        return refuse(.failed("no server is running"))
    }
}

private func refuse(_ refusal: AdminRefusal) -> AdminDecision {
    AdminDecision(events: [], reply: .refused(refusal))
}

private func decideAccountAdd(
    _ name: Text, _ role: ServerRole, _ isBot: Bool, _ password: PasswordHash?, _ community: Community
) -> AdminDecision {
    guard let valid = try? AccountName(name.bytes), !Community.isReserved(valid) else {
        return refuse(.nameInvalid(name))
    }
    guard community.account(named: name) == nil else { return refuse(.accountExists(name)) }
    let id = AccountID(community.nextAccountID)
    var events: [Event] = [
        .accountCreated(AccountCreated(account: id, name: Text(valid.spelling), role: role, isBot: isBot))
    ]
    if let password { events.append(.credentialSet(CredentialSet(account: id, password: password))) }
    let fields: KeyValuePairs = ["account": valid.spelling, "role": role.word, "bot": isBot ? "yes" : "no"]
    return AdminDecision(events: events, reply: .done([AdminRow(fields)]))
}

private func decideInvite(_ invite: InviteCreated, _ community: Community) -> AdminDecision {
    let isTaken =
        community.invites[invite.codeHash] != nil
        || community.invites.values.contains { $0.created.handle == invite.handle && !$0.isRevoked }
    guard !isTaken else { return refuse(.inviteExists) }
    if let name = invite.accountName {
        guard let valid = try? AccountName(name.bytes), !Community.isReserved(valid) else {
            return refuse(.nameInvalid(name))
        }
        guard community.account(named: name) == nil else { return refuse(.accountExists(name)) }
    }
    for channel in invite.channels where community.channel(named: channel) == nil {
        return refuse(.noSuchChannel(channel))
    }
    return AdminDecision(
        events: [.inviteCreated(invite)],
        reply: .done([row(of: invite, redeemedCount: 0, isUsable: true)]))
}

private func row(of account: Account) -> AdminRow {
    AdminRow([
        "account": account.name.spelling, "role": account.role.word, "bot": account.isBot ? "yes" : "no",
        "state": account.isDisabled ? "disabled" : "enabled",
        "password": account.password == nil ? "no" : "yes",
        "certificates": String(account.certificates.count), "created": account.created.iso8601,
    ])
}

private func row(of invite: Invite, at now: Timestamp) -> AdminRow {
    row(of: invite.created, redeemedCount: invite.redeemedCount, isUsable: invite.isUsable(at: now))
}

private func row(of invite: InviteCreated, redeemedCount: UInt32, isUsable: Bool) -> AdminRow {
    AdminRow([
        "invite": invite.handle.string, "role": invite.role.word,
        "uses": "\(redeemedCount)/\(invite.useLimit)", "expires": invite.expires?.iso8601 ?? "never",
        "usable": isUsable ? "yes" : "no", "account": invite.accountName?.string ?? "",
        "channels": invite.channels.map(\.string).joined(separator: ","),
    ])
}
