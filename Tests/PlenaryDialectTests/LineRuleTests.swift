// SPDX-License-Identifier: Apache-2.0

import PlenaryDialect
import PlenaryDomain
import PlenaryTerms
import PlenaryWire
import Testing

/// What holds for every line, whatever is in it.
@Suite struct LineRules {
    private let stage = Stage()
    private static let huge = Text(
        [UInt8](repeating: 0xC3, count: 0) + Array(String(repeating: "é", count: 240).utf8))

    private static let refusals: [Refusal] = [
        .unknownCommand(huge), .needMoreParameters(verb: huge), .invalidUTF8(verb: huge),
        .erroneousNickname(huge), .invalidCapabilityCommand(huge), .noSuchNick(huge), .wasNoSuchNick(huge),
        .noSuchServer(huge), .noSuchChannel(huge), .channelCreationDenied(huge), .tooManyTargets(huge),
        .userNotInChannel(nick: huge, channel: huge), .userOnChannel(nick: huge, channel: huge),
        .noRecipient(verb: huge), .batchInvalid(verb: "BATCH", reference: huge),
        .multilineInvalidTarget(expected: huge, found: huge), .multilineMaxBytes(16_384),
        .multilineMaxLines(128), .unknownMode(0xC3, channel: "#c"), .unknownMode(58, channel: "#c"),
        .invalidModeParameter(target: "#c", letter: 98, parameter: huge, ""), .invalidKey("#c"),
        .historyInvalidTarget(subcommand: "LATEST", target: huge), .historyUnknownCommand(huge),
        .historyInvalidParameters(subcommand: huge, [huge]), .historyInvalidReference(subcommand: "A", huge),
        .historyUnavailable(subcommand: "AROUND", target: huge), .helpNotFound(huge),
        .monitorListFull(limit: 100, targets: huge), .invalidClientToken(verb: "TAGMSG"),
        .storageIsFull(verb: "PRIVMSG"), .messageTooLong, .noTextToSend, .inputTooLong,
        .noSuchChannel(""), .noSuchNick(":a b"), .historyInvalidTarget(subcommand: "LATEST", target: "a b"),
    ]

    /// RFC 1459, 2.3: "shall not exceed 512 characters in length, counting all characters including the
    /// trailing CR-LF"; UTF8ONLY: never a cut within a character.
    @Test(arguments: Language.allCases)
    func everyRefusalIsOneValidLineOf512BytesAtMost(language: Language) throws {
        var session = stage.session
        session.language = language
        for refusal in LineRules.refusals {
            for line in stage.dialect.render(refusal, to: session, in: stage.community) {
                let bytes = line.encoded()
                #expect(bytes.count <= 512, "\(refusal) \(language)")
                #expect(bytes.withUnsafeBytes { isValidUTF8($0) }, "\(refusal) \(language)")
                let parsed = try Line.parse(Array(bytes.dropLast(2)), limits: .fromServer)
                #expect(parsed?.parameters == line.parameters, "\(refusal) \(language)")
            }
        }
    }

    /// conformance.md 7 and modern.ircd.chat, "RPL_ISUPPORT": at most 13 tokens a line, at least one,
    /// ASCII, no `=` in a value.
    @Test func supportTokensFollowTheRules() {
        let lines = stage.dialect.renderWelcome(to: stage.session, in: stage.community).filter {
            $0.verb == "005"
        }
        #expect(!lines.isEmpty)
        var names: Set<String> = []
        for line in lines {
            #expect(line.encoded().count <= 512)
            let tokens = line.parameters.dropFirst().dropLast().map(\.string)
            #expect((1...13).contains(tokens.count))
            for token in tokens {
                let parts = token.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                #expect(token.utf8.allSatisfy { $0 > 32 && $0 < 127 })
                #expect(parts.count < 2 || !parts[1].contains("="), "\(token)")
                #expect(names.insert(String(parts[0])).inserted, "\(token) twice")
            }
        }
        for name in ["CASEMAPPING", "CHANTYPES", "CHATHISTORY", "MSGREFTYPES", "UTF8ONLY", "BOT", "PREFIX"] {
            #expect(names.contains(name), "\(name)")
        }
    }

    /// A MODE line with many completed masks becomes two; nothing is lost on the way.
    @Test func aLongModeLineIsDividedBetweenItsChanges() {
        let changes = (0..<8).map { index in
            ModeChange(
                letter: 98, isAdded: index < 6, argument: Text("\(index)" + String(repeating: "m", count: 90))
            )
        }
        let actor = Actor(source: "ann!~ann@h.guest", account: nil, accountName: nil)
        let event = Event.modesChanged(
            ModesChanged(channel: ChannelID(1), channelName: "#c", changes: changes, actor: actor))
        let logged = LoggedEvent(offset: Offset(1), time: Timestamp(seconds: 1), event: event)
        let lines = stage.dialect.render(
            logged, id: MessageID(high: 1, low: 2), to: [.messageTags], in: stage.community)
        #expect(lines.count > 1)
        #expect(
            lines.allSatisfy { line in
                var bytes: [UInt8] = []
                line.encodeBody(into: &bytes)
                return bytes.count <= 512
            })
        #expect(lines.flatMap { $0.parameters.dropFirst(2) } == changes.compactMap(\.argument))
        #expect(lines.count { $0.tags.contains { $0.key == "msgid" } } == 1)
    }
}

/// A community of a few people for tests that render.
struct Stage {
    let dialect: Dialect
    var community: Community
    var session: Session

    init() {
        var facts = ServerFacts(
            name: "plenary.test", network: "Plenary", version: "plenary-0", started: Timestamp(seconds: 1))
        facts.messageOfTheDay = ["hello"]
        dialect = Dialect(facts: facts) { MessageID(high: $0.value, low: 7) }
        var policy = CommunityPolicy()
        policy.profile = .open
        policy.serverName = "plenary.test"
        community = Community(policy: policy)
        session = Session(
            id: SessionID(1), connectedAt: Timestamp(seconds: 1), isTLS: true, certificateFingerprint: nil,
            host: "h.guest", language: .english)
        session.nickname = try? Nickname(String(repeating: "n", count: 32))
        session.userName = "~user"
        session.isRegistered = true
        session.refreshSource()
        community.apply(.opened(session))
    }
}
