// SPDX-License-Identifier: Apache-2.0

import PlenaryDomain
import PlenaryTerms
import PlenaryWire

extension Dialect {
    static func interpretAccounts(_ line: Line) throws(Refusal) -> [Command] {
        let parameters = line.parameters
        switch line.verb {
        case "AUTHENTICATE": return [.accounts(.authenticate(parameters[0]))]
        case "REGISTER":
            return [
                .accounts(.register(account: parameters[0], email: parameters[1], password: parameters[2]))
            ]
        case "OPER":
            return [.accounts(.operate(account: parameters[0], password: parameters[1]))]
        case "KILL": return [.accounts(.kill(nick: parameters[0], reason: parameters[1]))]
        case "VERIFY": return [.accounts(.verify(account: parameters[0], code: parameters[1]))]
        case "DEVICES": return [.accounts(try interpretDevices(parameters))]
        default: return [.accounts(.credentials(try interpretCredentials(line)))]
        }
    }

    private static func interpretDevices(_ parameters: [Text]) throws(Refusal) -> AccountCommand {
        switch parameters.first?.string.uppercased() {
        case nil, "LIST": return .devices
        case "ADD": return .deviceAdd(label: parameters[parameter: 1] ?? "device")
        case "REMOVE":
            guard let fingerprint = parameters[parameter: 1].flatMap({ bytes(hex: $0.bytes) }) else {
                throw .devices(code: .invalidParameters, context: "REMOVE")
            }
            return .deviceRemove(fingerprint: fingerprint)
        default: throw .devices(code: .invalidParameters, context: word(parameters[0]))
        }
    }

    /// 64 hexadecimal digits, colons between them allowed.
    private static func bytes(hex: [UInt8]) -> [UInt8]? {
        let digits = hex.compactMap { byte -> UInt8? in
            switch byte {
            case 48...57: byte - 48
            case 97...102: byte - 87
            case 65...70: byte - 55
            default: nil
            }
        }
        guard digits.count == 64, hex.allSatisfy({ $0 == 58 || $0 < 128 }) else { return nil }
        return stride(from: 0, to: 64, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
    }

    static func hex(_ bytes: [UInt8]) -> Text {
        let digits = Array("0123456789abcdef".utf8)
        return Text(bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
    }

    func renderLoggedIn(to session: Session) -> [Line] {
        let account = session.accountName ?? "*"
        let source =
            session.isRegistered
            ? session.source
            : Text("\(session.replyName)!\((session.userName ?? "*").string)@") + session.host
        return [numeric(.loggedIn, session, [source, account], say: .loggedIn, [.account: account])]
    }

    func renderRegistration(_ verb: Text, account: Text, to session: Session) -> [Line] {
        [
            Line(
                source: facts.name, verb: verb.string,
                [
                    "SUCCESS", account,
                    text(
                        verb == "VERIFY" ? .verified : .registered, in: session.language, [.account: account]),
                ], hasTrailing: true)
        ]
    }

    func renderVerificationRequired(_ account: Text, to session: Session) -> [Line] {
        [
            Line(
                source: facts.name, verb: "REGISTER",
                [
                    "VERIFICATION_REQUIRED", account,
                    text(.inviteNeeded, in: session.language, [.account: account]),
                ],
                hasTrailing: true)
        ]
    }

    func renderDevices(to session: Session, in community: Community) -> [Line] {
        let certificates = session.account.flatMap { community.accounts[$0]?.certificates } ?? []
        return certificates.map { note("DEVICE", Dialect.hex($0.fingerprint), $0.label) } + [
            note("END", Text(String(certificates.count)), "")
        ]
    }

    /// `NOTE DEVICES <code> <context> :text` (IRCv3 standard-replies).
    func note(_ code: Text, _ context: Text, _ text: Text) -> Line {
        Line(source: facts.name, verb: "NOTE", ["DEVICES", code, context, text], hasTrailing: true)
    }
}
