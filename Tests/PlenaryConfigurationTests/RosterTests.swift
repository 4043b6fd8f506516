// SPDX-License-Identifier: Apache-2.0

import PlenaryConfiguration
import PlenaryTerms
import Testing

/// Claims about tables in text files (RFC 4180).
@Suite struct SeparatedValuesTests {
    private static func rows(_ text: String) throws -> [[String]] {
        try SeparatedValues(Array(text.utf8)).records.map(\.fields)
    }

    @Test(arguments: [
        "a,b\r\nc,d\r\n", "a,b\nc,d", "\u{FEFF}a,b\r\nc,d\r\n", "a;b\r\nc;d\r\n", "a\tb\nc\td\n",
        "\"a\",\"b\"\r\nc,\"d\"", "a,b\n\n , \nc,d\n\n",
    ])
    func oneTableIsReadInManyForms(text: String) throws {
        #expect(try SeparatedValuesTests.rows(text) == [["a", "b"], ["c", "d"]])
    }

    @Test func quotesHoldSeparatorsBreaksAndQuotes() throws {
        let table = try SeparatedValues(Array("a;b\r\n\"x;\"\"y\"\"\r\nz\";\r\n\"\";1,2".utf8))
        #expect(table.records.map(\.fields) == [["a", "b"], ["x;\"y\"\r\nz", ""], ["", "1,2"]])
        #expect(table.records.map(\.line) == [1, 2, 4])
    }

    @Test(arguments: [
        ("a,b\nc\"d,e", 2, "a quote stands inside a field; put the whole field in quotes"),
        ("a,b\n\"c\"d,e", 2, "text behind a closing quote"),
        ("a\nb\n\"c\nd\n", 3, "a quote that opens here is never closed"),
        ("a\rb\n", 1, "a CR that ends no line"),
    ])
    func aMistakeIsNamedWithItsLine(text: String, line: Int, message: String) {
        #expect(throws: SeparatedValues.Mistake(line: line, text: message)) {
            try SeparatedValues(Array(text.utf8))
        }
    }

    @Test func bytesThatAreNoTextAreNamedWithTheirLine() {
        #expect(throws: SeparatedValues.Mistake(line: 2, text: "not UTF-8; save the file as UTF-8")) {
            try SeparatedValues(Array("a\nb".utf8) + [0xE9, 10])
        }
    }

    @Test(arguments: [-1, 0, 1]) func aFieldHasALimit(over: Int) {
        let text = "a\n" + String(repeating: "x", count: SeparatedValues.fieldByteLimit + over)
        let isRead = (try? SeparatedValues(Array(text.utf8))) != nil
        #expect(isRead == (over <= 0))
    }
}

/// Claims about rosters of participants.
@Suite struct RosterTests {
    private static func roster(_ text: String, map: [String: RosterField] = [:]) throws -> Roster {
        try Roster(Array(text.utf8), map: map)
    }

    @Test func anExportIsReadByItsHeaders() throws {
        let roster = try RosterTests.roster(
            """
            ID,First Name,Last Name,Email Address,Affiliation,Category,Country,Position,Participation,Languages
            1,Amina,Bello,a@example.org,"Ministry of Justice",National mechanism,Kenya,Head,In person,"fr, en"
            2,José,Díaz,j@example.org,"KNCHR, Nairobi",NHRI,Côte d’Ivoire,,online,
            3,Мария,Иванова,m@example.org,,NGO,Russian Federation,,,
            """)
        #expect(roster.ignoredColumns == ["ID"])
        let entries = roster.rows.compactMap(\.entry)
        #expect(entries.map(\.account) == ["amina.b", "jose.d", "maria.i"])
        #expect(
            entries.map { $0.profile.displayName.string } == ["Amina Bello", "José Díaz", "Мария Иванова"])
        #expect(
            entries.map(\.profile.affiliation) == [.nationalMechanism, .nationalInstitution, .civilSociety])
        #expect(entries.map { $0.profile.country?.description } == ["KE", "CI", "RU"])
        #expect(entries[1].profile.organisation == "KNCHR, Nairobi")
        #expect(entries.map(\.profile.attendance) == [.inPerson, .remote, nil])
        #expect(entries[0].profile.languages.map(\.description) == ["fr", "en"])
        #expect(entries.allSatisfy { !$0.mayUpdate && $0.invite == nil })
        #expect(!"\(roster)".contains("example.org"), "an address is nowhere")
    }

    /// Names of States as the United Nations writes them.
    @Test(arguments: [
        ("China", "CN"), ("Bosnia and Herzegovina", "BA"), ("Trinidad and Tobago", "TT"),
        ("Saint Lucia", "LC"),
        ("Saint Kitts and Nevis", "KN"), ("Sao Tome and Principe", "ST"), ("Myanmar", "MM"),
        ("Bahamas", "BS"),
        ("Saint Vincent and the Grenadines", "VC"), ("Guinea-Bissau", "GW"), ("Türkiye", "TR"),
        ("Iran (Islamic Republic of)", "IR"), ("Republic of Korea", "KR"),
        ("Democratic Republic of the Congo", "CD"),
        ("Congo", "CG"), ("Marshall Islands", "MH"), ("Netherlands (Kingdom of the)", "NL"),
        ("Philippines", "PH"),
        ("Chine", "CN"), ("Suisse", "CH"), ("Burkina Faso", "BF"), ("State of Palestine", "PS"),
        ("Antigua and Barbuda", "AG"), ("Papua New Guinea", "PG"), ("Viet Nam", "VN"), ("ke", "KE"),
    ])
    func aCountryIsKnownByItsName(name: String, code: String) throws {
        let roster = try RosterTests.roster("Name,Country\nAnn,\(name)\n")
        #expect(roster.rows.first?.entry?.profile.country?.description == code)
    }

    @Test func frenchHeadersAndWordsAreKnown() throws {
        let roster = try RosterTests.roster(
            "Prénom;Nom;Catégorie;Pays;Mode de participation\nAwa;Diop;Société civile;Sénégal;À distance\n")
        let profile = try #require(roster.rows.first?.entry?.profile)
        #expect(profile.affiliation == .civilSociety)
        #expect(profile.country?.description == "SN")
        #expect(profile.attendance == .remote)
    }

    @Test func everyLineIsToldByItself() throws {
        let roster = try RosterTests.roster(
            "Name,Country,Category,Account\nAnn A,Atlantis,,\nBo B,KE,king,\nCy C,KE,,9\nDi D,KE,,di\n"
                + "Ed D,KE,,DI\n,,,\nFi F,KE,,,x\n"
        )
        #expect(roster.rows.map(\.line) == [2, 3, 4, 5, 6, 8])
        #expect(
            roster.rows.map { $0.problem ?? "" } == [
                "\"Atlantis\" is no country: its name in English or French, or its code",
                "\"king\" is none of the ten categories",
                "\"9\" is no account name: ASCII letters, digits and -._", "",
                "the account DI stands in line 5 already", "5 fields under 4 columns",
            ])
        #expect(roster.rows[3].entry?.mayUpdate == true)
    }

    @Test func namesInOneFileDiffer() throws {
        let roster = try RosterTests.roster(
            "First Name,Last Name\nAnn,Bo\nAnn,Bo\nAnn,Bell\nAnn,Bo\nAnn,\n")
        #expect(
            roster.rows.compactMap(\.entry?.account) == ["ann.b", "ann.bo", "ann.be", "ann.bo2", "ann"])
    }

    @Test func columnsCanBeNamed() throws {
        let roster = try RosterTests.roster(
            "Who,Nation\nAnn,KE\n", map: ["who": .fullName, "Nation": .country])
        #expect(roster.rows.first?.entry?.profile.country?.description == "KE")
        #expect(throws: Roster.Mistake(line: 1, text: "there is no column \"Nation\"")) {
            try RosterTests.roster("Name\nAnn\n", map: ["Nation": .country])
        }
        #expect(throws: Roster.Mistake.self) { try RosterTests.roster("Email\na@example.org\n") }
        #expect(throws: Roster.Mistake(line: 1, text: "two columns are country; say which with --map")) {
            try RosterTests.roster("Name,Country,Pays\nAnn,KE,KE\n")
        }
    }
}
