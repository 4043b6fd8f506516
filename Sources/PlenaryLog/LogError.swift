// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Why the log cannot be opened, read or written. Each says which file, where, what was found and
/// what to do, and carries the exit code of the process that meets it (docs/DURABILITY.md).
package enum LogError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Another process has the data directory.
    case locked(path: String)
    /// The operating system refuses access.
    case permissionDenied(call: String, path: String, code: Int32)
    /// The file system cannot keep the promise (network, memory).
    case unsuitableFileSystem(path: String, kind: String)
    /// The file was written by a newer version.
    case unsupportedFormat(path: String, found: String)
    /// Stored data are not what was written. Nothing was changed.
    case damaged(path: String, position: Int, found: String)
    /// A read, write or sync failed. After a failed sync nothing more was written.
    case failedCall(call: String, path: String, position: Int, code: Int32)
    /// The disk is full where it had to have space.
    case outOfSpace(path: String)
    /// The event's body is larger than a record may be.
    case tooLarge(byteCount: Int, limit: Int)

    /// The exit code of a process that stops because of it (sysexits.h where one fits; 3 for formats).
    package var exitCode: Int32 {
        switch self {
        case .locked: 75
        case .permissionDenied: 77
        case .unsuitableFileSystem: 64
        case .unsupportedFormat: 3
        case .damaged: 65
        case .failedCall, .outOfSpace, .tooLarge: 74
        }
    }

    package var description: String {
        switch self {
        case .locked(let path):
            "\(path) is locked: another plenaryd uses this data directory. Stop it first."
        case .permissionDenied(let call, let path, let code):
            "\(call) of \(path) was refused: \(errorText(code)). "
                + "Give the directory to the server's user, mode 0700."
        case .unsuitableFileSystem(let path, let kind):
            "\(path) is on \(kind), which cannot promise that synced data survive. Use a local disk."
        case .unsupportedFormat(let path, let found):
            "\(path) has \(found), which this version does not know. "
                + "Start it with the newer version that wrote it."
        case .damaged(let path, let position, let found):
            "\(path) is damaged at byte \(position): \(found). Nothing was changed. "
                + "Run `plenaryd log verify`, then restore from a backup, or write what is readable "
                + "elsewhere with `plenaryd log salvage`."
        case .failedCall(let call, let path, let position, let code):
            "\(call) of \(path) at byte \(position) failed: \(errorText(code)). "
                + "Messages not yet acknowledged may be lost. Check the disk before starting again."
        case .outOfSpace(let path):
            "no space left on the disk for \(path). Make room, then start again."
        case .tooLarge(let byteCount, let limit):
            "an event of \(byteCount) bytes exceeds the \(limit) bytes of a record. It was not written."
        }
    }
}

/// What a call may lack now and have later.
enum Lack: Hashable, Sendable {
    case room
    case descriptors
}

extension LogError {
    /// Set when a call failed for lack of something and has changed nothing that counts: it may be made again.
    var lack: Lack? {
        switch self {
        case .outOfSpace: .room
        case .failedCall(_, _, _, let code): code == EMFILE || code == ENFILE ? .descriptors : nil
        case .locked, .permissionDenied, .unsuitableFileSystem, .unsupportedFormat, .damaged, .tooLarge: nil
        }
    }
}

/// The operating system's words for an error number, with the number.
func errorText(_ code: Int32) -> String {
    guard let text = strerror(code) else { return "error \(code)" }
    return "\(String(cString: text)) (\(code))"
}
