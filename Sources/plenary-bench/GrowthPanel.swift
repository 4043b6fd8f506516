// SPDX-License-Identifier: Apache-2.0

import Glibc

/// A measurement as it was printed. What is drawn is read from there, so that it can be drawn again.
struct GrowthRow {
    private let fields: [Substring: Substring]

    /// One line of our own: an object of numbers and words, without nesting and without commas in words.
    init(json line: some StringProtocol) {
        let inner = Substring(line.drop { $0 == "{" }.prefix { $0 != "}" })
        let pairs = inner.split(separator: ",").compactMap { field -> (Substring, Substring)? in
            let parts = field.split(separator: ":", maxSplits: 1)
            guard parts.count == 2 else { return nil }
            return (parts[0].filter { $0 != "\"" }[...], parts[1].filter { $0 != "\"" }[...])
        }
        fields = Dictionary(pairs) { first, _ in first }
    }

    func text(_ name: String) -> Substring? { fields[name[...]] }
    func number(_ name: String) -> Double? { text(name).flatMap { Double($0) } }

    static func read(_ path: String) throws -> [GrowthRow] {
        guard let file = fopen(path, "re") else { throw BenchError("cannot read \(path): errno \(errno)") }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while case let count = fread(&buffer, 1, buffer.count, file), count > 0 {
            bytes += buffer[..<count]
        }
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n").filter { $0.first == "{" }.map {
            GrowthRow(json: $0)
        }
    }
}

/// One curve: a cost by what grows.
struct GrowthSeries {
    let name: String
    let isReference: Bool
    /// 0 or 1; the reference has the colour of what it is compared with.
    let color: Int
    let points: [(x: Double, y: Double)]

    /// The server's curve, and the reference's where there is one.
    static func both(
        _ name: String, color: Int, figure: String, over parameter: String, in rows: [GrowthRow]
    ) -> [GrowthSeries] {
        ["", "reference_"].map { prefix in
            let points = rows.compactMap { row -> (x: Double, y: Double)? in
                guard let x = row.number(parameter), let y = row.number(prefix + figure) else { return nil }
                return (x, y)
            }
            return GrowthSeries(
                name: name, isReference: !prefix.isEmpty, color: color, points: points.sorted { $0.x < $1.x })
        }.filter { !$0.points.isEmpty }
    }
}

/// One small plot.
struct GrowthPanel {
    let title: String
    /// What the x axis counts.
    let of: String
    let series: [GrowthSeries]

    /// How much of it there is at the largest size, by the smallest.
    var verdicts: [String] {
        series.compactMap { series in
            guard let first = series.points.first, let last = series.points.last, first.y > 0 else {
                return nil
            }
            let who = series.isReference ? "reference" : "plenary"
            let what = [title, series.name].filter { !$0.isEmpty }.joined(separator: ", ")
            return "\(what), \(who): \(Measurement.text(first.y)) at "
                + "\(GrowthPlot.count(first.x)), \(Measurement.text(last.y)) at \(GrowthPlot.count(last.x)) \(of), "
                + "times \(Measurement.text(last.y / first.y))"
        }
    }

    /// Those of which something was measured.
    static func all(of rows: [GrowthRow]) -> [GrowthPanel] {
        (connections(rows) + log(rows) + channels(rows)).filter { !$0.series.isEmpty }
    }

    private static func connections(_ all: [GrowthRow]) -> [GrowthPanel] {
        let rows = all.filter { $0.text("scenario") == "growth-connections" }
        return [
            ("Memory of a connection, KiB", "memory_kib_per_connection"),
            ("CPU of connecting, µs", "cpu_us_per_connection"),
            ("CPU of a delivery, µs", "cpu_us_per_delivery"),
            ("Publisher to reader, median, µs", "p50_us"),
        ].map { title, figure in
            let series = [("plain", "false"), ("TLS", "true")].enumerated().flatMap { color, form in
                GrowthSeries.both(
                    form.0, color: color, figure: figure, over: "connections",
                    in: rows.filter { $0.text("tls") ?? "" == form.1 })
            }
            return GrowthPanel(title: title, of: "connections", series: series)
        }
    }

    private static func log(_ all: [GrowthRow]) -> [GrowthPanel] {
        let rows = all.filter { $0.text("scenario") == "growth-log" }
        let places = ["newest", "middle"]
        return [
            ("Start after a power cut, ms", "ready_ms", [""]),
            ("Memory after the start, MiB", "memory_mib", [""]),
            ("Page of 100 lines, median, µs", "p50_us", places),
            ("The same, 99th percentile, µs", "p99_us", places),
            ("CPU of a line of history, µs", "cpu_us_per_line", places),
            ("CPU of a delivery, µs", "cpu_us_per_delivery", [""]),
        ].map { title, figure, names in
            let series = names.enumerated().flatMap { color, name in
                GrowthSeries.both(
                    name, color: color, figure: name.isEmpty ? figure : name + "_" + figure, over: "messages",
                    in: rows)
            }
            return GrowthPanel(title: title, of: "messages in the log", series: series)
        }
    }

    private static func channels(_ all: [GrowthRow]) -> [GrowthPanel] {
        let rows = all.filter { $0.text("scenario") == "growth-channels" }
        return [
            ("CPU of a delivery, µs", "cpu_us_per_delivery"), ("Publisher to reader, median, µs", "p50_us"),
        ].map { title, figure in
            GrowthPanel(
                title: title, of: "channels, all with the same 20 members",
                series: GrowthSeries.both("", color: 0, figure: figure, over: "channels", in: rows))
        }
    }
}
