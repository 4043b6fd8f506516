// SPDX-License-Identifier: Apache-2.0

import PlenaryServer

/// What is so on a machine that a server is to run on.
package struct HostFacts: Sendable {
    /// Seconds since 1970.
    package var now: Int64
    /// Whether the system's clock is kept right by another one; nil where that cannot be told.
    package var isClockSynchronised: Bool?
    /// File descriptors that a process may have when it asks for all it can get.
    package var descriptorLimit: UInt64
    /// The file system of the data directory when it is one that keeps no promise.
    package var unsuitableFileSystem: String?
    /// Bytes free for the data directory; nil where it is not there yet.
    package var freeByteCount: Int?
    /// Bytes of that file system altogether.
    package var totalByteCount: Int?
    /// The name and the first number of the OpenSSL in use.
    package var openSSL: (name: String, major: Int)
    /// When the certificate ends, in seconds since 1970; nil where there is none that can be read.
    package var certificateEnd: Int64?
    /// Whether the server would run as the superuser.
    package var isSuperuser: Bool

    package init(now: Int64, descriptorLimit: UInt64, openSSL: (name: String, major: Int), isSuperuser: Bool)
    {
        self.now = now
        self.descriptorLimit = descriptorLimit
        self.openSSL = openSSL
        self.isSuperuser = isSuperuser
    }
}

/// One thing that was looked at, and what to do where it is not right.
package struct HostCheck: Hashable, Sendable {
    package enum State: String, Hashable, Sendable {
        case ok
        /// It works, and will or may not one day.
        case warning
        /// A server does not start, or loses what it promised.
        case problem
    }

    /// One word: `certificate`.
    package var name: String
    package var state: State
    /// What is so.
    package var detail: String
    /// What to do; empty when nothing is to be done.
    package var advice: String

    package init(_ name: String, _ state: State, _ detail: String, _ advice: String = "") {
        self.name = name
        self.state = state
        self.detail = detail
        self.advice = advice
    }
}

/// Judges a machine for a server with these settings. Pure: the facts are arguments.
package struct HostChecks {
    let server: ServerConfiguration
    let facts: HostFacts

    package init(_ server: ServerConfiguration, _ facts: HostFacts) {
        self.server = server
        self.facts = facts
    }

    /// Days before a certificate's end from which it is warned of.
    package static let certificateWarningDays: Int64 = 21
    /// Segments for which there has to be room, or the server refuses messages; and those for comfort.
    package static let segmentRoom = (needed: 2, wanted: 16)
    /// Descriptors that are not connections: the log, the index, the listeners.
    package static let ownDescriptorCount: UInt64 = 256

    /// All of them, in the order in which an operator would mend them.
    package var results: [HostCheck] {
        [certificate, fileSystem, space, descriptors, clock, library, user].compactMap { $0 }
    }

    private var certificate: HostCheck? {
        guard let end = facts.certificateEnd else { return nil }
        let days = (end - facts.now) / 86_400
        let advice = "Renew it, then run: plenaryd reload"
        if end <= facts.now {
            return HostCheck("certificate", .problem, "it ended \(-days) days ago", advice)
        }
        let isSoon = days < HostChecks.certificateWarningDays
        return HostCheck(
            "certificate", isSoon ? .warning : .ok, "it ends in \(days) days", isSoon ? advice : "")
    }

    private var fileSystem: HostCheck? {
        let directory = server.dataDirectory
        guard facts.freeByteCount != nil || facts.unsuitableFileSystem != nil else { return nil }
        guard let kind = facts.unsuitableFileSystem else {
            return HostCheck("disk", .ok, "\(directory) is on a disk of this machine")
        }
        return HostCheck(
            "disk", server.allowsAnyFileSystem ? .warning : .problem,
            "\(directory) is on \(kind), which does not keep what was synced",
            "Move it to a disk of this machine.")
    }

    private var space: HostCheck? {
        guard let free = facts.freeByteCount else { return nil }
        let room = HostChecks.segmentRoom
        let detail = "\(free >> 20) MiB are free"
        let advice = "Make room, or a message is refused when the disk is full."
        // The server refuses messages below this (docs/DURABILITY.md).
        if free < max(server.segmentByteCount * room.needed, (facts.totalByteCount ?? 0) / 20) {
            return HostCheck("space", .problem, detail, advice)
        }
        let isScarce = free < server.segmentByteCount * room.wanted
        return HostCheck("space", isScarce ? .warning : .ok, detail, isScarce ? advice : "")
    }

    private var descriptors: HostCheck {
        let wanted = UInt64(clamping: server.network.connectionLimit) + HostChecks.ownDescriptorCount
        guard facts.descriptorLimit < wanted else {
            return HostCheck(
                "descriptors", .ok,
                "\(facts.descriptorLimit) for \(server.network.connectionLimit) connections")
        }
        return HostCheck(
            "descriptors", .warning,
            "\(facts.descriptorLimit) are not enough for \(server.network.connectionLimit) connections",
            "Set LimitNOFILE=\(wanted) in the service, or connections.open lower.")
    }

    private var clock: HostCheck {
        switch facts.isClockSynchronised {
        case true?: HostCheck("clock", .ok, "it is kept right by another one")
        case false?:
            HostCheck(
                "clock", .warning, "nothing keeps it right; times of messages follow it",
                "Run: timedatectl set-ntp true")
        case nil: HostCheck("clock", .warning, "whether it is kept right cannot be told here")
        }
    }

    private var library: HostCheck {
        facts.openSSL.major >= 3
            ? HostCheck("openssl", .ok, facts.openSSL.name)
            : HostCheck("openssl", .problem, "\(facts.openSSL.name) gets no more mends", "Install OpenSSL 3.")
    }

    private var user: HostCheck {
        facts.isSuperuser
            ? HostCheck(
                "user", .warning, "this is the superuser, who may do everything",
                "Run the server as a user of its own; Config/plenaryd.service does.")
            : HostCheck("user", .ok, "the server needs no rights of its own")
    }
}
