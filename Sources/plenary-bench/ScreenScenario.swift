// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Glibc
import PlenaryClient
import PlenaryScreens
import PlenaryTerminal

/// What a frame of the terminal client costs, and what reading far back keeps in memory.
struct ScreenCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "screen",
        abstract: "Frames of 120x40 in five scripts beside bare text, and 100,000 messages read back.")
    @OptionGroup var options: BenchOptions
    @Option(help: "Frames of a round.")
    var frames = 400
    @Option(help: "Messages read back.")
    var messages = 100_000

    func run() throws {
        var bench = try Bench(options)
        defer { bench.end() }
        var painting = Measurement("screen", [("columns", "120"), ("rows", "40"), ("frames", "\(frames)")])
        for _ in 0..<options.rounds {
            painting.ours.append([("cpu_us_per_frame", ScreenBench.frames(frames))])
            painting.reference.append([("cpu_us_per_frame", ScreenBench.bareFrames(frames))])
        }
        bench.report(painting)
        var reading = Measurement("scrollback", [("messages", "\(messages)")])
        reading.ours.append(ScreenBench.readBack(messages))
        bench.report(reading)
    }
}

enum ScreenBench {
    private static let texts = [
        "How do you follow recommendations from one UPR cycle to the next?",
        "Мы ведём сводную таблицу, обновляем раз в квартал.",
        "我们每季度更新共享矩阵，每个部门填写自己的一列。",
        "نستخدم قاعدة بيانات وطنية (NRTD) منذ 2019، ولكل توصية جهة مسؤولة وموعد.",
        "Sí, la subo hoy. Está en el anexo 1 de A/HRC/50/64.",
    ]
    private static let start = Timestamp(seconds: 1_795_000_000)

    private static func message(_ number: Int) -> Message {
        Message(
            id: "m\(number)", time: start.advanced(bySeconds: Int64(number)), conversation: "#practices",
            sender: Person(nickname: "person\(number % 7)"), text: texts[number % texts.count] + " \(number)")
    }

    private static func model() -> ScreenModel {
        var model = ScreenModel(
            columns: 120, rows: 40, now: start, language: .english, nickname: "me", serverName: "bench",
            place: Place("#practices"), localOffset: { _ in 3600 })
        _ = model.take(.stateChanged(.online))
        for name in ["#practices", "#lobby", "#t1-institutional-setup"] {
            let change = MembershipChange(
                kind: .joined, person: Person(nickname: "me"), channel: name, isOwn: true, time: start)
            _ = model.take(.membership(change))
        }
        let members = (0..<7).map { Member(nickname: "person\($0)") }
        _ = model.take(.members(channel: "#practices", members))
        return model
    }

    /// Microseconds of CPU for each frame: one more message, drawn and encoded against the frame before.
    static func frames(_ count: Int) -> Double {
        var model = model()
        for number in 0..<60 { _ = model.take(.message(message(number))) }
        let encoder = FrameEncoder()
        var shown = model.draw()
        var byteCount = 0
        let began = Bench.ownCPU()
        for number in 60..<60 + count {
            _ = model.take(.message(message(number)))
            let grid = model.draw()
            byteCount += encoder.encode(from: shown, to: grid).count
            shown = grid
        }
        precondition(byteCount > 0, "a new message changes the screen")
        return (Bench.ownCPU() - began) * 1e6 / Double(count)
    }

    /// The least that puts as much text on a screen: 40 rows, each a move and 118 bytes of text.
    static func bareFrames(_ count: Int) -> Double {
        var byteCount = 0
        let began = Bench.ownCPU()
        for number in 0..<count {
            var bytes: [UInt8] = []
            bytes.reserveCapacity(8192)
            for row in 0..<40 {
                bytes += Array("\u{1B}[\(row + 1);1H".utf8)
                bytes += [UInt8](repeating: UInt8(97 + (row + number) % 26), count: 118)
            }
            byteCount += bytes.count
        }
        precondition(byteCount > 0, "a frame has bytes")
        return (Bench.ownCPU() - began) * 1e6 / Double(count)
    }

    /// Pages back through so many messages as the server would give them; KiB that the process has grown by.
    static func readBack(_ count: Int) -> Sample {
        var model = model()
        let place = Place("#practices")
        _ = model.take(.historySynced(conversation: "#practices", messageCount: 0))
        let before = residentKiB()
        var end = count
        var query = HistoryQuery.latest
        while end > 0 {
            let first = max(end - ScreenLimits.pageMessageCount, 0)
            let page = HistoryPage(messages: (first..<end).map(message), isEnd: first == 0)
            _ = model.take(.history(place, query, .success(page)))
            query = .older(before: .message(id: "m\(first)"))
            for _ in 0..<8 { _ = model.scroll(36) }
            end = first
        }
        return [
            ("growth_kib", Double(residentKiB() - before)),
            ("entries_held", Double(model.timelines[place]?.entries.count ?? 0)),
        ]
    }

    /// Resident memory of this process (proc(5), statm).
    private static func residentKiB() -> Int {
        guard let file = fopen("/proc/self/statm", "r") else { return 0 }
        defer { fclose(file) }
        var buffer = [CChar](repeating: 0, count: 128)
        guard fgets(&buffer, 128, file) != nil else { return 0 }
        let words = String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            .split(separator: " ")
        return words.count > 1 ? (Int(words[1]) ?? 0) * 4 : 0
    }
}
