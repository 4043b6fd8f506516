// SPDX-License-Identifier: Apache-2.0

import PlenaryTerminal
import Testing

/// What holds of every text, shown on random ones. A failure names the seed of its text.
@Suite struct TypesettingPropertyTests {
    private static let seeds = UInt64(1)...4_000

    /// Something that does not hold, with the seed to see it again.
    private struct Breach: Equatable {
        var seed: UInt64
        var what: String
    }

    private func breaches(_ check: (StyledText, inout TestRandom) -> [String]) -> [Breach] {
        var breaches: [Breach] = []
        for seed in Self.seeds where breaches.count < 5 {
            var random = TestRandom(seed: seed)
            let text = RandomText.styled(&random)
            breaches += check(text, &random).map { Breach(seed: seed, what: "\($0) in \(text.spans)") }
        }
        return breaches
    }

    private func settings(_ random: inout TestRandom) -> (Typesetter, columns: Int, BaseDirection) {
        let bidi = [Typesetter.BidiHandling.app, .terminal, .off].randomElement(using: &random) ?? .app
        let base = [BaseDirection.automatic, .leftToRight, .rightToLeft].randomElement(using: &random)
        return (Typesetter(bidi: bidi), Int.random(in: 1...30, using: &random), base ?? .automatic)
    }

    @Test func noLineIsWiderThanItsColumns() {
        #expect(
            breaches { text, random in
                let (setter, columns, base) = settings(&random)
                let line = setter.line(text, columns: columns, base: base)
                let lines = setter.lines(text, columns: columns, base: base) + [line]
                return lines.filter { $0.columns > columns }.map { "\($0.columns) columns of \(columns)" }
            } == [])
    }

    @Test func widthsAddUp() {
        #expect(
            breaches { text, random in
                let (setter, columns, base) = settings(&random)
                return setter.lines(text, columns: columns, base: base).flatMap { line -> [String] in
                    var wrong: [String] = []
                    if line.columns != line.glyphs.reduce(0, { $0 + $1.columns }) { wrong.append("sum") }
                    for glyph in line.glyphs {
                        let isRight = DisplayWidth.columns(glyph.text) == glyph.columns
                        if !isRight || !(1...2).contains(glyph.columns) {
                            wrong.append("\(glyph) has \(DisplayWidth.columns(glyph.text))")
                        }
                    }
                    return wrong
                }
            } == [])
    }

    @Test func noControlReachesAGlyph() {
        #expect(
            breaches { text, random in
                let (setter, columns, base) = settings(&random)
                let lines = setter.lines(text, columns: columns, base: base)
                return lines.flatMap(\.glyphs).compactMap { glyph in
                    let scalars = Array(glyph.text.unicodeScalars)
                    if scalars.isEmpty || scalars.count > TerminalLimits.glyphScalarLimit {
                        return "\(scalars.count) scalars"
                    }
                    for (place, scalar) in scalars.enumerated() {
                        let category = scalar.properties.generalCategory
                        let isJoiner = scalar.value == 0x200D && place > 0 && place + 1 < scalars.count
                        let isTag = (0xE0020...0xE007F).contains(scalar.value) && scalars[0].value == 0x1F3F4
                        let isSign = ScalarProperties(scalar).columns > 0
                        if category == .control || category == .lineSeparator
                            || category == .paragraphSeparator
                            || category == .format && !isJoiner && !isTag && !isSign
                        {
                            return "U+" + String(scalar.value, radix: 16)
                        }
                    }
                    return nil
                }
            } == [])
    }

    /// Each cluster that is to be seen lies in exactly one glyph, whole and in order; the other way round no glyph
    /// has any but its own. Clusters are what Swift says they are.
    @Test func everyVisibleClusterIsShownOnceAndWhole() {
        #expect(
            breaches { text, random in
                let (setter, columns, base) = settings(&random)
                let lines = setter.lines(text, columns: columns, base: base)
                let clusters = text.spans.flatMap { Array($0.text) }
                var shown = Array(repeating: 0, count: clusters.count)
                var last = 0
                for line in lines {
                    if line.source.lowerBound != last { return ["line from \(line.source), not \(last)"] }
                    last = line.source.upperBound
                    for glyph in line.glyphs {
                        for index in glyph.source {
                            if !line.source.contains(index) { return ["\(index) outside of its line"] }
                            shown[index] += 1
                        }
                    }
                }
                if last != clusters.count { return ["\(last) of \(clusters.count) clusters"] }
                return clusters.indices.compactMap { index in
                    let cluster = clusters[index]
                    let isSpace = cluster.unicodeScalars.first?.properties.generalCategory == .spaceSeparator
                    let mayVanish = isSpace || DisplayWidth.columns(cluster) == 0
                    if shown[index] == 1 || mayVanish && shown[index] == 0 || cluster == "\t" { return nil }
                    return
                        "cluster \(index) shown \(shown[index]) times"
                }
            } == [])
    }

    @Test func textFromLeftToRightReadsAsItWasGiven() {
        #expect(
            breaches { text, _ in
                let isPlain = text.spans.allSatisfy { span in
                    span.text.unicodeScalars.allSatisfy { scalar in
                        let properties = ScalarProperties(scalar)
                        return properties.columns > 0 && ![.r, .al, .an].contains(properties.bidiClass)
                    }
                }
                guard isPlain else { return [] }
                let wanted = text.spans.map(\.text).joined()
                return Typesetter().line(text, columns: 10_000).text == wanted ? [] : ["another text"]
            } == [])
    }

    @Test func whatIsIsolatedMovesNothingAroundIt() {
        // Whatever a name holds, the words before and after it stay where a harmless name leaves them.
        let before = StyledText("abc אבג ")
        let after = StyledText(" דהו def 12")
        func places(_ name: String) -> [[Int]] {
            let text = before + StyledText(isolated: name) + after
            let line = Typesetter().line(text, columns: 10_000, base: .leftToRight)
            let start = 8
            let end = start + name.count
            let outside = { (glyph: Glyph) -> Int? in
                let index = glyph.source.lowerBound
                return index < start ? index : index >= end ? index - name.count : nil
            }
            let left = line.glyphs.map(outside).prefix { $0 != nil }
            let right = line.glyphs.map(outside).reversed().prefix { $0 != nil }
            return [left.compactMap { $0 }, right.compactMap { $0 }]
        }
        let wanted = places("x")
        var failures: [UInt64] = []
        for seed in Self.seeds {
            var random = TestRandom(seed: seed)
            let name = "x" + RandomText.text(&random).filter { !$0.isNewline } + "y"
            if places(name) != wanted { failures.append(seed) }
        }
        #expect(failures == [])
    }

    @Test func theCaretStandsInItsLine() {
        #expect(
            breaches { text, random in
                let (setter, columns, base) = settings(&random)
                let lines = setter.lines(text, columns: columns, base: base)
                let count = text.spans.reduce(0) { $0 + $1.text.count }
                var last = 0
                return (0...count).compactMap { index in
                    let caret = setter.caret(before: index, in: lines, of: text)
                    defer { last = caret.line }
                    guard lines.indices.contains(caret.line), caret.line >= last else {
                        return "line \(caret)"
                    }
                    let isInside = (0...lines[caret.line].columns).contains(caret.column)
                    return isInside ? nil : "caret \(caret) before \(index)"
                }
            } == [])
    }
}
