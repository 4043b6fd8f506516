// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Small multiples, three a row, as SVG: x logarithmic, y from zero so that flat is seen to be flat.
struct GrowthPlot {
    let panels: [GrowthPanel]

    private static let columns = 3
    private static let panelWidth = 300.0
    private static let panelHeight = 210.0
    private static let headHeight = 40.0
    /// The plot's own rectangle in a panel.
    private static let left = 48.0, top = 46.0, width = 232.0, height = 118.0

    var svg: String {
        let rows = (panels.count + GrowthPlot.columns - 1) / GrowthPlot.columns
        let width = GrowthPlot.panelWidth * Double(GrowthPlot.columns)
        let height = GrowthPlot.headHeight + GrowthPlot.panelHeight * Double(rows)
        var text = """
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(GrowthPlot.number(width)) \
            \(GrowthPlot.number(height))" role="img" aria-label="Cost by size, plenary-bench growth">
            <style>
            text { font: 12px system-ui, sans-serif; fill: #1f2328 }
            .title { font-weight: 600 }
            .small { font-size: 11px; fill: #59636e }
            .grid { stroke: #d1d9e0; stroke-width: 1 }
            .line { fill: none; stroke-width: 2 }
            .reference { stroke-dasharray: 4 3; stroke-width: 1.5 }
            .c0 { stroke: #0969da } .c1 { stroke: #bc4c00 }
            .d0, text.d0 { fill: #0969da } .d1, text.d1 { fill: #bc4c00 }
            @media (prefers-color-scheme: dark) {
            text { fill: #f0f6fc } .small { fill: #9198a1 } .grid { stroke: #3d444d }
            .c0 { stroke: #58a6ff } .c1 { stroke: #f0883e }
            .d0, text.d0 { fill: #58a6ff } .d1, text.d1 { fill: #f0883e }
            }
            </style>

            """
        text += GrowthPlot.legend
        for (index, panel) in panels.enumerated() {
            let x = GrowthPlot.panelWidth * Double(index % GrowthPlot.columns)
            let y = GrowthPlot.headHeight + GrowthPlot.panelHeight * Double(index / GrowthPlot.columns)
            text += "<g transform=\"translate(\(GrowthPlot.number(x)) \(GrowthPlot.number(y)))\">\n"
            text += GrowthPlot.draw(panel) + "</g>\n"
        }
        return text + "</svg>\n"
    }

    private static let legend = """
        <path class="line c0" d="M16 20h28"/><path class="line c1" d="M48 20h28"/>\
        <text x="84" y="24">Plenary</text>
        <path class="line reference c0" d="M156 20h28"/><path class="line reference c1" d="M188 20h28"/>\
        <text x="224" y="24">the raw reference, which keeps no state</text>

        """

    private static func draw(_ panel: GrowthPanel) -> String {
        let points = panel.series.flatMap(\.points)
        let low = log10(points.map(\.x).min() ?? 1)
        let high = max(log10(points.map(\.x).max() ?? 1), low + 0.5)
        let top = scaleEnd(points.map(\.y).max() ?? 1)
        func place(_ point: (x: Double, y: Double)) -> (x: Double, y: Double) {
            (
                left + (log10(point.x) - low) / (high - low) * width,
                GrowthPlot.top + height - point.y / top * height
            )
        }
        var text = "<text class=\"title\" x=\"\(number(left - 32))\" y=\"20\">\(panel.title)</text>\n"
        for part in [0, 0.5, 1] {
            let y = GrowthPlot.top + height * (1 - part)
            text += "<path class=\"grid\" d=\"M\(number(left)) \(number(y))h\(number(width))\"/>"
            text += label(Measurement.text(top * part), left - 6, y + 4, "end")
        }
        var exponent = low.rounded(.up)
        while exponent <= high {
            let x = place((pow(10, exponent), 0)).x
            text += label(count(pow(10, exponent)), x, GrowthPlot.top + height + 15, "middle")
            exponent += 1
        }
        text += label(panel.of, left + width / 2, GrowthPlot.top + height + 29, "middle")
        for series in panel.series { text += draw(series, place) }
        return text + names(panel)
    }

    private static func draw(
        _ series: GrowthSeries, _ place: ((x: Double, y: Double)) -> (x: Double, y: Double)
    ) -> String {
        let places = series.points.map(place)
        let path = places.map { "\(number($0.x)) \(number($0.y))" }.joined(separator: "L")
        let look = (series.isReference ? "line reference" : "line") + " c\(series.color)"
        var text = "<path class=\"\(look)\" d=\"M\(path)\"/>\n"
        guard !series.isReference else { return text }
        for place in places {
            text +=
                "<circle class=\"d\(series.color)\" cx=\"\(number(place.x))\" cy=\"\(number(place.y))\" r=\"3\"/>"
        }
        return text + "\n"
    }

    /// The names of two curves above the plot, where nothing lies over them.
    private static func names(_ panel: GrowthPanel) -> String {
        let named = panel.series.filter { !$0.isReference }
        guard named.count > 1 else { return "" }
        var text = ""
        for series in named {
            let x = left + width - (series.color == 0 ? 52 : 0)
            text += "<text class=\"d\(series.color)\" x=\"\(number(x))\" y=\"37\" text-anchor=\"end\">"
            text += "\(series.name)</text>\n"
        }
        return text
    }

    private static func label(_ text: String, _ x: Double, _ y: Double, _ anchor: String) -> String {
        "<text class=\"small\" x=\"\(number(x))\" y=\"\(number(y))\" text-anchor=\"\(anchor)\">\(text)</text>\n"
    }

    /// The next of 1, 2, 4, 5, 8 times a power of ten.
    private static func scaleEnd(_ value: Double) -> Double {
        guard value > 0 else { return 1 }
        let power = pow(10, log10(value).rounded(.down))
        return power * ([1, 2, 3, 4, 5, 6, 8].first { $0 * power >= value } ?? 10)
    }

    /// `10`, `1k`, `10M`.
    static func count(_ value: Double) -> String {
        let (scaled, unit) =
            value >= 1e6 ? (value / 1e6, "M") : value >= 1000 ? (value / 1000, "k") : (value, "")
        return Measurement.text(scaled) + unit
    }

    private static func number(_ value: Double) -> String {
        let tenths = Int((value * 10).rounded())
        return tenths % 10 == 0 ? "\(tenths / 10)" : "\(Double(tenths) / 10)"
    }
}
