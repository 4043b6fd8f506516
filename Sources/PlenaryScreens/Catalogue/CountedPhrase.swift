// SPDX-License-Identifier: Apache-2.0

/// What is counted. Each language's file gives the forms in an exhaustive switch.
package enum CountedPhrase: String, CaseIterable, Sendable, Hashable {
    // Messages
    case messages, newMessages, messagesFound, messagesWaiting, replies, lines
    // Threads and people
    case threads, here, peopleHere
    // Times: `4 seconds`, `in 4 seconds`, `for 4 minutes`
    case seconds, inSeconds, forMinutes, forHours, forDays

    /// The forms in a language.
    package func forms(in language: Language) -> PluralForms {
        switch language {
        case .arabic: arabic
        case .chinese: chinese
        case .english: english
        case .french: french
        case .russian: russian
        case .spanish: spanish
        }
    }
}

extension CountedPhrase {
    /// English: the source language.
    var english: PluralForms {
        switch self {
        case .messages: .init(one: "{count} message", other: "{count} messages")
        case .newMessages: .init(one: "{count} new message", other: "{count} new messages")
        case .messagesFound: .init(one: "{count} message found", other: "{count} messages found")
        case .messagesWaiting:
            .init(one: "{count} message waiting to be sent", other: "{count} messages waiting to be sent")
        case .replies: .init(one: "{count} reply", other: "{count} replies")
        case .lines: .init(one: "{count} line", other: "{count} lines")
        case .threads: .init(one: "{count} thread", other: "{count} threads")
        case .here: .init(one: "{count} here", other: "{count} here")
        case .peopleHere: .init(one: "{count} person here", other: "{count} people here")
        case .seconds: .init(one: "{count} second", other: "{count} seconds")
        case .inSeconds: .init(one: "in {count} second", other: "in {count} seconds")
        case .forMinutes: .init(one: "for {count} minute", other: "for {count} minutes")
        case .forHours: .init(one: "for {count} hour", other: "for {count} hours")
        case .forDays: .init(one: "for {count} day", other: "for {count} days")
        }
    }

    /// Chinese, which has one form. Not yet reviewed by a native reader.
    var chinese: PluralForms {
        switch self {
        case .messages: .init(other: "{count} 条消息")
        case .newMessages: .init(other: "{count} 条新消息")
        case .messagesFound: .init(other: "找到 {count} 条消息")
        case .messagesWaiting: .init(other: "{count} 条消息等待发送")
        case .replies: .init(other: "{count} 条回复")
        case .lines: .init(other: "{count} 行")
        case .threads: .init(other: "{count} 个话题")
        case .here: .init(other: "{count} 人在场")
        case .peopleHere: .init(other: "{count} 人在场")
        case .seconds: .init(other: "{count} 秒")
        case .inSeconds: .init(other: "{count} 秒后")
        case .forMinutes: .init(other: "{count} 分钟")
        case .forHours: .init(other: "{count} 小时")
        case .forDays: .init(other: "{count} 天")
        }
    }
}
