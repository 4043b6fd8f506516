// SPDX-License-Identifier: Apache-2.0

import Glibc
import PlenaryDomain
import PlenaryServer

/// Whether inet_pton takes it as an IPv4 or IPv6 address (RFC 4291 for the latter; no zone).
func isIPAddress(_ text: String) -> Bool {
    var four = in_addr()
    var six = in6_addr()
    return inet_pton(AF_INET, text, &four) == 1 || inet_pton(AF_INET6, text, &six) == 1
}

/// 127.0.0.0/8 and ::1.
func isLoopback(_ address: String) -> Bool { address.hasPrefix("127.") || address == "::1" }

/// Checks of keys against each other, without touching the machine.
package func checkTogether(_ read: ReadConfiguration, file: String, findings: inout FindingList) {
    let server = read.server
    func position(_ paths: String...) -> FilePosition {
        paths.lazy.compactMap { read.positions[$0] }.first ?? FilePosition(line: 1, column: 1)
    }
    checkListeners(read, file: file, findings: &findings)
    if server.certificateFile != nil, server.privateKeyFile == nil {
        findings.error(file, position("tls.certificate"), "tls.certificate is set and tls.private_key is not")
    }
    if server.certificateFile == nil, server.privateKeyFile != nil {
        findings.error(file, position("tls.private_key"), "tls.private_key is set and tls.certificate is not")
    }
    if server.stsDurationSeconds > 0, !server.listeners.contains(where: \.isTLS) {
        findings.error(
            file, position("tls.sts"), "tls.sts sends clients to TLS, and no listener has tls: yes")
    }
    if server.limits.closeAfterSilenceSeconds <= server.limits.pingAfterSeconds {
        findings.error(
            file, position("session.close_after_silence", "session.ping_after"),
            "session.close_after_silence must be longer than session.ping_after, or nobody can answer in time"
        )
    }
    if server.network.softSendQueueByteLimit > server.network.sendQueueByteLimit {
        findings.error(
            file, position("connections.send_queue_soft", "connections.send_queue"),
            "connections.send_queue_soft is above connections.send_queue and would never count")
    }
    if server.network.totalSendQueueByteLimit < server.network.sendQueueByteLimit {
        findings.error(
            file, position("connections.send_queue_all", "connections.send_queue"),
            "connections.send_queue_all is below connections.send_queue")
    }
    let isReachable = server.listeners.contains { !isLoopback($0.address) }
    if server.policy.profile == .open, isReachable {
        findings.warning(
            file, position("community.profile"),
            "community.profile is open and a listener is not on loopback: anybody who can connect may write")
    }
    if server.allowsAnyFileSystem {
        findings.warning(
            file, position("storage.any_file_system"),
            "storage.any_file_system is on: on tmpfs or a network disk messages can be lost when power fails")
    }
    if server.limits.commandBurst == nil {
        findings.warning(
            file, position("session.command_burst"),
            "session.command_burst is off: one person can flood all others")
    }
}

private func checkListeners(_ read: ReadConfiguration, file: String, findings: inout FindingList) {
    var seen: [String: Int] = [:]
    for (index, listener) in read.server.listeners.enumerated() {
        let position = read.positions["listeners.\(index)"] ?? FilePosition(line: 1, column: 1)
        if !listener.isTLS, !isLoopback(listener.address), !listener.allowsPlainTextOffLoopback {
            findings.error(
                file, position,
                "this listener sends passwords and messages in plain text over the network; set tls: yes, "
                    + "or plain_text_off_loopback: yes if that is what you want")
        }
        guard listener.port != 0 else { continue }
        let place = "\(listener.address) port \(listener.port)"
        if let line = seen[place] {
            findings.error(file, position, "\(place) is already listened on in line \(line)")
        }
        seen[place] = position.line
    }
}
