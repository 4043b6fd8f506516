// SPDX-License-Identifier: Apache-2.0

import PlenaryDomain
import PlenaryServer
import PlenaryTerms

/// Every key of `plenaryd.yaml` but the lists of listeners and of the message of the day. A key exists
/// here, in the shipped file with its reason, and nowhere else; a test compares the two.
package enum Settings {
    package static let all: [Setting] =
        identity + storage + community + connections + session + communityLimits + rates

    /// Sections in the order of the shipped file; `listeners` is a list.
    package static let sections = [
        "server", "server.administrator", "listeners", "tls", "storage", "community", "connections",
        "session",
        "limits", "rates",
    ]

    private static let identity: [Setting] = [
        .text("server.name", \.serverName, byteLimit: 63, mayBeEmpty: false, check: serverNameProblem),
        .text("server.network", \.networkName, byteLimit: 32, mayBeEmpty: false, check: networkNameProblem),
        .text("server.description", \.description, byteLimit: 150, mayBeEmpty: false),
        .choice("server.language", \.defaultLanguage),
        .text("server.administrator.name", \.administrator.name, byteLimit: 150),
        .text("server.administrator.organisation", \.administrator.organisation, byteLimit: 150),
        .text("server.administrator.email", \.administrator.email, byteLimit: 150),
        .optionalPath("tls.certificate", \.certificateFile),
        .optionalPath("tls.private_key", \.privateKeyFile),
        .seconds("tls.sts", \.stsDurationSeconds, 0...31_536_000),
    ]

    private static let storage: [Setting] = [
        .text("storage.directory", \.dataDirectory, byteLimit: 4096, mayBeEmpty: false),
        .bytes("storage.segment_size", \.segmentByteCount, 1 << 20...1 << 30),
        .flag("storage.any_file_system", \.allowsAnyFileSystem),
        .flag("storage.search", \.offersSearch),
    ]

    private static let community: [Setting] = [
        .choice("community.profile", \.policy.profile),
        .flag("community.people_may_create_channels", \.policy.peopleMayCreateChannels),
        .count("community.replay", \.policy.replayCount, 0...100),
    ]

    private static let connections: [Setting] = [
        .count("connections.io_queues", \.ioQueueCount, 0...64),
        .limit("connections.open", \.network.connectionLimit, 1...1_000_000),
        .limit("connections.unregistered", \.network.unregisteredConnectionLimit, 1...100_000),
        .limit("connections.open_per_network", \.network.openPerNetworkLimit, 1...100_000),
        .limit("connections.open_per_site", \.network.openPerSiteLimit, 1...100_000),
        .limit("connections.new_per_network", \.network.newPerNetworkLimit, 1...100_000),
        .seconds("connections.new_window", \.network.newConnectionWindowSeconds, 1...86_400),
        .limit("connections.handshakes", \.network.handshakeLimit, 1...10_000),
        .limit("connections.waiting_handshakes", \.network.waitingHandshakeLimit, 1...100_000),
        .seconds("connections.handshake_timeout", \.network.handshakeTimeoutSeconds, 1...300),
        .bytes("connections.send_queue", \.network.sendQueueByteLimit, 16 << 10...64 << 20),
        .bytes("connections.send_queue_soft", \.network.softSendQueueByteLimit, 4 << 10...64 << 20),
        .seconds("connections.send_queue_soft_for", \.network.softSendQueueSeconds, 1...3600),
        .bytes("connections.send_queue_all", \.network.totalSendQueueByteLimit, 1 << 20...1 << 36),
        .seconds("connections.write_stall", \.network.writeStallSeconds, 1...3600),
    ]

    private static let session: [Setting] = [
        .seconds("session.registration_timeout", \.limits.registrationSeconds, 1...600),
        .count("session.registration_lines", \.limits.registrationLineLimit, 8...10_000),
        .seconds("session.ping_after", \.limits.pingAfterSeconds, 5...3600),
        .seconds("session.close_after_silence", \.limits.closeAfterSilenceSeconds, 10...7200),
        .seconds("session.unfinished_line", \.limits.unfinishedLineSeconds, 1...600),
        .count("session.overlong_lines", \.limits.overlongLineLimit, 0...1000),
        .optionalCount("session.command_burst", \.limits.commandBurst, 1...10_000),
        .count("session.commands_per_second", \.limits.commandsPerSecond, 1...10_000),
        .count("session.arrival_commands", \.limits.arrivalCommandAllowance, 0...1000),
        .bytes("session.byte_burst", \.limits.byteBurst, 5 << 10...64 << 20),
        .bytes("session.bytes_per_second", \.limits.bytesPerSecond, 512...64 << 20),
        .seconds("session.backlog", \.limits.backlogSecondsLimit, 1...3600),
        .optionalCount("session.login_failures", \.limits.loginFailureLimit, 1...1000),
        .count("session.hash_queue", \.limits.hashQueueLimit, 1...1000),
        .optionalCount("session.new_accounts_per_day", \.limits.newAccountsPerDay, 1...100_000),
        .seconds("session.login_delay", \.policy.limits.loginDelaySecondsLimit, 0...32),
        .flag("session.scram", \.policy.offersScram),
        .count("session.scram_iterations", \.policy.limits.scramIterationCount, 4096...65_536),
        .seconds("session.resume", \.policy.limits.resumeTokenSeconds, 3600...2_592_000),
        .count("session.sasl_failures", \.policy.limits.saslFailureCountLimit, 1...100),
    ]

    private static let rates: [Setting] = [
        .rate("rates.nick", \.policy.limits.rates[.changeNickname]),
        .rate("rates.join", \.policy.limits.rates[.join]),
        .rate("rates.create_channel", \.policy.limits.rates[.createChannel]),
        .rate("rates.invite", \.policy.limits.rates[.invite]),
        .rate("rates.history", \.policy.limits.rates[.fetchHistory]),
        .rate("rates.thread", \.policy.limits.rates[.createThread]),
        .rate("rates.search", \.policy.limits.rates[.search]),
        .rate("rates.profile", \.policy.limits.rates[.setProfile]),
    ]

    private static let communityLimits: [Setting] = [
        .bytes("limits.topic", \.policy.limits.topicByteLimit, 50...390),
        .bytes("limits.away", \.policy.limits.awayByteLimit, 50...390),
        .bytes("limits.kick", \.policy.limits.kickByteLimit, 50...390),
        .bytes("limits.real_name", \.policy.limits.realNameByteLimit, 20...150),
        .bytes("limits.channel_key", \.policy.limits.channelKeyByteLimit, 1...32),
        .count("limits.joined_channels", \.policy.limits.joinedChannelCountLimit, 1...10_000),
        .count("limits.monitor", \.policy.limits.monitorCountLimit, 1...10_000),
        .count("limits.list_modes", \.policy.limits.listModeCountLimit, 1...10_000),
        .count("limits.targets", \.policy.limits.targetCountLimit, 1...100),
        .count("limits.mode_arguments", \.policy.limits.modeArgumentCountLimit, 1...20),
        .count("limits.remembered_tokens", \.policy.limits.rememberedTokenCountLimit, 1...100_000),
        .seconds("limits.remembered_for", \.policy.limits.rememberedTokenSecondsLimit, 60...2_592_000),
        .count("limits.whowas", \.policy.limits.whowasCountLimit, 0...100_000),
        .bytes("limits.multiline", \.policy.limits.multilineByteLimit, 512...65_536),
        .count("limits.multiline_lines", \.policy.limits.multilineLineLimit, 2...1000),
        .count("limits.history_messages", \.policy.limits.historyMessageCountLimit, 1...1000),
        .count("limits.history_targets", \.policy.limits.historyTargetCountLimit, 1...1000),
        .count("limits.threads", \.policy.limits.threadCountLimit, 1...100_000),
        .count("limits.moved_messages", \.policy.limits.movedMessageCountLimit, 1...5000),
        .count("limits.windows", \.policy.limits.windowCountLimit, 0...1000),
        .count("limits.certificates", \.policy.limits.certificateCountLimit, 1...1000),
        .countRange("limits.password", \.policy.limits.passwordByteLimits, 1...300),
    ]
}
