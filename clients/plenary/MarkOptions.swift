// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import PlenaryClient
import PlenaryScreens
import PlenaryTerms

/// What a message is marked with, as people write it.
package struct MarkOptions: ParsableArguments, Sendable {
    @Option(help: "question, answer, practice, lesson, outcome, action, announcement or correction.")
    package var kind: String?
    @Option(
        name: .customLong("ref"), help: "What it is about: A/HRC/50/64, upr:A/HRC/50/15#133.45, sdg:16.6.")
    package var references: [String] = []
    @Option(name: .customLong("on-behalf"), help: "For whom you speak: a State, a group, a body.")
    package var onBehalf: String?
    @Flag(name: .customLong("no-auto-ref"), help: "Take no document symbols from the text.")
    package var noAutoReferences = false

    /// For the argument library.
    package init() {}

    /// Reads kind, language and references; throws for what is none. A reference without a scheme is a
    /// document symbol.
    static func marks(kind: String?, language: String?, references: [String]) throws(Failure) -> Marks {
        var marks = Marks()
        if let kind {
            guard let known = Marks.Kind(rawValue: kind) else {
                let all = Marks.Kind.allCases.map(\.rawValue)
                throw Failure(
                    .usage, "there is no kind \(kind)", "there is: \(all.joined(separator: ", "))",
                    NearestWord.to(kind, among: all).map { "Did you mean: --kind \($0)" } ?? "")
            }
            marks.kind = known
        }
        if let language {
            guard let tag = LanguageTag(language) else {
                throw Failure(
                    .usage, "--lang \(language) is no language", "", "Write fr, zh-Hans or the like.")
            }
            marks.language = tag.description
        }
        for text in references {
            let read = text.contains(":") ? DocumentReference(text) : DocumentReference(symbol: text.utf8)
            guard let read else {
                throw Failure(
                    .usage, "--ref \(text) is no reference", "",
                    "Write A/HRC/50/64, upr:A/HRC/50/15#133.45 or sdg:16.6.")
            }
            if !marks.references.contains(read.description) { marks.references.append(read.description) }
        }
        return marks
    }

    /// The marks of one text: those given, and the document symbols that stand in it, as far as there is
    /// room. `found` are the latter ones that were taken.
    func marks(of text: String, language: String?) throws(Failure) -> (marks: Marks, found: [String]) {
        var marks = try MarkOptions.marks(kind: kind, language: language, references: references)
        if let onBehalf {
            guard GivenName.isValid(onBehalf.utf8, byteLimit: ProfileLimits.onBehalfByteLimit) else {
                throw Failure(
                    .usage, "--on-behalf takes a name",
                    "1 to \(ProfileLimits.onBehalfByteLimit) bytes, without signs that are not seen")
            }
            marks.onBehalf = onBehalf
        }
        guard !noAutoReferences else { return (marks, []) }
        let found = marks.addSymbols(of: text)
        return (marks, found)
    }
}
