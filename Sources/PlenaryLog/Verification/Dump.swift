// SPDX-License-Identifier: Apache-2.0

import PlenaryDomain

/// Hands out every event of a directory in order, without changing or locking it. Stops with an error
/// where a segment is damaged; an interrupted last write is left out.
package func dump(directory: String, visit: (LoggedEvent) throws -> Void) throws {
    let files = RealFiles()
    let paths = LogPaths(directory)
    let names: [String]
    do { names = try files.list(paths.segments) } catch { throw logError(error, paths.segments) }
    let numbers = names.compactMap { number(inFileName: $0, kind: "seg") }.sorted()
    for first in numbers {
        let path = paths.segment(first)
        let bytes = try NewestSegment.read(path, files)
        let header = try decodeHeader(bytes, path)
        let walk = try bytes.withUnsafeBytes { buffer in
            try SegmentWalk(buffer, header: header) { record, position in
                guard record.type != MarkType.erased else { return }
                try visit(
                    try OpenedLog.decode(
                        type: record.type, number: record.number, time: record.time,
                        body: UnsafeRawBufferPointer(rebasing: buffer[record.bodyRange(at: position)]),
                        path: path,
                        position: position))
            }
        }
        switch walk.ending {
        case .sealed: break
        case .whole where first == numbers.last, .torn where first == numbers.last: break
        case .damaged(let position, let found):
            throw LogError.damaged(path: path, position: position, found: found)
        case .whole, .torn:
            throw LogError.damaged(path: path, position: walk.end, found: "it does not end in a seal")
        }
    }
}
