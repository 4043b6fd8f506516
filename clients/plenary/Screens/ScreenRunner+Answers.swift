// SPDX-License-Identifier: Apache-2.0

import PlenaryClient
import PlenaryScreens
import PlenaryTerms

/// What is asked of the server, and what it says to it.
extension ScreenRunner {
    /// Does it; nil when there is nothing to tell beyond the events that come of it.
    nonisolated func carryOut(_ effect: Effect) async -> Answer? {
        do throws(ClientError) {
            return try await attempt(effect)
        } catch {
            return answer(for: effect, error)
        }
    }

    /// The answer that says what failed, in the form that the effect is waited for.
    private nonisolated func answer(for effect: Effect, _ error: ClientError) -> Answer? {
        switch effect {
        case .send(let outgoing): .notSent(outgoing, error)
        case .load(let place, let query): .history(place, query, .failure(error))
        case .search(let words): .found(words, .failure(error))
        case .createThread: .threadMade(.failure(error))
        case .changeThread: .threadChanged(.failure(error))
        case .ask(_, _, let title): title.isEmpty ? nil : .failed(title: title, error)
        // What is learnt in passing is asked for again at the next connecting.
        case .markRead, .learnThreads, .learnPeople, .learnMembers, .learnModes, .learnMeeting: nil
        // Without a marker everything is as if nothing had ever been read here.
        case .learnMarker(let place): .marker(place, nil)
        default: .failed(title: "", error)
        }
    }

    private nonisolated func send(_ outgoing: Outgoing) async throws(ClientError) {
        var marks = outgoing.marks
        marks.addSymbols(of: outgoing.text)
        try await connection.enqueue(
            outgoing.text, to: outgoing.place.target, kind: outgoing.kind, replyTo: outgoing.replyTo,
            token: outgoing.token, marks: marks)
    }

    private nonisolated func attempt(_ effect: Effect) async throws(ClientError) -> Answer? {
        switch effect {
        case .send(let outgoing):
            try await send(outgoing)
        case .load(let place, let query):
            return .history(place, query, .success(try await load(place, query)))
        case .markRead(let place, let time): try await connection.markRead(place.historyTarget, upTo: time)
        case .search(let words):
            return .found(words, .success(try await connection.search(SearchRequest(text: words, limit: 50))))
        case .redact(let id, let place): try await connection.redact(id, in: place.target)
        case .join(let channel):
            try await connection.join(channel)
            return .joined(channel)
        case .leave(let channel): await connection.leave(channel)
        case .learnThreads(let channel):
            return .threads(channel: channel, try await ThreadReader.all(connection, in: channel, .current))
        case .learnPeople(let channel): return .people(channel: channel, await people(in: channel))
        case .learnMembers(let channel):
            let session = await connection.session
            let members = session.channels[session.features.fold(channel)]?.members.values.map { $0 } ?? []
            return .members(channel: channel, members)
        case .learnMeeting(let channel):
            // A channel need have neither.
            let meeting = try? await connection.meeting(in: channel)
            return .meeting(channel: channel, meeting, try? await connection.speakersList(of: channel))
        case .learnMarker(let place):
            return .marker(place, try await connection.marker(of: place.historyTarget))
        case .learnModes(let name):
            // Of a channel, and of oneself.
            let reply = try await connection.request("MODE", [name])
            let line = reply.lines.first { $0.numeric == 324 || $0.numeric == 221 }
            let words = line?.parameters.dropFirst(line?.numeric == 324 ? 2 : 1) ?? []
            return words.isEmpty ? nil : .modes(of: name, words.joined(separator: " "))
        case .listChannels(let mask): return .channels(try await channels(mask))
        case .createThread(let channel, let title, let root):
            return .threadMade(
                .success(try await connection.createThread(in: channel, title: title, root: root)))
        case .changeThread(let place, let deed):
            return .threadChanged(.success(try await change(place.target, deed)))
        case .ask(let verb, let parameters, let title): return try await ask(verb, parameters, title)
        case .moderate(let draft):
            if draft.act == "KICK" { return nil }
            _ = try await connection.moderate(draft.target, draft.act, draft.words)
            return .moderated(draft)
        case .report(let about, let channel, let reason):
            return .reported(number: try await connection.report(about, in: channel, reason: reason))
        case .learnModerationLog(let channel):
            return .moderationLog(try await connection.moderationLog(of: channel, limit: 100).acts)
        case .connectNow: try await connection.start()
        case .openLink(let link): return openLink(link)
        case .export(let place): return try await export(place)
        case .copy, .bell, .keepDraft, .keepMuted, .keepSetting, .editOutside, .start, .redraw, .suspend,
            .changeToPlain, .quit:
            break
        }
        return nil
    }

    private nonisolated func channels(_ mask: String?) async throws(ClientError) -> [ChannelListing] {
        let reply = try await connection.request("LIST", mask.map { [$0] } ?? [])
        if let refusal = reply.refusal { throw .refused(refusal) }
        return reply.lines.filter { $0.numeric == 322 }.compactMap { line in
            line.parameter(1).map {
                ChannelListing(
                    name: $0, memberCount: Int(line.parameter(2) ?? "") ?? 0,
                    topic: line.parameters.last ?? "")
            }
        }
    }

    private nonisolated func load(
        _ place: Place, _ query: HistoryQuery
    ) async throws(ClientError) -> HistoryPage {
        // Without threads a server knows no main line apart.
        let hasThreads = await connection.session.threadSupport != nil
        let target = hasThreads ? place.historyTarget : place.conversation
        let count = ScreenLimits.pageMessageCount
        return switch query {
        case .latest: try await connection.history(of: target, .latest, count: count)
        case .older(let before): try await connection.history(of: target, .before(before), count: count)
        case .newer(let after): try await connection.history(of: target, .after(after), count: count)
        case .around(let middle): try await connection.history(of: target, .around(middle), count: count)
        case .gap(_, let after, let before):
            try await connection.history(of: target, .between(after, before), count: count)
        }
    }

    /// What stands beside a name is what the secretariat has verified, and nothing that somebody says of themself.
    private nonisolated func people(in channel: String) async -> [String: PersonCard] {
        let nickname = await connection.session.nickname
        let facts = await PersonFacts.everybody(in: channel, own: nickname, connection)
        var cards: [String: PersonCard] = [:]
        for (name, fact) in facts {
            let affiliation = fact[.verified] == nil ? nil : fact[.country] ?? fact[.organisation]
            cards[name.lowercased()] = PersonCard(displayName: fact[.displayName], affiliation: affiliation)
        }
        return cards
    }

    private nonisolated func change(
        _ target: String, _ deed: ThreadDeed
    ) async throws(ClientError) -> ThreadInfo {
        switch deed {
        case .title(let title): try await connection.renameThread(target, to: title)
        case .close: try await connection.closeThread(target)
        case .reopen: try await connection.reopenThread(target)
        case .pin: try await connection.pinThread(target)
        case .unpin: try await connection.unpinThread(target)
        case .level(let level): try await connection.setLevel(level, of: target)
        }
    }

    private nonisolated func ask(
        _ verb: String, _ parameters: [String], _ title: String
    ) async throws(ClientError) -> Answer? {
        let reply = try await connection.request(verb, parameters)
        if let refusal = reply.refusal { throw .refused(refusal) }
        guard !title.isEmpty else { return nil }
        return .told(
            title: title,
            reply.lines.compactMap(AnswerText(words: LineText(workplace.language, workplace.time)).line))
    }

    private nonisolated func openLink(_ link: String) -> Answer? {
        let words = Answer.notice(Catalogue(workplace.language).text(.linkIs, [.link: link]))
        // A link is data from somebody else: it goes to the program as an argument, never through a shell.
        do throws(Failure) {
            let code = try ChildProcess.runQuietly(["xdg-open", link])
            return code == 0 ? nil : words
        } catch {
            return words
        }
    }

    private nonisolated func export(_ place: Place) async throws(ClientError) -> Answer? {
        guard let target = try? Target(place.isChannel ? place.target : "@" + place.conversation) else {
            return nil
        }
        let transcript = try await ExportCommand.read(connection, target, nil, nil) { _ in }
        let day = workplace.surroundings.now().iso8601.prefix(10)
        let name = Place.shortName(place.target).map { $0 == "/" ? "-" : $0 }
        let path = "\(String(name))-\(day).md"
        do throws(FileError) {
            try FileAccess.writePrivate(Array(transcript.markdown.utf8), to: path)
            return .notice(path)
        } catch {
            return .notice("\(error)")
        }
    }
}
