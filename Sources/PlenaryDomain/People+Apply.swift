// SPDX-License-Identifier: Apache-2.0

import PlenaryTerms

extension Community {
    mutating func apply(_ event: PeopleEvent) {
        switch event {
        case .profileSet(let event):
            guard accounts[event.account] != nil else { return }
            accounts[event.account]?.profile = event.profile
        case .profileReserved(let event):
            reservedProfiles[asciiFolded(event.name.bytes)] = event
        }
    }

    /// An account was made under a name that a profile waited for.
    mutating func takeReservedProfile(of account: AccountID, key: String) {
        guard let reserved = reservedProfiles.removeValue(forKey: key) else { return }
        accounts[account]?.profile = reserved.profile
    }

    mutating func apply(_ change: PeoplePresence) {
        switch change {
        case .subscriptionsChanged(let id, let keys): sessions[id]?.subscriptions = keys
        case .guestProfileSet(let id, let profile): sessions[id]?.guestProfile = profile
        }
    }

    /// The name that an account goes by is that of each of its sessions.
    mutating func takeDisplayName(_ id: SessionID) {
        guard let account = sessions[id]?.account, let name = accounts[account]?.profile.displayName,
            !name.isEmpty
        else { return }
        sessions[id]?.realName = name
    }

    /// What `snapshotEvents` says of people, behind their accounts.
    func peopleSnapshot() -> [LoggedEvent] {
        let time = Timestamp(microseconds: 0)
        var events: [LoggedEvent] = []
        for account in accounts.values.sorted(by: { $0.id < $1.id }) where account.profile != Profile() {
            let event = ProfileSet(account: account.id, profile: account.profile)
            events.append(LoggedEvent(offset: .none, time: time, event: .people(.profileSet(event))))
        }
        for reserved in reservedProfiles.sorted(by: { $0.key < $1.key }).map(\.value) {
            events.append(LoggedEvent(offset: .none, time: time, event: .people(.profileReserved(reserved))))
        }
        return events
    }
}
