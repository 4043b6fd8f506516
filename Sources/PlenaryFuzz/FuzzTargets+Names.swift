// SPDX-License-Identifier: Apache-2.0

import PlenarySearch
import PlenaryTerms

extension FuzzTarget {
    /// Names, ids, times, tags and references, and what somebody looks for.
    static let names = [
        FuzzTarget("names", byteLimit: 256, checkNames),
        FuzzTarget("values", byteLimit: 320, checkValues),
        FuzzTarget("search", byteLimit: 300, checkSearch),
    ]

    /// A name keeps its spelling, and its key is a name with the same key.
    @Sendable private static func checkNames(_ input: [UInt8]) throws(BrokenClaim) {
        let folded = asciiFolded(input)
        try claim(asciiFolded(Array(folded.utf8)) == folded, "folding twice is folding once")
        try claim(asciiFolded(AnySequence(input)) == folded, "a sequence is folded as an array is")
        if let name = try? ChannelName(input) {
            try claim(Array(name.spelling.utf8) == input, "a channel keeps its spelling")
            try claim((try? ChannelName(name.key))?.key == name.key, "a channel's key names it")
        }
        if let name = try? Nickname(input) {
            try claim(Array(name.spelling.utf8) == input, "a nickname keeps its spelling")
            try claim((try? Nickname(name.key))?.key == name.key, "a nickname's key names it")
            try claim((try? RelayedName(input)) == nil, "no nickname is a relayed name")
        }
        if String(validating: input, as: UTF8.self) != nil, let name = try? RelayedName(input) {
            try claim(Array(name.spelling.utf8) == input, "a relayed name keeps its spelling")
            try claim((try? RelayedName(name.key))?.key == name.key, "a relayed name's key names it")
        }
        if let password = OpaqueString.prepared(input) {
            try claim(OpaqueString.prepared(password) == password, "a password is prepared once")
        }
        _ = GivenName.isValid(input, byteLimit: 64)
        _ = RelayMark.isOrigin(input)
        _ = TranslationMark.isEngine(input)
    }

    /// What has a written form is read again from it.
    @Sendable private static func checkValues(_ input: [UInt8]) throws(BrokenClaim) {
        if let id = MessageID(input) {
            try claim(Array(id.text.utf8) == input, "an id has one form")
        }
        if let tag = LanguageTag(input) {
            try claim(LanguageTag(tag.description)?.description == tag.description, "a language: \(tag)")
            try claim(tag.ranges.last == tag.description, "the last range is the tag")
        }
        if let country = CountryCode(input) {
            try claim(CountryCode(country.description) == country, "a country: \(country)")
        }
        if let time = Timestamp(iso8601: input) {
            let again = Timestamp(iso8601: time.iso8601.utf8)
            try claim(again?.millisecondEnd == time.millisecondEnd, "a time: \(time.iso8601)")
        }
        for reference in [DocumentReference(input), DocumentReference(symbol: input)] {
            guard let reference else { continue }
            try claim(DocumentReference(reference.description) == reference, "a reference: \(reference)")
            if let document = reference.document {
                try claim(DocumentReference(document.description) == document, "a document: \(document)")
            }
        }
        let symbols = DocumentReference.symbols(in: input)
        try claim(symbols.count <= 32 && Set(symbols).count == symbols.count, "each symbol is found once")
        for symbol in symbols {
            try claim(DocumentReference(symbol.description) == symbol, "a symbol found: \(symbol)")
        }
    }

    /// Whatever is looked for, it comes to a few terms or to a refusal.
    @Sendable private static func checkSearch(_ input: [UInt8]) throws(BrokenClaim) {
        guard let terms = try? SearchText.parse(Text(input)) else { return }
        try claim((1...SearchLimits.termCountLimit).contains(terms.count), "\(terms.count) terms")
    }
}
