// SPDX-License-Identifier: Apache-2.0

import PlenaryTerms

extension Community {
    /// AWAY, SETNAME, MONITOR and the queries about people and the server.
    func decide(_ command: PresenceCommand, by id: SessionID, at moment: Moment) -> [Outcome] {
        guard let session = sessions[id] else { return [] }
        switch command {
        case .away(let text):
            let text = text.flatMap { $0.isEmpty ? nil : $0 }
            if let text, text.byteCount > policy.limits.awayByteLimit {
                return [.refused(.textTooLong(verb: "AWAY", limit: policy.limits.awayByteLimit))]
            }
            let change: [Outcome] = text == session.away ? [] : [.presence(.awayChanged(id, text))]
            return change + [.answer(.awayState(isAway: text != nil))]
        case .setName(let name):
            return decideName(name, session, moment)
        case .who(let query): return [.answer(.who(query))]
        case .whois(let nick): return [.answer(.whois(nick))]
        case .whowas(let nick, let count): return [.answer(.whowas(nick, count: count))]
        case .userhost(let nicks): return [.answer(.userhost(nicks))]
        case .isOn(let nicks): return [.answer(.isOn(nicks))]
        case .monitorAdd(let names): return decideMonitor(names, session)
        case .monitorRemove(let names):
            return [
                .presence(
                    .monitorChanged(
                        id, added: [],
                        removed: names.filter { session.monitored[asciiFolded($0.bytes)] != nil }))
            ]
        case .monitorClear: return [.presence(.monitorCleared(id))]
        case .monitorList: return [.answer(.monitorList)]
        case .monitorStatus:
            let names = session.monitored.sorted { $0.key < $1.key }.map(\.value)
            return [.answer(.monitorStatus(names))]
        case .language(let code):
            guard let language = Language(rawValue: asciiFolded(code.bytes)) else {
                return [.refused(.unknownLanguage(code))]
            }
            return [.presence(.languageChosen(id, language))]
        case .server(let answer): return [.answer(answer)]
        case .serverNamed(let name, let answer):
            // One server: any other name than its own or a nickname here is unknown (402).
            return isThisServer(name) ? [.answer(answer)] : [.refused(.noSuchServer(name))]
        }
    }

    private func isThisServer(_ name: Text) -> Bool {
        session(named: name) != nil || asciiFolded(name.bytes) == asciiFolded(policy.serverName.bytes)
    }

    private func decideMonitor(_ names: [Text], _ session: Session) -> [Outcome] {
        var added: [Text] = []
        var known = Set(session.monitored.keys)
        var full: [Text] = []
        var mentioned: Set<String> = []
        for name in names where (try? Nickname(name.bytes)) != nil {
            let key = asciiFolded(name.bytes)
            guard mentioned.insert(key).inserted else { continue }
            if known.contains(key) || known.count < policy.limits.monitorCountLimit {
                known.insert(key)
                added.append(name)
            } else {
                full.append(name)
            }
        }
        var outcomes: [Outcome] = []
        if !added.isEmpty {
            outcomes.append(.presence(.monitorChanged(session.id, added: added, removed: [])))
            outcomes.append(.answer(.monitorStatus(added)))
        }
        if !full.isEmpty {
            let list = Text(Array(full.map(\.bytes).joined(separator: [44])))
            outcomes.append(.refused(.monitorListFull(limit: policy.limits.monitorCountLimit, targets: list)))
        }
        return outcomes
    }
}
