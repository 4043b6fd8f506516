// SPDX-License-Identifier: Apache-2.0

import Foundation
import PlenaryServer
import Testing

struct ServerMemoryTests {
    /// Resident bytes of this process.
    private func residentByteCount() throws -> Int {
        let fields = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8).split(separator: " ")
        return try #require(Int(fields[1])) * sysconf(Int32(_SC_PAGESIZE))
    }

    /// malloc gives back by itself what is free behind the last block in use, and only that (malloc_trim(3)).
    @Test func whatIsFreeBetweenBlocksIsGivenBackToTheSystem() throws {
        let blockByteCount = 4_000
        let before = try residentByteCount()
        let blocks = try (0..<12_000).map { _ in
            let block = try #require(malloc(blockByteCount))
            memset(block, 1, blockByteCount)
            return block
        }
        let last = malloc(blockByteCount)
        for block in blocks { free(block) }
        let half = blocks.count * blockByteCount / 2
        let held = try residentByteCount()
        #expect(held - before > half, "malloc has given it back by itself")
        ServerMemory.giveBack()
        #expect(try held - residentByteCount() > half)
        free(last)
    }
}
