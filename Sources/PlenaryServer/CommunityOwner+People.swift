// SPDX-License-Identifier: Apache-2.0

import PlenaryDialect
import PlenaryDomain
import PlenaryTerms
import PlenaryWire

extension CommunityOwner {
    /// Records a change of a profile and tells those who share a channel with the person, or watch the nickname,
    /// and subscribed to what changed; never the session that made the change (IRCv3 metadata, "Notifications").
    func recordPeople(_ event: PeopleEvent, by id: SessionID) {
        guard case .profileSet(let change) = event else {
            _ = record(.people(event))
            return
        }
        let old = community.accounts[change.account]?.profile ?? Profile()
        _ = record(.people(event))
        let holders = community.sessions.values.filter {
            $0.account == change.account && $0.isRegistered
        }
        tellProfile(from: old, to: change.profile, of: holders, by: id)
    }

    /// The same for somebody whose profile ends with the session.
    func changeGuest(_ change: PeoplePresence, by id: SessionID) {
        guard case .guestProfileSet(let guest, let profile) = change,
            let session = community.sessions[guest]
        else {
            community.apply(.people(change))
            return
        }
        community.apply(.people(change))
        tellProfile(from: session.guestProfile, to: profile, of: [session], by: id)
    }

    private func tellProfile(from old: Profile, to new: Profile, of holders: [Session], by id: SessionID) {
        let changed = ProfileKey.allCases.filter { old.value(of: $0) != new.value(of: $0) }
        guard let nick = holders.first?.nickname, !changed.isEmpty else { return }
        var audience = community.watchers[nick.key] ?? []
        for holder in holders {
            audience.formUnion(community.neighbours(of: holder.id))
            audience.insert(holder.id)
        }
        audience.remove(id)
        for reader in audience.sorted() {
            guard let session = community.sessions[reader], session.capabilities.contains(.metadata) else {
                continue
            }
            let lines = changed.filter { session.isSubscribed(to: $0) }.map { key in
                dialect.renderNews(
                    MetadataNews(target: Text(nick.spelling), key: key, value: new.value(of: key)))
            }
            send(lines, to: reader)
        }
    }
}
