// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@Suite struct DocumentationTests {
    @Test func theBotOfTheManualIsTheOneThatIsCompiled() throws {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        let manual = try String(
            contentsOf: folder.appendingPathComponent("../../docs/CLIENT-LIBRARY.md"), encoding: .utf8)
        let source = try String(
            contentsOf: folder.appendingPathComponent("ExampleBot.swift"), encoding: .utf8)
        let start = try #require(source.range(of: "import PlenaryClient"))
        let code = source[start.lowerBound...]
        #expect(manual.contains("```swift\n\(code)```\n"))
        #expect(code.split(separator: "\n").count <= 34)
    }
}
