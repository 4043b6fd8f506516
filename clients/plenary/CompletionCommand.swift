// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import PlenaryClient

/// `plenary completion`.
package struct CompletionCommand: Verb {
    package static let configuration = CommandConfiguration(
        commandName: "completion", abstract: "Print the completion script of a shell.",
        discussion: """
            Examples:
              plenary completion bash > ~/.local/share/bash-completion/completions/plenary
              plenary completion zsh > ~/.zfunc/_plenary
              plenary completion fish > ~/.config/fish/completions/plenary.fish
            Channels that this device has seen are completed as well.
            """)

    @OptionGroup package var global: GlobalOptions
    @Argument(help: "bash, zsh or fish.", completion: .list(["bash", "zsh", "fish"]))
    package var shell: String

    /// For the argument library.
    package init() {}

    package func perform(_ surroundings: Surroundings) async throws(Failure) -> ExitCode {
        guard let shell = CompletionShell(rawValue: shell) else {
            throw Failure(.usage, "there is no script for \(self.shell)", "", "Use bash, zsh or fish.")
        }
        surroundings.print(PlenaryCommand.completionScript(for: shell))
        return .done
    }
}

/// `plenary channel-names`: what the completion of shells asks for while somebody types. Reads one file, and
/// says nothing where something is wrong.
package struct ChannelNamesCommand: Verb {
    package static let configuration = CommandConfiguration(
        commandName: "channel-names", abstract: "Print the channels that this device has seen.",
        shouldDisplay: false)

    @OptionGroup package var global: GlobalOptions

    /// For the argument library.
    package init() {}

    package func perform(_ surroundings: Surroundings) async throws(Failure) -> ExitCode {
        var options = global
        options.quiet = true
        let workplace = try Workplace(options, surroundings)
        for name in KnownChannels.names(workplace) { surroundings.print(Records.name(name)) }
        return .done
    }
}

extension CompletionKind {
    /// The channels that this device has seen.
    static var channels: CompletionKind { .shellCommand("plenary channel-names 2>/dev/null") }
}

/// Names of channels that a profile has seen, one a line in a private file, for completion alone.
enum KnownChannels {
    /// Names that are kept; a server with more is completed in part.
    private static let countLimit = 1000

    private static func path(_ workplace: Workplace) -> String? {
        workplace.chosenProfileName.map { workplace.locations.state(of: $0) + "/channels" }
    }

    /// What is known, sorted, with `#`; the profile's own channels are always among them.
    static func names(_ workplace: Workplace) -> [String] {
        let own = workplace.settings.profiles.first { $0.name == workplace.chosenProfileName }?.channels ?? []
        return Set(own + kept(workplace)).sorted()
    }

    private static func kept(_ workplace: Workplace) -> [String] {
        // A file that cannot be read completes nothing, and nothing else depends on it.
        guard let path = path(workplace), let bytes = try? FileAccess.readPrivate(path) else { return [] }
        return bytes.split(separator: 10).map { String(decoding: $0, as: UTF8.self) }
    }

    /// Adds names; the file is written only when there is a new one.
    static func remember(_ names: [String], _ workplace: Workplace) {
        guard let path = path(workplace) else { return }
        let kept = Set(kept(workplace))
        let new = names.filter { $0.hasPrefix("#") && !$0.utf8.contains(10) && !kept.contains($0) }
        guard !new.isEmpty, kept.count + new.count <= countLimit else { return }
        let text = kept.union(new).sorted().map { $0 + "\n" }.joined()
        // The same: what is not kept is not completed.
        try? FileAccess.makePrivateDirectory(workplace.locations.state(of: workplace.chosenProfileName ?? ""))
        try? FileAccess.writePrivate(Array(text.utf8), to: path)
    }
}
