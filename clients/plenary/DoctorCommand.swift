// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import PlenaryClient
import Synchronization

/// `plenary doctor`: what works, what does not, and what to do.
package struct DoctorCommand: Verb {
    package static let configuration = CommandConfiguration(
        commandName: "doctor", abstract: "Check the way to the server, step by step.")

    @OptionGroup package var global: GlobalOptions
    @Flag(help: "Show how this terminal prints other scripts.") package var terminal = false

    /// For the argument library.
    package init() {}

    package func perform(_ surroundings: Surroundings) async throws(Failure) -> ExitCode {
        if terminal {
            for line in DoctorCommand.samples { surroundings.print(line) }
            return .done
        }
        let workplace = try Workplace(global, surroundings)
        let profile = try workplace.profile()
        report("settings", "ok", workplace.locations.configurationFile, workplace)
        let lines = Mutex<[String]>([])
        var configuration = try workplace.configuration(for: profile)
        configuration.reconnects = false
        configuration.trace = { line in lines.withLock { $0.append(line) } }
        let connection = surroundings.connect(configuration, MemoryQueue())
        do throws(ClientError) {
            try await connection.start()
            try await connection.waitUntilOnline()
        } catch {
            let failure = Failure(error, doing: "no connection to \(profile.server)")
            let step: String
            switch error {
            case .cannotReach: step = "network"
            case .identityMismatch, .identityUnverified, .plainTextRefused: step = "identity"
            case .authenticationFailed, .authenticationUnavailable, .nicknameRefused: step = "sign-in"
            default: step = "protocol"
            }
            report(step, "problem", failure.why, workplace)
            throw failure
        }
        let session = await connection.session
        report("network", "ok", profile.server, workplace)
        report(
            "identity", "ok",
            profile.isPlainText
                ? "plain text on this machine"
                : profile.pins.isEmpty ? "vouched for by a known authority" : "its pinned key", workplace)
        report("sign-in", "ok", session.account ?? "as a guest", workplace)
        checkClock(lines.withLock { $0 }, workplace)
        let wanted = [
            ("echo-message", "`post` cannot confirm messages"),
            ("labeled-response", "answers are matched by order"),
            ("draft/chathistory", "no history after an absence"),
            ("draft/multiline", "long texts are split"),
            ("plenary.chat/idempotency", "a message may be doubled after a loss"),
            ("server-time", "times are those of arrival"),
        ]
        for (name, consequence) in wanted {
            let isThere = session.capabilities.contains(name)
            report(name, isThere ? "ok" : "missing", isThere ? "" : consequence, workplace)
        }
        await connection.close()
        return .done
    }

    private func report(_ step: String, _ state: String, _ detail: String, _ workplace: Workplace) {
        TableText.print([[step, state, detail]], workplace)
    }

    private func checkClock(_ lines: [String], _ workplace: Workplace) {
        let now = workplace.surroundings.now()
        guard
            let stamp = lines.last(where: { $0.hasPrefix("< @") && $0.contains("time=") })?
                .split(separator: "time=", maxSplits: 1).last?.prefix(while: { $0 != ";" && $0 != " " }),
            let time = Timestamp(iso8601: stamp.utf8)
        else { return report("clock", "unknown", "the server told no time", workplace) }
        let difference = abs(now.seconds - time.seconds)
        report(
            "clock", difference <= 60 ? "ok" : "problem", "\(difference) s from the server's", workplace)
    }

    private static let samples = [
        "1  English: follow-up tracking", "2  Français : suivi des recommandations",
        "3  Русский: отслеживание рекомендаций", "4  中文：建议的后续跟踪",
        "5  العربية: متابعة التوصيات", "6  عربي with Latin and 2019 inside",
    ]
}
