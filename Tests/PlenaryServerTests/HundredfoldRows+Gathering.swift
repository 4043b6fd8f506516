// SPDX-License-Identifier: Apache-2.0

import PlenaryDomain
import PlenaryServer
import PlenaryTerms
import PlenaryTestKit
import Testing

private typealias Scene = HundredfoldTranscripts.Scene
private let limits = CommunityLimits()

private func fill(_ count: Int) -> String { String(repeating: "a", count: count) }

/// All lines in one piece, and what comes back.
private func say(_ client: TranscriptClient, _ lines: String...) async -> [String] {
    client.send(bytes: Array(lines.map { $0 + "\r\n" }.joined().utf8))
    return await client.drain()
}

/// A text one byte above the limit is refused, one of 100 times the limit is no line, and one of the limit is taken.
private func tryText(
    _ limit: Int, _ client: TranscriptClient, _ command: String, refused: String, accepted: String
) async {
    for (count, answer) in [(limit + 1, refused), (limit * 100, " 417 "), (limit, accepted)] {
        let heard = await say(client, command + fill(count))
        #expect(heard.count { $0.contains(answer) } == 1, "\(count): \(heard)")
    }
}

/// Limits of profiles, of what is gathered (outcomes, practices, questionnaires), and of messages that are named.
extension HundredfoldTranscripts.Row {
    static let gatherings: [Self] = [
        .init(
            name: "ProfileLimits.languageCountLimit", limit: ProfileLimits.languageCountLimit,
            form: .amount(
                { _, count in
                    let letters = Array("abcdefghijklmnopqrstuvwxyz").map(String.init)
                    let tags = (0..<count).map { letters[$0 / 26 % 26] + letters[$0 % 26] }
                    return ["METADATA * SET plenary.chat/languages :" + tags.joined(separator: ",")]
                }, accepted: " 761 ", refused: "FAIL METADATA VALUE_INVALID")),
        .init(
            name: "CommunityLimits.practiceLinkByteLimit", limit: limits.practiceLinkByteLimit,
            form: .amount(
                { scene, count in
                    ["PRACTICE SUBMIT #tea \(scene.ofAnn) title=P;link=https://" + fill(count - 8)]
                }, accepted: "NOTE PRACTICE SUBMITTED", refused: "FAIL PRACTICE INVALID_PARAMS")),
        .init(
            name: "CommunityLimits.practiceReviewByteLimit", limit: limits.practiceReviewByteLimit,
            form: .conversation { scene in
                _ = await say(scene.ann, "PRACTICE SUBMIT #tea \(scene.ofAnn) title=P")
                await tryText(
                    limits.practiceReviewByteLimit, scene.ann, "PRACTICE REVIEW 1 return :",
                    refused: "FAIL PRACTICE TEXT_TOO_LONG", accepted: "NOTE PRACTICE RETURNED")
            }),
        .init(
            name: "CommunityLimits.gatheredPageCountLimit", limit: 5,
            configure: { $0.policy.limits.gatheredPageCountLimit = 5 },
            form: .conversation { scene in
                var count = 0
                for (wanted, next) in [(5, "*"), (6, "5"), (500, "5")] {
                    while count < wanted {
                        count += 1
                        _ = await say(scene.ann, "OUTCOME #tea MARK \(scene.ofBob) lesson :lesson \(count)")
                    }
                    let heard = await say(scene.ann, "OUTCOME #tea LIST")
                    #expect(heard.count { $0.contains(" OUTCOME #tea MARK ") } == 5, "\(wanted): \(heard)")
                    #expect(heard.last?.contains("NOTE OUTCOME LIST #tea 5 \(next) :") == true, "\(heard)")
                }
            }),
        .init(
            name: "CommunityLimits.questionnaireCountLimit", limit: 5,
            configure: { $0.policy.limits.questionnaireCountLimit = 5 },
            form: .count({ _, number in "FORM f\(number) DEFINE en=T" }, refused: "FAIL FORM LIMIT_REACHED")),
        .init(
            name: "CommunityLimits.questionnaireByteLimit", limit: 134,
            configure: { $0.policy.limits.questionnaireByteLimit = 134 },
            form: .conversation { scene in
                // A title of one byte and a question named by one, with 16 bytes for each text.
                let texts = 134 - (1 + 16) - (1 + 16)
                _ = await say(scene.ann, "FORM f DEFINE en=T")
                await tryText(
                    texts, scene.ann, "FORM f QUESTION q kind=text;en=",
                    refused: "FAIL FORM INVALID_PARAMS f ",
                    accepted: "NOTE FORM DEFINED f ")
            }),
        .init(
            name: "CommunityLimits.questionnaireAnswerCountLimit", limit: 1,
            configure: { $0.policy.limits.questionnaireAnswerCountLimit = 1 },
            form: .conversation { scene in
                _ = await say(
                    scene.ann, "FORM f DEFINE en=T", "FORM f QUESTION q kind=text;en=Q", "FORM f OPEN")
                func answer(_ client: TranscriptClient, _ answer: String) async {
                    let heard = await say(client, "FORM f ANSWER q=yes")
                    #expect(heard.count == 1 && heard[0].contains(answer), "\(heard)")
                }
                await answer(scene.ann, "NOTE FORM ANSWERED f ")
                for _ in 0..<100 { await answer(scene.bob, "FAIL FORM LIMIT_REACHED 1 ") }
                await answer(scene.ann, "NOTE FORM ANSWERED f ")
            }),
        named(
            "CommunityLimits.namedMessageScanLimit", { $0.namedMessageScanLimit = 5 },
            name: { place, _ in "~\(place)" }),
        named(
            "CommunityLimits.labelledMessageLimit", { $0.labelledMessageLimit = 5 },
            name: { _, id in "=" + id }),
    ]

    /// Of a hundred messages the fifth from the end is named, and no earlier one.
    private static func named(
        _ limit: String, _ lower: @escaping @Sendable (inout CommunityLimits) -> Void,
        name: @escaping @Sendable (_ place: Int, _ id: String) -> String
    ) -> Self {
        .init(
            name: limit, limit: 5, configure: { lower(&$0.policy.limits) },
            form: .conversation { scene in
                var ids: [String] = []
                for number in 1...101 {
                    let heard = await say(scene.bob, "PRIVMSG #tea :message \(number)")
                    ids.append(HistoryTranscripts.entry(heard.last ?? "").id)
                }
                await scene.ann.drain()
                // What is hidden last changes what stands.
                for (place, answer) in [
                    (6, "FAIL MOD UNKNOWN_MSGID "), (101, "FAIL MOD UNKNOWN_MSGID "),
                    (5, " MODACT #tea hide "),
                ] {
                    let heard = await say(scene.ann, "MOD #tea HIDE \(name(place, ids[101 - place])) :x")
                    #expect(heard.count { $0.contains(answer) } == 1, "\(place): \(heard)")
                }
            })
    }
}
