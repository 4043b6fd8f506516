// SPDX-License-Identifier: Apache-2.0

import Foundation
import PlenaryClient

/// What must be so when the day is over.
struct DemoChecks {
    let day: DemoDay
    let community: DemoCommunity
    let tally: DemoTally
    private(set) var lines: [String] = []

    init(day: DemoDay, community: DemoCommunity, tally: DemoTally) {
        self.day = day
        self.community = community
        self.tally = tally
    }

    private mutating func check(_ isSo: Bool, _ claim: String) throws {
        guard isSo else { throw DemoFailure("not so: \(claim)") }
        lines.append(claim)
    }

    // MARK: Messages

    /// Every public message is in its channel exactly once, and nothing else is.
    mutating func everythingOnce() async throws {
        guard let reader = community.connections[Staff.rapporteur.rawValue] else {
            throw DemoFailure("the rapporteur is not there")
        }
        for channel in [DemoDay.morning, DemoDay.afternoon] {
            let found = try await DemoChecks.messages(of: "#" + channel, reader)
            let expected = expected(in: channel)
            let texts = found.filter { $0.translationOf == nil && $0.kind == .message }.map(\.text)
            try check(
                texts.sorted() == expected.sorted(),
                "\(channel): each of \(expected.count) public messages exactly once")
            let late = found.filter(\.isLate).count
            try check(late >= 1, "\(channel): \(late) marked late")
            let ids = found.compactMap(\.id)
            try check(Set(ids).count == ids.count, "\(channel): no id twice")
        }
    }

    private func expected(in channel: String) -> [String] {
        var texts: [String] = []
        for moment in day.moments {
            switch moment.deed {
            case .post(let post) where post.channel == channel: texts.append(post.text)
            case .platform(let message) where message.channel == channel:
                guard message.audience == .everyone else { continue }
                if case .forged = message.delivery { continue }
                texts.append(message.text)
            case .powerCut where channel == DemoDay.morning:
                texts +=
                    ["Sent as the power went."] + (1...2).map { "Written while the power was out (\($0))." }
            default: continue
            }
        }
        return texts
    }

    private static func messages(
        of channel: String, _ connection: PlenaryConnection
    ) async throws -> [Message] {
        var messages: [Message] = []
        var seen: Set<String> = []
        var place = HistoryReference.time(Timestamp(seconds: 0))
        while true {
            let page = try await connection.history(of: channel, .after(place), count: 100)
            let fresh = page.messages.filter { $0.id.map { seen.insert($0).inserted } ?? true }
            messages += fresh
            guard !page.isEnd, let last = fresh.last(where: { $0.translationOf == nil }), let id = last.id
            else { return messages }
            place = .message(id: id)
        }
    }

    /// No file has what was said in private, or what was forged.
    mutating func nothingPrivate() throws {
        var count = 0
        let marks = [DemoDay.privateMark, DemoDay.forgedMark].map { Data($0.utf8) }
        let files = FileManager.default.enumerator(atPath: community.folder)
        while let name = files?.nextObject() as? String {
            // The saved chats are the platform's own files, which somebody put there.
            guard !name.hasSuffix(".txt") else { continue }
            let path = community.folder + "/" + name
            var isFolder: ObjCBool = false
            guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), !isFolder.boolValue,
                let data = FileManager.default.contents(atPath: path)
            else { continue }
            count += 1
            for mark in marks where data.range(of: mark) != nil {
                throw DemoFailure("\(name) has what was private or forged")
            }
        }
        try check(count > 5, "no private and no forged text in any of \(count) files")
    }

    // MARK: The rest

    /// The saved chats are complete.
    mutating func reconciled() throws {
        try check(tally.reconciled.count == 4, "both saved chats were compared")
        for index in [0, 2] {
            let first = tally.reconciled[index].split(separator: "\n").first ?? ""
            try check(first.contains("1 missing"), "reconcile finds what the platform lost: \(first)")
            let second = tally.reconciled[index + 1].split(separator: "\n").first ?? ""
            try check(second.contains("0 missing"), "and after the import: \(second)")
        }
    }

    /// Everybody's answer counts once, and the export says what the counts say.
    mutating func feedback() async throws {
        guard let host = community.connections[Staff.secretariat.rawValue] else {
            throw DemoFailure("the secretariat is not there")
        }
        let people = Set(
            day.moments.compactMap { moment -> Int? in
                if case .answer(let by, _, _) = moment.deed { by } else { nil }
            })
        let answers = try await host.exportAnswers(of: DemoDay.form)
        try check(
            answers.count == people.count,
            "\(tally.answers) answers of \(people.count) people: \(answers.count) in the export")
        try check(answers.allSatisfy { $0.account == nil }, "no answer has a name")
        let counts = try await host.answerCounts(of: DemoDay.form)
        let counted = counts.filter { $0.question == "hub" }.reduce(0) { $0 + $1.count }
        try check(
            counted == answers.count { $0.values["hub"] != nil }, "counts and export agree")
    }

    /// The speakers' lists are empty, and all spoke.
    mutating func floors() async throws {
        guard let chair = community.connections[Staff.chair.rawValue] else {
            throw DemoFailure("the chair is not there")
        }
        for channel in [DemoDay.morning, DemoDay.afternoon] {
            let list = try await chair.speakersList(of: "#" + channel)
            try check(
                list.entries.isEmpty && list.speaker == nil,
                "\(channel): \(list.spoken.count) statements, the list is empty")
            try check(
                list.spoken.last?.request.kind == "reply", "\(channel): the right of reply came last")
        }
    }
}
