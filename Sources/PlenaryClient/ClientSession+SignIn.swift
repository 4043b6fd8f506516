// SPDX-License-Identifier: Apache-2.0

import PlenaryCrypto
import PlenaryTerms
import PlenaryWire

/// Sign-in (IRCv3 sasl-3.1, sasl-3.2): a resume token first, then SCRAM, then PLAIN; or the certificate.
extension ClientSession {
    mutating func beginAuthentication() {
        let offer = offeredCapabilities["sasl"] ?? ""
        guard capabilities.contains("sasl") else {
            return end(.authenticationUnavailable("the server offers no sign-in on this connection"))
        }
        let offered = offer.uppercased().split(separator: ",").map(String.init)
        let wanted: [String]
        switch configuration.credentials {
        case .none: return
        case .password:
            // What is not announced is not tried, but PLAIN, which old servers do not list.
            let token = configuration.resumeToken == nil ? [] : [ClientSession.resumeMechanism]
            let scram = nonce.isEmpty ? [] : [ScramClient.mechanism]
            wanted = (token + scram).filter { offered.contains($0) } + ["PLAIN"]
        case .certificate: wanted = ["EXTERNAL"]
        }
        let possible = wanted.filter { offered.isEmpty || offered.contains($0) }
        guard !possible.isEmpty else {
            let names = wanted.joined(separator: ", ")
            return end(.authenticationUnavailable("the server offers \(offer), not \(names)"))
        }
        otherMechanisms = possible
        tryNextMechanism()
    }

    private static let resumeMechanism = "PLENARY-RESUME"

    private mutating func tryNextMechanism() {
        mechanism = otherMechanisms.removeFirst()
        scram = nil
        saslPayload = []
        switch (configuration.credentials, mechanism) {
        case (.password(let account, let password), ScramClient.mechanism):
            let client = ScramClient(account: account, password: password, nonce: nonce)
            saslPayload = [base64(client.firstMessage)]
            scram = client
        case (.password, ClientSession.resumeMechanism):
            let token = configuration.resumeToken.map { "\($0.account)\u{0}\($0.token)" } ?? ""
            saslPayload = [base64(Array(token.utf8))]
        case (.password(let account, let password), _):
            saslPayload = ClientSession.chunks(
                base64(Array("\u{0}\(account)\u{0}\(password)".utf8)),
                byteLimit: TokenLimits.authenticateChunkByteLimit)
        case (.certificate, _), (.none, _): saslPayload = ["+"]
        }
        phase = .authenticating
        write("AUTHENTICATE", [mechanism])
    }

    /// Pieces of at most this many bytes; a last piece of exactly that size is followed by `+`.
    static func chunks(_ text: String, byteLimit: Int) -> [String] {
        let bytes = Array(text.utf8)
        guard !bytes.isEmpty else { return ["+"] }
        var pieces = stride(from: 0, to: bytes.count, by: byteLimit).map {
            String(decoding: bytes[$0..<min($0 + byteLimit, bytes.count)], as: UTF8.self)
        }
        if bytes.count % byteLimit == 0 { pieces.append("+") }
        return pieces
    }

    mutating func handleAuthenticate(_ line: ServerLine) {
        guard phase == .authenticating, let word = line.parameter(0) else { return }
        if word == "+" {
            for piece in saslPayload { write("AUTHENTICATE", [piece]) }
            saslPayload = []
            return
        }
        guard scram != nil else { return }
        guard let message = PlenaryCrypto.bytes(base64: word), let answer = scram?.answer(to: message) else {
            // A server that cannot show that it knows the password's verifier is not the one we want.
            return end(.authenticationUnavailable("the server's part of SCRAM is wrong"))
        }
        let text = answer.isEmpty ? "" : base64(answer)
        for piece in ClientSession.chunks(text, byteLimit: TokenLimits.authenticateChunkByteLimit) {
            write("AUTHENTICATE", [piece])
        }
    }

    /// Numerics 900–908. True when the line was one of them.
    mutating func handleSignInNumeric(_ numeric: Int, _ line: ServerLine) -> Bool {
        switch numeric {
        case 900:
            account = line.parameter(2)
            if let mask = line.parameter(1) { noteOwnMask(mask) }
        case 901:
            account = nil
        case 903:
            guard phase == .authenticating else { return true }
            if let scram, !scram.isServerProven {
                end(.authenticationUnavailable("the server signed in without its part of SCRAM"))
                return true
            }
            didAuthenticate = true
            didResume = mechanism == ClientSession.resumeMechanism
            phase = .negotiating
            continueRegistration()
        case 902, 904...907:
            guard phase == .authenticating, let refusal = line.refusal else { return false }
            if mechanism == ClientSession.resumeMechanism { isTokenRefused = true }
            guard numeric == 904, !otherMechanisms.isEmpty else {
                end(.authenticationFailed(refusal))
                return true
            }
            tryNextMechanism()
        case 908:
            emit(.line(line))
        default:
            return false
        }
        return true
    }
}
