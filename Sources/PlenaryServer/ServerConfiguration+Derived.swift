// SPDX-License-Identifier: Apache-2.0

import PlenaryDialect
import PlenaryDomain
import PlenaryNet
import PlenaryTerms

extension ServerConfiguration {
    /// The policy with what other sections of the configuration decide.
    package var effectivePolicy: CommunityPolicy {
        var policy = self.policy
        policy.serverName = Text(serverName)
        policy.defaultLanguage = defaultLanguage
        policy.offersSearch = offersSearch
        policy.limits.rates[.createAccount] = limits.newAccountsPerDay.map {
            RateRule($0, perSeconds: 86_400)
        }
        policy.limits.rates[.failLogin] = limits.loginFailureLimit.map { RateRule($0, perSeconds: 300) }
        if limits.loginFailureLimit == nil { policy.limits.rates[.failLoginOfNetwork] = nil }
        for channel in channels {
            for alias in channel.aliases {
                policy.channelAliases[asciiFolded("#\(alias)".utf8)] = asciiFolded("#\(channel.name)".utf8)
            }
        }
        return policy
    }

    package func facts(started: Timestamp) -> ServerFacts {
        var facts = ServerFacts(
            name: Text(serverName), network: Text(networkName), version: Text("plenary-\(Server.version)"),
            started: started)
        facts.description = Text(description)
        facts.messageOfTheDay = messageOfTheDay.map { Text($0) }
        facts.adminName = Text(administrator.name)
        facts.adminOrganisation = Text(administrator.organisation)
        facts.adminEmail = Text(administrator.email)
        if stsDurationSeconds > 0, let listener = listeners.first(where: \.isTLS) {
            facts.stsPort = Text("port=\(listener.port)")
            facts.stsDuration = Text("duration=\(stsDurationSeconds)")
        }
        return facts
    }
}

extension ListenerConfiguration {
    /// The addresses to bind; `*` is all of both families.
    func addresses() throws -> [NetworkAddress] {
        let hosts = address == "*" ? ["0.0.0.0", "::"] : [address]
        return try hosts.map { host in
            do {
                return try NetworkAddress(numeric: host, port: port)
            } catch {
                throw StartError(exitCode: 78, "\(host) is not an IPv4 or IPv6 address")
            }
        }
    }
}

extension ServerConfiguration {
    /// An open server without limits that a load generator or a conformance suite on one host would meet.
    package static func unthrottled(dataDirectory: String) -> ServerConfiguration {
        var configuration = ServerConfiguration()
        configuration.serverName = "plenary.test"
        configuration.dataDirectory = dataDirectory
        configuration.policy.profile = .open
        configuration.network = .unrestrictedAdmission
        configuration.network.sendQueueByteLimit = 64 << 20
        configuration.network.softSendQueueByteLimit = 64 << 20
        configuration.limits.commandBurst = nil
        configuration.policy.limits.rates = [:]
        configuration.limits.newAccountsPerDay = nil
        configuration.limits.loginFailureLimit = nil
        configuration.policy.limits.loginDelaySecondsLimit = 0
        configuration.limits.overlongLineLimit = .max
        return configuration
    }
}
