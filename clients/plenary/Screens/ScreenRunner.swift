// SPDX-License-Identifier: Apache-2.0

import PlenaryClient
import PlenaryScreens
import PlenaryTerminal

/// Carries out what the full-screen client asks for, and paints it.
actor ScreenRunner {
    // MARK: Fixed at the beginning

    let workplace: Workplace
    let profile: Profile
    let connection: PlenaryConnection
    let device: TerminalDevice
    private let queue: DiskQueue
    /// Texts to send, in the order in which they were written: tasks of their own would overtake each other.
    private let unsent = AsyncStream.makeStream(of: Effect.self)

    // MARK: Owned by this actor

    var model: ScreenModel
    /// As read at the beginning, and changed since.
    private var settings: Settings
    private var drafts: KeptTexts
    private var muted: KeptTexts
    private var encoder: FrameEncoder
    private var painted: Grid?
    /// Whether a frame waits for its time.
    private var isFrameDue = false
    private var lastFrame = ContinuousClock.now - .seconds(1)
    private var isEnding = false
    private var sending: Task<Void, Never>?
    /// Ticks each second for as long as something needs it; nil where nothing does.
    private var counting: Task<Void, Never>?
    private var outcome: Outcome?
    private var awaitingEnd: CheckedContinuation<Outcome, Never>?

    /// How it ended.
    enum Outcome: Sendable {
        case quit
        /// The person wants lines printed one after the other.
        case plain(place: String)
        /// The connection ended for good.
        case ended(ClientError)
    }

    /// At most 30 frames a second: more are not seen, and what comes between is painted with the next.
    private static let framePause = Duration.milliseconds(33)

    init(
        _ workplace: Workplace, _ profile: Profile, _ target: Target?, _ device: TerminalDevice
    ) throws(Failure) {
        self.workplace = workplace
        self.profile = profile
        self.device = device
        let directory = workplace.locations.state(of: profile.name)
        drafts = try KeptTexts(directory: directory, name: "drafts")
        muted = try KeptTexts(directory: directory, name: "muted")
        queue = try workplace.queue(of: profile)
        var configuration = try workplace.configuration(for: profile)
        configuration.backlogCount = 50
        var channels = profile.channels
        if let target, !target.isPerson,
            !channels.contains(where: { Place($0) == Place(target.conversation) })
        {
            channels.append(target.conversation)
        }
        configuration.channels = channels
        connection = workplace.surroundings.connect(configuration, queue)
        settings = workplace.settings
        let bidi = Typesetter.BidiHandling(rawValue: settings.value("ui.bidi")) ?? .app
        let (host, port) = try InviteLink.hostAndPort(profile.server)
        let language = workplace.language
        let time = workplace.time
        let place = target.map { Place(target: $0.wire) } ?? Place(channels.first ?? "")
        model = ScreenModel(
            columns: device.size.columns, rows: device.size.rows, now: workplace.surroundings.now(),
            language: language, nickname: profile.account,
            serverName: port == Endpoint.defaultPort ? host : "\(host):\(port)", place: place, bidi: bidi,
            isAdvanced: settings.value("advanced") == "true", localOffset: { time.offset(at: $0) })
        model.theme = Theme(rawValue: settings.value("ui.theme")) ?? .automatic
        if settings.value("ui.glyphs") == "ascii" || workplace.options.ascii { model.glyphs = .ascii }
        for (name, text) in drafts.read() { model.drafts[Place(target: name)] = LineEditor(text) }
        for name in muted.read().keys { model.with(name) { $0.isMuted = true } }
        encoder = ScreenRunner.encoder(settings, workplace)
    }

    static func encoder(_ settings: Settings, _ workplace: Workplace) -> FrameEncoder {
        let bidi = settings.value("ui.bidi")
        return FrameEncoder(
            colors: workplace.wantsColor && settings.value("ui.theme") != Theme.mono.rawValue,
            ordersRuns: bidi != "terminal" && bidi != "off", marksRuns: bidi != "unmarked",
            isMlterm: workplace.isInMlterm)
    }

    // MARK: Life

    func run() async throws(Failure) -> Outcome {
        do throws(TerminalError) { try device.enter(encoder) } catch {
            throw Failure(
                .usage, "the screen cannot be used", "this is no terminal", "Write: plenary chat --plain")
        }
        device.probeWidth()
        painted = nil
        // The terminal has a few bytes to take that prepare for it; the first frame goes right behind them.
        paint(isFirst: true)
        sending = Task {
            for await effect in unsent.stream {
                if let answer = await carryOut(effect) { take(answer) }
            }
        }
        let typing = Task { for await event in device.events { await take(event) } }
        let ticking = Task {
            // Nothing of ours shows less than minutes, unless something is counted.
            while await workplace.surroundings.sleep(millisecondsOfMinuteLeft) { tick() }
        }
        let listening = Task { for await event in connection.events { await take(event) } }
        await begin()
        let result = await withCheckedContinuation { continuation in
            if let outcome { continuation.resume(returning: outcome) } else { awaitingEnd = continuation }
        }
        typing.cancel()
        ticking.cancel()
        counting?.cancel()
        listening.cancel()
        device.leave()
        return result
    }

    /// Connects, unless messages of long ago wait: then the person is asked first.
    private func begin() async {
        // A queue that cannot be read is told of by `start`, which reads it again.
        let waiting = (try? queue.load()) ?? []
        model.now = workplace.surroundings.now()
        guard model.askAboutWaiting(waiting) else { return await start() }
        setNeedsFrame()
    }

    private func start() async {
        do throws(ClientError) { try await connection.start() } catch {
            finish(.ended(error))
        }
    }

    private func finish(_ result: Outcome) {
        guard outcome == nil else { return }
        outcome = result
        awaitingEnd?.resume(returning: result)
        awaitingEnd = nil
    }

    // MARK: What comes

    private func take(_ event: TerminalEvent) async {
        model.now = workplace.surroundings.now()
        switch event {
        case .input(let inputs):
            for input in inputs {
                if case .cursorReport(_, let column) = input { note(probe: column) }
                perform(model.take(input))
            }
        case .resized(let columns, let rows):
            model.resize(columns: columns, rows: rows)
            painted = nil
            perform(model.fillPlace())
        case .resumed:
            painted = nil
            perform([.connectNow])
        case .closed: return await leave(.quit)
        }
        setNeedsFrame()
    }

    /// A dot that took two columns: this terminal paints such marks wide, and the screen is made of ASCII.
    private func note(probe column: Int) {
        guard settings.value("ui.glyphs") != "unicode", column == 3 else { return }
        model.glyphs = .ascii
        painted = nil
    }

    private func take(_ event: ClientEvent) async {
        model.now = workplace.surroundings.now()
        perform(model.take(event))
        if case .stateChanged(.offline(let error)) = event, let error, error != .closed {
            return finish(.ended(error))
        }
        setNeedsFrame()
    }

    func take(_ answer: Answer) {
        model.now = workplace.surroundings.now()
        perform(model.take(answer))
        setNeedsFrame()
    }

    private func tick() {
        let before = model.now
        model.now = workplace.surroundings.now()
        let effects = model.tellRead()
        perform(effects)
        // Nobody is to pay for a screen that stays as it is.
        if model.isCounting || !effects.isEmpty || model.local(before).minute != model.local(model.now).minute
        {
            setNeedsFrame()
        }
    }

    /// Until the clock in the title shows another minute, and a little more.
    private var millisecondsOfMinuteLeft: Int64 {
        60_000 - workplace.surroundings.now().microseconds / 1000 % 60_000 + 5
    }

    /// Lets seconds pass while the screen counts some, or something read is to be told.
    private func countSeconds() {
        guard counting == nil, model.needsSeconds, outcome == nil else { return }
        counting = Task {
            while model.needsSeconds, await workplace.surroundings.sleep(1000) { tick() }
            counting = nil
        }
    }

    // MARK: Painting

    /// After everything that happens: what it changed is to be seen.
    private func setNeedsFrame() {
        countSeconds()
        guard !isFrameDue, outcome == nil else { return }
        let pause = ScreenRunner.framePause - (ContinuousClock.now - lastFrame)
        guard pause > .zero else { return paint() }
        isFrameDue = true
        Task {
            // Cancelled or not, the frame is painted.
            try? await Task.sleep(for: pause)
            isFrameDue = false
            paint()
        }
    }

    private func paint(isFirst: Bool = false) {
        guard outcome == nil else { return }
        // A terminal that has not taken the last frame gets the newest one next, and none in between.
        guard isFirst || !device.isWriting else {
            lastFrame = .now
            return setNeedsFrame()
        }
        let grid = model.draw()
        let bytes = encoder.encode(from: painted, to: grid)
        if !bytes.isEmpty { device.write(bytes) }
        painted = grid
        lastFrame = .now
    }

    // MARK: Doing

    func perform(_ effects: [Effect]) {
        for effect in effects { perform(effect) }
    }

    private func perform(_ effect: Effect) {
        switch effect {
        case .redraw: painted = nil
        case .suspend:
            device.suspend()
            painted = nil
        case .bell:
            if settings.value("ui.bell") == "true" { device.write([7]) }
        case .copy(let text):
            guard let bytes = FrameEncoder.clipboard(text) else {
                model.notice = StyledText(
                    model.catalogue.text(
                        .textTooLong,
                        [.count: String(text.utf8.count), .limit: String(FrameEncoder.clipboardByteLimit)]))
                return
            }
            device.write(bytes)
        case .keepDraft(let place, let text):
            do throws(FileError) { try drafts.set(place.target, text) } catch {
                model.notice = StyledText(isolated: "\(error)")
            }
        case .keepMuted(let channel, let isMuted):
            do throws(FileError) { try muted.set(channel, isMuted ? "muted" : "") } catch {
                model.notice = StyledText(isolated: "\(error)")
            }
        case .keepSetting(let key, let value): keep(key, value)
        case .start(let discards):
            Task { await start(discarding: discards) }
        case .quit: Task { await leave(.quit) }
        case .changeToPlain: Task { await leave(.plain(place: model.place.target)) }
        case .editOutside(let text): Task { await edit(text) }
        case .send: unsent.continuation.yield(effect)
        case .load, .markRead, .search, .redact, .join, .leave, .learnThreads, .learnPeople, .learnMembers,
            .learnModes, .learnMeeting, .learnMarker, .listChannels, .createThread, .changeThread, .ask,
            .moderate, .report, .learnModerationLog, .openLink, .export, .connectNow:
            Task {
                if let answer = await carryOut(effect) { take(answer) }
            }
        }
    }

    private func keep(_ key: String, _ value: String) {
        settings.values[key] = value
        do throws(Failure) { try settings.write(workplace.locations) } catch {
            model.notice = StyledText(isolated: error.lines.joined(separator: ": "))
        }
        guard key == "ui.bidi" || key == "ui.theme" else { return }
        // The terminal is told anew whose hands are on its lines.
        device.leave()
        encoder = ScreenRunner.encoder(settings, workplace)
        enterAgain()
    }

    private func start(discarding: Bool) async {
        if discarding {
            // It was read a moment ago; what has gone since needs no discarding.
            for message in (try? queue.load()) ?? [] {
                do { try queue.remove(token: message.token) } catch {
                    model.notice = StyledText(isolated: "\(error)")
                }
            }
        }
        await start()
    }

    /// Ends; what is under way gets a moment to be confirmed, and stays in the queue otherwise.
    private func leave(_ result: Outcome) async {
        guard !isEnding else { return }
        isEnding = true
        perform(model.keepDrafts())
        // What was written last is in the queue on the disk before the connection is closed.
        unsent.continuation.finish()
        await sending?.value
        for effect in model.tellRead() { _ = await carryOut(effect) }
        for _ in 0..<20 where await connection.isOnline {
            guard await connection.outgoingCount > 0, await workplace.surroundings.sleep(50) else { break }
        }
        await connection.close()
        finish(result)
    }

    /// The person's own editor has the terminal meanwhile.
    private func edit(_ text: String) async {
        device.leave()
        let edited = EditorText.edit(text, workplace)
        enterAgain()
        take(.edited(edited))
    }

    private func enterAgain() {
        // The terminal was ours a moment ago; one that has gone since is told of by its events.
        try? device.enter(encoder)
        painted = nil
    }
}
