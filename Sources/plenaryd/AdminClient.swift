// SPDX-License-Identifier: Apache-2.0

import Foundation
import PlenaryConfiguration
import PlenaryDomain
import PlenaryLog
import PlenaryServer
import PlenaryTerms

/// Carries a request to the running server, or, when none runs, to the log itself.
struct AdminClient {
    let server: ServerConfiguration

    /// The pid of the server that has this data directory; nil when none answers.
    static func serverProcess(in directory: String) -> Int32? {
        let path = directory + "/" + AdminSocketLimits.name
        guard let descriptor = try? UnixSocket.connect(to: path, timeoutSeconds: 2) else { return nil }
        defer { close(descriptor) }
        return UnixSocket.peer(of: descriptor)?.pid
    }

    /// The rows of the answer; a refusal is thrown.
    func send(_ request: AdminRequest, onlineOnly: Bool = false) throws -> [AdminRow] {
        let reply: AdminReply
        if let answer = try sendOnline(request) {
            reply = answer
        } else if onlineOnly {
            throw Failure(
                ExitCodes.noServer, "no server runs on \(server.dataDirectory); start it: plenaryd run")
        } else {
            reply = try OfflineCommunity.carryOut(request, server: server)
        }
        switch reply {
        case .done(let rows): return rows
        case .refused(let refusal): throw Failure(AdminClient.exitCode(of: refusal), refusal.text)
        }
    }

    /// The answers to several requests, in order. Without a running server they are one change of the log: if one
    /// is refused, none is carried out.
    func send(all requests: [AdminRequest]) throws -> [AdminReply] {
        guard let first = requests.first else { return [] }
        guard let reply = try sendOnline(first) else {
            return try OfflineCommunity.carryOut(requests, server: server)
        }
        var replies = [reply]
        for request in requests.dropFirst() {
            guard let reply = try sendOnline(request) else {
                throw Failure(
                    ExitCodes.noServer, "the server stopped after \(replies.count) of \(requests.count)")
            }
            replies.append(reply)
        }
        return replies
    }

    private func sendOnline(_ request: AdminRequest) throws -> AdminReply? {
        let path = server.dataDirectory + "/" + AdminSocketLimits.name
        guard
            let descriptor = try UnixSocket.connect(
                to: path, timeoutSeconds: AdminSocketLimits.timeoutSeconds)
        else {
            return nil
        }
        defer { close(descriptor) }
        guard UnixSocket.isOwnerOrRoot(descriptor) else {
            throw Failure(ExitCodes.notPermitted, "the server on \(path) belongs to another user")
        }
        guard UnixSocket.write(AdminCodec.encode(request), to: descriptor) else {
            throw Failure(ExitCodes.noServer, "the server closed \(path) while it was asked")
        }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 16_384)
        while true {
            let count = read(descriptor, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else {
                throw Failure(
                    ExitCodes.noServer,
                    "the server did not answer in \(AdminSocketLimits.timeoutSeconds) s; whether it acted is unknown"
                )
            }
            if count == 0 { break }
            bytes += buffer[..<count]
        }
        guard let reply = AdminCodec.reply(bytes) else {
            throw Failure(
                ExitCodes.noServer, "the server's answer was cut short; whether it acted is unknown")
        }
        return reply
    }

    private static func exitCode(of refusal: AdminRefusal) -> Int32 {
        switch refusal {
        case .noSuchAccount, .noSuchInvite, .noSuchChannel, .noSuchMessage: ExitCodes.notFound
        case .held: ExitCodes.notPermitted
        case .nameInvalid: ExitCodes.badInput
        case .configurationInvalid: ExitCodes.configuration
        case .accountExists, .inviteExists, .failed, .malformed: ExitCodes.refused
        }
    }
}

/// The community of a log that no server has open: replayed, changed by one request, closed.
enum OfflineCommunity {
    static func carryOut(_ request: AdminRequest, server: ServerConfiguration) throws -> AdminReply {
        try carryOut([request], server: server).first ?? .refused(.malformed)
    }

    static func carryOut(_ requests: [AdminRequest], server: ServerConfiguration) throws -> [AdminReply] {
        do {
            let opened = try Log.open(
                LogConfiguration(
                    directory: server.dataDirectory, segmentByteCount: server.segmentByteCount,
                    allowsAnyFileSystem: server.allowsAnyFileSystem, fillsNextSegment: false))
            var community = Community(policy: server.policy)
            try opened.replay { community.apply($0) }
            let now = Timestamp(microseconds: Int64(Date().timeIntervalSince1970 * 1_000_000))
            var events: [Event] = []
            var replies: [AdminReply] = []
            for request in requests {
                let decision = decide(request, in: community, at: now)
                for event in decision.events {
                    community.apply(LoggedEvent(offset: .none, time: now, event: event))
                }
                events += decision.events
                replies.append(decision.reply)
            }
            let isRefused = replies.contains { if case .refused = $0 { true } else { false } }
            if events.isEmpty || isRefused {
                opened.abandon()
            } else {
                try append(events, to: opened, at: now)
            }
            return replies
        } catch let error as LogError {
            throw Failure(error.exitCode, error.description)
        }
    }

    private static func append(_ events: [Event], to opened: OpenedLog, at now: Timestamp) throws {
        var offset = opened.nextOffset
        var time = max(now, Timestamp(microseconds: opened.lastTime.microseconds + 1))
        var logged: [LoggedEvent] = []
        for event in events {
            logged.append(LoggedEvent(offset: offset, time: time, event: event))
            offset = offset.next
            time = Timestamp(microseconds: time.microseconds + 1)
        }
        let isClosed = DispatchSemaphore(value: 0)
        let writer = opened.start { error in
            // Nothing was acknowledged; what is on the disk is judged at the next start.
            standardError("plenaryd: \(error.description)")
            exit(error.exitCode)
        }
        writer.append(logged) {}
        writer.close { error in
            if let error {
                standardError("plenaryd: \(error.description)")
                exit(error.exitCode)
            }
            isClosed.signal()
        }
        isClosed.wait()
    }
}
