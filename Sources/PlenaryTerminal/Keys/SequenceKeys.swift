// SPDX-License-Identifier: Apache-2.0

/// The parameters of one CSI: numbers between semicolons, their parts between colons.
struct ControlSequence {
    /// The first byte, which may be a mark (`<`, `=`, `>`, `?`).
    let first: UInt8?
    private var fields: [[Int?]] = [[]]

    /// Of these bytes. A number beyond six digits, or that is none, is nil.
    init(_ parameters: [UInt8]) {
        first = parameters.first
        var number: Int?
        for byte in parameters + [0x3B] {
            switch byte {
            case 0x30...0x39:
                let value = (number ?? 0) * 10 + Int(byte - 0x30)
                number = min(value, 1_000_000)
            case 0x3A, 0x3B:
                fields[fields.count - 1].append(number == 1_000_000 ? nil : number)
                number = nil
                if byte == 0x3B { fields.append([]) }
            default: break
            }
        }
        fields.removeLast()
    }

    /// How many there are; an empty one counts.
    var count: Int { first == nil ? 0 : fields.count }

    /// A number, or the part of one.
    subscript(index: Int, part part: Int = 0) -> Int? {
        index < fields.count && part < fields[index].count ? fields[index][part] : nil
    }

    /// What is held, as xterm and kitty count it: 1 more than the bits. Other keys than ours do not count.
    func modifiers(at index: Int) -> Modifiers {
        guard let number = self[index], number > 0 else { return [] }
        return Modifiers(rawValue: UInt8(truncatingIfNeeded: number - 1) & 7)
    }

    /// Whether a key went up (kitty, event types).
    var isRelease: Bool { self[1, part: 1] == 3 }

    /// Whether it looks like `1 ; modifiers`, as before a key.
    var isModifiedKey: Bool { self[0] == 1 && (2...16).contains(self[1] ?? 0) }
}

/// Which key a sequence stands for.
enum SequenceKeys {
    /// What SS3 gives: a key, or a character of the keypad.
    enum Stroke {
        case key(Key, Modifiers)
        case text(Unicode.Scalar)
    }

    /// ESC O and this byte: xterm's F1 to F4, arrows and keypad in application mode; rxvt's Control and
    /// arrows.
    static func ss3(_ final: UInt8) -> Stroke? {
        if let key = letter(final) { return .key(key, []) }
        switch final {
        case 0x61...0x64: return letter(final - 0x20).map { .key($0, .control) }
        case 0x4D: return .key(.enter, [])
        case 0x49: return .key(.tab, [])
        case 0x58: return .text("=")
        // `*` to `9` of the keypad are j to y.
        case 0x6A...0x79: return .text(Unicode.Scalar(final - 0x40))
        default: return nil
        }
    }

    /// A CSI with this last byte.
    static func csi(_ final: UInt8, _ sequence: ControlSequence) -> (Key, Modifiers)? {
        if let mark = sequence.first, (0x3C...0x3F).contains(mark) { return nil }
        let held = sequence.modifiers(at: 1)
        switch final {
        case 0x5A: return (.backTab, held.subtracting(.shift))
        case 0x61...0x64: return letter(final - 0x20).map { ($0, held.union(.shift)) }
        case 0x7E: return number(sequence[0]).map { ($0, held) }
        // Of rxvt.
        case 0x24: return number(sequence[0]).map { ($0, .shift) }
        case 0x5E: return number(sequence[0]).map { ($0, .control) }
        case 0x40: return number(sequence[0]).map { ($0, [.control, .shift]) }
        default: return letter(final).map { ($0, held) }
        }
    }

    /// A key by its code point (kitty, xterm's modifyOtherKeys); nil for a printable character.
    static func key(code: Int) -> Key? {
        switch code {
        case 9: .tab
        case 13, 57414: .enter
        case 27: .escape
        case 8, 127: .backspace
        case 57376...57398: .function(code - 57376 + 13)
        case 57417: .left
        case 57418: .right
        case 57419: .up
        case 57420: .down
        case 57421: .pageUp
        case 57422: .pageDown
        case 57423: .home
        case 57424: .end
        case 57425: .insert
        case 57426: .delete
        default: nil
        }
    }

    private static func letter(_ final: UInt8) -> Key? {
        switch final {
        case 0x41: .up
        case 0x42: .down
        case 0x43: .right
        case 0x44: .left
        case 0x46: .end
        case 0x48: .home
        case 0x50...0x53: .function(Int(final) - 0x4F)
        default: nil
        }
    }

    private static func number(_ number: Int?) -> Key? {
        switch number {
        case 1, 7: .home
        case 2: .insert
        case 3: .delete
        case 4, 8: .end
        case 5: .pageUp
        case 6: .pageDown
        case .some(let number) where (11...15).contains(number): .function(number - 10)
        case .some(let number) where (17...21).contains(number): .function(number - 11)
        case .some(let number) where (23...26).contains(number): .function(number - 12)
        case .some(let number) where (28...29).contains(number): .function(number - 13)
        case .some(let number) where (31...34).contains(number): .function(number - 14)
        default: nil
        }
    }
}
