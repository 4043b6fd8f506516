// SPDX-License-Identifier: Apache-2.0

import PlenaryTestKit

/// One row of the matrix: what is said, with `%c` for the channel, and what is done before and after it.
struct MatrixRow {
    var command: String
    var lines: [String]
    /// Done by the person whose permission is asked, before.
    var before: [String] = []
    /// Done by the secretariat afterwards, to have all as it was.
    var after: [String] = []
    var needs: Need = .nothing

    /// What `%m` stands for, or what is to be so.
    enum Need {
        case nothing
        /// The person is not in the channel, but may enter it if ever.
        case absence
        /// `%m` is a message of the person's own.
        case ownMessage
        /// `%m` is a message of the secretariat.
        case othersMessage
    }

    /// Every command that asks for permission, in a channel. A new one is one row here and one in the document.
    static let inChannels: [MatrixRow] = [
        MatrixRow(command: "JOIN", lines: ["JOIN %c"], needs: .absence),
        MatrixRow(command: "NAMES", lines: ["NAMES %c"]),
        MatrixRow(command: "LIST", lines: ["LIST %c"]),
        MatrixRow(command: "WHO", lines: ["WHO %c"]),
        MatrixRow(command: "TOPIC", lines: ["TOPIC %c"]),
        MatrixRow(command: "TOPIC set", lines: ["TOPIC %c :new words"]),
        MatrixRow(command: "MODE", lines: ["MODE %c"]),
        MatrixRow(command: "MODE set", lines: ["MODE %c +l 50"], after: ["MODE %c -l"]),
        MatrixRow(
            command: "KICK", lines: ["KICK %c victim :out"], after: ["INVITE victim %c"]),
        MatrixRow(command: "INVITE", lines: ["INVITE stranger %c"]),
        MatrixRow(command: "PRIVMSG", lines: ["PRIVMSG %c :hello"]),
        MatrixRow(command: "PRIVMSG to a thread", lines: ["PRIVMSG %c/1 :hello"]),
        MatrixRow(command: "NOTICE", lines: ["NOTICE %c :hello"]),
        MatrixRow(command: "TAGMSG", lines: ["@+typing=active TAGMSG %c"]),
        MatrixRow(
            command: "BATCH",
            lines: ["BATCH +1 draft/multiline %c", "@batch=1 PRIVMSG %c :one", "BATCH -1"]),
        MatrixRow(command: "CHATHISTORY", lines: ["CHATHISTORY LATEST %c * 5"]),
        MatrixRow(command: "SEARCH", lines: ["SEARCH text=hello;in=%c"]),
        MatrixRow(command: "MARKREAD", lines: ["MARKREAD %c timestamp=2020-01-01T00:00:00.000Z"]),
        MatrixRow(command: "THREAD LIST", lines: ["THREAD %c LIST * 10"]),
        MatrixRow(command: "THREAD CREATE", lines: ["THREAD %c CREATE * :New"]),
        MatrixRow(
            command: "THREAD CLOSE", lines: ["THREAD %c/1 CLOSE"], after: ["THREAD %c/1 REOPEN"]),
        MatrixRow(command: "THREAD POLICY", lines: ["THREAD %c POLICY create=all"]),
        MatrixRow(command: "REDACT one's own", lines: ["REDACT %c %m"], needs: .ownMessage),
        MatrixRow(command: "REDACT another's", lines: ["REDACT %c %m"], needs: .othersMessage),
        MatrixRow(command: "METADATA SYNC", lines: ["METADATA %c SYNC"]),
        MatrixRow(command: "MOD HIDE", lines: ["MOD %c HIDE %m off-topic"], needs: .othersMessage),
        MatrixRow(
            command: "MOD MUTE", lines: ["MOD %c MUTE victim 1m spam"], after: ["MOD %c UNMUTE victim"]),
        MatrixRow(command: "MOD SLOW", lines: ["MOD %c SLOW 1"], after: ["MOD %c SLOW off"]),
        MatrixRow(
            command: "SESSION SCHEDULE",
            lines: ["SESSION %c SCHEDULE start=2099-06-23T08:00:00Z;end=2099-06-23T10:00:00Z"],
            after: ["SESSION %c CANCEL"]),
        MatrixRow(command: "MOD REPORTS", lines: ["MOD %c REPORTS"]),
        MatrixRow(command: "MOD LOG", lines: ["MOD %c LOG"]),
        MatrixRow(command: "REPORT", lines: ["REPORT victim %c :spam"]),
        MatrixRow(command: "ERASE MESSAGE one's own", lines: ["ERASE MESSAGE %c %m"], needs: .ownMessage),
        MatrixRow(command: "ERASE MESSAGE another's", lines: ["ERASE MESSAGE %c %m"], needs: .othersMessage),
        MatrixRow(command: "RETAIN", lines: ["RETAIN %c"]),
        MatrixRow(command: "RETAIN set", lines: ["RETAIN %c 365"]),
        MatrixRow(command: "HOLD", lines: ["HOLD %c ON"], after: ["HOLD %c OFF"]),
        // The list is open, and somebody is on it, from the first of these on.
        MatrixRow(command: "FLOOR LIST", lines: ["FLOOR %c LIST"], after: ["FLOOR %c OPEN"]),
        MatrixRow(
            command: "FLOOR REQUEST", lines: ["FLOOR %c REQUEST item=1"],
            after: ["FLOOR %c REQUEST name=Guest"]),
        MatrixRow(command: "FLOOR REQUEST of another", lines: ["FLOOR %c REQUEST name=Other"]),
        MatrixRow(command: "FLOOR GRANT", lines: ["FLOOR %c GRANT next"], after: ["FLOOR %c STOP"]),
        MatrixRow(command: "FLOOR CLOSE", lines: ["FLOOR %c CLOSE"], after: ["FLOOR %c REOPEN"]),
        MatrixRow(command: "PART", lines: ["PART %c"]),
        MatrixRow(command: "RELAY STATUS", lines: ["RELAY %c STATUS"]),
        MatrixRow(command: "RELAY ON", lines: ["RELAY %c ON"], after: ["RELAY %c OFF"]),
        MatrixRow(
            command: "RELAYMSG", lines: ["RELAY %c ON", "RELAYMSG %c Name/zoom :hello"],
            after: ["RELAY %c OFF"]),
        MatrixRow(
            command: "TRANSLATE one's own", lines: ["TRANSLATE %c %m ar human :words"], needs: .ownMessage),
        MatrixRow(
            command: "TRANSLATE another's", lines: ["TRANSLATE %c %m ar human :words"],
            needs: .othersMessage),
        MatrixRow(command: "ORIGINAL", lines: ["ORIGINAL %c %m"], needs: .othersMessage),
        MatrixRow(command: "TRANSLATIONS", lines: ["TRANSLATIONS %c %m"], needs: .othersMessage),
        MatrixRow(command: "OUTCOME LIST", lines: ["OUTCOME %c LIST"]),
        MatrixRow(
            command: "OUTCOME MARK", lines: ["OUTCOME %c MARK %m lesson :summed up"], needs: .othersMessage),
        MatrixRow(command: "STATS", lines: ["STATS %c"]),
        MatrixRow(
            command: "PRACTICE SUBMIT one's own", lines: ["PRACTICE SUBMIT %c %m title=Told"],
            needs: .ownMessage),
    ]

    /// Commands that ask for permission, and have nothing to do with a channel.
    static let anywhere: [MatrixRow] = [
        MatrixRow(command: "PRIVMSG to a person", lines: ["PRIVMSG stranger :hello"]),
        MatrixRow(command: "TAGMSG to a person", lines: ["@+typing=active TAGMSG stranger"]),
        MatrixRow(command: "METADATA SET", lines: ["METADATA * SET display-name :Somebody"]),
        MatrixRow(command: "METADATA SET of another", lines: ["METADATA stranger SET display-name :Else"]),
        MatrixRow(
            command: "METADATA SET verified", lines: ["METADATA stranger SET plenary.chat/verified :yes"]),
        MatrixRow(command: "INVITECODE CREATE", lines: ["INVITECODE CREATE uses=1"]),
        MatrixRow(
            command: "INVITECODE CREATE of the secretariat", lines: ["INVITECODE CREATE role=secretariat"]),
        MatrixRow(command: "ROLE", lines: ["ROLE stranger member"]),
        MatrixRow(command: "MOD NOTES", lines: ["MOD * NOTES stranger"]),
        MatrixRow(command: "MOD * LOG", lines: ["MOD * LOG"]),
        MatrixRow(command: "ERASE LIST", lines: ["ERASE LIST"]),
        MatrixRow(command: "ERASE ACCOUNT", lines: ["ERASE ACCOUNT victim"], after: ["ERASE CANCEL victim"]),
        MatrixRow(command: "HOLD LIST", lines: ["HOLD LIST"]),
        MatrixRow(command: "MYDATA", lines: ["MYDATA"]),
        MatrixRow(command: "SESSION * LIST", lines: ["SESSION * LIST"]),
        MatrixRow(command: "KILL", lines: ["KILL target :out"]),
        MatrixRow(command: "PRACTICE LIST", lines: ["PRACTICE LIST"]),
        MatrixRow(command: "FORM LIST", lines: ["FORM LIST"]),
        MatrixRow(command: "FORM DEFINE", lines: ["FORM matrix DEFINE en=Matrix"]),
    ]

    /// Verbs that every role may say, with no effect on others but that it is seen: who one is, what one hears, and
    /// the server's own answers. Those that name people tell of channels only what the asker may know, which
    /// `aPersonsPrivateChannelsAreNotTold` shows.
    static let needNoPermission: Set<String> = [
        "CAP", "PASS", "NICK", "USER", "PING", "PONG", "QUIT", "ERROR", "AUTHENTICATE", "REGISTER", "VERIFY",
        "DEVICES", "OPER", "SESSIONS", "PASSWORD", "RESUME", "WHOIS", "WHOWAS", "USERHOST", "ISON", "MONITOR",
        "AWAY", "SETNAME", "LANGUAGE",
        "MOTD", "LUSERS", "VERSION", "TIME", "INFO", "ADMIN", "HELP", "HELPOP",
        // Goes on with what FORM began.
        "ANSWER",
    ]
}
