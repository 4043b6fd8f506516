// SPDX-License-Identifier: Apache-2.0

import CPlenary

// All integers in the log's files are little-endian.

extension [UInt8] {
    /// Appends an integer's bytes, lowest first.
    @inline(__always)
    mutating func appendLittleEndian<Value: FixedWidthInteger>(_ value: Value) {
        Swift.withUnsafeBytes(of: value.littleEndian) { append(contentsOf: $0) }
    }

    /// Overwrites bytes at a position, which must lie inside.
    @inline(__always)
    mutating func storeLittleEndian<Value: FixedWidthInteger>(_ value: Value, at position: Int) {
        precondition(
            position >= 0 && position + MemoryLayout<Value>.size <= count,
            "a field is stored inside its buffer")
        // SAFETY: the range was checked on the line above.
        withUnsafeMutableBytes {
            $0.storeBytes(of: value.littleEndian, toByteOffset: position, as: Value.self)
        }
    }

    /// Appends zeros up to a multiple of 8, counted from a position.
    @inline(__always)
    mutating func padToEight(from start: Int) {
        let excess = (count - start) & 7
        if excess != 0 { append(contentsOf: repeatElement(0, count: 8 - excess)) }
    }
}

extension UnsafeRawBufferPointer {
    /// The integer at a position; nil where the buffer ends before it does.
    @inline(__always)
    func littleEndian<Value: FixedWidthInteger & BitwiseCopyable>(
        at position: Int, as type: Value.Type
    ) -> Value? {
        guard position >= 0, position <= count - MemoryLayout<Value>.size else { return nil }
        // SAFETY: the guard keeps the read inside the buffer; loadUnaligned asks for no alignment.
        return Value(littleEndian: loadUnaligned(fromByteOffset: position, as: type))
    }

    /// CRC32C of a range, continued from a seed; nil when the range is not inside.
    @inline(__always)
    func checksum(seed: UInt32, from start: Int, count byteCount: Int) -> UInt32? {
        guard start >= 0, byteCount >= 0, start <= count, byteCount <= count - start, let base = baseAddress
        else {
            return nil
        }
        // SAFETY: the guard keeps the range inside the buffer.
        return plenary_crc32c(seed, base + start, byteCount)
    }

    /// Whether all bytes from a position on are zero. Reads words.
    func isZero(from start: Int) -> Bool {
        var position = start
        while position & 7 != 0, position < count {
            if self[position] != 0 { return false }
            position += 1
        }
        while let word = littleEndian(at: position, as: UInt64.self) {
            if word != 0 { return false }
            position += 8
        }
        while position < count {
            if self[position] != 0 { return false }
            position += 1
        }
        return true
    }
}

/// CRC32C of bytes, continued from a seed.
func checksum(_ bytes: [UInt8], seed: UInt32 = 0) -> UInt32 {
    bytes.withUnsafeBytes { plenary_crc32c(seed, $0.baseAddress, $0.count) }
}
