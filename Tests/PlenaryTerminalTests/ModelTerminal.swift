// SPDX-License-Identifier: Apache-2.0

import PlenaryTerminal

/// A terminal that understands what the encoder is permitted to send, and complains of all else: the proof
/// that bytes mean what the screen says.
struct ModelTerminal {
    struct Shown: Equatable {
        var text: String
        var style: Style
        var isOrdered: Bool
        /// Marks of direction that came behind it: without width of their own, they stay with it in a multiplexer.
        var markCount = 0

        static let blank = Shown(text: " ", style: .plain, isOrdered: false)
    }

    let columns: Int
    let rows: Int
    private(set) var cells: [Shown]
    private(set) var cursor: GridPoint?
    /// What was sent against the rules.
    private(set) var complaints: [String] = []
    private var isCursorShown = true
    private var style = Style.plain
    private var isInFrame = false
    private var isInRun = false
    /// Nil where terminals would not agree any more.
    private var place: GridPoint? = GridPoint(row: 0, column: 0)
    /// Columns that this terminal takes for a cluster, where it does not take ours.
    private let opinions: [String: Int]
    /// Whether the marks round a run take a column each, as in mlterm.
    private let marksTakeColumns: Bool

    static let replacement = "\u{25A1}"

    init(columns: Int, rows: Int, opinions: [String: Int] = [:], marksTakeColumns: Bool = false) {
        self.marksTakeColumns = marksTakeColumns
        self.columns = columns
        self.rows = rows
        self.opinions = opinions
        cells = Array(repeating: .blank, count: columns * rows)
    }

    func cell(_ row: Int, _ column: Int) -> Shown { cells[row * columns + column] }

    mutating func receive(_ bytes: [UInt8]) {
        var rest = Array(String(decoding: bytes, as: UTF8.self).unicodeScalars)[...]
        var text = String.UnicodeScalarView()
        while let scalar = rest.popFirst() {
            switch scalar {
            case "\u{1B}":
                paint(&text)
                control(&rest)
            case "\u{202D}":
                paint(&text)
                if isInRun { complaints.append("a run in a run") }
                if place == nil { complaints.append("a run at an uncertain place") }
                if let place, place.column > 0 { mark(place.row * columns + place.column - 1) }
                isInRun = true
                if marksTakeColumns { paint(String(scalar)) }
            case "\u{202C}":
                paint(&text)
                if !isInRun { complaints.append("a run ends that has not begun") }
                if marksTakeColumns { paint(String(scalar)) }
                isInRun = false
                place = nil
            default:
                if scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) {
                    complaints.append("control character \(scalar.value)")
                }
                text.append(scalar)
            }
        }
        paint(&text)
        if isInFrame || isInRun || style != .plain { complaints.append("a frame leaves something open") }
        cursor = isCursorShown ? place : nil
    }

    private mutating func control(_ rest: inout ArraySlice<Unicode.Scalar>) {
        guard rest.popFirst() == "[" else {
            complaints.append("not a CSI")
            return
        }
        var parameters = ""
        while let scalar = rest.popFirst() {
            guard (0x40...0x7E).contains(scalar.value) else {
                parameters.unicodeScalars.append(scalar)
                continue
            }
            perform(parameters, Character(scalar))
            return
        }
        complaints.append("an unfinished CSI")
    }

    private mutating func perform(_ parameters: String, _ final: Character) {
        if isInRun, final != "m" { complaints.append("CSI \(parameters)\(final) in a run") }
        switch (final, parameters) {
        case ("H", _):
            let numbers = parameters.split(separator: ";").compactMap { Int($0) }
            guard numbers.count == 2, (1...rows).contains(numbers[0]), (1...columns).contains(numbers[1])
            else {
                complaints.append("CSI \(parameters)H")
                return
            }
            place = GridPoint(row: numbers[0] - 1, column: numbers[1] - 1)
        case ("J", "2"): cells = Array(repeating: .blank, count: columns * rows)
        case ("h", "?25"), ("l", "?25"): isCursorShown = final == "h"
        case ("h", "?2026"), ("l", "?2026"):
            if isInFrame == (final == "h") { complaints.append("frames do not match") }
            isInFrame = final == "h"
        case ("m", _): setStyle(parameters)
        default: complaints.append("CSI \(parameters)\(final)")
        }
    }

    private mutating func setStyle(_ parameters: String) {
        let before = style
        for parameter in parameters.split(separator: ";", omittingEmptySubsequences: false) {
            switch Int(parameter) {
            case nil where parameters.isEmpty, 0: style = .plain
            case 1: style.isBold = true
            case 2: style.isFaint = true
            case 4: style.isUnderlined = true
            case 7: style.isReversed = true
            case .some(let number) where (30...37).contains(number):
                style.foreground = Color(rawValue: UInt8(number - 30))
            case .some(let number) where (90...97).contains(number):
                style.foreground = Color(rawValue: UInt8(number - 82))
            default: complaints.append("CSI \(parameters)m")
            }
        }
        if style == before { complaints.append("a style that changes nothing") }
    }

    private mutating func paint(_ text: inout String.UnicodeScalarView) {
        for character in String(text) { paint(String(character)) }
        text = String.UnicodeScalarView()
    }

    private mutating func paint(_ cluster: String) {
        if !isInFrame { complaints.append("text outside a frame") }
        guard let at = place else {
            complaints.append("\(cluster) at an uncertain place")
            return
        }
        let width = opinions[cluster] ?? TestClusters.columns(cluster)
        for offset in 0..<width {
            let column = min(at.column + offset, columns - 1)
            if at.row == rows - 1, column == columns - 1 {
                complaints.append("the last column of the last row")
            }
            unpair(at.row * columns + column)
            cells[at.row * columns + column] = Shown(
                text: offset == 0 ? cluster : "", style: style, isOrdered: isInRun)
        }
        let isPlain = cluster.utf8.count == 1
        let next = at.column + width
        place = (isPlain || isInRun) && next < columns ? GridPoint(row: at.row, column: next) : nil
        if isInRun, next >= columns { place = GridPoint(row: at.row, column: columns - 1) }
    }

    private mutating func mark(_ index: Int) {
        var lead = index
        while lead > index / columns * columns, cells[lead].text.isEmpty { lead -= 1 }
        cells[lead].markCount += 1
    }

    /// What was wide and loses a half loses the other, as everywhere.
    private mutating func unpair(_ index: Int) {
        let row = index / columns * columns
        var start = index
        while start > row, cells[start].text.isEmpty { start -= 1 }
        var end = start + 1
        while end < row + columns, cells[end].text.isEmpty { end += 1 }
        guard end - start > 1 else { return }
        for place in start..<end { cells[place].text = " " }
    }
}

/// Clusters of the tests and the columns that we take for them.
enum TestClusters {
    static let narrow = ["a", "Z", "7", " ", " ", "é", "e\u{301}", "Ж", "│", "─", "●"]
    static let wide = ["们", "，", "国"]
    static let disputed = ["👍🏽", "👩‍💻", "❤️", "😀"]
    static let arabic = ["\u{FEE7}", "\u{FEB4}", "\u{FEFB}", "\u{FE91}", " ", "(", "们"]

    static func columns(_ cluster: String) -> Int {
        wide.contains(cluster) || disputed.contains(cluster) ? 2 : 1
    }
}
