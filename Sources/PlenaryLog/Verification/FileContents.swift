// SPDX-License-Identifier: Apache-2.0

import CPlenary
import Glibc

// The verification's own way to files and sums.

/// The whole content of a file; nil when it cannot be opened or read.
func contents(_ path: String) -> [UInt8]? {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return nil }
    defer { close(file) }
    var facts = stat()
    guard fstat(file, &facts) == 0 else { return nil }
    let byteCount = Int(facts.st_size)
    var hasFailed = false
    let bytes = [UInt8](unsafeUninitializedCapacity: byteCount) { buffer, count in
        while count < byteCount, let base = buffer.baseAddress {
            // SAFETY: count is below the capacity asked for, and at most the rest is read.
            let done = read(file, base + count, byteCount - count)
            if done < 0 && errno == EINTR { continue }
            hasFailed = hasFailed || done < 0
            if done <= 0 { break }
            count += done
        }
    }
    return hasFailed ? nil : bytes
}

/// The names in a directory; nil when it cannot be read.
func namesIn(_ directory: String) -> [String]? {
    try? RealFiles().list(directory)
}

/// CRC32C for the verification.
enum CRC {
    static func of(_ bytes: [UInt8]) -> UInt32 {
        bytes.withUnsafeBytes { plenary_crc32c(0, $0.baseAddress, $0.count) }
    }

    static func stored(_ bytes: [UInt8], at place: Int) -> UInt32 {
        guard place >= 0, place + 4 <= bytes.count else { return 0 }
        return (0..<4).reduce(0) { $0 | UInt32(bytes[place + $1]) << (8 * UInt32($1)) }
    }
}
