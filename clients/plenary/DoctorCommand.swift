// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import PlenaryClient
import PlenaryTerminal

/// `plenary doctor`: what works, what does not, and what to do.
package struct DoctorCommand: Verb {
    package static let configuration = CommandConfiguration(
        commandName: "doctor", abstract: "Check the way to the server, step by step.",
        discussion: """
            Examples:
              plenary doctor                each step: ok, or the problem and what to do
              plenary doctor --terminal     which of two Arabic lines reads properly? one key settles it
            """)

    @OptionGroup package var global: GlobalOptions
    @Flag(help: "Ask how this terminal prints Arabic, and keep the answer.") package var terminal = false

    /// For the argument library.
    package init() {}

    package func perform(_ surroundings: Surroundings) async throws(Failure) -> ExitCode {
        let workplace = try Workplace(global, surroundings)
        checkTerminal(workplace)
        if terminal { return try settleDirection(workplace) }
        let profile = try workplace.profile()
        report("settings", "ok", workplace.locations.configurationFile, workplace)
        try checkNetwork(profile, workplace)
        let connection = try await connect(profile, workplace)
        do throws(Failure) {
            try await checkRoundTrip(connection, workplace)
            try await checkClock(connection, workplace)
            await checkCapabilities(connection, workplace)
            await connection.close()
            return .done
        } catch {
            await connection.close()
            throw error
        }
    }

    /// One line: `ok`, `problem` or `missing`, what was found, and what to do.
    func report(
        _ step: String, _ state: String, _ detail: String, _ workplace: Workplace, advice: String = ""
    ) {
        guard workplace.surroundings.isOutputTerminal else {
            TableText.print([[step, state, detail] + (advice.isEmpty ? [] : [advice])], workplace)
            return
        }
        func padded(_ text: String, _ width: Int) -> String {
            text + String(repeating: " ", count: max(width - text.count, 0))
        }
        let text = "\(padded(step, 12)) \(padded(state, 8)) \(detail)" + (advice.isEmpty ? "" : ". \(advice)")
        workplace.surroundings.print(PlainText.oneLine(text))
    }

    // MARK: The way

    private func checkNetwork(_ profile: Profile, _ workplace: Workplace) throws(Failure) {
        let (host, port) = try InviteLink.hostAndPort(profile.server)
        let attempts: [ServerProbe.Attempt]
        do throws(Failure) { attempts = try ServerProbe.reach(host, port) } catch {
            report("name", "problem", "\(host): \(error.why)", workplace, advice: error.advice)
            throw error
        }
        report("name", "ok", "\(host) is \(attempts.map(\.address).joined(separator: ", "))", workplace)
        for attempt in attempts {
            guard let problem = attempt.problem else {
                report(
                    "network", "ok", "\(attempt.address) port \(port), \(attempt.milliseconds) ms", workplace)
                return
            }
            report("network", "problem", "\(attempt.address) port \(port): \(problem)", workplace)
        }
        throw Failure(
            .unavailable, "no connection to \(profile.server)", "none of its addresses answers",
            "Check the network; ask whether the server runs, and whether port \(port) is let through.")
    }

    private func connect(
        _ profile: Profile, _ workplace: Workplace
    ) async throws(Failure) -> PlenaryConnection {
        var configuration = try workplace.configuration(for: profile)
        configuration.reconnects = false
        let connection = workplace.surroundings.connect(configuration, MemoryQueue())
        do throws(ClientError) {
            try await connection.start()
            try await connection.waitUntilOnline()
        } catch {
            let failure = Failure(error, doing: "no connection to \(profile.server)")
            let step =
                switch error {
                case .cannotReach: "TLS"
                case .identityMismatch, .identityUnverified, .plainTextRefused: "identity"
                case .authenticationFailed, .authenticationUnavailable, .nicknameRefused: "sign-in"
                default: "protocol"
                }
            report(step, "problem", failure.why, workplace, advice: failure.advice)
            throw failure
        }
        let identity =
            profile.isPlainText
            ? "plain text on this machine"
            : profile.pins.isEmpty ? "vouched for by a known authority" : "its pinned key"
        report("identity", "ok", identity, workplace)
        report("sign-in", "ok", await connection.session.account ?? "as a guest", workplace)
        return connection
    }

    /// The best of three, which says most about the way and least about the moment.
    private func checkRoundTrip(
        _ connection: PlenaryConnection, _ workplace: Workplace
    ) async throws(Failure) {
        var best = Int64.max
        for _ in 0..<3 {
            let start = ServerProbe.monotonicMilliseconds()
            _ = try await workplace.ask(connection, "the server does not answer", "PING", ["doctor"])
            best = min(best, ServerProbe.monotonicMilliseconds() - start)
        }
        report(
            "round trip", best <= 1000 ? "ok" : "problem", "\(best) ms", workplace,
            advice: best <= 1000 ? "" : "Messages will take seconds; the line mode needs least.")
    }

    /// Other servers tell their time in words of their own (391), which say nothing to a program.
    private func checkClock(
        _ connection: PlenaryConnection, _ workplace: Workplace
    ) async throws(Failure) {
        let reply: Reply
        do throws(ClientError) { reply = try await connection.request("TIME") } catch {
            throw Failure(error, doing: "the server does not answer")
        }
        let text = reply.lines.first { $0.numeric == 391 }?.parameters.last
        guard let time = text.flatMap({ Timestamp(iso8601: $0.utf8) }) else {
            return report("clock", "unknown", "the server does not tell its time", workplace)
        }
        let difference = abs(workplace.surroundings.now().seconds - time.seconds)
        report(
            "clock", difference <= 60 ? "ok" : "problem", "\(difference) s from the server's", workplace,
            advice: difference <= 60 ? "" : "Set this machine's clock; times of messages are the server's.")
    }

    private func checkCapabilities(_ connection: PlenaryConnection, _ workplace: Workplace) async {
        let session = await connection.session
        let wanted = [
            ("echo-message", "`post` cannot confirm messages"),
            ("labeled-response", "answers are matched by order"),
            ("draft/chathistory", "no history after an absence"),
            ("draft/multiline", "long texts are split"),
            ("plenary.chat/idempotency", "a message may be doubled after a loss"),
            ("plenary.chat/threads", "there are no threads"),
            ("draft/read-marker", "what was read is known to this device only"),
            ("server-time", "times are those of arrival"),
        ]
        let missing = wanted.filter { !session.capabilities.contains($0.0) }
        report(
            "protocol", "ok", "\(session.capabilities.count) capabilities, \(missing.count) missing",
            workplace)
        for (name, consequence) in missing { report(name, "missing", consequence, workplace) }
    }
}
