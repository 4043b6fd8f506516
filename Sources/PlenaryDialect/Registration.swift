// SPDX-License-Identifier: Apache-2.0

import PlenaryDomain
import PlenaryTerms
import PlenaryWire

extension Dialect {
    static func interpretRegistration(_ line: Line) throws(Refusal) -> [Command] {
        let parameters = line.parameters
        switch line.verb {
        case "CAP": return [.registration(try interpretCapability(parameters))]
        case "PASS": return [.registration(.password(parameters[0]))]
        case "NICK":
            guard let nick = parameters.first else { throw .noNicknameGiven }
            return [.registration(.nickname(nick))]
        case "USER": return [.registration(.user(name: parameters[0], realName: parameters[3]))]
        case "PING":
            guard let token = parameters.first, !token.isEmpty else { throw .noOrigin }
            return [.registration(.ping(token))]
        case "PONG", "ERROR": return [.registration(.pong)]
        default: return [.registration(.quit(parameters.first))]
        }
    }

    private static func interpretCapability(_ parameters: [Text]) throws(Refusal) -> RegistrationCommand {
        let subcommand = Text(parameters[0].string.uppercased())
        switch subcommand.string {
        case "LS": return .listCapabilities(version: parameters[parameter: 1].flatMap { Int($0.string) } ?? 0)
        case "LIST": return .listEnabled
        case "END": return .endNegotiation
        case "REQ":
            var adding: Capabilities = []
            var removing: Capabilities = []
            var allKnown = true
            let names = (parameters[parameter: 1]?.bytes ?? []).split(separator: 32).map { Text($0) }
            for name in names {
                let isRemoved = name.bytes.first == 45
                guard
                    let capability = CapabilityNames.capability(
                        named: isRemoved ? Text(name.bytes.dropFirst()).string : name.string)
                else {
                    allKnown = false
                    continue
                }
                if isRemoved { removing.insert(capability) } else { adding.insert(capability) }
            }
            return .requestCapabilities(adding: adding, removing: removing, names: names, allKnown: allKnown)
        default: throw .invalidCapabilityCommand(parameters[0])
        }
    }

    // MARK: CAP

    /// CAP LS: one line and no values before version 302; with it values, and `*` on all lines but the last.
    /// The version is the request's, also when a higher one was given before ("CAP LS Version").
    func renderCapabilityList(version: Int, to session: Session, in community: Community) -> [Line] {
        let hasValues = version >= 302
        let offered = community.offeredCapabilities(to: session)
        var words: [Text] = []
        for row in CapabilityNames.table where row.capability == .sts || offered.contains(row.capability) {
            if row.capability == .sts, facts.stsPort == nil || !hasValues { continue }
            // The one line of old clients has room for what they may know; ours came after 302. All may be asked for.
            if !hasValues, row.names[0].hasPrefix(Vendor.name) { continue }
            let value = hasValues ? capabilityValue(row.capability, session, community) : nil
            for name in hasValues ? row.names : Array(row.names.prefix(1)) {
                words.append(value.map { Text(name) + "=" + $0 } ?? Text(name))
            }
        }
        return capabilityLines("LS", words, session, isContinued: hasValues)
    }

    func renderEnabledCapabilities(to session: Session) -> [Line] {
        let words = CapabilityNames.table.filter { session.capabilities.contains($0.capability) }
            .map { Text($0.names[0]) }
        return capabilityLines("LIST", words, session, isContinued: session.capabilityVersion >= 302)
    }

    /// Clients of versions before 302 do not know the `*` that says that another line follows. What they enabled name
    /// by name may come to more than one all the same, and none is longer than a line may be.
    private func capabilityLines(
        _ subcommand: Text, _ words: [Text], _ session: Session, isContinued: Bool
    ) -> [Line] {
        // `:name CAP nick LS :` and CR LF stand around the words.
        let around = facts.name.byteCount + session.replyName.byteCount + subcommand.byteCount + 11
        let rows = Dialect.packed(
            words, byteLimit: isContinued ? 400 : WireLimits.fromClient.bodyByteLimit - around)
        let all = rows.isEmpty ? [Text("")] : rows
        return all.enumerated().map { index, row in
            let isLast = index == all.count - 1
            return Line(
                source: facts.name, verb: "CAP",
                [session.replyName, subcommand] + (isLast || !isContinued ? [] : ["*"]) + [row],
                hasTrailing: true)
        }
    }

    private func capabilityValue(
        _ capability: Capabilities, _ session: Session, _ community: Community
    ) -> Text? {
        let limits = community.policy.limits
        switch capability {
        case .sasl: return mechanisms(in: community)
        case .multiline:
            return Text("max-bytes=\(limits.multilineByteLimit),max-lines=\(limits.multilineLineLimit)")
        case .threads:
            return Text(
                "sep=/,titlelen=\(ThreadTitle.byteLimit),max-list=\(limits.threadPageCountLimit)")
        case .metadata: return Dialect.metadataCapabilityValue
        // What stands in names of relayed people and in no nickname (IRCv3 relaymsg, draft).
        case .relayMessages: return "/"
        case .accountRegistration: return "before-connect,custom-account-name"
        // The port where it is needed, the duration where it counts (IRCv3 sts).
        case .sts: return session.isTLS ? facts.stsDuration : facts.stsPort
        default: return nil
        }
    }

    // MARK: Welcome

    /// 001 to 005, LUSERS, the message of the day (modern.ircd.chat, "Connection Registration").
    package func renderWelcome(to session: Session, in community: Community) -> [Line] {
        let nick = session.replyName
        var lines = [
            numeric(.welcome, session, say: .welcome, [.network: facts.network, .nick: nick]),
            numeric(.yourHost, session, say: .yourHost, [.server: facts.name, .version: facts.version]),
            numeric(.created, session, say: .created, [.time: Text(facts.started.iso8601)]),
            numeric(.myInfo, session, [facts.name, facts.version, "Bio", "Ibefiklmnoqstv"]),
        ]
        lines += renderSupport(to: session, in: community)
        lines += renderUserCounts(to: session, in: community)
        lines += renderOwnMetadata(to: session, in: community)
        lines += renderMessageOfTheDay(to: session)
        return lines
    }

    /// At most 13 tokens a line (modern.ircd.chat, "RPL_ISUPPORT").
    func renderSupport(to session: Session, in community: Community) -> [Line] {
        let limits = community.policy.limits
        let tokens: [Text] =
            [
                "ACCOUNTEXTBAN=a", "AWAYLEN=\(limits.awayByteLimit)", "BOT=B", "CASEMAPPING=ascii",
                "CHANLIMIT=#:\(limits.joinedChannelCountLimit)", "CHANMODES=Ibe,k,fl,imnst",
                "CHANNELLEN=\(ChannelName.byteLimit)", "CHANTYPES=#",
                "CHATHISTORY=\(limits.historyMessageCountLimit)",
                "ELIST=MNU", "EXCEPTS=e", "EXTBAN=$,am", "INVEX=I", "KICKLEN=\(limits.kickByteLimit)",
                "MAXLIST=Ibe:\(limits.listModeCountLimit)", "MAXTARGETS=\(limits.targetCountLimit)",
                "MODES=\(limits.modeArgumentCountLimit)", "MONITOR=\(limits.monitorCountLimit)",
                "MSGREFTYPES=msgid,timestamp", "NAMELEN=\(limits.realNameByteLimit)",
                "NETWORK=\(Dialect.supportWord(facts.network))", "NICKLEN=\(Nickname.byteLimit)",
                "PREFIX=(qov)~@+",
                "SAFELIST",
                "TARGMAX=JOIN:,KICK:,NAMES:,NOTICE:\(limits.targetCountLimit),PART:,"
                    + "PRIVMSG:\(limits.targetCountLimit),TAGMSG:\(limits.targetCountLimit),WHOIS:1",
                "TOPICLEN=\(limits.topicByteLimit)", "USERLEN=11", "UTF8ONLY", "WHOX",
            ].map { Text($0) }
        return stride(from: 0, to: tokens.count, by: 12).map { start in
            numeric(.iSupport, session, Array(tokens[start..<min(start + 12, tokens.count)]), say: .isupport)
        }
    }

    /// A value in 005 holds no space and no `=`.
    private static func supportWord(_ text: Text) -> String {
        String(decoding: text.bytes.map { $0 <= 32 || $0 == 61 || $0 >= 127 ? 95 : $0 }, as: UTF8.self)
    }

    package func renderMessageOfTheDay(to session: Session) -> [Line] {
        guard !facts.messageOfTheDay.isEmpty else {
            return [numeric(.noMotd, session, say: .noMessageOfTheDay)]
        }
        return [numeric(.motdStart, session, say: .messageOfTheDayStart, [.server: facts.name])]
            + facts.messageOfTheDay.map { numeric(.motd, session, [], "- " + $0) }
            + [numeric(.endOfMotd, session, say: .endOfMessageOfTheDay)]
    }

    /// ERROR before the server closes a connection.
    package func renderClosing(_ reason: Text, to session: Session?) -> Line {
        let language = session?.language ?? .english
        return Dialect.fitted(
            Line(verb: "ERROR", [text(.closingLink, in: language, [.reason: reason])], hasTrailing: true))
    }

    /// Why the server closes a connection, in the session's language, and what others read in QUIT.
    package func render(_ reason: CloseText, to session: Session) -> (error: Text, quit: Text) {
        switch reason {
        case .quit(let said):
            // Without a reason it is just `Quit: ` (modern.ircd.chat, "QUIT message").
            let quit = said ?? ""
            return (
                text(.quitReason, in: session.language, [.reason: quit]),
                text(.quitReason, in: .english, [.reason: quit])
            )
        case .passwordMismatch: return both(.passwordMismatch, session)
        case .accountRequired: return both(.signInRequired, session)
        case .saslFailures: return both(.saslTriesExceeded, session)
        case .killed(let name, let reason):
            return (
                text(.killed, in: session.language, [.nick: name, .reason: reason]),
                text(.killed, in: .english, [.nick: name, .reason: reason])
            )
        case .killedByAdministrator: return both(.accountWasDisabled, session)
        case .closedByOwner: return both(.sessionWasClosed, session)
        case .wrongNickname(let account):
            return (text(.nicknameMustBeAccount, in: session.language, [.account: account]), "")
        }
    }

    private func both(_ key: ServerText, _ session: Session) -> (Text, Text) {
        (text(key, in: session.language), text(key, in: .english))
    }
}
