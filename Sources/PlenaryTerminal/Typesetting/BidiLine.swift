// SPDX-License-Identifier: Apache-2.0

/// From the levels of a paragraph to the order of one of its lines (UAX #9, 3.4).
package enum BidiLine {
    /// L1: spaces and isolate controls at the end of the line and before a separator, and the separators
    /// themselves, have the paragraph's level.
    package static func resetTrailing(
        _ units: inout [BidiResolver.Unit], _ line: Range<Int>, paragraphLevel: UInt8
    ) {
        var isTrailing = true
        for index in line.reversed() {
            switch units[index].original {
            case .s, .b:
                isTrailing = true
                units[index].level = paragraphLevel
            case .ws, .lri, .rli, .fsi, .pdi:
                if isTrailing { units[index].level = paragraphLevel }
            default:
                if !units[index].isRemoved { isTrailing = false }
            }
        }
    }

    /// L2: the places of a line from left to right, given their levels.
    package static func order(_ levels: some RandomAccessCollection<UInt8>) -> [Int] {
        var order = Array(0..<levels.count)
        var highest: UInt8 = 0
        var lowestOdd = UInt8.max
        for level in levels {
            highest = max(highest, level)
            if level & 1 == 1 { lowestOdd = min(lowestOdd, level) }
        }
        guard lowestOdd <= highest else { return order }
        let levels = Array(levels)
        for level in stride(from: highest, through: lowestOdd, by: -1) {
            var start = 0
            while start < levels.count {
                guard levels[start] >= level else {
                    start += 1
                    continue
                }
                var end = start + 1
                while end < levels.count, levels[end] >= level { end += 1 }
                // The stretch is one in logical order too; what it holds is already in order within.
                order[start..<end].reverse()
                start = end
            }
        }
        return order
    }
}
