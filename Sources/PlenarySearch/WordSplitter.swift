// SPDX-License-Identifier: Apache-2.0

/// A word as the index has it.
struct SearchToken: Hashable, Sendable {
    var bytes: [UInt8]
    /// One of the overlapping pairs of an unseparated run, or its last character by itself.
    var place: Place

    enum Place: Hashable, Sendable {
        /// A run of letters and digits.
        case word
        /// Two characters in a row.
        case pair
        /// The last character of a run by itself, so that every character begins a token.
        case end
    }
}

/// Splits folded text into words. A run of unseparated characters `ABC` becomes `AB`, `BC` and `C`: whoever looks
/// for two or more of its characters looks for pairs in a row, and whoever looks for one looks for what begins
/// with it. Reads UTF-8 in one pass; what is none separates words.
struct WordSplitter {
    private let folding = CharacterFolding.shared
    private let emit: (SearchToken) -> Void
    private var word: [UInt8] = []
    private var run: [UInt32] = []

    /// Hands every word of a text to `emit`, in order.
    static func split(_ text: some Sequence<UInt8>, into emit: @escaping (SearchToken) -> Void) {
        var splitter = WordSplitter(emit: emit)
        splitter.read(Array(text))
        splitter.endWord()
    }

    private init(emit: @escaping (SearchToken) -> Void) { self.emit = emit }

    private mutating func read(_ bytes: [UInt8]) {
        var position = 0
        while position < bytes.count {
            let byte = bytes[position]
            if byte < 0x80 {
                position += 1
                switch byte {
                case 97...122, 48...57: append(byte)
                case 65...90: append(byte | 0x20)
                case 2, 15, 17, 22, 29, 30, 31: break
                case 3: position = WordSplitter.endOfColour(bytes, position, isHexadecimal: false)
                case 4: position = WordSplitter.endOfColour(bytes, position, isHexadecimal: true)
                default: endWord()
                }
                continue
            }
            guard let (scalar, length) = WordSplitter.scalar(bytes, at: position) else {
                position += 1
                endWord()
                continue
            }
            position += length
            folding.fold(scalar) { accept($0) }
        }
    }

    private mutating func accept(_ folded: FoldedScalar) {
        switch folded.role {
        case .letter:
            if !run.isEmpty { endRun() }
            guard word.count < SearchLimits.tokenByteLimit, let scalar = Unicode.Scalar(folded.value) else {
                return
            }
            word.append(contentsOf: String(scalar).utf8)
        case .unseparated:
            if !word.isEmpty { endWord() }
            if let last = run.last, let syllable = Composition.hangul(last, folded.value) {
                run[run.count - 1] = syllable
            } else {
                run.append(folded.value)
            }
        case .voicing:
            guard let last = run.last else { return }
            run[run.count - 1] = Composition.kana(last, voicing: folded.value) ?? last
        case .separator: endWord()
        case .nothing, .sequence: break
        }
    }

    @inline(__always)
    private mutating func append(_ byte: UInt8) {
        if !run.isEmpty { endRun() }
        if word.count < SearchLimits.tokenByteLimit { word.append(byte) }
    }

    private mutating func endWord() {
        if !run.isEmpty { endRun() }
        guard !word.isEmpty else { return }
        emit(SearchToken(bytes: word, place: .word))
        word.removeAll(keepingCapacity: true)
    }

    private mutating func endRun() {
        var previous: [UInt8]?
        for value in run {
            let bytes = Unicode.Scalar(value).map { Array(String($0).utf8) } ?? []
            if let previous { emit(SearchToken(bytes: previous + bytes, place: .pair)) }
            previous = bytes
        }
        if let previous { emit(SearchToken(bytes: previous, place: .end)) }
        run.removeAll(keepingCapacity: true)
    }

    /// Where the digits after a colour's sign end (modern.ircd.chat formatting: `\x03` 1 to 2 digits, `\x04` 6
    /// hexadecimal ones; a comma and the same again for the background).
    private static func endOfColour(_ bytes: [UInt8], _ start: Int, isHexadecimal: Bool) -> Int {
        func end(_ start: Int) -> Int? {
            let isDigit = { (byte: UInt8) in
                (48...57).contains(byte) || isHexadecimal && (97...102).contains(byte | 0x20)
            }
            let count = bytes[start...].prefix(isHexadecimal ? 6 : 2).prefix(while: isDigit).count
            return count == 0 || isHexadecimal && count < 6 ? nil : start + count
        }
        guard let foreground = end(start) else { return start }
        guard foreground < bytes.count, bytes[foreground] == 44 else { return foreground }
        return end(foreground + 1) ?? foreground
    }

    /// The scalar at a position and its bytes; nil when the bytes there are no UTF-8.
    private static func scalar(_ bytes: [UInt8], at position: Int) -> (UInt32, Int)? {
        let first = bytes[position]
        let length: Int
        var value: UInt32
        switch first {
        case 0xC2...0xDF: (length, value) = (2, UInt32(first & 0x1F))
        case 0xE0...0xEF: (length, value) = (3, UInt32(first & 0x0F))
        case 0xF0...0xF4: (length, value) = (4, UInt32(first & 0x07))
        default: return nil
        }
        guard position + length <= bytes.count else { return nil }
        for byte in bytes[(position + 1)..<(position + length)] {
            guard byte & 0xC0 == 0x80 else { return nil }
            value = value << 6 | UInt32(byte & 0x3F)
        }
        let least: UInt32 = length == 2 ? 0x80 : length == 3 ? 0x800 : 0x10000
        return value >= least && Unicode.Scalar(value) != nil ? (value, length) : nil
    }
}

/// Characters that may be written as one or as several, put together (Unicode, 3.12, for Hangul).
enum Composition {
    static func hangul(_ first: UInt32, _ second: UInt32) -> UInt32? {
        if (0x1100...0x1112).contains(first), (0x1161...0x1175).contains(second) {
            return 0xAC00 + ((first - 0x1100) * 21 + (second - 0x1161)) * 28
        }
        if (0xAC00...0xD7A3).contains(first), (first - 0xAC00) % 28 == 0, (0x11A8...0x11C2).contains(second) {
            return first + (second - 0x11A7)
        }
        return nil
    }

    /// A kana with its voicing; nil when that mark says nothing about it.
    static func kana(_ base: UInt32, voicing: UInt32) -> UInt32? {
        let isKatakana = base >= 0x30A0
        let plain = isKatakana ? base - 0x60 : base
        let voiced: UInt32?
        switch (plain, voicing) {
        case (0x306F...0x307D, 0x3099) where (plain - 0x306F) % 3 == 0: voiced = plain + 1
        case (0x306F...0x307D, 0x309A) where (plain - 0x306F) % 3 == 0: voiced = plain + 2
        case (0x304B...0x3062, 0x3099) where plain % 2 == 1 && plain < 0x3062: voiced = plain + 1
        case (0x3064...0x3069, 0x3099) where plain % 2 == 0: voiced = plain + 1
        case (0x3046, 0x3099): voiced = 0x3094
        case (0x309D, 0x3099): voiced = 0x309E
        default: voiced = nil
        }
        return voiced.map { isKatakana ? $0 + 0x60 : $0 }
    }
}
