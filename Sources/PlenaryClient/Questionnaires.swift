// SPDX-License-Identifier: Apache-2.0

import PlenaryTerms

/// Questions to the community (docs/extensions/questionnaires.md).
public struct Questionnaire: Sendable, Hashable {
    /// By which commands name it.
    public var name: String
    /// `draft`, `open` or `closed`.
    public var state: String
    /// What it is called, in the language of this connection.
    public var title: String
    /// Whether answers are kept without names.
    public var isAnonymous: Bool
    /// When it opens by itself.
    public var opens: Timestamp?
    /// When it closes by itself.
    public var closes: Timestamp?
    /// Whether this account has answered; false where names are not kept.
    public var isAnswered: Bool
    /// The questions, told by SHOW only.
    public var questions: [Question] = []

    /// A question.
    public struct Question: Sendable, Hashable {
        /// By which answers name it.
        public var name: String
        /// `scale`, `choice`, `several` or `text`.
        public var kind: String
        /// The question, in the language of this connection.
        public var text: String
        /// The numbers of a scale.
        public var scale: ClosedRange<Int>?
        /// The options' names and what they say.
        public var options: [Option]
    }

    /// An answer to choose.
    public struct Option: Sendable, Hashable {
        /// By which answers name it.
        public var name: String
        /// What it says.
        public var text: String
    }

    package init(name: String, state: String, values: [String: String]) {
        self.name = name
        self.state = state
        title = values["title"] ?? name
        isAnonymous = values["anonymous"] == "yes"
        opens = values["opens"].flatMap { Timestamp(iso8601: $0.utf8) }
        closes = values["closes"].flatMap { Timestamp(iso8601: $0.utf8) }
        isAnswered = values["answered"] == "yes"
    }
}

extension Questionnaire.Question {
    init(name: String, kind: String, values: [String: String]) {
        self.name = name
        self.kind = kind
        text = values["text"] ?? name
        let from = values["from"].flatMap { Int($0) }
        let to = values["to"].flatMap { Int($0) }
        if let from, let to, from <= to { scale = from...to }
        options = (values["options"] ?? "").split(separator: ",").map { word in
            let name = String(word)
            return Questionnaire.Option(name: name, text: values["option." + name] ?? name)
        }
    }
}

/// How often an answer was given.
public struct AnswerCount: Sendable, Hashable {
    /// The question.
    public var question: String
    /// The answer; `*` for answers in words.
    public var value: String
    /// How many gave it.
    public var count: Int

    /// A count of these parts.
    package init(question: String, value: String, count: Int) {
        self.question = question
        self.value = value
        self.count = count
    }
}

/// What one person answered.
public struct FormAnswer: Sendable, Hashable {
    /// Its place in the export.
    public var number: Int
    /// Who; nil where names are not kept.
    public var account: String?
    /// By question; several options are separated by commas.
    public var values: [String: String]

    /// An answer of these parts.
    package init(number: Int, account: String?, values: [String: String]) {
        self.number = number
        self.account = account
        self.values = values
    }
}

/// Questionnaires. Every call throws `refused` with the server's code when it says no.
extension PlenaryConnection {
    /// All that this account may see.
    public func questionnaires() async throws(ClientError) -> [Questionnaire] {
        PlenaryConnection.questionnaires(try await answer("FORM", ["LIST"]).lines)
    }

    /// One with its questions.
    public func questionnaire(_ name: String) async throws(ClientError) -> Questionnaire {
        let lines = try await answer("FORM", [name, "SHOW"]).lines
        guard var form = PlenaryConnection.questionnaires(lines).last else {
            throw .protocolViolation("the server did not tell the questionnaire \(name)")
        }
        var rows = Rows()
        for line in lines where line.verb == "FORM" && line.parameter(1) == "QUESTION" {
            guard let row = rows.take(line), row.words.count >= 4 else { continue }
            form.questions.append(
                Questionnaire.Question(name: row.words[2], kind: row.words[3], values: row.values))
        }
        return form
    }

    /// Answers, in the place of earlier answers to the same questions. A longer answer in words goes in pieces.
    public func answerQuestionnaire(
        _ name: String, _ answers: [(question: String, value: String)]
    ) async throws(ClientError) {
        for (question, value) in answers {
            var key = question
            for piece in PlenaryConnection.pieces(of: value) {
                _ = try await answer("FORM", [name, "ANSWER", Attributes.write([(key: key, value: piece)])])
                key = question + "+"
            }
        }
    }

    /// How often each answer was given.
    public func answerCounts(of name: String) async throws(ClientError) -> [AnswerCount] {
        try await answer("FORM", [name, "COUNTS"]).lines.compactMap { line in
            guard line.verb == "FORM", line.parameter(1) == "COUNT", let question = line.parameter(2),
                let value = line.parameter(3), let count = line.parameter(4).flatMap({ Decimal.number($0) })
            else { return nil }
            return AnswerCount(question: question, value: value, count: count)
        }
    }

    /// All answers, in the order of the server.
    public func exportAnswers(of name: String) async throws(ClientError) -> [FormAnswer] {
        var answers: [FormAnswer] = []
        try await readPages("FORM", "EXPORT", nextAt: 4) { next in
            [name, "EXPORT"] + (next.map { [$0] } ?? [])
        } take: { lines in
            var rows = Rows()
            for line in lines where line.verb == "FORM" && line.parameter(1) == "ANSWER" {
                guard let row = rows.take(line), row.words.count >= 4,
                    let number = Decimal.number(row.words[2])
                else { continue }
                let account = row.words[3] == "*" ? nil : row.words[3]
                answers.append(FormAnswer(number: number, account: account, values: row.values))
            }
        }
        return answers
    }

    /// Opens a questionnaire, or closes it for good.
    public func setQuestionnaire(_ name: String, isOpen: Bool) async throws(ClientError) {
        _ = try await answer("FORM", [name, isOpen ? "OPEN" : "CLOSE"])
    }

    private static func questionnaires(_ lines: [ServerLine]) -> [Questionnaire] {
        var rows = Rows()
        return lines.compactMap { line in
            guard line.verb == "FORM", line.parameter(1) == "FORM", let row = rows.take(line),
                row.words.count >= 3
            else { return nil }
            return Questionnaire(name: row.words[0], state: row.words[2], values: row.values)
        }
    }

    /// Pieces that fit a line also when every character is escaped; none parts a character.
    private static func pieces(of text: String) -> [String] {
        guard text.utf8.count > ClientLimits.answerPieceByteLimit else { return [text] }
        var pieces: [String] = []
        var piece = ""
        for character in text {
            if piece.utf8.count + character.utf8.count > ClientLimits.answerPieceByteLimit, !piece.isEmpty {
                pieces.append(piece)
                piece = ""
            }
            piece.append(character)
        }
        return pieces + [piece]
    }
}
