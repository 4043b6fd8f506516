// SPDX-License-Identifier: Apache-2.0

import PlenaryDomain
import PlenaryLog
import PlenarySearch
import PlenaryServer
import PlenaryTerms
import PlenaryTestKit
import PlenaryWire
import Testing

private let limits = CommunityLimits()
private let tooLong = " 417 "

private func fill(_ count: Int) -> String { String(repeating: "a", count: count) }

/// So many words of six letters, none of which comes twice.
private func words(_ count: Int, separator: String) -> String {
    (0..<count).map { "w" + String(10_000 + $0) }.joined(separator: separator)
}

extension HundredfoldTranscripts.Row {
    /// The table.
    static let all: [Self] = lines + texts + times + counts + batches + gathered + gatherings

    // MARK: The line itself

    private static let lines: [Self] = [
        .init(
            name: "WireLimits.bodyByteLimit", limit: 512, speaker: .gil,
            form: .amount({ _, count in ["PING x " + fill(count - 9)] }, accepted: " PONG ", refused: tooLong)
        ),
        .init(
            name: "WireLimits.tagDataByteLimit", limit: 4094,
            form: .amount(
                { _, count in ["@+a=" + fill(count - 3) + " PING x"] }, accepted: " PONG ", refused: tooLong)
        ),
        .init(
            name: "WireLimits.tagCountLimit", limit: 64,
            form: .amount(
                { _, count in ["@" + words(count, separator: ";") + " PING x"] }, accepted: " PONG ",
                refused: tooLong)),
        .init(
            name: "TokenLimits.clientTokenByteLimit", limit: 64,
            form: .amount(
                { _, count in ["@plenary.chat/id=" + fill(count) + " PRIVMSG #tea :x"] },
                accepted: " PRIVMSG #tea :x", refused: "FAIL PRIVMSG INVALID_TOKEN")),
        .init(
            name: "CommunityLimits.targetCountLimit", limit: limits.targetCountLimit, speaker: .gil,
            form: .amount(
                { _, count in ["PRIVMSG " + words(count, separator: ",") + " :x"] },
                accepted: " 401 gil w10003 ",
                refused: " 407 gil ")),
    ]

    // MARK: Texts and names

    private static func text(
        _ name: String, _ limit: Int, by speaker: Speaker = .ann, _ start: String, accepted: String,
        refused: String, isSearch: Bool = false
    ) -> Self {
        .init(
            name: name, limit: limit, speaker: speaker, needsSearch: isSearch,
            form: .amount(
                { scene, count in
                    [
                        start.replacing("%bob", with: scene.ofBob).replacing("%ann", with: scene.ofAnn)
                            + fill(count)
                    ]
                }, accepted: accepted, refused: refused))
    }

    private static let texts: [Self] = [
        text(
            "CommunityLimits.topicByteLimit", limits.topicByteLimit, "TOPIC #tea :",
            accepted: " TOPIC #tea :a", refused: tooLong),
        text(
            "CommunityLimits.awayByteLimit", limits.awayByteLimit, "AWAY :", accepted: " 306 ",
            refused: tooLong),
        text(
            "CommunityLimits.kickByteLimit", limits.kickByteLimit, "KICK #tea gil :",
            accepted: " KICK #tea gil :a", refused: tooLong),
        text(
            "CommunityLimits.realNameByteLimit", limits.realNameByteLimit, "SETNAME :",
            accepted: " SETNAME :a", refused: "FAIL SETNAME INVALID_REALNAME"),
        text(
            "CommunityLimits.channelKeyByteLimit", limits.channelKeyByteLimit, "MODE #tea +k ",
            accepted: " MODE #tea +k a", refused: " 525 ann #tea "),
        text(
            "Nickname.byteLimit", Nickname.byteLimit, by: .gil, "NICK ", accepted: " NICK :a",
            refused: " 432 gil "),
        text(
            "ChannelName.byteLimit", ChannelName.byteLimit - 1, by: .gil, "JOIN #", accepted: " JOIN #a",
            refused: " 403 gil "),
        text(
            "ThreadTitle.byteLimit", ThreadTitle.byteLimit, "THREAD #tea CREATE * :",
            accepted: " THREAD #tea 1 NEW ", refused: "FAIL THREAD"),
        text(
            "CommunityLimits.reasonCodeByteLimit", limits.reasonCodeByteLimit, "ERASE MESSAGE #tea %bob ",
            accepted: "NOTE ERASE", refused: "FAIL ERASE INVALID_PARAMS"),
        text(
            "CommunityLimits.actReasonByteLimit", limits.actReasonByteLimit, "MOD #tea HIDE %bob :",
            accepted: " MODACT #tea hide ", refused: "FAIL MOD TEXT_TOO_LONG"),
        text(
            "CommunityLimits.reportByteLimit", limits.reportByteLimit, by: .bob, "REPORT %ann #tea :",
            accepted: "NOTE REPORT", refused: "FAIL REPORT TEXT_TOO_LONG"),
        text(
            "ProfileLimits.displayNameByteLimit", ProfileLimits.displayNameByteLimit,
            "METADATA * SET display-name :", accepted: " 761 ", refused: "FAIL METADATA VALUE_INVALID"),
        text(
            "ProfileLimits.organisationByteLimit", ProfileLimits.organisationByteLimit,
            "METADATA * SET plenary.chat/organisation :", accepted: " 761 ",
            refused: "FAIL METADATA VALUE_INVALID"),
        .init(
            name: "ProfileLimits.onBehalfByteLimit", limit: ProfileLimits.onBehalfByteLimit,
            form: .amount(
                { _, count in ["@+plenary.chat/on-behalf=" + fill(count) + " PRIVMSG #tea :x"] },
                accepted: " PRIVMSG #tea :x", refused: "FAIL PRIVMSG INVALID_ON_BEHALF")),
        .init(
            name: "MessageMark.referenceCountLimit", limit: MessageMark.referenceCountLimit,
            form: .amount(
                { _, count in
                    let references = (0..<count).map { "sdg:\($0 % 17 + 1)" }.joined(separator: ",")
                    return ["@+plenary.chat/ref=\(references) PRIVMSG #tea :x"]
                }, accepted: " PRIVMSG #tea :x", refused: "FAIL PRIVMSG INVALID_REFERENCE")),
        text(
            "CommunityLimits.outcomeSummaryByteLimit", limits.outcomeSummaryByteLimit,
            "OUTCOME #tea MARK %bob lesson :", accepted: " OUTCOME #tea MARKED ",
            refused: "FAIL OUTCOME TEXT_TOO_LONG"),
        text(
            "SearchLimits.textByteLimit", SearchLimits.textByteLimit, "SEARCH text=", accepted: "BATCH +",
            refused: "FAIL SEARCH INVALID_PARAMS text", isSearch: true),
        .init(
            name: "SearchLimits.termCountLimit", limit: SearchLimits.termCountLimit, needsSearch: true,
            form: .amount(
                { _, count in
                    ["SEARCH text=" + [String](repeating: "b", count: count).joined(separator: "\\s")]
                },
                accepted: "BATCH +", refused: "FAIL SEARCH")),
        .init(
            name: "CommunityLimits.passwordByteLimits", limit: limits.passwordByteLimits.upperBound,
            speaker: .arrived,
            form: .amount(
                { _, count in
                    [
                        "REGISTER * * :"
                            + String(String(repeating: "quiet harbour ", count: count).prefix(count))
                    ]
                },
                accepted: "REGISTER SUCCESS", refused: "FAIL REGISTER UNACCEPTABLE_PASSWORD")),
    ]

    // MARK: Numbers that somebody writes

    private static func number(
        _ name: String, _ limit: Int, _ line: String, accepted: String, refused: String
    ) -> Self {
        .init(
            name: name, limit: limit,
            form: .amount(
                { _, count in [line.replacing("%d", with: String(count))] }, accepted: accepted,
                refused: refused))
    }

    private static let times: [Self] = [
        number(
            "CommunityLimits.retentionDayLimits", 36_500, "RETAIN #tea %d", accepted: "NOTE RETAIN",
            refused: "FAIL RETAIN INVALID_PARAMS"),
        number(
            "CommunityLimits.slowSecondsLimits", 21_600, "MOD #tea SLOW %d", accepted: " MODACT #tea slow ",
            refused: "FAIL MOD INVALID_PARAMS"),
        number(
            "CommunityLimits.sanctionSecondsLimits", 31_536_000, "MOD #tea MUTE gil %ds spam",
            accepted: " MODACT #tea mute ", refused: "FAIL MOD INVALID_PARAMS"),
        number(
            "CommunityLimits.inviteUseCountLimit", 1000, "INVITECODE CREATE uses=%d",
            accepted: "NOTE INVITECODE CREATED", refused: "FAIL INVITECODE INVALID_PARAMS"),
        number(
            "CommunityLimits.inviteSecondsLimit", 90, "INVITECODE CREATE expires=%dd",
            accepted: "NOTE INVITECODE CREATED", refused: "FAIL INVITECODE INVALID_PARAMS"),
        .init(
            name: "CommunityLimits.inviteChannelCountLimit", limit: limits.inviteChannelCountLimit,
            form: .amount(
                { _, count in
                    [
                        "INVITECODE CREATE channels="
                            + [String](repeating: "#tea", count: count).joined(separator: ",")
                    ]
                }, accepted: "NOTE INVITECODE CREATED", refused: "FAIL INVITECODE INVALID_PARAMS")),
        number(
            "CommunityLimits.threadPageCountLimit", 100, "THREAD #tea LIST * %d", accepted: "BATCH +",
            refused: "FAIL THREAD INVALID_PARAMS"),
    ]

    // MARK: What adds up

    private static let counts: [Self] = [
        .init(
            name: "CommunityLimits.joinedChannelCountLimit", limit: limits.joinedChannelCountLimit - 1,
            speaker: .gil, form: .count({ _, number in "JOIN #c\(number)" }, refused: " 405 gil ")),
        .init(
            name: "CommunityLimits.monitorCountLimit", limit: limits.monitorCountLimit, speaker: .gil,
            form: .count({ _, number in "MONITOR + n\(number)" }, refused: " 734 gil ")),
        .init(
            name: "CommunityLimits.listModeCountLimit", limit: limits.listModeCountLimit,
            form: .count({ _, number in "MODE #tea +b n\(number)!*@*" }, refused: " 478 ann #tea b ")),
        .init(
            name: "CommunityLimits.noteCountLimit", limit: limits.noteCountLimit,
            form: .count(
                { _, number in "MOD #tea NOTE bob :note \(number)" }, refused: "FAIL MOD LIMIT_REACHED")),
        .init(
            name: "CommunityLimits.openInviteCountLimit", limit: limits.openInviteCountLimit,
            form: .count({ _, _ in "INVITECODE CREATE" }, refused: "FAIL INVITECODE LIMIT_REACHED")),
        .init(
            name: "CommunityLimits.translationCountLimit", limit: limits.translationCountLimit,
            form: .count(
                { scene, number in "TRANSLATE #tea \(scene.ofAnn) fr human :traduction \(number)" },
                refused: "FAIL TRANSLATE LIMIT_REACHED")),
        .init(
            name: "CommunityLimits.openPracticeCountLimit", limit: limits.openPracticeCountLimit,
            form: .count(
                { scene, number in "PRACTICE SUBMIT #tea \(scene.ofAnn) title=Practice\\s\(number)" },
                refused: "FAIL PRACTICE LIMIT_REACHED")),
        .init(
            name: "ProfileLimits.subscriptionCountLimit", limit: ProfileLimits.subscriptionCountLimit,
            form: .count(
                { _, number in "METADATA * SUB key\(number)" }, refused: "FAIL METADATA TOO_MANY_SUBS")),
    ]
}
