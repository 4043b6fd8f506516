// SPDX-License-Identifier: Apache-2.0

import PlenaryTerms

/// What a sitting has besides its times: agenda, documents and roll (docs/extensions/sessions.md).
extension Community {
    // MARK: Agenda

    func decideItem(
        _ name: Text, _ number: UInt8, _ language: Language, _ title: Text, _ session: Session,
        _ moment: Moment
    ) throws(Refusal) -> [Outcome] {
        let (channel, meeting, events) = try chaired(name, session, moment)
        let limit = policy.limits.agendaItemCountLimit
        guard number > 0, Int(number) <= limit else {
            throw meetingFailure(.invalidParameters, Text(String(number)))
        }
        try requireTitle(title)
        var item = meeting.agenda[number] ?? AgendaItem(number: number, titles: [])
        item.titles.set(title, in: language)
        guard item != meeting.agenda[number] else {
            throw meetingFailure(.already, channel.name.text)
        }
        let event = AgendaItemSet(
            channel: channel.id, channelName: channel.name.text, item: item, actor: session.actor)
        return (events + [.agendaItemSet(event)]).map { .event(.meeting($0)) }
    }

    func decideItemRemoval(
        _ name: Text, _ number: UInt8, _ session: Session, _ moment: Moment
    ) throws(Refusal) -> [Outcome] {
        let (channel, meeting, events) = try chaired(name, session, moment)
        guard meeting.agenda[number] != nil else {
            throw meetingFailure(.invalidParameters, Text(String(number)))
        }
        let event = AgendaItemSet(
            channel: channel.id, channelName: channel.name.text,
            item: AgendaItem(number: number, titles: []), actor: session.actor)
        return (events + [.agendaItemSet(event)]).map { .event(.meeting($0)) }
    }

    private func requireTitle(_ title: Text) throws(Refusal) {
        guard GivenName.isValid(title.bytes, byteLimit: policy.limits.meetingTitleByteLimit) else {
            throw meetingFailure(.invalidParameters, title)
        }
    }

    // MARK: Documents

    func decideDocument(
        _ name: Text, _ symbol: Text, _ language: Language, _ link: Text?, _ title: Text,
        _ session: Session, _ moment: Moment
    ) throws(Refusal) -> [Outcome] {
        let (channel, meeting, events) = try chaired(name, session, moment)
        let spelling = channel.name.text
        try requireTitle(title)
        let key = asciiFolded(symbol.bytes)
        let known = meeting.documents.first { asciiFolded($0.symbol.bytes) == key }
        let limit = policy.limits.meetingDocumentCountLimit
        guard known != nil || meeting.documents.count < limit else {
            throw meetingFailure(.limitReached, spelling, Text(String(limit)))
        }
        var document = known ?? MeetingDocument(symbol: symbol, titles: [])
        document.titles.set(title, in: language)
        if let link { document.link = link }
        if let problem = document.problem(policy.limits) { throw meetingFailure(.invalidParameters, problem) }
        guard document != known else { throw meetingFailure(.already, spelling) }
        let event = MeetingDocumentSet(
            channel: channel.id, channelName: spelling, document: document, isRemoved: false,
            actor: session.actor)
        return (events + [.documentSet(event)]).map { .event(.meeting($0)) }
    }

    func decideDocumentRemoval(
        _ name: Text, _ symbol: Text, _ session: Session, _ moment: Moment
    ) throws(Refusal) -> [Outcome] {
        let (channel, meeting, events) = try chaired(name, session, moment)
        let key = asciiFolded(symbol.bytes)
        guard let document = meeting.documents.first(where: { asciiFolded($0.symbol.bytes) == key }) else {
            throw meetingFailure(.invalidParameters, symbol)
        }
        let event = MeetingDocumentSet(
            channel: channel.id, channelName: channel.name.text, document: document,
            isRemoved: true, actor: session.actor)
        return (events + [.documentSet(event)]).map { .event(.meeting($0)) }
    }

    // MARK: Roll

    /// Accounts in the channel that are not on the roll yet; programs are no participants.
    func attendance(_ meeting: Meeting, in channel: Channel) -> [MeetingAttended] {
        let room = policy.limits.rollCountLimit - meeting.roll.count
        guard room > 0 else { return [] }
        var new: Set<AccountID> = []
        for id in channel.members.keys {
            guard let session = sessions[id], let account = session.account, !session.isBot,
                !meeting.roll.contains(account)
            else { continue }
            new.insert(account)
        }
        guard !new.isEmpty else { return [] }
        var rest = new.sorted().prefix(room)
        var events: [MeetingAttended] = []
        while !rest.isEmpty {
            let part = Array(rest.prefix(1000))
            events.append(MeetingAttended(channel: channel.id, accounts: part))
            rest = rest.dropFirst(part.count)
        }
        return events
    }

    /// Who was there. How many is for everybody who may know the sitting, who is for its moderators.
    func roll(_ name: Text, _ session: Session) throws(Refusal) -> MeetingRoll {
        let (channel, meeting) = try meeting(name, session)
        guard meeting.attribution != .unattributed else {
            throw meetingFailure(.noRoll, channel.name.text)
        }
        let authors = ledgers[channel.id]?.authors(from: meeting.opening, to: meeting.end) ?? []
        // Whose account is forgotten is no author any more either.
        let people = meeting.roll.union(authors).filter { accounts[$0].map { !$0.isBot } ?? false }
        var roll = MeetingRoll(channel: channel.id, count: people.count)
        guard permits(.moderate, session, in: channel) else { return roll }
        roll.rows = people.sorted().compactMap { id in
            accounts[id].map { account in
                MeetingRoll.Row(
                    name: Text(account.name.spelling), attendance: account.profile.attendance,
                    hasPosted: authors.contains(id))
            }
        }
        return roll
    }
}

extension MeetingDocument {
    /// Which part cannot be, as it was spelled; nil when all can.
    package func problem(_ limits: CommunityLimits) -> Text? {
        let isPlain = symbol.bytes.allSatisfy { $0 > 32 && $0 < 127 }
        guard !symbol.isEmpty, isPlain, symbol.byteCount <= limits.meetingSymbolByteLimit,
            symbol.bytes.first != UInt8(ascii: ":")
        else { return symbol.isEmpty ? "*" : symbol }
        guard !link.isEmpty else { return nil }
        let isAddress =
            link.bytes.starts(with: "https://".utf8) || link.bytes.starts(with: "http://".utf8)
        let isOneWord = link.bytes.allSatisfy { $0 > 32 && $0 < 127 }
        return isAddress && isOneWord && link.byteCount <= limits.meetingLinkByteLimit ? nil : link
    }
}

extension [ChannelTitle] {
    fileprivate mutating func set(_ title: Text, in language: Language) {
        if let place = firstIndex(where: { $0.language == language }) {
            self[place].title = title
        } else {
            append(ChannelTitle(language: language, title: title))
        }
    }
}

extension Ledger {
    /// Who said something from one time on and before another.
    func authors(from start: Timestamp, to end: Timestamp) -> Set<AccountID> {
        var found: Set<AccountID> = []
        var index = Ordinal(count)
        while index > 0 {
            index -= 1
            let entry = self[index]
            guard entry.time >= start else { break }
            if entry.time < end, entry.flags.contains(.message), let author = entry.author {
                found.insert(author)
            }
        }
        return found
    }
}
