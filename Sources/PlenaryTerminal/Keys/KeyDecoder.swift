// SPDX-License-Identifier: Apache-2.0

/// Turns bytes of a terminal into events. Reads may cut the bytes anywhere: the same bytes give the same
/// events, but that text comes in as many pieces as reads. Memory is bounded (`InputLimits`), nothing traps,
/// and what is not understood is swallowed whole, so that no piece of it is taken for typing.
///
/// Understood: UTF-8; control characters; Esc before a key as Alt; CSI and SS3 keys of xterm, rxvt, the Linux
/// console, tmux and screen, with modifiers; `CSI 27 ; … ~` (xterm, modifyOtherKeys); `CSI … u` (kitty);
/// bracketed paste; focus; cursor reports. Answers in OSC and DCS that nobody asked for are swallowed.
package struct KeyDecoder: Sendable {
    private var state = State.ground
    /// Parameters of the sequence being read, at most `InputLimits.parameterByteLimit`.
    private var parameters: [UInt8] = []
    private var paste = PasteBytes()
    private var typed = String.UnicodeScalarView()
    private var events: [InputEvent] = []
    private var awaitsCursorReport = false

    private enum State {
        case ground
        /// A scalar of UTF-8 has begun: its value so far, bytes to come, and the least value that needs so
        /// many.
        case scalar(value: UInt32, missing: Int, least: UInt32, isAlt: Bool)
        /// ESC, once or twice.
        case escape(isDouble: Bool)
        /// ESC O.
        case ss3(isAlt: Bool)
        /// ESC [.
        case csi(isAlt: Bool)
        /// A CSI with too many parameters or with intermediate bytes, to be swallowed.
        case uselessCSI
        /// ESC [ [, as the Linux console begins F1 to F5.
        case linux
        /// ESC ] or ESC P: an answer, or Alt with that character when nothing follows.
        case answer(UInt8, isEmpty: Bool)
        /// An ESC within such an answer.
        case answerEscape
        /// Within a bracketed paste.
        case paste
    }

    /// A decoder that has read nothing.
    package init() {}

    /// The next cursor report is an answer, even where Shift+F3 has the same bytes (`CSI 1 ; 2 R`).
    package mutating func expectCursorReport() { awaitsCursorReport = true }

    /// Milliseconds after which `timeOut` is to be called if no byte comes; nil when nothing is open. A lone
    /// ESC is the key after a moment; a paste whose end was lost must not lock the keyboard for ever.
    package var patienceMilliseconds: Int? {
        switch state {
        case .ground: nil
        case .paste: 3000
        case .scalar, .escape, .ss3, .csi, .uselessCSI, .linux, .answer, .answerEscape: 50
        }
    }

    /// Reads bytes.
    package mutating func decode(_ bytes: some Sequence<UInt8>) -> [InputEvent] {
        for byte in bytes { read(byte) }
        return takeEvents()
    }

    /// No byte has come for `patienceMilliseconds`: what is open is complete or never will be.
    package mutating func timeOut() -> [InputEvent] {
        abandon()
        return takeEvents()
    }

    private mutating func takeEvents() -> [InputEvent] {
        flushText()
        defer { events = [] }
        return events
    }

    // MARK: Byte by byte

    private mutating func read(_ byte: UInt8) {
        switch state {
        case .ground: readFirst(byte, isAlt: false)
        case .scalar(let value, let missing, let least, let isAlt):
            readScalar(byte, value, missing, least, isAlt)
        case .escape(let isDouble): readAfterEscape(byte, isDouble: isDouble)
        case .ss3(let isAlt): readSS3(byte, isAlt: isAlt)
        case .csi(let isAlt): readCSI(byte, isAlt: isAlt)
        case .uselessCSI:
            if Self.isForeign(byte) { restart(byte) } else if byte >= 0x40 { state = .ground }
        case .linux:
            guard !Self.isForeign(byte) else { return restart(byte) }
            state = .ground
            if (0x41...0x45).contains(byte) { emit(.function(Int(byte) - 0x40), []) }
        case .answer(let first, _):
            switch byte {
            case 0x07: state = .ground
            case 0x1B: state = .answerEscape
            case 0..<0x20: restart(byte)
            default: state = .answer(first, isEmpty: false)
            }
        case .answerEscape:
            state = .escape(isDouble: false)
            if byte == 0x5C { state = .ground } else { read(byte) }
        case .paste:
            guard paste.read(byte) else { return }
            finishPaste()
        }
    }

    /// Whether no sequence can hold this byte.
    private static func isForeign(_ byte: UInt8) -> Bool { !(0x20...0x7E).contains(byte) }

    /// A key cuts a sequence off that never came to its end.
    private mutating func restart(_ byte: UInt8) {
        abandon()
        read(byte)
    }

    /// What is open becomes the keys it may have been, or nothing.
    private mutating func abandon() {
        let open = state
        state = .ground
        switch open {
        case .escape(let isDouble):
            emit(.escape, [])
            if isDouble { emit(.escape, []) }
        case .ss3(let isAlt), .csi(let isAlt):
            guard parameters.isEmpty else { break }
            if isAlt { emit(.escape, []) }
            if case .ss3 = open { emit(.character("O"), .alt) } else { emit(.character("["), .alt) }
        case .answer(let first, let isEmpty):
            if isEmpty { emit(.character(Character(Unicode.Scalar(first))), .alt) }
        case .paste: finishPaste()
        case .ground, .scalar, .uselessCSI, .linux, .answerEscape: break
        }
    }

    private mutating func finishPaste() {
        state = .ground
        let text = InputText.cleaned(String(decoding: paste.take(), as: UTF8.self))
        flushText()
        if !text.isEmpty { events.append(.paste(text)) }
    }

    private mutating func readFirst(_ byte: UInt8, isAlt: Bool) {
        state = .ground
        let alt: Modifiers = isAlt ? .alt : []
        switch byte {
        case 0x00: emit(.character(" "), alt.union(.control))
        case 0x08, 0x7F: emit(.backspace, alt)
        case 0x09: emit(.tab, alt)
        case 0x0D: emit(.enter, alt)
        case 0x1B: state = .escape(isDouble: isAlt)
        case 0x01..<0x1B: emit(.character(Character(Unicode.Scalar(byte + 0x60))), alt.union(.control))
        case 0x1C..<0x20: emit(.character(Character(Unicode.Scalar(byte + 0x40))), alt.union(.control))
        case 0x20..<0x7F: type(UInt32(byte), isAlt)
        case 0xC2...0xDF: state = .scalar(value: UInt32(byte & 0x1F), missing: 1, least: 0x80, isAlt: isAlt)
        case 0xE0...0xEF: state = .scalar(value: UInt32(byte & 0x0F), missing: 2, least: 0x800, isAlt: isAlt)
        case 0xF0...0xF4:
            state = .scalar(value: UInt32(byte & 0x07), missing: 3, least: 0x10000, isAlt: isAlt)
        default: break
        }
    }

    private mutating func readScalar(
        _ byte: UInt8, _ value: UInt32, _ missing: Int, _ least: UInt32, _ isAlt: Bool
    ) {
        guard byte & 0xC0 == 0x80 else { return restart(byte) }
        let value = value << 6 | UInt32(byte & 0x3F)
        guard missing == 1 else {
            state = .scalar(value: value, missing: missing - 1, least: least, isAlt: isAlt)
            return
        }
        state = .ground
        if value >= least, value > 0x9F { type(value, isAlt) }
    }

    private mutating func readAfterEscape(_ byte: UInt8, isDouble: Bool) {
        parameters = []
        switch byte {
        case 0x1B:
            if isDouble { emit(.escape, []) }
            state = .escape(isDouble: true)
        case 0x5B: state = .csi(isAlt: isDouble)
        case 0x4F: state = .ss3(isAlt: isDouble)
        case 0x5D, 0x50: state = .answer(byte, isEmpty: true)
        default:
            if isDouble { emit(.escape, []) }
            readFirst(byte, isAlt: true)
        }
    }

    private mutating func readSS3(_ byte: UInt8, isAlt: Bool) {
        switch byte {
        case _ where Self.isForeign(byte): restart(byte)
        // Some terminals put the modifiers in between.
        case 0x30...0x39 where parameters.count < 2: parameters.append(byte)
        default:
            state = .ground
            let held = ControlSequence(parameters).modifiers(at: 0).union(isAlt ? .alt : [])
            guard let stroke = SequenceKeys.ss3(byte) else { return }
            switch stroke {
            case .key(let key, let modifiers): emit(key, held.union(modifiers))
            case .text(let text): type(text.value, held.contains(.alt))
            }
        }
    }

    private mutating func readCSI(_ byte: UInt8, isAlt: Bool) {
        switch byte {
        case _ where Self.isForeign(byte): restart(byte)
        case 0x5B where parameters.isEmpty: state = .linux
        case 0x30...0x3F:
            parameters.append(byte)
            if parameters.count > InputLimits.parameterByteLimit { state = .uselessCSI }
        // Of rxvt: `$` ends a key with Shift, where it is an intermediate byte elsewhere.
        case 0x24 where !parameters.isEmpty && parameters.allSatisfy { (0x30...0x39).contains($0) }:
            finishCSI(byte, isAlt: isAlt)
        case 0x40...0x7E: finishCSI(byte, isAlt: isAlt)
        default: state = .uselessCSI
        }
    }

    private mutating func finishCSI(_ final: UInt8, isAlt: Bool) {
        state = .ground
        let sequence = ControlSequence(parameters)
        let alt: Modifiers = isAlt ? .alt : []
        switch final {
        case 0x52 where sequence.count == 2 && (awaitsCursorReport || !sequence.isModifiedKey):
            guard let row = sequence[0], let column = sequence[1] else { return }
            awaitsCursorReport = false
            flushText()
            events.append(.cursorReport(row: row, column: column))
        case 0x49 where parameters.isEmpty, 0x4F where parameters.isEmpty:
            flushText()
            events.append(.focus(final == 0x49))
        case 0x7E where sequence[0] == 200:
            state = .paste
        case 0x7E where sequence[0] == 27:
            emit(code: sequence[2], typing: nil, sequence.modifiers(at: 1).union(alt))
        case 0x75:
            guard !sequence.isRelease, sequence.first != 0x3F else { return }
            emit(
                code: sequence[0], typing: sequence[2] ?? sequence[0, part: 1],
                sequence.modifiers(at: 1).union(alt))
        default:
            guard !sequence.isRelease, let (key, held) = SequenceKeys.csi(final, sequence) else { return }
            emit(key, held.union(alt))
        }
    }

    // MARK: Events

    /// A key by its code point, as new encodings tell it, with the text it types if that was told.
    private mutating func emit(code: Int?, typing: Int?, _ modifiers: Modifiers) {
        guard let code else { return }
        if let key = SequenceKeys.key(code: code) { return emit(key, modifiers) }
        guard let scalar = Unicode.Scalar(UInt32(code)), code >= 0x20, !(0x7F...0x9F).contains(code),
            !(0xE000...0xF8FF).contains(code)
        else { return }
        let character = Character(scalar)
        if !modifiers.isDisjoint(with: [.alt, .control]) { return emit(.character(character), modifiers) }
        if let typing, typing > 0x9F || (0x20..<0x7F).contains(typing) { return type(UInt32(typing), false) }
        let upper = character.uppercased()
        for scalar in (modifiers.contains(.shift) ? upper : String(character)).unicodeScalars {
            type(scalar.value, false)
        }
    }

    private mutating func emit(_ key: Key, _ modifiers: Modifiers) {
        flushText()
        if key == .tab, modifiers.contains(.shift) {
            events.append(.key(.backTab, modifiers.subtracting(.shift)))
        } else {
            events.append(.key(key, modifiers))
        }
    }

    private mutating func type(_ value: UInt32, _ isAlt: Bool) {
        guard let scalar = Unicode.Scalar(value), value != 0xFFFD else { return }
        if isAlt { emit(.character(Character(scalar)), .alt) } else { typed.append(scalar) }
    }

    private mutating func flushText() {
        guard !typed.isEmpty else { return }
        events.append(.text(String(typed)))
        typed = String.UnicodeScalarView()
    }
}

/// The bytes of a bracketed paste up to its end.
private struct PasteBytes {
    private static let end: [UInt8] = [0x1B, 0x5B, 0x32, 0x30, 0x31, 0x7E]
    private var bytes: [UInt8] = []
    /// How much of the end has been seen.
    private var seen = 0

    /// Whether this byte ends it.
    mutating func read(_ byte: UInt8) -> Bool {
        if byte == Self.end[seen] {
            seen += 1
            return seen == Self.end.count
        }
        keep(Self.end[..<seen])
        seen = byte == Self.end[0] ? 1 : 0
        if seen == 0 { keep([byte]) }
        return false
    }

    /// What was kept, once.
    mutating func take() -> [UInt8] {
        defer { self = PasteBytes() }
        return bytes
    }

    private mutating func keep(_ more: ArraySlice<UInt8>) {
        bytes += more.prefix(InputLimits.pasteByteLimit - bytes.count)
    }
}
