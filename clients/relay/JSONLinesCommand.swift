// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Glibc
import PlenaryRelay

/// `plenary-relay jsonl`.
package struct JSONLinesCommand: RelayVerb {
    package static let configuration = CommandConfiguration(
        commandName: "jsonl", abstract: "Relay for a program of your own: one JSON object a line, both ways.",
        discussion: """
            Reads messages of the other side from standard input, answers each, and writes messages of the \
            channel to standard output. docs/RELAY.md describes the lines.

            Examples:
              bot | plenary-relay jsonl session-am --config relay.conf
            """)

    @OptionGroup package var options: RelayOptions
    @Argument(help: "The channel.")
    package var channel: String
    @Flag(name: .customLong("switch-on"), help: "Switch on that the channel takes relayed messages.")
    package var switchOn = false

    /// For the argument library.
    package init() {}

    package func perform() async throws(Failure) -> ExitCode {
        let station = try Station(options)
        let channel = try station.allowed(channel)
        let relay = try await RunningRelay.start(
            station, adapter: "jsonl", channels: [channel], hears: true, switchesOn: switchOn)
        let output = LineWriter()
        if let line = relay.consentLine(channel: channel, other: "the other side") {
            await output.write(AdapterRecord.consent(line))
        }
        let outgoing = Task {
            for await (_, message) in relay.link.outgoing {
                await output.write(AdapterRecord.outgoing(message))
            }
            // The connection to the community is over: nothing can be answered any more.
            Glibc.exit(await relay.finish().rawValue)
        }
        do throws(Failure) { try await read(relay.link, channel, output) } catch {
            outgoing.cancel()
            _ = await relay.finish()
            throw error
        }
        outgoing.cancel()
        return await relay.finish()
    }

    /// Everything that comes at once is under way at once.
    private func read(_ link: ServerLink, _ channel: String, _ output: LineWriter) async throws(Failure) {
        var splitter = RecordSplitter()
        while true {
            let bytes = try await StandardInput.next()
            var batch: [RelayMessage] = []
            for record in bytes.map({ splitter.take($0) }) ?? splitter.finish() {
                guard let record else {
                    let reason = "the line has more than \(RelayLimits.adapterRecordByteLimit) bytes"
                    await link.count { $0.refused += 1 }
                    await output.write(
                        AdapterRecord.refused(originID: nil, code: "TOO_LONG", reason: reason, again: false))
                    continue
                }
                if record.allSatisfy({ $0 == 32 || $0 == 13 || $0 == 9 }) { continue }
                do throws(RelayRefusal) {
                    batch.append(try AdapterRecord.message(record, place: channel))
                } catch {
                    await link.count { counters in
                        if error.code == .notPublic {
                            counters.privateDropped += 1
                        } else {
                            counters.refused += 1
                        }
                    }
                    await output.write(
                        AdapterRecord.refused(
                            originID: AdapterRecord.originID(record), code: error.code.rawValue,
                            reason: error.reason, again: false))
                }
            }
            while !batch.isEmpty {
                let part = Array(batch.prefix(RelayLimits.inFlightLimit / 2))
                batch.removeFirst(part.count)
                let outcomes = await link.deliver(all: part, to: channel)
                for (message, outcome) in zip(part, outcomes) {
                    await output.write(JSONLinesCommand.answer(message.originID, outcome))
                }
            }
            if bytes == nil { return }
        }
    }

    /// What the adapter is told.
    static func answer(_ originID: String, _ outcome: DeliveryOutcome) -> JSONValue {
        switch outcome {
        case .stored(let id), .duplicate(let id): AdapterRecord.stored(originID: originID, id: id)
        case .refused(let code, let reason):
            AdapterRecord.refused(originID: originID, code: code, reason: reason, again: false)
        case .unavailable(let reason):
            AdapterRecord.refused(originID: originID, code: "UNAVAILABLE", reason: reason, again: true)
        }
    }
}

/// Whole lines, one after the other, from whoever writes.
actor LineWriter {
    func write(_ value: JSONValue) { Output.print(value.encoded) }
}

/// Divides bytes into lines; nil stands for one that was too long.
package struct RecordSplitter {
    private var line: [UInt8] = []
    private var isTooLong = false

    /// A splitter that has seen nothing.
    package init() {}

    /// Takes bytes as they come and returns the lines that are whole.
    package mutating func take(_ bytes: [UInt8]) -> [[UInt8]?] {
        var lines: [[UInt8]?] = []
        for byte in bytes {
            if byte == 10 {
                lines.append(isTooLong ? nil : line)
                line = []
                isTooLong = false
            } else if line.count < RelayLimits.adapterRecordByteLimit {
                line.append(byte)
            } else {
                isTooLong = true
            }
        }
        return lines
    }

    /// What stands behind the last line break.
    package mutating func finish() -> [[UInt8]?] { line.isEmpty && !isTooLong ? [] : take([10]) }
}

/// Standard input, read without holding up anything else.
enum StandardInput {
    /// What has come; nil at the end.
    static func next() async throws(Failure) -> [UInt8]? {
        let result: Result<[UInt8], FileError> = await withCheckedContinuation { continuation in
            BlockingQueue.input.async {
                var buffer = [UInt8](repeating: 0, count: 65_536)
                while true {
                    let count = Glibc.read(0, &buffer, buffer.count)
                    if count < 0, errno == EINTR { continue }
                    guard count >= 0 else {
                        return continuation.resume(returning: .failure(FileError(system: "standard input")))
                    }
                    return continuation.resume(returning: .success(Array(buffer[..<count])))
                }
            }
        }
        switch result {
        case .success(let bytes): return bytes.isEmpty ? nil : bytes
        case .failure(let error): throw Failure(error, doing: "no more can be read", .badInput)
        }
    }
}
