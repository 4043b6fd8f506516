// SPDX-License-Identifier: Apache-2.0

/// What kind of body a person belongs to (domain.md 4.5). The word is its code in files and on the wire; a
/// national human rights institution is never shown as a government's.
public enum Affiliation: UInt8, CaseIterable, Hashable, Sendable {
    case permanentMission = 1
    case nationalMechanism = 2
    case independentExpert = 3
    case internationalMechanism = 4
    case unitedNations = 5
    case regionalOrganisation = 6
    case internationalOrganisation = 7
    case nationalInstitution = 8
    case civilSociety = 9
    case academia = 10

    /// The code.
    public var word: String {
        switch self {
        case .permanentMission: "permanent-mission"
        case .nationalMechanism: "national-mechanism"
        case .independentExpert: "independent-expert"
        case .internationalMechanism: "international-mechanism"
        case .unitedNations: "un-body"
        case .regionalOrganisation: "regional-organisation"
        case .internationalOrganisation: "international-organisation"
        case .nationalInstitution: "nhri"
        case .civilSociety: "ngo"
        case .academia: "academia"
        }
    }

    /// The affiliation with a code, in any case.
    public init?(word: String) {
        let folded = asciiFolded(word.utf8)
        guard let known = Affiliation.allCases.first(where: { $0.word == folded }) else { return nil }
        self = known
    }
}

/// A regional group of Member States. For counts alone: never shown of a person (domain.md 4.5).
public enum RegionalGroup: UInt8, CaseIterable, Hashable, Sendable {
    case african = 1
    case asiaPacific = 2
    case easternEuropean = 3
    case latinAmericanAndCaribbean = 4
    case westernEuropeanAndOthers = 5
    /// A State of no group.
    case noGroup = 6

    /// The code.
    public var word: String {
        switch self {
        case .african: "african"
        case .asiaPacific: "asia-pacific"
        case .easternEuropean: "eastern-european"
        case .latinAmericanAndCaribbean: "grulac"
        case .westernEuropeanAndOthers: "weog"
        case .noGroup: "none"
        }
    }

    /// The group with a code, in any case.
    public init?(word: String) {
        let folded = asciiFolded(word.utf8)
        guard let known = RegionalGroup.allCases.first(where: { $0.word == folded }) else { return nil }
        self = known
    }
}

/// How somebody takes part in a meeting.
public enum Attendance: UInt8, CaseIterable, Hashable, Sendable {
    case inPerson = 1
    case remote = 2

    /// The code.
    public var word: String { self == .inPerson ? "in-person" : "remote" }

    /// The attendance with a code, in any case.
    public init?(word: String) {
        let folded = asciiFolded(word.utf8)
        guard let known = Attendance.allCases.first(where: { $0.word == folded }) else { return nil }
        self = known
    }
}

/// A country or territory: two letters that ISO 3166-1 assigns.
public struct CountryCode: Hashable, Sendable, CustomStringConvertible {
    /// Two capital letters.
    public let description: String

    /// Reads a code in any case; nil for one that is not assigned.
    public init?(_ text: some Sequence<UInt8>) {
        let upper = text.prefix(3).map { $0 >= 97 && $0 <= 122 ? $0 - 32 : $0 }
        let word = String(decoding: upper, as: UTF8.self)
        guard upper.count == 2, CountryCode.assigned.contains(word) else { return nil }
        description = word
    }

    /// The same for a text.
    public init?(_ text: String) { self.init(text.utf8) }

    /// All assigned codes (ISO 3166-1 alpha-2).
    public static let assigned = Set(
        """
        AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY
        BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK
        FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR
        IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK
        ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM
        PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF
        TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW
        """.split(whereSeparator: { $0 == " " || $0 == "\n" }).map(String.init))
}

/// A person's facts by their keys (IRCv3 metadata; docs/extensions/people.md).
public enum ProfileKey: String, CaseIterable, Hashable, Sendable {
    case displayName = "display-name"
    case affiliation = "plenary.chat/affiliation"
    case country = "plenary.chat/country"
    case organisation = "plenary.chat/organisation"
    case languages = "plenary.chat/languages"
    case attendance = "plenary.chat/presence"
    /// Set by those who manage accounts alone.
    case verified = "plenary.chat/verified"
}

/// Limits of a profile (docs/extensions/people.md, "Limits"). Beyond each the change is refused, never cut.
public enum ProfileLimits {
    /// Bytes of an organisation's name.
    public static let organisationByteLimit = 120
    /// Bytes of a display name; the community's limit of real names may be lower.
    public static let displayNameByteLimit = 150
    /// Languages of one person.
    public static let languageCountLimit = 8
    /// Keys that one session is told changes of.
    public static let subscriptionCountLimit = 20
    /// Bytes of the name that a message is said on behalf of.
    public static let onBehalfByteLimit = 100
}

/// A name that one person gives and others read: of a person, an organisation, a group of States.
public enum GivenName {
    /// Whether UTF-8 bytes are such a name: something to read, without controls, line ends, signs that change the
    /// writing direction or are not seen (Unicode, Default_Ignorable_Code_Point), and without the marks by which
    /// verified people are known.
    public static func isValid(_ bytes: some Collection<UInt8>, byteLimit: Int) -> Bool {
        guard !bytes.isEmpty, bytes.count <= byteLimit else { return false }
        let text = String(decoding: bytes, as: UTF8.self)
        var isSeen = false
        for scalar in text.unicodeScalars {
            let properties = scalar.properties
            if properties.isDefaultIgnorableCodePoint || properties.isBidiControl { return false }
            switch properties.generalCategory {
            case .control, .lineSeparator, .paragraphSeparator, .format, .surrogate, .privateUse, .unassigned:
                return false
            case .spaceSeparator: break
            default: isSeen = true
            }
            if verificationMarks.contains(scalar.value) { return false }
        }
        return isSeen && bytes.first != 32 && Array(bytes).last != 32
    }

    /// Check marks of any kind.
    private static let verificationMarks: Set<UInt32> = [
        0x221A, 0x2611, 0x2705, 0x2713, 0x2714, 0x1F5F8, 0x1F5F9,
    ]
}
