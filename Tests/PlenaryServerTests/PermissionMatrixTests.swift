// SPDX-License-Identifier: Apache-2.0

import PlenaryDialect
import PlenaryTestKit
import Testing

/// docs/PERMISSIONS.md is what the server does: every cell is tried against a server in memory.
@Suite struct PermissionMatrixTests {
    /// Cells that are not so, as `place, command, role: written x, found y`.
    private static func deviations(
        _ document: PermissionDocument, roles: [MatrixRole] = MatrixRole.allCases,
        places: [MatrixPlace] = MatrixPlace.allCases
    ) async throws -> (count: Int, deviations: [String]) {
        var count = 0
        var deviations: [String] = []
        for guests in [true, false] where roles.contains(where: { ($0 == .guest) == guests }) {
            try await PermissionStage.run(guests: guests) { stage in
                for role in roles where (role == .guest) == guests {
                    for place in places {
                        let rows = place == .anywhere ? MatrixRow.anywhere : MatrixRow.inChannels
                        let found = try await stage.walk(role, place, rows)
                        for row in rows {
                            count += 1
                            let cell = PermissionDocument.Cell(
                                place: place, command: row.command, role: role)
                            let written = document.cells[cell]
                            guard written != found[row.command] else { continue }
                            let one = written?.rawValue ?? "nothing"
                            let other = found[row.command]?.rawValue ?? "nothing"
                            deviations.append(
                                "\(place.rawValue) | \(row.command) | \(role.rawValue) | \(one) | \(other)")
                        }
                    }
                }
            }
        }
        return (count, deviations)
    }

    @Test func everyCellIsSo() async throws {
        let document = try PermissionDocument.read()
        #expect(document.mistakes == [])
        let (count, deviations) = try await PermissionMatrixTests.deviations(document)
        #expect(deviations == [], "\(deviations.count) of \(count) cells")
        #expect(count == document.cells.count, "\(count) tried, \(document.cells.count) written")
        print("permission matrix: \(count) cells, \(deviations.count) deviations")
    }

    @Test func aPlantedDeviationIsFound() async throws {
        var document = try PermissionDocument.read()
        let cell = PermissionDocument.Cell(place: .outside, command: "CHATHISTORY", role: .member)
        #expect(document.cells[cell] == .unknown)
        document.cells[cell] = .yes
        let (_, deviations) = try await PermissionMatrixTests.deviations(
            document, roles: [.member], places: [.outside])
        #expect(deviations == ["Private channel, outside | CHATHISTORY | member | yes | unknown"])
    }

    @Test func everyVerbHasARowOrNeedsNoPermission() throws {
        let rows = (MatrixRow.inChannels + MatrixRow.anywhere).map { row in
            String(row.command.split(separator: " ").first ?? "")
        }
        let known = Set(rows).union(MatrixRow.needNoPermission)
        #expect(VerbTable.rows.map(\.verb).filter { !known.contains($0) } == [])
        #expect(Set(rows).intersection(MatrixRow.needNoPermission).isEmpty)
    }
}
