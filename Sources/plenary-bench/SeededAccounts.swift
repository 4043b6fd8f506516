// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Glibc
import PlenaryClient
import PlenaryCrypto
import PlenaryDomain
import PlenaryLog
import PlenaryServer
import PlenaryTerms

/// How clients of a measurement sign in.
enum SeededSignIn: String, CaseIterable {
    case token, certificate
}

/// Accounts and channels that are written into a log before a server opens it, with what their holders need.
struct SeededAccounts {
    struct Holder {
        let name: String
        let token: String
        let identity: ClientIdentity?
    }

    private(set) var holders: [Holder] = []
    let channels: [String]

    /// Writes the log. Accounts have a password as well, whose hash is computed once and shared.
    init(at directory: String, count: Int, channelCount: Int, _ way: SeededSignIn) throws {
        channels = (0..<channelCount).map { "#room\($0)" }
        let password = try PasswordWorker.makeHash(of: Array("correct horse".utf8))
        var events: [Event] = []
        for (index, name) in channels.enumerated() {
            let created = ChannelCreated(
                channel: ChannelID(UInt32(index + 1)), name: Text(name), founder: nil, isPermanent: true,
                replayCount: 0)
            events.append(.channelCreated(created))
        }
        let expires = Timestamp(microseconds: SeededAccounts.now()).advanced(bySeconds: 86_400)
        for index in 0..<count {
            let id = AccountID(UInt32(index + 1))
            let name = "member\(index)"
            let token = hex(try SecureRandom.bytes(32))
            var identity: ClientIdentity?
            events.append(.accountCreated(AccountCreated(account: id, name: Text(name), role: .member)))
            events.append(.credentialSet(CredentialSet(account: id, password: password)))
            switch way {
            case .token:
                let issued = ResumeTokenIssued(
                    account: id, tokenHash: SHA256Digest.hash(Array(token.utf8)), certificate: nil,
                    label: "bench", expires: expires)
                events.append(.account(.resumeTokenIssued(issued)))
            case .certificate:
                let made = try ClientIdentity.make(label: name)
                let fingerprint = try Certificate.fingerprint(ofPEM: Array(made.certificatePEM.utf8))
                let added = CertificateAdded(account: id, fingerprint: fingerprint, label: "bench")
                events.append(.certificateAdded(added))
                identity = made
            }
            holders.append(Holder(name: name, token: token, identity: identity))
        }
        try SeededAccounts.append(events, to: directory)
    }

    /// Messages that come while the server is down.
    func post(_ messageCount: Int, to directory: String) throws {
        var events: [Event] = []
        for (index, name) in channels.enumerated() {
            for number in 0..<messageCount {
                let message = MessagePosted(
                    conversation: .channel(ChannelID(UInt32(index + 1))), target: Text(name),
                    kind: .privateMessage,
                    actor: Actor(source: "chair!c@h", account: nil, accountName: nil),
                    lines: [MessageLine(Text("message \(number)"))])
                events.append(.messagePosted(message))
            }
        }
        try SeededAccounts.append(events, to: directory)
    }

    static func now() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000
    }

    /// Appends to a log that no server has open.
    private static func append(_ events: [Event], to directory: String) throws {
        let opened = try Log.open(LogConfiguration(directory: directory), clock: .system)
        var community = Community(policy: CommunityPolicy())
        try opened.replay { community.apply($0) }
        let writer = opened.start { error in
            print("the log failed: \(error)")
            exit(1)
        }
        var offset = opened.nextOffset
        var time = max(opened.lastTime.microseconds + 1, now())
        let done = DispatchSemaphore(value: 0)
        var rest = events[...]
        while !rest.isEmpty {
            let batch = rest.prefix(1000).map { event in
                defer {
                    offset = offset.next
                    time += 1
                }
                return LoggedEvent(offset: offset, time: Timestamp(microseconds: time), event: event)
            }
            rest = rest.dropFirst(1000)
            writer.append(batch) { done.signal() }
            done.wait()
        }
        writer.close { _ in done.signal() }
        done.wait()
    }
}
