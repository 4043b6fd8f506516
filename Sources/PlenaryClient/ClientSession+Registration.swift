// SPDX-License-Identifier: Apache-2.0

import PlenaryCrypto
import PlenaryWire

/// From the first line to the welcome: capabilities, sign-in, account registration, nickname.
extension ClientSession {
    /// Capabilities asked for where they are offered.
    func wantedCapabilities() -> [String] {
        var wanted = [
            "message-tags", "server-time", "account-tag", "batch", "labeled-response", "echo-message",
            "standard-replies", "account-notify", "extended-join", "multi-prefix", "away-notify",
            "invite-notify", "chghost", "setname", "cap-notify", "draft/chathistory", "draft/multiline",
            "draft/message-redaction", "draft/read-marker", "draft/search", Vendor.name + "/idempotency",
            Vendor.name + "/threads", Vendor.name + "/moderation", "draft/relaymsg",
        ]
        if configuration.prefersFacts {
            wanted += ["/sessions", "/floor", "/language"].map { Vendor.name + $0 }
        }
        if !configuration.wantsMemberLists { wanted += ["no-implicit-names", "draft/no-implicit-names"] }
        if configuration.credentials != .none { wanted += ["sasl", Vendor.name + "/resume"] }
        if configuration.registration != nil { wanted.append("draft/account-registration") }
        return wanted
    }

    mutating func handleCapability(_ line: ServerLine) {
        let subcommand = line.parameter(1)?.uppercased() ?? ""
        let isContinued = line.parameters.count > 3 && line.parameter(2) == "*"
        let names = (line.parameters.last ?? "").split(separator: " ").map(String.init)
        switch subcommand {
        case "LS", "NEW":
            for name in names {
                let parts = name.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                guard let key = parts.first, offeredCapabilities.count < ClientLimits.capabilityLimit else {
                    continue
                }
                offeredCapabilities[String(key)] = parts.count > 1 ? String(parts[1]) : ""
            }
            if subcommand == "LS" {
                guard !isContinued, !isCapabilityListComplete else { return }
                isCapabilityListComplete = true
                requestCapabilities()
                continueRegistration()
            } else if phase == .ready {
                requestCapabilities()
            }
        case "ACK":
            for name in names {
                if name.hasPrefix("-") {
                    capabilities.remove(String(name.dropFirst()))
                } else {
                    capabilities.insert(name)
                }
            }
            capabilityRequestAnswered()
        case "NAK":
            // One name the server will not have spoils the whole request: ask again, one by one.
            if names.count > 1 {
                for name in names { requestCapabilities([name]) }
            }
            capabilityRequestAnswered()
        case "DEL":
            for name in names {
                capabilities.remove(name)
                offeredCapabilities[name] = nil
            }
        default:
            emit(.line(line))
        }
    }

    private mutating func requestCapabilities() {
        let wanted = wantedCapabilities().filter {
            offeredCapabilities[$0] != nil && !capabilities.contains($0)
        }
        // Each request line stays far below 512 bytes.
        var group: [String] = []
        for name in wanted {
            if group.reduce(name.utf8.count, { $0 + $1.utf8.count + 1 }) > 400 {
                requestCapabilities(group)
                group = []
            }
            group.append(name)
        }
        requestCapabilities(group)
    }

    private mutating func requestCapabilities(_ names: [String]) {
        guard !names.isEmpty else { return }
        openCapabilityRequestCount += 1
        write("CAP", ["REQ", names.joined(separator: " ")], trailing: true)
    }

    private mutating func capabilityRequestAnswered() {
        if openCapabilityRequestCount > 0 { openCapabilityRequestCount -= 1 }
        continueRegistration()
    }

    /// Takes the next step of registration, if nothing is being waited for.
    mutating func continueRegistration() {
        guard phase == .negotiating, isCapabilityListComplete, openCapabilityRequestCount == 0 else { return }
        if let registration = configuration.registration, registration.isReset, !didRegisterAccount {
            phase = .registeringAccount
            write("VERIFY", [registration.account, registration.inviteCode ?? "*"])
            return
        }
        if let registration = configuration.registration, !didRegisterAccount {
            guard capabilities.contains("draft/account-registration") else {
                return end(.unsupported("this server does not let people make accounts"))
            }
            let value = offeredCapabilities["draft/account-registration"] ?? ""
            if value.split(separator: ",").contains("before-connect") {
                phase = .registeringAccount
                write("REGISTER", [registration.account, "*", registration.password ?? "*"])
                return
            }
        } else if configuration.credentials != .none, !didAuthenticate {
            beginAuthentication()
            return
        }
        endNegotiation()
    }

    private mutating func endNegotiation() {
        guard !didEndNegotiation else { return }
        didEndNegotiation = true
        phase = .registering
        write("CAP", ["END"])
    }

    // MARK: Making an account (IRCv3 account-registration)

    /// `REGISTER` and `VERIFY` as replies, and `FAIL` to either. True when the line belonged here.
    mutating func handleAccountRegistration(_ line: ServerLine) -> Bool {
        guard phase == .registeringAccount, let registration = configuration.registration else {
            return false
        }
        switch (line.verb, line.parameter(0)) {
        case ("REGISTER", "VERIFICATION_REQUIRED"):
            guard let code = registration.inviteCode else {
                end(
                    .authenticationFailed(
                        Refusal(
                            command: "REGISTER", code: "VERIFICATION_REQUIRED",
                            text: line.parameters.last ?? "The server asks for an invite code.")))
                return true
            }
            write("VERIFY", [line.parameter(1) ?? registration.account, code])
        case ("REGISTER", "SUCCESS"), ("VERIFY", "SUCCESS"):
            didRegisterAccount = true
            // The account's connection is signed in by now (900); no SASL follows.
            didAuthenticate = true
            account = line.parameter(1) ?? registration.account
            phase = didEndNegotiation ? .registering : .negotiating
            if didEndNegotiation { becomeReady() } else { continueRegistration() }
        case ("FAIL", _):
            if let refusal = line.refusal { end(.authenticationFailed(refusal)) }
        default:
            return false
        }
        return true
    }

    // MARK: Nickname and welcome

    mutating func handleNicknameRefusal(_ line: ServerLine) -> Bool {
        guard phase != .ready, phase != .closed, let refusal = line.refusal else { return false }
        nicknameTryCount += 1
        let canTryAnother = configuration.acceptsOtherNickname && line.verb == "433"
        guard canTryAnother, nicknameTryCount < ClientLimits.nicknameTryLimit else {
            end(.nicknameRefused(refusal))
            return true
        }
        nickname = configuration.nickname + String(repeating: "_", count: nicknameTryCount)
        write("NICK", [nickname])
        return true
    }

    mutating func handleWelcome(_ line: ServerLine) {
        if configuration.credentials != .none, !didAuthenticate, configuration.registration == nil {
            return end(.authenticationUnavailable("the server let this session in without sign-in"))
        }
        serverName = line.source ?? ""
        if let name = line.parameter(0) { nickname = name }
        if let mask = line.parameters.last?.split(separator: " ").last, mask.contains("!") {
            noteOwnMask(String(mask))
        }
        if phase != .ready { phase = .registering }
    }

    mutating func handleEndOfWelcome() {
        guard phase == .registering || phase == .negotiating else { return }
        if let registration = configuration.registration, !didRegisterAccount {
            phase = .registeringAccount
            didEndNegotiation = true
            write("REGISTER", [registration.account, "*", registration.password ?? "*"])
            return
        }
        becomeReady()
    }

    mutating func becomeReady() {
        phase = .ready
        emit(
            .welcomed(
                Welcome(
                    nickname: nickname, account: account, serverName: serverName,
                    networkName: features.networkName, capabilities: capabilities)))
    }

    /// Keeps `!user@host` of this session, by which the room in a line is reckoned.
    mutating func noteOwnMask(_ source: String) {
        guard let mark = source.firstIndex(of: "!"), isOwnNickname(String(source[..<mark])) else { return }
        ownMask = String(source[mark...])
    }
}
