// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import PlenaryClient

/// Options that every command takes.
package struct GlobalOptions: ParsableArguments, Sendable {
    @Option(name: [.short, .long], help: "Use this profile.")
    package var profile: String?
    @Option(help: "Use this server: HOST[:PORT].")
    package var server: String?
    @Option(help: "Language of the server's texts; post, search: of the message.")
    package var lang: String?
    @Flag(help: "Print JSON, one object a line.")
    package var json = false
    @Option(help: "auto, always, never.")
    package var color: String?
    @Flag(name: .customLong("no-color"), help: "Print without colours.")
    package var noColor = false
    @Flag(help: "Draw with ASCII characters only.")
    package var ascii = false
    @Flag(name: [.short, .long], help: "Say nothing but errors.")
    package var quiet = false
    @Option(help: "Write the lines of the wire to this file, secrets blanked.")
    package var trace: String?
    @Flag(name: .customLong("no-input"), help: "Never ask.")
    package var noInput = false
    @Flag(help: "Show times in UTC.")
    package var utc = false
    @Flag(name: .customLong("plain-text"), help: "Speak without TLS; to this machine only.")
    package var plainText = false
    @Option(name: .customLong("pin"), help: "The server's key: sha256:HEX.")
    package var pins: [String] = []
    @Flag(help: "Enter as a guest, without sign-in.")
    package var guest = false
    @Option(help: "Account, or the nickname of a guest.")
    package var account: String?

    /// For the argument library.
    package init() {}

    /// None given. Each has to be set, because without a command line the library has no values for them.
    package static let none: GlobalOptions = {
        var options = GlobalOptions()
        (options.profile, options.server, options.lang, options.color) = (nil, nil, nil, nil)
        (options.trace, options.account, options.pins) = (nil, nil, [])
        (options.json, options.noColor, options.ascii, options.quiet) = (false, false, false, false)
        (options.noInput, options.utc, options.plainText, options.guest) = (false, false, false, false)
        return options
    }()

    /// Long options with a value, and short ones, so that they may stand before the verb.
    static let valueOptions: Set<String> = [
        "-p", "--profile", "--server", "--lang", "--color", "--trace", "--pin", "--account",
    ]
}
