// SPDX-License-Identifier: Apache-2.0

import Glibc

/// The figures of one server in one round, in the order in which they are shown; units are in the names.
typealias Sample = [(name: String, value: Double)]

/// One measurement over all rounds: the server beside the reference.
struct Measurement {
    let scenario: String
    /// What was measured, as words and numbers of JSON.
    let parameters: [(name: String, value: String)]
    var ours: [Sample] = []
    var reference: [Sample] = []
    /// What only the run has, for instance the disk's own speed.
    var context: Sample = []

    init(_ scenario: String, _ parameters: [(name: String, value: String)]) {
        self.scenario = scenario
        self.parameters = parameters
    }

    /// Medians of both, and the median of the rounds' ratios for what both have.
    var figures: [(name: String, ours: Double, reference: Double?, ratio: Double?)] {
        guard let first = ours.first else { return [] }
        return first.indices.map { index in
            let name = first[index].name
            let mine = ours.map { $0[index].value }
            let others = reference.compactMap { sample in sample.first { $0.name == name }?.value }
            guard others.count == mine.count else { return (name, Measurement.median(mine), nil, nil) }
            let ratios = zip(mine, others).filter { $0.1 > 0 }.map { $0.0 / $0.1 }
            return (
                name, Measurement.median(mine), Measurement.median(others),
                ratios.isEmpty ? nil : Measurement.median(ratios)
            )
        }
    }

    var json: String {
        var fields = ["\"scenario\":\"\(scenario)\""]
        fields += parameters.map { "\"\($0.name)\":\($0.value)" }
        fields.append("\"rounds\":\(ours.count)")
        for figure in figures {
            fields.append("\"\(figure.name)\":\(Measurement.text(figure.ours))")
            if let reference = figure.reference {
                fields.append("\"reference_\(figure.name)\":\(Measurement.text(reference))")
            }
            if let ratio = figure.ratio {
                fields.append("\"ratio_\(figure.name)\":\(Measurement.text(ratio))")
            }
        }
        fields += context.map { "\"\($0.name)\":\(Measurement.text($0.value))" }
        return "{\(fields.joined(separator: ","))}"
    }

    /// A row for each figure.
    var rows: [String] {
        let what =
            scenario + " "
            + parameters.map { "\($0.name)=\($0.value)" }.joined(separator: " ")
        var rows = figures.enumerated().map { index, figure in
            Measurement.row(
                index == 0 ? what : "", figure.name, Measurement.text(figure.ours),
                figure.reference.map(Measurement.text) ?? "", figure.ratio.map { Measurement.text($0) } ?? "")
        }
        rows += context.map { Measurement.row("", $0.name, "", Measurement.text($0.value), "") }
        return rows
    }

    static func row(
        _ what: String, _ figure: String, _ ours: String, _ reference: String, _ ratio: String
    ) -> String {
        what.padded(54) + " " + figure.padded(24) + ours.padded(12, toLeft: true)
            + reference.padded(12, toLeft: true) + ratio.padded(8, toLeft: true)
    }

    static func median(_ values: [Double]) -> Double {
        let sorted = values.sorted()
        guard !sorted.isEmpty else { return 0 }
        let middle = sorted.count / 2
        return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
    }

    /// The value below which this share of the values is, which are in rising order; 0 of none.
    static func percentile(_ share: Double, of sorted: [Double]) -> Double {
        sorted.isEmpty ? 0 : sorted[min(sorted.count - 1, Int(Double(sorted.count) * share))]
    }

    /// Three significant digits or more, never an exponent.
    static func text(_ value: Double) -> String {
        guard value.isFinite else { return "null" }
        if abs(value) >= 100 { return String(Int64(value.rounded())) }
        let scale = abs(value) >= 10 ? 10.0 : abs(value) >= 1 ? 100.0 : 1000.0
        let rounded = (value * scale).rounded() / scale
        return rounded == rounded.rounded() ? String(Int64(rounded)) : "\(rounded)"
    }
}

extension String {
    fileprivate func padded(_ width: Int, toLeft: Bool = false) -> String {
        let padding = String(repeating: " ", count: max(0, width - count))
        return toLeft ? padding + self : self + padding
    }
}
