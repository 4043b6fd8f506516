// SPDX-License-Identifier: Apache-2.0

import PlenaryClient
import PlenaryScreens

/// What a moderator types in the line mode.
extension LineMode {
    /// `/mute NAME 10m REASON` and its like: `/remove` takes a message away, `/kick` a person.
    func moderate(_ command: SlashCommand, _ rest: String) -> [Action] {
        guard let target, !target.isPerson else { return say(.inNoChannel) }
        var parts = rest.split(whereSeparator: \.isWhitespace).map(String.init)
        switch command {
        case .modlog: return [.moderationLog(target.conversation)]
        case .lock, .unlock: return lock(command == .lock, parts, target)
        case .move: return move(parts, target)
        default: break
        }
        guard let act = LineMode.act(of: command), let first = parts.first else { return usage(of: command) }
        parts[0] = first.hasPrefix("@") ? String(first.dropFirst()) : first
        if [.hide, .unhide, .remove].contains(command), let message = messageShown(parts[0]) {
            parts[0] = message.id ?? parts[0]
        }
        return [.moderate(target: target.conversation, act: act, words: parts)]
    }

    /// `/report NAME [REASON] text`.
    func report(_ rest: String) -> [Action] {
        guard let target, !target.isPerson else { return say(.inNoChannel) }
        let parts = rest.split(separator: " ").map(String.init)
        guard parts.count > 1 else { return usage(of: .report) }
        let about = parts[0].hasPrefix("@") ? String(parts[0].dropFirst()) : parts[0]
        let reason = parts.dropFirst().joined(separator: " ")
        return [.report(about: about, channel: target.conversation, reason: reason)]
    }

    private static func act(of command: SlashCommand) -> String? {
        switch command {
        case .mute: "MUTE"
        case .unmute: "UNMUTE"
        case .hide: "HIDE"
        case .unhide: "UNHIDE"
        case .remove: "REDACT"
        case .kick: "REMOVE"
        case .ban: "BAN"
        case .unban: "UNBAN"
        case .slow: "SLOW"
        default: nil
        }
    }

    /// `/move MESSAGE 12`, or `/move 12` for the message shown last; 0 is the main line.
    private func move(_ parts: [String], _ target: Target) -> [Action] {
        guard let number = parts.last.flatMap({ Target.threadNumber($0) }), parts.count <= 2 else {
            return usage(of: .move)
        }
        let name = parts.count == 2 ? String(parts[0].drop { $0 == "@" }) : "~1"
        guard let message = messageShown(name), let id = message.id else { return usage(of: .move) }
        let source = target.with(thread: message.thread ?? 0)
        let goal = number == 0 ? "*" : String(number)
        return [.moderate(target: source.wire, act: "MOVE", words: [id, "one", goal])]
    }

    /// The message that a name means on this screen: the server's newest might be another by now.
    private func messageShown(_ name: String) -> Message? {
        let parts = name.split(separator: "~", maxSplits: 1, omittingEmptySubsequences: false)
        let place = parts.count > 1 ? Int(parts[1]) : 1
        let who = parts[0].lowercased()
        let found = recent.filter { message in
            message.id != nil && isCurrent(message.conversation)
                && (who.isEmpty || message.sender.nickname.lowercased() == who)
        }
        guard let place, place > 0, place <= found.count else { return nil }
        return found[found.count - place]
    }

    /// The thread in which texts go now, or else the whole channel.
    private func lock(_ isLocked: Bool, _ reason: [String], _ target: Target) -> [Action] {
        if target.thread != nil {
            return [.moderate(target: target.wire, act: isLocked ? "CLOSE" : "REOPEN", words: reason)]
        }
        let words = [isLocked ? "on" : "off"] + reason
        return [.moderate(target: target.conversation, act: "MODERATED", words: words)]
    }

    /// The form of a command; where it takes a message, also how to name one.
    private func usage(of command: SlashCommand) -> [Action] {
        let form = say(.write, [.usage: command.usage])
        return [.hide, .unhide, .remove, .move].contains(command) ? form + say(.whatAMessageIs) : form
    }
}

/// What the line mode asks for about moderation.
extension ChatRunner {
    func moderate(_ target: String, _ act: String, _ words: [String]) async {
        do throws(ClientError) {
            let acts = try await connection.moderate(target, act, words)
            if acts.isEmpty { say(.isDone) }
        } catch {
            say(.notDone, error)
        }
    }

    func report(_ about: String, _ channel: String, _ reason: String) async {
        do throws(ClientError) {
            let number = try await connection.report(about, in: channel, reason: reason)
            say(.reportReceived, [.number: String(number)])
        } catch {
            say(.notReported, error)
        }
    }

    func moderationLog(_ channel: String) async {
        do throws(ClientError) {
            let page = try await connection.moderationLog(of: channel, limit: 20)
            if page.acts.isEmpty { say(.nothingDoneHere) }
            for act in page.acts.reversed() {
                show(mode.words.sentence(act, now: workplace.surroundings.now()))
            }
        } catch {
            say(.noLog, error)
        }
    }
}
