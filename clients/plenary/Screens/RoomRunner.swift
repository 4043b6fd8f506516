// SPDX-License-Identifier: Apache-2.0

import PlenaryClient
import PlenaryScreens
import PlenaryTerminal

/// Shows a room display and keeps it up to date.
actor RoomRunner {
    // MARK: Fixed at the beginning

    private let workplace: Workplace
    private let channel: String
    private let connection: PlenaryConnection
    private let device = TerminalDevice()
    private let encoder: FrameEncoder

    // MARK: Owned by this actor

    private var model: RoomModel
    private var painted: Grid?
    private var result: Result<Void, Failure>?
    private var awaitingEnd: CheckedContinuation<Result<Void, Failure>, Never>?

    init(_ workplace: Workplace, _ profile: Profile, _ target: Target) throws(Failure) {
        self.workplace = workplace
        channel = target.conversation
        var configuration = try workplace.configuration(for: profile)
        configuration.session.wantsMemberLists = false
        configuration.channels = [target.conversation]
        configuration.backlogCount = 50
        connection = workplace.surroundings.connect(configuration, MemoryQueue())
        let bidi = Typesetter.BidiHandling(rawValue: workplace.settings.value("ui.bidi")) ?? .app
        let time = workplace.time
        let usesASCII = workplace.settings.value("ui.glyphs") == "ascii" || workplace.options.ascii
        model = RoomModel(
            columns: device.size.columns, rows: device.size.rows, now: workplace.surroundings.now(),
            channel: target.conversation, language: workplace.language, bidi: bidi,
            glyphs: usesASCII ? .ascii : .unicode, localOffset: { time.offset(at: $0) })
        encoder = ScreenRunner.encoder(workplace.settings, workplace)
    }

    func run() async throws(Failure) -> ExitCode {
        do throws(TerminalError) { try device.enter(encoder) } catch {
            throw Failure(.usage, "the screen cannot be used", "this is no terminal")
        }
        paint()
        let typing = Task { for await event in device.events { take(event) } }
        let ticking = Task { while await workplace.surroundings.sleep(1000) { tick() } }
        let listening = Task { for await event in connection.events { await take(event) } }
        do throws(ClientError) { try await connection.start() } catch {
            finish(.failure(Failure(error, doing: "\(channel) is not shown")))
        }
        let ending: Result<Void, Failure> = await withCheckedContinuation { continuation in
            if let result { continuation.resume(returning: result) } else { awaitingEnd = continuation }
        }
        for task in [typing, ticking, listening] { task.cancel() }
        device.leave()
        await connection.close()
        try ending.get()
        return .done
    }

    private func finish(_ result: Result<Void, Failure>) {
        guard self.result == nil else { return }
        self.result = result
        awaitingEnd?.resume(returning: result)
        awaitingEnd = nil
    }

    // MARK: What comes

    private func take(_ event: TerminalEvent) {
        switch event {
        case .input(let inputs):
            if inputs.contains(where: RoomRunner.ends) { finish(.success(())) }
        case .resized(let columns, let rows):
            model.columns = columns
            model.rows = rows
            painted = nil
        case .resumed: painted = nil
        case .closed: finish(.success(()))
        }
        paint()
    }

    private static func ends(_ input: InputEvent) -> Bool {
        switch input {
        case .text("q"), .text("Q"), .key(.escape, _), .key(.character("c"), .control): true
        default: false
        }
    }

    private func take(_ event: ClientEvent) async {
        model.now = workplace.surroundings.now()
        if model.take(event) { await ask() }
        if case .stateChanged(.offline(let error)) = event, let error, error != .closed {
            finish(.failure(Failure(error, doing: "\(channel) is not shown")))
        }
        paint()
    }

    /// Asks for what lines of change build on. A channel without a meeting, a floor or a relay shows none.
    private func ask() async {
        let meeting = try? await connection.meeting(in: channel)
        let floor = try? await connection.speakersList(of: channel)
        let relay = try? await connection.watchRelay(of: channel)
        model.take(meeting: meeting, floor: floor, relay: relay)
    }

    private func tick() {
        let before = model.now
        model.now = workplace.surroundings.now()
        if model.isCounting || model.local(before).minute != model.local(model.now).minute { paint() }
    }

    private func paint() {
        guard result == nil, !device.isWriting else { return }
        let grid = model.draw()
        let bytes = encoder.encode(from: painted, to: grid)
        if !bytes.isEmpty { device.write(bytes) }
        painted = grid
    }
}
