// SPDX-License-Identifier: Apache-2.0

/// The rules for the characters of one isolating run sequence.
extension BidiResolver {
    // MARK: W1 to W7

    /// Resolves marks, numbers and what stands beside numbers.
    mutating func resolveWeakTypes(start: BidiClass) {
        var types: UInt32 = 0
        for index in sequence { types |= Self.bit(units[index].type) }
        let weak =
            Self.bit(.nsm) | Self.bit(.en) | Self.bit(.al) | Self.bit(.es) | Self.bit(.et) | Self.bit(.cs)
        guard types & weak != 0 else { return }
        resolveMarksAndArabicNumbers(start: start)
        if types & (Self.bit(.es) | Self.bit(.cs)) != 0 { resolveSeparators() }
        // A mark may have become a terminator only where there was one before it.
        if types & Self.bit(.et) != 0 { resolveTerminators() }
        if types & Self.bit(.en) != 0 { resolveEuropeanNumbers(start: start) }
    }

    private static func bit(_ type: BidiClass) -> UInt32 { 1 << UInt32(type.rawValue) }

    /// W1 to W3.
    private mutating func resolveMarksAndArabicNumbers(start: BidiClass) {
        var previous = start
        var strong = start
        for index in sequence {
            var type = units[index].type
            if type == .nsm {
                type = previous
                switch previous {
                case .lri, .rli, .fsi, .pdi: type = .on
                default: break
                }
            }
            previous = type
            switch type {
            case .l, .r: strong = type
            case .al:
                strong = .al
                type = .r
            case .en where strong == .al: type = .an
            default: break
            }
            units[index].type = type
        }
    }

    /// W4 and W6 for separators: one between two numbers of one kind belongs to them.
    private mutating func resolveSeparators() {
        for place in sequence.indices {
            let type = units[sequence[place]].type
            guard type == .es || type == .cs else { continue }
            var resolved = BidiClass.on
            if place > 0, place + 1 < sequence.count {
                let before = units[sequence[place - 1]].type
                let isBetween = before == units[sequence[place + 1]].type
                if isBetween, before == .en || before == .an && type == .cs { resolved = before }
            }
            units[sequence[place]].type = resolved
        }
    }

    /// W5 and W6 for terminators: those beside a European number belong to it.
    private mutating func resolveTerminators() {
        var place = 0
        while place < sequence.count {
            guard units[sequence[place]].type == .et else {
                place += 1
                continue
            }
            var end = place
            while end < sequence.count, units[sequence[end]].type == .et { end += 1 }
            let isAfterNumber = place > 0 && units[sequence[place - 1]].type == .en
            let isBeforeNumber = end < sequence.count && units[sequence[end]].type == .en
            for terminator in place..<end {
                units[sequence[terminator]].type = isAfterNumber || isBeforeNumber ? .en : .on
            }
            place = end
        }
    }

    /// W7.
    private mutating func resolveEuropeanNumbers(start: BidiClass) {
        var strong = start
        for index in sequence {
            switch units[index].type {
            case .l, .r: strong = units[index].type
            case .en where strong == .l: units[index].type = .l
            default: break
            }
        }
    }

    // MARK: N0

    /// Opening brackets that may be open at one time (BD16).
    private static let openBracketLimit = 63

    /// Gives both brackets of a pair one direction.
    mutating func resolveBrackets(start: BidiClass, embedding: BidiClass) {
        findPairs()
        for pair in pairs {
            guard let direction = direction(of: pair, start: start, embedding: embedding) else { continue }
            for place in [pair.opening, pair.closing] {
                units[sequence[place]].type = direction
                var mark = place + 1
                while mark < sequence.count, units[sequence[mark]].original == .nsm,
                    units[sequence[mark]].type == .on
                {
                    units[sequence[mark]].type = direction
                    mark += 1
                }
            }
        }
    }

    /// BD16: pairs by the place of their opening bracket.
    private mutating func findPairs() {
        pairs.removeAll(keepingCapacity: true)
        openBrackets.removeAll(keepingCapacity: true)
        for place in sequence.indices {
            let unit = units[sequence[place]]
            guard unit.bracket != 0, unit.type == .on else { continue }
            if unit.bracket > 0 {
                if openBrackets.count == Self.openBracketLimit { break }
                openBrackets.append((place, unit.bracket))
            } else if let match = openBrackets.lastIndex(where: { $0.closing == -unit.bracket }) {
                pairs.append((openBrackets[match].place, place))
                openBrackets.removeSubrange(match...)
            }
        }
        pairs.sort { $0.opening < $1.opening }
    }

    /// N0 b to d: the direction that a pair takes, if it contains anything strong.
    private func direction(
        of pair: (opening: Int, closing: Int), start: BidiClass, embedding: BidiClass
    ) -> BidiClass? {
        var hasOther = false
        for place in pair.opening + 1..<pair.closing {
            guard let strong = strongDirection(place) else { continue }
            if strong == embedding { return embedding }
            hasOther = true
        }
        guard hasOther else { return nil }
        let other: BidiClass = embedding == .l ? .r : .l
        var place = pair.opening - 1
        while place >= 0 {
            if let strong = strongDirection(place) { return strong == other ? other : embedding }
            place -= 1
        }
        return start == other ? other : embedding
    }

    /// The direction of a strong character; numbers count as right to left here.
    private func strongDirection(_ place: Int) -> BidiClass? {
        switch units[sequence[place]].type {
        case .l: .l
        case .r, .en, .an: .r
        default: nil
        }
    }

    // MARK: N1, N2

    /// Gives what is neutral the direction of its neighbours if they agree, else that of the embedding.
    mutating func resolveNeutrals(start: BidiClass, end: BidiClass, embedding: BidiClass) {
        var before = start
        var place = 0
        while place < sequence.count {
            if let strong = strongDirection(place) {
                before = strong
                place += 1
                continue
            }
            var next = place
            var after = end
            while next < sequence.count {
                if let strong = strongDirection(next) {
                    after = strong
                    break
                }
                next += 1
            }
            for neutral in place..<next {
                units[sequence[neutral]].type = before == after ? before : embedding
            }
            place = next
        }
    }
}
