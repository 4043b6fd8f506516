// SPDX-License-Identifier: Apache-2.0

/// Why a body is no event of this version.
package enum EventCodecError: Error, Hashable, Sendable, CustomStringConvertible {
    case unknownType(UInt8)
    case fieldBeyondEnd(position: Int)
    case wrongByteCount(tag: UInt8, byteCount: Int)
    case unknownValue(tag: UInt8, value: UInt64)
    case missingField(tag: UInt8)

    package var description: String {
        switch self {
        case .unknownType(let type): "the record's type \(type) is not known"
        case .fieldBeyondEnd(let position): "a field at byte \(position) of the body ends beyond it"
        case .wrongByteCount(let tag, let byteCount): "field \(tag) has \(byteCount) bytes"
        case .unknownValue(let tag, let value): "field \(tag) has the unknown value \(value)"
        case .missingField(let tag): "field \(tag) is missing"
        }
    }
}
