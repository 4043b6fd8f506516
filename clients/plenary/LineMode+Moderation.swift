// SPDX-License-Identifier: Apache-2.0

import PlenaryClient

/// What a moderator types in the line mode.
extension LineMode {
    /// Acts by their command here: `/remove` takes a message away, `/kick` a person.
    private static let acts = [
        "mute": "MUTE", "unmute": "UNMUTE", "hide": "HIDE", "unhide": "UNHIDE", "remove": "REDACT",
        "kick": "REMOVE", "ban": "BAN", "unban": "UNBAN", "slow": "SLOW",
    ]

    func moderate(_ name: String, _ rest: String) -> [Action] {
        guard let target, !target.isPerson else { return [.print("You are in no channel.")] }
        var words = rest.split(separator: " ").map(String.init)
        if name == "modlog" { return [.moderationLog(target.conversation)] }
        if name == "lock" || name == "unlock" { return lock(name == "lock", words, target) }
        guard !words.isEmpty else { return [.print("Write: \(LineMode.usage(of: name))")] }
        if words[0].hasPrefix("@") { words[0].removeFirst() }
        if name == "report" {
            guard words.count > 1 else { return [.print("Write: \(LineMode.usage(of: name))")] }
            let reason = words.dropFirst().joined(separator: " ")
            return [.report(about: words[0], channel: target.conversation, reason: reason)]
        }
        guard let act = LineMode.acts[name] else { return [] }
        if ["hide", "unhide", "remove"].contains(name), let id = messageShown(words[0]) { words[0] = id }
        return [.moderate(target: target.conversation, act: act, words: words)]
    }

    /// The id of the message that a name means on this screen: the server's newest might be another by now.
    private func messageShown(_ name: String) -> String? {
        let parts = name.split(separator: "~", maxSplits: 1, omittingEmptySubsequences: false)
        let place = parts.count > 1 ? Int(parts[1]) : 1
        let who = parts[0].lowercased()
        let ids = recent.filter { message in
            isCurrent(message.conversation) && (who.isEmpty || message.sender.nickname.lowercased() == who)
        }.compactMap(\.id)
        guard let place, place > 0, place <= ids.count else { return nil }
        return ids[ids.count - place]
    }

    /// The thread in which texts go now, or else the whole channel.
    private func lock(_ isLocked: Bool, _ reason: [String], _ target: Target) -> [Action] {
        if target.thread != nil {
            return [.moderate(target: target.wire, act: isLocked ? "CLOSE" : "REOPEN", words: reason)]
        }
        let words = [isLocked ? "on" : "off"] + reason
        return [.moderate(target: target.conversation, act: "MODERATED", words: words)]
    }

    private static func usage(of name: String) -> String {
        switch name {
        case "report": "/report NAME-OR-MESSAGE [REASON] text"
        case "mute", "ban": "/\(name) NAME [10m] REASON"
        case "kick": "/kick NAME REASON"
        case "hide", "remove": "/\(name) MESSAGE REASON; a message is a name (the last one), NAME~2, or ~1"
        case "slow": "/slow 30s, or /slow off"
        default: "/\(name) NAME"
        }
    }
}

/// What the line mode asks for about moderation.
extension ChatRunner {
    func moderate(_ target: String, _ act: String, _ words: [String]) async {
        do throws(ClientError) {
            let acts = try await connection.moderate(target, act, words)
            if acts.isEmpty { show("done.") }
        } catch {
            show("Not done: \(LineText.reason(error)).")
        }
    }

    func report(_ about: String, _ channel: String, _ reason: String) async {
        do throws(ClientError) {
            let number = try await connection.report(about, in: channel, reason: reason)
            show("The moderators have your report, number \(number). Nobody else sees it.")
        } catch {
            show("Not reported: \(LineText.reason(error)).")
        }
    }

    func moderationLog(_ channel: String) async {
        do throws(ClientError) {
            let page = try await connection.moderationLog(of: channel, limit: 20)
            if page.acts.isEmpty { show("Nothing was done here.") }
            for act in page.acts.reversed() {
                show(ModText.sentence(act, workplace.time, now: workplace.surroundings.now()))
            }
        } catch {
            show("No log: \(LineText.reason(error)).")
        }
    }
}
