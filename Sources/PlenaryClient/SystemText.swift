// SPDX-License-Identifier: Apache-2.0

import Glibc
import PlenaryCrypto

/// The system's words for an error number.
func systemErrorText(_ number: Int32) -> String {
    var buffer = [CChar](repeating: 0, count: 256)
    // The XSI form fills the buffer; a failure leaves it empty.
    guard strerror_r(number, &buffer, buffer.count) == 0 else { return "error \(number)" }
    let text = String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    return text.isEmpty ? "error \(number)" : text
}

/// Lower-case hexadecimal digits.
func hexadecimal(_ bytes: [UInt8]) -> String { PlenaryCrypto.hex(bytes) }
