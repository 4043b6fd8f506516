// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import PlenaryClient
import PlenaryTerminal

/// `plenary form`: questionnaires.
package struct FormCommand: ParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "form", abstract: "Answer a questionnaire, and see what was answered.",
        discussion: """
            Examples:
              plenary form                                   which there are
              plenary form answer seminar-1-feedback         asks question by question
              plenary form answer seminar-1-feedback useful=4 'more=More time for questions'
              plenary form counts seminar-1-feedback
              plenary form export seminar-1-feedback --format csv -o answers.csv
            An answer can be changed until the questionnaire is closed.
            """,
        subcommands: [
            FormListCommand.self, FormAnswerCommand.self, FormCountsCommand.self, FormExportCommand.self,
            FormOpenCommand.self, FormCloseCommand.self,
        ], defaultSubcommand: FormListCommand.self)

    /// For the argument library.
    package init() {}
}

/// `plenary form list`.
package struct FormListCommand: Verb {
    package static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List questionnaires.")
    @OptionGroup package var global: GlobalOptions
    /// For the argument library.
    package init() {}

    package func perform(_ surroundings: Surroundings) async throws(Failure) -> ExitCode {
        let workplace = try Workplace(global, surroundings)
        let forms = try await workplace.once("no questionnaires are listed") {
            connection async throws(ClientError) in
            try await connection.questionnaires()
        }
        for form in forms {
            if global.json {
                surroundings.print(Records.questionnaire(form).text)
            } else {
                let closes = form.closes.map { ", closes \(workplace.show($0))" } ?? ""
                let names = form.isAnonymous ? ", without names" : ""
                surroundings.print(
                    PlainText.oneLine(
                        "\(form.name)  \(PlainText.isolated(form.title))  \(form.state)\(closes)\(names)"
                            + (form.isAnswered ? ", answered" : "")))
            }
        }
        return forms.isEmpty ? .nothing : .done
    }
}

/// `plenary form answer`.
package struct FormAnswerCommand: Verb {
    package static let configuration = CommandConfiguration(
        commandName: "answer", abstract: "Answer a questionnaire.")
    @OptionGroup package var global: GlobalOptions
    @Argument(help: "The questionnaire.") package var name: String
    @Argument(help: "QUESTION=ANSWER; without any, you are asked one after the other.")
    package var answers: [String] = []
    /// For the argument library.
    package init() {}

    package func perform(_ surroundings: Surroundings) async throws(Failure) -> ExitCode {
        let workplace = try Workplace(global, surroundings)
        let what = "\(name) was not answered"
        let form = try await workplace.once(what) { connection async throws(ClientError) in
            try await connection.questionnaire(name)
        }
        let chosen = answers.isEmpty ? try asked(form, workplace) : try given(form)
        guard !chosen.isEmpty else { throw Failure(.nothing, what, "no question was answered") }
        try await workplace.once(what) { connection async throws(ClientError) in
            try await connection.answerQuestionnaire(name, chosen)
        }
        workplace.say("\(LineText.count(chosen.count, "answer")) sent; you can change them until it closes.")
        return .done
    }

    private func given(_ form: Questionnaire) throws(Failure) -> [(question: String, value: String)] {
        var chosen: [(question: String, value: String)] = []
        for word in answers {
            let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                .map(String.init)
            guard parts.count == 2, form.questions.contains(where: { $0.name == parts[0] }) else {
                let names = form.questions.map(\.name).joined(separator: ", ")
                throw Failure(.usage, "\(word) is not QUESTION=ANSWER", "the questions are: \(names)")
            }
            chosen.append((parts[0], parts[1]))
        }
        return chosen
    }

    /// One question after the other; an empty line leaves one out.
    private func asked(
        _ form: Questionnaire, _ workplace: Workplace
    ) throws(Failure) -> [(question: String, value: String)] {
        guard workplace.canAsk else {
            throw Failure(
                .usage, "\(name) was not answered", "nobody can be asked here",
                "Write: plenary form answer \(name) QUESTION=ANSWER …")
        }
        workplace.say(PlainText.isolated(form.title))
        workplace.say(
            form.isAnonymous
                ? "Your name is not kept with your answers." : "Your name is kept with your answers.")
        var chosen: [(question: String, value: String)] = []
        for (index, question) in form.questions.enumerated() {
            workplace.say("\(index + 1)/\(form.questions.count)  \(PlainText.isolated(question.text))")
            for option in question.options {
                workplace.say("  \(option.name)  \(PlainText.isolated(option.text))")
            }
            guard let value = try value(of: question, workplace) else { break }
            if !value.isEmpty { chosen.append((question.name, value)) }
        }
        return chosen
    }

    /// Asked again while the answer cannot be one; nil at the end of the input.
    private func value(of question: Questionnaire.Question, _ workplace: Workplace) throws(Failure) -> String?
    {
        let hint: String =
            switch question.kind {
            case "scale": question.scale.map { "\($0.lowerBound) to \($0.upperBound)" } ?? "a number"
            case "choice": "one of " + question.options.map(\.name).joined(separator: " ")
            case "several": "some of " + question.options.map(\.name).joined(separator: ",")
            default: "your words"
            }
        while true {
            guard let text = workplace.surroundings.ask("\(hint); Enter leaves it out: ", false) else {
                return nil
            }
            let value = String(text.drop { $0 == " " })
            if value.isEmpty || question.takes(value) { return value }
            workplace.say("\(PlainText.oneLine(value)) is no answer to this: \(hint)")
        }
    }
}

extension Questionnaire.Question {
    /// Whether an answer can be one.
    fileprivate func takes(_ value: String) -> Bool {
        let names = options.map(\.name)
        return switch kind {
        case "scale": Int(value).map { scale?.contains($0) ?? true } ?? false
        case "choice": names.contains(value)
        case "several": value.split(separator: ",").allSatisfy { names.contains(String($0)) }
        default: true
        }
    }
}

/// `plenary form counts`.
package struct FormCountsCommand: Verb {
    package static let configuration = CommandConfiguration(
        commandName: "counts", abstract: "Count the answers.")
    @OptionGroup package var global: GlobalOptions
    @Argument(help: "The questionnaire.") package var name: String
    /// For the argument library.
    package init() {}

    package func perform(_ surroundings: Surroundings) async throws(Failure) -> ExitCode {
        let workplace = try Workplace(global, surroundings)
        let counts = try await workplace.once("nothing was counted") { connection async throws(ClientError) in
            try await connection.answerCounts(of: name)
        }
        for count in counts {
            if global.json {
                surroundings.print(Records.answerCount(count, form: name).text)
            } else {
                surroundings.print("\(count.question)\t\(count.value)\t\(count.count)")
            }
        }
        return counts.isEmpty ? .nothing : .done
    }
}

/// `plenary form export`.
package struct FormExportCommand: Verb {
    package static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Write all answers to a file.")
    @OptionGroup package var global: GlobalOptions
    @Argument(help: "The questionnaire.") package var name: String
    @Option(name: [.short, .long], help: "The file; standard output without it.") package var output: String?
    @Option(help: "csv or jsonl; by the file's name without it, else csv.") package var format: String?
    /// For the argument library.
    package init() {}

    package func perform(_ surroundings: Surroundings) async throws(Failure) -> ExitCode {
        let isRecords = try isRecords()
        let workplace = try Workplace(global, surroundings)
        let (form, answers) = try await workplace.once("nothing was exported") {
            connection async throws(ClientError) in
            (try await connection.questionnaire(name), try await connection.exportAnswers(of: name))
        }
        let names = form.questions.map(\.name)
        let text: String
        if isRecords {
            text = answers.map { Records.answer($0, form: name, questions: names).text + "\n" }.joined()
        } else {
            let head = ["number"] + (form.isAnonymous ? [] : ["account"]) + names
            let rows = answers.map { answer in
                [String(answer.number)] + (form.isAnonymous ? [] : [answer.account ?? ""])
                    + names.map { answer.values[$0] ?? "" }
            }
            text = ([head] + rows).map(SeparatedRow.text).joined()
        }
        try ExportCommand.write(Array(text.utf8), to: output, surroundings)
        if output != nil { workplace.say("\(LineText.count(answers.count, "answer")) written.") }
        return .done
    }

    private func isRecords() throws(Failure) -> Bool {
        switch format {
        case "csv": return false
        case "jsonl": return true
        case nil: return ["jsonl", "ndjson"].contains { output?.hasSuffix(".\($0)") ?? false }
        default: throw Failure(.usage, "--format is csv or jsonl, not \(format ?? "")")
        }
    }
}

/// A row of a CSV file (RFC 4180), with LF.
package enum SeparatedRow {
    /// Fields that hold a comma, a quotation mark or a line end are quoted. One that a spreadsheet would take for a
    /// formula is quoted behind an apostrophe, so that nobody's answer is carried out.
    package static func text(_ fields: [String]) -> String {
        fields.map { field in
            let isFormula = field.first.map { "=+-@\t\r".contains($0) } ?? false
            let value = (isFormula && Int(field) == nil ? "'" : "") + field
            guard value.contains(where: { "\",\n\r".contains($0) }) || isFormula else { return value }
            return "\"" + value.replacing("\"", with: "\"\"") + "\""
        }.joined(separator: ",") + "\n"
    }
}

/// `plenary form open`.
package struct FormOpenCommand: Verb {
    package static let configuration = CommandConfiguration(
        commandName: "open", abstract: "Open a questionnaire before its time.")
    @OptionGroup package var global: GlobalOptions
    @Argument(help: "The questionnaire.") package var name: String
    /// For the argument library.
    package init() {}

    package func perform(_ surroundings: Surroundings) async throws(Failure) -> ExitCode {
        try await Workplace(global, surroundings).once("\(name) was not opened") {
            connection async throws(ClientError) in
            try await connection.setQuestionnaire(name, isOpen: true)
        }
        return .done
    }
}

/// `plenary form close`.
package struct FormCloseCommand: Verb {
    package static let configuration = CommandConfiguration(
        commandName: "close", abstract: "Close a questionnaire for good.")
    @OptionGroup package var global: GlobalOptions
    @Argument(help: "The questionnaire.") package var name: String
    /// For the argument library.
    package init() {}

    package func perform(_ surroundings: Surroundings) async throws(Failure) -> ExitCode {
        try await Workplace(global, surroundings).once("\(name) was not closed") {
            connection async throws(ClientError) in
            try await connection.setQuestionnaire(name, isOpen: false)
        }
        return .done
    }
}

extension Records {
    /// `questionnaire`.
    package static func questionnaire(_ form: Questionnaire) -> JSONValue {
        record(
            "questionnaire",
            [
                ("name", .string(form.name)), ("title", .string(form.title)), ("state", .string(form.state)),
                ("anonymous", .bool(form.isAnonymous)), ("opens", .optional(form.opens?.iso8601)),
                ("closes", .optional(form.closes?.iso8601)), ("answered", .bool(form.isAnswered)),
            ])
    }

    /// `answer_count`.
    package static func answerCount(_ count: AnswerCount, form: String) -> JSONValue {
        record(
            "answer_count",
            [
                ("form", .string(form)), ("question", .string(count.question)),
                ("value", .string(count.value)),
                ("count", .integer(Int64(count.count))),
            ])
    }

    /// `answer`: what one person answered.
    package static func answer(_ answer: FormAnswer, form: String, questions: [String]) -> JSONValue {
        record(
            "answer",
            [
                ("form", .string(form)), ("number", .integer(Int64(answer.number))),
                ("account", .optional(answer.account)),
                ("answers", .object(questions.map { ($0, .optional(answer.values[$0])) })),
            ])
    }
}
