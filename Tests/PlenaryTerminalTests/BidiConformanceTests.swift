// SPDX-License-Identifier: Apache-2.0

import PlenaryTerminal
import Testing

/// UAX #9, "Conformance": all cases of both test files of Unicode 15.
@Suite struct BidiConformanceTests {
    private static let bases: [BaseDirection] = [.automatic, .leftToRight, .rightToLeft]

    /// Levels (nil where X9 removes) and order of one line that is the whole paragraph.
    private static func result(_ resolver: inout BidiResolver, _ base: BaseDirection) -> ([Int?], [Int]) {
        resolver.resolve(base: base)
        BidiLine.resetTrailing(
            &resolver.units, resolver.units.indices, paragraphLevel: resolver.paragraphLevel)
        let shown = resolver.units.indices.filter { !resolver.units[$0].isRemoved }
        let order = BidiLine.order(shown.map { resolver.units[$0].level }).map { shown[$0] }
        return (resolver.units.map { $0.isRemoved ? nil : Int($0.level) }, order)
    }

    @Test func everyLineOfBidiTestHolds() throws {
        var names: [ArraySlice<UInt8>: BidiClass] = [:]
        for type in BidiClass.allCases { names[Array("\(type)".uppercased().utf8)[...]] = type }
        var cursor = UnicodeFileCursor(try UnicodeFile.bytes("BidiTest.txt"))
        var resolver = BidiResolver()
        var levels: [Int?] = []
        var order: [Int] = []
        var caseCount = 0
        var failures: [String] = []
        while !cursor.isAtEnd, failures.count < 10 {
            if cursor.byte == UInt8(ascii: "@") {
                let keyword = Array(cursor.word())
                if keyword == Array("@Levels:".utf8) {
                    levels = Self.numbers(&cursor)
                } else if keyword == Array("@Reorder:".utf8) {
                    order = Self.numbers(&cursor).compactMap { $0 }
                }
            } else if cursor.byte != UInt8(ascii: "#"), cursor.byte != 0x0A {
                var classes: [BidiClass] = []
                while !cursor.isAtFieldEnd {
                    let name = cursor.word()
                    // `#require` in a loop of half a million takes longer than the algorithm.
                    guard let type = names[name] else {
                        throw UnicodeFile.Unreadable(line: cursor.lineNumber)
                    }
                    classes.append(type)
                    cursor.skipSpaces()
                }
                cursor.skip()
                let wanted = cursor.number(radix: 16) ?? 0
                for (bit, base) in Self.bases.enumerated() where wanted & 1 << bit != 0 {
                    resolver.units = classes.map { BidiResolver.Unit($0) }
                    let found = Self.result(&resolver, base)
                    caseCount += 1
                    if found.0 != levels || found.1 != order {
                        failures.append("line \(cursor.lineNumber), \(classes), \(base): \(found)")
                    }
                }
            }
            cursor.skipLine()
        }
        #expect(failures == [])
        #expect(caseCount == 770_241)
    }

    @Test func everyLineOfBidiCharacterTestHolds() throws {
        var cursor = UnicodeFileCursor(try UnicodeFile.bytes("BidiCharacterTest.txt"))
        var resolver = BidiResolver()
        var caseCount = 0
        var failures: [String] = []
        while !cursor.isAtEnd, failures.count < 10 {
            if cursor.byte != UInt8(ascii: "#"), cursor.byte != 0x0A {
                resolver.units.removeAll(keepingCapacity: true)
                for value in Self.numbers(&cursor, radix: 16) {
                    guard let scalar = Unicode.Scalar(UInt32(value ?? 0xD800)) else {
                        throw UnicodeFile.Unreadable(line: cursor.lineNumber)
                    }
                    resolver.units.append(BidiResolver.Unit(scalar))
                }
                cursor.skip()
                let base = [BaseDirection.leftToRight, .rightToLeft, .automatic][
                    cursor.number(radix: 10) ?? 0]
                cursor.skip()
                let paragraphLevel = cursor.number(radix: 10)
                cursor.skip()
                let levels = Self.numbers(&cursor)
                cursor.skip()
                let order = Self.numbers(&cursor)
                let found = Self.result(&resolver, base)
                caseCount += 1
                if found.0 != levels || found.1 != order.compactMap({ $0 })
                    || Int(resolver.paragraphLevel) != paragraphLevel
                {
                    failures.append("line \(cursor.lineNumber), \(base): \(found)")
                }
            }
            cursor.skipLine()
        }
        #expect(failures == [])
        #expect(caseCount == 91_707)
    }

    /// All numbers of a field.
    private static func numbers(_ cursor: inout UnicodeFileCursor, radix: Int = 10) -> [Int?] {
        var numbers: [Int?] = []
        cursor.skipSpaces()
        while !cursor.isAtFieldEnd {
            numbers.append(cursor.number(radix: radix))
            cursor.skipSpaces()
        }
        return numbers
    }
}
