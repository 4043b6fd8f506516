// SPDX-License-Identifier: Apache-2.0

import PlenaryTerms

/// Command families; each has one file of the same name in the domain, the dialect and the transcripts.
package enum Family: Sendable {
    case registration, membership, messaging, topics, modes, presence, accounts, history, threads, reading,
        moderation, search, retention, people, meetings, floor,
        relaying, languages,
        outcomes, practices, questionnaires
}

/// One verb: who may say it, how much it costs, how HELP explains it.
package final class VerbRow: Sendable {
    package let verb: String
    /// The verb, as lines and refusals have it.
    package let name: Text
    package let family: Family
    /// Fewer: 461.
    package let minimumParameterCount: Int
    package let isAllowedBeforeRegistration: Bool
    /// Tokens of the command bucket (limits.md 14).
    package let cost: Int
    /// What HELP shows after the verb.
    package let help: String
    /// Whether a message to `plenary` may say it (docs/extensions/moderation.md, "The desk").
    package let isDeskVerb: Bool

    init(
        _ verb: String, _ family: Family, atLeast minimumParameterCount: Int = 0, early: Bool = false,
        cost: Int = 1, desk: Bool = false,
        _ help: String
    ) {
        isDeskVerb = desk
        self.verb = verb
        name = Text(verb)
        self.family = family
        self.minimumParameterCount = minimumParameterCount
        self.isAllowedBeforeRegistration = early
        self.cost = cost
        self.help = help
    }
}

package enum VerbTable {
    package static let rows: [VerbRow] = [
        .init(
            "CAP", .registration, atLeast: 1, early: true,
            "<subcommand> [<capabilities>]: negotiate capabilities"),
        .init(
            "PASS", .registration, atLeast: 1, early: true,
            "<account>:<password>: sign in, for clients without SASL"),
        .init("NICK", .registration, early: true, "<nickname>: choose or change your nickname"),
        .init("USER", .registration, atLeast: 4, early: true, "<name> 0 * <real name>: introduce yourself"),
        .init("PING", .registration, early: true, "<token>: answered with PONG"),
        .init("PONG", .registration, early: true, cost: 0, "<token>: the answer to PING"),
        .init("QUIT", .registration, early: true, cost: 0, "[<reason>]: leave"),
        .init("ERROR", .registration, early: true, cost: 0, "is said by servers only"),
        .init("AUTHENTICATE", .accounts, atLeast: 1, early: true, "<mechanism or data>: sign in with SASL"),
        .init(
            "REGISTER", .accounts, atLeast: 3, early: true, cost: 2,
            "<account or *> <email or *> <password>: sign up"),
        .init(
            "VERIFY", .accounts, atLeast: 2, early: true, cost: 2,
            "<account> <invite code>: finish signing up"),
        .init(
            "DEVICES", .accounts, desk: true,
            "[LIST | ADD <label> | REMOVE <fingerprint>]: certificates that sign you in"
        ),
        .init(
            "INVITECODE", .accounts, atLeast: 1, cost: 2,
            "CREATE [role=…;channels=…;expires=…;uses=…;name=…] | LIST | REVOKE <handle>: codes to sign up with"
        ),
        .init(
            "PASSWORD", .accounts, atLeast: 2, cost: 2,
            "<old password or *> <new password>: change your password"),
        .init(
            "RESUME", .accounts, atLeast: 1, cost: 2,
            "TOKEN [<label>] | DROP: a token to come back with after a lost connection"),
        .init(
            "SESSIONS", .accounts, "[LIST | CLOSE <id>]: where you are signed in"),
        .init(
            "ROLE", .accounts, atLeast: 2, "<account> <role>: what an account is, for administrators"),
        .init(
            "OPER", .accounts, atLeast: 2, cost: 2,
            "<account> <password>: take the role of an account for this session"),
        .init("KILL", .accounts, atLeast: 2, "<nickname> <reason>: disconnect somebody, for administrators"),
        .init("JOIN", .membership, atLeast: 1, cost: 2, "<channels> [<keys>]: enter channels"),
        .init("PART", .membership, atLeast: 1, "<channels> [<reason>]: leave channels"),
        .init("NAMES", .membership, "<channels>: who is in a channel"),
        .init("LIST", .membership, cost: 5, "[<channels or masks>]: which channels exist"),
        .init(
            "KICK", .membership, atLeast: 2,
            "<channels> <nicknames> [<reason>]: remove somebody from a channel"),
        .init("INVITE", .membership, "<nickname> <channel>: let somebody into a channel"),
        .init("TOPIC", .topics, atLeast: 1, "<channel> [<topic>]: see or set what a channel is about"),
        .init("MODE", .modes, atLeast: 1, "<target> [<modes> [<arguments>]]: see or change modes"),
        .init("PRIVMSG", .messaging, "<targets> <text>: say something to a channel or a person"),
        .init("NOTICE", .messaging, "<targets> <text>: as PRIVMSG, and nothing answers it"),
        .init("TAGMSG", .messaging, atLeast: 1, "<targets>: send tags without text"),
        .init(
            "BATCH", .messaging, atLeast: 1,
            "<+ or -><reference> [<type> <target>]: a message of several lines"),
        .init("CHATHISTORY", .history, cost: 2, "<subcommand> <target> <bounds> <limit>: earlier messages"),
        .init(
            "THREAD", .threads, atLeast: 2, cost: 2, desk: true,
            "<channel or thread> <CREATE | LIST | INFO | TITLE | CLOSE | REOPEN | ARCHIVE | PIN | "
                + "UNPIN | ANSWER | "
                + "MOVE | LEVEL | POLICY | CUE> […]: discussions with a title"),
        .init("MARKREAD", .reading, "<target> [timestamp=<time>]: how far you have read"),
        .init(
            "REDACT", .moderation, atLeast: 2, "<target> <message id> [<reason>]: take a message back"),
        .init(
            "MOD", .moderation, atLeast: 2, cost: 2, desk: true,
            "<channel, thread or *> <act> […]: moderate; ask /msg plenary help for the acts"),
        .init(
            "REPORT", .moderation, atLeast: 2, cost: 2, desk: true,
            "<message id or nickname> <channel> [<reason>] :<text>: tell the moderators, and nobody else"),
        .init(
            "SEARCH", .search, cost: 5,
            "text=<words>;in=<target>;from=<account>;…: find messages"),
        // What is kept, and how it goes (docs/extensions/erasure.md)
        .init(
            "ERASE", .retention, atLeast: 1, cost: 2,
            "<MESSAGE <target> <message id> | ACCOUNT <account> | CANCEL <account> | LIST> [<reason code>]: take out "
                + "of all files"),
        .init(
            "HOLD", .retention, atLeast: 1, cost: 2,
            "<LIST | channel or account> [<ON or OFF> [<reason code>]]: keep whatever is erased elsewhere"),
        .init(
            "RETAIN", .retention, atLeast: 1, cost: 2,
            "<channel> [<days or forever>]: how long messages are kept"),
        .init("MYDATA", .retention, cost: 2, "[<next>]: all records that you are in"),
        // What a talk came to (docs/extensions/outcomes.md)
        .init(
            "OUTCOME", .outcomes, atLeast: 2, cost: 2, desk: true,
            "<channel> <MARK <message or thread> <kind> [<theme>] :<summary> | EDIT <number> :<summary> | "
                + "UNMARK <number> | LIST [<number>]>: what a talk came to"),
        .init(
            "STATS", .outcomes, atLeast: 1, cost: 5, desk: true,
            "<channel> [<from> [<to>]]: messages by category, region and presence"),
        .init(
            "PRACTICE", .practices, atLeast: 1, cost: 2, desk: true,
            "<SUBMIT [<channel>] <message or thread> | CHANGE <number>> title=…;country=…;type=…;since=… | "
                + "REVIEW <number> <accept or return> [<text>] | <PUBLISH, WITHDRAW or INFO> <number> | "
                + "LIST [<filters>]: practices that can be cited"
        ),
        // Questionnaires (docs/extensions/questionnaires.md)
        .init(
            "FORM", .questionnaires, atLeast: 1, cost: 2, desk: true,
            "LIST | <name> [SHOW | ANSWER <question>=<value>;… | SEND | COUNTS [<question> BY <group>] | "
                + "EXPORT [<after>] | OPEN | CLOSE | DEFINE <values> | QUESTION <question> <values>]: questionnaires"
        ),
        .init(
            "ANSWER", .questionnaires, desk: true,
            "[<answer>]: the question of a questionnaire that you were asked, or leave it out"),
        // People
        .init(
            "METADATA", .people, atLeast: 2, cost: 2,
            "<nickname or *> <GET | LIST | SET | CLEAR | SUB | UNSUB | SUBS | SYNC> [<keys>] [<value>]: who "
                + "people are"),
        // Sittings
        .init(
            "SESSION", .meetings, atLeast: 2, cost: 2, desk: true,
            "<channel or *> <LIST | INFO | SCHEDULE | OPEN | SUSPEND | RESUME | EXTEND | CLOSE | AGENDA | DOCUMENT | "
                + "ROLL | ATTRIBUTION | CANCEL> […]: when a channel's session is, and its chair's acts"),
        .init(
            "FLOOR", .floor, atLeast: 1, cost: 2, desk: true,
            "<channel> [LIST | REQUEST | WITHDRAW | SWAP | REPLY | POINT | YIELD | GRANT | STOP | EXTEND | OPEN | "
                + "CLOSE | REOPEN | CUT | ORDER | DRAW | POLICY] […]: the list of speakers"),
        // Relays
        .init(
            "RELAYMSG", .relaying, atLeast: 3,
            "<channel> <name/origin> <text>: bring what somebody said elsewhere, for relays"),
        .init(
            "RELAY", .relaying, atLeast: 1, desk: true,
            "<channel> [ON | OFF | STATUS | WATCH | UNWATCH | BEAT <counters>]: messages from other platforms"
        ),
        // Languages
        .init(
            "TRANSLATE", .languages, atLeast: 5, cost: 2, desk: true,
            "<channel> <message> <language> <official, human or machine> <text>: attach a translation"),
        .init(
            "ORIGINAL", .languages, atLeast: 2, cost: 2, desk: true,
            "<channel> <message>: a message as it was written"),
        .init(
            "TRANSLATIONS", .languages, atLeast: 2, cost: 2, desk: true,
            "<channel> <message>: a message and all its translations"),
        .init("WHO", .presence, atLeast: 1, cost: 5, "<mask> [%<fields>]: find people"),
        .init("WHOIS", .presence, cost: 2, "[<server>] <nickname>: about one person"),
        .init("WHOWAS", .presence, cost: 2, "<nickname> [<count>]: about somebody who left"),
        .init("USERHOST", .presence, atLeast: 1, "<nicknames>: short facts about up to five people"),
        .init("ISON", .presence, atLeast: 1, "<nicknames>: which of them are here"),
        .init("MONITOR", .presence, atLeast: 1, "+|-|C|L|S [<nicknames>]: be told when people come and go"),
        .init("AWAY", .presence, "[<text>]: say that you are away, or back"),
        .init("SETNAME", .presence, atLeast: 1, "<name>: change your real name"),
        .init(
            "LANGUAGE", .presence, atLeast: 1,
            "<ar | zh | en | fr | ru | es>: the language of the server's texts"),
        .init("MOTD", .presence, "[<server>]: the message of the day"),
        .init("LUSERS", .presence, ": how many people are here"),
        .init("VERSION", .presence, "[<server>]: which server this is"),
        .init("TIME", .presence, "[<server>]: the server's time"),
        .init("INFO", .presence, ": about this server"),
        .init("ADMIN", .presence, "[<server>]: who runs this server"),
        .init("HELP", .presence, desk: true, "[<command>]: explains commands"),
        .init("HELPOP", .presence, "[<command>]: the same as HELP"),
    ]

    private static let byVerb: [String: VerbRow] = Dictionary(
        uniqueKeysWithValues: rows.map { ($0.verb, $0) })

    package static func row(of verb: String) -> VerbRow? { byVerb[verb] }
}
