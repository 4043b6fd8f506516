// SPDX-License-Identifier: Apache-2.0

/// What a server told about itself by 005 (modern.ircd.chat, "RPL_ISUPPORT").
public struct ServerFeatures: Sendable, Hashable {
    /// All tokens with their values.
    public private(set) var tokens: [String: String] = [:]
    /// Prefix letters by mode letter, highest first: `o` `@`, `v` `+`.
    public private(set) var statusModes: [(mode: Character, prefix: Character)] = [("o", "@"), ("v", "+")]

    /// What every server has.
    public init() {}

    /// Compares the tokens, from which all else follows.
    public static func == (left: ServerFeatures, right: ServerFeatures) -> Bool {
        left.tokens == right.tokens
    }
    /// Hashes the tokens.
    public func hash(into hasher: inout Hasher) { hasher.combine(tokens) }

    /// The name of the network or community.
    public var networkName: String? { tokens["NETWORK"] }
    /// The most history messages the server gives at once.
    public var historyPageLimit: Int {
        let limit = ClientLimits.historyPageLimit
        guard let stated = tokens["CHATHISTORY"].flatMap({ Int($0) }), stated > 0 else { return limit }
        return min(stated, limit)
    }
    /// Whether history can be asked for by message id.
    public var acceptsMessageIDReferences: Bool {
        guard let types = tokens["MSGREFTYPES"] else { return true }
        return types.split(separator: ",").contains("msgid")
    }

    /// The form under which names are compared (CASEMAPPING).
    public func fold(_ name: String) -> String {
        let isASCII = tokens["CASEMAPPING"] == "ascii"
        return String(
            decoding: name.utf8.map { byte in
                switch byte {
                case 65...90: byte | 0x20
                // rfc1459: {}|^ are the lower case of []\~.
                case 91...93 where !isASCII: byte + 32
                case 126 where !isASCII: 94
                default: byte
                }
            }, as: UTF8.self)
    }

    /// Whether the name is that of a channel.
    public func isChannel(_ name: String) -> Bool {
        guard let first = name.first else { return false }
        return (tokens["CHANTYPES"] ?? "#&").contains(first)
    }

    mutating func add(_ token: String) {
        if token.hasPrefix("-") {
            tokens[String(token.dropFirst())] = nil
            return
        }
        let parts = token.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard let key = parts.first, tokens.count < ClientLimits.featureLimit else { return }
        let value = parts.count > 1 ? String(parts[1]) : ""
        tokens[String(key)] = value
        if key == "PREFIX" { readPrefixes(value) }
    }

    private mutating func readPrefixes(_ value: String) {
        guard value.hasPrefix("("), let close = value.firstIndex(of: ")") else {
            if value.isEmpty { statusModes = [] }
            return
        }
        let modes = value[value.index(after: value.startIndex)..<close]
        let prefixes = value[value.index(after: close)...]
        guard modes.count == prefixes.count else { return }
        statusModes = zip(modes, prefixes).map { (mode: $0, prefix: $1) }
    }

    /// Whether this channel mode takes a parameter when it is set (`+`) or removed (CHANMODES A, B, C, and
    /// PREFIX).
    func takesParameter(mode: Character, isSetting: Bool) -> Bool {
        if statusModes.contains(where: { $0.mode == mode }) { return true }
        let groups = (tokens["CHANMODES"] ?? "b,k,l,imnpst")
            .split(separator: ",", omittingEmptySubsequences: false)
        if groups.count > 0, groups[0].contains(mode) { return true }
        if groups.count > 1, groups[1].contains(mode) { return true }
        if groups.count > 2, groups[2].contains(mode) { return isSetting }
        return false
    }
}
