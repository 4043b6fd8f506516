// SPDX-License-Identifier: Apache-2.0

import Foundation
import PlenaryDomain
import PlenaryTerms

/// What a column of a roster says.
package enum RosterField: String, CaseIterable, Hashable, Sendable {
    case account, firstName = "first-name", lastName = "last-name", fullName = "name", affiliation
    case organisation, country, participation, languages, region
    /// Seen and left: no address is stored.
    case email
    case position

    /// Headers in English and French that mean it, folded. `Affiliation` in a registration form is the body's name.
    private var headers: [String] {
        switch self {
        case .account: ["account", "account name", "username", "nickname", "compte", "identifiant"]
        case .firstName: ["first name", "firstname", "given name", "given names", "prenom", "prenoms"]
        case .lastName: ["last name", "lastname", "surname", "family name", "nom", "nom de famille"]
        case .fullName:
            ["name", "full name", "participant", "participant name", "nom complet", "nom et prenom"]
        case .affiliation:
            [
                "category", "participant category", "type of participant", "type of organization",
                "type of organisation", "categorie", "categorie de participant", "type d'organisation",
            ]
        case .organisation:
            [
                "affiliation", "organization", "organisation", "institution", "delegation", "entity",
                "organization/delegation", "organisme", "delegation/organisation",
            ]
        case .country:
            [
                "country", "state", "country/territory", "country of representation", "nationality", "pays",
                "etat",
            ]
        case .participation:
            [
                "participation", "participation mode", "mode of participation", "attendance", "mode",
                "how will you participate?", "modalite de participation", "mode de participation", "presence",
            ]
        case .languages:
            ["language", "languages", "working languages", "langue", "langues", "langues de travail"]
        case .region: ["region", "regional group", "un regional group", "groupe regional"]
        case .email:
            ["email", "e-mail", "email address", "e-mail address", "courriel", "adresse electronique"]
        case .position: ["position", "title", "job title", "function", "fonction", "poste", "titre"]
        }
    }

    static func named(_ folded: String) -> RosterField? {
        if let known = RosterField(rawValue: folded), known != .affiliation { return known }
        return allCases.first { $0.headers.contains(folded) }
    }
}

/// Words of rosters and what they mean, in English and French.
enum RosterWords {
    /// Lower case without accents, with single spaces.
    static func folded(_ text: String) -> String {
        let plain = text.folding(
            options: [.caseInsensitive, .diacriticInsensitive, .widthInsensitive],
            locale: Locale(identifier: "en"))
        return plain.replacing("’", with: "'").split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }

    static func trimmed(_ text: String) -> String { text.trimmingCharacters(in: .whitespacesAndNewlines) }
    static func composed(_ text: String) -> String { text.precomposedStringWithCanonicalMapping }

    /// ASCII letters and digits, lower case, of a name in any script.
    static func latin(_ text: String) -> String {
        let latin = text.applyingTransform(.toLatin, reverse: false) ?? text
        return folded(latin).filter { $0.isASCII && ($0.isLetter || $0.isNumber) }
    }

    static func affiliation(_ text: String) -> Affiliation? {
        let word = folded(text)
        if let known = Affiliation(word: word) { return known }
        return affiliations.first { $0.words.contains(word) }?.affiliation
    }

    private static let affiliations: [(affiliation: Affiliation, words: [String])] = [
        (
            .permanentMission,
            ["permanent mission", "mission", "member state", "state", "mission permanente", "etat"]
        ),
        (
            .nationalMechanism,
            [
                "national mechanism", "nmirf", "nmrf", "government", "national government",
                "mecanisme national",
                "gouvernement",
            ]
        ),
        (
            .independentExpert,
            [
                "independent expert", "un independent expert", "un expert", "treaty body member",
                "special procedure mandate holder", "expert independant",
            ]
        ),
        (
            .internationalMechanism,
            ["international mechanism", "other international mechanism", "mecanisme international"]
        ),
        (
            .unitedNations,
            [
                "un", "united nations", "un secretariat", "un body", "un agency", "un secretariat/body",
                "un secretariat or body", "nations unies",
            ]
        ),
        (
            .regionalOrganisation,
            [
                "regional organization", "regional organisation", "subregional organization",
                "regional or subregional organization", "regional or subregional organisation",
                "organisation regionale",
            ]
        ),
        (
            .internationalOrganisation,
            [
                "international organization", "international organisation",
                "other international organization",
                "intergovernmental organization", "organisation internationale",
            ]
        ),
        (.nationalInstitution, ["nhri", "national human rights institution", "indh"]),
        (
            .civilSociety,
            [
                "ngo", "civil society", "civil society organization", "civil society organisation",
                "non-governmental organization", "ong", "societe civile",
            ]
        ),
        (.academia, ["academia", "academic", "academic institution", "university", "universite"]),
    ]

    static func attendance(_ text: String) -> Attendance? {
        switch folded(text) {
        case "in-person", "in person", "onsite", "on site", "on-site", "physical", "room", "en personne",
            "en presentiel", "presentiel", "sur place":
            .inPerson
        case "remote", "remotely", "online", "virtual", "virtually", "zoom", "a distance", "en ligne",
            "virtuel":
            .remote
        default: nil
        }
    }

    static func region(_ text: String) -> RegionalGroup? {
        let word = folded(text)
        if let known = RegionalGroup(word: word) { return known }
        switch word {
        case "african states", "african group", "africa", "afrique": return .african
        case "asia-pacific states", "asia-pacific group", "asia and the pacific", "asie-pacifique":
            return .asiaPacific
        case "eastern european states", "eastern europe", "eeg", "europe orientale": return .easternEuropean
        case "latin american and caribbean states", "latin america and the caribbean",
            "amerique latine et caraibes":
            return .latinAmericanAndCaribbean
        case "western european and other states", "western europe and others",
            "europe occidentale et autres etats":
            return .westernEuropeanAndOthers
        default: return nil
        }
    }

    /// A country by its code, or by its name in English or French.
    static func country(_ text: String) -> CountryCode? {
        if let code = CountryCode(text) { return code }
        return countries[countryKey(text)]
    }

    /// `St. Kitts & Nevis` and `Saint Kitts and Nevis` are one name.
    private static func countryKey(_ name: String) -> String {
        folded(name).replacing("&", with: "and").replacing("st. ", with: "saint ").replacing("-", with: " ")
            .split(separator: " ").filter { $0 != "the" && $0 != "les" }.joined(separator: " ")
    }

    private static let countries: [String: CountryCode] = {
        var names: [String: CountryCode] = [:]
        for language in ["en", "fr"] {
            let locale = Locale(identifier: language)
            for word in CountryCode.assigned {
                guard let code = CountryCode(word), let name = locale.localizedString(forRegionCode: word)
                else {
                    continue
                }
                names[countryKey(name)] = code
            }
        }
        for (name, word) in officialNames { names[countryKey(name)] = CountryCode(word) }
        return names
    }()

    /// Names as the United Nations writes them, where everyday use differs.
    private static let officialNames = [
        ("China", "CN"), ("Chine", "CN"), ("Palestine", "PS"), ("Hong Kong", "HK"), ("Macao", "MO"),
        ("Saint Vincent and the Grenadines", "VC"), ("Congo (Republic of the)", "CG"),
        ("Bolivia (Plurinational State of)", "BO"), ("Brunei Darussalam", "BN"), ("Cabo Verde", "CV"),
        ("Congo", "CG"), ("Côte d'Ivoire", "CI"), ("Czechia", "CZ"), ("Czech Republic", "CZ"),
        ("Democratic People's Republic of Korea", "KP"), ("Democratic Republic of the Congo", "CD"),
        ("Eswatini", "SZ"), ("Gambia", "GM"), ("Holy See", "VA"), ("Iran (Islamic Republic of)", "IR"),
        ("Lao People's Democratic Republic", "LA"), ("Micronesia (Federated States of)", "FM"),
        ("Netherlands (Kingdom of the)", "NL"), ("North Macedonia", "MK"), ("Republic of Korea", "KR"),
        ("Republic of Moldova", "MD"), ("Russian Federation", "RU"), ("State of Palestine", "PS"),
        ("Syrian Arab Republic", "SY"), ("Timor-Leste", "TL"), ("Türkiye", "TR"), ("Turkey", "TR"),
        ("United Kingdom of Great Britain and Northern Ireland", "GB"),
        ("United Republic of Tanzania", "TZ"), ("United States of America", "US"),
        ("Venezuela (Bolivarian Republic of)", "VE"), ("Viet Nam", "VN"), ("Myanmar", "MM"),
        ("États-Unis d'Amérique", "US"), ("Fédération de Russie", "RU"), ("République de Corée", "KR"),
        ("République démocratique du Congo", "CD"), ("République arabe syrienne", "SY"),
    ]
}
