// SPDX-License-Identifier: Apache-2.0

import PlenaryDomain
import PlenaryTerms
import PlenaryWire

extension Dialect {
    static func interpretModes(_ line: Line) throws(Refusal) -> [Command] {
        let target = line.parameters[0]
        guard let letters = line.parameters[parameter: 1] else { return [.modes(.show(target: target))] }
        let isChannel = target.bytes.first == 35
        var arguments = line.parameters.dropFirst(2).makeIterator()
        var isAdded = true
        var changes: [RequestedMode] = []
        for letter in letters.bytes {
            switch letter {
            case 43: isAdded = true
            case 45: isAdded = false
            // The rest of a letter that is none; what is no ASCII is unknown as `?`.
            case 0x80..<0xC0: break
            default:
                let takes = isChannel && takesArgument(letter, isAdded: isAdded)
                changes.append(
                    RequestedMode(
                        letter: letter < 0x80 ? letter : UInt8(ascii: "?"), isAdded: isAdded,
                        argument: takes ? arguments.next().flatMap { $0.isEmpty ? nil : $0 } : nil))
            }
        }
        return [.modes(.change(target: target, changes: changes))]
    }

    private static func takesArgument(_ letter: UInt8, isAdded: Bool) -> Bool {
        switch letter {
        case UInt8(ascii: "b"), UInt8(ascii: "e"), UInt8(ascii: "I"), UInt8(ascii: "k"), UInt8(ascii: "o"),
            UInt8(ascii: "v"), UInt8(ascii: "q"):
            true
        case UInt8(ascii: "l"), UInt8(ascii: "f"): isAdded
        default: false
        }
    }

    /// 324 and 329.
    func renderModes(of channel: Channel, to session: Session, in community: Community) -> [Line] {
        let name = channel.name.text
        let mayReadKey = community.isMember(session.id, of: channel)
        var letters: [UInt8] = [43]
        var arguments: [Text] = []
        for row in ChannelFlags.letters where channel.flags.contains(row.flag) { letters.append(row.letter) }
        if let seconds = channel.slowSeconds {
            letters.append(UInt8(ascii: "f"))
            arguments.append(Text(String(seconds)))
        }
        if let limit = channel.memberLimit {
            letters.append(UInt8(ascii: "l"))
            arguments.append(Text(String(limit)))
        }
        if let key = channel.key {
            letters.append(UInt8(ascii: "k"))
            arguments.append(mayReadKey ? key : "*")
        }
        return [
            numeric(.channelModeIs, session, [name, Text(letters)] + arguments),
            numeric(.creationTime, session, [name, Text(String(channel.created.seconds))]),
        ]
    }

    func renderUserModes(to session: Session, in community: Community) -> [Line] {
        var letters: [UInt8] = [43]
        if session.isBot { letters.append(UInt8(ascii: "B")) }
        if session.isInvisible { letters.append(UInt8(ascii: "i")) }
        if community.permits(.moderate, session) { letters.append(UInt8(ascii: "o")) }
        return [numeric(.userModeIs, session, [Text(letters)])]
    }

    func renderMasks(_ list: MaskList, of channel: Channel, to session: Session) -> [Line] {
        let name = channel.name.text
        let (entry, end, key): (Numeric, Numeric, ServerText) =
            switch list {
            case .bans: (.banList, .endOfBanList, .endOfBanList)
            case .exceptions: (.exceptList, .endOfExceptList, .endOfExceptList)
            case .invitations: (.inviteList, .endOfInviteList, .endOfInviteList)
            }
        return (channel.masks[list] ?? []).map {
            numeric(entry, session, [name, $0.mask, $0.setter, Text(String($0.time.seconds))])
        } + [numeric(end, session, [name], say: key)]
    }

    /// The parameters of a MODE line: letters with their signs, then the arguments.
    static func modeParameters(_ changes: [ModeChange]) -> [Text] {
        var letters: [UInt8] = []
        var sign: Bool?
        for change in changes {
            if sign != change.isAdded {
                letters.append(change.isAdded ? 43 : 45)
                sign = change.isAdded
            }
            letters.append(change.letter)
        }
        return [Text(letters)] + changes.compactMap(\.argument)
    }
}
