// SPDX-License-Identifier: Apache-2.0

import PlenaryTerms
import PlenaryWire

/// A moment in UTC; see ``Message/time``.
public typealias Timestamp = PlenaryTerms.Timestamp

/// One line from the server, as text: tags, source, verb and parameters.
public struct ServerLine: Sendable, Hashable {
    /// Message tags with unescaped values; a tag without a value has the empty text.
    public var tags: [String: String]
    /// Who sent it: `nick!user@host` or a server's name.
    public var source: String?
    /// The verb in upper case, or three digits.
    public var verb: String
    /// The parameters, the last one without its colon.
    public var parameters: [String]

    /// A line of these parts.
    public init(
        tags: [String: String] = [:], source: String? = nil, verb: String, parameters: [String] = []
    ) {
        self.tags = tags
        self.source = source
        self.verb = verb
        self.parameters = parameters
    }

    init(_ line: Line) {
        var tags: [String: String] = [:]
        for tag in line.tags { tags[tag.key] = tag.value.string }
        self.init(
            tags: tags, source: line.source?.string, verb: line.verb,
            parameters: line.parameters.map(\.string))
    }

    /// The parameter at this place, or nil where the line has fewer.
    public func parameter(_ index: Int) -> String? {
        index >= 0 && index < parameters.count ? parameters[index] : nil
    }

    /// The number of a numeric reply, or nil.
    public var numeric: Int? {
        guard verb.utf8.count == 3, verb.utf8.allSatisfy({ $0 >= 48 && $0 <= 57 }) else { return nil }
        return Int(verb)
    }

    /// The nickname in the source: what stands before `!` and `@`.
    public var sourceNickname: String? { source.map(nickname(ofSource:)) }

    /// What is wrong, when this line is a refusal: `FAIL`, an error numeric, or `ERROR`.
    public var refusal: Refusal? {
        if verb == "FAIL" {
            return Refusal(
                command: parameter(0) ?? "*", code: parameter(1) ?? "UNKNOWN_ERROR",
                context: Array(parameters.dropFirst(2).dropLast()), text: parameters.last ?? "")
        }
        guard let numeric, ServerLine.isErrorNumeric(numeric) else { return nil }
        return Refusal(
            command: "", code: verb, context: Array(parameters.dropFirst(1).dropLast()),
            text: parameters.last ?? "")
    }

    static func isErrorNumeric(_ numeric: Int) -> Bool {
        switch numeric {
        case 422: false  // no message of the day: nothing is wrong
        case 400..<600, 696, 723, 734, 902, 904...908: true
        default: false
        }
    }
}

/// A "no" of the server: to which command, with which code, about what.
public struct Refusal: Sendable, Hashable, CustomStringConvertible {
    /// The command refused, or empty where the server does not repeat it.
    public var command: String
    /// A standard-replies code (`ACCOUNT_REQUIRED`) or three digits (`404`).
    public var code: String
    /// What it is about, such as the channel.
    public var context: [String]
    /// The server's sentence for people.
    public var text: String

    /// A refusal of these parts.
    public init(command: String, code: String, context: [String] = [], text: String) {
        self.command = command
        self.code = code
        self.context = context
        self.text = text
    }

    /// `CODE context: text`.
    public var description: String {
        ([code] + context).joined(separator: " ") + ": " + text
    }
}

/// Everything the server said in answer to one request.
public struct Reply: Sendable, Hashable {
    /// The lines in order, those inside batches included, without the BATCH lines themselves.
    public var lines: [ServerLine] = []
    /// The messages among them: history asked for, or the echo of a message posted.
    public var messages: [Message] = []
    /// Whether the server said that nothing follows this page of history, of threads or of what was found.
    public var isLastPage = false

    /// An empty reply.
    public init() {}

    /// The first refusal, if the request was refused.
    public var refusal: Refusal? {
        for line in lines {
            if let refusal = line.refusal { return refusal }
        }
        return nil
    }
}

func nickname(ofSource source: String) -> String {
    let bytes = Array(source.utf8)
    let end = bytes.firstIndex { $0 == UInt8(ascii: "!") } ?? bytes.firstIndex { $0 == UInt8(ascii: "@") }
    guard let end else { return source }
    return String(decoding: bytes[..<end], as: UTF8.self)
}
