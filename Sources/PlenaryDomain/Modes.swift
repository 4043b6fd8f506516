// SPDX-License-Identifier: Apache-2.0

import PlenaryTerms

extension Community {
    /// MODE for channels and for oneself (modern.ircd.chat, "MODE message").
    func decide(_ command: ModeCommand, by id: SessionID, at moment: Moment) -> [Outcome] {
        guard let session = sessions[id] else { return [] }
        switch command {
        case .show(let name) where namesThread(name):
            return onThread(name, session) { [.answer(.threadModes($0.id, $1))] }
        case .change(let name, let changes) where namesThread(name):
            return onThread(name, session) { channel, thread in
                // One line is one change of the state, its last.
                let last = changes.lastIndex { $0.letter == UInt8(ascii: "m") }
                return changes.enumerated().flatMap { index, change in
                    change.letter == UInt8(ascii: "m") && index != last
                        ? [] : decideThreadMode(change, name, channel, thread, by: id, at: moment)
                }
            }
        case .show(let target):
            if target.bytes.first == 35 {
                guard let channel = channel(named: target), isVisible(channel, to: id) else {
                    return [.refused(.noSuchChannel(target))]
                }
                return [.answer(.channelModes(channel.id))]
            }
            guard isSelf(target, session) else { return [userModeRefusal(target)] }
            return [.answer(.userModes)]
        case .change(let target, let changes):
            if target.bytes.first == 35 {
                return decideChannelModes(target, changes, reason: "", session, moment)
            }
            guard isSelf(target, session) else { return [userModeRefusal(target)] }
            return decideUserModes(changes, session)
        }
    }

    /// `+m` closes, `-m` reopens; `b` asks for a ban list that a thread does not have.
    private func decideThreadMode(
        _ change: RequestedMode, _ name: Text, _ channel: Channel, _ thread: ThreadID, by id: SessionID,
        at moment: Moment
    ) -> [Outcome] {
        switch change.letter {
        case UInt8(ascii: "m"):
            let state = RequestedThreadChange.state(change.isAdded ? .closed : .open, reason: "")
            return classic(.change(target: name, state), verb: "MODE", channel, by: id, at: moment)
        case UInt8(ascii: "b") where change.argument == nil:
            return [.answer(.threadBans(channel.id, thread))]
        default: return [.refused(.unknownMode(change.letter, channel: channel.spelling(of: thread)))]
        }
    }

    private func isSelf(_ target: Text, _ session: Session) -> Bool {
        session.nickname.map { $0.key == asciiFolded(target.bytes) } ?? false
    }

    private func userModeRefusal(_ target: Text) -> Outcome {
        session(named: target) == nil ? .refused(.noSuchNick(target)) : .refused(.usersDoNotMatch)
    }

    private func decideUserModes(_ changes: [RequestedMode], _ session: Session) -> [Outcome] {
        var outcomes: [Outcome] = []
        var accepted: [UserModeChange] = []
        var hasUnknown = false
        for change in changes {
            switch change.letter {
            case UInt8(ascii: "i") where session.isInvisible != change.isAdded,
                UInt8(ascii: "B") where session.isBot != change.isAdded:
                accepted.append(UserModeChange(letter: change.letter, isAdded: change.isAdded))
            case UInt8(ascii: "o") where !change.isAdded && permits(.moderate, session):
                accepted.append(UserModeChange(letter: change.letter, isAdded: false))
            case UInt8(ascii: "i"), UInt8(ascii: "B"): break
            // Nobody becomes an operator by asking (modern.ircd.chat, "MODE": ignored).
            case UInt8(ascii: "o"): break
            default: hasUnknown = true
            }
        }
        if hasUnknown { outcomes.append(.refused(.unknownUserMode)) }
        if !accepted.isEmpty { outcomes.append(.presence(.userModesChanged(session.id, accepted))) }
        return outcomes
    }

    func decideChannelModes(
        _ target: Text, _ changes: [RequestedMode], reason: Text, _ session: Session, _ moment: Moment
    ) -> [Outcome] {
        guard let channel = channel(named: target), isVisible(channel, to: session.id) else {
            return [.refused(.noSuchChannel(target))]
        }
        var draft = ModeDraft(
            channel: channel, session: session, limits: policy.limits, reason: reason, now: moment.now)
        for change in changes { draft.consider(change, in: self) }
        let accepted = draft.accepted
        var outcomes = draft.outcomes
        for changes in Community.linesFull(of: accepted) {
            let event = ModesChanged(
                channel: channel.id, channelName: channel.name.text, changes: changes,
                actor: session.actor, reason: reason)
            outcomes.append(.event(.modesChanged(event)))
        }
        return outcomes
    }

    /// Changes in as many groups as are needed for each to fit into one MODE line.
    private static func linesFull(of changes: [ModeChange]) -> [[ModeChange]] {
        var groups: [[ModeChange]] = []
        var byteCount = 0
        for change in changes {
            let added = 2 + (change.argument.map { $0.byteCount + 1 } ?? 0)
            if groups.isEmpty || byteCount + added > 300 {
                groups.append([])
                byteCount = 0
            }
            groups[groups.count - 1].append(change)
            byteCount += added
        }
        return groups
    }

    mutating func applyModes(_ event: ModesChanged, time: Timestamp) {
        guard channels[event.channel] != nil else { return }
        for change in event.changes {
            applyMode(change, to: event.channel, event, time: time)
        }
        channels[event.channel]?.audienceVersion += 1
    }

    private mutating func applyMode(
        _ change: ModeChange, to id: ChannelID, _ event: ModesChanged, time: Timestamp
    ) {
        if let role = ChannelRoles(modeLetter: change.letter) {
            if let account = change.account {
                var roles = channels[id]?.standingRoles[account] ?? []
                if change.isAdded { roles.insert(role) } else { roles.remove(role) }
                channels[id]?.standingRoles[account] = roles.isEmpty ? nil : roles
            }
            for member in change.argument.map({ sessions(named: $0) }) ?? [] {
                guard channels[id]?.members[member] != nil else { continue }
                if change.isAdded {
                    channels[id]?.members[member]?.insert(role)
                } else {
                    channels[id]?.members[member]?.remove(role)
                }
            }
            return
        }
        if let flag = ChannelFlags(letter: change.letter) {
            if change.isAdded { channels[id]?.flags.insert(flag) } else { channels[id]?.flags.remove(flag) }
            if flag == .secret {
                if change.isAdded { annex.secretChannels.insert(id) } else { annex.secretChannels.remove(id) }
            }
            return
        }
        if let list = MaskList(rawValue: change.letter), let mask = change.argument {
            let key = asciiFolded(mask.bytes)
            channels[id]?.masks[list, default: []].removeAll { asciiFolded($0.mask.bytes) == key }
            if change.isAdded {
                channels[id]?.masks[list, default: []].append(
                    MaskEntry(
                        mask: mask, setter: event.actor.source, time: time, until: change.until,
                        reason: event.reason))
                if let until = change.until { moderation.noteExpiry(until) }
            }
            return
        }
        switch change.letter {
        case UInt8(ascii: "k"): channels[id]?.key = change.isAdded ? change.argument : nil
        case UInt8(ascii: "f"):
            channels[id]?.slowSeconds = change.isAdded ? change.argument.flatMap { Int($0.string) } : nil
        case UInt8(ascii: "l"):
            channels[id]?.memberLimit = change.isAdded ? change.argument.flatMap { Int($0.string) } : nil
        default: preconditionFailure("a logged mode letter is unknown: \(change.letter)")
        }
    }
}

/// Goes through one MODE line's changes, keeping what is allowed and would change something.
private struct ModeDraft {
    var channel: Channel
    let session: Session
    let limits: CommunityLimits
    let reason: Text
    let now: Timestamp
    var accepted: [ModeChange] = []
    var outcomes: [Outcome] = []
    private var argumentCount = 0
    private var hasRefusedRank = false
    private var shownLists: Set<MaskList> = []
    private var refused: Set<Refusal> = []

    init(channel: Channel, session: Session, limits: CommunityLimits, reason: Text, now: Timestamp) {
        self.channel = channel
        self.session = session
        self.limits = limits
        self.reason = reason
        self.now = now
    }

    private var spelling: Text { channel.name.text }

    mutating func consider(_ change: RequestedMode, in community: Community) {
        if change.argument != nil {
            argumentCount += 1
            guard argumentCount <= limits.modeArgumentCountLimit else { return }
        }
        if let list = MaskList(rawValue: change.letter), change.argument == nil {
            // Anyone may read the ban list; the other two are for operators. Each is shown once a command.
            guard shownLists.insert(list).inserted, list == .bans || mayChangeOrRefuse(community)
            else { return }
            outcomes.append(.answer(.maskList(channel.id, list)))
            return
        }
        let isKnown =
            ChannelRoles(modeLetter: change.letter) != nil || ChannelFlags(letter: change.letter) != nil
            || MaskList(rawValue: change.letter) != nil || change.letter == UInt8(ascii: "k")
            || change.letter == UInt8(ascii: "l") || change.letter == UInt8(ascii: "f")
        guard isKnown else {
            refuse(.unknownMode(change.letter, channel: spelling))
            return
        }
        if let role = ChannelRoles(modeLetter: change.letter) {
            considerRole(role, change, community)
            return
        }
        guard mayChangeOrRefuse(community) else { return }
        if let flag = ChannelFlags(letter: change.letter) {
            guard channel.flags.contains(flag) != change.isAdded else { return }
            if change.isAdded { channel.flags.insert(flag) } else { channel.flags.remove(flag) }
            accepted.append(ModeChange(letter: change.letter, isAdded: change.isAdded))
        } else if let list = MaskList(rawValue: change.letter), let mask = change.argument {
            considerMask(list, change, completedMask(mask))
        } else if change.letter == UInt8(ascii: "k") {
            considerKey(change)
        } else if change.letter == UInt8(ascii: "f") {
            considerSlow(change)
        } else {
            considerLimit(change)
        }
    }

    /// Refusals of one command that are answered. Each is said once; the rest of a hostile line is not
    /// worth more.
    private static let refusalLimit = 12

    private mutating func refuse(_ refusal: Refusal) {
        guard refused.count < ModeDraft.refusalLimit, refused.insert(refusal).inserted else { return }
        outcomes.append(.refused(refusal))
    }

    private mutating func mayChangeOrRefuse(_ community: Community) -> Bool {
        if community.permits(.moderate, session, in: channel) { return true }
        if !hasRefusedRank { outcomes.append(.refused(.channelOperatorNeeded(spelling))) }
        hasRefusedRank = true
        return false
    }

    private mutating func considerRole(_ role: ChannelRoles, _ change: RequestedMode, _ community: Community)
    {
        guard let nick = change.argument else {
            refuse(.invalidModeParameter(target: spelling, letter: change.letter, parameter: "*", ""))
            return
        }
        guard let person = community.session(named: nick) else {
            refuse(.noSuchNick(nick))
            return
        }
        guard mayChangeOrRefuse(community) else { return }
        if role == .founder, !community.mayAppointFounders(of: channel, session) {
            refuse(.channelOperatorNeeded(spelling))
            return
        }
        guard let member = community.sessions(named: nick).first(where: { channel.members[$0] != nil }) else {
            refuse(.userNotInChannel(nick: nick, channel: spelling))
            return
        }
        guard (channel.members[member] ?? []).contains(role) != change.isAdded else { return }
        if change.isAdded {
            channel.members[member]?.insert(role)
        } else {
            channel.members[member]?.remove(role)
        }
        accepted.append(
            ModeChange(
                letter: change.letter, isAdded: change.isAdded,
                argument: Text(person.nickname?.spelling ?? "*"),
                account: person.account))
    }

    private mutating func considerMask(_ list: MaskList, _ change: RequestedMode, _ mask: Text) {
        guard isWellFormed(mask) else {
            refuse(
                .invalidModeParameter(target: spelling, letter: change.letter, parameter: mask, ""))
            return
        }
        var entries = channel.masks[list] ?? []
        let key = asciiFolded(mask.bytes)
        let known = entries.firstIndex { asciiFolded($0.mask.bytes) == key }
        if change.isAdded {
            // Said again with another end or reason, it replaces what was there.
            if let known {
                guard
                    entries[known].until != change.until || !reason.isEmpty && entries[known].reason != reason
                else { return }
                entries.remove(at: known)
            }
            guard entries.count < limits.listModeCountLimit else {
                refuse(.listFull(channel: spelling, letter: change.letter))
                return
            }
            entries.append(
                MaskEntry(mask: mask, setter: session.source, time: now, until: change.until, reason: reason))
        } else {
            guard known != nil else { return }
            entries.removeAll { asciiFolded($0.mask.bytes) == key }
        }
        channel.masks[list] = entries
        accepted.append(
            ModeChange(
                letter: change.letter, isAdded: change.isAdded, argument: mask,
                until: change.isAdded ? change.until : nil))
    }

    /// `f`, slow mode (docs/extensions/moderation.md).
    private mutating func considerSlow(_ change: RequestedMode) {
        guard change.isAdded else {
            guard channel.slowSeconds != nil else { return }
            channel.slowSeconds = nil
            accepted.append(ModeChange(letter: change.letter, isAdded: false))
            return
        }
        guard let seconds = change.argument.flatMap({ Int($0.string) }),
            limits.slowSecondsLimits.contains(seconds)
        else {
            refuse(
                .invalidModeParameter(
                    target: spelling, letter: change.letter, parameter: change.argument ?? "*", ""))
            return
        }
        guard seconds != channel.slowSeconds else { return }
        channel.slowSeconds = seconds
        accepted.append(ModeChange(letter: change.letter, isAdded: true, argument: Text(String(seconds))))
    }

    private mutating func considerKey(_ change: RequestedMode) {
        guard change.isAdded else {
            // The key need not be named to be removed, so that no mode resists.
            guard let key = channel.key else { return }
            channel.key = nil
            accepted.append(ModeChange(letter: change.letter, isAdded: false, argument: key))
            return
        }
        let isWord = { (key: Text) in
            !key.isEmpty && key.bytes.allSatisfy { $0 > 32 && $0 != 44 && $0 != 58 && $0 < 127 }
        }
        guard let key = change.argument, isWord(key), key.byteCount <= limits.channelKeyByteLimit else {
            refuse(.invalidKey(spelling))
            return
        }
        guard key != channel.key else { return }
        channel.key = key
        accepted.append(ModeChange(letter: change.letter, isAdded: true, argument: key))
    }

    private mutating func considerLimit(_ change: RequestedMode) {
        guard change.isAdded else {
            guard channel.memberLimit != nil else { return }
            channel.memberLimit = nil
            accepted.append(ModeChange(letter: change.letter, isAdded: false))
            return
        }
        guard let text = change.argument, let limit = Int(text.string), limit > 0, limit <= 1_000_000_000
        else {
            refuse(
                .invalidModeParameter(
                    target: spelling, letter: change.letter, parameter: change.argument ?? "*", ""))
            return
        }
        guard limit != channel.memberLimit else { return }
        channel.memberLimit = limit
        accepted.append(ModeChange(letter: change.letter, isAdded: true, argument: Text(String(limit))))
    }
}
