// SPDX-License-Identifier: Apache-2.0

import CPlenaryBench
import Glibc
import PlenaryCrypto

/// One run: the options, a working directory, certificates, and what is said about each measurement.
struct Bench {
    let options: BenchOptions
    let directory: String
    private let certificate: String
    private let key: String
    private var hasHeader = false

    init(_ options: BenchOptions) throws {
        self.options = options
        directory = "\(options.directory)/plenary-bench-\(getpid())"
        guard mkdir(directory, 0o700) == 0 else {
            throw BenchError("cannot make \(directory): errno \(errno)")
        }
        certificate = directory + "/certificate.pem"
        key = directory + "/key.pem"
        let made = try Certificate.makeSelfSigned(
            commonName: "localhost", subjectAlternativeNames: ["localhost"], validDays: 30)
        try Bench.save(made.certificatePEM, to: certificate)
        try Bench.save(made.keyPEM, to: key)
    }

    /// Removes what the run has written.
    func end() { Bench.remove(directory) }

    /// What `serve` is told of the certificate.
    var certificateArguments: [String] { ["--certificate", certificate, "--key", key] }

    // MARK: Servers

    /// Which of the two is measured.
    enum Side { case ours, reference }

    /// Starts a server with empty data (or that of `data`), lets `body` use it, ends it; abruptly is as a power cut
    /// would.
    func withServer<Result>(
        _ side: Side, isTLS: Bool = false, keepsHistory: Bool = false, announcesJoins: Bool = false,
        data: String? = nil, endsAbruptly: Bool = false, _ body: (Child) throws -> Result
    ) throws -> Result {
        let place = data ?? directory + "/data"
        defer { if data == nil { Bench.remove(place) } }
        var arguments: [String]
        switch side {
        case .ours:
            arguments = ["serve", "--port", "0", "--tls-port", "0", "--data", place]
            arguments += ["--certificate", certificate, "--key", key]
        case .reference:
            mkdir(place, 0o700)
            arguments = ["raw", "--log", place + "/log"]
            if isTLS { arguments += ["--certificate", certificate, "--key", key] }
            if keepsHistory { arguments.append("--history") }
            if announcesJoins { arguments.append("--joins") }
        }
        let child = try Child.start(arguments)
        let result: Result
        do {
            result = try body(child)
        } catch {
            child.kill()
            throw error
        }
        if endsAbruptly { child.kill() } else { try child.stop() }
        return result
    }

    /// Both sides in every round, the first one changing.
    func inRounds(_ body: (Side) throws -> Void) throws {
        for round in 0..<options.rounds {
            for side in round % 2 == 0 ? [Side.ours, .reference] : [.reference, .ours] { try body(side) }
        }
    }

    /// A load against a server of this run.
    func load(_ child: Child, isTLS: Bool = false) -> load_options {
        var load = load_options()
        load.port = Int32(isTLS ? child.tlsPort : child.port)
        load.isTLS = isTLS ? 1 : 0
        load.server = child.process
        load.channels = 1
        load.inFlight = 200
        load.bodyByteCount = 100
        return load
    }

    /// The reason of a call of the load that failed.
    static var loadFailure: BenchError { BenchError("load: " + String(cString: load_error())) }

    // MARK: Saying it

    mutating func report(_ measurement: Measurement) {
        print(measurement.json)
        fflush(nil)
        if !hasHeader {
            hasHeader = true
            Bench.say(Measurement.row("scenario", "figure", "plenary", "reference", "ratio"))
        }
        for row in measurement.rows { Bench.say(row) }
    }

    static func say(_ text: String) {
        var line = text + "\n"
        line.withUTF8 { _ = Glibc.write(2, $0.baseAddress, $0.count) }
    }

    // MARK: Files

    static func save(_ bytes: [UInt8], to path: String) throws {
        guard let file = fopen(path, "we") else { throw BenchError("cannot write \(path): errno \(errno)") }
        fwrite(bytes, 1, bytes.count, file)
        guard fclose(file) == 0 else { throw BenchError("cannot write \(path): errno \(errno)") }
    }

    static func names(in directory: String) -> [String] {
        guard let listing = opendir(directory) else { return [] }
        defer { closedir(listing) }
        var names: [String] = []
        while let entry = readdir(listing) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                // SAFETY: readdir ends the name with NUL within its array.
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != "." && name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    /// A directory that this run made, with all that is in it.
    static func remove(_ path: String) {
        for name in names(in: path) {
            let child = path + "/" + name
            if unlink(child) != 0 { remove(child) }
        }
        rmdir(path)
    }
}
