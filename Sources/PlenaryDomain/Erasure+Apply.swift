// SPDX-License-Identifier: Apache-2.0

import PlenaryTerms

/// A request whose plan may still be in some file.
package struct OpenErasure: Hashable, Sendable {
    package var request: ErasureRequested
    /// The request's time: what is later is not meant.
    package var time: Timestamp
}

extension Community {
    /// Applies an event of erasure.
    mutating func apply(_ event: ErasureEvent, offset: Offset, time: Timestamp) {
        switch event {
        case .requested(let request):
            openErasures[offset] = OpenErasure(request: request, time: time)
            hide(request.plan.messages)
            for account in request.plan.accounts.sorted() { forget(account) }
        case .done(let done): openErasures[done.request] = nil
        case .messageErased(let stub):
            // A talk between two has no ledger, and a stub is shown to nobody.
            guard case .channel(let channel) = stub.conversation else { return }
            let entry = Ledger.Entry(
                offset: offset, time: time, thread: stub.thread, author: nil,
                flags: stub.wasMessage ? [.message, .redacted, .erased] : [.redacted, .erased])
            ledgers[channel, default: Ledger()].append(entry, mentions: [])
        }
    }

    /// What is open, as the requests themselves: a snapshot keeps their places.
    func erasureSnapshot() -> [LoggedEvent] {
        openErasures.sorted { $0.key < $1.key }.map { offset, open in
            LoggedEvent(offset: offset, time: open.time, event: .erasure(.requested(open.request)))
        }
    }

    /// Whether an account is one whose traces are being taken out; its messages between two are known by it alone.
    package func isBeingForgotten(_ account: AccountID) -> Bool {
        openErasures.values.contains { $0.request.plan.accounts.contains(account) }
    }

    // MARK: Messages

    private mutating func hide(_ messages: Set<Offset>) {
        guard !messages.isEmpty else { return }
        moderation.forget(messages: messages)
        var rest = messages
        for channel in ledgers.keys {
            let found = messages.filter { ledgers[channel]?.ordinal(of: $0) != nil }
            guard !found.isEmpty else { continue }
            rest.subtract(found)
            erase(found.sorted(), in: channel)
        }
        redactedTalk.formUnion(rest)
        for account in tokens.keys { tokens[account]?.forget { messages.contains($0) } }
    }

    private mutating func erase(_ messages: [Offset], in channel: ChannelID) {
        for message in messages {
            guard let thread = ledgers[channel]?.entry(of: message)?.thread,
                channels[channel]?.threads[thread]?.answer == message
            else { continue }
            channels[channel]?.threads[thread]?.answer = nil
        }
        ledgers[channel]?.erase(messages)
        shelves[channel]?.forget(messages)
    }

    // MARK: Accounts

    /// Leaves of an account its number and a name that the server made.
    private mutating func forget(_ id: AccountID) {
        for channel in ledgers.keys {
            if let messages = ledgers[channel]?.messages(by: id), !messages.isEmpty {
                erase(messages, in: channel)
            }
        }
        tokens[id] = nil
        readings[id] = nil
        forgetAttendance(of: id)
        guard let account = accounts[id] else { return }
        var names = ErasureNames()
        names.add(Text(account.name.spelling), of: id)
        let pass = ErasurePass(plan: ErasurePlan(accounts: [id]), names: names)
        for certificate in account.certificates { accountsByCertificate[certificate.fingerprint] = nil }
        guard let name = try? AccountName(ErasurePlan.pseudonym(of: id).bytes) else {
            preconditionFailure("a pseudonym is a valid name")
        }
        accountsByName[account.name.key] = nil
        accountsByName[name.key] = id
        // Made anew, so that whatever an account comes to hold is gone as well.
        accounts[id] = Account(
            id: id, name: name, role: account.role, isBot: account.isBot, created: account.created)
        accounts[id]?.isDisabled = true
        for (other, account) in accounts { accounts[other]?.profile = pass.scrubbed(account.profile) }
        reservedProfiles = reservedProfiles.mapValues {
            ProfileReserved(name: $0.name, profile: pass.scrubbed($0.profile))
        }
        for (hash, invite) in invites {
            invites[hash]?.created.accountName = invite.created.accountName.map { pass.scrubbed($0) }
        }
        for channel in channels.keys { channels[channel]?.forget(pass) }
        moderation.forget(pass)
        for channel in floors.keys { floors[channel]?.forget(pass) }
        forgetOutcomes(pass)
        forgetPractices(pass)
        forgetAnswers(of: id)
    }
}

extension Channel {
    /// Takes a name out of who set what.
    fileprivate mutating func forget(_ pass: ErasurePass) {
        if let setter = topic?.setter { topic?.setter = pass.scrubbed(mask: setter) }
        for (list, entries) in masks {
            masks[list] = entries.map { entry in
                var changed = entry
                changed.mask = pass.scrubbed(mask: entry.mask)
                changed.setter = pass.scrubbed(mask: entry.setter)
                if changed.mask != entry.mask { changed.reason = pass.codeAlone(entry.reason) }
                return changed
            }
        }
        for (id, thread) in threads {
            threads[id]?.creator = pass.scrubbed(thread.creator)
            threads[id]?.titleSetter = pass.scrubbed(mask: thread.titleSetter)
        }
    }
}
