// SPDX-License-Identifier: Apache-2.0

/// The 23rd of June 2023 at the Palais des Nations, as it might have been: the same for the same seed. The times
/// and the shape of the day are those of the announcement; who says what is made up.
struct DemoDay {
    static let seed: UInt64 = 20_230_623
    static let morning = "session-2023-06-23-am"
    static let afternoon = "session-2023-06-23-pm"
    static let form = "seminar-1-feedback"
    /// Stands in every private message, so that a search of all files finds whatever came through.
    static let privateMark = "zq-private-7f3a"
    /// Stands in every forged one.
    static let forgedMark = "zq-forged-51c9"

    private(set) var people: [DemoPerson]
    private(set) var moments: [DemoMoment] = []
    var random: DemoRandom
    private var nextKey = 1
    /// Posts that others may answer or translate: key, speaker, text.
    private var said: [(key: Int, by: Int, channel: String, language: DemoLanguage, text: String)] = []

    init(seed: UInt64 = DemoDay.seed) {
        random = DemoRandom(seed: seed)
        people = DemoPeople(&random).all
        play(DemoDay.morning, opens: DemoDay.time(8, 0), isMorning: true)
        play(DemoDay.afternoon, opens: DemoDay.time(13, 0), isMorning: false)
        askForFeedback()
        markOutcomes()
        let indexed = moments.enumerated().sorted { left, right in
            (left.element.time, left.offset) < (right.element.time, right.offset)
        }
        moments = indexed.map(\.element)
    }

    /// A time of the day in UTC; Geneva is two hours ahead.
    static func time(_ hour: Int64, _ minute: Int64, _ second: Int64 = 0) -> Int64 {
        1_687_478_400 + hour * 3600 + minute * 60 + second
    }

    private mutating func add(_ time: Int64, _ deed: DemoDeed) {
        moments.append(DemoMoment(time: time, deed: deed))
    }

    private mutating func key() -> Int {
        nextKey += 1
        return nextKey - 1
    }

    // MARK: A session

    private mutating func play(_ channel: String, opens: Int64, isMorning: Bool) {
        let present = people.indices.filter { !people[$0].isOnPlatform }
        let remote = people.indices.filter { people[$0].isOnPlatform }
        let early = present[random.below(present.count)]
        add(
            opens - 1,
            .refusedPost(by: early, channel: channel, text: "Good morning!", code: "NOT_OPEN"))
        // It opens by itself.
        add(opens, .pass)
        var time = opens + 5
        let closes = opens + 7200
        let pause = isMorning ? nil : opens + 3000..<opens + 3300
        while time < closes - 30 {
            if !(pause?.contains(time) ?? false) { speak(at: time, channel, present, remote) }
            time += 14 + Int64(random.below(20))
        }
        addPlatformOddities(channel, opens: opens, remote)
        if let pause { addPause(channel, pause, present) }
        if isMorning { add(opens + 3900, .powerCut(seconds: 40)) }
        addFloor(channel, opens: opens, present, remote)
        addTranslations(channel)
        // It closes by itself, and says so to who comes too late.
        add(closes, .pass)
        add(closes + 1000, .refusedPost(by: early, channel: channel, text: "One more thing", code: "CLOSED"))
    }

    private mutating func speak(at time: Int64, _ channel: String, _ present: [Int], _ remote: [Int]) {
        let isRemote = random.below(100) < 30
        let speaker = isRemote ? random.pick(remote) : random.pick(present)
        let person = people[speaker]
        let sentences = Sentences.of(person.language)
        let roll = random.below(10)
        let (list, kind): ([String], String?) =
            roll < 3
            ? (sentences.questions, "question")
            : roll < 6
                ? (sentences.practices, "practice")
                : (sentences.remarks, nil)
        let symbol = random.pick(DemoDay.symbols)
        let template = random.pick(list)
        let text = fill(template, symbol: symbol, of: person)
        let key = key()
        if isRemote {
            add(
                time,
                .platform(
                    PlatformMessage(key: key, channel: channel, id: "m-\(key)", sender: speaker, text: text)))
            return
        }
        var post = DemoPost(
            key: key, by: speaker, channel: channel, text: text, language: person.language, kind: kind)
        if template.contains("{symbol}") { post.references = ["doc:\(symbol)"] }
        let recent = said.suffix(12).filter { $0.channel == channel }
        if roll == 9, let begun = recent.first, begun.by != speaker {
            if !threads.contains(begun.key) {
                threads.insert(begun.key)
                add(time - 1, .thread(by: begun.by, of: begun.key, title: title(of: begun.text)))
            }
            post.thread = begun.key
        } else {
            said.append((key, speaker, channel, person.language, text))
        }
        add(time, .post(post))
    }

    /// Keys of messages that have a thread.
    private var threads: Set<Int> = []

    private func title(of text: String) -> String { String(text.prefix(48)) }

    private mutating func fill(_ template: String, symbol: String, of person: DemoPerson) -> String {
        let others = DemoStates.all.filter { $0.code != person.country && $0.language == person.language }
        let state = others.isEmpty ? "Paraguay" : random.pick(others).name
        return template.replacing("{symbol}", with: symbol).replacing("{state}", with: state)
            .replacing("{count}", with: String(2 + random.below(10)))
    }

    private static let symbols = [
        "A/HRC/50/64", "A/HRC/RES/51/33", "HR/PUB/16/1", "A/HRC/RES/42/30", "HR/PUB/16/1/Add.1",
    ]

    // MARK: The platform at its worst

    private mutating func addPlatformOddities(_ channel: String, opens: Int64, _ remote: [Int]) {
        func message(_ day: inout DemoDay, _ text: String) -> PlatformMessage {
            let key = day.key()
            return PlatformMessage(
                key: key, channel: channel, id: "m-\(key)", sender: day.random.pick(remote), text: text)
        }
        for index in 0..<6 {
            var dropped = message(&self, "\(DemoDay.privateMark) Can you hear me? (\(index))")
            dropped.audience = .one
            add(opens + 400 + Int64(index) * 900, .platform(dropped))
        }
        for index in 0..<5 {
            var repeated = message(&self, "The sound is better now, thank you. (\(index + 1))")
            repeated.delivery = .repeated(1 + index % 3)
            add(opens + 700 + Int64(index) * 1100, .platform(repeated))
        }
        for index in 0..<2 {
            var forged = message(&self, "\(DemoDay.forgedMark) \(index)")
            forged.delivery = .forged
            add(opens + 1500 + Int64(index) * 2000, .platform(forged))
        }
        var late = message(&self, "Sent before the end, delivered after it: we support a regional exchange.")
        late.delivery = .late(900)
        add(opens + 7100, .platform(late))
        var lost = message(&self, "The platform never told of this one; the saved chat has it.")
        lost.delivery = .lost
        add(opens + 5200, .platform(lost))
    }

    private mutating func addPause(_ channel: String, _ pause: Range<Int64>, _ present: [Int]) {
        add(pause.lowerBound, .session(by: .chair, channel: channel, words: ["SUSPEND"]))
        add(
            pause.lowerBound + 60,
            .refusedPost(
                by: random.pick(present), channel: channel, text: "Is it over?", code: "SUSPENDED"))
        add(pause.upperBound, .session(by: .chair, channel: channel, words: ["RESUME"]))
    }

    // MARK: The floor

    private mutating func addFloor(_ channel: String, opens: Int64, _ present: [Int], _ remote: [Int]) {
        let states = present.filter { people[$0].affiliation == "permanent-mission" }
        let others = present.filter { ["nhri", "ngo", "academia"].contains(people[$0].affiliation) }
        var speakers: [Int] = []
        for index in 0..<9 {
            let list = index % 3 == 2 ? others : states
            let person = random.pick(list.filter { !speakers.contains($0) })
            speakers.append(person)
            var words = "item=\(1 + index % 2);presence=\(people[person].isRemote ? "remote" : "room")"
            if index == 4 { words += ";behalf=Group\\sof\\sFriends" }
            add(opens - 840 + Int64(index) * 45, .floor(.request(by: person, channel: channel, words: words)))
        }
        for index in 0..<2 {
            let person = remote[(index * 7) % remote.count]
            add(opens - 300 + Int64(index) * 30, .floor(.remoteRequest(person: person, channel: channel)))
        }
        add(opens + 240, .floor(.withdraw(by: speakers[2], channel: channel)))
        let begin = opens + 600
        for index in 0..<10 {
            let start = begin + Int64(index) * 420
            add(start, .floor(.manage(channel: channel, words: ["GRANT", "next"])))
            // The warning and the end of the time come by themselves.
            add(start + 150, .pass)
            if index == 3 { add(start + 170, .floor(.manage(channel: channel, words: ["EXTEND", "60"]))) }
            let spoken: Int64 = index % 4 == 1 ? 130 : 200
            add(start + spoken, .floor(.manage(channel: channel, words: ["STOP"])))
        }
        add(opens + 4900, .floor(.reply(by: speakers[0], channel: channel, statement: 2)))
        add(opens + 5100, .floor(.manage(channel: channel, words: ["GRANT", "next"])))
        add(opens + 5220, .floor(.manage(channel: channel, words: ["STOP"])))
    }

    // MARK: The language desk

    private mutating func addTranslations(_ channel: String) {
        let posts = said.filter { $0.channel == channel }
        for (index, post) in posts.enumerated() where index % 9 == 0 {
            let time = (moments.first { $0.isPost(post.key) }?.time ?? 0) + 90
            let languages = DemoLanguage.allCases.filter { $0 != post.language }
            let language = languages[index % languages.count]
            let provenance = index % 27 == 0 ? "official" : index % 2 == 0 ? "human" : "machine"
            add(
                time,
                .translate(
                    DemoTranslation(
                        of: post.key, language: language, provenance: provenance,
                        text: Sentences.of(language).remarks[index % Sentences.of(language).remarks.count])))
        }
    }

    // MARK: Afterwards

    private mutating func askForFeedback() {
        let present = people.indices.filter { !people[$0].isOnPlatform }
        for index in 0..<140 {
            let person = present[(index * 5) % present.count]
            let values = [
                "hub": String(1 + random.below(5)),
                "need": ["search", "templates", "contacts", "languages"][random.below(4)],
                "comment": index % 4 == 0 ? Sentences.of(people[person].language).remarks[0] : "",
            ].filter { !$0.value.isEmpty }
            // Some think again and answer a second time; it counts once.
            add(DemoDay.time(15, 5) + Int64(index) * 40, .answer(by: person, form: DemoDay.form, values))
        }
        add(DemoDay.time(21, 59) + 14 * 86_400 + 60, .pass)
    }

    private mutating func markOutcomes() {
        let kinds = ["characteristic", "lesson", "outcome", "action", "practice"]
        let summaries = [
            "A mandate in law outlives changes of government.",
            "Focal points need a deputy and a written hand-over.",
            "Recommendations are worked on in clusters with one lead ministry each.",
            "The hub should be searchable by theme and type of mechanism in all six languages.",
            "A single calendar of reporting helps small administrations most.",
            "Parliament and local government take part from the planning on.",
        ]
        for (index, channel) in [DemoDay.morning, DemoDay.afternoon].enumerated() {
            let posts = said.filter { $0.channel == channel }
            for number in 0..<6 {
                let sources = [
                    posts[(number * 17) % posts.count].key, posts[(number * 17 + 5) % posts.count].key,
                ]
                add(
                    DemoDay.time(15, 30) + Int64(index * 600 + number * 60),
                    .mark(
                        DemoMark(
                            channel: channel, sources: sources, kind: kinds[number % kinds.count],
                            theme: number % 2 == 0 ? "t1-institutional-setup" : "hub-feedback",
                            summary: summaries[number])))
            }
        }
    }
}

extension DemoMoment {
    fileprivate func isPost(_ key: Int) -> Bool {
        if case .post(let post) = deed { post.key == key } else { false }
    }
}

extension DemoDay {
    /// The session whose saved chat is looked at behind a moment: while late messages are still taken.
    func reconciliation(after moment: DemoMoment) -> String? {
        if case .refusedPost(_, let channel, _, let code) = moment.deed, code == "CLOSED" { return channel }
        return nil
    }
}
