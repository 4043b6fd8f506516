// SPDX-License-Identifier: Apache-2.0

/// Which regional group a Member State belongs to, after the list of the Department for General Assembly and
/// Conference Management (un.org/dgacm, "Regional groups of Member States"). Two States stand where they count
/// for elections: Türkiye, which takes part in two groups, and the United States, which attends as an observer,
/// among Western European and other States.
extension RegionalGroup {
    /// The group of a State; `noGroup` for an observer State; nil for a territory, which has none of its own.
    public init?(country: CountryCode) {
        let code = country.description
        let found = RegionalGroup.members.first { $0.codes.contains(code) }?.group
        guard let found else { return nil }
        self = found
    }

    /// The codes of each group's States (ISO 3166-1 alpha-2).
    public static let members: [(group: RegionalGroup, codes: Set<String>)] = [
        (
            .african,
            codes(
                """
                AO BF BI BJ BW CD CF CG CI CM CV DJ DZ EG ER ET GA GH GM GN GQ GW KE KM LR LS LY MA MG ML MR MU MW
                MZ NA NE NG RW SC SD SL SN SO SS ST SZ TD TG TN TZ UG ZA ZM ZW
                """)
        ),
        (
            .asiaPacific,
            codes(
                """
                AE AF BD BH BN BT CN CY FJ FM ID IN IQ IR JO JP KG KH KI KP KR KW KZ LA LB LK MH MM MN MV MY NP NR
                OM PG PH PK PW QA SA SB SG SY TH TJ TL TM TO TV UZ VN VU WS YE
                """)
        ),
        (.easternEuropean, codes("AL AM AZ BA BG BY CZ EE GE HR HU LT LV MD ME MK PL RO RS RU SI SK UA")),
        (
            .latinAmericanAndCaribbean,
            codes(
                """
                AG AR BB BO BR BS BZ CL CO CR CU DM DO EC GD GT GY HN HT JM KN LC MX NI PA PE PY SR SV TT UY VC VE
                """)
        ),
        (
            .westernEuropeanAndOthers,
            codes("AD AT AU BE CA CH DE DK ES FI FR GB GR IE IL IS IT LI LU MC MT NL NO NZ PT SE SM TR US")
        ),
        (.noGroup, codes("PS VA")),
    ]

    private static func codes(_ words: String) -> Set<String> {
        Set(words.split { $0 == " " || $0 == "\n" }.map(String.init))
    }
}
