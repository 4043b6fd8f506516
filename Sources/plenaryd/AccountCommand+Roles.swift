// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import PlenaryCrypto
import PlenaryDomain
import PlenaryServer
import PlenaryTerms

extension AccountCommand {
    struct Reset: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print a code with which a person sets a new password, once, within 24 hours.",
            discussion: """
                Give the code to the person by another way than this chat. They use it so:
                  plenary login HOST --account NAME --reset
                The old password holds until a new one is set. A second code makes the first worthless.
                """)

        @OptionGroup var file: ConfigurationOption
        @Argument(help: "The account's name.")
        var name: String
        @Flag(help: "One JSON object.")
        var json = false

        func run() throws {
            try reporting {
                let text: Text
                do { text = try SecretCode.make() } catch {
                    throw Failure(ExitCodes.inputOutput, "the system gave no random bytes")
                }
                let now = Timestamp(microseconds: Int64(Date().timeIntervalSince1970 * 1_000_000))
                let code = ResetCode(
                    codeHash: SHA256Digest.hash(Invite.normalized(text)),
                    expires: now.advanced(bySeconds: 86_400))
                let client = AdminClient(server: try file.load().server)
                _ = try client.send(.accountReset(name: Text(name), code: code))
                if json {
                    print(
                        jsonObject([
                            ("type", "reset"), ("account", name), ("code", text.string),
                            ("expires", code.expires.iso8601),
                        ]))
                } else {
                    print(text.string)
                    standardError("It counts once, until \(code.expires.iso8601).")
                }
            }
        }
    }

    struct Role: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Set what an account is; whoever is signed in to it has the role at once.")

        @OptionGroup var file: ConfigurationOption
        @Argument(help: "The account's name.")
        var name: String
        @Argument(help: "member, observer, language-desk, rapporteur, technician, moderator or secretariat.")
        var role: String

        func run() throws {
            try reporting {
                guard let wanted = ServerRole(word: role) else {
                    throw Failure(ExitCodes.usage, "\"\(role)\" is no role: \(ServerRole.words)")
                }
                let client = AdminClient(server: try file.load().server)
                _ = try client.send(.accountRole(name: Text(name), role: wanted))
                standardError("\(name) is \(wanted.word) now.")
            }
        }
    }
}
