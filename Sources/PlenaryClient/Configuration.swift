// SPDX-License-Identifier: Apache-2.0

/// How a server proves who it is. There is no way to switch the proof off.
public enum Trust: Sendable {
    /// By a certificate of an authority the system knows, for the host's name.
    case systemAuthorities
    /// By its public key: any one of these (the current and the next).
    case pinned([Pin])
    /// By the application: it is shown the identity and answers whether it is the right one. For trust on
    /// first use, ask the person, keep the pin, and use `pinned` from then on.
    case decided(@Sendable (PeerIdentity) -> Bool)
}

/// Where to connect.
public struct Endpoint: Sendable {
    /// What lies between.
    public enum Security: Sendable {
        /// TLS 1.2 or later with this proof of identity.
        case tls(Trust)
        /// No encryption; refused unless the host is this machine.
        case plainTextToLoopback
    }

    /// A host name or address.
    public var host: String
    /// The port; 6697 where nothing else is said.
    public var port: UInt16
    /// What lies between.
    public var security: Security

    /// The port of IRC over TLS (RFC 7194).
    public static let defaultPort: UInt16 = 6697

    /// An endpoint of these parts.
    public init(
        host: String, port: UInt16 = Endpoint.defaultPort, security: Security = .tls(.systemAuthorities)
    ) {
        self.host = host
        self.port = port
        self.security = security
    }

    /// Whether this names the machine itself: `localhost`, `127.0.0.0/8`, `::1`.
    public static func isLoopback(_ host: String) -> Bool {
        if host == "localhost" || host == "::1" || host == "ip6-localhost" { return true }
        let parts = host.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 4, parts.allSatisfy({ UInt8(String(decoding: $0, as: UTF8.self)) != nil }) else {
            return false
        }
        return parts[0].elementsEqual("127".utf8)
    }
}

/// How to sign in.
public enum Credentials: Sendable, Hashable {
    /// As a guest.
    case none
    /// With an account's name and password (SASL PLAIN).
    case password(account: String, password: String)
    /// With the client certificate shown in the TLS handshake (SASL EXTERNAL).
    case certificate
}

/// A certificate and its key, with which the client shows who it is.
public struct ClientIdentity: Sendable, Hashable {
    /// The certificate in PEM.
    public var certificatePEM: String
    /// The private key in PEM.
    public var privateKeyPEM: String

    /// An identity of these parts.
    public init(certificatePEM: String, privateKeyPEM: String) {
        self.certificatePEM = certificatePEM
        self.privateKeyPEM = privateKeyPEM
    }
}

/// An account to be made while connecting (IRCv3 account-registration).
public struct AccountRegistration: Sendable, Hashable {
    /// The account's name.
    public var account: String
    /// Its password; nil makes an account that signs in with this connection's client certificate only.
    public var password: String?
    /// The invite code, where the server asks for one; or the reset code.
    public var inviteCode: String?
    /// Whether the account exists and the code is one that signs in once, to set a new password.
    public var isReset = false

    /// A registration of these parts.
    public init(account: String, password: String? = nil, inviteCode: String? = nil) {
        self.account = account
        self.password = password
        self.inviteCode = inviteCode
    }
}

/// Who this session is, for the protocol.
public struct SessionConfiguration: Sendable, Hashable {
    /// The nickname asked for.
    public var nickname: String
    /// The user name (`ident`).
    public var username: String
    /// The display name, in any script.
    public var realName: String
    /// How to sign in.
    public var credentials: Credentials
    /// A token of an earlier session, tried before the password.
    public var resumeToken: ResumeToken?
    /// An account to make first.
    public var registration: AccountRegistration?
    /// Whether a taken nickname may be replaced by one with `_` behind it.
    public var acceptsOtherNickname = false
    /// Whether member lists are wanted on joining.
    public var wantsMemberLists = true
    /// Whether this is a program and should be marked as one.
    public var isBot = false
    /// Whether sessions, the floor and translations are told as facts (`ClientEvent.meeting`, `.floor`, messages that
    /// translate others); otherwise as notices, in sentences of the server's.
    public var prefersFacts = true

    /// A session of this name.
    public init(nickname: String, realName: String? = nil, credentials: Credentials = .none) {
        self.nickname = nickname
        username = "plenary"
        self.realName = realName ?? nickname
        self.credentials = credentials
    }
}

/// With this a session comes back without its password, until the token expires or is revoked.
public struct ResumeToken: Sendable, Hashable {
    /// The account it is for.
    public var account: String
    /// The secret.
    public var token: String
    /// When it becomes worthless.
    public var expires: Timestamp

    /// A token of these parts.
    public init(account: String, token: String, expires: Timestamp) {
        self.account = account
        self.token = token
        self.expires = expires
    }

    /// `account token expires`, as it is kept in a private file.
    public init?(_ text: String) {
        let words = text.split(whereSeparator: { $0 == " " || $0 == "\n" }).map(String.init)
        guard words.count == 3, let expires = Timestamp(iso8601: words[2].utf8) else { return nil }
        self.init(account: words[0], token: words[1], expires: expires)
    }

    /// The form that is read again.
    public var text: String { "\(account) \(token) \(expires.iso8601)\n" }
}

/// Where reading stopped in a conversation.
public struct HistoryPosition: Sendable, Hashable {
    /// The last message read.
    public var messageID: String?
    /// Its time.
    public var time: Timestamp

    /// A position of these parts.
    public init(messageID: String?, time: Timestamp) {
        self.messageID = messageID
        self.time = time
    }
}

/// Everything a connection needs to know.
public struct ConnectionConfiguration: Sendable {
    /// Where to connect.
    public var endpoint: Endpoint
    /// Who to be.
    public var session: SessionConfiguration
    /// The certificate to show, for `Credentials.certificate`.
    public var clientIdentity: ClientIdentity?
    /// Channels to be in, with their `#`; joined again after each reconnect.
    public var channels: [String] = []
    /// Messages of each channel fetched on the first joining.
    public var backlogCount = 0
    /// Where reading stopped, by channel; what came since is fetched.
    public var positions: [String: HistoryPosition] = [:]
    /// Whether to connect again after a loss or a failed first attempt.
    public var reconnects = true
    /// Called with a new resume token, or nil when the one in use was refused: keep it, private. Tokens are asked
    /// for only where this is set, and only by sessions that sign in with a password.
    public var keepResumeToken: (@Sendable (ResumeToken?) -> Void)?
    /// When to act.
    public var timeouts = ClientTimeouts()
    /// Called with every line, `<` for received and `>` for sent, secrets blanked.
    public var trace: (@Sendable (String) -> Void)?

    /// A connection to this place as this session.
    public init(endpoint: Endpoint, session: SessionConfiguration) {
        self.endpoint = endpoint
        self.session = session
    }
}
