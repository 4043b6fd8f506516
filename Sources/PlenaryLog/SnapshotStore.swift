// SPDX-License-Identifier: Apache-2.0

import PlenaryDomain

/// Writes snapshots and removes old ones.
struct SnapshotStore: Sendable {
    let files: any FileLayer
    let paths: LogPaths

    /// Writes one and keeps the newest two.
    func write(
        _ request: SnapshotRequest, _ logID: LogID, lastTime: Int64, _ table: ConversationTable
    ) throws(LogError) {
        var builder = SnapshotBuilder(logID: logID, upTo: request.upTo.value, lastTime: lastTime)
        for logged in request.events {
            try builder.append(
                type: EventCodec.type(of: logged.event), schema: eventSchemaVersion,
                number: logged.offset.value,
                time: logged.time.microseconds
            ) { EventCodec.append(logged.event, to: &$0) }
        }
        let bytes = builder.finish(conversations: table.places)
        try files.replace(paths.snapshot(request.upTo.value), in: paths.snapshots, with: bytes)
        let names: [String]
        do { names = try files.list(paths.snapshots) } catch { throw logError(error, paths.snapshots) }
        let numbers = names.compactMap { number(inFileName: $0, kind: "snap") }.sorted(by: >)
        for old in numbers.dropFirst(LogLimits.keptSnapshotCount) {
            try files.removeIfPresent(paths.snapshot(old))
        }
    }
}
