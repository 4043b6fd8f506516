// SPDX-License-Identifier: Apache-2.0

extension SlashCommand {
    /// What a typed line is.
    package enum Parsed: Sendable, Hashable {
        /// A text for the people of the place.
        case text(String)
        /// A command with everything behind its name.
        case command(SlashCommand, arguments: String)
        /// A slash and a word that is no command, with the nearest ones. It is never sent.
        case unknown(word: String, nearest: [String])
        /// Words that look like the password line of another chat service. They are never sent, and never
        /// shown.
        case refusedSecret
    }

    /// Characters that begin a command: the slash, and what input methods put in its place.
    private static let slashes: Set<Character> = ["/", "／", "∕", "⁄", "؍"]
    /// The question mark of every keyboard, which alone in a line asks for help.
    private static let questionMarks: Set<String> = ["?", "؟", "？"]

    /// Reads a line. `//x` is the text `/x`, `/12 text` is `/thread 12 text`. The language chooses which
    /// aliases are suggested; all of them are understood.
    package static func parse(_ line: String, language: Language) -> Parsed {
        let trimmed = line.drop { isSkipped($0) }
        if isSecret(trimmed) { return .refusedSecret }
        if questionMarks.contains(String(trimmed)) { return .command(.help, arguments: "") }
        guard let first = trimmed.first, slashes.contains(first) else { return .text(line) }
        let rest = trimmed.dropFirst()
        if let second = rest.first, slashes.contains(second) { return .text(String(rest)) }
        let word = rest.prefix { !isSpace($0) }
        let arguments = String(rest[word.endIndex...].drop { isSpace($0) })
        let name = folded(String(word))
        if !name.isEmpty, name.utf8.allSatisfy({ (48...57).contains($0) }) {
            return .command(.thread, arguments: arguments.isEmpty ? name : "\(name) \(arguments)")
        }
        if let command = named(name) { return .command(command, arguments: arguments) }
        return .unknown(
            word: String(word), nearest: name.isEmpty ? [] : suggestions(for: name, language: language))
    }

    /// Spaces, that of Chinese input methods among them.
    private static func isSpace(_ character: Character) -> Bool { character.isWhitespace }

    /// What may stand before a slash and does not make it a text: spaces, and the marks of direction that
    /// some keyboards put in.
    private static func isSkipped(_ character: Character) -> Bool {
        character.isWhitespace
            || character.unicodeScalars.allSatisfy { [0x061C, 0x200E, 0x200F].contains($0.value) }
    }

    // MARK: Secrets

    /// Programs of other services that take passwords as messages.
    private static let services: Set<String> = ["nickserv", "ns", "authserv", "userserv"]
    /// What is said to them with a password behind it.
    private static let verbs: Set<String> = [
        "identify", "id", "register", "auth", "login", "ghost", "recover", "release", "regain", "group",
        "drop", "set",
        "password", "pass", "verify",
    ]

    /// Whether the line looks as if it had a password in it: `/msg NickServ …`, `PRIVMSG NickServ :…`,
    /// `nickserv identify …`, `/identify …`, `identify …` with one word behind it.
    static func isSecret(_ line: some StringProtocol) -> Bool {
        var words = line.split(whereSeparator: \.isWhitespace).map { folded(String($0)) }[...]
        guard let first = words.first else { return false }
        let isCommand = first.first.map { slashes.contains($0) } ?? false
        // Two slashes are no way round it: what follows would stand in the channel.
        if isCommand { words[words.startIndex] = String(first.drop { slashes.contains($0) }) }
        var isSending = false
        while let word = words.first, isMessageVerb(word) {
            words = words.dropFirst()
            isSending = true
        }
        guard let name = words.first.map(bareName) else { return false }
        if services.contains(name), words.count > 1 {
            return isCommand || isSending
                || words.dropFirst().first.map { verbs.contains(bareName($0)) } ?? false
        }
        if isCommand { return ["identify", "register"].contains(name) && words.count > 1 }
        return name == "identify" && words.count == 2
    }

    private static func isMessageVerb(_ word: String) -> Bool {
        if ["privmsg", "notice", "squery", "raw"].contains(word) { return true }
        guard let command = named(word) else { return false }
        return command == .msg || command == .quote
    }

    /// `:IDENTIFY` and `@NickServ:` without what stands round the word; `NickServ@services.example` without
    /// its host.
    private static func bareName(_ word: String) -> String {
        let start = word.drop { $0 == ":" || $0 == "@" || $0 == "/" }
        return String(start.prefix { $0 != "@" && $0 != ":" && $0 != "," })
    }
}
