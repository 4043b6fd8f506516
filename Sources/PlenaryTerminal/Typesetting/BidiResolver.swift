// SPDX-License-Identifier: Apache-2.0

/// Embedding levels of one paragraph by the Unicode bidirectional algorithm (UAX #9, Unicode 15), from the
/// paragraph level (P2, P3) to the implicit levels (I1, I2). Lines are the business of `BidiLine`.
///
/// The rules are in three files: explicit levels here, then the weak and neutral types of one isolating run
/// sequence. What X9 removes is left out before the weak types are looked at, which is the same and faster.
/// A resolver may be used again; it keeps its memory.
package struct BidiResolver: Sendable {
    /// One character of the paragraph.
    package struct Unit: Sendable, Hashable {
        /// Its type as the tables give it, and after P2 (an FSI is then an LRI or RLI). L1 looks at this one.
        package var original: BidiClass
        /// The type that the rules work on.
        var type: BidiClass
        /// Its level.
        package internal(set) var level: UInt8 = 0
        /// Whether X9 removes it: it has no level of its own and is not shown.
        package internal(set) var isRemoved = false
        /// `Mirroring.bracket` of the character.
        var bracket: Int32

        /// A character of this type.
        package init(_ type: BidiClass, bracket: Int32 = 0) {
            original = type
            self.type = type
            self.bracket = bracket
        }

        /// This character.
        package init(_ scalar: Unicode.Scalar) {
            let properties = ScalarProperties(scalar)
            self.init(
                properties.bidiClass, bracket: properties.isMirrored ? Mirroring.bracket(scalar) : 0)
        }
    }

    /// The deepest explicit level (BD2).
    static let depthLimit: UInt8 = 125

    /// The paragraph: types before `resolve`, levels after it.
    package var units: [Unit] = []
    /// Level of the paragraph: 0 or 1.
    package private(set) var paragraphLevel: UInt8 = 0

    /// Places in `units` that X9 leaves.
    var kept: [Int] = []
    /// Stretches of `kept` of one level (BD7), each with the number of the run that continues its isolating run
    /// sequence (BD13), or -1.
    var runs: [(range: Range<Int>, level: UInt8, next: Int, isContinuation: Bool)] = []
    /// Places in `units` of the sequence at hand.
    var sequence: [Int] = []
    /// Pairs of brackets in the sequence at hand.
    var pairs: [(opening: Int, closing: Int)] = []
    /// Brackets of the sequence at hand that wait for their closing one.
    var openBrackets: [(place: Int, closing: Int32)] = []
    /// Isolate initiators that are open, and whether their direction is settled.
    private var openIsolates: [(index: Int, isSettled: Bool)] = []
    /// What is open at the place at hand.
    private var embeddings = Embeddings()
    /// Runs that end with an isolate initiator whose PDI is still to come.
    private var suspended: [Int] = []

    /// Nothing yet.
    package init() {}

    /// Gives every unit its level.
    package mutating func resolve(base: BaseDirection = .automatic) {
        let firstStrong = settleFirstStrongIsolates()
        switch base {
        case .automatic: paragraphLevel = firstStrong == .rightToLeft ? 1 : 0
        case .leftToRight: paragraphLevel = 0
        case .rightToLeft: paragraphLevel = 1
        }
        setExplicitLevels()
        findRuns()
        for run in runs.indices where !runs[run].isContinuation { resolveSequence(from: run) }
    }

    // MARK: P2, P3 and X5c

    /// Turns each FSI into an LRI or RLI by its first strong letter, and tells the paragraph's (P2), or
    /// automatic if it has none.
    private mutating func settleFirstStrongIsolates() -> BaseDirection {
        var paragraph = BaseDirection.automatic
        openIsolates.removeAll(keepingCapacity: true)
        for index in units.indices {
            switch units[index].original {
            case .l, .r, .al:
                let isRight = units[index].original != .l
                if openIsolates.isEmpty {
                    if paragraph == .automatic { paragraph = isRight ? .rightToLeft : .leftToRight }
                } else if !openIsolates[openIsolates.count - 1].isSettled {
                    openIsolates[openIsolates.count - 1].isSettled = true
                    settle(openIsolates[openIsolates.count - 1].index, as: isRight ? .rli : .lri)
                }
            case .lri, .rli: openIsolates.append((index, true))
            case .fsi: openIsolates.append((index, false))
            case .pdi:
                if let last = openIsolates.popLast(), !last.isSettled { settle(last.index, as: .lri) }
            default: break
            }
        }
        for last in openIsolates where !last.isSettled { settle(last.index, as: .lri) }
        return paragraph
    }

    private mutating func settle(_ index: Int, as type: BidiClass) {
        units[index].original = type
        units[index].type = type
    }

    // MARK: X1 to X9

    /// What is open at one place of the paragraph (X1).
    private struct Embeddings: Sendable {
        /// What an embedding, override or isolate opened.
        struct Status: Sendable {
            var level: UInt8
            var override: BidiClass?
            var isIsolate: Bool
        }

        var stack: [Status] = []
        var overflowIsolates = 0
        var overflowEmbeddings = 0
        var validIsolates = 0

        var top: Status { stack[stack.count - 1] }

        mutating func begin(_ paragraphLevel: UInt8) {
            stack.removeAll(keepingCapacity: true)
            stack.append(Status(level: paragraphLevel, override: nil, isIsolate: false))
            overflowIsolates = 0
            overflowEmbeddings = 0
            validIsolates = 0
        }

        /// The next level of this parity, if it is not too deep and nothing deeper is open.
        private func nextLevel(isOdd: Bool) -> UInt8? {
            let level = isOdd ? (top.level + 1) | 1 : (top.level + 2) & ~1
            return level <= depthLimit && overflowIsolates == 0 && overflowEmbeddings == 0 ? level : nil
        }

        /// X2 to X5.
        mutating func openEmbedding(isOdd: Bool, override: BidiClass?) {
            if let level = nextLevel(isOdd: isOdd) {
                stack.append(Status(level: level, override: override, isIsolate: false))
            } else if overflowIsolates == 0 {
                overflowEmbeddings += 1
            }
        }

        /// X5a and X5b.
        mutating func openIsolate(isOdd: Bool) {
            if let level = nextLevel(isOdd: isOdd) {
                validIsolates += 1
                stack.append(Status(level: level, override: nil, isIsolate: true))
            } else {
                overflowIsolates += 1
            }
        }

        /// X6a.
        mutating func closeIsolate() {
            if overflowIsolates > 0 {
                overflowIsolates -= 1
            } else if validIsolates > 0 {
                overflowEmbeddings = 0
                while let last = stack.last, !last.isIsolate { stack.removeLast() }
                stack.removeLast()
                validIsolates -= 1
            }
        }

        /// X7.
        mutating func closeEmbedding() {
            if overflowIsolates > 0 { return }
            if overflowEmbeddings > 0 {
                overflowEmbeddings -= 1
            } else if !top.isIsolate, stack.count >= 2 {
                stack.removeLast()
            }
        }
    }

    private mutating func setExplicitLevels() {
        embeddings.begin(paragraphLevel)
        kept.removeAll(keepingCapacity: true)
        for index in units.indices {
            let original = units[index].original
            units[index].level = embeddings.top.level
            switch original {
            case .rle, .lre, .rlo, .lro, .pdf, .bn:
                units[index].isRemoved = true
                switch original {
                case .rle: embeddings.openEmbedding(isOdd: true, override: nil)
                case .lre: embeddings.openEmbedding(isOdd: false, override: nil)
                case .rlo: embeddings.openEmbedding(isOdd: true, override: .r)
                case .lro: embeddings.openEmbedding(isOdd: false, override: .l)
                case .pdf: embeddings.closeEmbedding()
                default: break
                }
                continue
            case .rli, .lri, .fsi:
                // Its own type is that of what is round it, whatever it opens.
                if let override = embeddings.top.override { units[index].type = override }
                embeddings.openIsolate(isOdd: original == .rli)
            case .pdi:
                embeddings.closeIsolate()
                units[index].level = embeddings.top.level
                if let override = embeddings.top.override { units[index].type = override }
            case .b: units[index].level = paragraphLevel
            default:
                if let override = embeddings.top.override { units[index].type = override }
            }
            kept.append(index)
        }
    }

    // MARK: X10

    /// Level runs, tied together where an isolate initiator ends one and its PDI begins another (BD13).
    private mutating func findRuns() {
        runs.removeAll(keepingCapacity: true)
        suspended.removeAll(keepingCapacity: true)
        var start = 0
        while start < kept.count {
            let level = units[kept[start]].level
            var end = start + 1
            while end < kept.count, units[kept[end]].level == level { end += 1 }
            let run = runs.count
            var isContinuation = false
            if units[kept[start]].original == .pdi, let earlier = suspended.popLast() {
                runs[earlier].next = run
                isContinuation = true
            }
            runs.append((start..<end, level, -1, isContinuation))
            switch units[kept[end - 1]].original {
            case .lri, .rli, .fsi: suspended.append(run)
            default: break
            }
            start = end
        }
    }

    /// Gathers one isolating run sequence and resolves it.
    private mutating func resolveSequence(from first: Int) {
        sequence.removeAll(keepingCapacity: true)
        var run = first
        while true {
            sequence.append(contentsOf: kept[runs[run].range])
            if runs[run].next < 0 { break }
            run = runs[run].next
        }
        let level = runs[first].level
        let levelBefore = first > 0 ? runs[first - 1].level : paragraphLevel
        var levelAfter = run + 1 < runs.count ? runs[run + 1].level : paragraphLevel
        switch units[kept[runs[run].range.upperBound - 1]].original {
        // Nothing closes it, so that it reaches to the end of the paragraph.
        case .lri, .rli, .fsi: levelAfter = paragraphLevel
        default: break
        }
        let start: BidiClass = max(level, levelBefore) & 1 == 1 ? .r : .l
        let end: BidiClass = max(level, levelAfter) & 1 == 1 ? .r : .l
        resolveWeakTypes(start: start)
        let embedding: BidiClass = level & 1 == 1 ? .r : .l
        resolveBrackets(start: start, embedding: embedding)
        resolveNeutrals(start: start, end: end, embedding: embedding)
        for index in sequence { units[index].level += Self.implicitStep(units[index].type, level) }
    }

    /// I1 and I2: how far the level of a type lies above that of its embedding.
    private static func implicitStep(_ type: BidiClass, _ level: UInt8) -> UInt8 {
        switch type {
        case .r: level & 1 == 0 ? 1 : 0
        case .an, .en: level & 1 == 0 ? 2 : 1
        default: level & 1 == 0 ? 0 : 1
        }
    }
}
