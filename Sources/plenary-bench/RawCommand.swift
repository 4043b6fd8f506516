// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import CPlenaryBench
import Glibc

/// The reference as a process of its own: the system calls of a chat server and nothing besides.
struct RawCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "raw", abstract: "Runs the reference server; not a server to use.")

    @Option(help: "Certificate file, PEM; everything is then under TLS.") var certificate: String?
    @Option(help: "Key file, PEM.") var key: String?
    @Option(help: "Every round is written here and synced before it is sent.") var log: String?
    @Flag(help: "Keeps lines so that they can be fetched.") var history = false
    @Flag(help: "Tells members of who joins, and who joins the names.") var joins = false

    // SAFETY: the strings are copied once and live as long as the process.
    func run() throws {
        var port: Int32 = 0
        let listener = raw_listen(&port)
        guard listener >= 0 else { throw BenchError("cannot listen: errno \(errno)") }
        var options = raw_options()
        options.certificate = certificate.flatMap { UnsafePointer(strdup($0)) }
        options.key = key.flatMap { UnsafePointer(strdup($0)) }
        options.log = log.flatMap { UnsafePointer(strdup($0)) }
        options.keepsHistory = history ? 1 : 0
        options.announcesJoins = joins ? 1 : 0
        print("listening \(port) \(port)")
        fflush(nil)
        guard raw_serve(listener, &options) == 0 else { throw BenchError("the reference could not go on") }
    }
}
