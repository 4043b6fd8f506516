// SPDX-License-Identifier: Apache-2.0

import Foundation
import PlenaryScreens
import PlenaryTerminal
import Testing

/// Twelve screens at three sizes in six languages, as they lie on the grid: what is in each cell, and how it
/// looks.
/// One file of `Tests/golden/screens/` holds a screen at a size in all languages, so that they can be
/// compared by eye.
///
/// After a change that is meant: `PLENARY_GOLDEN=write swift test --filter GoldenTests`, and read the
/// difference.
@Suite struct GoldenTests {
    static let sizes: [(columns: Int, rows: Int)] = [(80, 24), (120, 40), (40, 16)]

    /// A screen at a size.
    struct Subject: Sendable, CustomTestStringConvertible {
        var scene: Scene
        var columns: Int
        var rows: Int
        var testDescription: String { "\(scene.rawValue) \(columns)x\(rows)" }
        var path: String {
            URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
                .appendingPathComponent("golden/screens/\(scene.rawValue)-\(columns)x\(rows).txt").path
        }

        /// All six languages, one below the other.
        var painted: String {
            Language.allCases.map { language in
                let grid = scene.stage(columns, rows, language).screen
                return "=== \(language.rawValue)\n\(grid.text)\n--- styles\n\(grid.styleLayer)\n"
            }.joined(separator: "\n")
        }
    }

    static let subjects = Scene.allCases.flatMap { scene in
        sizes.map { Subject(scene: scene, columns: $0.columns, rows: $0.rows) }
    }

    @Test(arguments: subjects) func theScreenIsAsItWas(_ subject: Subject) throws {
        let painted = subject.painted
        if ProcessInfo.processInfo.environment["PLENARY_GOLDEN"] == "write" {
            try painted.write(toFile: subject.path, atomically: true, encoding: .utf8)
        }
        let kept = try String(contentsOfFile: subject.path, encoding: .utf8)
        let difference = zip(
            painted.split(separator: "\n", omittingEmptySubsequences: false),
            kept.split(separator: "\n", omittingEmptySubsequences: false)
        ).first { $0 != $1 }
        #expect(difference?.0 == difference?.1)
        #expect(painted.utf8.count == kept.utf8.count)
    }

    @Test func everyScreenIsKept() {
        #expect(GoldenTests.subjects.count * Language.allCases.count == 216)
    }
}

/// What holds for every screen.
@Suite struct ScreenTests {
    /// No cell may hold what a terminal obeys instead of painting.
    @Test(arguments: Scene.allCases) func noCellHoldsAControl(_ scene: Scene) {
        for (columns, rows) in [(80, 24), (30, 8), (20, 6), (200, 60), (1, 1), (0, 0)] {
            let grid = scene.stage(columns, rows, .arabic).screen
            for cell in grid.cells {
                for scalar in cell.text.unicodeScalars {
                    #expect(!TerminalControls.contains(scalar), "\(scene) \(columns)x\(rows)")
                }
            }
        }
    }

    @Test func inHighContrastNothingIsFaintOrColoured() {
        var stage = Scene.channel.stage(80, 24, .english)
        stage.model.theme = .highContrast
        #expect(stage.screen.cells.allSatisfy { !$0.style.isFaint && $0.style.foreground == nil })
        #expect(stage.screen.text == Scene.channel.stage(80, 24, .english).screen.text)
    }

    /// The cursor is where text goes in, for input methods and screen readers: never hidden at a size we
    /// paint.
    @Test(arguments: Scene.allCases) func theCursorIsOnTheScreen(_ scene: Scene) {
        for language in Language.allCases where scene != .help {
            let grid = scene.stage(80, 24, language).screen
            let cursor = grid.cursor
            #expect(
                cursor.map { grid.contains(row: $0.row, column: $0.column) } == true, "\(scene) \(language)")
        }
    }
}

enum TerminalControls {
    /// C0, C1, and the signs that change direction, which only the encoder may send.
    static func contains(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7F..<0xA0, 0x061C, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069: true
        default: false
        }
    }
}
