// SPDX-License-Identifier: Apache-2.0

import Glibc
import PlenaryTerms

/// One field of a body: its tag and where its bytes are.
struct Field {
    var tag: UInt8
    var start: Int
    var byteCount: Int
}

/// Walks the fields of a body. The only place that reads a body's bytes; every read is checked
/// against the body's end, so that no bytes whatever can make it trap.
struct FieldCursor {
    private let bytes: UnsafeRawBufferPointer
    private var position: Int
    private let end: Int

    init(_ bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes
        position = 0
        end = bytes.count
    }

    private init(_ bytes: UnsafeRawBufferPointer, _ field: Field) {
        self.bytes = bytes
        position = field.start
        end = field.start + field.byteCount
    }

    /// The next field; nil at the body's end.
    @inline(__always)
    mutating func next() throws(EventCodecError) -> Field? {
        guard position < end else { return nil }
        guard end - position >= 4, let word = bytes.littleEndian(at: position, as: UInt32.self) else {
            throw .fieldBeyondEnd(position: position)
        }
        let byteCount = Int(word >> 8)
        guard byteCount <= end - position - 4 else { throw .fieldBeyondEnd(position: position) }
        let field = Field(tag: UInt8(truncatingIfNeeded: word), start: position + 4, byteCount: byteCount)
        position = field.start + byteCount
        return field
    }

    /// A cursor over a field's own fields.
    func nested(_ field: Field) -> FieldCursor { FieldCursor(bytes, field) }

    @inline(__always)
    func bytes(_ field: Field) -> [UInt8] {
        guard field.byteCount > 0, let base = bytes.baseAddress else { return [] }
        return [UInt8](unsafeUninitializedCapacity: field.byteCount) { buffer, count in
            // SAFETY: `next` gave only fields that lie inside the body, and the buffer has this capacity.
            UnsafeMutableRawBufferPointer(buffer).copyMemory(
                from: UnsafeRawBufferPointer(start: base + field.start, count: field.byteCount))
            count = field.byteCount
        }
    }

    @inline(__always)
    func text(_ field: Field) -> Text { Text(bytes(field)) }

    /// The text of a field, or the one given when it has the same bytes: sharing costs a tenth of making.
    @inline(__always)
    func text(_ field: Field, sharing known: inout Text) -> Text {
        let isSame = known.bytes.withUnsafeBytes { knownBytes in
            // SAFETY: `next` gave only fields that lie inside the body; both ranges have the same length.
            guard knownBytes.count == field.byteCount, let one = knownBytes.baseAddress,
                let base = bytes.baseAddress
            else { return false }
            return memcmp(one, base + field.start, field.byteCount) == 0
        }
        if !isSame { known = text(field) }
        return known
    }

    @inline(__always)
    func integer<Value: FixedWidthInteger & BitwiseCopyable>(
        _ field: Field, as type: Value.Type = Value.self
    ) throws(EventCodecError) -> Value {
        guard field.byteCount == MemoryLayout<Value>.size,
            let value = bytes.littleEndian(at: field.start, as: type)
        else { throw .wrongByteCount(tag: field.tag, byteCount: field.byteCount) }
        return value
    }

    /// The two accounts of a direct conversation.
    @inline(__always)
    func direct(_ field: Field) throws(EventCodecError) -> Conversation {
        let pair: UInt64 = try integer(field)
        return .direct(
            AccountID(UInt32(truncatingIfNeeded: pair)), AccountID(UInt32(truncatingIfNeeded: pair >> 32)))
    }

    /// A one-byte field that names a case.
    @inline(__always)
    func choice<Value: RawRepresentable>(
        _ field: Field, as type: Value.Type = Value.self
    ) throws(EventCodecError) -> Value where Value.RawValue == UInt8 {
        let raw: UInt8 = try integer(field)
        guard let value = Value(rawValue: raw) else {
            throw .unknownValue(tag: field.tag, value: UInt64(raw))
        }
        return value
    }
}

/// Texts that one event after another is likely to repeat: whoever reads many events keeps one of these.
struct RepeatedTexts {
    var target = Text([UInt8]())
    var source = Text([UInt8]())
    var accountName = Text([UInt8]())
}
