// SPDX-License-Identifier: Apache-2.0

import PlenaryTerminal
import Testing

@Suite struct GridTests {
    @Test func aNewGridIsBlank() {
        let grid = Grid(columns: 3, rows: 2)
        #expect(grid.cells == Array(repeating: .blank, count: 6))
        #expect(grid.cursor == nil)
    }
}
